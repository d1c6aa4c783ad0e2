//! Turns a recorded exchange into a call of the typed client, and the outcome into text for a snapshot.
//!
//! The tests beside this library are data plus one helper each; this is the
//! one place that touches the clients' API by name. A new client is one row of
//! [`clients::CLIENTS`].

pub mod arguments;
pub mod clients;
pub mod fixtures;
pub mod losses;
pub mod rendering;
pub mod specs;
