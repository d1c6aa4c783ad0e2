//! Turns a request and its response into an operation and the values that are judged along it.

pub(super) mod answer;
pub(super) mod media;
pub(super) mod observed;
pub(super) mod paging;
pub(super) mod parameter;
pub(super) mod request;
pub(super) mod route;
pub(super) mod stranger;
pub(super) mod stream;
pub(super) mod styles;
pub(super) mod wire;
