//! Finds the names in a vendor's message that repeat the request.
//!
//! A vendor answers `Cliente João da Silva já existe` about a customer with that name. The message
//! alone does not tell a name from other words. Together with the request it does: the words occur
//! there too, in the same order, and start with a capital letter.
//!
//! Invariant: the work is linear in the length of the request and of the messages.

use std::collections::HashMap;

/// Maximum number of words that are searched. A longer message is cut when it is printed.
const MAX_WORDS: usize = 256;

/// Maximum number of places that are compared for two words in a row.
const MAX_PLACES: usize = 32;

/// The text of a request.
pub(super) struct Sent<'t> {
    text: &'t str,
    /// Places of every two words in a row.
    pairs: HashMap<(&'t str, &'t str), Vec<usize>>,
}

impl<'t> Sent<'t> {
    /// Prepares the search in a text of lowercase letters.
    pub(super) fn new(text: &'t str) -> Self {
        let mut pairs: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for ((at, first), (_, second)) in runs(text).zip(runs(text).skip(1)) {
            let places = pairs.entry((first, second)).or_default();
            if places.len() < MAX_PLACES {
                places.push(at);
            }
        }
        Self { text, pairs }
    }

    /// Returns the runs of two or more words in `sentence` that occur in the request, ignoring case.
    pub(super) fn repeated(&self, sentence: &str) -> Vec<String> {
        let words: Vec<(usize, &str)> = words(sentence).take(MAX_WORDS).collect();
        let mut found = Vec::new();
        let mut rest = words.as_slice();
        while let [(start, first), behind @ ..] = rest {
            let phrase = |(at, last): &(usize, &str)| {
                sentence.get(*start..at + last.len()).unwrap_or_default()
            };
            let n_more = match first.starts_with(char::is_uppercase) {
                true => self.n_repeated(behind.iter().map(phrase)),
                false => 0,
            };
            let last = n_more.checked_sub(1).and_then(|last| behind.get(last));
            found.extend(last.map(|last| phrase(last).to_owned()));
            rest = behind.get(n_more..).unwrap_or_default();
        }
        found
    }

    /// Returns how many of the phrases, each of which continues the one before, occur in the request.
    fn n_repeated<'p>(&self, phrases: impl Iterator<Item = &'p str>) -> usize {
        let mut places: Option<Vec<usize>> = None;
        let is_sent = |phrase: &&str| {
            let phrase = phrase.to_lowercase();
            let places = places.get_or_insert_with(|| self.places(&phrase));
            places.retain(|at| self.text.get(*at..).is_some_and(|text| text.starts_with(&phrase)));
            !places.is_empty()
        };
        phrases.take_while(is_sent).count()
    }

    /// Returns the places of the first two words of `phrase`.
    fn places(&self, phrase: &str) -> Vec<usize> {
        let mut runs = runs(phrase).map(|(_, run)| run);
        let pair = runs.next().zip(runs.next());
        pair.and_then(|pair| self.pairs.get(&pair)).cloned().unwrap_or_default()
    }
}

/// Returns each word without the punctuation around it, and its position.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().filter_map(move |word| {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        position(text, word).map(|at| (at, word)).filter(|(_, word)| !word.is_empty())
    })
}

/// Returns the runs of letters and digits, and their positions.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let runs = text.split(|letter: char| !letter.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.filter_map(move |run| Some((position(text, run)?, run)))
}

/// Returns the position of a part of `text`.
fn position(text: &str, part: &str) -> Option<usize> {
    (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::Sent;

    fn repeated(sentence: &str, sent: &str) -> Vec<String> {
        Sent::new(&sent.to_lowercase()).repeated(sentence)
    }

    #[test]
    fn names_that_were_sent_are_known_again() {
        let sent = r#"{"nome":"João da Silva","email":"joao@example.com","assunto":"Sem sinal"}"#;
        let cases: [(&str, &[&str]); 8] = [
            ("Cliente João da Silva já existe", &["João da Silva"]),
            ("JOÃO DA SILVA: já existe.", &["JOÃO DA SILVA"]),
            ("(João da Silva), João da Costa", &["João da Silva", "João da"]),
            ("O assunto 'Sem sinal' não serve", &["Sem sinal"]),
            ("João já existe", &[]),
            ("Maria da Silva não existe", &[]),
            ("campo nome obrigatório", &[]),
            ("", &[]),
        ];
        for (sentence, expect) in cases {
            assert_eq!(repeated(sentence, sent), expect, "sentence {sentence:?}");
        }
        assert_eq!(repeated("De D'Ávila Souza", r#"{"a":"D'Ávila Souza"}"#), ["D'Ávila Souza"]);
    }

    #[test]
    fn long_messages_about_a_long_request_take_little_time() {
        let start = std::time::Instant::now();
        let sent = "ana maria da silva ".repeat(3200);
        let sent = Sent::new(&sent);
        let sentence = "Ana Maria da Silva ".repeat(64);
        for _ in 0..64 {
            assert!(!sent.repeated(&sentence).is_empty());
        }
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
