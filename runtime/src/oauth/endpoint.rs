//! Turns the address of an authorization server into a URL that a secret may be sent to.

use reqwest::Url;

use crate::error::Error;
use crate::proxy::is_confidential;
use crate::transport;

/// Returns the URL that `text` is, or is relative to `base_url`. `what` names it in errors, which
/// never show it.
pub(crate) fn endpoint(
    base_url: &Url,
    text: &str,
    what: &str,
    plain_http_hosts: &[String],
) -> Result<Url, Error> {
    let invalid = |why: &str| Error::invalid(format!("the {what} URL {why}"));
    let text = text.trim();
    if text.is_empty() {
        return Err(invalid(&format!("is not known: call `.{what}_url(…)` on the `OAuthClient`")));
    }
    let mut base = base_url.clone();
    let path = format!("{}/", base.path().trim_end_matches('/'));
    base.set_path(&path);
    let url = base.join(text).map_err(|_| {
        invalid(
            "is not a URL such as `https://auth.acme.example/token`, or a path below the base URL",
        )
    })?;
    match url.scheme() {
        "https" if !transport::HAS_TLS => Err(invalid(
            "is `https`, but the client was compiled without TLS: \
             enable its feature `rustls` or `native-tls`",
        )),
        "http" | "https" if is_confidential(&url, plain_http_hosts) => Ok(url),
        "http" => Err(invalid(
            "is plain `http`, over which everyone on the way can read a secret: use `https`, or \
             allow the host by its name with `.allow_plain_http(…)` on the client builder",
        )),
        _ => Err(invalid("has a scheme other than `https` and `http`")),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::endpoint;

    #[test]
    fn an_address_is_absolute_or_below_the_base_url() {
        let rows = [
            ("http://localhost/token", Ok("http://localhost/token")),
            ("/oauth/token", Ok("http://127.0.0.1/oauth/token")),
            ("oauth/token", Ok("http://127.0.0.1/api/v2/oauth/token")),
            ("http://plain.example/token", Ok("http://plain.example/token")),
            ("http://a.example/token", Err("plain `http`")),
            ("ftp://a.example/token", Err("has a scheme other than")),
            (" ", Err("is not known: call `.token_url(…)`")),
            ("http://", Err("is not a URL")),
        ];
        let base_url = Url::parse("http://127.0.0.1/api/v2").unwrap();
        let allowed = ["plain.example".to_owned()];
        for (text, expect) in rows {
            match (endpoint(&base_url, text, "token", &allowed), expect) {
                (Ok(url), Ok(expect)) => assert_eq!(url.as_str(), expect, "{text}"),
                (Err(error), Err(expect)) => {
                    assert!(error.to_string().contains(expect), "{text}: {error}");
                    assert!(!error.to_string().contains("a.example/token"), "{text}: {error}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
