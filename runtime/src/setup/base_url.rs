//! Decides which base URLs a client accepts.

use reqwest::Url;

use crate::error::Error;
use crate::transport;

/// Parses a base URL. No error shows it, because it can contain a credential.
pub(super) fn read(text: Option<&str>, path: Option<&str>) -> Result<Url, Error> {
    let text = text.ok_or_else(|| {
        let known = path.map(|path| format!(", only its path `{path}` is known"));
        let known = known.unwrap_or_default();
        Error::invalid(format!(
            "no base URL is set{known}: call `.base_url(…)` on the client builder"
        ))
    })?;
    let mut url = Url::parse(text.trim()).map_err(|_| {
        Error::invalid("the base URL is not an absolute URL such as `https://api.acme.example`")
    })?;
    if text.contains(['{', '}']) {
        return Err(Error::invalid("the base URL contains an unset variable"));
    }
    match url.scheme() {
        "http" => {}
        "https" if transport::HAS_TLS => {}
        "https" => {
            return Err(Error::invalid(
                "the base URL is `https`, but the client was compiled without TLS: \
                 enable its feature `rustls` or `native-tls`",
            ));
        }
        _ => {
            return Err(Error::invalid("the base URL's scheme is neither `https` nor `http`"));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::invalid(
            "the base URL contains a user or a password: give credentials to the client builder",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Error::invalid("the base URL has a query or a fragment"));
    }
    if let Some(path) = path.filter(|_| url.path() == "/") {
        url.set_path(path);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use crate::setup::ClientSetup;

    #[test]
    fn the_path_of_a_relative_server_completes_a_url_without_a_path() {
        let built = |url: Option<&str>| {
            let setup = ClientSetup::new(&[], &[], Some("/api/v2"));
            let setup = match url {
                Some(url) => setup.base_url(url),
                None => setup,
            };
            setup.build().map(|parts| parts.base_url).map_err(|error| error.to_string())
        };
        let rows = [
            ("http://a.example", "http://a.example/api/v2"),
            ("http://a.example/", "http://a.example/api/v2"),
            ("http://a.example/gateway/", "http://a.example/gateway"),
        ];
        for (url, expect) in rows {
            assert_eq!(built(Some(url)).as_deref(), Ok(expect), "base URL `{url}`");
        }
        let error = built(None).unwrap_err();
        assert!(error.contains("only its path `/api/v2` is known"), "{error}");
    }
}
