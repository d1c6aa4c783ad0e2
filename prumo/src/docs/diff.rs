//! `prumo docs diff`: lists what changed between two versions of a page, or of many pages.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use prumo_pages::Change;
use serde_json::{Value, json};

use super::Format;
use super::pages::Pages;
use crate::screen::{self, counted};

/// Compares two versions of a page.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The page as it was: reStructuredText, Markdown, HTML, a Postman collection, plain text, a
    /// folder of such pages, or a lock (`prumo docs lock`).
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The page as it is.
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The format of the list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Runs the verb: 0 without changes, 4 with changes.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (old, new) = (Pages::read(&args.old)?, Pages::read(&args.new)?);
    let (old, new) = (old.beside(&new), new.beside(&old));
    let changes = prumo_pages::diff(&old, &new);
    let text = match args.format {
        Format::Text => text(&changes, &args.new),
        Format::Json => {
            let list: Vec<Value> = changes.iter().map(Change::to_json).collect();
            format!("{:#}\n", json!({ "changes": list }))
        }
    };
    screen::print(&text)?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(screen::DRIFTING) })
}

fn text(changes: &[Change], new: &Path) -> String {
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
        let name = change.name.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "  {:<22}  {name}{}  ({}:{})",
            change.kind.name(),
            details(change),
            change.page,
            change.line
        );
    }
    let _ = writeln!(text, "\ndrifts   {}", counted(changes.len(), "change"));
    text
}

/// Words the members of a change: ` string, required`, ` from a to b`.
pub(crate) fn details(change: &Change) -> String {
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
