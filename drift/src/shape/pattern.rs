//! Matches texts against regular expressions of ECMA 262, OpenAPI's dialect.
//!
//! Invariants:
//!
//! * A pattern without an equivalent in the engines' dialect is kept but not judged, which the
//!   reader of the spec reports.
//! * The time depends only on the length of the text. Look-around and back references backtrack;
//!   each step may scan the whole text, so a longer text gets fewer steps, and one that needs more
//!   is not judged.

mod translate;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use translate::translate;

/// The largest size of a compiled expression in bytes.
const SIZE_LIMIT: usize = 1 << 22;

/// The most bytes of a text, and the most backtracking steps on it; the product is constant.
const STEP_LIMITS: [(usize, usize); 5] =
    [(200, 100_000), (2_000, 10_000), (20_000, 1_000), (200_000, 100), (2_000_000, 10)];

/// A regular expression of the spec: not anchored, ECMA 262 dialect.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    source: String,
    engine: Option<Engine>,
}

/// The engine that matches texts.
#[derive(Clone, Debug)]
enum Engine {
    /// Linear time.
    Linear(regex::Regex),
    /// Backtracking, for look-around and back references.
    Backtracking(Arc<Backtracking>),
}

/// An expression that is compiled with one limit of steps for each length of texts.
#[derive(Debug)]
struct Backtracking {
    translated: String,
    engines: [OnceLock<Option<fancy_regex::Regex>>; STEP_LIMITS.len()],
}

impl Backtracking {
    fn new(translated: &str) -> Option<Self> {
        let engines = Self { translated: translated.to_owned(), engines: Default::default() };
        // Only the first is compiled before a text needs another.
        engines.engine(0)?;
        Some(engines)
    }

    fn engine(&self, index: usize) -> Option<&fancy_regex::Regex> {
        let (_, n_steps) = STEP_LIMITS.get(index)?;
        let build = || {
            let mut builder = fancy_regex::RegexBuilder::new(&self.translated);
            builder.backtrack_limit(*n_steps).delegate_size_limit(SIZE_LIMIT);
            builder.build().ok()
        };
        self.engines.get(index)?.get_or_init(build).as_ref()
    }

    fn fits(&self, text: &str) -> Option<bool> {
        let index = STEP_LIMITS.iter().position(|(n_bytes, _)| text.len() <= *n_bytes)?;
        self.engine(index)?.is_match(text).ok()
    }
}

impl Engine {
    fn new(translated: &str) -> Option<Self> {
        if let Ok(regex) = regex::RegexBuilder::new(translated).size_limit(SIZE_LIMIT).build() {
            return Some(Self::Linear(regex));
        }
        Backtracking::new(translated).map(|regex| Self::Backtracking(Arc::new(regex)))
    }
}

impl Pattern {
    /// Compiles a pattern; one without an equivalent is kept but not judged.
    pub fn new(source: &str) -> Self {
        let engine = translate(source).and_then(|translated| Engine::new(&translated));
        Self { source: source.to_owned(), engine }
    }

    /// Returns the pattern as written in the spec.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns whether texts can be judged by it.
    pub fn is_judged(&self) -> bool {
        self.engine.is_some()
    }

