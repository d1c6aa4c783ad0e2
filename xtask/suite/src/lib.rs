//! `cargo xtask json-schema-suite`: counts which cases of the public JSON Schema test suite pass,
//! fail or do not apply.
//!
//! The suite is not part of this repository. Its draft 4 is the dialect of OpenAPI 3.0, and its
//! draft 2020-12 that of OpenAPI 3.1.
//!
//! Invariants:
//!
//! * A case that does not apply is counted and has a row, with a reason, in a table here or in
//!   `rewrite`. Every other case must pass.
//! * A case passes if the judge agrees with the suite twice: on whether the value obeys the schema,
//!   and on whether there is a finding about it.
//! * Where the judge says that it does not judge a keyword, a value that obeys the schema must pass
//!   all the same; only one that does not is skipped.

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
pub struct Args {
    /// A folder of cases, such as the suite's `tests/draft4` or `tests/draft2020-12`.
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

/// A case that applies by its keywords and need not pass.
struct Argued {
    file: &'static str,
    /// The start of the group's and the case's description, joined by `: `.
    description: &'static str,
    reason: &'static str,
}

/// Cases where OpenAPI or the generated client deliberately differs from the suite.
const ARGUED: &[Argued] = &[
    Argued {
        file: "optional/bignum.json",
        description: "integer: ",
        reason: "the client's integers have 64 bits: a larger one obeys the schema but is a finding",
    },
    Argued {
        file: "optional/float-overflow.json",
        description: "all integers are multiples of 0.5",
        reason: "the client's integers have 64 bits: a larger one obeys the schema but is a finding",
    },
    Argued {
        file: "type.json",
        description: "integer type matches integers: a float with zero fractional part is an integer",
        reason: "the client does not decode `1.0` as an integer",
    },
    Argued {
        file: "content.json",
        description: "validation of binary",
        reason: "the client decodes base64, so it is a promise and no annotation",
    },
    Argued {
        file: "unevaluatedProperties.json",
        description: "property is evaluated in an uncle schema",
        reason: CLOSED_PART,
    },
    Argued {
        file: "unevaluatedProperties.json",
        description: "in-place applicator siblings, ",
        reason: CLOSED_PART,
    },
    Argued {
        file: "optional/format/hostname.json",
        description: "validation of A-label (punycode) host names: ",
        reason: "Punycode is not decoded",
    },
    Argued {
        file: "optional/format/email.json",
        description: "validation of e-mail addresses: an invalid ",
        reason: "the domain of an address is not looked into",
    },
    Argued {
        file: "format.json",
        description: "email format: invalid email string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "ipv4 format: invalid ipv4 string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "ipv6 format: invalid ipv6 string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "hostname format: invalid hostname string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "date format: invalid date string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "date-time format: invalid date-time string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "uri format: invalid uri string is only",
        reason: FORMAT,
    },
    Argued {
        file: "format.json",
        description: "uuid format: invalid uuid string is only",
        reason: FORMAT,
    },
    Argued { file: "optional/format/duration.json", description: "", reason: TEXT },
    Argued { file: "optional/format/ecmascript-regex.json", description: "", reason: TEXT },
    Argued { file: "optional/format/idn-email.json", description: "", reason: TEXT },
    Argued { file: "optional/format/idn-hostname.json", description: "", reason: TEXT },
    Argued { file: "optional/format/iri-reference.json", description: "", reason: TEXT },
    Argued { file: "optional/format/iri.json", description: "", reason: TEXT },
    Argued { file: "optional/format/json-pointer.json", description: "", reason: TEXT },
    Argued { file: "optional/format/regex.json", description: "", reason: TEXT },
    Argued { file: "optional/format/relative-json-pointer.json", description: "", reason: TEXT },
    Argued { file: "optional/format/time.json", description: "", reason: TEXT },
    Argued { file: "optional/format/uri-reference.json", description: "", reason: TEXT },
    Argued { file: "optional/format/uri-template.json", description: "", reason: TEXT },
];

/// A document that closes a part means the members of that part.
const CLOSED_PART: &str = "a closed part of a schema takes the members of its other parts";

/// OpenAPI's formats are promises, which draft 2020-12 leaves to the reader.
const FORMAT: &str = "a format is a promise and no annotation";

/// A format outside of OpenAPI's and prumo's own.
const TEXT: &str = "a format that is plain text to prumo";

/// The results of one file.
#[derive(Default)]
struct Outcome {
    n_passed: usize,
    failed: Vec<String>,
    skipped: BTreeMap<String, usize>,
}

/// Runs the cases, and prints how many pass, fail or do not apply.
///
/// # Errors
///
/// The folder can't be read, or holds no case.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let files = files_below(&args.folder)?;
    ensure!(!files.is_empty(), "`{}` holds no `.json` file", args.folder.display());
    let is_2020_12 = args.folder.display().to_string().contains("2020-12");
    let mut total = Outcome::default();
    let mut text = String::new();
    for file in files {
        let name = file.strip_prefix(&args.folder).unwrap_or(&file).display().to_string();
        let outcome = outcome_of(&name, &fs_err::read_to_string(&file)?, is_2020_12)?;
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

fn outcome_of(file: &str, text: &str, is_2020_12: bool) -> anyhow::Result<Outcome> {
    let groups: Vec<Group> = serde_json::from_str(text)
        .with_context(|| format!("`{file}` is not a file of the suite"))?;
    let mut outcome = Outcome::default();
    for group in &groups {
        outcome.judge(file, group, is_2020_12);
    }
    Ok(outcome)
}

impl Outcome {
    fn judge(&mut self, file: &str, group: &Group, is_2020_12: bool) {
        let (foreign, document): (fn(&_) -> _, fn(&_) -> _) = match is_2020_12 {
            true => (rewrite::foreign_to_3_1, rewrite::document_3_1),
            false => (rewrite::foreign, rewrite::document),
        };
        if let Some(reason) = foreign(&group.schema) {
            return self.skip(reason, group.tests.len());
        }
        let promise = match Promise::read(&document(&group.schema)) {
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
                (Ok(()), _) => self.n_passed += 1,
                (Err(_), Some(reason)) => self.skip(reason, 1),
                (Err(_), None) if is_2020_12 && !case.valid && promise.is_partly_unjudged() => {
                    self.skip("the judge says that it does not judge a keyword", 1);
                }
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
    fn read(document: &Value) -> anyhow::Result<Self> {
        let contract = read_openapi(&Document::parse("suite.json", &document.to_string())?)?;
        Ok(Self { contract, shape: Shape::reference(rewrite::ROOT) })
    }

    fn is_partly_unjudged(&self) -> bool {
        !self.contract.unjudged.is_empty()
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
        let outcome = outcome_of("own.json", file, false).expect("a file of the suite");
        assert_eq!(outcome.n_passed, 4);
        assert_eq!(outcome.failed, ["whole numbers: a lie: should obey the schema but does not"]);
        assert_eq!(
            outcome.skipped.into_iter().collect::<Vec<_>>(),
            [("`patternProperties`".to_owned(), 1)]
        );
    }

    #[test]
    fn a_file_of_draft_2020_12_is_read_as_openapi_3_1() {
        let file = r##"[
            {"description": "one type or null", "schema": {"$ref": "#/$defs/n", "$defs": {"n": {"type": ["integer", "null"]}}},
             "tests": [{"description": "one", "data": 1, "valid": true},
                       {"description": "null", "data": null, "valid": true},
                       {"description": "a text", "data": "1", "valid": false}]},
            {"description": "no value", "schema": false,
             "tests": [{"description": "one", "data": 1, "valid": false}]},
            {"description": "unjudged", "schema": {"contains": {"type": "integer"}},
             "tests": [{"description": "one", "data": [1], "valid": true},
                       {"description": "none", "data": [""], "valid": false}]}
        ]"##;
        let outcome = outcome_of("own.json", file, true).expect("a file of the suite");
        assert_eq!((outcome.n_passed, outcome.failed), (5, Vec::new()));
        assert_eq!(outcome.skipped.into_values().collect::<Vec<_>>(), [1]);
    }
}
