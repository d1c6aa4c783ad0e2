//! Mutations of one value: its kind, its enum, its format, its characters.

use prumo_drift::Rule;
use prumo_spec::formats::FORMATS;
use serde_json::{Map, Value, json};

use super::clocks::{fitting, impossible, picture_of};
use super::mutant;
use super::mutators::Change;
use super::place::{Place, Role, Slot};
use super::promise::Kind;

/// Formats of texts that are no clocks, and a text that has not the format.
const WRONG: &[(&str, &str)] = &[
    ("int-or-string", "doze"),
    ("number-or-string", "doze"),
    ("decimal-string", "R$ 10"),
    ("email", "ana at example.com"),
    ("uuid", "123e4567-e89b-12d3-a456"),
    ("uri", "sem esquema"),
    ("hostname", "a b!"),
    ("ipv4", "300.1.1.1"),
    ("ipv6", "12::34::56"),
    ("byte", "não é base64"),
];

/// A text that shows no moment in any format.
const NO_MOMENT: &str = "hoje";

/// Of the formats of texts, the ones that allow an empty one.
const MAY_BE_EMPTY: &[&str] = &["byte"];

pub(super) fn as_text(value: &Value) -> Value {
    if value.is_null() { json!("1") } else { value.to_string().into() }
}

/// A list as the object that PHP makes of it.
pub(super) fn numbered(value: &Value) -> Value {
    let items = value.as_array().into_iter().flatten().enumerate();
    items.map(|(index, item)| (index.to_string(), item.clone())).collect::<Map<_, _>>().into()
}

pub(super) fn null(place: &Place<'_>) -> Vec<Change> {
    // A body that is null is none: another row.
    if place.role == Role::Body || place.kinds.contains(&Kind::Null) {
        return Vec::new();
    }
    vec![Change::new(Value::Null, vec![place.expect(Rule::NullUnexpected)])]
}

pub(super) fn word_for_scalar(place: &Place<'_>) -> Vec<Change> {
    no_scalar(place, "palavra")
}

/// `?pagina=`; in JSON these are rows of their own.
pub(super) fn empty_for_scalar(place: &Place<'_>) -> Vec<Change> {
    let is_json = matches!(place.slot, Slot::Pointer(_));
    // An empty segment of a path leads to another path, and an empty parameter may stand for null.
    let is_something_else = matches!(place.slot, Slot::Path { .. }) || place.kinds.contains(&Kind::Null);
    if is_json || is_something_else { Vec::new() } else { no_scalar(place, "") }
}

fn no_scalar(place: &Place<'_>, text: &str) -> Vec<Change> {
    let is_scalar = [Kind::Bool, Kind::Int, Kind::Number].iter().any(|kind| place.kinds.contains(kind));
    if !is_scalar || place.allows(Kind::Text) || is_other_kind(place) {
        return Vec::new();
    }
    vec![Change::new(text.into(), vec![place.expect(Rule::TypeChanged)])]
}

/// Of several promised kinds, the value has none that the mutation is about.
fn is_other_kind(place: &Place<'_>) -> bool {
    place.value.is_array() || place.value.is_object()
}

pub(super) fn unknown_value(place: &Place<'_>) -> Vec<Change> {
    let Some(known) = place.values() else {
        return Vec::new();
    };
    let Some(unknown) =
        known.iter().find(|value| !value.is_null()).and_then(|value| not_among(value, &known))
    else {
        return Vec::new();
    };
    vec![Change::new(unknown, vec![unknown_expected(place)])]
}

fn unknown_expected(place: &Place<'_>) -> super::place::Sight {
    place.expect(match place.role {
        Role::Tag { is_envelope: true, .. } => Rule::EnvelopeContradiction,
        Role::Body | Role::Tag { .. } | Role::Plain => Rule::EnumValueUnknown,
    })
}

/// A value of the kind of `like` that is none of `known`.
fn not_among(like: &Value, known: &[Value]) -> Option<Value> {
    let candidate = match like {
        Value::String(_) => json!("valor_novo"),
        Value::Number(_) => known.iter().filter_map(Value::as_i64).max()?.checked_add(1)?.into(),
        Value::Bool(bool) => json!(!bool),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!known.contains(&candidate)).then_some(candidate)
}

pub(super) fn another_spelling(place: &Place<'_>) -> Vec<Change> {
    let (Some(known), Some(text)) = (place.values(), place.value.as_str()) else {
        return Vec::new();
    };
    let swapped = match text.to_lowercase() {
        lower if lower == text => text.to_uppercase(),
        lower => lower,
    };
    if known.contains(&json!(swapped)) || swapped == text {
        return Vec::new();
    }
    vec![Change::new(swapped.into(), vec![unknown_expected(place)])]
}

