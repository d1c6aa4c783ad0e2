//! Builds the request of an operation, without its body and credentials.
//!
//! Invariants:
//!
//! * A placeholder stands for each secret, and is replaced with the credential right before sending
//!   (`Inner::prepare`).
//! * No value of the path is empty, also where several share a segment.

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, RequestBuilder, Url};

use crate::encode::encoded;
use crate::error::Error;
use crate::inner::Inner;
use crate::table::{Operation, Parameter, Place};

/// Starts a request of `operation` with an encoded query. `given` returns the text of a path
/// parameter that is not a secret.
pub(crate) fn start<'g>(
    inner: &Inner,
    operation: &Operation,
    given: impl Fn(&Parameter) -> Option<&'g str>,
    query: &str,
) -> Result<RequestBuilder, Error> {
    let is_empty = |one: &&Parameter| {
        one.place == Place::Path && !one.secret && given(one).is_some_and(str::is_empty)
    };
    if let Some(parameter) = operation.parameters.iter().find(is_empty) {
        // The path would be that of another operation.
        return Err(Error::invalid(format!(
            "parameter `{}` is empty, but it is part of the path",
            parameter.name
        )));
    }
    let method = Method::from_bytes(operation.method.as_bytes())
        .map_err(|_| Error::invalid("the method is not an HTTP method"))?;
    let mut address = address(inner, operation, &given);
    if !query.is_empty() {
        address.extend(["?", query]);
    }
    let url = Url::parse(&address)
        .map_err(|_| Error::invalid("the client's table contains an invalid path"))?;
    Ok(inner
        .http()
        .request(method, url)
        .header(ACCEPT, HeaderValue::from_static("application/json")))
}

/// Returns the URL, with the given values in the template.
fn address<'g>(
    inner: &Inner,
    operation: &Operation,
    given: &impl Fn(&Parameter) -> Option<&'g str>,
) -> String {
    let base = inner.base_url().as_str().trim_end_matches('/');
    let mut address = String::with_capacity(base.len() + operation.path.len() + 64);
    address.push_str(base);
    let mut rest = operation.path;
    while let Some((literal, (name, behind))) = first_place(rest) {
        address.push_str(literal);
        let is_it = |one: &&Parameter| one.place == Place::Path && one.name == name;
        match operation.parameters.iter().find(is_it) {
            Some(parameter) if parameter.secret => address.extend(["__", name, "__"]),
            parameter => match parameter.and_then(given) {
                Some(text) => address.push_str(&encoded(text)),
                None => address.extend(["{", name, "}"]),
            },
        }
        rest = behind;
    }
    address.push_str(rest);
    address
}

/// Splits a template into the text before its first `{name}`, the name, and the text after it.
fn first_place(template: &str) -> Option<(&str, (&str, &str))> {
    let (literal, tail) = template.split_once('{')?;
    Some((literal, tail.split_once('}')?))
}

#[cfg(test)]
mod tests {
    use crate::call::Call;
    use crate::setup::ClientSetup;
    use crate::table::{Operation, Parameter, Place};

    const NAME: Parameter = Parameter::new("nome", Place::Path).required();
    const EXTENSION: Parameter = Parameter::new("ext", Place::Path).required();
    const OPERATIONS: &[Operation] =
        &[Operation::new("arquivo", "arquivo", "GET", "/arquivos/{nome}.{ext}")
            .parameters(&[NAME, EXTENSION])];

    #[test]
    fn an_empty_value_of_a_path_is_refused_also_where_two_share_a_segment() {
        let setup = ClientSetup::new(OPERATIONS, &[], None).base_url("http://a.example/v1");
        let client = setup.build().unwrap();
        let path = |name: &str, extension: &str| {
            let mut call = Call::new(&client, "arquivo");
            call.path("nome", Some(name));
            call.path("ext", Some(extension));
            let ready = call.ready();
            let request = ready.request().map_err(ToString::to_string);
            request.map(|request| request.url().path().to_owned())
        };
        assert_eq!(path("a b", "txt").as_deref(), Ok("/v1/arquivos/a%20b.txt"));
        for (name, extension, empty) in [("", "txt", "nome"), ("a", "", "ext"), ("", "", "nome")] {
            let error = path(name, extension).unwrap_err();
            assert!(error.contains(&format!("parameter `{empty}` is empty")), "{error}");
        }
    }
}
