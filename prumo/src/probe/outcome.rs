//! Names what became of a probe's call, and what a person can do about it: one row each.
//!
//! Invariant: only an answer that was judged fits or drifts. Everything else is apart from drift:
//! *skipped* if the call was not wanted or not possible, *not judged* if it was and failed.

use prumo_runtime::Error;

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// The answer is as promised.
    Fits,
    /// The vendor refused in the promised way.
    Refused,
    /// The answer leaves the promise.
    Drifts,
    /// The spec says nothing about a probe.
    Unmarked,
    /// The spec gives a reason not to call it.
    Unsafe,
    /// It changes something, and the project does not allow it.
    Write,
    /// A download, which nobody judges.
    Download,
    /// A parameter has no value.
    NoValue,
    /// Nothing says where the API is.
    NoBaseUrl,
    /// There is no credential.
    NoCredential,
    /// The limit of calls is reached.
    OverBudget,
    /// The limit of time is reached.
    OverTime,
    /// Calls before this one could not reach the vendor.
    GivenUp,
    /// The credentials are for other calls.
    NotPermitted,
    /// The vendor does not accept the credentials.
    CredentialsRefused,
    /// The vendor asks for fewer calls.
    RateLimited,
    /// The vendor is closed: a page for people instead of data, or status 503.
    Maintenance,
    /// The vendor's server failed.
    ServerError,
    /// No answer in time.
    TimedOut,
    /// The name of the host has no address.
    UnknownHost,
    /// Nobody accepts connections there.
    NotConnected,
    /// The certificate is not trusted.
    Certificate,
    /// The connection broke.
    Broken,
    /// The request can't be built.
    Unsendable,
}

/// The effect of an outcome on the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The vendor was asked and answered.
    Judged,
    /// It was not asked.
    Skipped,
    /// It was asked, and there is no verdict.
    NotJudged,
}

/// A row of the table.
struct Row {
    outcome: Outcome,
    name: &'static str,
    weight: Weight,
    remedy: &'static str,
}

const fn row(outcome: Outcome, name: &'static str, weight: Weight, remedy: &'static str) -> Row {
    Row { outcome, name, weight, remedy }
}

/// Every outcome.
const ROWS: &[Row] = &[
    row(Outcome::Fits, "fits", Weight::Judged, ""),
    row(Outcome::Refused, "refused", Weight::Judged, ""),
    row(Outcome::Drifts, "drifts", Weight::Judged, "see the finding"),
    row(Outcome::Unmarked, "unmarked", Weight::Skipped, "write `x-probe` on the operation"),
    row(Outcome::Unsafe, "unsafe", Weight::Skipped, ""),
    row(
        Outcome::Write,
        "write",
        Weight::Skipped,
        "name it in `writes` of the vendor's `probe` in `prumo.toml`",
    ),
    row(Outcome::Download, "download", Weight::Skipped, ""),
    row(Outcome::NoValue, "no-value", Weight::Skipped, "set the variable"),
    row(Outcome::NoBaseUrl, "no-base-url", Weight::Skipped, "set the variable"),
    row(Outcome::NoCredential, "no-credential", Weight::Skipped, "set the credentials"),
    row(
        Outcome::OverBudget,
        "over-budget",
        Weight::Skipped,
        "raise `budget` of the vendor's `probe` in `prumo.toml`",
    ),
    row(
        Outcome::OverTime,
        "over-time",
        Weight::Skipped,
        "raise `seconds` of the vendor's `probe` in `prumo.toml`",
    ),
    row(Outcome::GivenUp, "given-up", Weight::Skipped, ""),
    row(
        Outcome::NotPermitted,
        "not-permitted",
        Weight::Skipped,
        "ask the vendor for the permission, or say `safe: false` with the reason in `x-probe`",
    ),
    row(
        Outcome::CredentialsRefused,
        "credentials-refused",
        Weight::NotJudged,
        "renew the token or the password",
    ),
    row(Outcome::RateLimited, "rate-limited", Weight::NotJudged, "ask less, or later"),
    row(Outcome::Maintenance, "maintenance", Weight::NotJudged, "ask again later"),
    row(Outcome::ServerError, "server-error", Weight::NotJudged, "ask again later"),
    row(Outcome::TimedOut, "timed-out", Weight::NotJudged, "ask again later"),
    row(
        Outcome::UnknownHost,
        "unknown-host",
        Weight::NotJudged,
        "check the host of the base URL, and this machine's DNS",
    ),
    row(
        Outcome::NotConnected,
        "not-connected",
        Weight::NotJudged,
        "check the base URL and the network",
    ),
    row(
        Outcome::Certificate,
        "certificate",
        Weight::NotJudged,
        "the vendor must renew it; a private authority must be trusted by this machine",
    ),
    row(Outcome::Broken, "broken", Weight::NotJudged, "ask again later"),
    row(
        Outcome::Unsendable,
        "unsendable",
        Weight::NotJudged,
        "`prumo call` with `--dry-run` shows the request",
    ),
];

