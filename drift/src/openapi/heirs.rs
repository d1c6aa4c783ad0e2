//! Turns a `discriminator` without `oneOf` into alternatives: the parent and its heirs.
//!
//! Heirs are the components that name the parent in their `allOf`, or that name an heir without a
//! discriminator of its own.

use std::collections::BTreeSet;

use prumo_spec::openapi::{Combination, Schema};

use super::{Reader, SpecError};
use crate::shape::Shape;

impl<'d> Reader<'d> {
    /// Returns the alternatives of `own`, the parent, and its heirs.
    pub(super) fn with_heirs(
        &mut self,
        schema: &Schema<'d>,
        own: Shape,
    ) -> Result<Shape, SpecError> {
        let parent = schema.name();
        let heirs = self.heirs(&parent);
        if heirs.is_empty() {
            return Ok(own);
        }
        let mut named = vec![(parent, own)];
        named.extend(heirs.into_iter().map(|heir| (heir.clone(), Shape::reference(&heir))));
        self.told_apart(schema, named)
    }

    fn heirs(&self, parent: &str) -> BTreeSet<String> {
        let mut heirs = BTreeSet::new();
        let mut open = vec![parent.to_owned()];
        while let Some(parent) = open.pop() {
            for (name, schema) in self.api.schemas() {
                let is_heir =
                    schema.combined_names(Combination::AllOf).any(|named| named == parent);
                if is_heir && heirs.insert(name.to_owned()) {
                    // A schema with its own discriminator covers its heirs.
                    open.extend((!schema.has_implicit_heirs()).then(|| name.to_owned()));
                }
            }
        }
        heirs
    }
}
