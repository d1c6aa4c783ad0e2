//! Opens the report's page in a headless Chromium: a page with a finding of every rule.
//!
//! A second page holds the first one in a frame as narrow as a phone, clicks and types in it, and
//! writes down what it sees.
//!
//! Invariants:
//!
//! * The check fails on any message of the console, such as an error or a breach of the policy.
//! * Without a Chromium the check is skipped, never passed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, ensure};
use prumo_drift::report::FORMATS;
use prumo_drift::{
    FieldCoverage, Finding, Night, OperationCoverage, Report, Rule, Run, SpecPlace, SpecVersion,
    Standing,
};

use super::session::{Session, Verdict};

/// The names under which systems have a Chromium.
const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The page that operates the report.
const DRIVER: &str = include_str!("browser/driver.html");

/// The options of every run. The frame and its driver are files, hence the third one.
const OPTIONS: [&str; 6] = [
    "--headless",
    "--disable-gpu",
    "--allow-file-access-from-files",
    "--virtual-time-budget=5000",
    "--enable-logging=stderr",
    "--no-first-run",
];

/// The first bytes of a PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A screenshot of an empty page has fewer bytes.
const MIN_SCREENSHOT_BYTES: usize = 10_000;

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let Some(program) = installed() else {
        let names = PROGRAMS.join("`, `");
        return Ok(Verdict::Skipped(format!("no Chromium: none of `{names}` is in `PATH`")));
    };
    let folder = session.root.join("target").join("browser");
    fs_err::create_dir_all(&folder)?;
    let report = planted()?;
    let html = FORMATS.iter().find(|format| format.name == "html").context("no format `html`")?;
    fs_err::write(folder.join("report.html"), (html.write)(&report))?;
    fs_err::write(folder.join("driver.html"), DRIVER)?;

    let output = open(&program, &folder, "driver.html", &["--dump-dom"])?;
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    let seen = told(&seen);
    let n_all = report.findings.len() + report.gone.len();
    let n_breaking = report
        .findings
        .iter()
        .chain(&report.gone)
        .filter(|finding| finding.severity.name() == "breaking")
        .count();
    for expected in [
        "loaded: en, prumo: drifts".to_owned(),
        format!("all: {n_all}"),
        "portuguese: pt-BR, prumo: desvia".to_owned(),
        "hidden english: 0".to_owned(),
        "found null-unexpected: 1".to_owned(),
        format!("without breaking: {}", n_all - n_breaking),
        "nothing found: 0, said".to_owned(),
        "too wide by: 0".to_owned(),
        "focused by key: yes".to_owned(),
        "done".to_owned(),
    ] {
        let is_seen = seen.lines().any(|line| line == expected);
        ensure!(is_seen, "the page does not say `{expected}`:\n{seen}");
    }
    for (name, size) in [("wide.png", "1100,1600"), ("narrow.png", "500,1600")] {
        let (file, size) = (folder.join(name), format!("--window-size={size}"));
        let shot = format!("--screenshot={}", file.display());
        open(&program, &folder, "report.html", &[&size, &shot])?;
        let bytes = fs_err::read(&file)?;
        let is_picture = bytes.starts_with(PNG) && bytes.len() > MIN_SCREENSHOT_BYTES;
        ensure!(is_picture, "`{}` shows nothing", file.display());
    }
    println!("screenshots are in {}", folder.display());
    Ok(Verdict::Fits)
}

/// Returns the first Chromium in `PATH`.
pub(crate) fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates =
        PROGRAMS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|program| program.is_file())
}

/// Opens a page, which must leave no message on the console.
pub(crate) fn open(
    program: &Path,
    folder: &Path,
    page: &str,
    options: &[&str],
) -> anyhow::Result<Output> {
    let mut command = Command::new(program);
    command.args(OPTIONS).args(options).stdin(Stdio::null());
    // Containers of CI run as root without the kernel's sandbox; the page is ours.
    command.arg("--no-sandbox");
    command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
    command.arg(format!("file://{}", folder.join(page).display()));
    let output =
        command.output().with_context(|| format!("failed to start `{}`", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "Chromium ended with {}\n{log}", output.status);
    let said: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
    ensure!(said.is_empty(), "`{page}` writes to the console:\n{}", said.join("\n"));
    Ok(output)
}

/// Returns the lines that the driver wrote.
fn told(page: &str) -> &str {
    let start = page.split_once("<pre id=\"out\">").map_or(page, |(_, rest)| rest);
    start.split_once("</pre>").map_or(start, |(lines, _)| lines)
}

/// Makes a report with the finding of every rule, as the last of several nights.
fn planted() -> anyhow::Result<Report> {
    let (mut findings, mut gaps) = (Vec::new(), Vec::new());
    for rule in Rule::ALL {
        let report = rule
            .judge_example()
            .map_err(|error| anyhow::anyhow!("example of `{}`: {error}", rule.name()))?;
        findings.extend(report.findings);
        gaps.extend(report.coverage);
    }
    let place = SpecPlace { file: "specs/example.yaml".to_owned(), line: 12, column: 3 };
    for finding in &mut findings {
        finding.promised_at = Some(place.clone());
    }
    let gone = findings.first().cloned().map(|finding| Finding { at: "/x".to_owned(), ..finding });
    let mut report = Report::new(findings, gaps, [], [], 0);
    report.set_standings(|finding| match finding.rule {
        Rule::TypeChanged => Some((Standing::New, None)),
        _ => Some((Standing::Known, Some("2026-11-20".to_owned()))),
    });
    report.add_gone(gone);
    report.totals.covered = vec![OperationCoverage {
        spec: "example".to_owned(),
        operation: "ler_item".to_owned(),
        exchanges: 3,
        ..OperationCoverage::default()
    }];
    report.fields = (0..200)
        .map(|number| FieldCoverage {
            spec: "example".to_owned(),
            operation: "ler_item".to_owned(),
            status: Some(200),
            at: format!("/data/*/a_field_with_a_long_name_{number}"),
            present: number % 4,
            of: 3,
            ..FieldCoverage::default()
        })
        .collect();
    report.nights = (1..20)
        .map(|day| Night { date: format!("2026-11-{day:02}"), risky: day % 5, ..Night::default() })
        .collect();
    report.specs = vec![SpecVersion {
        name: "example".to_owned(),
        version: Some("1.0.0".to_owned()),
        file: place.file,
        waivers: Vec::new(),
    }];
    report.run = Some(Run {
        started: "2026-11-20T02:00:00Z".to_owned(),
        host: Some("localhost".to_owned()),
        ..Run::default()
    });
    Ok(report)
}
