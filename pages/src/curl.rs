//! Turns a `curl` command of an example into its request.
//!
//! Commands on pages are broken into lines with or without a backslash, and quotes are lost.

use crate::route::method;

/// The request of a command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Curl {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<String>,
    /// Bodies, as they are spelled.
    pub(crate) data: Vec<String>,
    /// Names of a form.
    pub(crate) form: Vec<String>,
}

/// Reads a command; `None` if it has no address.
pub(crate) fn read(text: &str) -> Option<Curl> {
    let words = words(text);
    let mut curl = Curl::default();
    let mut is_get = false;
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        let (flag, attached) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let mut value = || attached.clone().or_else(|| rest.next().cloned()).unwrap_or_default();
        match flag {
            "-X" | "--request" => curl.method = value().to_uppercase(),
            "-H" | "--header" => {
                let header = value();
                curl.headers.extend(header.split(':').next().map(|name| name.trim().to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii"
            | "--data-urlencode" => {
                curl.data.push(value());
            }
            "-F" | "--form" => {
                curl.form.extend(value().split('=').next().map(str::to_owned));
            }
            "--url" => curl.url = value(),
            "-G" | "--get" => is_get = true,
            "-u" | "--user" | "-A" | "-o" | "-b" | "--cookie" | "-m" | "--max-time" => {
                value();
            }
            _ if flag.starts_with("-X") => curl.method = flag[2..].to_uppercase(),
            _ if flag.starts_with('-') => (),
            _ if curl.url.is_empty() && word.contains('/') => curl.url = word.clone(),
            _ if curl.method.is_empty() => {
                curl.method = method(word).unwrap_or_default().to_owned();
            }
            _ => (),
        }
    }
    if curl.method.is_empty() {
        let is_post = !is_get && (!curl.data.is_empty() || !curl.form.is_empty());
        curl.method = if is_post { "POST" } else { "GET" }.to_owned();
    }
    (!curl.url.is_empty() && method(&curl.method).is_some()).then_some(curl)
}

/// Splits a command into words, as a shell does.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', Some('"')) if chars.peek().is_some_and(|next| "\"\\".contains(*next)) => {
                word.get_or_insert_default().extend(chars.next());
            }
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            ('\\', None) => {
                let next = chars.next().filter(|next| !next.is_whitespace());
                if let Some(next) = next {
                    word.get_or_insert_default().push(next);
                }
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
