//! Writes how a client finds the branch of a union without one tag.

use std::fmt::Write;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::emit::files::braced;
use crate::prepare::{Marks, Ranking};

/// Writes a union whose branches are tried in the order of their ranks, or else of `ranking`.
pub(super) fn ranked(name: &str, branches: &[String], ranking: &Ranking) -> anyhow::Result<String> {
    ensure!(ranking.order.len() == branches.len(), "the union has other branches than its schema");
    let branch = |index: &usize| branches.get(*index).cloned().context("no such branch");
    let ordered = ranking.order.iter().map(branch).collect::<anyhow::Result<Vec<_>>>()?;
    let Some(marks) = &ranking.marks else {
        return Ok(format!("union_of!({name} {});\n", braced(&ordered)));
    };
    let mut text = format!("union_of!({name} {{\n");
    for (place, (branch, index)) in ordered.iter().zip(&ranking.order).enumerate() {
        let marks = marks.get(*index).context("a branch without marks")?;
        let _ = writeln!(text, "    {place} {branch} by {},", written(marks));
    }
    text.push_str("});\n");
    Ok(text)
}

fn written(marks: &Marks) -> String {
    match marks {
        Marks::Any => "Any".to_owned(),
        Marks::Values(values) => format!("Values({})", constants(values)),
        Marks::Members { required, optional, constants: fixed } => {
            let fixed = fixed.iter().map(|(name, all)| format!("({name:?}, {})", constants(all)));
            format!(
                "Members {{ required: {}, optional: {}, constants: {} }}",
                list(required.iter().map(|name| format!("{name:?}"))),
                list(optional.iter().map(|name| format!("{name:?}"))),
                list(fixed)
            )
        }
        Marks::OneOf(all) => format!("OneOf({})", list(all.iter().map(written))),
    }
}

fn constants(values: &[Value]) -> String {
    list(values.iter().map(|value| match value {
        Value::String(text) => format!("Text({text:?})"),
        Value::Bool(flag) => format!("Bool({flag})"),
        other => format!("Int({other})"),
    }))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}
