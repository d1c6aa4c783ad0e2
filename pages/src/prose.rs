//! Turns one cell or sentence about a parameter into facts: type, requirement, default, values,
//! limits.
//!
//! Invariants:
//!
//! * A sentence whose form is not known yields no fact, never a guess.
//! * The order of facts is the order of the text.

mod limits;
mod requirement;
mod values;

use std::sync::LazyLock;

use regex::Regex;

pub(crate) use limits::constraints;
pub(crate) use requirement::{of_cell as requirement_of_cell, of_prose as requirement_of_prose};
pub(crate) use values::{
    in_cell as values_in_cell, in_prose as values_in_prose, listed, marked_default,
};

use crate::plain::{fold, plain};
use crate::words::{NO_VALUE, TYPES};

/// Compiles a pattern of this crate; all of them are used by tests.
#[expect(clippy::expect_used, reason = "the patterns are constants")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that compiles")
}

/// Returns the type that a whole cell or word names.
pub(crate) fn type_word(text: &str) -> Option<&'static str> {
    let word = fold(text);
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    TYPES.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| *name)
}

/// Returns the type that a cell about a parameter's values names in a sentence of a known form.
pub(crate) fn type_in_cell(text: &str) -> Option<&'static str> {
    static FORMS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:campo|valor|deve\ ser|deve\ conter|deve\ ser\ informado|um|uma|o|no|formato|do\ tipo
              |tipo|de|em|apenas|somente|numero|caso\ enviado,?|conter|valores|string|texto|must\ be|an?|the
              |contain|sequencia|informe|informar|:|\ )*
              (?P<word>numero\ inteiro|inteiro|integer|numeric[oa]s?|numero|number|alfanumeric[oa]|texto|string
              |boolean[oa]?|array|lista|objeto|object|date ?time|date|data\ e\ hora|data|timestamp|json|list)\b",
        )
    });
    static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\((integer|inteiro|string|texto|boolean|booleano|array|number|numerico|date|datetime|float|object)\)",
        )
    });
    let text = fold(&plain(text));
    if text.starts_with("campo livre") {
        return Some("string");
    }
    if let Some(found) = BRACKETS.captures(&text) {
        return type_word(&found[1]);
    }
    if is_truth_values(&text) {
        return Some("boolean");
    }
    let found = FORMS.captures(&text)?;
    let word = found.name("word")?.as_str();
    type_word(word).or_else(|| type_word(word.trim_end_matches('s')))
}

/// Tells whether the only values that a text lists are those of a boolean.
fn is_truth_values(text: &str) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\btrue\b\W*(?:\||/|,|ou|or|e|and)?\W*\bfalse\b|\bfalse\b\W*(?:\||/|,|ou|or)?\W*\btrue\b",
        )
    });
    FORM.is_match(text)
}

/// Returns the type that a description marks: `(Integer) ID of the product`.
pub(crate) fn marked_type(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let inner = text.trim_start().strip_prefix('(')?;
    type_word(&inner[..inner.find(')')?])
}

/// Returns the default of a default's cell; `None` if the cell says that there is none.
pub(crate) fn default_of_cell(text: &str) -> Option<String> {
    let text = plain(text);
    let text = text.trim().trim_end_matches('.').trim_matches(['"', '\'', '“', '”']);
    (!NO_VALUE.contains(&fold(text).as_str())).then(|| text.to_owned())
}

/// Returns the default that a sentence names in a known form.
pub(crate) fn default_in_prose(text: &str) -> Option<String> {
    static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"valor (?:default|padrao)(?: a ser utilizado| utilizado)?(?: (?:sera|e|eh))?\s*[:=]?\s*(?P<value>[^.,;()\n]+)",
            r"(?:por padrao|default|padrao)(?: (?:sera|e|is))?\s*[:=]\s*(?P<value>[^.,;()\n]+)",
            r"\((?:padrao|default):?\s+(?P<value>[^.,;()\n]+)\)",
            r"valor utilizado sera\s*:?\s*(?P<value>[^.,;()\n]+)",
            r"defaults to\s+(?P<value>[^.,;()\n]+)",
        ]
        .iter()
        .map(|form| pattern(form))
        .collect()
    });
    let text = plain(text);
    let folded = fold(&text);
    let found = FORMS.iter().find_map(|form| form.captures(&folded))?;
    let value = found.name("value")?;
    // Folding keeps the number of characters, except of accents that stand apart.
    let start = folded[..value.start()].chars().count();
    let length = value.as_str().chars().count();
    let spelled: String = text.chars().skip(start).take(length).collect();
    let spelled =
        if fold(&spelled) == value.as_str() { spelled } else { value.as_str().to_owned() };
    default_of_cell(&spelled)
}

/// Returns a default in the form in which two pages are compared.
pub(crate) fn comparable_default(text: &str) -> String {
    let text = fold(&plain(text));
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
    let words = text.split_whitespace();
    let words = words
        .filter(|word| !["a", "o", "as", "os", "sera", "the", "de", "da", "do"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}
