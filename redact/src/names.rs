//! Decides from a field's name, as Brazilian vendors spell it, whether and how its value is
//! personal.
//!
//! It decides only for fields that the spec does not mark. A false match costs readability, a
//! missed one costs a person's privacy, so the list errs towards matching; names that look like an
//! id, a date or a number do not match.

use serde_json::Value;

use super::Sensitive;

/// Words in a name, and the kind that they imply; the first match decides.
const WORDS: &[(Sensitive, &[&str])] = &[
    (Sensitive::Secret, &["senha", "password", "passwd", "secret", "apikey", "token", "jwt"]),
    (Sensitive::Cpf, &["cpf", "cpfcnpj", "cnpjcpf", "documento", "rg"]),
    (Sensitive::Cnpj, &["cnpj"]),
    (Sensitive::Email, &["email", "emails", "mail"]),
    (
        Sensitive::Phone,
        &["telefone", "telefones", "celular", "fone", "phone", "whatsapp", "mobile"],
    ),
    (
        Sensitive::Address,
        &[
            "endereco",
            "logradouro",
            "rua",
            "bairro",
            "complemento",
            "cep",
            "address",
            "street",
            "latitude",
            "longitude",
            "coordenadas",
        ],
    ),
    (
        Sensitive::Name,
        &[
            "nome",
            "name",
            "nomes",
            "cliente",
            "razaosocial",
            "fantasia",
            "solicitante",
            "atendente",
            "operador",
            "responsavel",
            "titular",
            "contato",
            "tecnico",
            "username",
            "login",
            "usuario",
            "autor",
        ],
    ),
    (
        Sensitive::FreeText,
        &[
            "mensagem",
            "message",
            "descricao",
            "observacao",
            "observacoes",
            "comentario",
            "comentarios",
            "anotacao",
            "relato",
            "titulo",
            "assunto",
            "subject",
            "texto",
            "conteudo",
            "motivo",
        ],
    ),
];

/// Words of ids, kinds, dates and states: with one of them, a name is not personal.
const HARMLESS: &[&str] =
    &["id", "ids", "type", "tipo", "data", "date", "status", "situacao", "quantidade"];

const SECRET_HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "set-cookie",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "apikey",
    "x-auth-token",
    "x-access-token",
    "x-csrf-token",
    "x-xsrf-token",
    "token",
];

/// Returns the kind that a field's name implies, or `None`.
pub(super) fn kind(name: &str) -> Option<Sensitive> {
    let words = words(name);
    if words.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return None;
    }
    let whole = words.concat();
    let of = |list: &[&str]| {
        list.contains(&whole.as_str()) || words.iter().any(|word| list.contains(&word.as_str()))
    };
    WORDS.iter().find(|(_, list)| of(list)).map(|&(kind, _)| kind)
}

/// Returns whether a value that only its name makes personal can be personal.
pub(super) fn may_be_personal(name: &str, value: &Value, kinds: &[Sensitive]) -> bool {
    let is_by_words =
        kinds.iter().any(|kind| matches!(kind, Sensitive::Name | Sensitive::FreeText));
    match value {
        _ if kinds.is_empty() || name.is_empty() => false,
        // A name without a letter is an id.
        Value::String(text) if is_by_words => text.chars().any(char::is_alphabetic),
        Value::String(_) => true,
        Value::Number(_) => !is_by_words && !kinds.contains(&Sensitive::Secret),
        _ => false,
    }
}

pub(super) fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str())
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
    for character in name.chars().map(plain) {
        let starts_word = character.is_uppercase() && was_lower;
        was_lower = character.is_lowercase();
        if !character.is_alphanumeric() || starts_word {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns a Portuguese letter without its accent.
fn plain(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Sensitive, kind};

    #[test]
    fn a_name_tells_what_a_field_holds() {
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
            ("data_nome", None),
            ("protocolo", None),
            ("renome", None),
            ("", None),
        ];
        for (name, expect) in rows {
            assert_eq!(kind(name), expect, "name {name}");
        }
    }
}
