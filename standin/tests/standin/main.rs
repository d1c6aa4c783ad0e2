//! Tests the stand-in over HTTP, with a client that knows no vendor.

mod control;
mod faults;
mod own_answers;
mod rules;
mod state;
mod stateless;
mod stock;
mod support;
