//! Translates the help of the verbs, after clap has built it from the doc comments.
//!
//! `help.tsv` has a row for each text: English as in the source, a tab, Portuguese. `\n` stands for
//! a line break. Equal texts of several verbs share a row.
//!
//! Invariants:
//!
//! * A text without a row stays in English, and the tests name it; a row without a text, too.
//! * Names of verbs, options and values are the same in every language.

use std::collections::HashMap;

use clap::builder::StyledStr;
use clap::{Arg, Command};
use prumo_drift::Language;

const TABLE: &str = include_str!("help.tsv");

/// The page of a verb, with the headings that clap has no setting for.
const TEMPLATE: &str = "{before-help}{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}";

/// Returns the command with its help in a language.
pub(crate) fn translated(mut command: Command, language: Language) -> Command {
    if language == Language::English {
        return command;
    }
    // Adds `--help`, `--version` and `help`, which are translated, too.
    command.build();
    of_command(command, &rows())
}

fn rows() -> HashMap<String, String> {
    let row = |line: &str| {
        let (en, pt) = line.split_once('\t')?;
        Some((en.replace("\\n", "\n"), pt.replace("\\n", "\n")))
    };
    TABLE.lines().filter_map(row).collect()
}

fn of_command(command: Command, rows: &HashMap<String, String>) -> Command {
    let found = |text: Option<&StyledStr>| text.and_then(|text| rows.get(&text.to_string()));
    let about = found(command.get_about()).cloned();
    let long = found(command.get_long_about()).cloned();
    let after = found(command.get_after_help()).cloned();
    let mut command = command.help_template(TEMPLATE).subcommand_help_heading("Verbos");
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long) = long {
        command = command.long_about(long);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    let command = command.mut_args(|arg| of_argument(arg, rows));
    command.mut_subcommands(|verb| of_command(verb, rows))
}

fn of_argument(argument: Arg, rows: &HashMap<String, String>) -> Arg {
    let heading = if argument.is_positional() { "Argumentos" } else { "Opções" };
    let found = |text: Option<&StyledStr>| text.and_then(|text| rows.get(&text.to_string()));
    let help = found(argument.get_help()).cloned();
    let long = found(argument.get_long_help()).cloned();
    let mut argument = argument.help_heading(heading);
    if let Some(help) = help {
        argument = argument.help(help);
    }
    if let Some(long) = long {
        argument = argument.long_help(long);
    }
    argument
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;

    /// Collects every text that a person reads in the help, except of hidden verbs.
    fn collect(command: &Command, texts: &mut BTreeSet<String>) {
        let own = [command.get_about(), command.get_long_about(), command.get_after_help()];
        texts.extend(own.into_iter().flatten().map(ToString::to_string));
        for argument in command.get_arguments() {
            let own = [argument.get_help(), argument.get_long_help()];
            texts.extend(own.into_iter().flatten().map(ToString::to_string));
        }
        for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
            collect(verb, texts);
        }
    }

    fn texts() -> BTreeSet<String> {
        let mut command = crate::Cli::command();
        command.build();
        let mut texts = BTreeSet::new();
        collect(&command, &mut texts);
        texts
    }

    #[test]
    fn every_text_has_a_row_and_every_row_a_text() {
        let (texts, rows) = (texts(), rows());
        let missing: Vec<&String> = texts.iter().filter(|text| !rows.contains_key(*text)).collect();
        assert!(missing.is_empty(), "not in `help.tsv`: {missing:#?}");
        let stale: Vec<&String> = rows.keys().filter(|text| !texts.contains(*text)).collect();
        assert!(stale.is_empty(), "in `help.tsv`, but in no help: {stale:#?}");
    }

    #[test]
    fn a_translation_keeps_what_stands_in_backticks() {
        for (en, pt) in rows() {
            let codes = |text: &str| {
                let codes = text.split('`').skip(1).step_by(2).map(str::to_owned);
                codes.collect::<BTreeSet<String>>()
            };
            assert_eq!(codes(&en), codes(&pt), "{en}");
            assert!(!pt.is_empty() && pt != en, "{en}");
        }
    }

    #[test]
    fn help_is_in_portuguese_and_parses_the_same() {
        let mut command = translated(crate::Cli::command(), Language::Portuguese);
        let help = command.render_help().to_string();
        for line in ["Uso: prumo", "Verbos:", "Opções:", "  judge  ", "  Julga trocas gravadas"] {
            assert!(help.contains(line.trim_start()), "`{line}`:\n{help}");
        }
        let words = ["prumo", "judge", "--format", "json", "inbox"];
        let parsed = command.try_get_matches_from_mut(words);
        assert!(parsed.is_ok(), "{:?}", parsed.err());
    }
}
