//! Reads which version of OpenAPI a document states, from its value or from its text.
//!
//! A text that can't be parsed may still state its version. A reader that supports another version
//! has to say that first: the fault of the text is no news to a user who must convert it anyway.

use std::fmt;

use serde_json::Value;

/// The keys that state a version.
const KEYS: [&str; 2] = ["openapi", "swagger"];

/// The version that a document states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// The value of `openapi`.
    OpenApi(String),
    /// The value of `swagger`, the key of versions below 3.
    Swagger(String),
}

impl Version {
    /// Returns the version that a document's value states.
    pub fn of(root: &Value) -> Option<Self> {
        KEYS.into_iter().find_map(|key| Self::new(key, &scalar(root.get(key)?)?))
    }

    /// Returns the version that a document's text states at its top level, and its line, counted
    /// from 1.
    pub fn of_text(text: &str) -> Option<(Self, usize)> {
        let is_flow = text.trim_start().starts_with('{');
        let (key, value, line) = if is_flow { in_flow(text)? } else { in_block(text)? };
        Some((Self::new(key, value)?, line))
    }

    /// Returns whether it is 3.0 or 3.1.
    pub fn is_supported(&self) -> bool {
        self.is("3.0") || self.is_lowered()
    }

    /// Returns whether it is 3.1, which [`Document`](crate::Document) rewrites in the words of 3.0.
    pub(crate) fn is_lowered(&self) -> bool {
        self.is("3.1")
    }

    fn is(&self, minor: &str) -> bool {
        let Self::OpenApi(version) = self else { return false };
        version.strip_prefix(minor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn new(key: &str, version: &str) -> Option<Self> {
        let is_version = version.starts_with(|sign: char| sign.is_ascii_digit())
            && version.chars().all(|sign| sign.is_ascii_alphanumeric() || ".-".contains(sign));
        is_version.then(|| match key {
            "swagger" => Self::Swagger(version.to_owned()),
            _ => Self::OpenApi(version.to_owned()),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenApi(version) => write!(f, "OpenAPI {version}"),
            Self::Swagger(version) => write!(f, "Swagger {version}"),
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Finds a version in lines without indentation.
fn in_block(text: &str) -> Option<(&'static str, &str, usize)> {
    text.lines().enumerate().find_map(|(index, line)| {
        let (key, value) = line.trim_start_matches('\u{feff}').split_once(':')?;
        let key = KEYS.into_iter().find(|known| *known == unquoted(key.trim_end()))?;
        let value = value.split(" #").next().unwrap_or_default();
        Some((key, unquoted(value.trim()), index + 1))
    })
}

/// Finds a version among the members of the outermost braces.
fn in_flow(text: &str) -> Option<(&'static str, &str, usize)> {
    let (mut depth, mut start) = (0_usize, 0);
    let mut quoted: Option<char> = None;
    let mut is_escaped = false;
    for (at, sign) in text.char_indices() {
        match (quoted, sign) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(quote), _) if quote == sign => quoted = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quoted = Some(sign),
            (None, '{' | '[') => {
                depth += 1;
                start = at + 1;
            }
            (None, '}' | ']') => depth = depth.checked_sub(1)?,
            (None, ',') => start = at + 1,
            (None, ':') if depth == 1 => {
                let key = unquoted(text.get(start..at)?.trim());
                if let Some(key) = KEYS.into_iter().find(|known| *known == key) {
                    let rest = text.get(at + 1..)?;
                    let value = rest.split([',', '}', '\n']).next().unwrap_or_default();
                    let line = text.get(..at)?.matches('\n').count() + 1;
                    return Some((key, unquoted(value.trim()), line));
                }
            }
            _ => {}
        }
    }
    None
}

fn unquoted(text: &str) -> &str {
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_text_states_its_version_at_its_top_level() {
        let rows = [
            ("YAML", "info: {}\nopenapi: 3.1.0\n", Some(("OpenAPI 3.1.0", 2))),
            ("quotes and a comment", "'swagger': \"2.0\" # old\n", Some(("Swagger 2.0", 1))),
            ("a byte order mark", "\u{feff}openapi: 3.1.0", Some(("OpenAPI 3.1.0", 1))),
            (
                "JSON",
                "{\n \"info\": {\"a\": [1, 2]},\n \"swagger\": \"2.0\"}",
                Some(("Swagger 2.0", 3)),
            ),
            ("flow style", "{a: 'x, y', openapi: 3.1.1}", Some(("OpenAPI 3.1.1", 1))),
            ("a member deeper inside", "x:\n  openapi: 3.1.0\n", None),
            ("a JSON member deeper inside", "{\"x\": {\"openapi\": \"3.1.0\"}}", None),
            ("a text that holds the key", "{\"x\": \"a, \\\"openapi\\\": 3.1.0\"}", None),
            ("no version", "openapi: [3.1.0]\n", None),
            ("brackets that do not match", "]openapi: 3.1.0", None),
        ];
        for (name, text, expect) in rows {
            let got = Version::of_text(text).map(|(version, line)| (version.to_string(), line));
            let expect = expect.map(|(version, line)| (version.to_owned(), line));
            assert_eq!(got, expect, "case `{name}`");
        }
    }
}
