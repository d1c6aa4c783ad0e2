//! Turns the result of a verb into text on the screen and an exit code.
//!
//! Invariants:
//!
//! * No character of a vendor, a file name or a spec is obeyed by a terminal: whatever is printed
//!   here is escaped first, and coloured afterwards.
//! * Only a terminal gets colours, and not with `NO_COLOR`.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use prumo_drift::{is_unprintable, printable_json, printable_lines};

/// Exit code of a verb that could not do its work.
pub const COULD_NOT_JUDGE: u8 = 1;

/// Exit code of a verb that found something stale or drifting.
pub const DRIFTING: u8 = 4;

/// The width of what is no terminal.
const USUAL_WIDTH: usize = 100;

/// The position of the verdict in a line about a step of a night.
const VERDICT_OF_STEP: usize = 11;

/// The words at the start of a line that have a colour, each with its code, in every language.
const COLOURS: [(&str, &str); 20] = [
    ("error:", RED),
    ("warning:", YELLOW),
    ("not judged", RED),
    ("drifts  risky", YELLOW),
    ("drifts  compatible", CYAN),
    ("drifts", RED),
    ("stale", YELLOW),
    ("ends soon", YELLOW),
    ("fits", GREEN),
    ("fresh", GREEN),
    ("waived", DIM),
    ("skipped", DIM),
    ("não julgado", RED),
    ("desvia      arriscado", YELLOW),
    ("desvia      compatível", CYAN),
    ("desvia", RED),
    ("vencido", YELLOW),
    ("confere", GREEN),
    ("dispensado", DIM),
    ("pulado", DIM),
];

const RED: &str = "\u{1b}[1;31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const CYAN: &str = "\u{1b}[36m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// Prints lines to the screen. A closed pipe (`… | head`) is not an error.
///
/// # Errors
///
/// Writing fails for another reason.
pub fn print(text: &str) -> anyhow::Result<()> {
    let stdout = io::stdout();
    let text = shown(text, is_coloured(&stdout));
    print_bytes(text.as_bytes())
}

/// Prints a JSON document: as it is, but escaped on a terminal, where it stays the same JSON.
///
/// # Errors
///
/// Writing fails, and not because of a closed pipe.
pub(crate) fn print_document(bytes: &[u8]) -> anyhow::Result<()> {
    match io::stdout().is_terminal() {
        true => print_bytes(printable_json(&String::from_utf8_lossy(bytes)).as_bytes()),
        false => print_bytes(bytes),
    }
}

/// Returns standard output for JSON documents that are written line by line: a terminal gets each
/// line escaped.
pub(crate) fn document_out() -> Box<dyn Write> {
    let stdout = io::stdout().lock();
    match stdout.is_terminal() {
        true => Box::new(EscapedLines { out: stdout, line: Vec::new() }),
        false => Box::new(BufWriter::new(stdout)),
    }
}

/// Escapes each line of JSON that is written to it. Its last line is written with its line break.
struct EscapedLines<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Write for EscapedLines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for some in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(some);
            if some.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let shown = printable_json(&String::from_utf8_lossy(&line));
                self.out.write_all(shown.as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Prints bytes as they are: what is escaped already, or what is for another program.
///
/// # Errors
///
/// Writing fails, and not because of a closed pipe.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    match io::stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints bytes of a vendor: as they are, but escaped on a terminal.
///
/// # Errors
///
/// Writing fails, and not because of a closed pipe.
pub(crate) fn print_foreign(bytes: &[u8]) -> anyhow::Result<()> {
    match io::stdout().is_terminal() {
        true => print_bytes(printable_lines(&String::from_utf8_lossy(bytes)).as_bytes()),
        false => print_bytes(bytes),
    }
}

/// Prints lines to standard error. Failing to print cannot be reported anywhere.
pub fn note(text: &str) {
    let stderr = io::stderr();
    let mut text = shown(text, is_coloured(&stderr));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let _ = stderr.lock().write_all(text.as_bytes());
}

/// Prints a problem to standard error. All lines but the first are indented, so that no file name
/// with a line break reads as another message.
pub(crate) fn error(text: impl std::fmt::Display) {
    let mut told = String::from("error: ");
    for (index, line) in text.to_string().lines().enumerate() {
        if index > 0 {
            told += if line.starts_with(' ') { "\n" } else { "\n  " };
        }
        told += line;
    }
    note(&told);
}

/// Returns the width of the screen: `COLUMNS`, or that of the terminal.
pub(crate) fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|width| width.parse().ok());
    let terminal = || Some(usize::from(console::Term::stdout().size_checked()?.1));
    said.or_else(terminal).unwrap_or(USUAL_WIDTH)
}

