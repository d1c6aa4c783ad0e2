//! Names what a change does to callers, and the side of a call on which it does.

/// The effect on code that was right under the old document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It no longer compiles, a call of it is refused, or a promise that it relies on is withdrawn.
    Breaking,
    /// It runs, but may get a value that it does not expect.
    Risky,
    /// It notices nothing.
    Compatible,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Risky, Self::Compatible];

    /// Returns the word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
        }
    }
}

/// The least change of the version of the generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Semver {
    /// The public items of the crate stay as they are.
    Patch,
    /// Items are added.
    Minor,
    /// Code against the old crate may not compile, or not decode, with the new one.
    Major,
}

impl Semver {
    /// Returns the word that `--semver` prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Returns the change that a word names.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Patch, Self::Minor, Self::Major].into_iter().find(|one| one.name() == word)
    }
}

/// The effect of a change on callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The effect on code that was right under the old document.
    pub severity: Severity,
    /// The least change of the crate's version.
    pub semver: Semver,
}

impl Effect {
    /// Returns the effect of the same change in a refusal.
    pub(crate) fn of_refusal(self) -> Self {
        Self { severity: self.severity.max(Severity::Risky), semver: Semver::Patch }
    }

    /// Returns the worse of two effects.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        Self { severity: self.severity.min(other.severity), semver: self.semver.max(other.semver) }
    }
}

/// Where a caller meets a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The caller sends it.
    Sent,
    /// The caller receives it in a response of success, or as a webhook.
    Received,
    /// The caller receives it in a response of failure.
    Refused,
}

impl Side {
    /// All sides.
    pub const ALL: [Self; 3] = [Self::Sent, Self::Received, Self::Refused];

    /// Returns the word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "request",
            Self::Received => "response",
            Self::Refused => "refusal",
        }
    }
}
