//! Makes traffic, lets every rival read it, and writes down how fast each was.
//!
//! `cargo xtask bench judge` runs it. Exit codes: 0 measured, 1 not measured, or the judge missed
//! drift.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use prumo_bench::rivals::{Course, lines};
use prumo_bench::table::Table;
use prumo_bench::traffic;
use prumo_bench::validator;
use prumo_bench::verdict::Verdict;
use prumo_drift::{Document, read_openapi};
use serde_json::json;

/// The operation whose responses are made.
const OPERATION: &str = "ler_chamado";

/// Its spec, below the root of the repository.
const SPEC: &str = "generated/tomticket-v1/openapi.json";

/// Measures the judge beside parsers and a validator.
#[derive(Parser)]
struct Args {
    /// The number of exchanges.
    #[arg(long, default_value_t = 10_000)]
    answers: usize,
    /// The seed of the traffic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often each rival reads all of them.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// The folder for the traffic (`traffic.ndjson`) and the result (`judge.json`).
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut screen = std::io::stdout();
    match bench(&args).and_then(|report| Ok(screen.write_all(report.as_bytes())?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is gone, too, the error can't be reported.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures, writes the result to files, and returns it as text for a person.
fn bench(args: &Args) -> anyhow::Result<String> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(SPEC);
    let document = Document::parse(SPEC, &fs_err::read_to_string(spec)?)?;
    let promised = read_openapi(&document)?;
    let validator = validator::of_answer(&document, OPERATION)?;

    let traffic = traffic::make(&promised, OPERATION, args.answers, args.seed)?;
    let file = args.out.join("traffic.ndjson");
    fs_err::create_dir_all(&args.out)?;
    fs_err::write(&file, &traffic.bytes)?;

    let verdict = Verdict::new(&promised, &validator, OPERATION, &traffic)?;
    let course = Course {
        file: &file,
        bytes: &traffic.bytes,
        lines: &lines(&traffic.bytes).collect::<Vec<_>>(),
        promised: &promised,
        validator: &validator,
    };
    let table = Table::measured(&course, args.answers, args.rounds);
    let result =
        json!({"operation": OPERATION, "seed": args.seed, "times": table, "found": verdict});
    let result = serde_json::to_string_pretty(&result).context("failed to write the result")?;
    fs_err::write(args.out.join("judge.json"), result + "\n")?;

    verdict.require_right()?;
    Ok(format!("{}\n{}", table.to_text(), verdict.to_text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each class is seeded in one of a hundred exchanges.
    #[test]
    fn a_small_run_finds_all_that_was_seeded_and_nothing_else() {
        let out = tempfile::tempdir().unwrap();
        let args = Args { answers: 200, seed: 7, rounds: 1, out: out.path().to_owned() };
        bench(&args).unwrap();
        let result = fs_err::read_to_string(out.path().join("judge.json")).unwrap();
        let result: serde_json::Value = serde_json::from_str(&result).unwrap();
        assert_eq!(result["found"]["n_clean"], 180);
        let classes = result["found"]["classes"].as_array().unwrap();
        assert_eq!(classes.len(), 10);
        for class in classes {
            assert_eq!((&class["n_seeded"], &class["n_judge"]), (&json!(2), &json!(2)), "{class}");
        }
        assert_eq!(result["found"]["n_false_errors"], 0);
        assert_eq!(result["times"]["rows"].as_array().unwrap().len(), 5);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(SPEC);
        let document = Document::parse(SPEC, &fs_err::read_to_string(spec).unwrap()).unwrap();
        let promised = read_openapi(&document).unwrap();
        let made = |seed| traffic::make(&promised, OPERATION, 20, seed).unwrap().bytes;
        assert_eq!(made(3), made(3));
        assert_ne!(made(3), made(4));
    }
}
