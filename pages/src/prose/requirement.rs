//! Reads when a parameter is required.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;
use crate::facts::Requirement;
use crate::plain::{fold, plain};
use crate::words::{NO, YES};

/// Reads the cell of a column that says whether the parameter is required.
pub(crate) fn of_cell(text: &str) -> Option<Requirement> {
    let text = plain(text);
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    let folded = fold(inner);
    if YES.contains(&folded.as_str()) {
        return Some(Requirement::Always);
    }
    if NO.contains(&folded.as_str()) {
        return Some(Requirement::Never);
    }
    if let Some(condition) = condition(inner) {
        return Some(Requirement::When(condition));
    }
    let first = folded.split(|c: char| !c.is_alphanumeric()).next()?;
    if NO.contains(&first) {
        return Some(Requirement::Never);
    }
    (YES.contains(&first)).then_some(Requirement::Always)
}

/// Reads a requirement that a description marks: `(Obrigatório)`, `**(Opcional)**`, `Obrigatório.`
pub(crate) fn of_prose(text: &str) -> Option<Requirement> {
    static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)[(\[]\s*((?:n[aã]o\s+)?(?:obrigat[oó]ri[oa]|opcional|optional|required|requerido)\b[^)\]]*)[)\]]",
        )
    });
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|\.\s+|-\s+|campo\s+|par[aâ]metro\s+|preenchimento\s+)((?:n[aã]o\s+)?(?:obrigat[oó]rio|opcional|optional|required))\s*(?:[.:;,]|-|$)",
        )
    });
    let text = plain(text);
    let found = BRACKETS.captures(&text).or_else(|| BARE.captures(&text))?;
    of_cell(&found[1])
}

/// Returns the condition of a requirement; its known forms are said in a fixed way.
fn condition(text: &str) -> Option<String> {
    static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:caso|se|quando|somente se|apenas se|if|when)\b\s*(?P<rest>.+)$")
    });
    static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:o\ |a\ |os\ |as\ |the\ )?(?:campo\ |parametro\ |atributo\ )?
              (?P<name>[a-z0-9_.]+)\ (?P<not>nao\ |not\ |is\ not\ |isn't\ )?(?:is\ |for\ |seja\ |sejam\ |tenha\ sido\ )?
              (?:informad[oa]s?|enviad[oa]s?|preenchid[oa]s?|passad[oa]s?|given|sent|present)$",
        )
    });
    let folded = fold(text);
    let rest = CLAUSE.captures(&folded)?.name("rest")?.as_str();
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if let Some(found) = GIVEN.captures(rest) {
        let verb = if found.name("not").is_some() { "is not given" } else { "is given" };
        return Some(format!("when {} {verb}", &found["name"]));
    }
    Some(format!("when {rest}"))
}
