//! Translates regular expressions of ECMA 262, OpenAPI's dialect, into the regex crate's.
//!
//! Invariants:
//!
//! * A translated pattern has the same meaning. A pattern without an equivalent is kept but not
//!   judged, which the reader of the spec reports.
//! * The time depends only on the length of the text. Look-around and back references backtrack;
//!   each step may scan the whole text, so a longer text gets fewer steps, and one that needs more
//!   is not judged.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// The largest size of a compiled expression in bytes.
const SIZE_LIMIT: usize = 1 << 22;

/// The most bytes of a text, and the most backtracking steps on it; the product is constant.
const STEP_LIMITS: [(usize, usize); 5] =
    [(200, 100_000), (2_000, 10_000), (20_000, 1_000), (200_000, 100), (2_000_000, 10)];

/// The contents of a class that is equivalent to `\s`.
const SPACES: &str = "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";

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

/// Translates ECMA 262 into the syntax of the regex crate, or returns `None` if a construct has no
/// equivalent.
fn translate(source: &str) -> Option<String> {
    let mut translated = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match escape(&mut rest)? {
                Escape::Literal(literal) => push_literal(&mut translated, literal),
                Escape::Set { inside, is_negated: false } => translated += &format!("[{inside}]"),
                Escape::Set { inside, is_negated: true } => translated += &format!("[^{inside}]"),
                Escape::Property(property) => translated += &property,
                Escape::Boundary(boundary) => translated += boundary,
                Escape::Back(reference) => translated += &reference,
            },
            '[' => class(&mut rest, &mut translated)?,
            '.' => translated += "[^\\n\\r\\x{2028}\\x{2029}]",
            '{' if !is_quantifier(rest.clone()) => translated += "\\{",
            '{' => {
                // Copies the quantifier to its closing brace.
                translated.push('{');
                for inner in rest.by_ref() {
                    translated.push(inner);
                    if inner == '}' {
                        break;
                    }
                }
            }
            '}' | ']' => push_literal(&mut translated, character),
            _ => translated.push(character),
        }
    }
    Some(translated)
}

/// Returns whether the text after a `{` makes it a quantifier.
fn is_quantifier(rest: Peekable<Chars<'_>>) -> bool {
    let inner: String = rest.take_while(|&c| c == ',' || c == '}' || c.is_ascii_digit()).collect();
    let Some((amount, _)) = inner.split_once('}') else {
        return false;
    };
    let (least, most) = amount.split_once(',').unwrap_or((amount, ""));
    !least.is_empty() && !most.contains(',')
}

/// A backslash and the characters after it.
enum Escape {
    Literal(char),
    Set {
        inside: &'static str,
        is_negated: bool,
    },
    Property(String),
    Boundary(&'static str),
    /// A back reference to a group.
    Back(String),
}

fn escape(rest: &mut Peekable<Chars<'_>>) -> Option<Escape> {
    let set = |inside, is_negated| Some(Escape::Set { inside, is_negated });
    let literal = |character| Some(Escape::Literal(character));
    match rest.next()? {
        'd' => set("0-9", false),
        'D' => set("0-9", true),
        'w' => set("A-Za-z0-9_", false),
        'W' => set("A-Za-z0-9_", true),
        's' => set(SPACES, false),
        'S' => set(SPACES, true),
        't' => literal('\t'),
        'n' => literal('\n'),
        'r' => literal('\r'),
        'v' => literal('\u{b}'),
        'f' => literal('\u{c}'),
        '0' if !rest.peek().is_some_and(char::is_ascii_digit) => literal('\0'),
        'b' => Some(Escape::Boundary("(?-u:\\b)")),
        'B' => Some(Escape::Boundary("(?-u:\\B)")),
        'c' => {
            let letter = rest.next().filter(char::is_ascii_alphabetic)?;
            literal(char::from(letter as u8 % 32))
        }
        'x' => code(rest, 2).and_then(char::from_u32).map(Escape::Literal),
        'u' => unicode(rest).map(Escape::Literal),
        'p' => property(rest, "\\p").map(Escape::Property),
        'P' => property(rest, "\\P").map(Escape::Property),
        'k' => {
            rest.next_if_eq(&'<')?;
            let name: String = rest.take_while(|&c| c != '>').collect();
            Some(Escape::Back(format!("\\k<{name}>")))
        }
        number @ '1'..='9' => Some(Escape::Back(format!("(?:\\{number})"))),
        // Other letters and digits belong to another dialect.
        other if other.is_ascii_alphanumeric() => None,
        other => literal(other),
    }
}

fn code(rest: &mut Peekable<Chars<'_>>, n_digits: usize) -> Option<u32> {
    let mut code = 0;
    for _ in 0..n_digits {
        code = code * 16 + rest.next()?.to_digit(16)?;
    }
    Some(code)
}

/// Reads `\u00e9`, a surrogate pair, or `\u{1f600}`.
fn unicode(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    if rest.next_if_eq(&'{').is_some() {
        let digits: String = rest.take_while(|&c| c != '}').collect();
        return u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
    }
    let first = code(rest, 4)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    rest.next_if_eq(&'\\')?;
    rest.next_if_eq(&'u')?;
    let second = code(rest, 4)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x10000 + (first - 0xd800) * 0x400 + second)
}

