//! Decides the language in which the program speaks to a person: `--lang`, else the locale.
//!
//! Invariants:
//!
//! * Exit codes, JSON and every other format for machines are the same in all languages.
//! * Only `main` sets the language, so that tests and other programs of this crate read English.

pub(crate) mod help;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::sync::OnceLock;

use prumo_drift::{Language, Report};

/// The variables that name the locale of messages, in the order in which they count.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The option that names the language.
const OPTION: &str = "--lang";

static CURRENT: OnceLock<Language> = OnceLock::new();

/// A language behind `--lang`. Its values have no help of their own, which would make the help of
/// every verb long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    En,
    Pt,
}

/// Returns the language in which the program speaks.
pub(crate) fn current() -> Language {
    CURRENT.get().copied().unwrap_or_default()
}

/// Sets the language for the whole process; only the first call counts.
pub(crate) fn set(language: Language) {
    CURRENT.get_or_init(|| language);
}

/// Returns the report as the reader of the screen and of Markdown wants it.
pub(crate) fn for_reader(report: &Report) -> Cow<'_, Report> {
    match current() {
        Language::English => Cow::Borrowed(report),
        language => Cow::Owned(Report { language, ..report.clone() }),
    }
}

/// Returns the language that the arguments ask for, or else that of the locale.
///
/// The arguments are read before clap reads them, because clap's own help is in that language.
pub(crate) fn asked<'a>(
    arguments: impl Iterator<Item = &'a OsStr>,
    variable: impl Fn(&str) -> Option<String>,
) -> Language {
    let mut is_next = false;
    for argument in arguments.map(OsStr::to_string_lossy).take_while(|one| one != "--") {
        if is_next {
            return Language::of_locale(&argument);
        }
        if let Some(named) = argument.strip_prefix(OPTION).and_then(|rest| rest.strip_prefix('=')) {
            return Language::of_locale(named);
        }
        is_next = argument == OPTION;
    }
    let mut locales = VARIABLES.iter().filter_map(|name| variable(name));
    let locale = locales.find(|locale| !locale.is_empty()).unwrap_or_default();
    Language::of_locale(&locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str], variables: &[(&str, &str)]) -> Language {
        let variable = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        asked(arguments.iter().map(OsStr::new), variable)
    }

    #[test]
    fn the_option_comes_before_the_locale() {
        let pt = [("LANG", "pt_BR.UTF-8")];
        let en = [("LC_ALL", "C"), ("LANG", "pt_BR.UTF-8")];
        use Language::{English, Portuguese};
        type Row<'r> = (&'r [&'r str], &'r [(&'r str, &'r str)], Language);
        let rows: [Row<'_>; 9] = [
            (&["judge"], &[], English),
            (&["judge"], &pt, Portuguese),
            (&["judge"], &en, English),
            (&["judge"], &[("LC_ALL", ""), ("LC_MESSAGES", "pt_BR")], Portuguese),
            (&["--lang", "en", "judge"], &pt, English),
            (&["judge", "--lang=pt"], &[], Portuguese),
            (&["judge", "--lang", "pt"], &en, Portuguese),
            (&["judge", "--lang"], &pt, Portuguese),
            (&["call", "--", "--lang", "pt"], &[], English),
        ];
        for (arguments, variables, expected) in rows {
            assert_eq!(of(arguments, variables), expected, "{arguments:?} {variables:?}");
        }
    }
}
