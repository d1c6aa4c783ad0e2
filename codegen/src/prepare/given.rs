//! Renames parameters, fields and credentials whose Rust names would collide, without changing
//! their names on the wire.
//!
//! progenitor and typify derive both the Rust name and the wire name from the name that they get.
//! So they get the wire name followed by a mark and a suffix. Both treat the mark as a break
//! between two words, and `unmarked` removes it and the suffix from every literal.
//!
//! Invariants:
//!
//! * The first of several keeps its name, and path parameters come first.
//! * The mark is a noncharacter of Unicode.

use std::collections::BTreeSet;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use serde_json::Value;

use super::{Draft, Operation, Placement, schema};
use crate::names::{parameter, snake};
use prumo_spec::below;
use prumo_spec::complaint::Complaints;
use prumo_spec::openapi::ParameterPlace;

/// Stands between the wire name and the suffix.
const MARK: char = '\u{FDD0}';

/// Names that a builder's setters can't have.
pub const RESERVED_SETTERS: [&str; 6] =
    ["new", "send", "pages", "items", "header_map", "encode_path"];

/// Methods of the client's builder that are not credentials.
pub const RESERVED_CREDENTIALS: [&str; 23] = [
    "base_url",
    "timeout",
    "total_timeout",
    "connect_timeout",
    "stall_timeout",
    "max_answer_bytes",
    "root_certificate",
    "credentials",
    "password_grant",
    "retry",
    "rate_limit",
    "no_rate_limit",
    "observer",
    "clock",
    "build",
    "proxy",
    "no_proxy",
    "allow_plain_http",
    "identity",
    "http_client",
    "client_credentials",
    "authorized",
    "authorization_request",
];

/// Gives each parameter its own setter.
pub(super) fn parameters(draft: &mut Draft) {
    for operation in &mut draft.operations {
        setters(operation);
    }
}

fn setters(operation: &mut Operation) {
    let mut taken: BTreeSet<String> = RESERVED_SETTERS.map(str::to_owned).into();
    if operation.body.is_some() {
        taken.extend(["body", "body_map"].map(str::to_owned));
    }
    let mut open: Vec<_> = operation.parameters.iter_mut().filter(|one| !one.secret).collect();
    open.sort_by_key(|one| one.place != ParameterPlace::Path);
    open.retain(|one| !taken.insert(one.setter()));
    for one in open {
        let marked = |suffix: String| format!("{}{MARK}{}{suffix}", one.name, one.place.word());
        let numbers = (2..).map(|count: u32| count.to_string());
        let mut names = std::iter::once(String::new()).chain(numbers).map(marked);
        if let Some(given) = names.find(|given| taken.insert(parameter(given))) {
            one.given = given;
        }
    }
}

/// Gives each credential its own method on the client's builder.
pub(super) fn credentials(draft: &mut Draft, complaints: &mut Complaints<'_>) {
    if complaints.is_house() {
        return;
    }
    let mut taken: BTreeSet<String> = RESERVED_CREDENTIALS.map(|name| name.replace('_', "")).into();
    let key = |name: &str| parameter(name).replace('_', "");
    // Methods that begin with the name of a scheme, if several schemes have them.
    for scheme in draft.schemes.iter().filter(|scheme| scheme.has_flow()) {
        let ends = ["clientcredentials", "authorized", "authorizationrequest"];
        taken.extend(ends.map(|end| key(&scheme.name) + end));
    }
    for scheme in &mut draft.schemes {
        if taken.insert(key(&scheme.name)) || scheme.placement == Placement::PathSegment {
            continue;
        }
        let old = scheme.name.clone();
        let numbers = (2..).map(|count: u32| count.to_string());
        let mut names = std::iter::once(String::new())
            .chain(numbers)
            .map(|number| format!("{old}_credential{number}"));
        let Some(name) = names.find(|name| taken.insert(key(name))) else { continue };
        complaints.warning(
            &below("/components/securitySchemes", &old),
            format!(
                "a credential cannot be the method `{}` of the client's builder",
                parameter(&old)
            ),
            &format!("it is given by `{}`", parameter(&name)),
        );
        scheme.name.clone_from(&name);
        let asked = draft.operations.iter_mut().flat_map(|one| &mut one.security).flatten();
        asked.filter(|one| **one == old).for_each(|one| one.clone_from(&name));
        let scopes = draft.operations.iter_mut().flat_map(|one| &mut one.scopes);
        scopes.filter(|(one, _)| *one == old).for_each(|(one, _)| one.clone_from(&name));
    }
}