    /// Returns the reason why the pattern can't be judged.
    pub(crate) fn obstacle(&self) -> &'static str {
        let source = &self.source;
        let has = |marks: &[&str]| marks.iter().any(|mark| source.contains(mark));
        if has(&["(?=", "(?!", "(?<=", "(?<!"]) {
            return "pattern with look-around";
        }
        let mut escaped = source.split('\\').skip(1);
        if escaped.any(|rest| {
            rest.starts_with(|c: char| ('1'..='9').contains(&c)) || rest.starts_with("k<")
        }) {
            return "pattern with a back reference";
        }
        "pattern without an equivalent"
    }

    /// Returns the pattern in the syntax of the regex crate, which has no look-around.
    pub(crate) fn translated(&self) -> Option<&str> {
        match self.engine.as_ref()? {
            Engine::Linear(regex) => Some(regex.as_str()),
            Engine::Backtracking(_) => None,
        }
    }

    /// Returns whether the pattern occurs in `text`, or `None` if it can't be judged or takes too
    /// many steps.
    pub fn fits(&self, text: &str) -> Option<bool> {
        match self.engine.as_ref()? {
            Engine::Linear(regex) => Some(regex.is_match(text)),
            Engine::Backtracking(regex) => regex.fits(text),
        }
    }
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        Self::new(&source)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.source
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.source.cmp(&other.source)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_of_the_other_dialect() {
        let rows: [(&str, &[&str], &[&str]); 22] = [
            ("^{a}$", &["{a}"], &["a"]),
            ("^a{2}$", &["aa"], &["a", "a{2}"]),
            ("^a{,2}$", &["a{,2}"], &["aa"]),
            ("^a{1,}b{1,2}$", &["aab"], &["abbb"]),
            (r"^\/a\-\@$", &["/a-@"], &["a"]),
            (r"^\d\w$", &["1a"], &["٣a", "1é"]),
            (r"^\u00e9\x41\u{1F600}$", &["éA😀"], &["eA😀"]),
            (r"^\uD83D\uDE00$", &["😀"], &["x"]),
            (r"^\cA\0$", &["\u{1}\0"], &["A0"]),
            (r"^(?<ano>\d{4})$", &["2018"], &["18"]),
            (r"^[\w-.]+$", &["a-.b"], &["a b"]),
            (r"^[a-z&&b]$", &["&", "c"], &["&&"]),
            (r"^[+--]$", &["+", ",", "-"], &["."]),
            (r"^[[\]a]$", &["[", "]", "a"], &["\\"]),
            (r"^[^]$", &["x", "\n"], &[""]),
            (r"^[\D\s]$", &["x", "\u{feff}"], &["1"]),
            (r"^a.b$", &["a\tb"], &["a\rb", "a\nb"]),
            (r"\bé", &["aé"], &["é"]),
            ("^(?!x).*$", &["y", ""], &["xy"]),
            ("(?<=a)b", &["ab"], &["b"]),
            (r"^(a|b)\1$", &["aa", "bb"], &["ab"]),
            (r"^(?<q>.)\k<q>$", &["xx"], &["xy"]),
        ];
        for (source, fits, strays) in rows {
            let pattern = Pattern::new(source);
            for text in fits {
                assert_eq!(
                    pattern.fits(text),
                    Some(true),
                    "`{source}` as {:?} on {text:?}",
                    pattern.engine
                );
            }
            for text in strays {
                assert_eq!(
                    pattern.fits(text),
                    Some(false),
                    "`{source}` as {:?} on {text:?}",
                    pattern.engine
                );
            }
        }
    }

    #[test]
    fn what_has_no_equivalent_is_named() {
        let rows = [
            (r"^(?!x", "pattern with look-around"),
            (r"(a)\2", "pattern with a back reference"),
            (r"\Aa\z", "pattern without an equivalent"),
            ("a(", "pattern without an equivalent"),
            (r"[\ud800-\udfff]", "pattern without an equivalent"),
            ("[a", "pattern without an equivalent"),
        ];
        for (source, obstacle) in rows {
            let pattern = Pattern::new(source);
            assert_eq!((pattern.fits("a"), pattern.obstacle()), (None, obstacle), "`{source}`");
        }
    }

    #[test]
    fn a_pattern_that_goes_back_forever_gives_up() {
        let pattern = Pattern::new(r"^(a)(?:a|\1)*c");
        assert_eq!(pattern.fits(&format!("{}!", "a".repeat(60))), None);
        // Each step would scan the whole text.
        let pattern = Pattern::new("(?=.*z)q");
        for n_letters in [400_000, 10_000_000] {
            assert_eq!(pattern.fits(&"a".repeat(n_letters)), None, "{n_letters}");
        }
        assert_eq!(pattern.fits("aqz"), Some(true));
        let anchored = Pattern::new("^(?=.*z)a");
        assert_eq!(anchored.fits(&format!("{}z", "a".repeat(400_000))), Some(true));
    }
}
