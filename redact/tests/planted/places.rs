//! Puts a value into each place of an exchange, and into other files.

use prumo_redact::Syntax;
use serde_json::{Value, json};

use super::numbers::{self, CAPITALS, DIGITS, masked};
use super::random::Random;
use super::{Class, Plant, texts};

/// A kind of value: its name, its class, the name of its field, the words before it in a sentence,
/// and how it is made.
pub(crate) type Kind = (&'static str, Class, &'static str, &'static str, fn(&mut Random) -> String);

use Class::{Numbered, Other};

/// Every kind but names.
pub(crate) const KINDS: &[Kind] = &[
    ("CPF", Numbered, "cpf", "o CPF", |r| masked("999.999.999-99", &numbers::cpf(r))),
    ("CPF, bare", Numbered, "cpf_cnpj", "CPF", numbers::cpf),
    ("CNPJ", Numbered, "cnpj", "o CNPJ", |r| cnpj(&numbers::cnpj(r, DIGITS))),
    ("CNPJ, bare", Numbered, "cnpj", "CNPJ", |r| numbers::cnpj(r, DIGITS)),
    ("CNPJ, letters", Numbered, "cpf_cnpj", "CNPJ", |r| {
        cnpj(&numbers::cnpj(r, &(CAPITALS.to_owned() + DIGITS)))
    }),
    ("RG", Numbered, "rg", "RG", |r| masked("99.999.999-9", &r.number(9))),
    ("CNH", Numbered, "cnh", "CNH", |r| r.number(11)),
    ("PIS", Numbered, "pis", "PIS", |r| masked("999.99999.99-9", &numbers::pis(r))),
    ("NIS, bare", Numbered, "nis", "NIS", numbers::pis),
    ("CNS", Numbered, "cns", "cartão SUS", numbers::health_card),
    ("CNS, in blocks", Numbered, "cns", "CNS", |r| {
        masked("999 9999 9999 9999", &numbers::health_card(r))
    }),
    ("voter title", Numbered, "titulo_eleitor", "título de eleitor", numbers::voter),
    ("RENAVAM", Numbered, "renavam", "renavam", |r| r.number(11)),
    ("plate, old", Numbered, "placa", "placa", |r| r.of("JKLMNPQRS", 3) + "-" + &r.number(4)),
    ("plate, new", Numbered, "placa", "o carro", |r| {
        r.of("JKLMNPQRS", 3) + &r.number(1) + &r.of("ABCDEFGHIJ", 1) + &r.number(2)
    }),
    ("lawsuit", Numbered, "numero_processo", "processo", numbers::lawsuit),
    ("card", Numbered, "cartao", "cartão", numbers::card),
    ("card, in blocks", Numbered, "card_number", "o cartão", |r| {
        masked("9999 9999 9999 9999", &numbers::card(r))
    }),
    ("e-mail", Numbered, "email", "escrever a", texts::email),
    ("JWT", Numbered, "access_token", "sessão", texts::jwt),
    ("bearer", Numbered, "authorization", "com", |r| format!("Bearer {}", texts::token(r))),
    ("AWS key", Numbered, "api_key", "a chave", texts::aws_key),
    ("cookie", Numbered, "cookie", "o cookie", |r| {
        format!("PHPSESSID={}", r.of("abcdef0123456789", 26))
    }),
    ("signed URL", Numbered, "arquivo", "baixar", |r| {
        format!("https://s3.amazonaws.com/b/a.pdf?X-Amz-Signature={}", texts::token(r))
    }),
    ("IPv4", Numbered, "ipv4", "o IP", texts::ipv4),
    ("IPv6", Numbered, "ipv6", "o IPv6", texts::ipv6),
    ("MAC", Numbered, "mac", "MAC", texts::mac),
    ("MAC, dotted", Numbered, "mac_addr", "a onu", |r| {
        let mac = texts::mac(r).replace(':', "").to_lowercase();
        format!("{}.{}.{}", &mac[..4], &mac[4..8], &mac[8..])
    }),
    ("serial of an ONU", Numbered, "phy_addr", "a ONU", texts::serial),
    ("phone", Other, "telefone", "ligar para", |r| masked("(99) 99999-9999", &texts::phone(r))),
    ("phone, bare", Other, "celular", "whatsapp", texts::phone),
    ("phone, with country", Other, "fone", "o número", |r| {
        masked("+55 99 99999-9999", &texts::phone(r))
    }),
    ("CEP", Other, "cep", "CEP", |r| masked("99999-999", &r.number(8))),
    ("address", Other, "endereco", "mora na", texts::address),
    ("birth date", Other, "data_nascimento", "nascido em", texts::birth_date),
    ("coordinates", Other, "coordenadas", "em", texts::coordinates),
    ("user of PPPoE", Other, "pppoe", "pppoe:", texts::user),
    ("password of Wi-Fi", Other, "senha", "senha do wifi:", texts::password),
    ("boleto", Other, "linha_digitavel", "pagar", numbers::boleto_line),
    ("bar code", Other, "codigo_barras", "código de barras", numbers::bar_code),
    ("Pix key", Other, "chave_pix", "chave pix", numbers::uuid),
    ("Pix code", Other, "pix_copia_cola", "pix", |r| {
        let name = texts::name(r);
        numbers::pix_code(r, &name)
    }),
];

fn cnpj(compact: &str) -> String {
    let part = |from: usize, to: usize| &compact[from..to];
    [part(0, 2), ".", part(2, 5), ".", part(5, 8), "/", part(8, 12), "-", part(12, 14)].concat()
}

/// Returns an exchange with a body and no person.
fn exchange(body: Value) -> Value {
    json!({
        "origin": "live",
        "request": {"method": "GET", "path": "/v1/itens/7", "query": {}, "headers": {"accept": "application/json"}},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": body},
    })
}

fn in_query(value: &str) -> Value {
    let mut whole = exchange(json!({"ok": true}));
    whole["request"]["query"] = json!({"filtro": value});
    whole
}

fn in_header(value: &str) -> Value {
    let mut whole = exchange(json!({"ok": true}));
    whole["response"]["headers"]["x-dados"] = json!(value);
    whole
}

fn in_form(name: &str, value: &str) -> Value {
    let mut whole = exchange(json!({"ok": true}));
    whole["request"]["form"] = json!([{"name": name, "value": value}]);
    whole
}

pub(crate) fn percent(text: &str) -> String {
    let coded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(coded).collect()
}

pub(crate) fn entities(text: &str) -> String {
    text.chars().map(|c| format!("&#{};", u32::from(c))).collect()
}

pub(crate) fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for index in 0..4 {
            let digit = (bits >> (18 - 6 * index)) & 63;
            out.push(if index <= chunk.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
        }
    }
    out
}

