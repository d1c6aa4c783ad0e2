//! Turns the members of a form into its fields, with the same names as the generated clients use.

use std::path::PathBuf;

use anyhow::{Context, bail};
use prumo_drift::exchange::compacted;
use prumo_runtime::{FilePart, Form, FormBody, FormKind};
use serde_json::value::RawValue;

use super::spelled::{Members, items, plain};
use prumo_codegen::prepare::{FieldKind, FormField};

/// The content of a field, and the media type that the spec gives to its part.
#[derive(Clone)]
pub(crate) enum Part {
    Text(String, Option<String>),
    /// The content of the file at this path.
    File(PathBuf, Option<String>),
}

impl Part {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into(), None)
    }

    fn media(&mut self) -> &mut Option<String> {
        let (Self::Text(_, media) | Self::File(_, media)) = self;
        media
    }
}

/// The media type of a part with JSON.
const JSON: &str = "application/json";

/// Names and contents of the fields, in the order of sending.
pub(crate) type Parts = Vec<(String, Part)>;

/// A form sent as `multipart/form-data`.
pub(crate) struct Multipart(pub(crate) Parts);

/// A form sent urlencoded.
pub(crate) struct UrlEncoded(pub(crate) Parts);

impl FormBody for Multipart {
    // The operation's own limit is checked when the request is sent.
    const MAX_REQUEST_BYTES: Option<u64> = None;
    const KIND: FormKind = FormKind::Multipart;

    fn write(&self, form: &mut Form) {
        write(&self.0, form);
    }
}

impl FormBody for UrlEncoded {
    const MAX_REQUEST_BYTES: Option<u64> = None;
    const KIND: FormKind = FormKind::UrlEncoded;

    fn write(&self, form: &mut Form) {
        write(&self.0, form);
    }
}

fn write(parts: &Parts, form: &mut Form) {
    for (name, part) in parts {
        let (Part::Text(_, media) | Part::File(_, media)) = part;
        let add = |form: &mut Form| match part {
            Part::Text(text, _) => form.text(name, text),
            Part::File(path, _) => form.file(name, &FilePart::from_path(path)),
        };
        match media {
            Some(media) => form.typed(media, add),
            None => add(form),
        }
    }
}

/// Returns the fields of a form.
///
/// # Errors
///
/// A member or a file has no field in the form, or is of another kind than its field.
pub(crate) fn parts(
    fields: &[FormField],
    members: &Members,
    files: &[(String, PathBuf)],
) -> anyhow::Result<Parts> {
    let is_known = |name: &str| fields.iter().any(|field| field.property == name);
    let mut given =
        members.iter().map(|(name, _)| name).chain(files.iter().map(|(name, _)| name.as_str()));
    if let Some(name) = given.find(|name| !is_known(name)) {
        let known: Vec<&str> = fields.iter().map(|field| field.property.as_str()).collect();
        bail!("the form has no field `{name}`; it has {}", known.join(", "));
    }
    let mut parts = Parts::new();
    for FormField { property, kind, content_type, .. } in fields {
        let n_before = parts.len();
        let files: Vec<&PathBuf> =
            files.iter().filter(|(name, _)| name == property).map(|(_, file)| file).collect();
        if is_file(kind) {
            add_files(&mut parts, property, kind, &files)?;
        } else if !files.is_empty() {
            bail!("the field `{property}` takes no file");
        }
        if let Some(value) = members.get(property).filter(|value| value.get() != "null") {
            add(&mut parts, property, kind, value)
                .with_context(|| format!("the field `{property}`"))?;
        }
        if content_type.is_some() {
            let added = parts.iter_mut().skip(n_before);
            added.for_each(|(_, part)| part.media().clone_from(content_type));
        }
    }
    Ok(parts)
}

fn is_file(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::File => true,
        FieldKind::Each(item) | FieldKind::Repeated(item) | FieldKind::Indexed(item) => {
            is_file(item)
        }
        FieldKind::Text | FieldKind::Json | FieldKind::Keyed | FieldKind::Deep => false,
    }
}

fn add_files(
    parts: &mut Parts,
    property: &str,
    kind: &FieldKind,
    files: &[&PathBuf],
) -> anyhow::Result<()> {
    if *kind == FieldKind::File && files.len() > 1 {
        bail!("the field `{property}` takes one file");
    }
    for (index, file) in files.iter().enumerate() {
        parts.push((name_of(property, kind, index), Part::File((*file).clone(), None)));
    }
    Ok(())
}

/// Returns the name of one item of a field.
fn name_of(property: &str, kind: &FieldKind, index: usize) -> String {
    match kind {
        // A name that already has brackets keeps them.
        FieldKind::Each(_) if !property.ends_with("[]") => format!("{property}[]"),
        FieldKind::Indexed(_) => format!("{property}[{index}]"),
        _ => property.to_owned(),
    }
}

fn add(parts: &mut Parts, name: &str, kind: &FieldKind, value: &RawValue) -> anyhow::Result<()> {
    match kind {
        FieldKind::File => bail!("takes a file: `--file {name}=@path`"),
        FieldKind::Text => parts.push((name.to_owned(), Part::text(scalar(value)?))),
        FieldKind::Json => {
            let json = compacted(value).get().to_owned();
            parts.push((name.to_owned(), Part::Text(json, Some(JSON.to_owned()))));
        }
        FieldKind::Each(item) | FieldKind::Repeated(item) | FieldKind::Indexed(item) => {
            let items = items(value).context("is no list")?;
            for (index, value) in items.into_iter().enumerate() {
                add(parts, &name_of(name, kind, index), item, value)?;
            }
        }
        FieldKind::Keyed => {
            for (key, value) in Members::of(value).context("is no object")?.iter() {
                parts.push((format!("{name}[{key}]"), Part::text(scalar(value)?)));
            }
        }
        FieldKind::Deep => deep(parts, name, value),
    }
    Ok(())
}

fn scalar(value: &RawValue) -> anyhow::Result<String> {
    plain(value).context("is no scalar")
}

/// Collects each scalar inside a value, at any depth.
fn deep(parts: &mut Parts, name: &str, value: &RawValue) {
    if let Some(items) = items(value) {
        for (index, item) in items.into_iter().enumerate() {
            deep(parts, &format!("{name}[{index}]"), item);
        }
    } else if let Some(members) = Members::of(value) {
        for (key, member) in members.iter() {
            deep(parts, &format!("{name}[{key}]"), member);
        }
    } else if let Some(text) = plain(value) {
        parts.push((name.to_owned(), Part::text(text)));
    }
}
