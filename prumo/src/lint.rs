//! `prumo lint`: turns specs into complaints, each with file, line and remedy.
//!
//! The lint is the first step of `generate`: a spec without an error can be generated. A stub of
//! `new-operation` that is not filled in is an error. A construct of a foreign document that the
//! judge can't read is a warning, because a client can still be generated.

use std::path::PathBuf;
use std::process::ExitCode;

use prumo_codegen::Material;
use prumo_drift::{Document, SpecError, read_openapi_and_faults};
use prumo_spec::complaint::{Complaint, Complaints, Severity};
use prumo_spec::openapi::OpenApi;
use serde_json::{Value, json};

use crate::generate::{self, Rendered};
use crate::project::Location;
use crate::screen::{self, counted};

/// Checks specs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A spec, by its file or by its name in the project; by default every spec of the project.
    #[arg(value_name = "FILE|NAME")]
    specs: Vec<PathBuf>,
    /// The format of the complaints.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Text for people.
    Text,
    /// JSON for machines: one document with `complaints` and `totals`.
    Json,
}

/// Runs the verb: 0 without errors, 1 with errors.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let mut rendered = rendered(location, &args.specs)?;
    add_unjudged(&mut rendered);
    add_unmarked(&mut rendered);
    let n_errors = rendered.errors().count();
    let text = match args.format {
        Format::Text if rendered.n_specs == 0 => {
            format!("skipped  {}\n", location.project()?.without_specs())
        }
        Format::Text => text(&rendered, n_errors),
        Format::Json => format!("{:#}\n", to_json(&rendered, n_errors)),
    };
    screen::print(&text)?;
    Ok(if n_errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(screen::COULD_NOT_JUDGE) })
}

fn rendered(location: &Location, specs: &[PathBuf]) -> anyhow::Result<Rendered> {
    if specs.is_empty() {
        return generate::rendered(&location.project()?, &[]);
    }
    let base = location.base()?;
    let mut rendered = Rendered::default();
    for spec in specs {
        rendered.extend(Rendered::of(&base, &location.spec(spec)?, &Material::default())?);
    }
    Ok(rendered)
}

/// Adds what the judge can't read, unless it is known already, or an error prevents a client anyway.
fn add_unjudged(rendered: &mut Rendered) {
    if rendered.errors().next().is_some() {
        return;
    }
    for spec in &rendered.specs {
        let known = |at: &str| rendered.complaints.iter().any(|one| one.pointer == at);
        let new: Vec<Complaint> =
            unjudged(&spec.document).into_iter().filter(|one| !known(&one.pointer)).collect();
        rendered.complaints.extend(new);
    }
}

/// Adds the fields of house specs that look personal and have no mark. A foreign document has no
/// marks, and its recordings are redacted by names and forms.
fn add_unmarked(rendered: &mut Rendered) {
    for spec in rendered.specs.iter().filter(|spec| OpenApi::new(&spec.document).is_house()) {
        let mut complaints = Complaints::new(&spec.document, true);
        for field in prumo_redact::unmarked(&spec.document) {
            let message = format!("`{}` may be personal and has no mark", field.name);
            let hint = format!(
                "say `x-pii: {}`, another kind, or `x-pii: []` where it holds no person",
                field.kind.name()
            );
            complaints.warning(&field.at, message, &hint);
        }
        rendered.complaints.extend(complaints.finish());
    }
}

/// The reason why no traffic of a spec can be judged.
pub(crate) const UNJUDGED: &str = "the judge can't read the document";

/// Returns a warning for each construct that the judge can't read.
fn unjudged(document: &Document) -> Vec<Complaint> {
    let faults = read_openapi_and_faults(document).map_or_else(|fault| vec![fault], |read| read.1);
    let warning = |error: SpecError| Complaint {
        severity: Severity::Warning,
        message: format!("the judge can't read this: {}", error.fault),
        hint: error.hint().map(str::to_owned),
        file: error.file,
        line: error.line,
        column: error.column,
        pointer: error.pointer,
        costs: Vec::new(),
        loss: None,
    };
    faults.into_iter().map(warning).collect()
}

fn text(rendered: &Rendered, n_errors: usize) -> String {
    let mut text: String = rendered.complaints.iter().map(|one| format!("{one}\n")).collect();
    let n_warnings = rendered.complaints.len() - n_errors;
    let warnings = match n_warnings {
        0 => String::new(),
        n => format!(", {}", counted(n, "warning")),
    };
    let specs = counted(rendered.n_specs, "spec");
    text += &match n_errors {
        0 => format!("fits     {specs}{warnings}\n"),
        n => format!("{} in {specs}{warnings}\n", counted(n, "complaint")),
    };
    text
}

fn to_json(rendered: &Rendered, n_errors: usize) -> Value {
    let complaints: Vec<Value> = rendered.complaints.iter().map(complaint_to_json).collect();
    let n_warnings = rendered.complaints.len() - n_errors;
    let totals = json!({"specs": rendered.n_specs, "errors": n_errors, "warnings": n_warnings});
    json!({"complaints": complaints, "totals": totals})
}

fn complaint_to_json(one: &Complaint) -> Value {
    let severity = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "severity": severity,
        "file": one.file,
        "line": one.line,
        "column": one.column,
        "at": one.pointer,
        "message": one.message,
        "hint": one.hint,
    })
}
