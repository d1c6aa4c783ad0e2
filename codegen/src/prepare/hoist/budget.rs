//! Bounds the number of schemas that are copied while all of them are brought into canonical form.

use prumo_spec::complaint::Complaints;
use serde_json::Value;

/// The longest name of a type, which grows with each inline schema inside another.
const MAX_NAME: usize = 1_000;

/// The most values that are copied, beside [`MAX_COPIES`] of the whole document.
const MAX_COPIED: usize = 200_000;

/// The most copies of each value of a document, on average.
const MAX_COPIES: usize = 16;

/// The number of values that may still be copied.
pub(super) struct Budget {
    /// `None` after the complaint.
    left: Option<usize>,
}

impl Budget {
    /// Returns the budget for the document `root`.
    pub(super) fn new(root: &Value) -> Self {
        Self { left: Some(MAX_COPIED + MAX_COPIES * n_values(root)) }
    }

    /// Returns whether there was a complaint.
    pub(super) fn is_spent(&self) -> bool {
        self.left.is_none()
    }

    /// Returns whether `n_copied` more values may be copied, under a name; complains if not.
    pub(super) fn pays_for(
        &mut self,
        n_copied: usize,
        name: &str,
        at: &str,
        complaints: &mut Complaints<'_>,
    ) -> bool {
        let Some(left) = self.left else { return false };
        // A long name or pointer takes as much room as some values.
        let left = left.checked_sub(n_copied + (name.len() + at.len()) / 16);
        self.left = left.filter(|_| name.len() <= MAX_NAME);
        if self.left.is_none() {
            // The pointer has grown with the schemas; its start is the component or the operation.
            let at: Vec<&str> = at.splitn(5, '/').take(4).collect();
            complaints.error(
                &at.join("/"),
                "the schemas combine each other in too many ways to write them out",
                "refer to one schema instead of combining several, here or further up",
            );
        }
        self.left.is_some()
    }
}

/// Counts the values inside a value, and itself.
pub(super) fn n_values(value: &Value) -> usize {
    let mut open = vec![value];
    let mut n_values = 0;
    while let Some(value) = open.pop() {
        n_values += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    n_values
}