/// Plants a value of a kind in every place.
pub(crate) fn planted(kind: Kind, random: &mut Random, plants: &mut Vec<Plant>) {
    let (name, class, key, before, make) = kind;
    let sentence = |value: &str| format!("Visita feita, {before} {value} confere com o cadastro");
    let mut plant = |place: &'static str, syntax: Syntax, file: &dyn Fn(&str) -> String| {
        let value = make(random);
        let mut spellings = vec![value.to_lowercase()];
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 8 && value.chars().all(|c| !c.is_alphabetic()) {
            spellings.push(digits);
        }
        plants.push(Plant { kind: name, place, class, file: file(&value), syntax, spellings });
    };
    let json = Syntax::Json;
    plant("member", json, &|v| exchange(json!({key: v, "id": 7})).to_string());
    plant("sentence", json, &|v| exchange(json!({"resumo": sentence(v)})).to_string());
    plant("JSON in a text", json, &|v| {
        exchange(json!({"dados": json!({key: v, "n": 1}).to_string()})).to_string()
    });
    plant("HTML", json, &|v| {
        exchange(json!({"pagina": format!("<p><b>{before}</b> {v}</p>")})).to_string()
    });
    plant("query", json, &|v| in_query(&sentence(v)).to_string());
    plant("header", json, &|v| in_header(&sentence(v)).to_string());
    plant("form", json, &|v| in_form(key, v).to_string());
    plant("base64", json, &|v| exchange(json!({"eco": base64(&sentence(v))})).to_string());
    plant("percent-encoded", json, &|v| {
        exchange(json!({"eco": percent(&sentence(v))})).to_string()
    });
    plant("YAML", Syntax::Prose, &|v| format!("itens:\n  - {key}: \"{v}\"\n    id: 7\n"));
    plant("Markdown", Syntax::Prose, &|v| format!("# Visita\n\n{}.\n", sentence(v)));
    plant("Rust", Syntax::Source, &|v| format!("let {key} = \"{v}\";\n"));
}

/// A way in which a text names a person again: its name, and how it is written.
type Spelling = (&'static str, fn(&str) -> String);

const SPELLINGS: [Spelling; 9] = [
    ("as it is", str::to_owned),
    ("without accents", texts::folded),
    ("in capitals", |name| name.to_uppercase()),
    ("in small letters", |name| name.to_lowercase()),
    ("entities", entities),
    ("percent-encoded", percent),
    ("base64", |name| base64(&format!("cliente {name} avisado"))),
    ("JSON in a text", |name| json!({"dono": name}).to_string()),
    ("HTML", |name| format!("<td>Dono</td><td>{name}</td>")),
];

/// Plants names beside name keys, and the same names elsewhere in the exchange.
pub(crate) fn names(random: &mut Random, plants: &mut Vec<Plant>) {
    const KEYS: [&str; 10] = [
        "nome",
        "nome_razaosocial",
        "cliente",
        "nomeCliente",
        "solicitante",
        "nome_mae",
        "titular",
        "responsavel",
        "customer_name",
        "beneficiario",
    ];
    let mut plant = |place, class, value: &str, file: String, syntax| {
        let spellings = vec![value.to_lowercase(), texts::folded(value).to_lowercase()];
        plants.push(Plant { kind: "name", place, class, file, syntax, spellings });
    };
    let beside = Class::NameBesideKey;
    for key in KEYS {
        let name = texts::name(random);
        let file = exchange(json!({"itens": [{key: name, "id": 7}]})).to_string();
        plant("member", beside, &name, file, Syntax::Json);
        let name = texts::name(random);
        plant("YAML", beside, &name, format!("{key}: {name}\nid: 7\n"), Syntax::Prose);
        let name = texts::name(random);
        plant("form", beside, &name, in_form(key, &name).to_string(), Syntax::Json);
    }
    for (place, spelled) in SPELLINGS {
        let name = texts::name(random);
        let known = json!({"nome": name, "id": 7, "resumo": spelled(&name)});
        plant(place, Other, &name, exchange(known).to_string(), Syntax::Json);
    }
    let name = texts::name(random);
    let map = exchange(json!({"nome": name, "mapa": {(&name): {"ativo": true}}}));
    plant("name of a member", Other, &name, map.to_string(), Syntax::Json);
    let name = texts::name(random);
    let mut whole = exchange(json!({"nome": name}));
    whole["request"]["path"] = json!(format!("/v1/itens/{}", percent(&name)));
    plant("path", Other, &name, whole.to_string(), Syntax::Json);
    let name = texts::name(random);
    let mut whole = in_header(&texts::folded(&name));
    whole["response"]["body"] = json!({"nome": name});
    plant("header", Other, &name, whole.to_string(), Syntax::Json);
}
