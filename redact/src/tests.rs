mod laws;
mod operations;
mod places;
mod unmarked;

use serde_json::{Value, json};

use super::{Redactor, Sensitive, fake::Faker};
use prumo_spec::document::Document;

const SPEC: &str = "
openapi: 3.0.3
paths:
  /chamado/{token}/{id}:
    parameters:
      - {name: token, in: path, required: true, x-secret: true, schema: {type: string}}
    get:
      operationId: ler_pedido
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: quem, in: query, x-pii: email, schema: {type: string}}
      responses:
        '200':
          content:
            application/json:
              schema:
                oneOf:
                  - {$ref: '#/components/schemas/Success'}
                  - {$ref: '#/components/schemas/Failure'}
  /chamado:
    post:
      operationId: criar_pedido
      requestBody:
        content:
          multipart/form-data:
            schema:
              properties:
                identificador: {type: string, x-pii: [cpf, cnpj, email]}
      responses: {}
components:
  securitySchemes:
    chave: {type: apiKey, in: query, name: chave}
  schemas:
    Failure: {properties: {erro: {enum: [true]}, mensagem: {type: string}}}
    Success: {properties: {erro: {enum: [false]}, data: {$ref: '#/components/schemas/Ticket'}}}
    Ticket:
      properties:
        titular: {type: string, x-pii: name}
        situacao: {type: string, enum: [Aberto, Fechado]}
        nome: {type: string, enum: [Suporte, Vendas]}
        abertura: {type: string, format: br-datetime}
        endereco: {x-pii: address, properties: {linha: {type: string}, uf: {type: string}}}
        relato_livre: {type: string, x-pii: free-text}
        seguintes: {type: array, items: {$ref: '#/components/schemas/Ticket'}}
";

fn redactor() -> Redactor {
    let spec = Document::parse("a.yaml", SPEC).unwrap();
    Redactor::new(b"a key for tests").with_spec(&spec)
}

fn redacted(exchange: &Value) -> Value {
    let mut copy = exchange.clone();
    redactor().redact(&mut copy);
    copy
}

/// Returns an exchange with every planted value in several places.
fn planted() -> Value {
    json!({
        "at": "2026-11-22T03:00:00Z", "origin": "live",
        "source": "https://api.example/chamado/0123456789abcdef0123456789abcdef/77",
        "operation": "ler_pedido",
        "request": {
            "method": "GET",
            "path": "/v1/chamado/0123456789abcdef0123456789abcdef/4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f",
            "query": {"quem": "joana.prado@provedor.com.br", "chave": "s3nh4-da-api", "pagina": "2"},
            "headers": {"Authorization": "Bearer abc.DEF-123456", "Accept": "application/json",
                        "Referer": "https://x.example/0123456789abcdef0123456789abcdef"},
            "body": null,
            "form": [{"name": "identificador", "value": "529.982.247-25"},
                     {"name": "campos[x1]", "value": "liga para (84) 99876-5432"},
                     {"name": "anexos[]", "file": "rg-da-joana.png", "content_type": "image/png", "bytes": 12}]
        },
        "response": {
            "status": 200,
            "headers": {"content-type": "application/json", "set-cookie": "sid=c00k1e-v4lu3; Path=/"},
            "body": {
                "erro": false,
                "mensagem": "Chamado de JOANA PRADO lido",
                "data": {
                    "protocolo": 20181116001_u64, "id_cliente": 52998224725_u64, "situacao": "Aberto",
                    "nome": "Suporte", "abertura": "16/11/2018 10:58:21", "prioridade": 3, "nota": null, "vip": true,
                    "titular": "Joana Prado", "cpf": "52998224725", "cnpj": "12.ABC.345/01DE-35",
                    "telefone": "84998765432", "email_principal": "joana.prado@provedor.com.br",
                    "endereco": {"linha": "Rua das Acácias, 1450, ap 32", "uf": "RN"},
                    "cep": "59012-345", "latitude": -5.794478,
                    "relato_livre": "<p>Oi, sou a <b title=\"Joana\">Joana</b> &amp; moro na Rua das Ac&aacute;cias</p>",
                    "historico": [{"mensagem": "falei com joana.prado@provedor.com.br", "atendente": "Caio Nunes"}],
                    "por_cpf": {"529.982.247-25": {"ativo": true}},
                    "access_token": "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl",
                    "seguintes": [{"titular": "Otto Prado", "situacao": "Fechado"}]
                }
            },
            "text": null
        }
    })
}

