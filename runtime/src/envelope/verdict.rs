//! Describes how a response tells success from failure, and decides which of them one tells.
//!
//! [`Envelope`] is the row that a spec's `x-envelope` becomes: its members are listed once, in
//! `members!`, and the generator passes them on without knowing them. [`judge`] is the only place
//! in the crate that decides whether a response is a refusal.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use serde_json::Value;

use super::head::Head;
use super::members::RawMembers;
use super::misfit;
use crate::decode::Misfit;

/// Defines [`Envelope`] with the tag and the members that are listed: the name of each, and whether
/// it is a text or a list of values.
macro_rules! members {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)*) => {
        /// Distinguishes success from failure in a response. All places are JSON Pointers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Envelope {
            /// The top-level member that decides. Without it only the HTTP status does.
            pub tag: Option<&'static str>,
            /// Values of the tag that mean success. Every other value of the same types is a
            /// failure, and a value of another type violates the contract.
            pub success: &'static [TagValue],
            $($(#[$doc])* pub $name: members!(@type $kind),)*
        }

        impl Envelope {
            /// Creates an envelope without any member.
            #[must_use]
            pub const fn new() -> Self {
                Self { tag: None, success: &[], $($name: members!(@none $kind)),* }
            }

            /// Sets the JSON Pointer to the tag, and the tag's values that mean success.
            #[must_use]
            pub const fn tag(mut self, pointer: &'static str, success: &'static [TagValue]) -> Self {
                self.tag = Some(pointer);
                self.success = success;
                self
            }

            $(
                #[doc = concat!("Sets the member `", stringify!($name), "`.")]
                #[must_use]
                pub const fn $name(mut self, value: members!(@given $kind)) -> Self {
                    self.$name = members!(@some $kind value);
                    self
                }
            )*

            /// Returns the members beside the tag that are set, each with its name.
            #[doc(hidden)]
            pub fn members(&self) -> impl Iterator<Item = (&'static str, EnvelopeMember)> {
                let all = [$((stringify!($name), EnvelopeMember::$kind(self.$name))),*];
                all.into_iter().filter(|(_, member)| member.is_set())
            }

            /// Sets a member by its name. A name that no member has changes nothing.
            #[doc(hidden)]
            #[must_use]
            pub fn with(mut self, name: &str, member: EnvelopeMember) -> Self {
                match (name, member) {
                    $((stringify!($name), EnvelopeMember::$kind(value)) => self.$name = value,)*
                    _ => {}
                }
                self
            }
        }
    };
    (@type Text) => { Option<&'static str> };
    (@type Values) => { &'static [TagValue] };
    (@given Text) => { &'static str };
    (@given Values) => { &'static [TagValue] };
    (@none Text) => { None };
    (@none Values) => { &[] };
    (@some Text $value:ident) => { Some($value) };
    (@some Values $value:ident) => { $value };
}

members! {
    /// Values of the tag that are known to mean failure, if any are. A failure with another value
    /// is doubtful.
    failure: Values;
    /// A member that a failure has if the vendor's program crashed, so that the outcome is unknown.
    crash: Text;
    /// The vendor's message.
    message: Text;
    /// A list of further messages.
    errors: Text;
    /// The top-level member with the payload. Without it, the payload is the whole object without
    /// the tag, the message and the further messages.
    payload: Text;
}

impl Default for Envelope {
    fn default() -> Self {
        Self::new()
    }
}

/// The value of a member of an [`Envelope`].
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeMember {
    /// A place, or a name.
    Text(Option<&'static str>),
    /// Values of the tag.
    Values(&'static [TagValue]),
}

impl EnvelopeMember {
    fn is_set(&self) -> bool {
        match self {
            Self::Text(text) => text.is_some(),
            Self::Values(values) => !values.is_empty(),
        }
    }
}

/// A possible value of the tag of an [`Envelope`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagValue {
    /// JSON `true` or `false`.
    Bool(bool),
    /// A JSON integer.
    Int(i64),
    /// A JSON string.
    Text(&'static str),
}

/// The outcome of a call according to its response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    /// The vendor refused.
    Refusal(Doubt),
    /// The tag has another type than every success value. Treating that as a refusal would be a
    /// guess: where `false` is promised, `"false"` and `0` may well mean that the call worked.
    Unclear(Misfit),
    /// The tag is missing.
    Untagged(Misfit),
}

/// The doubt that a refusal leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The vendor did not do what was asked.
    #[default]
    None,
    /// Another part of the response indicates success.
    Contradiction,
    /// The vendor's program crashed while it handled the request, or a proxy timed out. How far the
    /// request got is unknown.
    Crash,
}

impl Head {
    /// Returns whether the response is a refusal whatever its body says.
    pub(crate) fn refuses(&self) -> bool {
        !self.status.is_success()
    }
}

/// Judges a response.
///
/// * `tag`: the value of the envelope's tag, if the response has it.
/// * `members`: all members, `None` if the body is not a JSON object or its members are not at
///   hand. They are needed only for the doubt that a refusal leaves.
pub(super) fn judge(head: &Head, tag: Option<&Value>, members: Option<&RawMembers<'_>>) -> Verdict {
    let tagged = head.envelope.and_then(|envelope| Some((envelope, envelope.tag?)));
    let says = tagged.zip(tag).map(|((envelope, _), tag)| says(envelope.success, tag));
    let beside = members.zip(head.envelope);
    let has_crash = || beside.is_some_and(|(members, envelope)| has_crash(members, envelope));
    if head.refuses() {
        // A success tag does not override the status.
        let is_contradicted = matches!(says, Some(Says::Success));
        return Verdict::Refusal(doubt(
            is_contradicted,
            has_crash() || !is_plain_status(head.status),
        ));
    }
    let Some((envelope, pointer)) = tagged else {
        return Verdict::Success;
    };
    match says {
        None => Verdict::Untagged(misfit(pointer, "the field that indicates success is missing")),
        Some(Says::Success) => Verdict::Success,
        Some(Says::Failure) => {
            let is_plain = tag.is_some_and(|tag| is_plain_failure(envelope.failure, tag));
            let has_payload =
                beside.is_some_and(|(members, envelope)| members.hold_payload(envelope));
            Verdict::Refusal(doubt(has_payload || !is_plain, has_crash()))
        }
        Some(Says::Neither(what)) => Verdict::Unclear(misfit(pointer, &what)),
    }
}

fn has_crash(members: &RawMembers<'_>, envelope: &Envelope) -> bool {
    let crash = envelope.crash.and_then(|pointer| members.at(pointer));
    crash.is_some_and(|value| !value.is_null())
}

fn doubt(is_contradicted: bool, has_crash: bool) -> Doubt {
    match (is_contradicted, has_crash) {
        (true, _) => Doubt::Contradiction,
        (false, true) => Doubt::Crash,
        (false, false) => Doubt::None,
    }
}

/// Returns whether a failure status says that nothing was done. Other statuses can come from a
/// crash after the fact, and 408 from a proxy that timed out.
fn is_plain_status(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}

/// The meaning of a tag's value.
enum Says {
    Success,
    Failure,
    /// Holds the expected types and the one that was found.
    Neither(String),
}

fn says(success: &[TagValue], value: &Value) -> Says {
    if success.iter().any(|success| matches(*success, value)) {
        return Says::Success;
    }
    let expected: BTreeSet<&str> = success.iter().map(|success| kind_of_tag(*success)).collect();
    let found = kind(value);
    if expected.is_empty() || expected.contains(found) {
        return Says::Failure;
    }
    let expected: Vec<&str> = expected.into_iter().collect();
    Says::Neither(format!("expected {}, found {found}", expected.join(" or ")))
}

/// Returns whether a tag that does not mean success is known to mean failure.
fn is_plain_failure(failure: &[TagValue], value: &Value) -> bool {
    failure.is_empty() || failure.iter().any(|failure| matches(*failure, value))
}

fn matches(tag: TagValue, value: &Value) -> bool {
    match (tag, value) {
        (TagValue::Bool(tag), Value::Bool(value)) => tag == *value,
        (TagValue::Int(tag), Value::Number(value)) => value.as_i64() == Some(tag),
        (TagValue::Text(tag), Value::String(value)) => tag == value,
        _ => false,
    }
}

fn kind_of_tag(tag: TagValue) -> &'static str {
    match tag {
        TagValue::Bool(_) => "a boolean",
        TagValue::Int(_) => "an integer",
        TagValue::Text(_) => "a string",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "an integer",
        Value::Number(_) => "another number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
