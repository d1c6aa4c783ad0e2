//! Reads JSON: the name of a member says what its value is.

use super::super::json::{Json, Token};
use super::super::{Sensitive, names};
use super::look::{Search, is_of_kind, is_uncommon_name};
use super::{Gathered, pairs};

/// The most JSON texts within texts.
const MAX_DEPTH: usize = 3;

/// Remembers the names and secrets of members.
pub(super) fn gather(json: &Json<'_>, known: &mut Gathered) {
    leaves(json, "", &mut |name, token, _| {
        known.see(named(name), &token.text);
        within(&token.text, 0, &mut |name, token| known.see(named(name), &token.text));
        if token.text.len() < pairs::MAX_LINE {
            pairs::gather(&token.text, super::Syntax::Prose, known);
        }
    });
}

/// Reports what each member and each text holds.
pub(super) fn look(json: &Json<'_>, search: &Search, add: &mut dyn FnMut(usize, Sensitive)) {
    leaves(json, "", &mut |name, token, is_name| {
        let at = token.start();
        if let Some(kind) = kind_of(name, &token.text) {
            add(at, kind);
            return;
        }
        within(&token.text, 0, &mut |name, token| {
            if let Some(kind) = kind_of(name, &token.text) {
                add(at, kind);
            }
        });
        let is_id = !is_name && names::is_id(name);
        for (_, kind) in search.found(&token.text) {
            if !(is_id && matches!(kind, Sensitive::Phone | Sensitive::Document)) {
                add(at, kind);
            }
        }
    });
}

/// Returns the kind of a member's value if it is worth a look.
fn kind_of(name: &str, text: &str) -> Option<Sensitive> {
    named(name).filter(|kind| {
        is_of_kind(*kind, text) || (*kind == Sensitive::Name && is_uncommon_name(text))
    })
}

fn named(name: &str) -> Option<Sensitive> {
    match names::is_secret_header(name) {
        true => Some(Sensitive::Secret),
        false => names::kind(name),
    }
}

/// Calls `see` for every text, number and name of a member, with the name that describes it.
fn leaves(json: &Json<'_>, name: &str, see: &mut dyn FnMut(&str, &Token<'_>, bool)) {
    match json {
        Json::Text(token) | Json::Number(token) => see(name, token, false),
        Json::List(items) => items.iter().for_each(|item| leaves(item, name, see)),
        Json::Object(members) => {
            let label = label(members);
            for (token, member) in members {
                see("", token, true);
                let own = match &label {
                    Some(label) if names::is_value(&token.text) => label,
                    _ => token.text.as_ref(),
                };
                leaves(member, own, see);
            }
        }
        Json::Word(_) => {}
    }
}

/// Returns the name that one member gives to another: `{"name": "cpf", "value": "…"}`.
fn label<'j>(members: &'j [(Token<'_>, Json<'_>)]) -> Option<&'j str> {
    members.iter().any(|(name, _)| names::is_value(&name.text)).then_some(())?;
    let (_, naming) = members.iter().find(|(name, _)| names::is_naming(&name.text))?;
    naming.text()
}

/// Calls `see` for the leaves of JSON that is written in a text.
fn within(text: &str, depth: usize, see: &mut dyn FnMut(&str, &Token<'_>)) {
    let trimmed = text.trim();
    let is_json = trimmed.starts_with(['{', '[']) && trimmed.ends_with(['}', ']']);
    if !is_json || depth >= MAX_DEPTH {
        return;
    }
    let Some(json) = Json::parse(trimmed) else { return };
    leaves(&json, "", &mut |name, token, _| {
        see(name, token);
        within(&token.text, depth + 1, see);
    });
}