/// An item or entry has the marks of its list or map.
#[test]
fn parts_with_brackets_are_redacted_as_what_they_are_within() {
    let spec = "
paths:
  /a:
    post:
      operationId: enviar
      requestBody:
        content:
          multipart/form-data:
            schema:
              properties:
                nomes: {type: array, items: {type: string, x-pii: name}}
                relatos: {type: array, x-pii: free-text, items: {type: string}}
                respostas: {additionalProperties: {type: string, x-pii: free-text}}
                pessoas: {type: array, items: {properties: {titular: {type: string, x-pii: name}}}}
                cores: {type: array, items: {type: string, enum: [azul]}}
      responses: {}
";
    let redactor =
        || Redactor::new(b"a key for tests").with_spec(&Document::parse("a.yaml", spec).unwrap());
    let cases = [
        ("nomes[]", "Otto", true),
        ("nomes[0]", "Otto", true),
        ("relatos[1]", "caiu ontem", true),
        ("respostas[a1]", "caiu ontem", true),
        ("pessoas[0][titular]", "Otto", true),
        ("cores[0]", "azul", false),
        ("outros[0]", "azul", false),
    ];
    for (name, value, is_changed) in cases {
        let form = json!([{"name": name, "value": value}]);
        let mut exchange = json!({"operation": "enviar", "request": {"method": "POST", "path": "/a", "form": form}});
        redactor().redact(&mut exchange);
        let part = &exchange["request"]["form"][0];
        assert_eq!(
            (part["name"].as_str(), part["value"] != value),
            (Some(name), is_changed),
            "part `{name}`"
        );
    }
}

const PLANTED: [&str; 24] = [
    "0123456789abcdef0123456789abcdef",
    "joana",
    "prado",
    "provedor.com.br",
    "s3nh4-da-api",
    "abc.def-123456",
    "529.982.247-25",
    "52998224725",
    "99876-5432",
    "998765432",
    "rg-da",
    "c00k1e-v4lu3",
    "12.abc.345/01de-35",
    "acácias",
    "ac&aacute;cias",
    "1450",
    "59012-345",
    "794478",
    "caio",
    "nunes",
    "eyjhbgcioi",
    "otto",
    "liga",
    "moro",
];

#[test]
fn no_planted_value_remains() {
    let before = planted();
    let text = before.to_string().to_lowercase();
    for value in PLANTED {
        assert!(text.contains(value), "`{value}` is not planted");
    }
    let after = redacted(&before);
    let text = after.to_string().to_lowercase();
    // A word stays in a field that neither a mark nor its name makes personal.
    for value in PLANTED.iter().filter(|value| **value != "liga") {
        assert!(!text.contains(value), "`{value}` remains in {after:#}");
    }
}

#[test]
fn reserved_words_and_values_without_a_person_stay() {
    let (before, after) = (planted(), redacted(&planted()));
    let kept = [
        "/at",
        "/origin",
        "/operation",
        "/request/method",
        "/request/query/pagina",
        "/request/headers/Accept",
        "/request/form/0/name",
        "/request/form/2/bytes",
        "/request/form/2/content_type",
        "/response/status",
        "/response/headers/content-type",
        "/response/body/erro",
        "/response/body/data/protocolo",
        "/response/body/data/situacao",
        "/response/body/data/nome",
        "/response/body/data/abertura",
        "/response/body/data/prioridade",
        "/response/body/data/nota",
        "/response/body/data/vip",
        "/response/body/data/endereco/uf",
        "/response/body/data/seguintes/0/situacao",
    ];
    for pointer in kept {
        assert!(before.pointer(pointer).is_some(), "{pointer}");
        assert_eq!(after.pointer(pointer), before.pointer(pointer), "{pointer}");
    }
    assert_eq!(after["request"]["path"], "/v1/chamado/{token}/4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f");
    assert_eq!(after["request"]["headers"]["Authorization"], "***");
    assert_eq!(after["response"]["headers"]["set-cookie"], "***");
}

