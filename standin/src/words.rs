//! Turns a field's name into a plausible, invented value.

use prumo_drift::{Kind, Shape};
use serde_json::Value;

/// Texts by a word of the field's name; the first row that matches counts.
const TEXTS: &[(&str, &str)] = &[
    ("email", "pessoa@example.com"),
    ("mail", "pessoa@example.com"),
    ("cpf", "12345678909"),
    ("cnpj", "11222333000181"),
    ("telefone", "11900000000"),
    ("phone", "11900000000"),
    ("cep", "30000000"),
    ("uuid", "00000000-0000-4000-8000-000000000001"),
    ("url", "https://example.com/pagina"),
    ("link", "https://example.com/pagina"),
    ("razaosocial", "EMPRESA MODELO LTDA"),
    ("nome", "ANA MODELO"),
    ("name", "ANA MODELO"),
    ("cidade", "CIDADE EXEMPLO"),
    ("bairro", "BAIRRO EXEMPLO"),
    ("endereco", "RUA MODELO, 9"),
    ("estado", "MG"),
    ("uf", "MG"),
    ("ipv4", "192.0.2.7"),
    ("ipv6", "2001:db8::7"),
    ("mac", "02:00:00:00:00:07"),
    ("phy", "02:00:00:00:00:07"),
    ("barras", "00190000090000000000000000000000000000000000"),
    ("digitavel", "00190.00009 00000.000000 00000.000000 0 00000000000000"),
    ("pix", "00020101021226"),
    ("senha", "segredo-de-exemplo"),
    ("msg", "Operação realizada com sucesso."),
    ("numero", "9"),
];

/// Words for any other text.
const WORDS: &[&str] = &[
    "Instalação",
    "Suporte",
    "Financeiro",
    "Fibra",
    "Padrão",
    "Comercial",
    "Retirada",
    "Manutenção",
];

/// Returns a value for a field; `None` if the shape has constraints beyond its kind.
pub(crate) fn value(shape: &Shape, name: &str, seed: u64) -> Option<Value> {
    if shape.values.is_some() || !shape.patterns.is_empty() || !shape.not.is_empty() {
        return None;
    }
    if shape.format.is_some() || shape.bounds != Default::default() {
        return None;
    }
    if shape.allows(Kind::Text) {
        let row = TEXTS.iter().find(|(word, _)| name.split('_').any(|part| part == *word));
        let index = usize::try_from(seed % WORDS.len() as u64).unwrap_or_default();
        return row.map(|(_, text)| *text).or_else(|| WORDS.get(index).copied()).map(Value::from);
    }
    // Ids are small, and never 0.
    (shape.allows(Kind::Int) && !shape.kinds.contains_key(&Kind::Number))
        .then(|| Value::from(1 + seed % 900))
}
