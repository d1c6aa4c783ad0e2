//! Decides what each rule is called, how bad its findings are, and what to do about them.
//!
//! A rule is one row of `table` name, [weight](Weight), scope, sentence, advice and an example
//! on which the rule fires. [`RuleRow::severity`] is the only place that decides how bad a finding
//! is, and it decides for somebody who calls the generated client.

pub mod example;
mod table;

use serde::{Deserialize, Serialize};

use example::Example;
pub use table::Rule;

/// How much a finding hurts somebody who calls the generated client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A call that worked yesterday fails or is refused today.
    Breaking,
    /// The call still works, but the caller may meet something unforeseen.
    Risky,
    /// The caller notices nothing.
    Compatible,
}

impl Severity {
    /// Returns the word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
        }
    }
}

/// The half of an exchange that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The request.
    Request,
    /// The answer.
    Response,
}

impl Side {
    /// Returns the word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// The witness or side that a rule speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only what was sent.
    Request,
    /// Only what was answered.
    Response,
    /// Both halves of an exchange.
    Both,
    /// Promises that did not occur.
    Coverage,
    /// The waivers file.
    Waivers,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Its name in reports and waivers, in kebab case.
    pub name: &'static str,
    /// How bad a finding is, or what decides that.
    pub weight: Weight,
    /// Where it applies.
    pub scope: Scope,
    /// The rule in one sentence.
    pub sentence: &'static str,
    /// The remedy for a caller of the client, or for the keeper of the spec.
    pub advice: &'static str,
    /// An exchange on which it fires.
    pub example: Example,
}

/// How bad findings of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Every finding is equally bad.
    Always(Severity),
    /// It depends on what the client makes of the value, usually the one named here.
    ByDecoding(Decoding),
    /// Like `ByDecoding`, but a status from 400 on fails the call either way, with the status at
    /// hand.
    ByStatus(Decoding),
}

/// The generated client's reading of a value that breaks a rule.
///
/// The client is lenient: it skips unknown members, open enums keep any value, bounds and patterns
/// are not checked, and headers are handed on as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoding {
    /// It reads the value as if it were promised.
    AsPromised,
    /// The call goes on with a value that the caller may not foresee: `None`, a text, or one that
    /// is not checked.
    Unforeseen,
    /// It cannot decode the value, and the call fails.
    Fails,
}

/// The circumstances that decide, beside the rule, how bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Request or response.
    pub side: Side,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Whether the client decodes nothing there: the vendor refused, which is an error whatever the
    /// answer holds, or the envelope's payload is elsewhere.
    pub is_unread: bool,
    /// The client's reading of the value, where it reads it at all.
    pub decoding: Decoding,
}

impl Rule {
    /// Returns its name in reports and waivers, in kebab case.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the rule of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl RuleRow {
    /// Returns how bad a finding is for a caller of the generated client.
    ///
    /// What a request lacks or has too much of fails nothing that worked, and a refusal stays the
    /// vendor's refusal, whatever its body holds.
    pub fn severity(&self, situation: Situation) -> Severity {
        match self.weight {
            Weight::Always(severity) => severity,
            Weight::ByStatus(_) if situation.status.is_some_and(|status| status >= 400) => {
                Severity::Compatible
            }
            Weight::ByDecoding(_) | Weight::ByStatus(_) => match situation.decoding {
                Decoding::AsPromised => Severity::Compatible,
                Decoding::Unforeseen => Severity::Risky,
                Decoding::Fails if situation.is_unread || situation.side == Side::Request => Severity::Risky,
                Decoding::Fails => Severity::Breaking,
            },
        }
    }

    /// Returns how bad a finding usually is: in the body of a success, with the usual decoding.
    pub fn usual_severity(&self) -> Severity {
        let decoding = match self.weight {
            Weight::Always(_) => Decoding::Fails,
            Weight::ByDecoding(decoding) | Weight::ByStatus(decoding) => decoding,
        };
        self.severity(Situation { side: Side::Response, status: None, is_unread: false, decoding })
    }
}
