//! Names the parts of a generated client that its callers need.

/// The parts of a generated client.
pub trait ClientInfo<I> {
    /// Returns the `info.version` of the spec.
    fn api_version() -> &'static str;

    /// Returns the base URL without a trailing slash.
    fn baseurl(&self) -> &str;

    /// Returns the underlying HTTP client.
    fn client(&self) -> &reqwest::Client;

    /// Returns the state of the client.
    fn inner(&self) -> &I;
}
