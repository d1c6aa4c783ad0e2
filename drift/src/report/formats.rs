//! Lists the formats of a report: the choices of `prumo judge --format`, and the files of a night.

use super::{Report, github, html, junit, markdown, sarif, text};

/// A format in which a report is written: one row of [`FORMATS`].
#[derive(Debug)]
pub struct ReportFormat {
    /// The word behind `--format`.
    pub name: &'static str,
    /// Its readers, for the help of `--format`.
    pub purpose: &'static str,
    /// Whether it is a document by itself, to which nothing may be added.
    pub is_document: bool,
    /// The name of its file in the folder of a night; `None` if a night does not write it.
    pub file: Option<&'static str>,
    /// Writes it.
    pub write: fn(&Report) -> String,
}

/// All formats of the report; the first one is the default.
pub const FORMATS: &[ReportFormat] = &[
    ReportFormat {
        name: "text",
        purpose: "For a screen",
        is_document: false,
        file: None,
        write: text::as_text,
    },
    ReportFormat {
        name: "markdown",
        purpose: "For an issue or a page: under 60,000 characters",
        is_document: true,
        file: Some("report.md"),
        write: markdown::as_markdown,
    },
    ReportFormat {
        name: "json",
        purpose: "For a machine: one document with `findings`, `coverage` and `totals`",
        is_document: true,
        file: Some("report.json"),
        write: Report::to_json,
    },
    ReportFormat {
        name: "html",
        purpose: "For a browser: one page with search, coverage and trend, in English and Portuguese",
        is_document: true,
        file: Some("report.html"),
        write: html::as_html,
    },
    ReportFormat {
        name: "sarif",
        purpose: "For a viewer of code findings: SARIF 2.1.0",
        is_document: true,
        file: Some("report.sarif"),
        write: sarif::as_sarif,
    },
    ReportFormat {
        name: "junit",
        purpose: "For a CI's list of tests: JUnit XML, one suite per spec",
        is_document: true,
        file: Some("report.junit.xml"),
        write: junit::as_junit,
    },
    ReportFormat {
        name: "github",
        purpose: "For GitHub Actions: annotations of the spec's lines",
        is_document: true,
        file: None,
        write: github::as_annotations,
    },
    ReportFormat {
        name: "github-summary",
        purpose: "For `$GITHUB_STEP_SUMMARY`: Markdown under 1 MiB",
        is_document: true,
        file: None,
        write: github::as_job_summary,
    },
];
