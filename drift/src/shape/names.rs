//! Limits maps by name, and writes maps whose keys are not texts.

use std::collections::BTreeMap;

use super::Tally;
use prumo_spec::Method;

/// The most unknown requests, media types or parameters that are kept by name.
pub const MAX_STRANGERS: usize = 64;

/// Keeps the smallest [`MAX_STRANGERS`] names and counts the others under `…`.
pub(crate) fn bound(names: &mut BTreeMap<String, Tally>) {
    keep(names, MAX_STRANGERS);
}

/// Keeps the smallest names, `most` of them, and counts the others under `…`.
pub(crate) fn keep(names: &mut BTreeMap<String, Tally>, most: usize) {
    keep_by(names, most, |_| "…".to_owned());
}

/// Keeps the smallest endpoints, `most` of them, and counts the others under `…` of their method.
pub(crate) fn keep_endpoints(names: &mut BTreeMap<String, Tally>, most: usize) {
    keep_by(names, most, |name| match name.split_once(' ') {
        Some((method, _)) if Method::named(method).is_some() => format!("{method} /…"),
        _ => "…".to_owned(),
    });
}

/// Keeps the smallest names, and counts each of the others under the name that `rest` returns for it.
fn keep_by(names: &mut BTreeMap<String, Tally>, most: usize, rest: impl Fn(&str) -> String) {
    // The rest of an earlier count is not a name itself.
    let mut beyond: BTreeMap<String, Tally> = BTreeMap::new();
    for name in names.keys().filter(|name| rest(name) == **name).cloned().collect::<Vec<_>>() {
        beyond.extend(names.remove_entry(&name));
    }
    while names.len() > most {
        if let Some((name, tally)) = names.pop_last() {
            beyond.entry(rest(&name)).or_default().absorb(&tally);
        }
    }
    names.extend(beyond);
}

/// Writes a map whose keys are not texts as a list of pairs.
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
