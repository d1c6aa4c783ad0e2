//! Describes the run that a report is about: when, where, of which specs, and the nights before it.
//!
//! The crate reads no clock and no environment, so the caller sets all of it.

use prumo_spec::{Document, OpenApi};
use serde::{Deserialize, Serialize};

/// The time and place of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The start in RFC 3339, such as `2026-11-30T02:00:00Z`.
    pub started: String,
    /// The name of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The commit of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// One line that sums up a night.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The steps of a night.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<RunStep>,
}

/// One step of a night.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStep {
    /// Its name.
    pub name: String,
    /// Its result, in the closed list of words.
    pub verdict: String,
    /// The result in one line.
    pub said: String,
    /// Its duration in milliseconds.
    pub millis: u64,
}

/// A spec of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecVersion {
    /// Its name, as in [`Finding::spec`](crate::Finding).
    pub name: String,
    /// `info.version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its first file.
    pub file: String,
    /// Its files with waivers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<String>,
}

impl SpecVersion {
    /// Describes the spec of this name, whose waivers stand in these files.
    pub fn of(name: &str, document: &Document, waivers: &[String]) -> Self {
        let info = OpenApi::new(document).info();
        Self {
            name: name.to_owned(),
            version: info.and_then(|info| Some(info.get("version")?.as_str()?.to_owned())),
            file: document.file().to_owned(),
            waivers: waivers.to_owned(),
        }
    }
}

/// The counts of an earlier night, for the trend.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    /// Its date, such as `2026-11-29`.
    pub date: String,
    /// Findings that break a caller.
    pub breaking: u64,
    /// Findings that may surprise a caller.
    pub risky: u64,
    /// Findings that a caller does not notice.
    pub compatible: u64,
    /// Judged exchanges.
    pub exchanges: u64,
    /// Operations that were seen.
    pub operations: u64,
}

impl Run {
    /// Returns the day of the start, such as `2026-11-30`.
    pub(super) fn day(&self) -> &str {
        self.started.get(..10).unwrap_or(&self.started)
    }

    /// Returns time, host and commit in one line.
    pub(super) fn in_a_line(&self) -> String {
        let parts = [
            Some(self.started.clone()),
            self.host.as_ref().map(|host| format!("host {host}")),
            self.commit.as_ref().map(|commit| format!("commit {commit}")),
        ];
        let parts: Vec<String> =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }
}

impl SpecVersion {
    /// Returns the name with the version and the file.
    pub(super) fn in_words(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version} ({})", self.name, self.file),
            None => format!("{} ({})", self.name, self.file),
        }
    }
}
