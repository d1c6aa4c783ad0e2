//! Turns form bodies into a body that progenitor can send, an urlencoded one, and records how each
//! field is really written.
//!
//! In a house document the parts of a list or map have names in brackets (`anexos[]`,
//! `campos[id]`), as servers in PHP read them; in a foreign document each item repeats the bare
//! name, which is OpenAPI's default. `encoding` with `style: deepObject`, `style: form` or
//! `x-list-names: indexed` overrides this for one field.
//!
//! Invariants:
//!
//! * Fields are sent in the order of the document, not of their names.
//! * A form's own `binary` fields are files; anywhere else they are text.

use serde_json::{Value, json};

use super::scalars::stand_in;
use super::{Body, Draft, FieldEncoding, FieldKind, Form, FormField, schema};
use prumo_spec::complaint::Complaints;
use prumo_spec::{MediaType, below};

/// The urlencoded body that replaces every form.
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Records the forms of `draft`.
pub(super) fn forms(draft: &mut Draft, complaints: &mut Complaints<'_>) {
    for operation in &mut draft.operations {
        // An optional form without a field is not sent.
        if operation
            .body
            .as_ref()
            .is_some_and(|body| is_form(body) && !body.required && is_empty(&body.schema))
        {
            operation.body = None;
        }
    }
    let mut forms: Vec<Form> = Vec::new();
    for operation in &draft.operations {
        let Some(body) = &operation.body else {
            continue;
        };
        if !is_form(body) {
            continue;
        }
        let Some(name) = schema::target(&body.schema) else {
            complaints.error(&body.pointer, "a form that is no object with properties", "");
            continue;
        };
        let form = Form {
            name: name.to_owned(),
            multipart: body.media != URLENCODED,
            max_request_bytes: operation.max_request_bytes,
            fields: fields(draft, body, complaints),
        };
        match forms.iter().find(|known| known.name == form.name) {
            Some(known) if *known == form => {}
            Some(_) => complaints.error(
                &body.pointer,
                format!("`{name}` is sent as two different forms"),
                "give each operation a schema of its own",
            ),
            None => forms.push(form),
        }
    }
    for form in &forms {
        mark_files(draft, form);
    }
    draft.forms = forms;
}

fn is_form(body: &Body) -> bool {
    MediaType::new(&body.media).is_form()
}

/// Returns whether a slot is an object without known properties.
fn is_empty(slot: &Value) -> bool {
    schema::type_of(slot) == Some("object")
}

fn fields(draft: &Draft, body: &Body, complaints: &mut Complaints<'_>) -> Vec<FormField> {
    let component = schema::target(&body.schema).and_then(|name| draft.schemas.get(name));
    let Some(component) = component.filter(|component| component.get("properties").is_some())
    else {
        complaints.error(&body.pointer, "a form that is no object with properties", "");
        return Vec::new();
    };
    let brackets = complaints.is_house();
    let mut fields = Vec::new();
    for (property, slot) in schema::properties(component) {
        let style = encoding_of(body, property).and_then(|encoding| encoding.style.as_deref());
        let brackets = match style {
            Some(style) => style == "deepObject",
            None => brackets,
        };
        let kind = match kind(draft, slot, body.media != URLENCODED, brackets) {
            FieldKind::Json if style == Some("deepObject") => FieldKind::Deep,
            FieldKind::Each(item) | FieldKind::Repeated(item) if is_indexed(body, property) => {
                FieldKind::Indexed(item)
            }
            // JSON of a text is the text in quotes.
            FieldKind::Text if is_json(body, property) => FieldKind::Json,
            kind => kind,
        };
        encoding(body, property, &kind, complaints);
        fields.push(FormField {
            property: property.clone(),
            optional: !schema::is_required(component, property) || schema::is_nullable(slot),
            content_type: content_type(body, property, &kind),
            kind,
        });
    }
    fields
}

fn encoding_of<'b>(body: &'b Body, property: &str) -> Option<&'b FieldEncoding> {
    body.encodings.iter().find(|encoding| encoding.property == property)
}

fn is_indexed(body: &Body, property: &str) -> bool {
    encoding_of(body, property).is_some_and(|encoding| encoding.is_indexed)
}

/// Returns whether a field's `encoding` says that its part is JSON.
fn is_json(body: &Body, property: &str) -> bool {
    let said = encoding_of(body, property).and_then(|encoding| encoding.content_type.as_deref());
    body.media != URLENCODED && said.is_some_and(|said| is_one_type(said) && reads_as_json(said))
}

fn reads_as_json(media: &str) -> bool {
    let media = MediaType::new(media);
    !media.is_range() && media.may_be_json()
}

/// Returns whether a `contentType` is one media type, not a list or a range of them.
fn is_one_type(media: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_graphic() && sign != ',' || sign == ' ';
    media.chars().all(is_sign) && media.contains('/') && !MediaType::new(media).is_range()
}