#[test]
fn a_word_that_the_format_or_the_spec_reserves_is_not_personal() {
    let words = "criar_pedido; live; post; application; json; 2026; text";
    let mut exchange = json!({
        "at": "2026-11-22T10:15:00Z",
        "origin": "live",
        "operation": "criar_pedido",
        "request": {
            "method": "POST",
            "path": "/chamado",
            "headers": {"content-type": "application/json"},
            "form": words.split("; ").map(|word| json!({"name": "mensagem", "value": word})).collect::<Vec<_>>(),
        },
        "response": {"status": 200, "headers": {"content-type": "text/plain; charset=UTF-8"}, "body": {"a": "o POST foi JSON"}},
    });
    let before = exchange.clone();
    redactor().redact(&mut exchange);
    for pointer in [
        "/at",
        "/operation",
        "/request/method",
        "/request/headers/content-type",
        "/response/headers/content-type",
    ] {
        assert_eq!(exchange.pointer(pointer), before.pointer(pointer), "{pointer}");
    }
    assert_ne!(exchange["request"]["form"][0]["value"], "criar_pedido");
    let sentence = exchange["response"]["body"]["a"].as_str().unwrap();
    assert!(!sentence.contains("POST") && !sentence.contains("JSON"), "{sentence}");
}

/// Returns kinds, names and lengths: everything that a reader of the shape sees.
fn skeleton(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) if number.is_f64() => json!("a fraction"),
        Value::Number(number) => json!(format!("integer of {}", number.to_string().len())),
        Value::String(text) if text.contains('@') => json!("an address"),
        Value::String(text) => {
            let class = |c: char| match c {
                '0'..='9' => '9',
                c if c.is_uppercase() => 'A',
                c if c.is_alphabetic() => 'a',
                c => c,
            };
            json!(text.chars().map(class).collect::<String>())
        }
        Value::Array(items) => items.iter().map(skeleton).collect(),
        Value::Object(members) => Value::Object(
            members.iter().map(|(name, value)| (name.clone(), skeleton(value))).collect(),
        ),
    }
}

#[test]
fn the_body_of_the_planted_exchange_keeps_its_shape() {
    let strip = |mut exchange: Value| {
        let data = exchange.pointer_mut("/response/body/data").unwrap().as_object_mut().unwrap();
        // The key of a map changes by design, and so does the length of a text that mentions an
        // address.
        data.remove("por_cpf");
        data.remove("historico");
        skeleton(&exchange["response"]["body"])
    };
    let once = redacted(&planted());
    let twice = redacted(&once);
    assert_eq!(strip(once), strip(planted()));
    assert_eq!(strip(twice), strip(planted()));
}

#[test]
fn the_same_value_is_the_same_fake_wherever_it_stands() {
    let after = redacted(&planted());
    let data = &after["response"]["body"]["data"];
    let email = data["email_principal"].as_str().unwrap();
    assert_eq!(after["request"]["query"]["quem"], email);
    let digits = |value: &Value| value.as_str().unwrap().replace(['.', '-'], "");
    assert_eq!(digits(&after["request"]["form"][0]["value"]), data["cpf"].as_str().unwrap());
    assert!(
        data["por_cpf"]
            .as_object()
            .unwrap()
            .contains_key(after["request"]["form"][0]["value"].as_str().unwrap())
    );
    assert_eq!(data["id_cliente"].to_string(), data["cpf"].as_str().unwrap());
    assert_eq!(redacted(&planted()), after);
}

