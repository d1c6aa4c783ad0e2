//! Turns a linted document into an OpenAPI document that progenitor accepts, and into the tables
//! from which the rest of a client is emitted.
//!
//! The passes are pure functions over one [`Draft`], one file each:
//! read → rename → hoist → rename → scalars → parameters → given → secrets → forms → answers →
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
mod rename;
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
pub use union::{Marks, Ranking};
pub use write::openapi;

/// Runs all passes. The draft can be rendered if `complaints` holds no error afterwards.
pub fn prepare(spec: &Spec, complaints: &mut Complaints<'_>) -> Draft {
    let mut draft = read::read(spec, complaints);
    rename::operations(&mut draft, &spec.renames);
    if !hoist::hoist(spec, &mut draft, complaints) {
        return draft;
    }
    rename::types(&mut draft, &spec.renames);
    scalars::reduce_scalars(&mut draft);
    parameters::parameters(&mut draft, complaints);
    given::parameters(&mut draft);
    secrets::secrets(&mut draft, complaints);
    given::credentials(&mut draft, complaints);
    given::server(&mut draft);
    forms::forms(&mut draft, complaints);
    answers::answers(&mut draft, complaints);
    lenient::lenient(&mut draft);
    empty_or::find(&mut draft);
    docs::docs(&mut draft);
    draft
}
