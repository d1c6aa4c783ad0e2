//! Turns a request into an equivalent curl command, with variables in place of secrets.
//!
//! Invariants:
//!
//! * It holds no secret: a credential is a variable such as `$HUBSOFT_BEARER`, any other secret is
//!   `***`.
//! * A shell takes every other word literally.

use prumo_runtime::{BodyKind, Placement};
use serde_json::Value;

use super::catalogue::{Catalogue, Chosen};
use super::form::Part;
use super::kind::{Kind, is_secret};
use super::request::{Prepared, Sent};
use prumo_codegen::prepare::{Draft, schema};

/// Placeholder for a secret without a variable.
const HIDDEN: &str = "***";

/// Headers of a form that curl adds itself.
const OF_FORMS: [&str; 2] = ["content-type", "content-length"];

/// A word of the command line: literal text and variables.
#[derive(Default)]
struct Word(String);

impl Word {
    fn literal(mut self, text: &str) -> Self {
        if !text.is_empty() {
            // Continues within the quotes of the preceding text.
            if self.0.ends_with('\'') {
                self.0.pop();
            } else {
                self.0.push('\'');
            }
            self.0 += &format!("{}'", text.replace('\'', r"'\''"));
        }
        self
    }

    fn variable(mut self, name: &str) -> Self {
        self.0 += &format!("\"${name}\"");
        self
    }
}

/// Writes the command, one option per line.
pub(crate) fn command(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    base_url: Option<&str>,
    request: &Prepared,
) -> String {
    let mut lines = vec![
        format!("curl --request {}", request.method),
        format!("--url {}", url(catalogue, chosen, base_url, request).0),
    ];
    let is_form = matches!(request.body, Sent::Form(..));
    for (name, value) in &request.headers {
        if !(is_form && OF_FORMS.contains(&name.as_str())) {
            let text = format!("{name}: {}", value.as_deref().unwrap_or(HIDDEN));
            lines.push(format!("--header {}", Word::default().literal(&text).0));
        }
    }
    lines.extend(credentials(catalogue, chosen));
    lines.extend(body(catalogue, chosen, &request.body));
    lines.join(" \\\n  ") + "\n"
}

fn url(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    base_url: Option<&str>,
    request: &Prepared,
) -> Word {
    let variables = catalogue.credentials();
    let mut word = match base_url {
        Some(base_url) => Word::default().literal(base_url.trim_end_matches('/')),
        None => Word::default().variable(&catalogue.base_url_variable()),
    };
    let mut text = String::new();
    for (wanted, segment) in chosen.row.path.split('/').zip(request.path.split('/')).skip(1) {
        text.push('/');
        let name = wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let secret = chosen.row.parameters.iter().find(|one| one.secret && Some(one.name) == name);
        match secret {
            Some(secret) => {
                word = word.literal(&text).variable(&variables.variable(secret.name));
                text.clear();
            }
            None => text += segment,
        }
    }
    let mut separator = '?';
    if let Some(query) = &request.query {
        text += &format!("?{query}");
        separator = '&';
    }
    for (name, placement) in needed(catalogue, chosen) {
        if let Placement::Query(key) = placement {
            text += &format!("{separator}{key}=");
            word = word.literal(&text).variable(&variables.variable(name));
            text.clear();
            separator = '&';
        }
    }
    word.literal(&text)
}

