//! Decides from a field's name, as Brazilian vendors spell it, whether and how its value is
//! personal.
//!
//! It decides only for fields that the spec does not mark. A false match costs readability, a
//! missed one costs a person's privacy, so the list errs towards matching; names that look like an
//! id, a date or a number do not match.

mod table;

use std::cell::RefCell;
use std::collections::HashMap;
use std::thread::LocalKey;

use super::Sensitive;
use super::json::Json;
use super::view::folded;
use table::{HARMLESS, IDS, PHRASES, SECRET_ENDINGS, SECRET_HEADERS, WORDS};

/// The names whose kind is kept, since a recording has few names many times.
const MAX_KEPT: usize = 4096;

thread_local! {
    static KINDS: RefCell<HashMap<String, Option<Sensitive>>> = RefCell::default();
    static ARE_IDS: RefCell<HashMap<String, bool>> = RefCell::default();
}

/// Returns the answer for a name, which is computed only once.
fn kept<T: Copy>(
    answers: &'static LocalKey<RefCell<HashMap<String, T>>>,
    name: &str,
    compute: fn(&str) -> T,
) -> T {
    answers.with_borrow_mut(|answers| {
        if let Some(answer) = answers.get(name) {
            return *answer;
        }
        if answers.len() >= MAX_KEPT {
            answers.clear();
        }
        let answer = compute(name);
        answers.insert(name.to_owned(), answer);
        answer
    })
}

/// Returns the kind that a field's name implies, or `None`.
pub(super) fn kind(name: &str) -> Option<Sensitive> {
    kept(&KINDS, name, kind_of)
}

fn kind_of(name: &str) -> Option<Sensitive> {
    let words = words(name);
    let is_id = words
        .iter()
        .any(|word| ["id", "ids", "tipo", "type", "status", "qtd"].contains(&word.as_str()));
    let own = words.iter().map(String::as_str);
    let own: Vec<&str> = own.filter(|word| !["de", "do", "da", "e"].contains(word)).collect();
    let is_row = |row: &str| {
        let row: Vec<&str> = row.split(' ').collect();
        own.windows(row.len()).any(|own| own == row)
    };
    let whole = words.concat();
    let phrase =
        PHRASES.iter().find(|(_, rows)| rows.iter().any(|row| is_row(row) || *row == whole));
    if let Some((kind, _)) = phrase.filter(|_| !is_id) {
        return Some(*kind);
    }
    if SECRET_ENDINGS.iter().any(|ending| whole.ends_with(ending)) {
        return Some(Sensitive::Secret);
    }
    if words.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return None;
    }
    let of = |list: &[&str]| {
        list.contains(&whole.as_str()) || words.iter().any(|word| list.contains(&word.as_str()))
    };
    WORDS.iter().find(|(_, list)| of(list)).map(|&(kind, _)| kind)
}

/// Returns whether a field of this name holds a number that counts or identifies things.
pub(super) fn is_id(name: &str) -> bool {
    kept(&ARE_IDS, name, |name| words(name).iter().any(|word| IDS.contains(&word.as_str())))
}

/// Returns whether a value that only its name makes personal can be personal.
pub(super) fn may_be_personal(name: &str, value: &Json<'_>, kinds: &[Sensitive]) -> bool {
    let is_by_words =
        kinds.iter().any(|kind| matches!(kind, Sensitive::Name | Sensitive::FreeText));
    match value {
        _ if kinds.is_empty() || name.is_empty() => false,
        // A name without a letter is an id.
        Json::Text(token) if is_by_words => token.text.chars().any(char::is_alphabetic),
        Json::Text(_) => true,
        // A rate may be named as a document is, such as `pis`.
        Json::Number(token) => {
            !is_by_words && (!kinds.contains(&Sensitive::Document) || !token.text.contains('.'))
        }
        _ => false,
    }
}

/// Returns whether a header of this name carries a credential.
pub(super) fn is_secret_header(name: &str) -> bool {
    const PARTS: [&str; 9] =
        ["token", "secret", "session", "auth", "cookie", "csrf", "xsrf", "apikey", "password"];
    let is_part = |word: &String| PARTS.contains(&word.as_str());
    SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) || words(name).iter().any(is_part)
}

/// Returns whether a member of this name names another one, as `nome` does beside `valor`.
pub(super) fn is_naming(name: &str) -> bool {
    ["name", "nome", "key", "chave", "label", "campo", "field", "title", "titulo", "descricao"]
        .contains(&name)
}

/// Returns whether a member of this name has the value of a named one.
pub(super) fn is_value(name: &str) -> bool {
    ["value", "valor", "resposta", "conteudo", "texto", "answer"].contains(&name)
}

/// Returns whether envelopes use this name for their message.
pub(super) fn is_message(name: &str) -> bool {
    ["mensagem", "message", "msg", "error", "error_description"].contains(&name)
}

/// Splits a name into words: `nomeCliente`, `nome_cliente` and `nome-cliente` into `nome` and
/// `cliente`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let starts_word = character.is_uppercase() && was_lower;
        was_lower = character.is_lowercase();
        if !character.is_alphanumeric() || starts_word {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(folded(character));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Sensitive, kind};

    #[test]
    fn the_name_of_a_field_decides_its_kind() {
        let rows = [
            ("cpf", Some(Sensitive::Cpf)),
            ("cpf_cnpj", Some(Sensitive::Cpf)),
            ("cpfCnpj", Some(Sensitive::Cpf)),
            ("CNPJ", Some(Sensitive::Cnpj)),
            ("e-mail", Some(Sensitive::Email)),
            ("email_principal", Some(Sensitive::Email)),
            ("telefone_primario", Some(Sensitive::Phone)),
            ("nomeCliente", Some(Sensitive::Name)),
            ("nome_razaosocial", Some(Sensitive::Name)),
            ("Endereço", Some(Sensitive::Address)),
            ("observação", Some(Sensitive::FreeText)),
            ("access_token", Some(Sensitive::Secret)),
            ("client_secret", Some(Sensitive::Secret)),
            ("api_key", Some(Sensitive::Secret)),
            ("id_cliente", None),
            ("cliente_id", None),
            ("token_type", None),
            ("awssecret", Some(Sensitive::Secret)),
            ("secretaria", None),
            ("snmp_community", Some(Sensitive::Secret)),
            ("wg_private_key", Some(Sensitive::Secret)),
            ("data_nome", None),
            ("data_nascimento", Some(Sensitive::BirthDate)),
            ("dtNasc", Some(Sensitive::BirthDate)),
            ("titulo_eleitor", Some(Sensitive::Document)),
            ("titulo", Some(Sensitive::FreeText)),
            ("phy_addr", Some(Sensitive::Network)),
            ("ultimo_ipv4", Some(Sensitive::Network)),
            ("linha_digitavel", Some(Sensitive::Payment)),
            ("codigo_de_barras", Some(Sensitive::Payment)),
            ("pix_copia_cola", Some(Sensitive::Payment)),
            ("nome_mae", Some(Sensitive::Name)),
            ("profissao", Some(Sensitive::FreeText)),
            ("id_cpe", None),
            ("descricao", Some(Sensitive::FreeText)),
            ("protocolo", None),
            ("renome", None),
            ("", None),
        ];
        for (name, expect) in rows {
            assert_eq!(kind(name), expect, "name {name}");
        }
    }
}
