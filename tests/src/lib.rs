//! Finds the repository's fixtures, specs and clients, and turns what a client did into text for a snapshot.
//!
//! The tests beside this library are data plus one helper each. How a recording is replayed is in
//! `prumo-replay`. The table of clients is `prumo-clients`, which `generate` writes, so that a new
//! vendor needs no line here.

pub mod clients;
pub mod fixtures;
pub mod rendering;
pub mod specs;
