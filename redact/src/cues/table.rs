//! Lists the cues, and the words between a cue and its value.

use super::super::{Sensitive, labels};

/// The look of the value after a cue.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// A word without blanks.
    Word,
    /// Digits with punctuation, and capitals before them.
    Number,
    /// A date.
    Day,
    /// Words of a name.
    Name,
    /// A number with a fraction.
    Fraction,
}

/// Words before a value, without accents; the first row with the word and a fitting value counts.
pub(super) const CUES: &[(Sensitive, Look, &[&str])] = &[
    (Sensitive::Secret, Look::Word, labels::SECRET),
    (Sensitive::Secret, Look::Word, &["senhas", "pass", "segredo", "wpa", "wpa2", "csrf"]),
    (Sensitive::Name, Look::Name, labels::PERSON),
    (Sensitive::Name, Look::Name, labels::PARTY),
    (
        Sensitive::Name,
        Look::Name,
        &[
            "esposa",
            "esposo",
            "marido",
            "mulher",
            "filho",
            "filha",
            "irmao",
            "irma",
            "vizinho",
            "vizinha",
            "sr",
            "sra",
            "dona",
            "razao",
            "att",
            "atenciosamente",
            "assinado",
        ],
    ),
    (Sensitive::Network, Look::Word, labels::NETWORK),
    (Sensitive::Network, Look::Word, &["login", "usuario", "user", "username", "onu"]),
    (Sensitive::Document, Look::Number, labels::DOCUMENT),
    (
        Sensitive::Document,
        Look::Number,
        &["sus", "titulo", "eleitor", "habilitacao", "processo", "rnm"],
    ),
    (Sensitive::Cpf, Look::Number, labels::TAX_NUMBER),
    (Sensitive::Cpf, Look::Number, &["cnpj"]),
    (Sensitive::Phone, Look::Number, labels::PHONE),
    (Sensitive::Phone, Look::Number, &["whats", "zap", "ligar"]),
    (Sensitive::Address, Look::Number, labels::POSTAL_CODE),
    (Sensitive::Address, Look::Fraction, labels::COORDINATES),
    (Sensitive::Address, Look::Fraction, &["long", "coordenada", "gps", "localizacao"]),
    (Sensitive::BirthDate, Look::Day, labels::BIRTH_DATE),
    (Sensitive::BirthDate, Look::Day, &["nascido", "nascida", "nasceu", "dn", "born", "niver"]),
    (Sensitive::Payment, Look::Word, &["pix"]),
    (Sensitive::Payment, Look::Number, labels::ACCOUNT),
    (
        Sensitive::Payment,
        Look::Number,
        &["conta", "poupanca", "boleto", "digitavel", "barras", "ag", "cc"],
    ),
];

/// The months, without accents.
pub(super) const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "marco",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

/// Words between a cue and its value.
pub(super) const FILLERS: &[&str] = &[
    "a",
    "acesso",
    "atual",
    "chave",
    "cliente",
    "completo",
    "copia",
    "corrente",
    "d",
    "da",
    "data",
    "de",
    "dele",
    "dela",
    "dia",
    "digital",
    "do",
    "dos",
    "e",
    "eh",
    "eleitor",
    "em",
    "era",
    "fi",
    "foi",
    "is",
    "mae",
    "n",
    "nr",
    "nº",
    "na",
    "no",
    "nova",
    "novo",
    "num",
    "numero",
    "o",
    "para",
    "pelo",
    "pix",
    "pppoe",
    "principal",
    "rede",
    "roteador",
    "social",
    "sou",
    "the",
    "usuario",
    "wi",
    "wifi",
    "é",
];
