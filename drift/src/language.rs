//! Holds the languages in which people read reports and rules, and texts in each of them.
//!
//! Invariants:
//!
//! * A text is written in one place, with all of its languages.
//! * Names of rules, JSON, SARIF and JUnit are the same in every language.

use serde::{Deserialize, Serialize};

/// A language of the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Portuguese as it is written in Brazil.
    Portuguese,
}

impl Language {
    /// Returns the language of a locale, such as `pt_BR.UTF-8`, or of a tag, such as `pt-BR`.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("pt") { Self::Portuguese } else { Self::English }
    }
}

/// A text in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Portuguese.
    pub pt: &'static str,
}

impl Text {
    /// Returns the text in a language.
    pub fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Portuguese => self.pt,
        }
    }
}

/// What is counted: the word for one, and the word for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// For one.
    pub one: Text,
    /// For any other number.
    pub many: Text,
}

impl Noun {
    /// Returns a number with its noun, such as `1 operation` or `2 operações`.
    pub fn counted(self, n: u64, language: Language) -> String {
        let word = if n == 1 { self.one } else { self.many };
        format!("{n} {}", word.of(language))
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Noun, Text};

    #[test]
    fn a_locale_that_begins_with_pt_is_portuguese() {
        let rows = [
            ("pt_BR.UTF-8", Language::Portuguese),
            ("pt", Language::Portuguese),
            ("pt-BR", Language::Portuguese),
            ("PT", Language::Portuguese),
            ("ptarmigan", Language::English),
            ("C", Language::English),
            ("en_US.UTF-8", Language::English),
            ("", Language::English),
        ];
        for (locale, expected) in rows {
            assert_eq!(Language::of_locale(locale), expected, "{locale}");
        }
    }

    #[test]
    fn a_noun_has_a_word_for_one_and_a_word_for_several() {
        let noun = Noun {
            one: Text { en: "operation", pt: "operação" },
            many: Text { en: "operations", pt: "operações" },
        };
        let counted = [0, 1, 2].map(|n| noun.counted(n, Language::Portuguese));
        assert_eq!(counted, ["0 operações", "1 operação", "2 operações"]);
        assert_eq!(noun.counted(1, Language::English), "1 operation");
    }
}
