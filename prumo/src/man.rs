//! `prumo man`: turns the verbs' help into manual pages, one for the program and one per verb.
//!
//! Invariants:
//!
//! * A page is made from the same texts as `--help`, in the reader's language.
//! * A hidden verb has no page.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use prumo_drift::{Language, Text};

use crate::{language, screen, write};

/// Prints the manual page, or writes a page for each verb.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder for `prumo.1`, `prumo-judge.1` and so on; without it, `prumo.1` is printed.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// A manual page.
struct Page {
    /// The name of its file, such as `prumo-judge.1`.
    file: String,
    text: String,
}

/// The headings that clap_mangen has no setting for.
const HEADINGS: [Text; 5] = [
    Text { en: "NAME", pt: "NOME" },
    Text { en: "SYNOPSIS", pt: "SINOPSE" },
    Text { en: "DESCRIPTION", pt: "DESCRIÇÃO" },
    Text { en: "EXTRA", pt: "MAIS" },
    Text { en: "VERSION", pt: "VERSÃO" },
];

const EXIT_STATUS: Text = Text { en: "EXIT STATUS", pt: "CÓDIGO DE SAÍDA" };

/// The exit codes, and what each says.
const CODES: [(&str, Text); 3] = [
    ("0", Text { en: "All is fine.", pt: "Está tudo certo." }),
    (
        "1",
        Text {
            en: "Something could not be judged; the error names it.",
            pt: "Algo não pôde ser julgado; o erro diz o quê.",
        },
    ),
    ("4", Text { en: "Something is stale or drifts.", pt: "Algo está desatualizado ou diverge." }),
];

/// Prints or writes the pages of `program`, which has the verbs and options.
pub(crate) fn run(program: clap::Command, args: &Args) -> anyhow::Result<ExitCode> {
    let pages = pages(program, language::current())?;
    match &args.out {
        Some(folder) => {
            let files: Vec<_> =
                pages.into_iter().map(|page| (folder.join(page.file), page.text)).collect();
            write::all(&files, &[])?;
        }
        None => screen::print(pages.first().map_or("", |page| &page.text))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns all pages; the first one is the program's own.
fn pages(program: clap::Command, language: Language) -> anyhow::Result<Vec<Page>> {
    // The verb `help` would get a page for each verb again.
    let program = program.disable_help_subcommand(true);
    let mut program = language::help::translated(program, language);
    program.build();
    let mut pages = Vec::new();
    collect(&program, language, &mut pages)?;
    let codes = exit_status(language).context("failed to write the exit codes")?;
    if let Some(first) = pages.first_mut() {
        first.text.push_str(&codes);
    }
    Ok(pages)
}

fn collect(
    command: &clap::Command,
    language: Language,
    pages: &mut Vec<Page>,
) -> anyhow::Result<()> {
    let page = Man::new(command.clone()).source(concat!("prumo ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text).context("failed to write a page")?;
    let text = String::from_utf8(text).context("a page is no text")?;
    pages.push(Page { file: page.get_filename(), text: with_headings(&text, language) });
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    verbs.into_iter().try_for_each(|verb| collect(verb, language, pages))
}

/// Translates the headings of a page.
fn with_headings(page: &str, language: Language) -> String {
    let heading = |line: &str| {
        let name = line.strip_prefix(".SH ")?;
        let known = HEADINGS.iter().find(|known| known.en == name)?;
        Some(format!(".SH {}\n", known.of(language)))
    };
    page.lines().map(|line| heading(line).unwrap_or_else(|| format!("{line}\n"))).collect()
}

/// Writes the section about the exit codes.
fn exit_status(language: Language) -> anyhow::Result<String> {
    let mut roff = Roff::new();
    roff.control("SH", [EXIT_STATUS.of(language)]);
    for (code, text) in CODES {
        roff.control("TP", []).text([bold(code)]).text([roman(text.of(language))]);
    }
    let mut text = Vec::new();
    roff.to_writer(&mut text)?;
    Ok(String::from_utf8(text)?)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn of(language: Language) -> Vec<Page> {
        pages(crate::Cli::command(), language).expect("pages")
    }

    #[test]
    fn every_shown_verb_has_a_page_in_both_languages() {
        let program = crate::Cli::command();
        let verbs = program.get_subcommands().filter(|verb| !verb.is_hide_set());
        let expected: Vec<String> =
            verbs.map(|verb| format!("prumo-{}.1", verb.get_name())).collect();
        for language in [Language::English, Language::Portuguese] {
            let files: Vec<String> = of(language).into_iter().map(|page| page.file).collect();
            assert_eq!(files.first().map(String::as_str), Some("prumo.1"));
            let missing: Vec<_> = expected.iter().filter(|one| !files.contains(one)).collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
            assert!(files.contains(&"prumo-docs-check.1".to_owned()), "{files:?}");
            let surplus = ["prumo-complete.1", "prumo-contract.1", "prumo-help.1"];
            assert!(!surplus.iter().any(|one| files.iter().any(|file| file == one)), "{files:?}");
        }
    }

    #[test]
    fn a_page_speaks_one_language() {
        for (language, words) in [
            (Language::English, [".SH NAME", ".SH OPTIONS", "Judges recorded exchanges"]),
            (Language::Portuguese, [".SH NOME", ".SH OPÇÕES", "Julga"]),
        ] {
            let pages = of(language);
            let judge = pages.iter().find(|page| page.file == "prumo-judge.1").expect("a page");
            for word in words {
                assert!(judge.text.contains(word), "{language:?} has no `{word}`: {}", judge.text);
            }
            let surplus = HEADINGS.iter().filter(|one| {
                language != Language::English && judge.text.contains(&format!(".SH {}\n", one.en))
            });
            assert_eq!(surplus.count(), 0, "{}", judge.text);
        }
    }

    #[test]
    fn the_page_of_the_program_lists_the_exit_codes() {
        let pages = of(Language::English);
        let text = &pages[0].text;
        assert!(text.contains(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n"), "{text}");
        assert!(text.contains("prumo\\-judge(1)"), "{text}");
    }
}
