//! `cargo xtask json-schema-suite`: counts which cases of the public JSON Schema test suite pass,
//! fail or do not apply.
//!
//! The suite is not part of this repository; its draft 4 is the dialect of OpenAPI 3.0.
//!
//! Invariants:
//!
//! * A case that does not apply is counted and has a row, with a reason, in a table here or in
//!   `rewrite`. Every other case must pass.
//! * A case passes if the judge agrees with the suite twice: on whether the value obeys the schema,
//!   and on whether there is a finding about it.

mod rewrite;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use prumo_drift::{Contract, Document, Rule, Shape, judge_value, obeys, read_openapi};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use prumo::screen;

/// Runs a checkout of the public JSON Schema test suite through the judge.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder of cases, such as the suite's `tests/draft4`.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// One schema and the values that are judged by it.
#[derive(Deserialize)]
struct Group {
    description: String,
    schema: Value,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    description: String,
    /// The raw text, so that no number is rounded.
    data: Box<RawValue>,
    valid: bool,
}

/// A case that would apply by its keywords but is excluded.
struct Argued {
    file: &'static str,
    /// The start of the group's and the case's description, joined by `: `.
    description: &'static str,
    reason: &'static str,
}

/// Cases where OpenAPI or the generated client deliberately differs from the suite.
const ARGUED: &[Argued] = &[Argued {
    file: "optional/bignum.json",
    description: "integer: ",
    reason: "the client's integers have 64 bits: a larger one obeys the schema but is a finding",
}];

/// The results of one file.
#[derive(Default)]
struct Outcome {
    n_passed: usize,
    failed: Vec<String>,
    skipped: BTreeMap<String, usize>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let files = files_below(&args.folder)?;
    ensure!(!files.is_empty(), "`{}` holds no `.json` file", args.folder.display());
    let mut total = Outcome::default();
    let mut text = String::new();
    for file in files {
        let name = file.strip_prefix(&args.folder).unwrap_or(&file).display().to_string();
        let outcome = outcome_of(&name, &fs_err::read_to_string(&file)?)?;
        text += &outcome.to_text(&name);
        total.absorb(outcome);
    }
    text += &format!("{}\n", total.in_a_line("all"));
    screen::print(&text)?;
    let has_failed = !total.failed.is_empty();
    Ok(if has_failed { ExitCode::from(screen::COULD_NOT_JUDGE) } else { ExitCode::SUCCESS })
}

/// Lists the `.json` files in a folder and below it, by name.
fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn outcome_of(file: &str, text: &str) -> anyhow::Result<Outcome> {
    let groups: Vec<Group> = serde_json::from_str(text)
        .with_context(|| format!("`{file}` is not a file of the suite"))?;
    let mut outcome = Outcome::default();
    for group in &groups {
        outcome.judge(file, group);
    }
    Ok(outcome)
}

impl Outcome {
    fn judge(&mut self, file: &str, group: &Group) {
        if let Some(reason) = rewrite::foreign(&group.schema) {
            return self.skip(reason, group.tests.len());
        }
        let promise = match Promise::read(&group.schema) {
            Ok(promise) => promise,
            Err(error) => {
                let argued = argued(file, &group.description);
                return match argued {
                    Some(reason) => self.skip(reason, group.tests.len()),
                    None => self.failed.push(format!("{}: {error:#}", group.description)),
                };
            }
        };
        for case in &group.tests {
            let description = format!("{}: {}", group.description, case.description);
            match (promise.verdict(case), argued(file, &description)) {
                (_, Some(reason)) => self.skip(reason, 1),
                (Ok(()), None) => self.n_passed += 1,
                (Err(why), None) => self.failed.push(format!("{description}: {why}")),
            }
        }
    }

    fn skip(&mut self, reason: &str, n_cases: usize) {
        *self.skipped.entry(reason.to_owned()).or_default() += n_cases;
    }

    fn absorb(&mut self, other: Self) {
        self.n_passed += other.n_passed;
        self.failed.extend(other.failed);
        for (reason, n_cases) in other.skipped {
            self.skip(&reason, n_cases);
        }
    }

    fn in_a_line(&self, name: &str) -> String {
        let n_skipped: usize = self.skipped.values().sum();
        format!(
            "{:4} passed {:4} failed {n_skipped:4} skipped  {name}",
            self.n_passed,
            self.failed.len()
        )
    }

    fn to_text(&self, name: &str) -> String {
        let mut text = format!("{}\n", self.in_a_line(name));
        for failed in &self.failed {
            text += &format!("        failed: {failed}\n");
        }
        for (reason, n_cases) in &self.skipped {
            text += &format!("        skipped {n_cases}: {reason}\n");
        }
        text
    }
}

fn argued(file: &str, description: &str) -> Option<&'static str> {
    let row =
        ARGUED.iter().find(|row| row.file == file && description.starts_with(row.description))?;
    Some(row.reason)
}

/// The promise of one schema of the suite.
struct Promise {
    contract: Contract,
    shape: Shape,
}

impl Promise {
    fn read(schema: &Value) -> anyhow::Result<Self> {
        let text = rewrite::document(schema).to_string();
        let contract = read_openapi(&Document::parse("suite.json", &text)?)?;
        ensure!(contract.unjudged.is_empty(), "{}", contract.unjudged.join("; "));
        Ok(Self { contract, shape: Shape::reference(rewrite::ROOT) })
    }

    /// Returns how the judge differs from the suite about a value.
    fn verdict(&self, case: &Case) -> Result<(), String> {
        let text = case.data.get();
        let obeys = obeys(&self.contract, &self.shape, text);
        let findings = judge_value(&self.contract, &self.shape, text);
        // An undocumented member is allowed, although it is reported.
        let is_news = |rule: Rule| rule == Rule::FieldUndocumented;
        let has_fault = findings.iter().any(|finding| !is_news(finding.rule));
        match case.valid {
            true if !obeys => Err("should obey the schema but does not".to_owned()),
            true if has_fault => {
                let rules: Vec<&str> = findings.iter().map(|finding| finding.rule.name()).collect();
                Err(format!("obeys the schema but has a finding: {}", rules.join(", ")))
            }
            false if obeys => Err("should not obey the schema but does".to_owned()),
            false if findings.is_empty() => {
                Err("does not obey the schema but has no finding".to_owned())
            }
            true | false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::outcome_of;

    #[test]
    fn a_file_of_the_suite_is_counted() {
        let file = r##"[
            {"description": "whole numbers", "schema": {"$ref": "#/definitions/n", "definitions": {"n": {"type": "integer"}}},
             "tests": [{"description": "one", "data": 1, "valid": true},
                       {"description": "a text", "data": "1", "valid": false},
                       {"description": "a lie", "data": null, "valid": true}]},
            {"description": "two types", "schema": {"not": {"type": ["integer", "null"]}},
             "tests": [{"description": "one", "data": 1, "valid": false}, {"description": "a text", "data": "1", "valid": true}]},
            {"description": "another dialect", "schema": {"not": {"patternProperties": {}}},
             "tests": [{"description": "one", "data": 1, "valid": false}]}
        ]"##;
        let outcome = outcome_of("own.json", file).expect("a file of the suite");
        assert_eq!(outcome.n_passed, 4);
        assert_eq!(outcome.failed, ["whole numbers: a lie: should obey the schema but does not"]);
        assert_eq!(
            outcome.skipped.into_iter().collect::<Vec<_>>(),
            [("`patternProperties`".to_owned(), 1)]
        );
    }
}
