//! The table of rules: name, default severity, side, one sentence, what to do.
//!
//! Invariants:
//!
//! * Every rule has exactly one row, and [`Rule::ALL`] is in the order of the
//!   table. A test walks both.
//! * Every rule has an [example](examples), and the judge says of it what the
//!   rule says.
//! * [`severity`] is the only place that decides how bad a finding is, and it
//!   decides for somebody who calls the generated client.

pub mod examples;

use serde::{Deserialize, Serialize};

use prumo_spec::formats::Reading;

/// Name of a rule; the closed vocabulary of every report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A member that the spec does not know.
    FieldUndocumented,
    /// A required member is absent.
    FieldMissing,
    /// A value of another JSON kind.
    TypeChanged,
    /// `null` where the spec allows none.
    NullUnexpected,
    /// A value outside a declared enum.
    EnumValueUnknown,
    /// A text that does not have its format or pattern.
    FormatViolated,
    /// A length, amount or number outside its bounds.
    BoundExceeded,
    /// A value that fits more than one alternative where only one may.
    AlternativeAmbiguous,
    /// A status that the operation does not name.
    StatusUndocumented,
    /// Another media type than promised.
    ContentTypeChanged,
    /// A body that is not the JSON it should be.
    BodyUnreadable,
    /// The envelope says one thing and the rest of the answer another.
    EnvelopeContradiction,
    /// What the answer says of its pages cannot be.
    PagingContradiction,
    /// A required header of an answer is absent.
    HeaderMissing,
    /// A parameter that the operation does not know.
    ParamUndocumented,
    /// A required parameter is absent.
    ParamMissing,
    /// No operation of the spec takes this request.
    OperationUnknown,
    /// A promised operation without any exchange.
    OperationNeverSeen,
    /// A promised status that no answer had.
    StatusNeverSeen,
    /// A promised field that no answer carried.
    FieldNeverSeen,
    /// A promised case of an envelope that never came.
    CaseNeverSeen,
    /// A declared enum value that never came.
    EnumValueNeverSeen,
    /// A waiver whose place was seen and fits.
    WaiverStale,
}

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
    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Risky => "risky",
            Self::Compatible => "compatible",
        }
    }
}

/// Which half of an exchange a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What was sent to the vendor.
    Request,
    /// What the vendor answered.
    Response,
}

impl Side {
    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// Which witness or side a rule speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only what was sent.
    Request,
    /// Only what was answered.
    Response,
    /// Both halves of an exchange.
    Both,
    /// What was promised and did not occur.
    Coverage,
    /// The waivers file.
    Waivers,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Its name in reports and waivers.
    pub name: &'static str,
    /// Severity when the situation does not say otherwise (see [`severity`]).
    pub severity: Severity,
    /// Where it applies.
    pub scope: Scope,
    /// What it says, in one sentence.
    pub sentence: &'static str,
    /// What a caller of the client, or the keeper of the spec, should do.
    pub advice: &'static str,
}

macro_rules! rules {
    ($($rule:ident $name:literal $severity:ident $scope:ident $sentence:literal $advice:literal;)*) => {
        /// The table, one row a rule, in the order of [`Rule`].
        pub const RULES: &[RuleRow] = &[$(RuleRow {
            rule: Rule::$rule,
            name: $name,
            severity: Severity::$severity,
            scope: Scope::$scope,
            sentence: $sentence,
            advice: $advice,
        }),*];

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Its name in reports and waivers, in kebab case.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }
        }
    };
}

