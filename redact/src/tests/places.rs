//! Persons and secrets are found in every place of an exchange, and in every spelling.

use serde_json::{Value, json};

use super::super::Redactor;

/// Redacts an exchange without a spec.
fn redacted(exchange: &Value) -> String {
    let mut copy = exchange.clone();
    Redactor::new(b"a key for tests").redact(&mut copy);
    copy.to_string()
}

/// Returns an exchange whose body names a person, with this in one more place.
fn beside(place: &str, text: &str) -> Value {
    let mut exchange = json!({
        "request": {"method": "GET", "path": "/clientes/7", "query": {}, "headers": {}},
        "response": {
            "status": 200, "headers": {},
            "body": {
                "nome": "Évora Tavossi Brum", "cpf": "111.222.333-96", "data_nascimento": "1987-03-22",
                "fone": "51998761234", "login": "evbrum77", "ipv4": "203.0.113.57", "id": 7
            }
        }
    });
    match place {
        "a path" => exchange["request"]["path"] = json!(format!("/clientes/{text}")),
        "a query" => exchange["request"]["query"] = json!({ "busca": text }),
        "a header" => exchange["response"]["headers"] = json!({ "x-cliente": text }),
        "a form" => exchange["request"]["form"] = json!([{"name": "campo", "value": text}]),
        "a name" => exchange["response"]["body"]["mapa"] = json!({ text: {"ativo": true} }),
        "a text" => exchange["response"]["body"]["resumo"] = json!(text),
        _ => unreachable!("no place {place}"),
    }
    exchange
}

#[test]
fn a_person_is_found_wherever_and_however_it_is_named_again() {
    let rows = [
        ("a path", "Evora%20Tavossi", "Tavossi"),
        ("a path", "11122233396", "11122233396"),
        ("a query", "evora tavossi", "tavossi"),
        ("a query", "111222333-96", "111222333-96"),
        ("a header", "Evora Tavossi", "Tavossi"),
        ("a header", "203.0.113.57", "203.0.113"),
        ("a form", "EVORA T. BRUM", "EVORA"),
        ("a form", "22/03/1987", "22/03/1987"),
        ("a name", "Evora Tavossi Brum", "Tavossi"),
        ("a name", "111.222.333-96", "111.222"),
        ("a text", "falar com &Eacute;vora Tavossi", "Tavossi"),
        ("a text", "cliente evora.tavossi", "tavossi"),
        ("a text", "nasceu dia 22.03.1987", "22.03"),
        ("a text", "tel (51) 99876-1234", "99876"),
        ("a text", "99876 1234", "99876"),
        ("a text", "usuário evbrum77 caiu", "evbrum77"),
        ("a text", "{\"dono\": \"Evora Tavossi\", \"n\": 1}", "Tavossi"),
        ("a text", "{\"nome\": \"zuleica\"}", "zuleica"),
        ("a text", "w4l2b3JhIFRhdm9zc2kgQnJ1bQ==", "w4l2b3JhIFRhdm9zc2kgQnJ1bQ"),
        ("a text", "45766f7261205461766f737369204272756d", "5461766f737369"),
        ("a text", "nome=Evora+Tavossi&x=1", "Tavossi"),
        ("a text", "E\\u0301vora Tavossi", "Tavossi"),
    ];
    for (place, text, planted) in rows {
        let written = redacted(&beside(place, text));
        assert!(!written.contains(planted), "{place}, `{text}`: {written}");
        assert!(written.contains("\"id\":7"), "{place}, `{text}`: {written}");
    }
}

#[test]
fn a_person_that_no_member_names_is_found_by_its_form() {
    let rows = [
        ("Solicitado por Marta Leopoldina Quiroga", "Quiroga"),
        ("placa QXR-4K71", "QXR-4K71"),
        ("IP 198.51.100.14 e MAC A4:2B:B0:C1:D2:E3", "A4:2B"),
        ("coordenadas -29.91234, -51.12345", "91234"),
        ("cartão 4111 1111 1111 1111", "4111 1111"),
        ("boleto 00190.00009 99887.766550 44332.211000 1 10980000011990", "99887"),
        ("senha do wifi: casa1234", "casa1234"),
        ("http://x.example/a?X-Amz-Signature=0a1b2c3d4e5f", "0a1b2c3d"),
        ("nascido em 05/11/1959", "05/11/1959"),
        ("cep 90010-123", "90010"),
        ("Rua Padre Chagas, 79", "Chagas"),
    ];
    for (text, planted) in rows {
        let exchange =
            json!({"response": {"status": 200, "headers": {}, "body": {"resumo": text}}});
        let written = redacted(&exchange);
        assert!(!written.contains(planted), "`{text}`: {written}");
    }
}

