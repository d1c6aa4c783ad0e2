//! Turns the fields of a builder into a request body.
//!
//! Invariants:
//!
//! * No setter fails: a value that does not convert is an error of the finished body, and setting
//!   the field again corrects it.
//! * An error names the field, never a value.

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};

/// One field of a builder.
#[derive(Clone, Default)]
pub enum Slot<T> {
    /// The field was not set.
    #[default]
    Unset,
    /// The field is null.
    Null,
    /// The field's value.
    Set(T),
    /// The reason why the value did not convert.
    Refused(String),
}

impl<T> Slot<T> {
    /// Keeps `value`, or the reason why the value for `name` did not convert.
    pub fn set<E: Display>(name: &str, value: Result<T, E>) -> Self {
        match value {
            Ok(value) => Self::Set(value),
            Err(error) => {
                Self::Refused(format!("error converting supplied value for {name}: {error}"))
            }
        }
    }

    /// Returns the value of a field that must be set, or `None` with a problem.
    pub fn required(self, name: &'static str, problems: &mut Problems) -> Option<T> {
        let value = self.nullable(name, problems)?;
        if value.is_none() {
            problems.missing.push(name);
        }
        value
    }

    /// Returns the value of a field that must be set and may be null, or `None` with a problem.
    pub fn nullable(self, name: &'static str, problems: &mut Problems) -> Option<Option<T>> {
        if matches!(self, Self::Unset) {
            problems.missing.push(name);
            return None;
        }
        self.optional(name, problems)
    }

    /// Returns the value of a field that need not be set, or `None` with a problem.
    pub fn optional(self, name: &'static str, problems: &mut Problems) -> Option<Option<T>> {
        self.clearable(name, problems).map(Option::flatten)
    }

    /// Returns what a field sends that may be left out (`None`), null (`Some(None)`) or a value, or
    /// `None` with a problem.
    pub fn clearable(
        self,
        _name: &'static str,
        problems: &mut Problems,
    ) -> Option<Option<Option<T>>> {
        match self {
            Self::Unset => Some(None),
            Self::Null => Some(Some(None)),
            Self::Set(value) => Some(Some(Some(value))),
            Self::Refused(why) => {
                problems.refused.push(why);
                None
            }
        }
    }

    /// Returns the list or map of a field, which is empty if it is not set, or `None` with a problem.
    pub fn filled(self, name: &'static str, problems: &mut Problems) -> Option<T>
    where
        T: Default,
    {
        self.optional(name, problems).map(Option::unwrap_or_default)
    }
}

/// Collects what keeps a builder from making its body, so that a caller learns of all of it at once.
#[derive(Debug, Default)]
pub struct Problems {
    missing: Vec<&'static str>,
    refused: Vec<String>,
}

impl Problems {
    /// Returns the body, which is `None` if there is a problem.
    ///
    /// # Errors
    ///
    /// Returns an error that names all fields that are missing or did not convert.
    pub fn or<T>(self, body: Option<T>) -> Result<T, ConversionError> {
        body.ok_or_else(|| {
            let missing = (!self.missing.is_empty())
                .then(|| format!("no value supplied for {}", listed(&self.missing)));
            let all: Vec<String> = missing.into_iter().chain(self.refused).collect();
            all.join("; ").into()
        })
    }
}

/// Lists names as a sentence does: `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(names: &[impl Display]) -> String {
    let mut text = String::new();
    for (place, name) in names.iter().enumerate() {
        let before = match place {
            0 => "",
            _ if place + 1 == names.len() => " and ",
            _ => ", ",
        };
        text.push_str(before);
        text.push_str(&name.to_string());
    }
    text
}

/// Turns the fields of a body back into those of its builder.
pub mod given {
    use super::Slot;

    /// Wraps a field that must be set.
    pub fn required<T>(value: T) -> Slot<T> {
        Slot::Set(value)
    }

    /// Wraps a field that must be set and may be null.
    pub fn nullable<T>(value: Option<T>) -> Slot<T> {
        value.map_or(Slot::Null, Slot::Set)
    }

    /// Wraps a field that need not be set.
    pub fn optional<T>(value: Option<T>) -> Slot<T> {
        value.map_or(Slot::Unset, Slot::Set)
    }

    /// Wraps a field that may be left out, null or a value.
    pub fn clearable<T>(value: Option<Option<T>>) -> Slot<T> {
        value.map_or(Slot::Unset, nullable)
    }

    /// Wraps a list or a map.
    pub fn filled<T>(value: T) -> Slot<T> {
        Slot::Set(value)
    }
}

