use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::texts::ALL;
use super::{SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH};
use crate::rules::Rule;

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

#[test]
fn every_text_is_in_both_languages() {
    for text in ALL {
        assert!(!text.en.is_empty() && !text.pt.is_empty(), "{} / {}", text.en, text.pt);
        assert_ne!(text.en, text.pt);
    }
    for rule in Rule::ALL {
        let advice = rule.row().advice_in_portuguese;
        assert!(!advice.is_empty() && advice != rule.row().advice, "`{}`", rule.name());
    }
}
