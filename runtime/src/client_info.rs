//! What a generated client is made of, for whoever makes calls with it.

/// What a generated client says of itself.
pub trait ClientInfo<I> {
    /// The `info.version` of the spec.
    fn api_version() -> &'static str;

    /// The base URL, without a slash at its end.
    fn baseurl(&self) -> &str;

    /// The HTTP client underneath.
    fn client(&self) -> &reqwest::Client;

    /// The client's state.
    fn inner(&self) -> &I;
}
