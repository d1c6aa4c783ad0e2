//! Fills in the variables of a server's URL.
//!
//! Invariants:
//!
//! * A value cannot lead to another host than the spec's: one in the host is a part of its name.
//! * No error shows a value that was set.

use std::collections::BTreeMap;

use crate::error::Error;

/// A variable in the URL of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// The name between braces.
    pub name: &'static str,
    /// The method of the client's builder that sets it.
    pub setter: &'static str,
    /// The value where none is set; `None` if one must be.
    pub default: Option<&'static str>,
    /// The values that it may have; an empty list allows any.
    pub allowed: &'static [&'static str],
}

impl ServerVariable {
    /// Creates a variable that must be set and may have any value.
    ///
    /// ```
    /// use prumo_runtime::ServerVariable;
    ///
    /// const REGION: ServerVariable =
    ///     ServerVariable::new("region", "region").default("br").allowed(&["br", "us"]);
    /// assert_eq!(REGION.default, Some("br"));
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, setter: &'static str) -> Self {
        Self { name, setter, default: None, allowed: &[] }
    }

    /// Sets the value where none is set.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// Sets the values that it may have.
    #[must_use]
    pub const fn allowed(mut self, values: &'static [&'static str]) -> Self {
        self.allowed = values;
        self
    }
}

/// The URL of the API in the spec: whole, or only its path, with variables in braces.
#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    pub(super) template: Option<&'static str>,
    pub(super) variables: &'static [ServerVariable],
    /// The values that are set, by variable.
    pub(super) values: BTreeMap<&'static str, String>,
}

impl Server {
    /// Returns whether the spec has only a path.
    pub(super) fn is_path(&self) -> bool {
        self.template.is_some_and(|template| template.starts_with('/'))
    }

    /// Returns the template with the values of its variables, or `None` if there is none.
    pub(super) fn filled(&self) -> Result<Option<String>, Error> {
        let Some(template) = self.template else { return Ok(None) };
        let mut text = template.to_owned();
        for variable in self.variables {
            let place = format!("{{{}}}", variable.name);
            let value = self.value(variable, template, &place)?;
            text = text.replace(&place, value);
        }
        Ok(Some(text))
    }

    fn value<'s>(
        &'s self,
        variable: &ServerVariable,
        template: &str,
        place: &str,
    ) -> Result<&'s str, Error> {
        let ServerVariable { name, setter, default, allowed } = *variable;
        let Some(value) = self.values.get(name) else {
            return default.ok_or_else(|| {
                Error::invalid(format!(
                    "the server variable `{name}` is not set: call `.{setter}(…)` or \
                     `.base_url(…)` on the client builder"
                ))
            });
        };
        let is_listed = allowed.contains(&value.as_str());
        if !allowed.is_empty() && !is_listed {
            return Err(Error::invalid(format!(
                "the server variable `{name}` is none of `{}`",
                allowed.join("`, `")
            )));
        }
        if is_listed || fits(value, template, place) {
            return Ok(value);
        }
        Err(Error::invalid(format!("the server variable `{name}` is no part of a URL")))
    }
}

/// Returns whether a value can stand in the template: in its host only letters, digits and signs of
/// names, and in its path no query.
fn fits(value: &str, template: &str, place: &str) -> bool {
    if template.starts_with(place) {
        // A whole URL, which is checked as one.
        return true;
    }
    let host = template.split_once("://").map(|(_, rest)| rest.split('/').next());
    let is_in_host = host.flatten().is_some_and(|host| host.contains(place));
    let is_sign = |sign: char| match is_in_host {
        true => sign.is_ascii_alphanumeric() || "-._".contains(sign),
        false => sign.is_ascii_graphic() && !"?#\\{}@".contains(sign),
    };
    !value.is_empty() && value.chars().all(is_sign) && !value.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::ServerVariable;
    use crate::setup::ClientSetup;

    const VARIABLES: &[ServerVariable] = &[
        ServerVariable::new("t", "tenant"),
        ServerVariable::new("r", "region").default("br").allowed(&["br", "us"]),
        ServerVariable::new("v", "version").default("v1"),
    ];

    fn built(base_url: Option<&str>, values: &[(&'static str, &str)]) -> Result<String, String> {
        let setup = ClientSetup::new(&[], &[], Some("http://{t}.{r}.a.example/{v}"));
        let mut setup = setup.server_variables(VARIABLES);
        for (name, value) in values {
            setup = setup.server_variable(name, *value);
        }
        if let Some(url) = base_url {
            setup = setup.base_url(url);
        }
        setup.build().map(|parts| parts.base_url).map_err(|error| error.to_string())
    }

    #[test]
    fn the_variables_of_a_server_are_filled_in() {
        let rows: [(&[(&'static str, &str)], _); 4] = [
            (&[("t", "acme")], "http://acme.br.a.example/v1"),
            (&[("t", "acme"), ("r", "us"), ("v", "v2")], "http://acme.us.a.example/v2"),
            (&[("t", "a"), ("t", "b")], "http://b.br.a.example/v1"),
            (&[("t", "acme"), ("v", "api/v2")], "http://acme.br.a.example/api/v2"),
        ];
        for (values, expected) in rows {
            assert_eq!(built(None, values).as_deref(), Ok(expected), "{values:?}");
        }
        assert_eq!(built(Some("http://b.example"), &[]).as_deref(), Ok("http://b.example"));
    }

    #[test]
    fn a_variable_that_does_not_fit_is_named_without_its_value() {
        type Values<'v> = &'v [(&'static str, &'v str)];
        let rows: [(Option<&str>, Values<'_>, &str); 6] = [
            (None, &[], "the server variable `t` is not set: call `.tenant(…)` or `.base_url(…)`"),
            (None, &[("t", "a"), ("r", "SECRET")], "the server variable `r` is none of `br`, `us`"),
            (None, &[("t", "SECRET.example/")], "the server variable `t` is no part of a URL"),
            (None, &[("t", "SECRET@b.example:80")], "the server variable `t` is no part of a URL"),
            (
                None,
                &[("t", "a"), ("v", "../SECRET")],
                "the server variable `v` is no part of a URL",
            ),
            (Some("http://b.example"), &[("t", "SECRET")], "`.base_url(…)` replaces the server"),
        ];
        for (url, values, expected) in rows {
            let error = built(url, values).unwrap_err();
            assert!(error.contains(expected), "{values:?}: {error}");
            assert!(!error.contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn the_path_of_a_relative_server_has_variables_too() {
        let setup = ClientSetup::new(&[], &[], Some("/api/{v}"));
        let setup = setup.server_variables(&VARIABLES[2..]);
        let url = |setup: ClientSetup| {
            setup.base_url("http://a.example").build().map(|parts| parts.base_url).unwrap()
        };
        assert_eq!(url(setup.clone()), "http://a.example/api/v1");
        assert_eq!(url(setup.server_variable("v", "v2")), "http://a.example/api/v2");
    }
}
