//! Makes texts with a format, a pattern or a length.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::Chance;
use crate::shape::{Pattern, Shape};
use prumo_spec::formats::Format;

/// The longest text.
const MAX_CHARS: u64 = 4096;

/// Returns a text that `shape` probably allows; the caller checks it.
pub(super) fn make(chance: &mut Chance, shape: &Shape, format: Option<&Format>) -> Option<String> {
    if let Some(pattern) = shape.patterns.iter().find_map(Pattern::translated) {
        let hir = regex_syntax::parse(pattern).ok()?;
        let mut text = String::new();
        spell(chance, &hir, &mut text)?;
        return Some(text);
    }
    if let Some(format) = format.filter(|format| format.checks_texts()) {
        return of_format(chance, format);
    }
    let least = shape.bounds.min_length.unwrap_or(0);
    let most = shape.bounds.max_length.unwrap_or(least + 8).min(least + 8);
    let n_chars = least + chance.below(most.saturating_sub(least) + 1);
    Some((0..n_chars.min(MAX_CHARS)).map(|_| letter(chance)).collect())
}

fn letter(chance: &mut Chance) -> char {
    // Below 26, so the addition stays within the letters.
    char::from(b'a' + chance.below(26) as u8)
}

/// Makes a text with a format: a moment according to its picture, or an example with other digits.
fn of_format(chance: &mut Chance, format: &Format) -> Option<String> {
    let (day, month) = (1 + chance.below(28), 1 + chance.below(12));
    let (hour, minute) = (chance.below(24), chance.below(60));
    let moment = |letter| match letter {
        b'D' => day,
        b'M' => month,
        b'Y' => 2018,
        b'h' => hour,
        b'm' => minute,
        b'o' => 3,
        b'u' => 0,
        _ => 21,
    };
    if let Some(picture) = format.picture {
        return Some(picture.text(moment));
    }
    let example = format.example_values().find_map(|value| value.as_str().map(str::to_owned));
    example.map(|example| varied(chance, format, example))
}

/// Replaces each digit of a text with one that keeps the format.
fn varied(chance: &mut Chance, format: &Format, mut text: String) -> String {
    let digits: Vec<usize> =
        text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for at in digits {
        let mut other = text.clone();
        other.replace_range(at..=at, &chance.below(10).to_string());
        if format.fits_text(&other) {
            text = other;
        }
    }
    text
}

/// Appends a text that the expression matches.
fn spell(chance: &mut Chance, hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            // Prefers printable ASCII, if the class has any.
            let plain: Vec<(u32, u32)> = ranges
                .iter()
                .map(|range| (u32::from(range.start()).max(0x20), u32::from(range.end()).min(0x7e)))
                .filter(|(start, end)| start <= end)
                .collect();
            let (start, end) = match plain.get(chance.below(plain.len() as u64) as usize) {
                Some(&range) => range,
                None => ranges.first().map(|range| (range.start().into(), range.end().into()))?,
            };
            let pick = start + u32::try_from(chance.below(u64::from(end - start) + 1)).ok()?;
            text.push(char::from_u32(pick)?);
            Some(())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min.saturating_add(3));
            let extra = u64::from(most.saturating_sub(repetition.min).min(3));
            for _ in 0..u64::from(repetition.min) + chance.below(extra + 1) {
                if text.len() as u64 > MAX_CHARS {
                    return None;
                }
                spell(chance, &repetition.sub, text)?;
            }
            Some(())
        }
        HirKind::Capture(capture) => spell(chance, &capture.sub, text),
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| spell(chance, part, text)),
        HirKind::Alternation(parts) => {
            let pick = chance.below(parts.len() as u64) as usize;
            spell(chance, parts.get(pick)?, text)
        }
    }
}