/// Returns a whole body.
///
/// # Errors
///
/// Returns the reason why the body did not convert.
pub fn whole<T, E: Display>(value: Result<T, E>) -> Result<T, String> {
    value.map_err(|error| format!("the body does not convert: {error}"))
}

/// Returns the error text for bytes that do not convert, whose own error may have no text.
#[must_use]
pub fn does_not_convert() -> String {
    "the body does not convert".to_owned()
}

/// Returns the error text for a value that is not in the closed enum `name`.
#[must_use]
pub fn no_value_of(name: &str) -> String {
    format!("not a value of `{name}`")
}

/// Shows a field in the `Debug` of its type.
pub fn shown<T: Debug>(field: &T) -> &dyn Debug {
    field
}

/// Hides a secret field in the `Debug` of its type.
pub fn hidden<T>(_: &T) -> &'static dyn Debug {
    &Stars
}

struct Stars;

impl Debug for Stars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The reason why a builder makes no body.
#[derive(Clone)]
pub struct ConversionError(Cow<'static, str>);

impl std::error::Error for ConversionError {}

impl Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

impl From<&'static str> for ConversionError {
    fn from(value: &'static str) -> Self {
        Self(value.into())
    }
}

impl From<String> for ConversionError {
    fn from(value: String) -> Self {
        Self(value.into())
    }
}

impl<T> Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self {
            Self::Unset => "Unset",
            Self::Null => "Null",
            Self::Set(_) => "Set",
            Self::Refused(_) => "Refused",
        };
        // A value may be personal data or a secret.
        f.write_str(state)
    }
}

#[cfg(test)]
mod tests {
    use super::{Problems, Slot, given};

    /// Returns the field's value, or its problems.
    fn said<T>(finish: impl FnOnce(&mut Problems) -> Option<T>) -> Result<T, String> {
        let mut problems = Problems::default();
        let value = finish(&mut problems);
        problems.or(value).map_err(|error| error.to_string())
    }

    #[test]
    fn a_field_is_finished_by_its_presence() {
        let unset = || Slot::<i64>::Unset;
        let null = || Slot::<i64>::Null;
        let set = || Slot::Set(7);
        let missing = || "no value supplied for id".to_owned();
        assert_eq!(said(|all| unset().required("id", all)), Err(missing()));
        assert_eq!(said(|all| null().required("id", all)), Err(missing()));
        assert_eq!(said(|all| set().required("id", all)), Ok(7));
        assert_eq!(said(|all| unset().nullable("id", all)), Err(missing()));
        assert_eq!(said(|all| null().nullable("id", all)), Ok(None));
        assert_eq!(said(|all| set().nullable("id", all)), Ok(Some(7)));
        assert_eq!(said(|all| unset().optional("id", all)), Ok(None));
        assert_eq!(said(|all| null().optional("id", all)), Ok(None));
        assert_eq!(said(|all| unset().filled("id", all)), Ok(0));
        for state in [None, Some(None), Some(Some(7))] {
            assert_eq!(said(|all| given::clearable(state).clearable("id", all)), Ok(state));
        }
    }

    #[test]
    fn a_value_that_does_not_convert_is_told_whatever_the_presence() {
        let refused = || Slot::<i64>::set("id", Err::<i64, _>("no number"));
        let why = || "error converting supplied value for id: no number".to_owned();
        assert_eq!(said(|all| refused().required("id", all)), Err(why()));
        assert_eq!(said(|all| refused().nullable("id", all)), Err(why()));
        assert_eq!(said(|all| refused().optional("id", all)), Err(why()));
        assert_eq!(said(|all| refused().clearable("id", all)), Err(why()));
        assert_eq!(said(|all| refused().filled("id", all)), Err(why()));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let none = || Slot::<i64>::Unset;
        let outcome = said(|problems| {
            let all = [
                none().required("id", problems),
                Slot::<i64>::Null.required("nome", problems),
                Slot::Set(7).required("cor", problems),
            ];
            none().optional("nota", problems)?;
            Slot::<i64>::set("dia", Err::<i64, _>("no date")).optional("dia", problems);
            Slot::<i64>::Null.nullable("gerente", problems)?;
            none().nullable("etiqueta", problems);
            all.into_iter().collect::<Option<Vec<i64>>>()
        });
        assert_eq!(
            outcome,
            Err("no value supplied for id, nome and etiqueta; \
                 error converting supplied value for dia: no date"
                .to_owned())
        );
    }

    #[test]
    fn no_debug_shows_a_value() {
        assert_eq!(format!("{:?}", Slot::Set("hunter2")), "Set");
    }
}
