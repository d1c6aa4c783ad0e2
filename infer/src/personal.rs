//! Decides what may stand in a draft: words, and never a person or a secret.

use prumo_redact::{Sensitive, kind_of_name, kinds_in_text};
use prumo_spec::mask::is_word;

/// The longest name of a member or a parameter.
const MAX_NAME: usize = 64;

/// The longest value of an enum.
const MAX_VALUE: usize = 40;

/// Words of fields that name a person who does something.
const ROLES: &[&str] = &[
    "agent",
    "agente",
    "assignee",
    "atendente",
    "author",
    "autor",
    "by",
    "creator",
    "login",
    "operador",
    "operator",
    "owner",
    "por",
    "responsavel",
    "tecnico",
    "user",
    "username",
    "usuario",
    "vendedor",
];

/// Words of fields whose values are a vocabulary.
const VOCABULARIES: &[&str] = &[
    "categoria",
    "category",
    "channel",
    "code",
    "currency",
    "direction",
    "environment",
    "event",
    "forma",
    "format",
    "genero",
    "gender",
    "kind",
    "level",
    "locale",
    "meio",
    "metodo",
    "method",
    "moeda",
    "mode",
    "modo",
    "nivel",
    "operation",
    "order",
    "ordem",
    "origem",
    "origin",
    "periodo",
    "plan",
    "prioridade",
    "priority",
    "role",
    "scope",
    "severity",
    "sexo",
    "situacao",
    "situation",
    "sort",
    "source",
    "stage",
    "state",
    "status",
    "tipo",
    "turno",
    "type",
    "uf",
    "unidade",
    "unit",
];

/// Splits a name into words in lower case: `tipoPessoa` and `tipo_pessoa` alike.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let starts = !c.is_alphanumeric() || (c.is_uppercase() && was_lower);
        was_lower = c.is_lowercase();
        if starts {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn has_word(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

/// Returns whether a name holds a secret, such as `access_token`.
pub(crate) fn is_secret(name: &str) -> bool {
    kind_of_name(name) == Some(Sensitive::Secret)
}

/// Returns whether the values under a name are a vocabulary by its words, such as `tipo`.
pub(crate) fn is_vocabulary(name: &str) -> bool {
    has_word(name, VOCABULARIES)
}

/// Returns whether values under this name may stand in a draft.
pub(crate) fn may_show_values(name: &str) -> bool {
    let is_person = kind_of_name(name).is_some_and(|kind| kind != Sensitive::FreeText);
    !is_person && (!has_word(name, ROLES) || is_vocabulary(name))
}

/// Returns the kinds of persons and secrets that a text has the form of.
pub(crate) fn kinds(text: &str) -> Vec<Sensitive> {
    kinds_in_text(text)
}

/// Returns whether a value may be one of an enum.
pub(crate) fn may_be_value(text: &str) -> bool {
    text.len() <= MAX_VALUE
        && is_word(text)
        && text.chars().any(char::is_alphanumeric)
        && kinds(text).is_empty()
}

/// Returns whether a value is written as programs write them: without the capital of a name.
pub(crate) fn is_machine_word(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().all(char::is_lowercase) || letters().all(char::is_uppercase)
}

/// Returns whether a text may be the name of a member or a parameter in a draft.
pub(crate) fn may_be_name(name: &str) -> bool {
    let is_mark = |c: char| matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@' | ':' | ' ' | '/');
    let n_digits = name.bytes().filter(u8::is_ascii_digit).count();
    !name.is_empty()
        && name.len() <= MAX_NAME
        && n_digits <= 4
        && name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '@'))
        && name.trim() == name
        && name.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || is_mark(c))
        && kinds(name).is_empty()
}
