//! Finds values in a text by the word before them: `RG 12.345.678-9`, `senha: abc`, `<nome>Ana`.
//!
//! A cue says what kind of value follows and what the value looks like; text of another look is
//! left alone, so `senha incorreta` holds no password.

mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use prumo_spec::HIDDEN;

use super::Sensitive;
use super::fake::Date;
use super::view::fold;
use super::vocabulary::{is_common, is_name};
use super::words::words;
use table::{CUES, FILLERS, Look, MONTHS};

/// The most words between a cue and its value.
const MAX_FILLERS: usize = 4;

/// The kinds and looks of each cue.
static BY_WORD: LazyLock<HashMap<&str, Vec<(Sensitive, Look)>>> = LazyLock::new(|| {
    let mut cues: HashMap<&str, Vec<(Sensitive, Look)>> = HashMap::new();
    for (kind, look, words) in CUES {
        words.iter().for_each(|word| cues.entry(word).or_default().push((*kind, *look)));
    }
    cues
});

/// Returns the values after cues, in order.
pub(super) fn found(text: &str) -> Vec<(Range<usize>, Sensitive)> {
    let mut found: Vec<(Range<usize>, Sensitive)> = Vec::new();
    for word in words(text) {
        let part = text.get(word.clone()).unwrap_or_default();
        if part.len() > 16 || found.last().is_some_and(|(at, _)| word.start < at.end) {
            continue;
        }
        let folded = fold(part);
        let Some(cues) = BY_WORD.get(folded.as_str()) else { continue };
        let mut values =
            cues.iter().filter_map(|(kind, look)| Some((after(text, word.end, *look)?, *kind)));
        found.extend(values.next());
    }
    found
}

/// Returns the value after a cue that ends here.
fn after(text: &str, end: usize, look: Look) -> Option<Range<usize>> {
    let mut at = end;
    let mut is_assigned = false;
    for _ in 0..=MAX_FILLERS {
        let (n_between, is_sign) = between(text.get(at..)?);
        is_assigned |= is_sign;
        if n_between == 0 {
            return None;
        }
        at += n_between;
        let rest = text.get(at..)?;
        if let Some(length) = value(rest, look, is_assigned) {
            return Some(at..at + length);
        }
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| word.len() <= 16)?;
        if !FILLERS.contains(&fold(word).as_str()) {
            return None;
        }
        at += length;
        if matches!(look, Look::Name) && !is_assigned && text.get(at..)?.starts_with(',') {
            at += 1;
        }
    }
    None
}

/// Returns the length of the signs and tags before a value, and whether they assign it.
fn between(text: &str) -> (usize, bool) {
    let mut length = 0;
    let mut is_assigned = false;
    while let Some(c) = text.get(length..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(length..).unwrap_or_default();
        if rest.starts_with(HIDDEN) {
            break;
        }
        let tag = rest.find('>').filter(|end| c == '<' && *end < 64);
        match c {
            _ if tag.is_some() => {
                is_assigned = true;
                length += tag.unwrap_or(0) + 1;
            }
            ':' | '=' | '>' => {
                is_assigned = true;
                length += 1;
            }
            ' ' | '"' | '\'' | '#' | '-' | 'º' | '°' | '.' | '(' | '*' | '_' | ']' | '[' | '/'
            | ')'
                if length < 96 =>
            {
                length += c.len_utf8();
            }
            _ => break,
        }
    }
    (length, is_assigned)
}

/// Returns the length of the value at the start of a text.
fn value(text: &str, look: Look, is_assigned: bool) -> Option<usize> {
    match look {
        Look::Word => word(text, is_assigned),
        Look::Number => number(text),
        Look::Day => Date::at_start(text).map(|date| date.length).or_else(|| day_in_words(text)),
        Look::Name => name(text, is_assigned),
        Look::Fraction => fraction(text),
    }
}

/// Returns the length of a day such as `12 de março de 1984`.
fn day_in_words(text: &str) -> Option<usize> {
    let mut parts = words(text);
    let mut next = || text.get(parts.next()?);
    let (day, of, month, of_year) = (next()?, next()?, fold(next()?), next()?);
    let is_day = day.len() <= 2 && day.bytes().all(|byte| byte.is_ascii_digit());
    let is_row = is_day && of == "de" && of_year == "de" && MONTHS.contains(&month.as_str());
    let year = words(text).nth(4).filter(|year| is_row && year.len() == 4 && year.end < 32)?;
    text.get(year.clone())?.parse::<u16>().is_ok().then_some(year.end)
}

fn word(text: &str, is_assigned: bool) -> Option<usize> {
    let is_end = |c: char| c.is_whitespace() || ",;<>\"'&|)]}\\".contains(c);
    let word =
        text.get(..text.find(is_end).unwrap_or(text.len()))?.trim_end_matches(['.', ':', '!', '?']);
    let is_odd = word.contains(|c: char| c.is_ascii_digit() || "@_#$%!*".contains(c));
    let is_said = [
        "alterad", "trocad", "incorret", "errad", "invalid", "obrigat", "expirad", "required",
        "missing", "nao", "null", "none",
    ]
    .iter()
    .any(|said| fold(word).starts_with(said));
    let is_value =
        word.chars().count() >= 4 && !is_said && !word.starts_with("***") && !word.starts_with('{');
    let is_plain = !is_odd && (!is_assigned || is_common(&fold(word)));
    (is_value && !is_plain).then_some(word.len())
}

