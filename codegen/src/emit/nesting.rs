//! Finds how deep the types of a client contain each other: the compiler follows them, and stops at
//! its recursion limit.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::prepare::{Draft, schema};

/// The compiler's own limit.
const DEFAULT_LIMIT: usize = 128;

/// The most types between two that have a name, such as `Option<Vec<Box<T>>>`, and the fields' own.
const PER_TYPE: usize = 4;

/// The depth of the types around those of a client.
const AROUND: usize = 48;

/// Returns the recursion limit that the crate needs, or `None` if the compiler's own will do.
pub(super) fn recursion_limit(draft: &Draft) -> Option<usize> {
    let needed = depth(draft) * PER_TYPE + AROUND;
    (needed > DEFAULT_LIMIT).then(|| needed.next_multiple_of(DEFAULT_LIMIT))
}

/// Returns the greatest number of types inside each other. Types that contain themselves count each
/// once, since the compiler visits each once.
fn depth(draft: &Draft) -> usize {
    let names: Vec<&String> = draft.schemas.keys().collect();
    let numbers: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let inner: Vec<Vec<usize>> = names
        .iter()
        .map(|name| {
            let mut inner = Vec::new();
            let component = draft.schemas.get(name.as_str()).unwrap_or(&Value::Null);
            collect(component, &numbers, &mut inner);
            inner
        })
        .collect();
    let mut search = Search::new(&inner);
    (0..inner.len()).for_each(|number| search.visit(number));
    search.depths.into_iter().max().unwrap_or_default()
}

/// Collects the numbers of the types in a component or slot.
fn collect(slot: &Value, numbers: &BTreeMap<&str, usize>, found: &mut Vec<usize>) {
    found.extend(schema::target(slot).and_then(|name| numbers.get(name)));
    schema::slots(slot, &mut |slot| collect(slot, numbers, found));
}

/// Tarjan's search for types that contain each other, without recursion.
struct Search<'i> {
    inner: &'i [Vec<usize>],
    order: Vec<Option<usize>>,
    lowest: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    n_visited: usize,
    /// The depth of each type whose group is closed.
    depths: Vec<usize>,
}

impl<'i> Search<'i> {
    fn new(inner: &'i [Vec<usize>]) -> Self {
        let n_types = inner.len();
        Self {
            inner,
            order: vec![None; n_types],
            lowest: vec![0; n_types],
            is_open: vec![false; n_types],
            open: Vec::new(),
            n_visited: 0,
            depths: vec![0; n_types],
        }
    }

    fn visit(&mut self, root: usize) {
        if self.order[root].is_some() {
            return;
        }
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((one, next)) = path.pop() {
            if let Some(&other) = self.inner[one].get(next) {
                path.push((one, next + 1));
                match self.order[other] {
                    None => {
                        self.enter(other);
                        path.push((other, 0));
                    }
                    Some(order) if self.is_open[other] => {
                        self.lowest[one] = self.lowest[one].min(order);
                    }
                    Some(_) => {}
                }
                continue;
            }
            if self.order[one] == Some(self.lowest[one]) {
                self.close(one);
            }
            if let Some(&(holder, _)) = path.last() {
                self.lowest[holder] = self.lowest[holder].min(self.lowest[one]);
            }
        }
    }

    fn enter(&mut self, one: usize) {
        self.order[one] = Some(self.n_visited);
        self.lowest[one] = self.n_visited;
        self.n_visited += 1;
        self.is_open[one] = true;
        self.open.push(one);
    }

    /// Closes the group of types that contain each other.
    fn close(&mut self, first: usize) {
        let start = self.open.iter().rposition(|one| *one == first).unwrap_or_default();
        let group = self.open.split_off(start);
        group.iter().for_each(|one| self.is_open[*one] = false);
        let below = group.iter().flat_map(|one| &self.inner[*one]).map(|one| self.depths[*one]);
        let depth = below.max().unwrap_or_default() + group.len();
        group.iter().for_each(|one| self.depths[*one] = depth);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{depth, recursion_limit};
    use crate::prepare::{Draft, schema};

    /// Returns a draft in which each type contains the types with these numbers.
    fn draft(inner: &[&[usize]]) -> Draft {
        let mut draft = Draft::default();
        for (number, inner) in inner.iter().enumerate() {
            let fields = inner.iter().map(|other| {
                let list =
                    json!({"type": "array", "items": schema::reference(&format!("T{other}"))});
                (format!("f{other}"), list)
            });
            let fields: serde_json::Map<String, Value> = fields.collect();
            draft
                .schemas
                .insert(format!("T{number}"), json!({"type": "object", "properties": fields}));
        }
        draft
    }

    #[test]
    fn the_limit_grows_with_the_types_inside_each_other() {
        let rows: [(&str, &[&[usize]], usize); 6] = [
            ("alone", &[&[]], 1),
            ("a chain", &[&[1], &[2], &[]], 3),
            ("two ways to one", &[&[1, 2], &[3], &[3], &[]], 3),
            ("itself", &[&[0]], 1),
            ("a circle and its end", &[&[1], &[2], &[0, 3], &[]], 4),
            ("two circles", &[&[1], &[0, 2], &[3], &[2]], 4),
        ];
        for (name, inner, expected) in rows {
            assert_eq!(depth(&draft(inner)), expected, "case `{name}`");
        }
        let chain: Vec<Vec<usize>> =
            (0..100).map(|number| if number < 99 { vec![number + 1] } else { vec![] }).collect();
        let limit = |n_types: usize| {
            let chain: Vec<&[usize]> = chain[100 - n_types..].iter().map(Vec::as_slice).collect();
            let moved: Vec<Vec<usize>> = chain
                .iter()
                .map(|inner| inner.iter().map(|one| one + n_types - 100).collect())
                .collect();
            recursion_limit(&draft(&moved.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        };
        assert_eq!((limit(20), limit(21), limit(100)), (None, Some(256), Some(512)));
    }
}
