//! Builds the HTTP clients of a client: for the API, for files, and for an authorization server.
//!
//! All of them have the same certificates, identity, proxy and time limits. Or they are the one that
//! the caller made.

use std::time::Duration;

use reqwest::{Client, Url};

use crate::error::Error;
use crate::proxy::{Proxy, is_loopback};
use crate::transport::{self, Certificates};

/// The settings of HTTP clients.
#[derive(Clone, Default)]
pub(crate) struct Connector {
    pub(crate) certificates: Certificates,
    pub(crate) proxy: Proxy,
    pub(crate) connect_timeout: Duration,
    pub(crate) user_agent: &'static str,
    /// The caller's own client, which is used as it is.
    pub(crate) own: Option<Client>,
}

impl Connector {
    /// Builds a client for requests to `url`, with a limit for the time without progress if there
    /// is one.
    pub(crate) fn client(
        &self,
        url: &Url,
        stall_timeout: Option<Duration>,
    ) -> Result<Client, Error> {
        if let Some(own) = &self.own {
            return Ok(own.clone());
        }
        let http = transport::builder(self.connect_timeout).user_agent(self.user_agent);
        let http = self.proxy.apply(http, url)?;
        let http = match stall_timeout {
            Some(limit) => transport::with_stall_timeout(http, limit),
            None => http,
        };
        self.certificates.build(http, may_speak_tls(url))
    }

    /// Returns whether a client for one URL serves the other as well.
    pub(crate) fn is_same_way(one: &Url, other: &Url) -> bool {
        is_loopback(one) == is_loopback(other) && may_speak_tls(one) == may_speak_tls(other)
    }

    /// Refuses settings that the caller's own client does not have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let idle = match () {
            () if self.own.is_none() => return Ok(()),
            () if self.certificates.has_identity() => "identity",
            () if self.certificates.has_roots() => "root_certificate",
            () if matches!(self.proxy, Proxy::Off) => "no_proxy",
            () if matches!(self.proxy, Proxy::Own(_)) => "proxy",
            () => return Ok(()),
        };
        Err(Error::invalid(format!(
            "`.{idle}(…)` has no effect on the HTTP client of `.http_client(…)`: set it on that client"
        )))
    }
}

/// Returns whether a request to `url` may use TLS. A call over plain HTTP to this machine goes by no
/// proxy and follows no redirect.
fn may_speak_tls(url: &Url) -> bool {
    url.scheme() == "https" || !is_loopback(url)
}
