//! Finds the known word that a misspelt one probably means.

use strsim::osa_distance;

/// Returns the word of `known` nearest to `word`, ignoring case, or `None` if no word is near.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let allowed = if word.chars().count() <= 4 { 1 } else { 2 };
    known
        .iter()
        .map(|known| (osa_distance(&word.to_lowercase(), &known.to_lowercase()), *known))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keys_is_understood() {
        let known = ["required", "format", "type", "title", "items", "in"];
        let cases = [
            ("requried", Some("required")),
            ("formt", Some("format")),
            ("itmes", Some("items")),
            ("nothing-like-it", None),
            ("Type", Some("type")),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, &known), expected, "word `{word}`");
        }
    }
}
