//! Mends slips of schemas.

use serde_json::{Map, Value, json};

use super::Mender;
use crate::openapi::{Combination, is_annotation};
use crate::pointer::below;

impl Mender<'_> {
    /// Mends the keywords of one schema; those inside it come later.
    pub(super) fn schema(&mut self, members: &mut Map<String, Value>, at: &str) {
        self.null_beside_reference(members, at);
        self.type_null(members, at);
        self.enumeration(members, at);
        self.type_of_values(members, at);
        self.pattern(members, at);
        for how in Combination::BRANCHES {
            self.null_branch(how.keyword(), members, at);
        }
    }

    /// Writes `nullable` beside a reference in the form in which it counts.
    fn null_beside_reference(&mut self, members: &mut Map<String, Value>, at: &str) {
        if members.get("nullable") != Some(&Value::Bool(true)) {
            return;
        }
        let Some(reference) = members.shift_remove("$ref") else { return };
        // Everything else beside it stays ignored.
        members.retain(|name, _| name == "nullable" || is_annotation(name));
        let message = "`nullable` beside `$ref` counts".to_owned();
        self.tell(&below(at, "nullable"), message, "write `allOf: [{$ref: …}]` beside it");
        members.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }

    /// Reads the type `null` as a schema that allows nothing else.
    fn type_null(&mut self, members: &mut Map<String, Value>, at: &str) {
        if !is_type_null(members.get("type")) {
            return;
        }
        let message = "`type: 'null'` is read as null and nothing else".to_owned();
        self.tell(&below(at, "type"), message, "OpenAPI 3.0 has `nullable: true`");
        members.shift_remove("type");
        members.insert("nullable".to_owned(), json!(true));
        members.insert("enum".to_owned(), json!([null]));
    }

    /// Reads a branch that allows only null as `nullable` of the whole.
    fn null_branch(&mut self, keyword: &str, members: &mut Map<String, Value>, at: &str) {
        let Some(branches) = members.get_mut(keyword).and_then(Value::as_array_mut) else { return };
        let is_null = |branch: &Value| {
            let Some(branch) = branch.as_object() else { return false };
            let is_alone = branch.keys().all(|key| key == "type" || is_annotation(key));
            is_alone && is_type_null(branch.get("type"))
        };
        let Some(index) = branches.iter().position(is_null).filter(|_| branches.len() > 1) else {
            return;
        };
        branches.retain(|branch| !is_null(branch));
        members.insert("nullable".to_owned(), json!(true));
        let at = format!("{}/{index}", below(at, keyword));
        let message = format!("a branch of `{keyword}` that is null makes the whole nullable");
        self.tell(&at, message, "OpenAPI 3.0 has `nullable: true`");
    }

    /// Converts the values of an enum to its `type`.
    fn enumeration(&mut self, members: &mut Map<String, Value>, at: &str) {
        let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let at = below(at, "enum");
        let values = members.get_mut("enum").and_then(Value::as_array_mut);
        for (index, value) in values.into_iter().flatten().enumerate() {
            let at = format!("{at}/{index}");
            match (kind.as_str(), &*value) {
                ("string", _) => self.text(value, &at, "enum"),
                ("integer", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_i64),
                ("number", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_number),
                ("boolean", Value::String(_)) => self.parsed(value, &at, "enum", Value::is_boolean),
                _ => {}
            }
        }
    }

    /// Replaces a type that none of the values has by theirs, if they have one.
    fn type_of_values(&mut self, members: &mut Map<String, Value>, at: &str) {
        let said = members.get("type").and_then(Value::as_str).unwrap_or_default();
        let values = members.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut kinds = values.iter().filter(|value| !value.is_null()).map(kind_of);
        let Some(kind) = kinds.next().filter(|kind| kinds.all(|other| other == *kind)) else {
            return;
        };
        let is_whole = said == "number" && kind == "integer";
        if !matches!(said, "string" | "integer" | "number" | "boolean") || said == kind || is_whole
        {
            return;
        }
        let message =
            format!("the values of `enum` are of type `{kind}`, so `{said}` is read as that");
        self.tell(&below(at, "type"), message, "let `type` be what the values are");
        members.insert("type".to_owned(), json!(kind));
    }

    /// Takes members off a parameter that is one value: its type says how it is sent.
    pub(super) fn members_of_scalar(&mut self, parameter: &mut Map<String, Value>, at: &str) {
        let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else {
            return;
        };
        let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_scalar = matches!(&*kind, "string" | "integer" | "number" | "boolean");
        if !is_scalar || schema.shift_remove("properties").is_none() {
            return;
        }
        schema.shift_remove("required");
        schema.shift_remove("additionalProperties");
        let at = below(&below(at, "schema"), "properties");
        let message = format!("a parameter of type `{kind}` has no `properties`: left out");
        self.tell(&at, message, "let `type` be `object`, or leave them out");
    }

    /// Takes the slashes off a pattern that is written as a literal of JavaScript.
    fn pattern(&mut self, members: &mut Map<String, Value>, at: &str) {
        let Some(pattern) = members.get("pattern").and_then(Value::as_str) else { return };
        let Some(meant) = without_slashes(pattern).map(str::to_owned) else { return };
        let message = "a pattern between slashes is read without them".to_owned();
        self.tell(&below(at, "pattern"), message, "take the slashes off");
        members.insert("pattern".to_owned(), Value::String(meant));
    }
}

fn is_type_null(kind: Option<&Value>) -> bool {
    kind.and_then(Value::as_str) == Some("null")
}

/// Returns the JSON type of a value; numbers without a fraction are integers.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        _ => "",
    }
}

/// Returns the pattern between slashes, or `None` if they may be meant: a pattern whose anchor is
/// inside them matches no text at all.
fn without_slashes(pattern: &str) -> Option<&str> {
    let (inner, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
    let is_flags = flags.chars().all(|flag| "gimsuy".contains(flag));
    (is_flags && (inner.starts_with('^') || inner.ends_with('$'))).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::without_slashes;

    #[test]
    fn only_slashes_that_can_mean_nothing_are_taken_off() {
        let rows = [
            (r"/^\d{11}$/", Some(r"^\d{11}$")),
            ("/^a/i", Some("^a")),
            ("/a$/", Some("a$")),
            ("/a/", None),
            ("^/a/$", None),
            ("/", None),
            ("/^a/b", None),
        ];
        for (pattern, expected) in rows {
            assert_eq!(without_slashes(pattern), expected, "pattern `{pattern}`");
        }
    }
}
