//! Turns a linted document into an OpenAPI document that progenitor accepts, and into the tables
//! from which the rest of a client is emitted.
//!
//! The passes are pure functions over one [`Draft`], one file each:
//! read → hoist → scalars → parameters → given → secrets → forms → answers →
//! lenient → empty_or → docs → write.
//!
//! Invariants:
//!
//! * Everything that a pass leaves out or widens is a complaint.
//! * After `hoist` every schema is in canonical form (see [`schema`]): typify never has to invent a
//!   name, merge or guess.

mod all_of;
mod answers;
mod credentials;
mod docs;
mod draft;
mod empty_or;
mod enums;
mod forms;
mod given;
mod hoist;
mod lenient;
mod markdown;
mod media;
mod parameters;
mod read;
mod scalars;
pub mod schema;
mod secrets;
mod shape;
mod union;
mod write;

#[cfg(test)]
mod tests;

use prumo_spec::complaint::Complaints;

use crate::spec::Spec;

pub use draft::{
    Answer, Body, Content, Draft, Enum, EnumKind, FieldEncoding, FieldKind, Form, FormField, Info,
    Operation, Parameter, Placement, Scheme, Success, Tag, Webhook,
};
pub use empty_or::type_of;
pub use enums::variants;
pub use given::{RESERVED_CREDENTIALS, RESERVED_SETTERS, fields, unmarked};
pub use markdown::escaped;
pub use scalars::{Scalar, scalar_for, scalars, stand_in};
pub use write::openapi;
pub use union::{Marks, Ranking};

/// Runs all passes. The draft can be rendered if `complaints` holds no error afterwards.
pub fn prepare(spec: &Spec, complaints: &mut Complaints<'_>) -> Draft {
    let mut draft = read::read(spec, complaints);
    if !hoist::hoist(spec, &mut draft, complaints) {
        return draft;
    }
    scalars::reduce_scalars(&mut draft);
    parameters::parameters(&mut draft, complaints);
    given::parameters(&mut draft);
    secrets::secrets(&mut draft, complaints);
    given::credentials(&mut draft, complaints);
    forms::forms(&mut draft, complaints);
    answers::answers(&mut draft, complaints);
    lenient::lenient(&mut draft);
    given::server(&mut draft);
    empty_or::find(&mut draft);
    docs::docs(&mut draft);
    draft
}
