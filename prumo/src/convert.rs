//! `prumo convert`: turns recorded exchanges into HAR, or into our own format, one per line.
//!
//! The judge reports the same about both formats. Nothing is redacted, and the placeholders of
//! secrets are kept. An exchange that can't be read is reported with file and line, is left out,
//! and makes the exit code 1. Only one exchange is in memory at a time. A terminal gets what it would
//! obey as escapes of JSON; a file and a pipe get the bytes.
//!
//! The saved responses of a Postman collection, and the cassettes of VCR and its relatives, are
//! converted as well. Such a file is in memory as a whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use prumo_drift::Exchange;
use prumo_drift::exchange::{DEFAULT_MAX_EXCHANGE_BYTES, OwnedExchange, har};

use crate::judge::input::{Source, each_source};
use crate::project::Location;
use crate::recordings::each_exchange;
use crate::{screen, write};

/// Writes recorded exchanges in another format.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The format to write.
    #[arg(long, value_enum)]
    to: Format,
    /// The file to write; by default the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The maximum size of an exchange; a larger one is reported and skipped.
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_EXCHANGE_BYTES)]
    max_exchange_bytes: usize,
    /// Files (`.json`, `.ndjson`, `.har`, also compressed: `.gz`, `.zst`), folders of such files, or
    /// `-` for standard input. Also collections of Postman with saved responses, and cassettes of VCR,
    /// vcrpy and betamax (`.yml`, `.yaml`, `.json`).
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// One HAR 1.2 document.
    Har,
    /// Our own format, one exchange per line.
    Ndjson,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let base = location.base()?;
    let mut n_problems = 0;
    let mut tell = |problem: String| {
        n_problems += 1;
        screen::error(problem);
    };
    match &args.out {
        Some(out) => write_file(&base, args, out, &mut tell)?,
        None => match convert(&base, args, &mut screen::document_out(), &mut tell) {
            // A closed pipe (`… | head`) is not an error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => (),
            written => written.context("failed to write to the screen")?,
        },
    }
    Ok(if n_problems == 0 { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}

/// Replaces the file when it is complete, because the output may also be one of the inputs.
fn write_file(
    base: &Path,
    args: &Args,
    out: &Path,
    tell: &mut dyn FnMut(String),
) -> anyhow::Result<()> {
    write::streamed(out, |file| {
        convert(base, args, &mut BufWriter::new(file), tell)
            .with_context(|| format!("failed to write `{}`", out.display()))
    })
}

fn convert(
    base: &Path,
    args: &Args,
    out: &mut impl Write,
    tell: &mut dyn FnMut(String),
) -> io::Result<()> {
    let mut writer = Writer { to: args.to, out, n_written: 0 };
    let mut written = writer.begin();
    each_source(base, &args.paths, &mut |source| {
        if written.is_err() {
            return;
        }
        let (name, reader) = match source {
            Source::Stream { name, reader } => (name, reader),
            Source::Unreadable(problem) => return tell(problem),
        };
        let mut take = |exchange: &Exchange<'_>| writer.write(exchange);
        written = each_exchange(&name, reader, args.max_exchange_bytes, &mut take, tell);
    });
    written?;
    writer.end()
}

/// Writes exchanges one by one.
struct Writer<'w, W> {
    to: Format,
    out: &'w mut W,
    n_written: u64,
}

