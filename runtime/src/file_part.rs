//! Provides the files of an upload: from memory, or streamed from disk or a reader.
//!
//! The size is known before the first byte is sent. A file is opened only when its turn comes, and
//! must then have that size.

mod json;
mod progress;
#[cfg(not(target_arch = "wasm32"))]
mod streamed;

use std::fmt;
use std::path::Path;

use bytes::Bytes;

#[cfg(not(target_arch = "wasm32"))]
use streamed::Streamed;

pub use progress::Progress;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use streamed::{FileChunks, FileError};

/// One file of a form.
///
/// ```
/// use prumo_runtime::FilePart;
///
/// let from_disk = FilePart::from_path("/var/log/link.txt");
/// let from_memory = FilePart::from_bytes("a.txt", "down since 10:58").content_type("text/plain");
/// # assert_eq!(format!("{from_disk:?}"), "FilePart(on disk)");
/// # assert_eq!(format!("{from_memory:?}"), "FilePart(16 bytes)");
/// ```
///
/// `Debug` shows neither path, name nor content. As JSON it is an object with `path` or `bytes` (a
/// text, or a list of byte values), `name` and `content_type`. A file from a reader can't be
/// serialized. Deserializing also accepts `file` for `name`, and a number for `bytes`: that many
/// zero bytes, for a recording that contains only the size of a file.
#[derive(Clone)]
pub struct FilePart {
    source: FileSource,
    name: Option<String>,
    content_type: Option<String>,
    progress: Option<progress::Callback>,
}

/// The source of a file's bytes.
#[derive(Clone)]
enum FileSource {
    Bytes(Bytes),
    #[cfg(not(target_arch = "wasm32"))]
    Streamed(Streamed),
}

impl FilePart {
    /// Creates a file from bytes in memory.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let source = FileSource::Bytes(bytes.into());
        Self { source, name: Some(name.into()), content_type: None, progress: None }
    }

    /// Sends the file under another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type. By default it is derived from the name.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Returns the size in bytes, for which it may access the disk, or the reason why there is
    /// none.
    pub(crate) fn size(&self) -> Result<u64, String> {
        match &self.source {
            FileSource::Bytes(bytes) => Ok(bytes.len() as u64),
            #[cfg(not(target_arch = "wasm32"))]
            FileSource::Streamed(streamed) => streamed.size(),
        }
    }

    /// Returns whether the file can be read, or read again.
    pub(crate) fn is_readable(&self) -> bool {
        match &self.source {
            FileSource::Bytes(_) => true,
            #[cfg(not(target_arch = "wasm32"))]
            FileSource::Streamed(streamed) => streamed.is_readable(),
        }
    }

    /// Returns the content, which is always in memory here.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn in_memory(&self) -> &[u8] {
        let FileSource::Bytes(bytes) = &self.source;
        bytes
    }

    /// Returns the part's head from behind the field's name up to the content, or `None` if the
    /// media type is malformed. `content_type` is the one of a file that has none of its own.
    pub(crate) fn head(&self, content_type: Option<&str>) -> Option<String> {
        // Without a file name PHP treats a part as a plain field.
        let name = self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("file");
        let content_type = self.content_type.as_deref().or(content_type);
        let content_type = content_type.unwrap_or_else(|| media_type_of(name));
        let name = header_text(name).replace('\\', "\\\\");
        is_media_type(content_type)
            .then(|| format!("; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n"))
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            FileSource::Bytes(bytes) => write!(f, "FilePart({} bytes)", bytes.len()),
            #[cfg(not(target_arch = "wasm32"))]
            FileSource::Streamed(streamed) => write!(f, "FilePart({streamed:?})"),
        }
    }
}

/// Escapes text so that it can't end the quoted string or the header that contains it.
///
/// Quotes, line breaks and other control characters are percent-encoded, as browsers do. Letters of
/// any script stay as they are.
pub(crate) fn header_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '"' || letter.is_ascii_control() {
            out.push_str(&crate::encode::encode_path(letter.encode_utf8(&mut [0; 4])));
        } else {
            out.push(letter);
        }
    }
    out
}

/// Returns whether text is a media type that stays on its line: `type/subtype` with printable
/// parameters.
pub(crate) fn is_media_type(text: &str) -> bool {
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    let is_token = |part: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-*'`|~%".contains(&byte);
        !part.is_empty() && part.bytes().all(is_plain)
    };
    let parts = kind.trim_end_matches(' ').split_once('/');
    parts.is_some_and(|(top, sub)| is_token(top) && is_token(sub))
        && parameters.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Derives the media type from the file extension.
fn media_type_of(name: &str) -> &'static str {
    const KINDS: [(&str, &str); 15] = [
        ("csv", "text/csv"),
        ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("gif", "image/gif"),
        ("jpeg", "image/jpeg"),
        ("jpg", "image/jpeg"),
        ("json", "application/json"),
        ("log", "text/plain"),
        ("pdf", "application/pdf"),
        ("png", "image/png"),
        ("txt", "text/plain"),
        ("webp", "image/webp"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("xml", "application/xml"),
        ("zip", "application/zip"),
    ];
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let kind = KINDS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
    kind.map_or("application/octet-stream", |&(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_kind_and_stays_in_its_quotes() {
        let cases = [
            ("a.PDF", "application/pdf", "a.PDF"),
            ("são.tar.gz", "application/octet-stream", "são.tar.gz"),
            ("no ending", "application/octet-stream", "no ending"),
            ("a\".png", "image/png", "a%22.png"),
            ("a\r\n\0\u{7f}.txt", "text/plain", "a%0D%0A%00%7F.txt"),
        ];
        for (name, kind, text) in cases {
            assert_eq!(media_type_of(name), kind, "name {name:?}");
            assert_eq!(header_text(name), text, "name {name:?}");
        }
    }

    #[test]
    fn a_media_type_is_a_type_a_subtype_and_printable_parameters() {
        let cases = [
            ("text/plain", true),
            ("Image/svg+xml; charset=\"utf-8\"", true),
            ("application/vnd.ms-excel;a=b; c=d", true),
            ("", false),
            ("text", false),
            ("text/", false),
            ("/plain", false),
            ("text/plain/x", false),
            ("te xt/plain", false),
            ("text/plain\r\nX: 1", false),
            ("text/plain; a=\r\nX: 1", false),
            ("text/plain; a=\u{7f}", false),
            ("text/plain; a=é", false),
        ];
        for (text, expect) in cases {
            assert_eq!(is_media_type(text), expect, "media type {text:?}");
        }
    }
}
