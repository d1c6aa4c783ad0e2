//! Tests which fields are personal by their name alone, and what the mark of an examined field does.

use prumo_spec::Document;
use serde_json::json;

use crate::{Redactor, unmarked};

/// Returns a spec of one operation that answers an object with the member.
fn spec(member: &str) -> Document {
    let text = format!(
        "openapi: 3.0.3
info: {{title: loja, version: '1'}}
paths:
  /a:
    get:
      operationId: a
      parameters: [{{name: quem, in: query, schema: {{type: string}}}}]
      responses:
        '200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}
components:
  schemas:
    Palavra: {{type: string}}
    Marcada: {{type: string, x-pii: name}}
    Pessoa: {{type: object, properties: {{rotulo: {{type: string}}, seguinte: {{$ref: '#/components/schemas/Pessoa'}}}}}}
    A:
      type: object
      properties:
        mensagem: {{type: string}}
        {member}
"
    );
    Document::parse("loja.yaml", &text).unwrap()
}

#[test]
fn a_field_is_listed_if_only_its_name_decides() {
    let rows: &[(&str, &[&str])] = &[
        ("email: {type: string}", &["email email"]),
        ("email: {$ref: '#/components/schemas/Palavra'}", &["email email"]),
        ("email: {}", &["email email"]),
        ("emails: {type: array, items: {type: string}}", &["email emails"]),
        ("cpf: {type: integer}", &["cpf cpf"]),
        ("nome: {type: integer}", &[]),
        ("rotulo: {type: string}", &[]),
        ("id_cliente: {type: string}", &[]),
        ("email: {type: boolean}", &[]),
        ("nome: {type: string, x-pii: name}", &[]),
        ("nome: {$ref: '#/components/schemas/Marcada'}", &[]),
        ("nome: {allOf: [{$ref: '#/components/schemas/Palavra'}], x-pii: []}", &[]),
        ("nome: {type: string, x-pii: []}", &[]),
        ("nomes: {type: array, x-pii: [], items: {type: string}}", &[]),
        ("nome: {type: string, enum: [Suporte, Vendas]}", &[]),
        ("senha: {type: string, format: password}", &[]),
        ("endereco: {x-pii: address, properties: {rua: {type: string}}}", &[]),
        ("dono: {properties: {nome: {type: string}}}", &["name nome"]),
        ("cliente: {$ref: '#/components/schemas/Pessoa'}", &[]),
        ("entregue: {type: string, format: date-time}", &[]),
    ];
    for (member, expected) in rows {
        let found = unmarked(&spec(member));
        let found: Vec<_> =
            found.iter().map(|one| format!("{} {}", one.kind.name(), one.name)).collect();
        assert_eq!(found, *expected, "{member}");
    }
}

#[test]
fn an_empty_mark_takes_the_name_away_and_nothing_else() {
    let rows = [
        ("nome: {type: string, x-pii: []}", "nome", json!("Fibra Bela Vista"), false),
        (
            "nomes: {type: array, x-pii: [], items: {type: string}}",
            "nomes",
            json!(["Plano Ouro"]),
            false,
        ),
        ("nome: {type: string}", "nome", json!("Fibra Bela Vista"), true),
        // A form is sure, whatever the spec says of the field.
        ("nome: {type: string, x-pii: []}", "nome", json!("529.982.247-25"), true),
        (
            "senha: {type: string, x-pii: [], format: password}",
            "senha",
            json!("s3nh4-da-api"),
            true,
        ),
        ("rotulo: {type: string, format: password}", "rotulo", json!("s3nh4-da-api"), true),
    ];
    for (member, name, value, is_replaced) in rows {
        let mut exchange = json!({
            "operation": "a", "request": {"method": "GET", "path": "/a"},
            "response": {"status": 200, "body": {name: value}}
        });
        Redactor::new(b"a key for tests").with_spec(&spec(member)).redact(&mut exchange);
        assert_eq!(exchange["response"]["body"][name] != value, is_replaced, "{member}");
    }
}
