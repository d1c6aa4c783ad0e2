//! Mutates one value: its type, its enum, its format, its characters.

use prumo_drift::Rule;
use prumo_spec::formats::FORMATS;
use serde_json::{Map, Value, json};

use super::change::Change;
use super::clocks::{fitting, impossible, picture_of};
use super::mutant;
use super::promise::JsonType;
use super::site::{Role, Site, Slot};

/// Formats of texts other than dates and times, each with a text that does not fit.
const WRONG: &[(&str, &str)] = &[
    ("int-or-string", "doze"),
    ("number-or-string", "doze"),
    ("money", "doze"),
    ("decimal-string", "R$ 10"),
    ("sim-nao", "talvez"),
    ("email", "ana at example.com"),
    ("uuid", "123e4567-e89b-12d3-a456"),
    ("uri", "sem esquema"),
    ("hostname", "a b!"),
    ("ipv4", "300.1.1.1"),
    ("ipv6", "12::34::56"),
    ("byte", "não é base64"),
];

/// A text that is not a date or time in any format.
const NO_MOMENT: &str = "hoje";

/// The formats that allow an empty text.
const MAY_BE_EMPTY: &[&str] = &["byte"];

pub(super) fn as_text(value: &Value) -> Value {
    if value.is_null() { json!("1") } else { value.to_string().into() }
}

/// Turns a list into the object with numbered keys that PHP makes of it.
pub(super) fn numbered(value: &Value) -> Value {
    let items = value.as_array().into_iter().flatten().enumerate();
    items.map(|(index, item)| (index.to_string(), item.clone())).collect::<Map<_, _>>().into()
}

pub(super) fn null(site: &Site<'_>) -> Vec<Change> {
    // A body of null counts as empty, which `empty` covers.
    if site.role == Role::Body || site.kinds.contains(&JsonType::Null) {
        return Vec::new();
    }
    vec![Change::new(Value::Null, vec![site.expect(Rule::NullUnexpected)])]
}

pub(super) fn word_for_scalar(site: &Site<'_>) -> Vec<Change> {
    no_scalar(site, "palavra")
}

/// Empties a parameter, as in `?pagina=`. Other mutators do the same in JSON.
pub(super) fn empty_for_scalar(site: &Site<'_>) -> Vec<Change> {
    let is_json = matches!(site.slot, Slot::Pointer(_));
    // An empty path segment changes the path, and an empty parameter may stand for null.
    let is_something_else =
        matches!(site.slot, Slot::Path { .. }) || site.kinds.contains(&JsonType::Null);
    if is_json || is_something_else { Vec::new() } else { no_scalar(site, "") }
}

fn no_scalar(site: &Site<'_>, text: &str) -> Vec<Change> {
    let is_scalar = [JsonType::Bool, JsonType::Int, JsonType::Number]
        .iter()
        .any(|kind| site.kinds.contains(kind));
    if !is_scalar || site.allows(JsonType::Text) || is_other_kind(site) {
        return Vec::new();
    }
    vec![Change::new(text.into(), vec![site.expect(Rule::TypeChanged)])]
}

/// Returns whether the value is a list or an object.
fn is_other_kind(site: &Site<'_>) -> bool {
    site.value.is_array() || site.value.is_object()
}

pub(super) fn unknown_value(site: &Site<'_>) -> Vec<Change> {
    let unknown = unlisted(site).filter(|_| !site.is_extensible());
    unknown.map(|value| Change::new(value, vec![unknown_expected(site)])).into_iter().collect()
}

/// Returns a value that the enum of this site lacks.
pub(super) fn unlisted(site: &Site<'_>) -> Option<Value> {
    let known = site.values()?;
    known.iter().find(|value| !value.is_null()).and_then(|value| not_among(value, &known))
}

fn unknown_expected(site: &Site<'_>) -> super::site::Sight {
    site.expect(match site.role {
        Role::Tag { is_envelope: true, .. } => Rule::EnvelopeContradiction,
        Role::Body | Role::Tag { .. } | Role::Plain => Rule::EnumValueUnknown,
    })
}

/// Makes a value of the type of `like` that is not in `known`.
fn not_among(like: &Value, known: &[Value]) -> Option<Value> {
    let candidate = match like {
        Value::String(_) => json!("valor_novo"),
        Value::Number(_) => known.iter().filter_map(Value::as_i64).max()?.checked_add(1)?.into(),
        Value::Bool(bool) => json!(!bool),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!known.contains(&candidate)).then_some(candidate)
}

pub(super) fn another_spelling(site: &Site<'_>) -> Vec<Change> {
    let (Some(known), Some(text)) = (site.values(), site.value.as_str()) else {
        return Vec::new();
    };
    let swapped = match text.to_lowercase() {
        lower if lower == text => text.to_uppercase(),
        lower => lower,
    };
    if known.contains(&json!(swapped)) || swapped == text || site.is_extensible() {
        return Vec::new();
    }
    vec![Change::new(swapped.into(), vec![unknown_expected(site)])]
}

