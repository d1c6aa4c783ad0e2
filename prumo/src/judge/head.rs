//! Finds out what the head of a report says: when and where a run began, and of which commit.

use std::path::Path;

use prumo_drift::Run;

use crate::{clock, history};

/// Returns time and place of a run that begins now, for the head of its report.
pub(crate) fn run_of(root: &Path) -> Run {
    let host = Some(host()).filter(|host| !host.is_empty());
    Run { started: clock::now(), host, commit: history::commit(root), ..Run::default() }
}

/// Returns the name of this machine, or an empty text.
fn host() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    name
}