fn property(rest: &mut Peekable<Chars<'_>>, start: &str) -> Option<String> {
    rest.next_if_eq(&'{')?;
    let name: String = rest.take_while(|&c| c != '}').collect();
    Some(format!("{start}{{{name}}}"))
}

/// The item before a `-` in a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A character that may begin a range.
    Character,
    /// The `-` of a range.
    Dash,
    /// Anything else: then a `-` stands for itself.
    Other,
}

/// Reads a class after its `[`, or returns `None` if it has no end.
fn class(rest: &mut Peekable<Chars<'_>>, translated: &mut String) -> Option<()> {
    let is_negated = rest.next_if_eq(&'^').is_some();
    if rest.next_if_eq(&']').is_some() {
        // The class that matches no character, or any character.
        *translated += if is_negated { "[\\s\\S]" } else { "[^\\s\\S]" };
        return Some(());
    }
    *translated += if is_negated { "[^" } else { "[" };
    let mut before = Before::Other;
    loop {
        let literal = match rest.next()? {
            ']' => break,
            '-' if before == Before::Character && begins_character(rest.clone()) => {
                translated.push('-');
                before = Before::Dash;
                continue;
            }
            '\\' => match escape(rest)? {
                Escape::Literal(literal) => literal,
                Escape::Boundary("(?-u:\\b)") => '\u{8}',
                Escape::Boundary(_) | Escape::Back(_) => return None,
                Escape::Set { inside, is_negated } => {
                    *translated +=
                        &if is_negated { format!("[^{inside}]") } else { inside.to_owned() };
                    before = Before::Other;
                    continue;
                }
                Escape::Property(property) => {
                    *translated += &property;
                    before = Before::Other;
                    continue;
                }
            },
            literal => literal,
        };
        push_literal(translated, literal);
        before = if before == Before::Dash { Before::Other } else { Before::Character };
    }
    translated.push(']');
    Some(())
}

/// Returns whether a `-` before this belongs to a range.
fn begins_character(mut rest: Peekable<Chars<'_>>) -> bool {
    match rest.next() {
        None | Some(']') => false,
        Some('\\') => !rest.next().is_some_and(|escaped| "dDwWsSpP".contains(escaped)),
        Some(_) => true,
    }
}

/// Writes one character that stands for itself, in a class or outside.
fn push_literal(translated: &mut String, literal: char) {
    if literal.is_control() {
        *translated += &format!("\\x{{{:x}}}", u32::from(literal));
    } else if literal.is_ascii_punctuation() && literal != '_' {
        translated.push('\\');
        translated.push(literal);
    } else {
        translated.push(literal);
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