rules! {
    FieldUndocumented "field-undocumented" Compatible Both
        "An object holds a member that the spec does not know."
        "Nothing breaks: the client keeps reading. Add the field to the spec when it is of use.";
    FieldMissing "field-missing" Breaking Both
        "An object lacks a member that the spec requires."
        "The client fails to decode such an answer, unless the field is nullable or the envelope's own. Make it optional in the spec and regenerate.";
    TypeChanged "type-changed" Breaking Both
        "A value has another JSON kind than the spec promises."
        "The client fails to decode such a value, unless its format reads both kinds. Correct the type in the spec and regenerate.";
    NullUnexpected "null-unexpected" Breaking Both
        "A value is null where the spec does not allow null."
        "The client fails to decode null in a required field or a list; an optional field reads as absent. Mark it nullable in the spec and regenerate.";
    EnumValueUnknown "enum-value-unknown" Risky Both
        "A value is outside its declared enum."
        "An open enum keeps the value: handle the unknown arm, and add the value to the spec.";
    FormatViolated "format-violated" Risky Both
        "A text does not have its promised format or pattern."
        "A typed date or number fails to decode; plain text is only unexpected. Correct the format in the spec.";
    BoundExceeded "bound-exceeded" Risky Both
        "A number, length or amount lies outside its promised bounds."
        "The client does not check bounds of answers, but an int beyond 64 bits fails to decode: look where your code relies on them.";
    AlternativeAmbiguous "alternative-ambiguous" Compatible Both
        "A value fits more than one alternative of a `oneOf`."
        "The client takes the first that it can read. Give the alternatives a member with a value of its own each, or write `anyOf`.";
    StatusUndocumented "status-undocumented" Risky Response
        "The answer has a status that the operation does not name."
        "The client decodes any 2XX like the promised one, and reports every other status as an error. Describe the status in the spec.";
    ContentTypeChanged "content-type-changed" Breaking Both
        "The body came with another media type than promised."
        "The client reads JSON under any name and fails on anything else. Look at what answered: often it is a proxy's error page.";
    BodyUnreadable "body-unreadable" Breaking Both
        "The body is not the JSON that it should be: cut short, not UTF-8, too deep, a name twice in one object, or no JSON at all."
        "The client returns a decode error, but for a byte order mark, for U+FFFD in a text and for names that the spec does not know. Keep the exchange and ask the vendor.";
    EnvelopeContradiction "envelope-contradiction" Breaking Response
        "The envelope's tag, the status and the members of the answer contradict each other."
        "Success and failure cannot be told apart safely. Handle the error, and ask the vendor.";
    PagingContradiction "paging-contradiction" Risky Response
        "What the answer says of its pages (`x-paging`) contradicts its items, itself, or the page and size that were asked for."
        "The client pages on by these numbers and may miss items, take some twice or find no end. Correct `x-paging` in the spec, or count items yourself and ask the vendor.";
    HeaderMissing "header-missing" Risky Response
        "The answer lacks a header that the spec requires."
        "The client decodes no header and goes on; look where your code reads this one. Make it optional in the spec when the vendor leaves it out.";
    ParamUndocumented "param-undocumented" Compatible Request
        "The request holds a parameter that the operation does not know."
        "Add the parameter to the spec when the vendor honours it.";
    ParamMissing "param-missing" Risky Request
        "The request lacks a parameter that the spec requires."
        "Make the parameter optional in the spec when the vendor answers without it.";
    OperationUnknown "operation-unknown" Risky Request
        "No operation of the spec takes this method and path."
        "Add the operation to the spec, or leave the exchange out of the input.";
    OperationNeverSeen "operation-never-seen" Compatible Coverage
        "No exchange of this operation was seen."
        "Record one; until then nothing is known of it.";
    StatusNeverSeen "status-never-seen" Compatible Coverage
        "No answer had this promised status."
        "Record an answer that has it; until then nothing is known of its body.";
    FieldNeverSeen "field-never-seen" Compatible Coverage
        "No object carried this promised field, or no answer this promised header."
        "Record an answer that has it, or take it out of the spec.";
    CaseNeverSeen "case-never-seen" Compatible Coverage
        "This case of the envelope was never seen."
        "Record an answer of this case.";
    EnumValueNeverSeen "enum-value-never-seen" Compatible Coverage
        "This value of a declared enum was never seen."
        "Record an answer that has it, or take it out of the spec.";
    WaiverStale "waiver-stale" Risky Waivers
        "A waiver silences nothing, since its place was seen and fits; or its last day is over."
        "Take the waiver out of the file, or decide anew how long it holds.";
}

impl Rule {
    /// The rule of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// The row of the table.
    pub fn row(self) -> Option<&'static RuleRow> {
        RULES.iter().find(|row| row.rule == self)
    }
}

/// What decides, beside the rule, how bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Request or response.
    pub side: Side,
    /// Status of the answer.
    pub status: Option<u16>,
    /// The client decodes nothing there: the vendor refused, which is an error
    /// whatever the answer holds, or the envelope's payload is elsewhere.
    pub is_unread: bool,
    /// What the client makes of it where it reads.
    pub reading: Reading,
}

/// How bad a finding of `rule` is for a caller of the generated client.
///
/// The client decodes leniently: unknown members are skipped, open enums keep
/// any value, bounds and patterns are not checked, headers are handed on as texts. What a request lacks or has
/// too much of fails nothing that worked, and a refusal stays the vendor's
/// refusal, however it is worded.
pub fn severity(rule: Rule, situation: Situation) -> Severity {
    let Situation { side, status, is_unread, reading } = situation;
    match rule {
        Rule::FieldUndocumented | Rule::ParamUndocumented | Rule::AlternativeAmbiguous => {
            Severity::Compatible
        }
        Rule::PagingContradiction
        | Rule::HeaderMissing
        | Rule::ParamMissing
        | Rule::OperationUnknown
        | Rule::WaiverStale => Severity::Risky,
        Rule::EnvelopeContradiction => Severity::Breaking,
        // The call fails either way, with the status at hand.
        Rule::StatusUndocumented if status.is_some_and(|status| status >= 400) => Severity::Compatible,
        Rule::FieldMissing
        | Rule::TypeChanged
        | Rule::NullUnexpected
        | Rule::EnumValueUnknown
        | Rule::FormatViolated
        | Rule::BoundExceeded
        | Rule::StatusUndocumented
        | Rule::ContentTypeChanged
        | Rule::BodyUnreadable => match reading {
            Reading::Alike => Severity::Compatible,
            Reading::Odd => Severity::Risky,
            Reading::Fails if is_unread || side == Side::Request => Severity::Risky,
            Reading::Fails => Severity::Breaking,
        },
        Rule::OperationNeverSeen
        | Rule::StatusNeverSeen
        | Rule::FieldNeverSeen
        | Rule::CaseNeverSeen
        | Rule::EnumValueNeverSeen => Severity::Compatible,
    }
}
