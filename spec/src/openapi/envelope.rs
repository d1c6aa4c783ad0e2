//! How responses show success or failure (`x-envelope`), and the outcome of a given response.

use serde_json::Value;

use super::{Node, SpecError, SpecFault};
use crate::document::merge_patch;
use crate::pointer::{below, top_level};
use crate::scalar::Scalar;

/// How responses show success or failure; places are JSON Pointers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Place of the member that decides.
    pub tag: Option<String>,
    /// The tag's values that mean success.
    pub success: Vec<Scalar>,
    /// The tag's values that plainly mean failure; with any other value the call may have
    /// succeeded.
    pub failure: Vec<Scalar>,
    /// Place of a member that is present when the vendor's program crashed.
    pub crash: Option<String>,
    /// Place of the vendor's message.
    pub message: Option<String>,
    /// Place of further messages.
    pub errors: Option<String>,
    /// Place of the payload that the client decodes; `None` if it is everything except tag and
    /// messages.
    pub payload: Option<String>,
}

impl Envelope {
    /// The members of `x-envelope`.
    pub const MEMBERS: [&str; 7] =
        ["tag", "success", "failure", "crash", "message", "errors", "payload"];

    /// Returns why a member of `x-envelope` cannot have this value, or `None` if it can.
    pub fn complaint(name: &str, value: &Value) -> Option<String> {
        if matches!(name, "success" | "failure") {
            let is_scalar = |one: &Value| one.is_boolean() || one.is_string() || one.is_i64();
            let fits =
                value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(is_scalar));
            return (!fits)
                .then(|| format!("`{name}` must be a list of booleans, integers or text"));
        }
        let Some(pointer) = value.as_str().and_then(|pointer| pointer.strip_prefix('/')) else {
            return Some(format!("`{name}` must be a JSON Pointer such as `/data`"));
        };
        let is_deep = pointer.contains('/') && matches!(name, "tag" | "payload");
        (pointer.is_empty() || is_deep)
            .then(|| format!("`{name}` must name a member of the top level, such as `/data`"))
    }

    /// Reads the envelope of an operation: the document's, patched by the operation's (RFC 7396).
    pub(super) fn read(operation: &Node<'_>) -> Result<Option<Self>, SpecError> {
        let mut merged = operation.api().root().get("x-envelope").cloned().unwrap_or(Value::Null);
        if let Some(patch) = operation.get("x-envelope") {
            merge_patch(&mut merged, patch);
        }
        if !merged.is_object() {
            return Ok(None);
        }
        let expected = |name: &str, expected| {
            let at = below(&below(operation.at(), "x-envelope"), name);
            operation.api().fault(&at, SpecFault::Expected { expected })
        };
        let place = |name: &str| match merged.get(name) {
            None => Ok(None),
            Some(Value::String(pointer)) => Ok(Some(pointer.clone())),
            Some(_) => Err(expected(name, "a text")),
        };
        let values = |name: &str| match merged.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => Ok(values.iter().map(Scalar::from_value).collect()),
            Some(_) => Err(expected(name, "a list")),
        };
        let tag = place("tag")?;
        if tag.as_deref().is_some_and(|tag| top_level(tag).is_none()) {
            return Err(expected("tag", "a pointer to a top-level member"));
        }
        Ok(Some(Self {
            tag,
            message: place("message")?,
            errors: place("errors")?,
            payload: place("payload")?,
            crash: place("crash")?,
            success: values("success")?,
            failure: values("failure")?,
        }))
    }

    /// Returns the places, each with its member of `x-envelope`.
    pub fn places(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("tag", &self.tag),
            ("crash", &self.crash),
            ("message", &self.message),
            ("errors", &self.errors),
            ("payload", &self.payload),
        ];
        all.into_iter().filter_map(|(name, place)| Some((name, place.as_deref()?)))
    }

    /// Returns the members beside the tag that are set, each with its name, for the runtime's row
    /// of the same names.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, EnvelopeMember<'_>)> {
        let places = self.places().filter(|(name, _)| *name != "tag");
        let texts = places.map(|(name, place)| (name, EnvelopeMember::Text(place)));
        let failure = Some(&self.failure[..]).filter(|values| !values.is_empty());
        failure.map(|values| ("failure", EnvelopeMember::Values(values))).into_iter().chain(texts)
    }

    /// Returns the outcome of a call with this tag.
    pub fn outcome(&self, tag: &Scalar) -> Outcome {
        Outcome::of_tag(&self.success, tag)
    }
}

/// The value of a member of an [`Envelope`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeMember<'e> {
    /// A place, or a name.
    Text(&'e str),
    /// Values of the tag.
    Values(&'e [Scalar]),
}

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The call succeeded.
    Success,
    /// The vendor refused.
    Failure,
    /// The tag is of a kind that no value of success has: where `false` means success, `"false"`
    /// and `0` may mean it, too.
    Neither,
}

impl Outcome {
    /// Compares a tag with the values that mean success.
    pub fn of_tag(success: &[Scalar], tag: &Scalar) -> Self {
        let is_kin = |known: &Scalar| std::mem::discriminant(known) == std::mem::discriminant(tag);
        match success.contains(tag) {
            true => Self::Success,
            false if success.is_empty() || success.iter().any(is_kin) => Self::Failure,
            false => Self::Neither,
        }
    }

    /// Returns the outcome of a response, from its status and from its tag if it has one.
    ///
    /// A status of failure is a failure, whatever the tag.
    pub fn of_answer(tag: Option<Self>, status: u16) -> Self {
        match tag {
            _ if status >= 400 => Self::Failure,
            Some(outcome) => outcome,
            None => Self::Success,
        }
    }

    /// Returns whether a tag and a status contradict each other: one means success, the other
    /// failure.
    pub fn contradicts(self, status: u16) -> bool {
        self == Self::Success && status >= 400
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_answer_tells() {
        use Outcome::{Failure, Neither, Success};
        let rows = [
            ("a value of success", json!([false]), Some(json!(false)), 200, Success),
            ("another of its kind", json!([false]), Some(json!(true)), 200, Failure),
            (
                "another kind, perhaps the same thing",
                json!([false]),
                Some(json!("false")),
                200,
                Neither,
            ),
            ("zero for false", json!([false]), Some(json!(0)), 200, Neither),
            ("null", json!(["success"]), Some(json!(null)), 200, Neither),
            ("an object", json!(["success"]), Some(json!({})), 200, Neither),
            ("one of several", json!(["success", "suscess"]), Some(json!("suscess")), 200, Success),
            ("a word that is not listed", json!(["success"]), Some(json!("queued")), 200, Failure),
            ("numbers that are equal", json!([1]), Some(json!(1.0)), 200, Success),
            ("a status of failure", json!([false]), Some(json!(false)), 500, Failure),
            ("a status of failure beside an odd tag", json!([false]), Some(json!(0)), 422, Failure),
            ("no tag", json!([false]), None, 200, Success),
            ("no tag, a status of failure", json!([false]), None, 404, Failure),
        ];
        for (name, success, tag, status, expected) in rows {
            let success = success.as_array().unwrap().iter().map(Scalar::from_value).collect();
            let envelope = Envelope { success, ..Envelope::default() };
            let tag = tag.map(|tag| envelope.outcome(&Scalar::from_value(&tag)));
            assert_eq!(Outcome::of_answer(tag, status), expected, "{name}");
        }
        assert!(Success.contradicts(400) && !Success.contradicts(200) && !Failure.contradicts(400));
    }
}
