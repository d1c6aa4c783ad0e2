//! The HTTP client underneath, where a browser's is another than the machine's own.
//!
//! On `wasm32` a request goes out by the browser's `fetch`, which keeps redirects, connections,
//! certificates and the referer to itself, and whose futures stay on their thread. Each of the two
//! halves gives the same names with the same meaning; the rest of the crate knows no difference.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{
    HAS_TLS, Incoming, ResponseChunks, Roots, builder, while_it_moves, with_stall_timeout,
};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{
    HAS_TLS, Incoming, ResponseChunks, Roots, builder, while_it_moves, with_stall_timeout,
};
