//! Decides the name of each rule, the severity of its findings, and the remedy.
//!
//! A rule is one row of `table`: name, [weight](Weight), scope, sentence, advice, and an example on
//! which the rule fires. Only [`RuleRow::severity`] decides the severity of a finding, and it
//! decides for a caller of the generated client.

pub mod example;
mod table;

use serde::{Deserialize, Serialize};

use crate::language::Text;
use example::Example;
pub use table::Rule;

/// The effect of a finding on a caller of the generated client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A call that worked yesterday fails or is refused today.
    Breaking,
    /// The call still works, but the caller may get an unexpected value.
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

    /// Returns the word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Breaking => Text { en: "breaking", pt: "quebra" },
            Self::Risky => Text { en: "risky", pt: "arriscado" },
            Self::Compatible => Text { en: "compatible", pt: "compatível" },
        }
    }
}

/// The half of an exchange that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The request.
    Request,
    /// The response.
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

    /// Returns the word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Request => Text { en: "request", pt: "requisição" },
            Self::Response => Text { en: "response", pt: "resposta" },
        }
    }
}

/// The part of the input that a rule judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only requests.
    Request,
    /// Only responses.
    Response,
    /// Both halves of an exchange.
    Both,
    /// Promises that never occurred.
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
    /// The severity of its findings, or how to decide it.
    pub weight: Weight,
    /// The part of the input that it judges.
    pub scope: Scope,
    /// The rule in one sentence.
    pub sentence: Text,
    /// The remedy for a caller of the client, or for the keeper of the spec.
    pub advice: Text,
    /// An exchange on which it fires.
    pub example: Example,
}

/// The severity of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Every finding has the same severity.
    Always(Severity),
    /// It depends on how the client decodes the value, usually as stated here.
    ByDecoding(Decoding),
    /// Like `ByDecoding`, but a status of 400 or more fails the call anyway, and the caller has the
    /// status.
    ByStatus(Decoding),
}

/// The generated client's reading of a value that breaks a rule.
///
/// The client is lenient: it skips unknown members, open enums keep any value, bounds and patterns
/// are not checked, and headers are passed on as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoding {
    /// It reads the value like a promised one.
    AsPromised,
    /// The call goes on with a value that the caller may not expect: `None`, a text, or an
    /// unchecked value.
    Unforeseen,
    /// It cannot decode the value, and the call fails.
    Fails,
}

/// The circumstances that decide the severity of a finding, besides the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Request or response.
    pub side: Side,
    /// Status of the response.
    pub status: Option<u16>,
    /// Whether the client decodes nothing at the place, because the vendor refused, which is an
    /// error whatever the response contains, or because the envelope's payload is elsewhere.
    pub is_unread: bool,
    /// The client's reading of the value, if it reads it at all.
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
    /// Returns the severity of a finding for a caller of the generated client.
    ///
    /// A request that lacks a value or has too many fails no call that worked, and a refusal stays
    /// the vendor's refusal, whatever its body contains.
    pub fn severity(&self, situation: Situation) -> Severity {
        match self.weight {
            Weight::Always(severity) => severity,
            Weight::ByStatus(_) if situation.status.is_some_and(|status| status >= 400) => {
                Severity::Compatible
            }
            Weight::ByDecoding(_) | Weight::ByStatus(_) => match situation.decoding {
                Decoding::AsPromised => Severity::Compatible,
                Decoding::Unforeseen => Severity::Risky,
                Decoding::Fails if situation.is_unread || situation.side == Side::Request => {
                    Severity::Risky
                }
                Decoding::Fails => Severity::Breaking,
            },
        }
    }

    /// Returns the usual severity of a finding: in the body of a success, with the usual decoding.
    pub fn usual_severity(&self) -> Severity {
        let decoding = match self.weight {
            Weight::Always(_) => Decoding::Fails,
            Weight::ByDecoding(decoding) | Weight::ByStatus(decoding) => decoding,
        };
        self.severity(Situation { side: Side::Response, status: None, is_unread: false, decoding })
    }
}
