#![doc = include_str!("../README.md")]
//!
//! # Invariants
//!
//! * No expectation of a fixture is computed by the client under test.
//! * The secret of every client, [`PLANTED_SECRET`], is in no text that this crate makes.
//! * No connection leaves the machine.

mod arguments;
mod client;
mod fixture;
mod harness;
mod losses;
mod multipart;
mod paging;
mod play;
mod recorded;
mod sent;
mod server;

pub use arguments::arguments;
pub use client::{Call, Client, Items, PLANTED_SECRET, Request};
pub use fixture::{Fixture, recordings};
pub use harness::main;
pub use losses::{Losses, losses};
pub use paging::{Walk, walk};
pub use play::{Outcome, Played, play, replay};
pub use recorded::ensure_as_recorded;
pub use sent::Sent;

#[doc(hidden)]
pub use {prumo_spec, serde_json};
