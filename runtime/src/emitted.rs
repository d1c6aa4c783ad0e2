//! Macros that expand the few lines of a generated type or builder into its code.
//!
//! A client of two hundred operations would repeat the same thirty lines for each of them, and for
//! each of its types. The macros contain these lines once, and the generator emits only the
//! differences.
//!
//! Invariants:
//!
//! * Every name outside of the invocation is a full path: a schema may be called `Option`.
//! * Every function that is not generic is `#[inline]`, so that a client's own build compiles none
//!   of them, and a caller's build only those that it calls.

mod builders;
mod enums;
mod types;
