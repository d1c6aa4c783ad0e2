//! Finds the names in a vendor's message that repeat the request.
//!
//! A vendor answers `Cliente João da Silva já existe` about a customer with that name. The message
//! alone does not tell a name from other words. Together with the request it does: the words occur
//! there too, in the same order, and start with a capital letter.

/// Maximum number of words that are searched. A longer message is cut when it is printed.
const MAX_WORDS: usize = 256;

/// Returns the runs of two or more words in `sentence` that occur in `sent`, ignoring case.
pub(super) fn repeated(sentence: &str, sent: &str) -> Vec<String> {
    let sent = sent.to_lowercase();
    let words: Vec<(usize, &str)> = words(sentence).take(MAX_WORDS).collect();
    let mut found = Vec::new();
    let mut rest = words.as_slice();
    while let [(start, first), behind @ ..] = rest {
        let phrase =
            |(at, last): &(usize, &str)| sentence.get(*start..at + last.len()).unwrap_or_default();
        let is_sent = |word: &&(usize, &str)| sent.contains(&phrase(word).to_lowercase());
        let n_more = match first.starts_with(char::is_uppercase) {
            true => behind.iter().take_while(is_sent).count(),
            false => 0,
        };
        found.extend(
            n_more
                .checked_sub(1)
                .and_then(|last| behind.get(last))
                .map(|last| phrase(last).to_owned()),
        );
        rest = behind.get(n_more..).unwrap_or_default();
    }
    found
}

/// Returns each word without the punctuation around it, and its position.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_letter = |letter: char| letter.is_alphanumeric();
    text.split_whitespace().filter_map(move |word| {
        let word = word.trim_matches(|letter| !is_letter(letter));
        let at = (word.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        (!word.is_empty()).then_some((at, word))
    })
}

#[cfg(test)]
mod tests {
    use super::repeated;

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
    }
}