/// Returns the credentials of the first alternative, which the client sends if all of them are set.
fn needed<'c>(
    catalogue: &'c Catalogue,
    chosen: Chosen<'c>,
) -> impl Iterator<Item = (&'static str, Placement)> {
    let names = chosen.row.security.first().copied().unwrap_or_default();
    let mut needed: Vec<(&'static str, Placement)> = Vec::new();
    for scheme in catalogue.schemes.iter().filter(|scheme| names.contains(&scheme.name)) {
        // One credential serves all schemes of its place.
        let is_met = needed.iter().any(|(_, placement)| *placement == scheme.placement);
        if !is_met || scheme.placement == Placement::PathSegment {
            needed.push((scheme.name, scheme.placement));
        }
    }
    needed.into_iter()
}

fn credentials(catalogue: &Catalogue, chosen: Chosen<'_>) -> Vec<String> {
    let variables = catalogue.credentials();
    let line = |(name, placement): (&'static str, Placement)| {
        let variable = variables.variable(name);
        let header = |text: &str| {
            format!("--header {}", Word::default().literal(text).variable(&variable).0)
        };
        match placement {
            Placement::Bearer => Some(header("authorization: Bearer ")),
            Placement::Header(name) => Some(header(&format!("{name}: "))),
            Placement::Basic => Some(format!("--user {}", Word::default().variable(&variable).0)),
            Placement::PathSegment | Placement::Query(_) | Placement::Cookie(_) => None,
        }
    };
    let mut cookies = Word::default();
    for (name, placement) in needed(catalogue, chosen) {
        if let Placement::Cookie(cookie) = placement {
            let separator = if cookies.0.is_empty() { "" } else { "; " };
            let text = format!("{separator}{cookie}=");
            cookies = cookies.literal(&text).variable(&variables.variable(name));
        }
    }
    let mut lines: Vec<String> = needed(catalogue, chosen).filter_map(line).collect();
    if !cookies.0.is_empty() {
        lines.push(format!("--cookie {}", cookies.0));
    }
    lines
}

fn body(catalogue: &Catalogue, chosen: Chosen<'_>, body: &Sent) -> Vec<String> {
    let fields = catalogue.fields(chosen.drafted);
    let secret: Vec<&str> = fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Password))
        .map(|field| field.name)
        .collect();
    let quoted = |text: &str| Word::default().literal(text).0;
    match body {
        Sent::Nothing => Vec::new(),
        Sent::Json(value, text) => {
            let mut shown = value.clone();
            if let Some(body) = &chosen.drafted.body {
                hide(&catalogue.draft, &body.schema, &mut shown);
            }
            let shown = if shown == *value { text.to_string() } else { shown.to_string() };
            vec![format!("--data-raw {}", quoted(&shown))]
        }
        Sent::Raw(bytes) => vec![format!("--data-raw {}", quoted(&String::from_utf8_lossy(bytes)))],
        Sent::Form(kind, parts) => {
            let line = |(name, part): &(String, Part)| match part {
                Part::File(path, media) => {
                    let path = escaped(&path.to_string_lossy());
                    let media = media_option(media.as_deref());
                    format!("--form {}", quoted(&format!("{name}=@\"{path}\"{media}")))
                }
                Part::Text(text, media) => {
                    let text = if secret.contains(&name.as_str()) { HIDDEN } else { text };
                    if let Some(media) = media.as_deref().filter(|_| *kind == BodyKind::Multipart) {
                        let (text, media) = (escaped(text), media_option(Some(media)));
                        return format!("--form {}", quoted(&format!("{name}=\"{text}\"{media}")));
                    }
                    let option =
                        if *kind == BodyKind::Multipart { "form-string" } else { "data-urlencode" };
                    format!("--{option} {}", quoted(&format!("{name}={text}")))
                }
            };
            parts.iter().map(line).collect()
        }
    }
}

/// Escapes text for the quotes of a value of `--form`.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

/// Returns the end of a value of `--form` with the part's media type.
fn media_option(media: Option<&str>) -> String {
    media.map_or_else(String::new, |media| format!(";type={media}"))
}

/// Hides the secret parts of a value that `slot` describes.
fn hide(draft: &Draft, slot: &Value, value: &mut Value) {
    if is_secret(slot) {
        *value = HIDDEN.into();
        return;
    }
    let component = schema::target(slot).and_then(|name| draft.schemas.get(name));
    for branch in
        component.and_then(|component| component.get("oneOf")?.as_array()).into_iter().flatten()
    {
        hide(draft, branch, value);
    }
    match value {
        Value::Object(members) => {
            let all = slot.get("additionalProperties").filter(|slot| slot.is_object());
            for (name, member) in members {
                let properties = component.and_then(|component| component.get("properties"));
                if let Some(slot) = properties.and_then(|all| all.get(name)).or(all) {
                    hide(draft, slot, member);
                }
            }
        }
        Value::Array(items) => {
            let slot = slot.get("items").unwrap_or(&Value::Null);
            items.iter_mut().for_each(|item| hide(draft, slot, item));
        }
        _ => {}
    }
}