fn number(text: &str) -> Option<usize> {
    let n_letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(0);
    let letters = text.get(..n_letters).filter(|letters| letters.len() <= 3)?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || " .-/()+".contains(c);
    let rest = text.get(letters.len()..)?;
    let rest = rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))?;
    // A word after the number ends it, but a check digit may be `X`, and a plate has a letter.
    let mut end = 0;
    for word in words(rest) {
        let part = rest.get(word.clone())?;
        let between = rest.get(end..word.start)?;
        let is_digits = part.starts_with(|c: char| c.is_ascii_digit());
        let is_letter = part.len() == 1 && !between.contains(' ') && end > 0;
        if between.len() > 2 || !(is_digits || is_letter) || word.end > 64 {
            break;
        }
        end = word.end;
    }
    let value = rest.get(..end)?;
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_day =
        Date::at_start(value).is_some_and(|date| date.length == value.len() && n_digits < 9);
    (n_digits >= 3 && !(is_day && value.contains('/'))).then_some(letters.len() + end)
}

fn fraction(text: &str) -> Option<usize> {
    let n_sign = usize::from(text.starts_with('-'));
    let rest = text.get(n_sign..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest.get(..end)?.trim_end_matches('.');
    let (whole, fraction) = number.split_once('.')?;
    let is_coordinate =
        (1..=3).contains(&whole.len()) && fraction.len() >= 3 && !fraction.contains('.');
    is_coordinate.then_some(n_sign + number.len())
}

fn name(text: &str, is_assigned: bool) -> Option<usize> {
    const MAX_WORDS: usize = 8;
    let end = text.find([',', ';', '|', '<', '>', '&', '\n', '"', '(', '{', '[', ':', '=', '/']);
    let text = text.get(..end.unwrap_or(text.len()))?;
    let mut length = 0;
    let mut n_names = 0;
    for (index, word) in words(text).take(MAX_WORDS).enumerate() {
        let part = text.get(word.clone())?;
        let between = text.get(length..word.start)?;
        let folded = fold(part);
        let is_capital = part.starts_with(char::is_uppercase);
        let is_known = is_name(&folded) && !is_common(&folded);
        let is_particle = ["da", "das", "de", "do", "dos", "e"].contains(&folded.as_str());
        let is_near = between.chars().count() <= 2 && (index == 0) == between.is_empty();
        if !is_near || !(is_capital || (is_assigned && is_known) || (is_particle && index > 0)) {
            break;
        }
        if is_common(&folded) && !is_known && !is_particle && n_names == 0 {
            return None;
        }
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        if !is_particle {
            n_names += 1;
            length = word.end;
        }
    }
    (n_names > 0 && length >= 2).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::{Sensitive, found};

    #[test]
    fn a_cue_decides_the_kind_of_the_value_after_it() {
        let rows: [(&str, &[(&str, Sensitive)]); 28] = [
            ("RG 12.345.678-9 SSP", &[("12.345.678-9", Sensitive::Document)]),
            ("RG: MG-12.345.678", &[("MG-12.345.678", Sensitive::Document)]),
            ("RG nº 1.234.567-X", &[("1.234.567-X", Sensitive::Document)]),
            ("título de eleitor 1023 8501 0671", &[("1023 8501 0671", Sensitive::Document)]),
            ("placa qxr4k71 na garagem", &[("qxr4k71", Sensitive::Document)]),
            ("renavam 00639884962", &[("00639884962", Sensitive::Document)]),
            ("senha do wifi: casa1234", &[("casa1234", Sensitive::Secret)]),
            ("a senha é Casa#99.", &[("Casa#99", Sensitive::Secret)]),
            ("password=hunter-two&x=1", &[("hunter-two", Sensitive::Secret)]),
            ("senha incorreta", &[]),
            ("Senha: obrigatória", &[]),
            ("nascido em 05/11/1959", &[("05/11/1959", Sensitive::BirthDate)]),
            ("data_nascimento=1987-03-22&a", &[("1987-03-22", Sensitive::BirthDate)]),
            (
                "nascida em 12 de março de 1984, em",
                &[("12 de março de 1984", Sensitive::BirthDate)],
            ),
            ("nascida em 12 de cada mês", &[]),
            ("DN 22/3/87", &[("22/3/87", Sensitive::BirthDate)]),
            ("<nome>FULANO TAVOSSI</nome>", &[("FULANO TAVOSSI", Sensitive::Name)]),
            ("<td>Nome</td><td>Ivo Tavossi</td>", &[("Ivo Tavossi", Sensitive::Name)]),
            (r#""nome_cliente":"ana lima""#, &[("ana lima", Sensitive::Name)]),
            ("Sra. Tavossi ligou", &[("Tavossi", Sensitive::Name)]),
            ("nome do plano", &[]),
            ("cliente sem acesso", &[]),
            ("pppoe: fulano123", &[("fulano123", Sensitive::Network)]),
            ("login fulano@provedor", &[("fulano@provedor", Sensitive::Network)]),
            ("CEP 90010123", &[("90010123", Sensitive::Address)]),
            (
                "lat -29.98765 lng -51.12345",
                &[("29.98765", Sensitive::Address), ("51.12345", Sensitive::Address)],
            ),
            (
                "chave pix 123e4567-e12b-12d1-a456-426655440000",
                &[("123e4567-e12b-12d1-a456-426655440000", Sensitive::Payment)],
            ),
            (
                "agência 1234 conta 56789-0",
                &[("1234", Sensitive::Payment), ("56789-0", Sensitive::Payment)],
            ),
        ];
        for (text, expect) in rows {
            let values: Vec<(&str, Sensitive)> =
                found(text).into_iter().map(|(at, kind)| (&text[at], kind)).collect();
            assert_eq!(values, expect, "{text}");
        }
    }
}