#[test]
fn fakes_are_what_they_were_yesterday() {
    // A change here changes every committed recording: it is a decision, not a repair.
    let faker = Faker::new(b"yesterday");
    let rows = [
        (Sensitive::Cpf, "529.982.247-25"),
        (Sensitive::Cnpj, "11.222.333/0001-81"),
        (Sensitive::Cnpj, "12ABC34501DE35"),
        (Sensitive::Name, "MARIA da Silva"),
        (Sensitive::Email, "maria@provedor.com.br"),
        (Sensitive::Phone, "+55 (84) 99876-5432"),
        (Sensitive::Address, "Rua das Acácias, 1450"),
        (Sensitive::FreeText, "<p>O modem <b>não</b> liga desde ontem</p>"),
        (Sensitive::Secret, "0123456789abcdef"),
    ];
    let fakes: Vec<String> = rows.iter().map(|(kind, text)| faker.fake(&[*kind], text)).collect();
    insta::assert_snapshot!(fakes.join("\n"), @r#"
    418.449.788-85
    45.543.411/0799-14
    28LUV08934BO44
    BUNOF da Dilab
    sisolu@example.com.br
    +55 (31) 91091-2478
    Rua das Divonas, 9268
    <p>B linha <b>uma</b> item linha lista</p>
    0870865847dbbdda
    "#);
}

#[test]
fn marks_and_names_are_read_where_they_stand() {
    let body = |body: Value| json!({"operation": "ler_pedido", "request": {}, "response": {"status": 200, "body": body}});
    let rows = [
        ("by a mark", json!({"data": {"titular": "Ana Lima"}}), "/data/titular", true),
        (
            "by a mark in itself",
            json!({"data": {"seguintes": [{"titular": "Ana Lima"}]}}),
            "/data/seguintes/0/titular",
            true,
        ),
        (
            "by the mark above",
            json!({"data": {"endereco": {"linha": "Rua Um 7"}}}),
            "/data/endereco/linha",
            true,
        ),
        ("by its name", json!({"novo": {"nome_cliente": "Ana Lima"}}), "/novo/nome_cliente", true),
        ("by its form", json!({"novo": "escreva a ana@x.com"}), "/novo", true),
        ("an enum by a personal name", json!({"data": {"nome": "Vendas"}}), "/data/nome", false),
        ("an id by a personal name", json!({"cliente": "320"}), "/cliente", false),
        ("an envelope's sentence", json!({"mensagem": "Chamado lido"}), "/mensagem", false),
        ("somebody's sentence", json!({"x": {"mensagem": "Chamado lido"}}), "/x/mensagem", true),
        ("a time like a CNPJ", json!({"x": "20181116105821"}), "/x", false),
        ("eleven digits", json!({"x": "12345678900"}), "/x", false),
        ("eleven digits that fit", json!({"x": "52998224725"}), "/x", true),
        ("a date", json!({"x": "16/11/2018 10:58:21"}), "/x", false),
        ("an amount", json!({"x": "R$ 1.234.567,89"}), "/x", false),
    ];
    for (name, content, pointer, is_replaced) in rows {
        let before = body(content);
        let after = redacted(&before);
        let pointer = format!("/response/body{pointer}");
        let (before, after) = (before.pointer(&pointer).unwrap(), after.pointer(&pointer).unwrap());
        assert_eq!(before != after, is_replaced, "case `{name}`: {after}");
    }
}

#[test]
fn a_mark_in_the_place_of_a_secret_stays() {
    let exchange = json!({
        "operation": "ler_pedido",
        "request": {
            "path": "/chamado/{token}/7", "headers": {"authorization": "Bearer {token}"},
            "body": {"password": "{password}"}
        },
        "response": {"status": 200, "body": {"data": {"titular": "{name}"}}}
    });
    assert_eq!(redacted(&exchange), exchange);
}

#[test]
fn without_a_spec_a_token_in_the_path_still_goes() {
    let mut exchange = json!({
        "request": {"method": "GET", "path": "/a/0123456789abcdef0123456789abcdef/7"},
        "response": {"status": 404, "text": "no /a/0123456789abcdef0123456789abcdef/7 here"}
    });
    Redactor::new(b"k").redact(&mut exchange);
    assert!(!exchange.to_string().contains("0123456789abcdef"), "{exchange}");
    assert!(exchange["request"]["path"].as_str().unwrap().ends_with("/7"));
}

#[test]
fn a_body_of_bytes_goes() {
    let bytes = json!({"base64": "eyJub21lIjoiTWFyaWEifQ=="});
    let safe = redacted(&json!({"request": bytes, "response": bytes}));
    assert_eq!(safe, json!({"request": {"base64": null}, "response": {"base64": null}}));
}
