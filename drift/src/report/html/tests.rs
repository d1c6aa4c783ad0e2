use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH};

#[test]
fn the_policy_names_the_style_and_the_script() {
    for (text, hash) in [(STYLE, STYLE_HASH), (SCRIPT, SCRIPT_HASH)] {
        assert_eq!(hash, format!("sha256-{}", STANDARD.encode(Sha256::digest(text))));
    }
}

#[test]
fn the_style_and_the_script_load_nothing() {
    for (text, word) in [STYLE, SCRIPT].iter().flat_map(|text| {
        ["url(", "@import", "http:", "https:", "fetch(", "innerHTML", "eval("]
            .map(|word| (text, word))
    }) {
        assert!(!text.contains(word), "`{word}` in {}", text.get(..40).unwrap_or_default());
    }
}
