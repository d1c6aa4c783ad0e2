//! Turns a body that is not recorded as JSON into a text, a form, or neither.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::charset;
use super::coding::{self, Undecoded};
use super::{ExchangeFault, FormPart, Headers, form};
use crate::contract::{Unreadable, is_json};

/// Accepts base64 with and without padding, since recorders write both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A body that is not recorded as JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct Content<'a> {
    pub(super) text: Option<Cow<'a, str>>,
    /// Set for requests only.
    pub(super) form: Option<Vec<FormPart<'a>>>,
    /// The bytes as received, from which the exchange is written; set together with `unreadable`,
    /// unless a text shows the same fault.
    pub(super) base64: Option<Cow<'a, str>>,
    pub(super) unreadable: Option<Unreadable>,
}

/// The reason why a body can't be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentFault {
    NotBase64,
    Coding(&'static str),
    Expands { max_bytes: usize },
}

impl<'a> Content<'a> {
    /// Reads a text, which may still be chunked.
    pub(super) fn of_text(
        text: Cow<'a, str>,
        headers: &Headers<'_>,
        max_bytes: usize,
    ) -> Result<Self, ContentFault> {
        if !coding::is_chunked(headers) {
            return Ok(Self { text: Some(text), ..Self::default() });
        }
        // A text can have no other coding than chunks.
        let entries = vec![("transfer-encoding".into(), "chunked".into())];
        let chunks = Headers { entries, ..Headers::default() };
        let content = Self::of_bytes(text.as_bytes().to_vec(), &chunks, max_bytes)?;
        Ok(content.or_bytes(text.as_bytes()))
    }

    /// Reads the bytes as received.
    pub(super) fn of_base64(
        base64: Cow<'a, str>,
        headers: &Headers<'_>,
        max_bytes: usize,
    ) -> Result<Self, ContentFault> {
        let content = Self::of_bytes(bytes_of(&base64)?, headers, max_bytes)?;
        Ok(Self { base64: Some(base64), ..content })
    }

    /// Reads the bytes in a HAR document: already decoded, unless they become text only by the
    /// codings in the headers. Codings that were undone are removed from the headers.
    pub(super) fn of_kept_bytes(
        base64: Cow<'a, str>,
        headers: &mut Headers<'_>,
        max_bytes: usize,
    ) -> Result<Self, ContentFault> {
        let bytes = bytes_of(&base64)?;
        let is_text =
            headers.media_type().is_some_and(|kind| is_json(&kind) || kind.starts_with("text/"));
        if is_text && std::str::from_utf8(&bytes).is_err() {
            let content = Self::of_bytes(bytes.clone(), headers, max_bytes)?;
            if content.unreadable != Some(Unreadable::BadCoding) {
                return Ok(Self { base64: Some(base64), ..content });
            }
        }
        coding::forget(headers);
        let content = Self::of_bytes(bytes, headers, max_bytes)?;
        Ok(Self { base64: Some(base64), ..content })
    }

    /// Reads bytes in the codings and the charset that `headers` name.
    fn of_bytes(
        bytes: Vec<u8>,
        headers: &Headers<'_>,
        max_bytes: usize,
    ) -> Result<Self, ContentFault> {
        match coding::decoded(bytes, headers, max_bytes) {
            Ok(bytes) => Ok(Self::of_decoded(bytes, headers)),
            Err(Undecoded::Unreadable(why)) => {
                Ok(Self { unreadable: Some(why), ..Self::default() })
            }
            Err(Undecoded::Unknown(coding)) => Err(ContentFault::Coding(coding)),
            Err(Undecoded::TooLarge) => Err(ContentFault::Expands { max_bytes }),
        }
    }

    fn of_decoded(bytes: Vec<u8>, headers: &Headers<'_>) -> Self {
        // The content of a file in a form need not be text.
        if let Some(form) = form::of_multipart(headers, &bytes) {
            return Self::of_form(form);
        }
        match charset::text_of(&bytes, headers) {
            Ok(text) => Self { text: Some(text.into_owned().into()), ..Self::default() },
            Err(why) => Self { unreadable: Some(why), ..Self::default() },
        }
    }

    fn of_form(form: Result<Vec<FormPart<'static>>, Unreadable>) -> Self {
        match form {
            Ok(parts) => Self { form: Some(parts), ..Self::default() },
            Err(why) => Self { unreadable: Some(why), ..Self::default() },
        }
    }

    /// Reads the content of a request: a text is a form if the headers say so.
    pub(super) fn sent(self, headers: &Headers<'_>) -> Self {
        let Some(text) = &self.text else {
            return self;
        };
        let form = match headers.media_type().as_deref() {
            Some("application/x-www-form-urlencoded") => Some(Ok(form::of_pairs(text))),
            _ => form::of_multipart(headers, text.as_bytes()),
        };
        let Some(form) = form else {
            return self;
        };
        let mut content = Self { base64: self.base64, ..Self::of_form(form) };
        if content.unreadable.is_some() && content.base64.is_none() {
            // As bytes it would be in the codings of the headers, which this text never had.
            content.text = self.text;
        }
        content
    }

    /// Keeps the bytes that could not be read.
    fn or_bytes(mut self, bytes: &[u8]) -> Self {
        if self.unreadable.is_some() && self.base64.is_none() {
            self.base64 = Some(BASE64.encode(bytes).into());
        }
        self
    }
}

impl ContentFault {
    /// Returns the fault of the member at `pointer`.
    pub(super) fn at(self, pointer: String) -> ExchangeFault {
        match self {
            Self::NotBase64 => ExchangeFault::Unexpected { pointer, expected: "base64" },
            Self::Coding(coding) => ExchangeFault::Coding { pointer, coding },
            Self::Expands { max_bytes } => ExchangeFault::Expands { pointer, max_bytes },
        }
    }
}

/// Decodes a text in base64.
fn bytes_of(base64: &str) -> Result<Vec<u8>, ContentFault> {
    let has_breaks = base64.bytes().any(|byte| byte.is_ascii_whitespace());
    let text = match has_breaks {
        true => Cow::Owned(base64.split_ascii_whitespace().collect()),
        false => Cow::Borrowed(base64),
    };
    BASE64.decode(text.as_bytes()).map_err(|_| ContentFault::NotBase64)
}