/// The format of a text at this place; none where an enum decides.
fn text_format<'s>(place: &Place<'s>) -> Option<&'s str> {
    place
        .promise
        .format()
        .filter(|_| place.allows(Kind::Text) && place.values().is_none() && !is_other_kind(place))
}

fn violations<T: Into<Value>>(place: &Place<'_>, texts: impl IntoIterator<Item = T>) -> Vec<Change> {
    let change = |text: T| Change::new(text.into(), vec![place.expect(Rule::FormatViolated)]);
    texts.into_iter().map(change).collect()
}

fn wrong(format: &str) -> Option<&'static str> {
    let row = WRONG.iter().find(|(name, _)| *name == format).map(|(_, text)| *text);
    row.or_else(|| picture_of(format).map(|_| NO_MOMENT))
}

pub(super) fn another_date(place: &Place<'_>) -> Vec<Change> {
    let Some(own) = text_format(place).and_then(picture_of) else {
        return Vec::new();
    };
    let others = FORMATS.iter().filter_map(|format| format.picture).filter(|picture| *picture != own);
    violations(place, others.map(fitting))
}

pub(super) fn impossible_date(place: &Place<'_>) -> Vec<Change> {
    violations(place, text_format(place).map(impossible).unwrap_or_default())
}

pub(super) fn not_of_format(place: &Place<'_>) -> Vec<Change> {
    violations(place, text_format(place).and_then(wrong))
}

pub(super) fn empty_for_format(place: &Place<'_>) -> Vec<Change> {
    let format = text_format(place);
    let is_strict = |format: &&str| wrong(format).is_some() && !MAY_BE_EMPTY.contains(format);
    violations(place, format.filter(is_strict).map(|_| ""))
}

pub(super) fn other_decimal(place: &Place<'_>) -> Vec<Change> {
    let format = text_format(place);
    let is_number =
        |format: &&str| matches!(*format, "decimal-string" | "number-or-string" | "int-or-string");
    violations(place, format.filter(is_number).map(|_| "1.234,56"))
}

pub(super) fn number_out_of_format(place: &Place<'_>) -> Vec<Change> {
    if place.values().is_some() || !place.allows(Kind::Int) || is_other_kind(place) {
        return Vec::new();
    }
    let numbers: &[i64] = match place.promise.format() {
        Some("bool-as-int") => &[2, -1],
        Some("epoch-millis") => &[i64::MAX, -377_705_023_202_000],
        Some("int32") => &[2_147_483_648, -2_147_483_649],
        _ => return Vec::new(),
    };
    numbers.iter().map(|&int| Change::new(int.into(), vec![place.expect(Rule::FormatViolated)])).collect()
}

pub(super) fn beyond_64_bits(place: &Place<'_>) -> Vec<Change> {
    let is_int = place.kinds.contains(&Kind::Int) && !place.kinds.contains(&Kind::Number);
    // Kept as texts are, whatever their length.
    let is_wide = matches!(place.promise.format(), Some("int-or-string" | "number-or-string"));
    if !is_int || is_wide || place.values().is_some() || is_other_kind(place) {
        return Vec::new();
    }
    let rule = match place.promise.format() {
        Some("int32" | "int64" | "bool-as-int" | "epoch-millis") => Rule::FormatViolated,
        _ => Rule::BoundExceeded,
    };
    let numbers: &[&str] =
        &["9223372036854775808", "-9223372036854775809", "1234567890123456789012345678901234567890"];
    let values: Vec<Value> = match place.slot {
        Slot::Pointer(_) => numbers.iter().map(|digits| mutant::raw(digits)).collect(),
        // A text of that many digits is no number any more.
        Slot::Text(_) | Slot::Part(_) | Slot::Query { .. } | Slot::Path { .. } | Slot::Cookie { .. } => {
            numbers.iter().take(2).map(|digits| json!(digits)).collect()
        }
    };
    values.into_iter().map(|value| Change::new(value, vec![place.expect(rule)])).collect()
}

pub(super) fn half_a_pair(place: &Place<'_>) -> Vec<Change> {
    if !place.value.is_string() {
        return Vec::new();
    }
    vec![Change::new(mutant::half_a_pair(), vec![place.ground.expect_body(Rule::BodyUnreadable)])]
}

pub(super) fn replacement_character(place: &Place<'_>) -> Vec<Change> {
    if !place.value.is_string() || place.values().is_some() || !place.kinds.contains(&Kind::Text) {
        return Vec::new();
    }
    let n_chars = place.value.as_str().unwrap_or_default().chars().count().max(1);
    let text = char::REPLACEMENT_CHARACTER.to_string().repeat(n_chars);
    vec![Change::new(text.into(), vec![place.expect(Rule::BodyUnreadable)])]
}
