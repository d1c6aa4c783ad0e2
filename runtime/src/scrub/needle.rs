//! Turns a credential into the texts by which a vendor's echo of it is recognized.
//!
//! Escapes and the case of letters are undone in the text that is searched ([`View`]), so what is
//! spelled here are whole encodings: hexadecimal digits, Base64, and the letters in reverse.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};

use super::view::{ESCAPES, View, fold};
use crate::secret::Secret;

/// Minimum number of hexadecimal digits that stand for a credential. Fewer occur by chance.
const MIN_HEX: usize = 8;
/// Minimum number of letters of Base64 that stand for a credential.
const MIN_BASE64: usize = 6;

/// The spelling of a credential in a needle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spelling {
    Letters,
    Hex,
    Base64,
}

/// A text to search for.
#[derive(Clone)]
pub(super) struct Needle {
    text: Secret,
    spelling: Spelling,
    /// Length of the shortest part that is removed. A part of a credential helps to guess it.
    pub(super) min_run: usize,
}

impl Needle {
    fn new(text: String, spelling: Spelling) -> Self {
        let longest = match spelling {
            Spelling::Letters => 12,
            Spelling::Hex => 24,
            Spelling::Base64 => 16,
        };
        // One letter, which hexadecimal digits and Base64 spell with two.
        let missing = if spelling == Spelling::Letters { 1 } else { 2 };
        let min_run = match text.len() {
            short @ ..8 => short,
            long => longest.min(long - missing),
        };
        Self { text: Secret::new(text), spelling, min_run }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.text.expose().as_bytes()
    }

    /// Returns whether the letters around an occurrence may hold bits of the credential.
    pub(super) fn has_edges(&self) -> bool {
        self.spelling == Spelling::Base64
    }
}

/// Returns the parts of a credential that an echo may consist of. It may be trimmed, and the
/// password of `user:password` is a secret by itself.
pub(super) fn parts(secret: &str) -> impl Iterator<Item = &str> {
    let password = secret.split_once(':').map(|(_, password)| password);
    [secret, secret.trim()].into_iter().chain(password)
}

/// Returns the needles for a credential that are long enough for the index.
pub(super) fn needles(secret: &Secret) -> Vec<Needle> {
    let mut spelled = BTreeSet::new();
    for part in parts(secret.expose()) {
        spell(part, &mut spelled);
    }
    let spelled = spelled.into_iter().filter(|(text, _)| text.len() >= super::GRAM);
    spelled.map(|(text, spelling)| Needle::new(text, spelling)).collect()
}

fn spell(part: &str, spelled: &mut BTreeSet<(String, Spelling)>) {
    let folded = |text: &str| text.chars().flat_map(fold).collect::<String>();
    let mut add = |text: String, spelling| {
        spelled.insert((folded(&text), spelling));
    };
    add(part.to_owned(), Spelling::Letters);
    add(part.chars().rev().collect(), Spelling::Letters);
    // A form spells a space as a plus sign.
    add(part.replace(' ', "+"), Spelling::Letters);
    // The text is searched after each pass of decoding, which also changes a credential that looks
    // like an escape.
    let mut view = View::of(part.as_bytes());
    while let Some(next) = view.decoded(ESCAPES) {
        add(String::from_utf8_lossy(next.bytes()).into_owned(), Spelling::Letters);
        view = next;
    }
    let hex = part.bytes().fold(String::new(), |mut hex, byte| {
        // Writing to a `String` can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    if hex.len() >= MIN_HEX {
        add(hex, Spelling::Hex);
    }
    let encoded = (0..3).map(|n_before| base64_within(part, n_before));
    for text in encoded.filter(|text| text.len() >= MIN_BASE64) {
        add(text, Spelling::Base64);
    }
}

/// Returns the letters of Base64 that depend only on `part`, if `n_before` bytes precede it in their
/// group of three. So `Bearer <token>` and `user:<password>` are recognized as well.
fn base64_within(part: &str, n_before: usize) -> String {
    let bytes: Vec<u8> = std::iter::repeat_n(0, n_before).chain(part.bytes()).collect();
    let encoded = BASE64_STANDARD_NO_PAD.encode(&bytes);
    let whole = (n_before * 8).div_ceil(6)..bytes.len() * 8 / 6;
    encoded.get(whole).unwrap_or_default().to_owned()
}