/// Returns whether a stream shows colours.
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !is_set("NO_COLOR") && std::env::var_os("TERM") != Some("dumb".into())
}

/// Returns lines as they are written: escaped, then coloured.
fn shown(text: &str, is_coloured: bool) -> String {
    let text = printable_lines(text);
    if !is_coloured {
        return text;
    }
    text.split_inclusive('\n').map(painted).collect()
}

/// Paints the word with which a line starts, or the verdict of a step of a night.
fn painted(line: &str) -> String {
    let step = line.get(VERDICT_OF_STEP..).filter(|_| line.contains("  ("));
    for (start, rest) in [(0, Some(line)), (VERDICT_OF_STEP, step)] {
        let rest = rest.unwrap_or_default();
        let is_word = |word: &str| {
            let after = rest.strip_prefix(word).map(|rest| rest.chars().next());
            after.is_some_and(|after| after.is_none_or(|next| !next.is_alphanumeric()))
        };
        if let Some((word, code)) = COLOURS.iter().find(|(word, _)| is_word(word)) {
            let before = line.get(..start).unwrap_or_default();
            let after = rest.get(word.len()..).unwrap_or_default();
            return format!("{before}{code}{word}{PLAIN}{after}");
        }
    }
    line.to_owned()
}

/// Prints help or a usage error, and replaces clap's exit code 2, which is not one of ours.
pub fn usage(usage: &clap::Error) -> ExitCode {
    let plain = usage.render().to_string();
    let is_safe = |character: char| character == '\n' || !is_unprintable(character);
    if usage.use_stderr() && !plain.chars().all(is_safe) {
        // An argument may be the name of a file, which a shell has put there.
        note(&plain);
    } else {
        // Failing to print cannot be reported anywhere.
        let _ = usage.print();
    }
    if usage.use_stderr() { ExitCode::from(COULD_NOT_JUDGE) } else { ExitCode::SUCCESS }
}

/// Prints the error of a verb, if it has one, and returns the exit code.
pub fn exit_code(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|cause| {
        note(&format!("error: {cause:#}"));
        ExitCode::from(COULD_NOT_JUDGE)
    })
}

/// Returns a number with its noun, such as `1 spec` or `2 specs`.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Returns an error with its hint on a second line.
pub(crate) fn hinted(error: &dyn std::error::Error, hint: Option<&'static str>) -> anyhow::Error {
    match hint {
        Some(hint) => anyhow::anyhow!("{error}\n  hint: {hint}"),
        None => anyhow::anyhow!("{error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{EscapedLines, shown};

    #[test]
    fn a_document_on_a_terminal_is_the_same_json_however_it_is_cut() {
        let json = "{\"a\u{9b}2J\": \"\u{202e}ção\"}\n{\"b\": \"\u{7f}\"}\n";
        for n_bytes in [1, 2, 3, 7, 1000] {
            let mut lines = EscapedLines { out: Vec::new(), line: Vec::new() };
            json.as_bytes().chunks(n_bytes).for_each(|some| lines.write_all(some).unwrap());
            let shown = String::from_utf8(lines.out).unwrap();
            assert_eq!(
                shown, "{\"a\\u009b2J\": \"\\u202eção\"}\n{\"b\": \"\\u007f\"}\n",
                "{n_bytes} bytes at a time"
            );
        }
    }

    #[test]
    fn a_terminal_gets_colours_and_no_character_that_it_obeys() {
        let rows = [
            ("fits: 0 findings\n", "\u{1b}[32mfits\u{1b}[0m: 0 findings\n"),
            ("drifts  risky  x\n  at\n", "\u{1b}[33mdrifts  risky\u{1b}[0m  x\n  at\n"),
            ("drifts  breaking  x", "\u{1b}[1;31mdrifts\u{1b}[0m  breaking  x"),
            ("not judged: x", "\u{1b}[1;31mnot judged\u{1b}[0m: x"),
            (
                "judge      drifts      1 finding  (0.1 s)",
                "judge      \u{1b}[1;31mdrifts\u{1b}[0m      1 finding  (0.1 s)",
            ),
            ("fitsish", "fitsish"),
            ("\u{9b}31mfits", r"\u{9b}31mfits"),
        ];
        for (text, expect) in rows {
            assert_eq!(shown(text, true), expect, "{text:?}");
            assert!(!shown(text, false).contains('\u{1b}'), "{text:?}");
        }
    }
}
