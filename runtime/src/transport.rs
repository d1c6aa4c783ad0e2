//! Wraps the HTTP client, which is a different one in a browser.
//!
//! On `wasm32` requests are sent with the browser's `fetch`, which controls redirects, connections,
//! certificates and the referer, and whose futures are not `Send`. Both variants provide the same
//! names with the same meaning, so the rest of the crate does not distinguish them.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{
    Certificates, HAS_TLS, Incoming, ResponseChunks, builder, spawn, while_it_moves,
    with_stall_timeout,
};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{
    Certificates, HAS_TLS, Incoming, ResponseChunks, builder, spawn, while_it_moves,
    with_stall_timeout,
};
