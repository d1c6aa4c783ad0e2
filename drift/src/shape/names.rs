//! Limits maps by name, and writes maps whose keys are not texts.

use std::collections::BTreeMap;

use super::Tally;

/// The most unknown requests, media types or parameters that are kept by name.
pub const MAX_STRANGERS: usize = 64;

/// Keeps the smallest [`MAX_STRANGERS`] names and counts the others under `…`.
pub(crate) fn bound(names: &mut BTreeMap<String, Tally>) {
    keep(names, MAX_STRANGERS);
}

/// Keeps the smallest names, `most` of them, and counts the others under `…`.
pub(crate) fn keep(names: &mut BTreeMap<String, Tally>, most: usize) {
    // `…` sorts after every ASCII name, so it would be the last one itself.
    let mut beyond = names.remove("…");
    while names.len() > most {
        if let Some((_, tally)) = names.pop_last() {
            beyond.get_or_insert_default().absorb(&tally);
        }
    }
    if let Some(beyond) = beyond {
        names.insert("…".to_owned(), beyond);
    }
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
