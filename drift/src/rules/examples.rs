//! One example a rule: what is promised, what came, and where that is a finding.
//!
//! The reference of the rules (`docs/rules.md`) is made from these, and what it
//! prints is what the judge says of them; a test judges each and holds it
//! against the place that is written here by hand.
//!
//! A new rule gets a row here, or the tests fail.

use crate::rules::Rule;

/// A rule, shown.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The rule.
    pub rule: Rule,
    /// What the spec promises.
    pub promised: Promised,
    /// What came.
    pub came: Came,
    /// The file of waivers beside the spec, in YAML; empty when there is none.
    pub waivers: &'static str,
    /// The place of the finding.
    pub at: &'static str,
}

/// What the spec of an example promises.
#[derive(Clone, Copy, Debug)]
pub enum Promised {
    /// The schema of the answer to `GET /item`, in YAML.
    Answer(&'static str),
    /// The operation `GET /item` itself, in YAML.
    Operation(&'static str),
}

/// What came in an example.
#[derive(Clone, Copy, Debug)]
pub enum Came {
    /// An answer with status 200 and this JSON.
    Answer(&'static str),
    /// A whole exchange.
    Exchange(&'static str),
    /// Nothing at all.
    Nothing,
}

macro_rules! examples {
    ($($rule:ident at $at:literal: $promise:ident $promised:literal, $kind:ident $(($came:literal))? $(, waived by $waivers:literal)?;)*) => {
        /// The examples, one a rule, in the order of the rules.
        pub const EXAMPLES: &[Example] = &[$(Example {
            rule: Rule::$rule,
            promised: Promised::$promise($promised),
            came: Came::$kind $(($came))?,
            waivers: concat!("" $(, $waivers)?),
            at: $at,
        }),*];
    };
}

examples! {
    FieldUndocumented at "/cor":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": 7, "cor": "azul"}"#);
    FieldMissing at "/id":
        Answer "type: object
required: [id]
properties:
  id: {type: integer}",
        Answer("{}");
    TypeChanged at "/id":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": "7"}"#);
    NullUnexpected at "/id":
        Answer "type: object
required: [id]
properties:
  id: {type: integer}",
        Answer(r#"{"id": null}"#);
    EnumValueUnknown at "/estado":
        Answer "type: object
properties:
  estado: {type: string, enum: [aberto, fechado]}",
        Answer(r#"{"estado": "pausado"}"#);
    FormatViolated at "/dia":
        Answer "type: object
properties:
  dia: {type: string, format: br-date}",
        Answer(r#"{"dia": "2018-11-16"}"#);
    BoundExceeded at "/notas":
        Answer "type: object
properties:
  notas: {type: array, maxItems: 2, items: {type: integer}}",
        Answer(r#"{"notas": [8, 9, 10]}"#);
    AlternativeAmbiguous at "/desconto":
        Answer "type: object
properties:
  desconto:
    oneOf:
      - {type: integer, minimum: 0}
      - {type: number, maximum: 50}",
        Answer(r#"{"desconto": 7}"#);
    StatusUndocumented at "":
        Operation "responses:
  '200': {description: An item.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item"}, "response": {"status": 202}}"#);
    ContentTypeChanged at "":
        Answer "type: object
properties:
  id: {type: integer}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"content-type": "text/html"}, "text": "<p>Voltamos logo.</p>"}
}"#);
    BodyUnreadable at "":
        Answer "type: object
properties:
  id: {type: integer}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"content-type": "application/json"}, "text": "{\"id\": 7"}
}"#);
    EnvelopeContradiction at "/erro":
        Answer "oneOf:
  - type: object
    required: [erro, id]
    properties:
      erro: {type: boolean, enum: [false]}
      id: {type: integer}
  - type: object
    required: [erro, mensagem]
    properties:
      erro: {type: boolean, enum: [true]}
      mensagem: {type: string}",
        Answer(r#"{"erro": false, "mensagem": "Item não encontrado."}"#);
    PagingContradiction at "/itens":
        Operation "parameters:
  - {name: pagina, in: query, schema: {type: integer}}
  - {name: por_pagina, in: query, schema: {type: integer}}
x-paging: {style: pages, page: pagina, first: 1, size: por_pagina, items: /itens, end: empty-page}
responses:
  '200':
    description: Items.
    content:
      application/json:
        schema: {type: object, properties: {itens: {type: array, items: {type: integer}}}}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item", "query": {"pagina": "1", "por_pagina": "2"}},
  "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"itens": [7, 8, 9]}}
}"#);
    HeaderMissing at "/header/x-restam":
        Operation "responses:
  '200':
    description: Items.
    headers:
      X-Restam: {required: true, schema: {type: integer}}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"server": "nginx"}}
}"#);
    ParamUndocumented at "/query/cor":
        Operation "parameters:
  - {name: pagina, in: query, schema: {type: integer}}
responses:
  '200': {description: Items.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item", "query": {"cor": "azul"}}, "response": {"status": 200}}"#);
    ParamMissing at "/query/pagina":
        Operation "parameters:
  - {name: pagina, in: query, required: true, schema: {type: integer}}
responses:
  '200': {description: Items.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item", "query": {}}, "response": {"status": 200}}"#);
    OperationUnknown at "":
        Operation "responses:
  '200': {description: An item.}",
        Exchange(r#"{"request": {"method": "DELETE", "path": "/item"}, "response": {"status": 200}}"#);
    OperationNeverSeen at "":
        Operation "responses:
  '200': {description: An item.}",
        Nothing;
    StatusNeverSeen at "":
        Operation "responses:
  '200': {description: An item.}
  '404': {description: No such item.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item"}, "response": {"status": 200}}"#);
    FieldNeverSeen at "/nome":
        Answer "type: object
properties:
  id: {type: integer}
  nome: {type: string}",
        Answer(r#"{"id": 7}"#);
    CaseNeverSeen at "":
        Answer "oneOf:
  - type: object
    required: [erro, id]
    properties:
      erro: {type: boolean, enum: [false]}
      id: {type: integer}
  - type: object
    required: [erro, mensagem]
    properties:
      erro: {type: boolean, enum: [true]}
      mensagem: {type: string}",
        Answer(r#"{"erro": false, "id": 7}"#);
    EnumValueNeverSeen at "/estado":
        Answer "type: object
properties:
  estado: {type: string, enum: [aberto, fechado]}",
        Answer(r#"{"estado": "aberto"}"#);
    WaiverStale at "/id":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": 7}"#),
        waived by "waivers:
  - witness: wire
    rule: type-changed
    operation: ler_item
    side: response
    at: /id
    reason: every answer of last week carried a text
    date: 2026-11-15";
}

impl Rule {
    /// The example of this rule.
    pub fn example(self) -> Option<&'static Example> {
        EXAMPLES.iter().find(|example| example.rule == self)
    }
}

impl Example {
    /// The whole spec, in YAML.
    pub fn spec(&self) -> String {
        let operation = match self.promised {
            Promised::Operation(operation) => operation.to_owned(),
            Promised::Answer(schema) => format!(
                "responses:\n  '200':\n    description: An item.\n    content:\n      application/json:\n        \
                 schema:\n{}",
                indented(schema, 10)
            ),
        };
        format!(
            "openapi: 3.0.3\ninfo: {{title: Acme, version: '1'}}\npaths:\n  /item:\n    get:\n      \
             operationId: ler_item\n{}\n",
            indented(&operation, 6)
        )
    }

    /// The whole exchange, in JSON; none when nothing came.
    pub fn exchange(&self) -> Option<String> {
        match self.came {
            Came::Nothing => None,
            Came::Exchange(exchange) => Some(exchange.to_owned()),
            Came::Answer(body) => Some(format!(
                r#"{{"request": {{"method": "GET", "path": "/item"}}, "response": {{"status": 200, "headers": {{"content-type": "application/json"}}, "body": {body}}}}}"#
            )),
        }
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{:by$}{line}", "")).collect::<Vec<_>>().join("\n")
}