/// Returns the format of a text at this site; `None` where an enum decides.
fn text_format<'s>(site: &Site<'s>) -> Option<&'s str> {
    site.promise
        .format()
        .filter(|_| site.allows(JsonType::Text) && site.values().is_none() && !is_other_kind(site))
}

fn violations<T: Into<Value>>(site: &Site<'_>, texts: impl IntoIterator<Item = T>) -> Vec<Change> {
    let change = |text: T| Change::new(text.into(), vec![site.expect(Rule::FormatViolated)]);
    texts.into_iter().map(change).collect()
}

fn wrong(format: &str) -> Option<&'static str> {
    let row = WRONG.iter().find(|(name, _)| *name == format).map(|(_, text)| *text);
    row.or_else(|| picture_of(format).map(|_| NO_MOMENT))
}

pub(super) fn another_date(site: &Site<'_>) -> Vec<Change> {
    let Some(own) = text_format(site).and_then(picture_of) else {
        return Vec::new();
    };
    let others =
        FORMATS.iter().filter_map(|format| format.picture).filter(|picture| *picture != own);
    violations(site, others.map(fitting))
}

pub(super) fn impossible_date(site: &Site<'_>) -> Vec<Change> {
    violations(site, text_format(site).map(impossible).unwrap_or_default())
}

pub(super) fn not_of_format(site: &Site<'_>) -> Vec<Change> {
    violations(site, text_format(site).and_then(wrong))
}

pub(super) fn empty_for_format(site: &Site<'_>) -> Vec<Change> {
    let format = text_format(site);
    let is_strict = |format: &&str| wrong(format).is_some() && !MAY_BE_EMPTY.contains(format);
    violations(site, format.filter(is_strict).map(|_| ""))
}

pub(super) fn other_decimal(site: &Site<'_>) -> Vec<Change> {
    let format = text_format(site);
    let is_number =
        |format: &&str| matches!(*format, "decimal-string" | "number-or-string" | "int-or-string");
    violations(site, format.filter(is_number).map(|_| "1.234,56"))
}

pub(super) fn number_out_of_format(site: &Site<'_>) -> Vec<Change> {
    if site.values().is_some() || !site.allows(JsonType::Int) || is_other_kind(site) {
        return Vec::new();
    }
    let numbers: &[i64] = match site.promise.format() {
        Some("bool-as-int") => &[2, -1],
        Some("epoch-millis") => &[i64::MAX, -377_705_023_202_000],
        Some("int32") => &[2_147_483_648, -2_147_483_649],
        _ => return Vec::new(),
    };
    numbers
        .iter()
        .map(|&int| Change::new(int.into(), vec![site.expect(Rule::FormatViolated)]))
        .collect()
}

pub(super) fn beyond_64_bits(site: &Site<'_>) -> Vec<Change> {
    let is_int = site.kinds.contains(&JsonType::Int) && !site.kinds.contains(&JsonType::Number);
    // The client keeps these formats as texts, of any length.
    let is_wide =
        matches!(site.promise.format(), Some("int-or-string" | "number-or-string" | "money"));
    if !is_int || is_wide || site.values().is_some() || is_other_kind(site) {
        return Vec::new();
    }
    let rule = match site.promise.format() {
        Some("int32" | "int64" | "bool-as-int" | "epoch-millis") => Rule::FormatViolated,
        _ => Rule::BoundExceeded,
    };
    let numbers: &[&str] = &[
        "9223372036854775808",
        "-9223372036854775809",
        "1234567890123456789012345678901234567890",
    ];
    let values: Vec<Value> = match site.slot {
        Slot::Pointer(_) => numbers.iter().map(|digits| mutant::raw(digits)).collect(),
        // The judge does not read a text with that many digits as a number.
        Slot::Text(_)
        | Slot::Part(_)
        | Slot::Query { .. }
        | Slot::Path { .. }
        | Slot::Cookie { .. } => numbers.iter().take(2).map(|digits| json!(digits)).collect(),
    };
    values.into_iter().map(|value| Change::new(value, vec![site.expect(rule)])).collect()
}

pub(super) fn half_a_pair(site: &Site<'_>) -> Vec<Change> {
    if !site.value.is_string() {
        return Vec::new();
    }
    vec![Change::new(mutant::half_a_pair(), vec![site.ground.expect_body(Rule::BodyUnreadable)])]
}

pub(super) fn replacement_character(site: &Site<'_>) -> Vec<Change> {
    if !site.value.is_string() || site.values().is_some() || !site.kinds.contains(&JsonType::Text) {
        return Vec::new();
    }
    let n_chars = site.value.as_str().unwrap_or_default().chars().count().max(1);
    let text = char::REPLACEMENT_CHARACTER.to_string().repeat(n_chars);
    vec![Change::new(text.into(), vec![site.expect(Rule::BodyUnreadable)])]
}
