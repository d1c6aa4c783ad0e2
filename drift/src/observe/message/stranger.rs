//! Names the endpoint of a request that no operation takes, so that all its calls are one finding,
//! and the same one every night.
//!
//! The name is the method and the path, with `*` for every segment that may be a value: where the
//! spec has a parameter, behind the first unknown segment, and whatever looks like an id.
//!
//! Invariants:
//!
//! * A name holds literals of the spec and at most one other segment, which is a word.
//! * Endpoints that differ only in ids, or in the number of segments at their end, share a name.

use super::route::{Piece, Routes, bare_path, fits_one, segments};
use prumo_spec::mask::safe_method;

/// The mark of a segment that may be a value.
const ANY: &str = "*";

/// The most marks at the end of a path; more of them are `…`.
const MAX_TRAILING: usize = 2;

/// The longest segment that is printed.
const MAX_BYTES: usize = 32;

/// The most words of a segment that is printed; more of them are a title.
const MAX_WORDS: usize = 4;

/// The endpoint of a request, and how much of its path the spec has.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    /// The number of segments, from the first on, that some path of the spec begins with.
    pub(crate) n_known: usize,
    /// Such as `GET /pedidos/*`.
    pub(crate) name: String,
}

impl Routes {
    /// Returns the endpoint of a request that no operation takes.
    pub(crate) fn endpoint(&self, method: &str, path: &str) -> Endpoint {
        let path = segments(bare_path(path));
        let mut paths: Vec<Vec<&[Piece]>> = self.whole_paths().collect();
        let mut names = Vec::new();
        let mut n_known = 0;
        for (index, segment) in path.iter().enumerate() {
            let is_within = n_known == index && !paths.is_empty();
            paths.retain(|path| path.get(index).is_some_and(|pieces| fits_one(pieces, segment)));
            let is_literal = |path: &Vec<&[Piece]>| path.get(index).is_some_and(|p| is_text(p));
            let name = match is_within {
                true if paths.iter().any(is_literal) => segment,
                true if !paths.is_empty() => ANY,
                true if is_word(segment) => segment,
                false if self.has_literal(segment) => segment,
                _ => ANY,
            };
            n_known += usize::from(is_within && !paths.is_empty());
            names.push(name);
        }
        let method = safe_method(&method.to_uppercase());
        Endpoint { n_known, name: format!("{method} /{}", shortened(&names).join("/")) }
    }
}

/// Returns the segments with a bounded number of marks at the end.
fn shortened<'s>(names: &[&'s str]) -> Vec<&'s str> {
    let n_named = names.iter().rposition(|name| *name != ANY).map_or(0, |last| last + 1);
    let mut short: Vec<&str> = names.iter().take(n_named + MAX_TRAILING).copied().collect();
    if short.len() < names.len() {
        short.push("…");
    }
    short
}

fn is_text(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece::Literal(_)])
}

/// Returns whether a segment looks like the name of an endpoint: a few words without the digits,
/// the mixed case and the runs of consonants of an id.
fn is_word(segment: &str) -> bool {
    let is_mark = |c: char| matches!(c, '-' | '_' | '.');
    segment.len() <= MAX_BYTES
        && segment.split(is_mark).count() <= MAX_WORDS
        && (segment.split(is_mark).all(is_simple) || is_version(segment))
}

/// Returns whether a word has letters, and at most one digit, which is not its start.
fn is_simple(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let n_upper = count(u8::is_ascii_uppercase);
    let n_digits = count(u8::is_ascii_digit);
    // `API`, `listarClientes`, but not a random text of both cases.
    let is_cased = n_upper == word.len() - n_digits || n_upper * 4 <= word.len();
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && n_digits <= 1
        && is_cased
        && !is_hex(word)
        && !has_long_run_of_consonants(word)
}

/// Returns whether a text is `v2` or `v2.1`.
fn is_version(segment: &str) -> bool {
    let Some(number) = segment.strip_prefix(['v', 'V']) else {
        return false;
    };
    number.len() <= 5
        && number
            .split('.')
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Returns whether a text may be a hexadecimal number; `face` and `2fa` may be words.
fn is_hex(word: &str) -> bool {
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    word.len() >= if has_digit { 5 } else { 8 } && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn has_long_run_of_consonants(word: &str) -> bool {
    const MAX_RUN: usize = 5;
    let is_vowel = |c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    word.split(is_vowel).any(|run| run.len() > MAX_RUN)
}
