//! Finds the repository's fixtures, specs and clients, and formats requests and outcomes for
//! snapshots.
//!
//! The tests beside this library are data plus one helper each. `prumo-replay` replays recordings.
//! `generate` writes the table of clients, `prumo-clients`, so that a new vendor needs no line
//! here.

pub mod clients;
pub mod fixtures;
pub mod rendering;
pub mod specs;
