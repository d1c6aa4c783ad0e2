//! Describes one place where a witness leaves the contract, with its evidence.
//!
//! Invariants:
//!
//! * A finding never carries a vendor's value, only masks of texts and unknown
//!   values of declared enums, both bounded in length.
//! * One deviation is one finding; findings of one rule at one place are one
//!   finding with a count.
//! * The order of [`Identity`] (operation, side, status, case, place, rule) is the
//!   order of every report.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Severity, Side};

/// Where something was seen: file, line and the JSON Pointer inside the body.
///
/// Places are ordered by file, then line, then pointer; the evidence of a
/// finding is the smallest one, so it does not depend on the order of input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file that holds the exchange, as the caller named it.
    pub file: String,
    /// 1-based line of the exchange in that file.
    pub line: u64,
    /// Concrete JSON Pointer (array items are numbers) inside the judged body.
    pub pointer: String,
}

/// The key of a finding: where it is and which rule it breaks.
///
/// Waivers and baselines name findings by it. Its order is that of every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The `operationId`; `None` when the operation is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Request or response.
    pub side: Side,
    /// HTTP status of the answer; `None` on the request side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Name of the envelope's case; `None` when the answer has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
    /// The broken rule.
    pub rule: Rule,
}

/// One deviation, grouped over all exchanges that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The broken rule.
    pub rule: Rule,
    /// How bad it is for a caller of the generated client.
    pub severity: Severity,
    /// The `operationId`; `None` when the operation is not known.
    pub operation: Option<String>,
    /// Request or response.
    pub side: Side,
    /// HTTP status of the answer; `None` on the request side.
    pub status: Option<u16>,
    /// Name of the envelope's case; `None` when the answer has only one.
    pub case: Option<String>,
    /// JSON Pointer with `*` for array items and map entries.
    pub at: String,
    /// The promise, in words.
    pub promised: String,
    /// The value that came instead, in words.
    pub seen: String,
    /// How often.
    pub count: u64,
    /// The number of values, objects, answers or requests that were looked at.
    pub of: u64,
    /// The smallest place where it was seen.
    pub first: Option<Place>,
    /// The reason of the waiver that silences this finding.
    pub waived: Option<String>,
}

impl Finding {
    /// Returns the key by which findings are told apart and sorted. Within one run
    /// only unknown requests share one; what was seen tells these apart.
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

impl Identity {
    /// Returns whether this, taken as a pattern whose status and case mean any where
    /// they are not said, speaks of the finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        let Self { operation, side, status, case, at, rule } = self;
        *rule == finding.rule
            && *operation == finding.operation
            && *side == finding.side
            && *at == finding.at
            && (status.is_none() || *status == finding.status)
            && (case.is_none() || *case == finding.case)
    }
}

/// `null-unexpected ler_chamado response 200 erro=false /data/*/id`
impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.rule.name())?;
        let status = self.status.map(|status| status.to_string());
        let parts = [self.operation.as_deref(), Some(self.side.name()), status.as_deref()];
        let parts = parts.into_iter().chain([self.case.as_deref(), Some(self.at.as_str())]);
        parts.flatten().filter(|part| !part.is_empty()).try_for_each(|part| write!(formatter, " {part}"))
    }
}
