//! Turns a form into the pieces of a multipart body.

#[cfg(not(target_arch = "wasm32"))]
use std::collections::hash_map::RandomState;
#[cfg(not(target_arch = "wasm32"))]
use std::hash::BuildHasher as _;

use super::payload::Piece;
use super::{Field, FieldValue, Form};
use crate::error::Error;
use crate::file_part::header_text;

/// Encodes the form as in RFC 7578, except for names: accents and brackets stay as they are,
/// because PHP does not read `name*=utf-8''…`.
pub(super) fn multipart(form: &Form, boundary: &str) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for Field { name, value, content_type } in &form.fields {
        let shown = header_text(name);
        text.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{shown}\""));
        match value {
            FieldValue::Text(value) => {
                if let Some(content_type) = content_type {
                    text.push_str(&format!("\r\nContent-Type: {content_type}"));
                }
                text.push_str(&format!("\r\n\r\n{value}"));
            }
            FieldValue::File(file, size) => {
                let head = file.head(content_type.as_deref()).ok_or_else(|| {
                    Error::invalid(format!(
                        "the file of field `{name}` has a malformed content type"
                    ))
                })?;
                text.push_str(&head);
                pieces.push(Piece::Text(std::mem::take(&mut text).into()));
                pieces.push(Piece::File { field: name.clone(), file: file.clone(), size: *size });
            }
        }
        text.push_str("\r\n");
    }
    if !form.fields.is_empty() {
        text.push_str(&format!("--{boundary}--\r\n"));
        pieces.push(Piece::Text(text.into()));
    }
    Ok(pieces)
}

/// Returns a boundary that can't be guessed, so that no field contains it.
pub(super) fn random_boundary() -> String {
    format!("{:016x}{:016x}{:016x}", random(), random(), random())
}

#[cfg(not(target_arch = "wasm32"))]
fn random() -> u64 {
    RandomState::new().hash_one("boundary")
}

/// The standard library's keys are the same each time in a browser, so its own randomness is used.
#[cfg(target_arch = "wasm32")]
fn random() -> u64 {
    fastrand::u64(..)
}
