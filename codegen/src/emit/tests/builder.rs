//! Builders of operations: their parameters, how they send, and which types have a builder.

use super::{excerpt, file};
use crate::tests::{SPEC, rendered_crate};

#[test]
fn a_list_in_one_parameter_and_a_body_that_may_be_left_out() {
    let text = SPEC.replace(
        "schema: {type: string, format: br-date}}",
        "schema: {type: string, format: br-date}}\n        \
         - {name: ids, in: query, explode: false, x-evidence: observed, schema: {type: array, items: {type: integer}}}",
    );
    let text = text
        .replace("multipart/form-data", "application/json")
        .replace("        required: true\n", "");
    let text = text.replace("      required: [titulo, cor]\n", "");
    let rendered = rendered_crate(&text);
    let builder = file(&rendered, "builder.rs");
    assert!(builder.contains("call.json_if_any::<types::Novo, _>(body)"), "{builder}");
    assert!(builder.contains("joined ids: Vec<i64> = \"ids\" ',',"), "{builder}");
    let client = file(&rendered, "client.rs");
    assert!(client.contains("* `body` (optional: not sent if no field is set)"), "{client}");
    let dispatch = file(&rendered, "dispatch.rs");
    assert!(dispatch.contains("if body.is_some() {"), "{dispatch}");
}

#[test]
fn a_setter_of_an_optional_field_takes_the_value() {
    let text = file(&rendered_crate(SPEC), "types/builder.rs");
    insta::assert_snapshot!(excerpt(&text, "builder! {", "}"), @r###"
    builder! {
        /// Builds a [`Novo`](types::Novo).
        pub struct Novo for types::Novo {
            /// Evidence: observed.
            required titulo: String,
            /// Evidence: observed.
            required cor: enums::NovoCor,
            /// Evidence: observed.
            filled campos: BTreeMap<String, String>,
            /// Evidence: observed.
            filled anexos: Vec<FilePart>,
            /// Evidence: observed.
            filled fotos: Vec<FilePart>,
            /// Evidence: observed.
            optional senha: String,
        }
    }
    "###);
}

#[test]
fn a_builder_hands_on_what_it_is_given() {
    let text = file(&rendered_crate(SPEC), "builder.rs");
    insta::assert_snapshot!(excerpt(&text, "operation! {", "}"), @r###"
    operation! {
        /// Builder of [`Client::criar_item`](crate::Client::criar_item).
        #[derive(Clone, Debug)]
        pub struct CriarItem for Client: "criar_item" {
            /// Evidence: observed.
            path id: String = "id",
            /// On the wire: `16/11/2018`. Evidence: observed.
            query dia: BrDate = "dia",
        }
        body: types::builder::Novo = Ok(Default::default());
        /// Sends the request: `POST /item/{token}/{id}`.
        send(call body) -> types::Feito { call.form::<types::Novo, _>(body).read() }
    }
    "###);
    insta::assert_snapshot!(excerpt(&text, "body_of! {", "}"), @r###"
    body_of! {
        CriarItem: types::Novo, built by types::builder::Novo {
            /// Evidence: observed.
            titulo: String,
            /// Evidence: observed.
            cor: enums::NovoCor,
            /// Evidence: observed.
            campos: BTreeMap<String, String>,
            /// Evidence: observed.
            anexos: Vec<FilePart>,
            /// Evidence: observed.
            fotos: Vec<FilePart>,
            /// Evidence: observed.
            senha: String,
        }
    }
    "###);
}

/// Fields of a body whose setters have another meaning on the operation's builder.
const TAKEN: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /a/{id}:
    patch:
      operationId: mudar
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: nota_null, in: query, schema: {type: boolean}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [id, cor]
              properties:
                id: {type: string}
                cor: {type: string}
                nota: {type: string, nullable: true}
                send: {type: boolean}
                body: {type: string}
      responses: {'204': {description: Done.}}
";

#[test]
fn a_field_with_the_name_of_another_setter_is_set_by_its_body() {
    let rendered = rendered_crate(TAKEN);
    let text = file(&rendered, "builder.rs");
    insta::assert_snapshot!(excerpt(&text, "body_of! {", "}"), @r###"
    body_of! {
        Mudar: types::MudarBody, built by types::builder::MudarBody {
            /// `cor`.
            cor: String,
            /// `nota`.
            nota: String,
        }
    }
    "###);
    let text = file(&rendered, "client.rs");
    let call = ".body(alfa::types::MudarBody::builder().id(\"…\"))\n    ///     .cor(\"…\")";
    assert!(text.contains(call), "{text}");
    let text = file(&rendered, "types.rs");
    insta::assert_snapshot!(excerpt(&text, "pub fn new(", "    }"), @r###"
    pub fn new(
        id: impl Into<String>,
        cor: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            cor: cor.into(),
            nota: Default::default(),
            send: Default::default(),
            body: Default::default(),
        }
    }
    "###);
}

/// Names that collide in Rust, and a media type that progenitor does not know.
const RENAMED: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /a/{id}:
    post:
      operationId: criar
      parameters:
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: send, in: header, schema: {type: string}}
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Done.}}
";

#[test]
fn what_is_renamed_keeps_its_name_on_the_wire() {
    let text = file(&rendered_crate(RENAMED), "builder.rs");
    for expected in [
        "query id_query: String = \"id\",",
        "path id: String = \"id\",",
        "header send_header: String = \"send\",",
        "send(call body) -> () { call.raw(\"image/png\", body).unread() }",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
    assert!(!text.contains('\u{FDD0}') && !text.contains("fdd0"), "{text}");
}

#[test]
fn only_what_is_sent_has_a_builder() {
    let rendered = rendered_crate(SPEC);
    let text = file(&rendered, "types.rs");
    let starts = text.lines().filter(|line| line.contains("pub fn builder() -> builder::"));
    assert_eq!(starts.map(str::trim).collect::<Vec<_>>(), ["pub fn builder() -> builder::Novo {"]);
    let text = file(&rendered, "types/builder.rs");
    let builders = text.lines().filter(|line| line.contains("pub struct "));
    assert_eq!(builders.map(str::trim).collect::<Vec<_>>(), ["pub struct Novo for types::Novo {"]);
}

#[test]
fn only_the_builder_makes_a_client() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    assert!(!text.contains("new_with_client"));
    assert!(!text.contains("Error<"));
    assert!(!text.contains("pub use"));
}
