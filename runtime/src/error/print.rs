//! Prints an error on one line, without anything that must not be logged.

use std::error::Error as _;
use std::fmt;
use std::io;

use super::persons::without_persons;
use super::{Error, Kind, PartSize, connection};
use crate::envelope::{Doubt, Refusal};

/// Maximum number of characters of the vendor's text on one line.
const MAX_LINE_CHARS: usize = 512;

/// Maximum number of parts on one line.
const MAX_PARTS_LISTED: usize = 16;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "`{operation}`: ")?;
        }
        self.fmt_kind(f)?;
        match &self.0.then {
            Some(then) => write!(f, "; then {then}"),
            None => Ok(()),
        }
    }
}

impl Error {
    fn fmt_kind(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::InvalidRequest { what, .. } => f.write_str(&one_line(what)),
            Kind::Credential { name, .. } => write!(f, "the credential store returned no `{name}`"),
            Kind::Login { cause } => write!(f, "the login before the call failed: {cause}"),
            Kind::NoTime { held: None } => {
                f.write_str("the call ran out of time before it could be sent")
            }
            Kind::NoTime { held: Some(wait) } => {
                let seconds = wait.as_millis().div_ceil(1000);
                write!(
                    f,
                    "the vendor asked for no request in the next {seconds} s, and the call has less time"
                )
            }
            Kind::Stalled => f.write_str("the upload made no progress and no response came"),
            Kind::TooLarge { limit, total, parts } => fmt_too_large(f, *limit, *total, parts),
            Kind::Transport { source } => {
                f.write_str(phase(source))?;
                if let Some(fault) = connection::certificate_error(source) {
                    return write!(f, ": the server's certificate is refused: {fault}");
                }
                if connection::is_identity_refused(source) {
                    return f.write_str(
                        ": the server wants a certificate of the caller, or refuses the one it got; \
                         `.identity(…)` on the client builder sets it",
                    );
                }
                if connection::is_unknown_host(source) {
                    return f.write_str(": the host name is unknown");
                }
                match io_kind(source) {
                    Some(kind) => write!(f, ": {kind}"),
                    None => Ok(()),
                }
            }
            Kind::Vendor { said, .. } => {
                f.write_str("the vendor refused")?;
                if let Some(status) = self.0.status {
                    write!(f, " with status {status}")?;
                }
                if said.doubt == Doubt::Contradiction {
                    f.write_str(", yet the call may have worked")?;
                }
                fmt_sentences(f, said, &self.0.echoes)?;
                match &self.0.note {
                    Some(note) => write!(f, "; the body was not read: {}", one_line(note)),
                    None => Ok(()),
                }
            }
            Kind::Decode { pointer, what, .. } => {
                f.write_str("can't decode the response")?;
                if let Some(status) = self.0.status {
                    write!(f, " with status {status}")?;
                }
                match pointer.as_deref() {
                    None | Some("") => write!(f, ": {what}"),
                    Some(pointer) => write!(f, " at `{}`: {what}", one_line(pointer)),
                }
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match &self.0.kind {
            Kind::InvalidRequest { .. } => "InvalidRequest",
            Kind::Credential { .. } => "Credential",
            Kind::Login { .. } => "Login",
            Kind::NoTime { .. } => "NoTime",
            Kind::TooLarge { .. } => "TooLarge",
            Kind::Stalled => "Stalled",
            Kind::Transport { .. } => "Transport",
            Kind::Vendor { .. } => "Vendor",
            Kind::Decode { .. } => "Decode",
        };
        write!(f, "Error({class}: {self})")
    }
}

fn phase(source: &reqwest::Error) -> &'static str {
    if connection::is_connect(source) && source.is_timeout() {
        "no connection in time"
    } else if connection::is_connect(source) {
        "no connection"
    } else if source.is_timeout() {
        "no response in time"
    } else if source.is_body() || source.is_decode() {
        "the transfer broke off"
    } else {
        "the connection failed"
    }
}

/// Returns the error kind of the system, which is one of a closed list.
fn io_kind(source: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut next = source.source();
    while let Some(cause) = next {
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            let is_told = !matches!(io.kind(), io::ErrorKind::Other | io::ErrorKind::TimedOut);
            return is_told.then(|| io.kind());
        }
        next = cause.source();
    }
    None
}

fn fmt_sentences(f: &mut fmt::Formatter<'_>, said: &Refusal, echoes: &[String]) -> fmt::Result {
    let sentences: Vec<&str> =
        said.message.iter().chain(&said.errors).map(String::as_str).collect();
    if sentences.is_empty() {
        return Ok(());
    }
    write!(f, ": {}", one_line(&without_persons(&sentences.join("; "), echoes)))
}

fn fmt_too_large(
    f: &mut fmt::Formatter<'_>,
    limit: u64,
    total: u64,
    parts: &[PartSize],
) -> fmt::Result {
    write!(f, "the request body has {total} bytes, over the limit of {limit}")?;
    for (idx, part) in parts.iter().take(MAX_PARTS_LISTED).enumerate() {
        let lead = if idx == 0 { ": " } else { ", " };
        write!(f, "{lead}`{}` {}", one_line(&part.name), part.bytes)?;
    }
    match parts.len().saturating_sub(MAX_PARTS_LISTED) {
        0 => Ok(()),
        n_more => write!(f, ", and {n_more} more parts"),
    }
}

/// Returns `text` on one line, without control characters and with limited length.
///
/// Characters that change the writing direction are escaped, because they would reorder the rest of
/// the line, which does not come from the vendor.
fn one_line(text: &str) -> String {
    let mut out = String::new();
    for (idx, letter) in text.trim().chars().enumerate() {
        if idx == MAX_LINE_CHARS {
            out.push('…');
            break;
        }
        if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
            out.push(' ');
        } else if is_bidi_control(letter) {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out
}

/// Returns whether the character has Unicode's property `Bidi_Control`.
fn is_bidi_control(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use std::io;

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::{Error, Kind, one_line};

    /// Fails for every name, as the system's resolver does.
    struct NoNames;

    impl Resolve for NoNames {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::ready(Err(io::Error::other("failed to lookup address").into())))
        }
    }

    #[tokio::test]
    async fn a_name_that_nobody_knows_is_said_without_the_name() {
        let client = reqwest::Client::builder().dns_resolver(NoNames).build().expect("a client");
        let source = client.get("http://s3cr3t.example").send().await.expect_err("no such name");
        let error = Error::new(Kind::Transport { source });
        assert_eq!(error.to_string(), "no connection: the host name is unknown");
    }

    #[test]
    fn text_can_not_break_or_turn_the_line() {
        let cases = [
            ("a\r\nb\u{2028}c\u{85}", "a  b c"),
            ("fatura\u{202e}fdp.exe", "fatura\\u{202e}fdp.exe"),
            (
                "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}",
                "\\u{61c}\\u{200e}\\u{200f}\\u{202a}\\u{202b}\\u{202c}\\u{202d}",
            ),
            ("\u{2066}\u{2067}\u{2068}\u{2069}", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}"),
            ("\u{2065}\u{206a}\u{200d}são שלום", "\u{2065}\u{206a}\u{200d}são שלום"),
        ];
        for (text, expect) in cases {
            assert_eq!(one_line(text), expect, "text {text:?}");
        }
    }
}
