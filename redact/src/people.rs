//! Finds names of persons in a text that nothing marks.
//!
//! | found | example |
//! |---|---|
//! | a run of capitalized words with a known name in it | `Solicitado por Marta Quiroga` |
//! | a run of capitalized words that are all uncommon | `a cliente Évora Tavossi` |
//! | a run of words in capitals with two known names, or all uncommon and one known | `TEODORA V BRUM` |
//! | a known given name within a sentence | `falei com Marta` |

use std::ops::Range;

use super::view::fold;
use super::vocabulary::{is_common, is_given, is_name};

/// Words between the words of a name.
const BETWEEN: [&str; 10] = ["da", "das", "de", "del", "di", "do", "dos", "du", "e", "von"];

struct Word {
    at: Range<usize>,
    folded: String,
    is_capitalized: bool,
    is_upper: bool,
}

/// Returns the names in a text, in order.
pub(super) fn found(text: &str) -> Vec<Range<usize>> {
    if !text.contains(char::is_uppercase) {
        return Vec::new();
    }
    let words: Vec<Word> = words(text).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let run = run(text, words.get(at..).unwrap_or_default());
        let part = words.get(at..at + run).unwrap_or_default();
        if let Some(name) = name_in(text, part) {
            found.push(name);
        }
        at += run.max(1);
    }
    found
}

/// Returns the number of words that a run of capitalized words at the start has.
fn run(text: &str, words: &[Word]) -> usize {
    let mut length = 0;
    let mut last: Option<&Word> = None;
    for (index, word) in words.iter().enumerate() {
        let follows = |last: &Word| {
            let between = text.get(last.at.end..word.at.start).unwrap_or_default();
            // An initial may have a dot.
            between == " "
                || between == "+"
                || between == "_"
                || (between == ". " && last.at.len() == 1)
        };
        if last.is_some_and(|last| !follows(last)) {
            break;
        }
        let is_between = BETWEEN.contains(&word.folded.as_str());
        if word.is_capitalized || word.is_upper {
            length = index + 1;
        } else if !is_between || length == 0 {
            break;
        }
        last = Some(word);
    }
    length
}

/// Returns the part of a run that is a name.
fn name_in(text: &str, run: &[Word]) -> Option<Range<usize>> {
    let is_word = |word: &&Word| !BETWEEN.contains(&word.folded.as_str());
    let is_initial = |word: &Word| {
        word.at.len() == 1 && text.get(word.at.end..).is_some_and(|after| after.starts_with('.'))
    };
    let is_plain =
        |word: &Word| is_common(&word.folded) && !is_name(&word.folded) && !is_initial(word);
    // Common words around a name are no part of it, as in `Cliente Marta Quiroga`.
    let start = run.iter().position(|word| !is_plain(word) && is_word(&word))?;
    let end = run.iter().rposition(|word| !is_plain(word) && is_word(&word))? + 1;
    let name = run.get(start..end)?;
    let words: Vec<&Word> = name.iter().filter(is_word).collect();
    let long = || words.iter().filter(|word| word.at.len() > 1);
    let n_known = long().filter(|word| is_name(&word.folded) && !is_common(&word.folded)).count();
    let n_common = long().filter(|word| is_common(&word.folded)).count();
    let n_plain = long().filter(|word| is_plain(word)).count();
    let is_upper = long().all(|word| word.is_upper);
    let whole = name.first()?.at.start..name.last()?.at.end;
    let is_name = match (long().count(), is_upper) {
        (0, _) => false,
        (1, true) => false,
        // A word alone may be the name of anything.
        (1, false) if words.len() == 1 => words.iter().all(|word| {
            let is_within = text.trim().len() > whole.len();
            is_within && is_given(&word.folded) && !is_common(&word.folded) && word.at.len() >= 4
        }),
        (_, true) => n_known >= 2 || (n_known == 1 && n_plain == 0),
        (_, false) => n_known > 0 || n_common == 0,
    };
    is_name.then_some(whole)
}

/// Returns the words of a text outside of the names of tags.
fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find(char::is_alphanumeric)?;
            let rest = text.get(start..)?;
            let is_part = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let word = rest.get(..length)?.trim_end_matches(['\'', '’']);
            from = start + length;
            let before = text.get(..start)?;
            if before.ends_with('<') || before.ends_with("</") {
                continue;
            }
            return Some(classified(word, start));
        }
    })
}

fn classified(word: &str, start: usize) -> Word {
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let is_first_upper = word.starts_with(char::is_uppercase);
    let n_upper = word.chars().filter(|c| c.is_uppercase()).count();
    let n_lower = word.chars().filter(|c| c.is_lowercase()).count();
    Word {
        at: start..start + word.len(),
        folded: fold(word),
        // `McAlister` and `D'Ávila` have a second capital.
        is_capitalized: is_first_upper && !has_digit && n_lower > 0 && n_upper <= 2,
        is_upper: is_first_upper && !has_digit && n_lower == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn a_name_is_found_in_a_sentence() {
        let rows: [(&str, &[&str]); 24] = [
            ("Solicitado por Marta Leopoldina Quiroga", &["Marta Leopoldina Quiroga"]),
            ("A cliente Teodora Vasconcellos Brum pediu", &["Teodora Vasconcellos Brum"]),
            ("cônjuge: João Évora Lacerda, nascido", &["João Évora Lacerda"]),
            ("Cliente José da Silva e Souza ligou", &["José da Silva e Souza"]),
            ("Évora Tavossi", &["Évora Tavossi"]),
            ("MARIA APARECIDA DOS SANTOS", &["MARIA APARECIDA DOS SANTOS"]),
            ("TEODORA V BRUM", &["TEODORA V BRUM"]),
            ("falei com Marta ontem", &["Marta"]),
            ("João ligou", &["João"]),
            ("FULANA DE SOUSA NASCIMENTO CPF", &["FULANA DE SOUSA NASCIMENTO"]),
            ("Jardim Botânico", &[]),
            ("Zulmira", &[]),
            ("Joana D'Ávila", &["Joana D'Ávila"]),
            ("A. B. Silva Tavossi", &["A. B. Silva Tavossi"]),
            ("<p>Ana Lima</p><b>Ivo Reis</b>", &["Ana Lima", "Ivo Reis"]),
            ("Plano Fibra 300 Mega", &[]),
            ("Ordem de Serviço", &[]),
            ("404 Not Found", &[]),
            ("Boleto vencido", &[]),
            ("CHAMADO ABERTO", &[]),
            ("Internal Server Error", &[]),
            ("Suporte Técnico", &[]),
            ("<TABLE BORDER=1><TR>", &[]),
            ("nada aqui", &[]),
        ];
        for (text, expect) in rows {
            let names: Vec<&str> = found(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(names, expect, "{text}");
        }
    }
}