impl Outcome {
    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.outcome == self)
    }

    /// Returns its name, one word of a closed list.
    pub(crate) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// Returns what it means for the verdict.
    pub(crate) fn weight(self) -> Weight {
        self.row().map_or(Weight::NotJudged, |row| row.weight)
    }

    /// Returns what a person can do, or an empty text.
    pub(crate) fn remedy(self) -> &'static str {
        self.row().map_or("", |row| row.remedy)
    }

    /// Returns whether the call may end otherwise if it is sent once more.
    pub(super) fn may_pass(self) -> bool {
        self == Self::ServerError || (self.is_of_vendor() && self != Self::CredentialsRefused)
    }

    /// Returns whether other calls to the vendor will probably end like this.
    pub(super) fn is_of_vendor(self) -> bool {
        matches!(
            self,
            Self::TimedOut
                | Self::UnknownHost
                | Self::NotConnected
                | Self::Certificate
                | Self::Broken
                | Self::CredentialsRefused
                | Self::RateLimited
                | Self::Maintenance
        )
    }

    /// Returns the outcome of a call that failed, or `None` if there is an answer to judge.
    pub(super) fn of_error(error: &Error) -> Option<Self> {
        let is_refused_login = error.is_login() && error.is_vendor();
        Some(match error.status() {
            _ if error.is_unknown_host() => Self::UnknownHost,
            _ if error.is_certificate() => Self::Certificate,
            _ if error.is_timeout() => Self::TimedOut,
            _ if error.is_connect() => Self::NotConnected,
            _ if error.is_transport() => Self::Broken,
            // The login returned something else than a token.
            _ if error.is_login() && error.is_decode() => Self::Maintenance,
            _ if error.is_rate_limited() => Self::RateLimited,
            Some(403) if error.is_vendor() && !error.is_login() => Self::NotPermitted,
            Some(500..) => Self::ServerError,
            Some(_) if is_refused_login || error.is_auth() => Self::CredentialsRefused,
            None if error.is_auth() || is_without_credential(error) => Self::NoCredential,
            None if error.is_invalid_request() || error.is_too_large() => Self::Unsendable,
            _ => return None,
        })
    }
}

/// Returns whether nothing was sent because the store has no credential.
fn is_without_credential(error: &Error) -> bool {
    error.is_invalid_request() && error.to_string().contains("credential")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_one_row_and_a_name_of_its_own() {
        let mut names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROWS.len());
        assert!(ROWS.is_sorted_by_key(|row| row.outcome), "the order of the enum");
        assert_eq!(ROWS.len(), Outcome::Unsendable as usize + 1);
        for row in ROWS.iter().filter(|row| row.weight == Weight::NotJudged) {
            assert!(!row.remedy.is_empty(), "outcome `{}`", row.name);
        }
    }
}
