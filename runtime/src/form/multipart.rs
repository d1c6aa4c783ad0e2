//! A form to the pieces of a multipart body.

#[cfg(not(target_arch = "wasm32"))]
use std::collections::hash_map::RandomState;
#[cfg(not(target_arch = "wasm32"))]
use std::hash::BuildHasher as _;

use super::payload::Piece;
use super::{Field, FieldValue, Form};
use crate::error::Error;
use crate::file_part::header_text;

/// The body in the spelling of RFC 7578, but for names: a name with an accent
/// or a bracket goes out as it is, since PHP does not read `name*=utf-8''…`.
pub(super) fn multipart(form: &Form, boundary: &str) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for Field { name, value } in &form.fields {
        let shown = header_text(name);
        text.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{shown}\""));
        match value {
            FieldValue::Text(value) => text.push_str(&format!("\r\n\r\n{value}")),
            FieldValue::File(file, size) => {
                let head = file.head().ok_or_else(|| {
                    Error::invalid(format!("the file of field `{name}` has a malformed content type"))
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

/// A line that no field holds: nobody can guess it.
pub(super) fn random_boundary() -> String {
    format!("{:016x}{:016x}{:016x}", random(), random(), random())
}

#[cfg(not(target_arch = "wasm32"))]
fn random() -> u64 {
    RandomState::new().hash_one("boundary")
}

/// By the browser's chance: the standard library has the same keys there each time.
#[cfg(target_arch = "wasm32")]
fn random() -> u64 {
    fastrand::u64(..)
}
