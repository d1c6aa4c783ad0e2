//! `prumo docs`: reads a vendor's docs pages and says what changed between two versions.
//!
//! `prumo-pages` makes all decisions; this module opens the files and words the report.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::anyhow;
use prumo_pages::{Change, Page};
use serde_json::{Value, json};

use crate::screen::{self, counted};

/// Reads a vendor's docs pages.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Lists what changed between two versions of a page: parameters, requirements, defaults,
    /// types, limits, values, headers and fields of responses.
    Diff(DiffArgs),
}

/// Compares two versions of a page.
#[derive(clap::Args)]
struct DiffArgs {
    /// The page as it was: reStructuredText, Markdown, HTML, a Postman collection, or plain text.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The page as it is.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The format of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// Text for people.
    Text,
    /// JSON for machines: one document with `changes`.
    Json,
}

/// Runs the verb: 0 without changes, 4 with changes.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::Diff(args) => diff(args),
    }
}

fn diff(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let changes = prumo_pages::diff(&old, &new);
    let text = match args.format {
        Format::Text => text(&changes, &args.old, &args.new),
        Format::Json => {
            let list: Vec<Value> = changes.iter().map(Change::to_json).collect();
            format!("{:#}\n", json!({ "changes": list }))
        }
    };
    screen::print(&text)?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(screen::DRIFTING) })
}

/// Reads a page; what could not be read in part is noted on standard error.
fn read(path: &Path) -> anyhow::Result<Page> {
    let bytes = fs_err::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let page = prumo_pages::read(&name, &text)
        .map_err(|error| anyhow!("`{}`: {error}\n  hint: {}", path.display(), error.hint()))?;
    for fault in &page.faults {
        screen::note(&format!("{}:{}: {}", path.display(), fault.line, fault.message));
    }
    Ok(page)
}

fn text(changes: &[Change], old: &Path, new: &Path) -> String {
    if changes.is_empty() {
        return format!("fits     {} says the same\n", new.display());
    }
    let mut text = String::new();
    let mut operation = "";
    for change in changes {
        if change.operation != operation {
            operation = &change.operation;
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{operation}");
        }
        let is_old = change.kind.name().ends_with("-removed");
        let file = if is_old { old } else { new };
        let name = change.name.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "  {:<22}  {name}{}  ({}:{})",
            change.kind.name(),
            details(change),
            file.display(),
            change.line
        );
    }
    let _ = writeln!(text, "\ndrifts   {}", counted(changes.len(), "change"));
    text
}

/// Words the members of a change: ` string, required`, ` from a to b`.
fn details(change: &Change) -> String {
    let member = |name: &str| change.members.get(name).filter(|value| !value.is_null());
    let mut words = Vec::new();
    if let Some(name) = member("constraint") {
        words.push(plain(name));
    }
    if change.members.contains_key("to") {
        let side = |name: &str| member(name).map_or_else(|| "nothing".to_owned(), plain);
        words.push(format!("from {} to {}", side("from"), side("to")));
    }
    words.extend(member("value").map(plain));
    words.extend(member("in").map(|place| format!("in {}", plain(place))));
    words.extend(member("type").map(plain));
    words.extend(member("enum").map(plain));
    words.extend(match member("required") {
        Some(Value::Bool(true)) => Some("required".to_owned()),
        Some(Value::Bool(false)) => Some("optional".to_owned()),
        other => other.map(plain),
    });
    words.extend(member("default").map(|default| format!("default {}", plain(default))));
    words.extend(member("children").map(|names| format!("with {}", plain(names))));
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