#[test]
fn a_pair_of_name_and_value_is_a_member() {
    let body = json!([{"nome": "CPF do titular", "valor": "123"}, {"label": "Senha", "value": "abc"}, {"nome": "Cor", "valor": "azul"}]);
    let exchange = json!({"response": {"status": 200, "headers": {}, "body": {"campos": body}}});
    let written = redacted(&exchange);
    assert!(written.contains("CPF do titular") && written.contains("azul"), "{written}");
    assert!(!written.contains("\"123\"") && !written.contains("\"abc\""), "{written}");
}

#[test]
fn a_given_secret_is_found_in_every_place() {
    let secret = "9f86d081884c7d65";
    let rows = [
        json!({"mensagem": format!("chave {secret} recusada")}),
        json!({"mensagem": "chave 9F86D081884C7D65 recusada"}),
        json!({"eco": "OWY4NmQwODE4ODRjN2Q2NQ=="}),
        json!({"eco": "QmVhcmVyIDlmODZkMDgxODg0YzdkNjU="}),
        json!({"eco": "39663836643038313838346337643635"}),
        json!({"eco": secret}),
        json!({ secret: 1 }),
    ];
    let redactor = Redactor::new(b"k").with_secrets([secret, "4821733"]);
    for body in rows {
        let mut exchange =
            json!({"response": {"status": 422, "headers": {"x-eco": secret}, "body": body}});
        let before = exchange["response"]["body"].to_string();
        redactor.redact(&mut exchange);
        let after = exchange["response"]["body"].to_string();
        assert_ne!(after, before);
        assert!(!exchange.to_string().contains(secret), "{exchange}");
    }
    let mut exchange =
        json!({"response": {"status": 200, "headers": {}, "body": {"n": 4_821_733, "m": 48}}});
    redactor.redact(&mut exchange);
    let number = exchange["response"]["body"]["n"].as_u64().unwrap();
    assert_ne!(number, 4_821_733);
    assert_eq!(number.to_string().len(), 7);
    assert_eq!(exchange["response"]["body"]["m"], 48);
}

#[test]
fn a_credential_of_the_request_is_found_in_the_response() {
    let exchange = json!({
        "request": {"method": "GET", "path": "/", "headers": {"Authorization": "Basic YW5hOnMzbmg0LXMzY3IzdDE="}},
        "response": {"status": 401, "headers": {"x-session-id": "5e55100123"}, "text": "no YW5hOnMzbmg0LXMzY3IzdDE= here; 5e55100123"}
    });
    let written = redacted(&exchange);
    assert!(!written.contains("YW5hOnMz") && !written.contains("5e55100123"), "{written}");
}

#[test]
fn what_is_not_replaced_stays_byte_for_byte() {
    let text = concat!(
        "{ \"request\": {\"method\": \"GET\", \"path\": \"/a\"},\n",
        "  \"response\": {\"status\": 200, \"headers\": {\"content-length\": \"55\"},\n",
        "    \"body\": {\"a\": 1.0, \"b\": 1e400, \"c\": \"\\u00e3\\/\", \"a\": 2, \"email\": \"a@b.co\"} } }\n"
    );
    let (written, counts) = Redactor::new(b"k").redact_text(text).unwrap();
    assert_eq!(counts.total(), 1);
    let (before, after) =
        (text.split("a@b.co").next().unwrap(), text.split("a@b.co").nth(1).unwrap());
    assert!(written.starts_with(before) && written.ends_with(after), "{written}");
}

#[test]
fn content_length_is_right() {
    let body = json!({"mensagem": "token s3cr3t-t0k3n-of-a-call"});
    let length = body.to_string().len();
    let mut exchange = json!({"response": {"status": 200, "headers": {"Content-Length": length.to_string()}, "body": body}});
    Redactor::new(b"k").with_secrets(["s3cr3t-t0k3n-of-a-call"]).redact(&mut exchange);
    let after = exchange["response"]["body"].to_string();
    assert!(after.contains("***"), "{after}");
    assert_eq!(exchange["response"]["headers"]["Content-Length"], after.len().to_string());
}