/// Gives each variable of the server its own method on the client's builder.
pub(super) fn server(draft: &mut Draft) {
    let Some(server) = &draft.server else { return };
    let key = |name: &str| parameter(name).replace('_', "");
    let mut taken: BTreeSet<String> = RESERVED_CREDENTIALS.map(|name| name.replace('_', "")).into();
    for scheme in &draft.schemes {
        let ends = ["", "clientcredentials", "authorized", "authorizationrequest"];
        taken.extend(ends.map(|end| key(&scheme.name) + end));
    }
    for variable in &server.variables {
        let name = parameter(&variable.name);
        let numbers = (2..).map(|count: u32| format!("{name}_variable{count}"));
        let mut names = [name.clone(), format!("{name}_variable")].into_iter().chain(numbers);
        if let Some(free) = names.find(|name| taken.insert(key(name))) {
            draft.server_setters.insert(variable.name.clone(), free);
        }
    }
}

/// Returns the properties of a component, each with the name that typify gets.
pub fn fields(component: &Value) -> Vec<(&String, String)> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    if component.get("additionalProperties").is_some() {
        // Unknown members are in the field `extra`.
        taken.insert("extra".to_owned());
    }
    let mut fields: Vec<(&String, String)> =
        schema::properties(component).map(|(name, _)| (name, name.clone())).collect();
    let mut open: Vec<&mut (&String, String)> = fields.iter_mut().collect();
    open.retain(|(name, _)| !taken.insert(snake(name)));
    for (name, given) in open {
        let mut names = (2..).map(|count: u32| format!("{name}{MARK}{count}"));
        if let Some(name) = names.find(|name| taken.insert(snake(name))) {
            *given = name;
        }
    }
    fields
}

/// Renames the properties of `component` to the names that typify gets.
pub(super) fn with_given_names(component: &mut Value) {
    let renamed: Vec<(String, String)> = fields(component)
        .into_iter()
        .filter(|(name, given)| *name != given)
        .map(|(name, given)| (name.clone(), given))
        .collect();
    if renamed.is_empty() {
        return;
    }
    let given = |name: &str| {
        let found = renamed.iter().find(|(old, _)| old == name);
        found.map_or_else(|| name.to_owned(), |(_, given)| given.clone())
    };
    if let Some(properties) = component.get_mut("properties").and_then(Value::as_object_mut) {
        *properties = properties.iter().map(|(name, slot)| (given(name), slot.clone())).collect();
    }
    for name in component.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
        *name = Value::String(given(name.as_str().unwrap_or_default()));
    }
}

/// Returns `tokens` with the wire names in all literals.
pub fn unmarked(tokens: TokenStream) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut plain = Group::new(group.delimiter(), unmarked(group.stream()));
            plain.set_span(group.span());
            TokenTree::Group(plain)
        }
        TokenTree::Literal(literal) => TokenTree::Literal(plain(literal)),
        other => other,
    });
    each.collect()
}

fn plain(literal: Literal) -> Literal {
    let source = literal.to_string();
    if !source.contains(MARK) && !source.to_ascii_lowercase().contains("\\u{fdd0}") {
        return literal;
    }
    match syn::parse_str::<syn::LitStr>(&source) {
        Ok(text) => Literal::string(&without_marks(&text.value())),
        Err(_) => literal,
    }
}

/// Removes each mark and the letters and digits behind it.
fn without_marks(text: &str) -> String {
    let mut parts = text.split(MARK);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.trim_start_matches(|sign: char| sign.is_ascii_alphanumeric()));
    }
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_keeps_its_name_and_the_wire_keeps_all() {
        let component = json!({"type": "object", "additionalProperties": {}, "properties": {
            "userName": {}, "user_name": {}, "user_name_2": {}, "extra": {}, "id": {},
        }});
        let fields: Vec<String> =
            fields(&component).iter().map(|(_, given)| snake(given)).collect();
        assert_eq!(fields, ["user_name", "user_name_3", "user_name_2", "extra_2", "id"]);
        let wire = format!("`{}` and `{}`", "user_name\u{FDD0}3", "id\u{FDD0}query2");
        assert_eq!(without_marks(&wire), "`user_name` and `id`");
    }

    #[test]
    fn every_literal_loses_the_mark() {
        let tokens = quote::quote!(
            #[serde(rename = "a_b\u{FDD0}2")]
            f("id\u{FDD0}query", "plain", 1)
        );
        let expected = quote::quote!(
            #[serde(rename = "a_b")]
            f("id", "plain", 1)
        );
        assert_eq!(unmarked(tokens).to_string(), expected.to_string());
    }
}
