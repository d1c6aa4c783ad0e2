//! Builds the request of an operation, without its body and credentials.
//!
//! Invariants:
//!
//! * A placeholder stands for each secret, and is replaced with the credential right before sending
//!   (`Inner::prepare`).
//! * No value of the path is empty, and no segment becomes `.` or `..`, also where several values
//!   share one.

use reqwest::header::ACCEPT;
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
    if let Some(name) = unfit_value(operation, &given) {
        return Err(Error::invalid(format!(
            "parameter `{name}` is empty, `.` or `..`, so the path would be that of another operation"
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
        .header(ACCEPT, operation.accept.unwrap_or("application/json")))
}

/// Returns the name of the first path parameter that is empty, or that makes its segment `.` or
/// `..`. URL parsers remove such segments, even when they are encoded.
fn unfit_value<'g>(
    operation: &Operation,
    given: &impl Fn(&Parameter) -> Option<&'g str>,
) -> Option<&'static str> {
    for segment in operation.path.split('/') {
        let (mut text, mut first, mut rest) = (String::new(), None, segment);
        while let Some((literal, (name, behind))) = first_place(rest) {
            text.push_str(literal);
            if let Some(parameter) = path_parameter(operation, name).filter(|one| !one.secret) {
                let value = given(parameter).unwrap_or(name);
                if value.is_empty() {
                    return Some(parameter.name);
                }
                text.push_str(value);
                first = first.or(Some(parameter.name));
            }
            rest = behind;
        }
        text.push_str(rest);
        if first.is_some() && matches!(text.as_str(), "." | "..") {
            return first;
        }
    }
    None
}

fn path_parameter<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    operation.parameters.iter().find(|one| one.place == Place::Path && one.name == name)
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
        match path_parameter(operation, name) {
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
    const OPERATIONS: &[Operation] = &[
        Operation::new("arquivo", "arquivo", "GET", "/arquivos/{nome}.{ext}")
            .parameters(&[NAME, EXTENSION]),
        Operation::new("par", "par", "GET", "/{nome}{ext}/x").parameters(&[NAME, EXTENSION]),
    ];

    #[test]
    fn a_value_that_makes_another_path_is_refused_also_where_two_share_a_segment() {
        let setup = ClientSetup::new(OPERATIONS, &[], None).base_url("http://a.example/v1");
        let client = setup.build().unwrap();
        let path = |operation: &'static str, name: &str, extension: &str| {
            let mut call = Call::new(&client, operation);
            call.path("nome", Some(name));
            call.path("ext", Some(extension));
            let ready = call.ready();
            let request = ready.request().map_err(ToString::to_string);
            request.map(|request| request.url().path().to_owned())
        };
        let rows = [
            ("arquivo", "a b", "txt", Ok("/v1/arquivos/a%20b.txt")),
            ("arquivo", ".", ".", Ok("/v1/arquivos/...")),
            ("par", "{ext}", ".", Ok("/v1/%7Bext%7D./x")),
            ("par", ".", "a", Ok("/v1/.a/x")),
            ("arquivo", "", "txt", Err("nome")),
            ("arquivo", "a", "", Err("ext")),
            ("arquivo", "", "", Err("nome")),
            ("par", ".", ".", Err("nome")),
            ("par", "..", "", Err("ext")),
        ];
        for (operation, name, extension, expect) in rows {
            let expect = expect.map(str::to_owned).map_err(|unfit| {
                format!(
                    "`{operation}`: parameter `{unfit}` is empty, `.` or `..`, so the path would be that of another operation"
                )
            });
            assert_eq!(path(operation, name, extension), expect, "{name:?}, {extension:?}");
        }
    }
}
