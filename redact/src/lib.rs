//! Turns a recorded exchange into one that can be committed: no person, no secret.
//!
//! Four sources decide what is personal, in this order: the spec's `x-pii` and `x-secret`, the
//! names of fields, the form of a text (documents with their check digits, phones, cards, tokens),
//! and what was found elsewhere in the exchange. Each personal value becomes a fake of the same
//! form, and so does every other occurrence of it, in whatever way it is spelled.
//!
//! Invariants:
//!
//! * The shape stays: kinds, presence, lengths, masks, enums, dates and ids. Only replaced values
//!   change; everything else stays byte for byte, also the spelling of numbers.
//! * A body that is recorded as bytes (`base64`) is removed, since its contents can't be judged.
//! * The same value under the same key becomes the same fake, on every platform; check digits
//!   stay valid.
//! * Without the key a fake reveals only the form of the original. The key is a secret: with it one
//!   can try values until the fake is the same.

mod audit;
mod cues;
mod detect;
mod fake;
mod hash;
mod html;
mod json;
mod kind;
mod known;
mod labels;
mod made_up;
mod names;
mod people;
mod reserved;
mod run;
mod search;
mod secrets;
mod spec;
mod stamp;
mod unmarked;
mod view;
mod vocabulary;
mod words;

use serde_json::Value;

use prumo_spec::Document;

use self::fake::Faker;
use self::json::Json;
use self::run::Run;
use self::secrets::Secrets;
use self::spec::Specs;

pub use self::audit::{Hit, Syntax, audit};
pub use self::kind::{Counts, Sensitive};
pub use self::unmarked::{Unmarked, unmarked};

/// Replaces personal data and secrets in exchanges; the module describes what stays.
pub struct Redactor {
    faker: Faker,
    specs: Specs,
    secrets: Secrets,
}

impl Redactor {
    /// Returns a redactor without a spec: it decides by names and forms alone.
    ///
    /// `key` decides the fakes. With an empty or known key, anyone can find the originals by
    /// trying, which is acceptable for made-up data only.
    pub fn new(key: &[u8]) -> Self {
        Self { faker: Faker::new(key), specs: Specs::default(), secrets: Secrets::default() }
    }

    /// Adds the marks of an OpenAPI document. A mark in one of several documents is enough.
    #[must_use]
    pub fn with_spec(mut self, document: &Document) -> Self {
        self.specs.push(document);
        self
    }

    /// Adds secrets, which are found however a text spells them.
    ///
    /// A secret of fewer than four letters is too short to be distinguished from other text.
    #[must_use]
    pub fn with_secrets<'s>(mut self, secrets: impl IntoIterator<Item = &'s str>) -> Self {
        secrets.into_iter().for_each(|secret| self.secrets.add(secret));
        self
    }

    /// Redacts one exchange in place; a value that is no exchange is redacted as a body.
    pub fn redact(&self, exchange: &mut Value) -> Counts {
        let text = exchange.to_string();
        let redacted = self.redact_text(&text);
        let (value, counts) = match redacted {
            Some((text, counts)) => (serde_json::from_str(&text).ok(), counts),
            None => (None, Counts::default()),
        };
        // A value that nests too deep can't be searched, so none of it stays.
        *exchange = value.unwrap_or_default();
        counts
    }

    /// Returns the JSON text of one exchange without persons and secrets, and what was replaced.
    ///
    /// Everything else stays byte for byte. Returns `None` if the text is not JSON, or nests more
    /// than 128 levels.
    pub fn redact_text(&self, exchange: &str) -> Option<(String, Counts)> {
        let mut json = Json::parse(exchange)?;
        let counts = Run::new(self.faker, &self.specs, self.secrets.clone()).redact(&mut json);
        Some((json.written(exchange), counts))
    }
}

/// Returns the kind of value that a field's name implies, or `None`.
pub fn kind_of_name(name: &str) -> Option<Sensitive> {
    names::kind(name)
}

/// Returns whether a header of this name carries a credential.
pub fn is_secret_header(name: &str) -> bool {
    names::is_secret_header(name)
}

/// Returns the kinds of values that are found in a text by their form, the most certain ones first.
pub fn kinds_in_text(text: &str) -> Vec<Sensitive> {
    detect::found(text).into_iter().map(|(_, kind)| kind).collect()
}

#[cfg(test)]
mod tests;