/// Returns the media type that a field's `encoding` gives to its parts.
fn content_type(body: &Body, property: &str, kind: &FieldKind) -> Option<String> {
    let said = encoding_of(body, property)?.content_type.as_deref()?.trim();
    let is_kept = match kind {
        FieldKind::Json => reads_as_json(said),
        FieldKind::Keyed | FieldKind::Deep => false,
        _ => true,
    };
    let is_sent = is_kept && body.media != URLENCODED && is_one_type(said);
    is_sent.then(|| said.to_owned())
}

/// Complains of each part of a field's `encoding` that is not honoured.
fn encoding(body: &Body, property: &str, kind: &FieldKind, complaints: &mut Complaints<'_>) {
    let Some(encoding) = encoding_of(body, property) else { return };
    let at = body.pointer.strip_suffix("/schema").unwrap_or(&body.pointer);
    let at = below(&below(at, "encoding"), property);
    let is_list =
        matches!(kind, FieldKind::Each(_) | FieldKind::Repeated(_) | FieldKind::Indexed(_));
    if is_indexed(body, property) && !is_list {
        complaints.error(
            &at,
            format!("`x-list-names` of `{property}`, which is no list of texts or files"),
            "",
        );
    }
    let style = encoding.style.as_deref();
    match style {
        None | Some("form" | "deepObject") => {}
        Some(style) => complaints.warning(
            &at,
            format!(
                "`style: {style}` of `{property}` is not honoured: each item is sent by itself"
            ),
            "",
        ),
    }
    if is_list && style != Some("deepObject") && encoding.explode == Some(false) {
        let message = format!(
            "`explode: false` of `{property}` is not honoured: each item is sent by itself"
        );
        complaints.warning(&at, message, "");
    }
    let is_kept = match kind {
        // A file sets its own media type where the spec leaves it open.
        FieldKind::File => true,
        FieldKind::Each(item) | FieldKind::Repeated(item) | FieldKind::Indexed(item)
            if **item == FieldKind::File =>
        {
            true
        }
        kind => encoding.content_type.is_none() || content_type(body, property, kind).is_some(),
    };
    if !is_kept && body.media != URLENCODED {
        complaints.warning(&at, format!("`contentType` of `{property}` is not sent"), "");
    }
    if encoding.has_headers {
        complaints.warning(&at, format!("`headers` of `{property}` are not sent"), "");
    }
}

fn kind(draft: &Draft, slot: &Value, multipart: bool, brackets: bool) -> FieldKind {
    if let Some(name) = schema::target(slot) {
        let meant = draft.schemas.get(name);
        let scalar = meant
            .is_some_and(|meant| meant.get("properties").is_none() && meant.get("oneOf").is_none());
        return if scalar { FieldKind::Text } else { FieldKind::Json };
    }
    match schema::type_of(slot) {
        Some("string") if schema::format_of(slot) == Some("binary") && multipart => FieldKind::File,
        Some("string" | "integer" | "number" | "boolean") => FieldKind::Text,
        Some("array") => {
            let item = slot
                .get("items")
                .map_or(FieldKind::Json, |item| kind(draft, item, multipart, brackets));
            match item {
                FieldKind::Text | FieldKind::File if brackets => FieldKind::Each(Box::new(item)),
                FieldKind::Text | FieldKind::File => FieldKind::Repeated(Box::new(item)),
                _ => FieldKind::Json,
            }
        }
        Some("object") if brackets => {
            let value = slot.get("additionalProperties");
            match value.map(|value| kind(draft, value, multipart, brackets)) {
                Some(FieldKind::Text) => FieldKind::Keyed,
                _ => FieldKind::Json,
            }
        }
        _ => FieldKind::Json,
    }
}

/// Changes the type of the file fields of `form` to the runtime's type for a file.
fn mark_files(draft: &mut Draft, form: &Form) {
    let file = stand_in("FilePart");
    let mut marked = false;
    let Some(component) = draft.schemas.get_mut(&form.name) else {
        return;
    };
    for field in &form.fields {
        let Some(slot) =
            component.get_mut("properties").and_then(|all| all.get_mut(&field.property))
        else {
            continue;
        };
        let slot = match &field.kind {
            FieldKind::File => slot,
            FieldKind::Each(item) | FieldKind::Repeated(item) | FieldKind::Indexed(item)
                if **item == FieldKind::File =>
            {
                &mut slot["items"]
            }
            _ => continue,
        };
        slot["allOf"] = schema::reference(&file)["allOf"].clone();
        if let Some(members) = slot.as_object_mut() {
            members.shift_remove("type");
            members.shift_remove("format");
        }
        marked = true;
    }
    if marked {
        draft.schemas.insert(file, json!({"type": "string"}));
    }
}
