//! Decides whether a client's requests go by a proxy, and whether others can read them.
//!
//! Invariant: a request to this machine never does. A proxy elsewhere can't reach this machine, and
//! would read a request that is meant only for it.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// The proxy of a client.
#[derive(Clone, Default)]
pub(crate) enum Proxy {
    /// The proxy that the environment or the system names.
    #[default]
    System,
    /// No proxy.
    Off,
    /// The proxy at this URL, which can contain a password.
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "a browser has its own proxy"))]
    Own(String),
}

impl Proxy {
    /// Sets the proxy of an HTTP client for `base_url`.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn apply(
        &self,
        http: reqwest::ClientBuilder,
        base_url: &Url,
    ) -> Result<reqwest::ClientBuilder, crate::error::Error> {
        let invalid = || {
            crate::error::Error::invalid(
                "the proxy is not a URL such as `http://proxy.acme.example:3128`",
            )
        };
        let own = match self {
            Self::Own(url) => {
                let is_http = url.starts_with("http://") || url.starts_with("https://");
                let proxy = reqwest::Proxy::all(url.as_str()).ok().filter(|_| is_http);
                Some(proxy.ok_or_else(invalid)?)
            }
            Self::System | Self::Off => None,
        };
        Ok(match (own, self) {
            _ if is_loopback(base_url) => http.no_proxy(),
            (Some(proxy), _) => http.no_proxy().proxy(proxy),
            (None, Self::System) => http,
            (None, _) => http.no_proxy(),
        })
    }

    /// Returns the builder, because a browser applies its own proxy.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn apply(
        &self,
        http: reqwest::ClientBuilder,
        _: &Url,
    ) -> Result<reqwest::ClientBuilder, crate::error::Error> {
        match self {
            Self::Own(_) => Err(crate::error::Error::invalid(
                "a proxy is set, but a browser uses only its own: leave `.proxy(…)` out",
            )),
            Self::System | Self::Off => Ok(http),
        }
    }
}

/// Returns whether the way to a URL keeps a secret: it is encrypted, stays on this machine, or leads
/// to one of `plain_http_hosts`.
pub(crate) fn is_confidential(url: &Url, plain_http_hosts: &[String]) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        || is_loopback(url)
        || plain_http_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
}

/// Returns whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    let is_v6 =
        |ip: Ipv6Addr| ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback());
    host == "localhost"
        || host.ends_with(".localhost")
        || literal.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || literal.parse::<Ipv6Addr>().is_ok_and(is_v6)
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::is_loopback;

    #[test]
    fn this_machine_has_many_names() {
        let cases = [
            ("http://127.0.0.1:80", true),
            ("http://127.1.2.3", true),
            ("http://127.1", true),
            ("http://localhost:8080/api", true),
            ("http://LOCALHOST.", true),
            ("http://api.localhost", true),
            ("http://[::1]:9", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example", false),
            ("http://10.0.0.1", false),
            ("http://[::2]", false),
        ];
        for (url, expect) in cases {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expect, "{url}");
        }
    }
}
