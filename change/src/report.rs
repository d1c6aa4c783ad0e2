//! Turns changes into a report: for people, for programs, and for the viewers of others.
//!
//! A format is one row of [`FORMATS`], from which `prumo diff` takes its choices, and one file that
//! writes it.
//!
//! Invariants:
//!
//! * The same changes give the same bytes.
//! * Foreign text is escaped, so it can neither break a table nor move a cursor.

mod changelog;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

pub use changelog::changelog;

use crate::change::Changes;

/// A format of the report.
#[derive(Debug)]
pub struct ReportFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// The use of the format.
    pub purpose: &'static str,
    /// Writes the report.
    pub write: fn(&Changes) -> String,
}

/// Every format; the first is the default.
pub const FORMATS: &[ReportFormat] = &[
    ReportFormat { name: "text", purpose: "Text for people", write: text::write },
    ReportFormat { name: "json", purpose: "JSON for machines", write: json::write },
    ReportFormat { name: "markdown", purpose: "A page for a pull request", write: markdown::write },
    ReportFormat { name: "github", purpose: "Annotations of GitHub Actions", write: github::write },
    ReportFormat { name: "sarif", purpose: "SARIF 2.1.0 for code scanning", write: sarif::write },
    ReportFormat { name: "junit", purpose: "JUnit XML for lists of tests", write: junit::write },
    ReportFormat { name: "html", purpose: "One page without scripts", write: html::write },
];

/// Escapes a text for XML and HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
