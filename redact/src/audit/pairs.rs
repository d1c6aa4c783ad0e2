//! Reads a line of text: the word before `:`, `=` or `>` says what the value after it is.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::view::View;
use super::super::{Sensitive, names};
use super::look::{Search, is_of_kind};
use super::{Gathered, Syntax};

/// The longest text that is read for pairs of name and value.
pub(super) const MAX_LINE: usize = 1 << 20;

/// A name, a sign, and a value that is quoted or ends with the line, a comma or a tag.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"([\p{L}_][\p{L}0-9_.\-]{0,40})\\*["'`]?(?:[ \t]*(?::|=>|=)[ \t]*|[^<>]{0,40}>)"#,
        r#"(\\*["'`])?([^"'`<>&,;|{}\[\]\\\n]+)"#
    ))
    .ok()
});

/// Remembers the names and secrets of pairs.
pub(super) fn gather(line: &str, syntax: Syntax, known: &mut Gathered) {
    let view = View::of(line);
    for (at, kind) in pairs(view.text(), syntax) {
        let value = view.text().get(at).unwrap_or_default();
        if kind != Sensitive::Name || value.contains(' ') {
            known.see(Some(kind), value);
        }
    }
}

/// Reports what a line holds.
pub(super) fn look(
    line: &str,
    syntax: Syntax,
    search: &Search,
    add: &mut dyn FnMut(usize, Sensitive),
) {
    let view = View::of(line);
    for (at, kind) in pairs(view.text(), syntax) {
        let value = view.text().get(at.clone()).unwrap_or_default();
        // One given name alone identifies a person in a recording, but not in a text.
        if is_of_kind(kind, value) && (kind != Sensitive::Name || value.contains(' ')) {
            add(view.place(&at).start, kind);
        }
    }
    for (at, kind) in search.found(line) {
        add(at.start, kind);
    }
}

/// Returns the values that a word before them names.
fn pairs(text: &str, syntax: Syntax) -> Vec<(Range<usize>, Sensitive)> {
    let Some(pattern) = PAIR.as_ref().filter(|_| text.contains([':', '=', '>'])) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for captures in pattern.captures_iter(text) {
        let (Some(name), Some(value)) = (captures.get(1), captures.get(3)) else { continue };
        if syntax == Syntax::Source && captures.get(2).is_none() {
            continue;
        }
        let own = value.as_str().trim_end();
        let kind = names::kind(name.as_str());
        found.extend(kind.map(|kind| (value.start()..value.start() + own.len(), kind)));
    }
    found
}
