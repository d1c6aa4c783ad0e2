//! `cargo xtask pictures`: makes the pictures of the guide and the README again.
//!
//! It follows the guide as `cargo xtask ci guide` does, and takes the pictures of what a reader of
//! it sees: the report of the night with a drift, and the table of a call. Each language has its
//! own.
//!
//! Invariants:
//!
//! * The pictures are in the source of each book, so that no link leaves it.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use prumo_structure::guide::{FOLDER, LANGUAGES};

use crate::ci::browser;
use crate::ci::guide::follow;
use crate::ci::session::Session;

/// Makes the pictures again.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// The command whose table is shown.
const CALL: &str = "prumo call tomticket-v2 ticket_list --output table";

/// The report of a night, in the reader's folder.
const REPORT: &str = "noite/target/prumo";

/// The options for the picture of a report: its size, and nothing that moves.
const SIZE: [&str; 2] = ["--window-size=1000,760", "--hide-scrollbars"];

/// The width of a letter and the height of a line in the picture of a terminal.
const LETTER: usize = 8;
const LINE: usize = 20;

/// The space around the text.
const MARGIN: usize = 16;

pub(crate) fn run(_: &Args) -> anyhow::Result<ExitCode> {
    let root = crate::root();
    let program = browser::installed().context("there is no Chromium in `PATH`")?;
    let session = Session::new(root.clone(), &[]);
    for language in LANGUAGES {
        let followed = follow(&session, language)?;
        let folder = root.join(FOLDER).join(language).join("src/pictures");
        fs_err::create_dir_all(&folder)?;
        let is_call = |(command, _): &&(String, String)| command.starts_with(CALL);
        let (command, printed) =
            followed.printed.iter().find(is_call).context("the guide shows no table")?;
        let file = folder.join("call.svg");
        fs_err::write(&file, terminal(command, printed))?;
        println!("Updated  {}", file.display());
        let shown = if language == "pt" { "pt-BR" } else { "en" };
        let file = folder.join("report.png");
        let shot = format!("--screenshot={}", file.display());
        let page = format!("report.html#lang={shown}");
        browser::open(&program, &followed.home.join(REPORT), &page, &[SIZE[0], SIZE[1], &shot])?;
        println!("Updated  {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Draws a command and what it printed, as a terminal shows it.
fn terminal(command: &str, printed: &str) -> String {
    let command = format!("$ {command}");
    let lines: Vec<&str> = [command.as_str()].into_iter().chain(printed.lines()).collect();
    let n_letters = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let (width, height) = (n_letters * LETTER + 2 * MARGIN, lines.len() * LINE + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e2e\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\" \
         fill=\"#e6e6e6\" xml:space=\"preserve\">\n"
    );
    for (idx, line) in lines.iter().enumerate() {
        let y = MARGIN + (idx + 1) * LINE - LINE / 4;
        // Every letter gets its place, whatever font there is.
        let length = line.chars().count() * LETTER;
        let text = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // Writing to a text can't fail.
        let _ =
            writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\" textLength=\"{length}\">{text}</text>");
    }
    svg + "</g>\n</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::terminal;

    #[test]
    fn a_terminal_shows_each_line_with_its_signs_escaped() {
        let svg = terminal("prumo call", "a <b>\nç & d\n");
        for expected in [
            "width=\"128\" height=\"92\"",
            "y=\"31\" textLength=\"96\">$ prumo call</text>",
            ">a &lt;b&gt;</text>",
            "y=\"71\" textLength=\"40\">ç &amp; d</text>",
        ] {
            assert!(svg.contains(expected), "{expected}:\n{svg}");
        }
    }
}
