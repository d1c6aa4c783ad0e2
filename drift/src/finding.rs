//! Describes one place where a witness leaves the contract, with the evidence.
//!
//! Invariants:
//!
//! * A finding never carries a vendor's value, only masks of texts and unknown values of declared
//!   enums, both limited in length.
//! * One deviation is one finding; findings of one rule at one place are joined into one with a
//!   count.
//! * Every finding names its spec, because two specs may have an operation of the same name.
//! * Findings of one severity are sorted by spec, then by [`Identity`]: operation, side, status,
//!   case, place, rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Text;
use crate::rules::{Rule, Severity, Side};

/// A place in the input: file, line, and the JSON Pointer inside the body.
///
/// Places are sorted by file, line and pointer. The evidence of a finding is the smallest place, so
/// it does not depend on the order of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file with the exchange, as the caller named it.
    pub file: String,
    /// The line of the exchange in that file, 1-based.
    pub line: u64,
    /// Concrete JSON Pointer (array items are numbers) inside the judged body.
    pub pointer: String,
}

/// The key of a finding: where it is and which rule it breaks.
///
/// Within one spec, waivers and baselines identify findings by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The `operationId`; `None` if the operation is unknown. A waiver names an unknown endpoint here
    /// as the finding does in `seen` (`GET /pedidos/*`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Request or response.
    pub side: Side,
    /// HTTP status of the response; `None` on the request side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Name of the envelope's case; `None` if the response has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
    /// The broken rule.
    pub rule: Rule,
}

/// The place in a spec's files where a promise is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SpecPlace {
    /// The file of the spec, as the caller named it.
    pub file: String,
    /// The line, 1-based.
    pub line: u64,
    /// The column, 1-based.
    pub column: u64,
}

/// How a finding compares with the findings of earlier nights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It was not found before.
    New,
    /// It was found before, and is more severe or more frequent now.
    Worse,
    /// It was found before.
    Known,
    /// It was found before and is not found any more.
    Gone,
}

impl Standing {
    /// All standings, in the order of a report.
    pub const ALL: [Self; 4] = [Self::New, Self::Worse, Self::Known, Self::Gone];

    /// Returns the word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Known => "known",
            Self::Gone => "gone",
        }
    }

    /// Returns the word for people.
    pub fn text(self) -> Text {
        match self {
            Self::New => Text { en: "new", pt: "novo" },
            Self::Worse => Text { en: "worse", pt: "piorou" },
            Self::Known => Text { en: "known", pt: "conhecido" },
            Self::Gone => Text { en: "gone", pt: "sumiu" },
        }
    }
}

/// One deviation, grouped over all exchanges that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The name of the spec that promised otherwise.
    #[serde(default)]
    pub spec: String,
    /// The broken rule.
    pub rule: Rule,
    /// How severe it is for a caller of the generated client.
    pub severity: Severity,
    /// The `operationId`; `None` if the operation is unknown.
    pub operation: Option<String>,
    /// Request or response.
    pub side: Side,
    /// HTTP status of the response; `None` on the request side.
    pub status: Option<u16>,
    /// Name of the envelope's case; `None` if the response has only one.
    pub case: Option<String>,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
    /// The promise, in words.
    pub promised: String,
    /// The value that came, in words.
    pub seen: String,
    /// How often it occurred.
    pub count: u64,
    /// The number of values, objects, responses or requests that were judged.
    pub of: u64,
    /// The smallest place where it occurred.
    pub first: Option<Place>,
    /// The reason of the waiver that silences this finding.
    pub waived: Option<String>,
    /// The place in the spec where the promise is written, if the caller has located it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<SpecPlace>,
    /// How it compares with earlier nights, if the caller knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// The night on which it was first found, such as `2026-11-28`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

impl Finding {
    /// Returns the method and path that no operation has, if the finding is about them.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        let is_endpoint = self.rule == Rule::OperationUnknown && self.operation.is_none();
        is_endpoint.then_some(self.seen.as_str())
    }

    /// Returns the key by which findings are identified and sorted. Within one run only unknown
    /// requests share a key; `seen` distinguishes these.
    pub fn identity(&self) -> Identity {
        Identity {
            operation: self.operation.clone(),
            side: self.side,
            status: self.status,
            case: self.case.clone(),
            at: self.at.clone(),
            rule: self.rule,
        }
    }
}

/// Returns whether an endpoint such as `GET /orders/*` is the one of a pattern, which may stand for
/// all that begin alike: `GET /…`.
pub(crate) fn is_endpoint_of(endpoint: &str, pattern: &str) -> bool {
    let start = pattern.strip_suffix('…');
    endpoint == pattern || start.is_some_and(|start| endpoint.starts_with(start))
}

impl Identity {
    /// Returns whether this, as a pattern in which a missing status or case matches any, matches
    /// the finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        let Self { operation, side, status, case, at, rule } = self;
        let is_named = match (operation, finding.endpoint()) {
            (Some(pattern), Some(endpoint)) => is_endpoint_of(endpoint, pattern),
            _ => *operation == finding.operation,
        };
        *rule == finding.rule
            && is_named
            && *side == finding.side
            && *at == finding.at
            && (status.is_none() || *status == finding.status)
            && (case.is_none() || *case == finding.case)
    }
}

/// Prints, for example, `null-unexpected ler_chamado response 200 erro=false /data/*/id`.
impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.rule.name())?;
        let status = self.status.map(|status| status.to_string());
        let parts = [self.operation.as_deref(), Some(self.side.name()), status.as_deref()];
        let parts = parts.into_iter().chain([self.case.as_deref(), Some(self.at.as_str())]);
        parts
            .flatten()
            .filter(|part| !part.is_empty())
            .try_for_each(|part| write!(formatter, " {part}"))
    }
}