impl<W: Write> Writer<'_, W> {
    fn begin(&mut self) -> io::Result<()> {
        match self.to {
            Format::Har => self.out.write_all(har::HEAD.as_bytes()),
            Format::Ndjson => Ok(()),
        }
    }

    fn write(&mut self, exchange: &Exchange<'_>) -> io::Result<()> {
        self.n_written += 1;
        match self.to {
            Format::Har => {
                let separator = if self.n_written > 1 { har::SEPARATOR } else { "" };
                self.out.write_all(separator.as_bytes())?;
                self.out.write_all(har::entry(exchange).as_bytes())
            }
            Format::Ndjson => {
                serde_json::to_writer(&mut *self.out, &OwnedExchange::with_json_bodies(exchange))?;
                self.out.write_all(b"\n")
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        if matches!(self.to, Format::Har) {
            self.out.write_all(har::TAIL.as_bytes())?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Converts `text` of a file with this name; returns the output and the reported problems.
    fn converted(name: &str, text: &str, to: Format) -> (String, Vec<String>) {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join(name);
        fs_err::write(&path, text).expect("a file");
        let args = Args { to, out: None, max_exchange_bytes: 10_000, paths: vec![path] };
        let (mut out, mut problems) = (Vec::new(), Vec::new());
        convert(root.path(), &args, &mut out, &mut |problem| problems.push(problem))
            .expect("a text");
        (String::from_utf8(out).expect("UTF-8"), problems)
    }

    #[test]
    fn there_and_back_again_nothing_is_lost() {
        let lines = concat!(
            r#"{"at":"2026-11-22T03:00:00Z","origin":"live","source":null,"operation":"ler_chamado","#,
            r#""request":{"method":"GET","path":"/chamado/{token}/7","query":{"a":"é b","c":["1","2"]},"#,
            r#""headers":{"accept":"*/*"},"body":null,"form":null},"#,
            r#""response":{"status":200,"headers":{"content-type":"application/json"},"body":{"n": 1.10,"n":2},"text":null}}"#,
            "\n",
            r#"{"at":null,"origin":null,"source":null,"operation":null,"#,
            r#""request":{"method":"POST","path":"/chamado","query":{},"headers":{},"body":null,"#,
            r#""form":[{"name":"titulo","value":"x"},{"name":"f","file":"a.png","content_type":null,"bytes":7}]},"#,
            r#""response":{"status":502,"headers":{"content-type":"text/html"},"body":null,"text":"<html>"}}"#,
            "\n",
        );
        let (har, problems) = converted("a.ndjson", &format!("{lines}{{\n"), Format::Har);
        assert_eq!(problems, ["`a.ndjson`: 3:1: not JSON: EOF while parsing an object"]);
        let document: serde_json::Value = serde_json::from_str(&har).expect("a HAR document");
        assert_eq!(document["log"]["entries"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            document["log"]["entries"][0]["request"]["url"],
            "http://localhost/chamado/{token}/7?a=%C3%A9%20b&c=1&c=2"
        );
        let (back, problems) = converted("a.har", &har, Format::Ndjson);
        assert_eq!(problems, [""; 0]);
        assert_eq!(back, lines);
    }

    #[test]
    fn an_exchange_is_one_line_and_its_numbers_keep_their_spelling() {
        let bodies = [
            (
                "a printed object",
                "{\n  \"preco\": 119.90,\r\n\t\"mil\": 1e3\n}",
                r#"{"preco":119.90,"mil":1e3}"#,
            ),
            (
                "a list over lines",
                "[\n1.0,\n12345678901234567890123\n]",
                "[1.0,12345678901234567890123]",
            ),
            (
                "texts with escapes",
                "{\"a b\":\n\"c \\\" \\\\\", \"d\": \" \\n \"}",
                r#"{"a b":"c \" \\","d":" \n "}"#,
            ),
            ("a single line is kept", r#"{"n": 1.10,"n":2}"#, r#"{"n": 1.10,"n":2}"#),
        ];
        for (name, body, expected) in bodies {
            let text = format!(
                r#"{{"request":{{"method":"POST","path":"/a","body":{body}}},"response":{{"status":200,"body":{body}}}}}"#
            );
            let (lines, problems) = converted("a.json", &text, Format::Ndjson);
            assert_eq!(problems, [""; 0], "case `{name}`");
            assert_eq!(lines.lines().count(), 1, "case `{name}`: {lines}");
            assert_eq!(
                lines.matches(&format!(r#""body":{expected}"#)).count(),
                2,
                "case `{name}`: {lines}"
            );
        }
    }

    #[test]
    fn collections_and_cassettes_are_converted() {
        let cassette = "http_interactions:\n- request: {method: get, uri: 'https://a.example.com/m'}\n  response:\n    status: {code: 200}\n    headers: {Content-Type: [application/json]}\n    body: {string: '{\"n\": 1.10}'}\n";
        let collection = r#"{"info": {}, "item": [{"request": "https://a.example.com/m", "response": [{"code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "{\"n\": 1.10}"}]}]}"#;
        for (name, text) in [("a.yml", cassette), ("a.json", collection)] {
            let (lines, problems) = converted(name, text, Format::Ndjson);
            assert_eq!(problems, [""; 0], "`{name}`");
            assert_eq!(lines.lines().count(), 1, "`{name}`: {lines}");
            for part in [r#""method":"GET""#, r#""host":"a.example.com""#, r#""body":{"n": 1.10}"#]
            {
                assert!(lines.contains(part), "`{name}`: `{part}` in {lines}");
            }
        }
        let (lines, problems) =
            converted("p.json", r#"{"consumer": {}, "provider": {}}"#, Format::Ndjson);
        assert_eq!(lines, "");
        assert!(problems[0].contains("a Pact file, not recorded traffic"), "{problems:?}");
    }

    #[test]
    fn nothing_is_a_document_too() {
        assert_eq!(converted("a.ndjson", "", Format::Ndjson), (String::new(), Vec::new()));
        let (har, _) = converted("a.ndjson", "", Format::Har);
        assert_eq!(converted("a.har", &har, Format::Ndjson), (String::new(), Vec::new()));
    }
}
