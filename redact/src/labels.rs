//! Lists the words that label a value both as the name of its field and before it in a text.
//!
//! A word that is sure in only one of the two places is in the table of that place.

/// Words for a secret.
pub(super) const SECRET: &[&str] = &[
    "senha",
    "password",
    "passwd",
    "pwd",
    "secret",
    "apikey",
    "token",
    "jwt",
    "psk",
    "passphrase",
    "cvv",
    "community",
    "presharedkey",
];

/// Words for a person.
pub(super) const PERSON: &[&str] = &[
    "nome",
    "name",
    "nomes",
    "cliente",
    "fantasia",
    "solicitante",
    "atendente",
    "responsavel",
    "titular",
    "contato",
    "tecnico",
    "sobrenome",
    "fullname",
    "firstname",
    "lastname",
    "apelido",
    "remetente",
    "destinatario",
];

/// Words for a relative or a party of a payment.
pub(super) const PARTY: &[&str] =
    &["mae", "pai", "conjuge", "beneficiario", "favorecido", "pagador", "sacado", "cedente"];

/// Words for an address or a device of a network.
pub(super) const NETWORK: &[&str] = &["ip", "mac", "phy", "pppoe", "serial", "sn", "gpon", "ssid"];

/// Words for a numbered document.
pub(super) const DOCUMENT: &[&str] = &[
    "cnh",
    "pis",
    "nis",
    "pasep",
    "nit",
    "cns",
    "ctps",
    "renavam",
    "placa",
    "passaporte",
    "chassi",
    "rne",
    "rg",
    "identidade",
];

/// Words for a tax number.
pub(super) const TAX_NUMBER: &[&str] = &["cpf", "cpfcnpj", "documento", "doc"];

/// Words for a phone.
pub(super) const PHONE: &[&str] =
    &["telefone", "telefones", "celular", "fone", "phone", "whatsapp", "tel", "cel", "ramal"];

/// Words for a postal code.
pub(super) const POSTAL_CODE: &[&str] = &["cep", "zip", "zipcode"];

/// Words for coordinates.
pub(super) const COORDINATES: &[&str] =
    &["latitude", "longitude", "lat", "lng", "lon", "coordenadas"];

/// Words for a date of birth.
pub(super) const BIRTH_DATE: &[&str] =
    &["nascimento", "nasc", "birth", "birthday", "birthdate", "dob", "aniversario"];

/// Words for a card or an account.
pub(super) const ACCOUNT: &[&str] = &["cartao", "card", "agencia", "iban"];
