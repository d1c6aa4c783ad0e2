//! Tests specs that are no single document of OpenAPI 3.0: one of 3.1, and one in several files.

use super::{fine, project, prumo, read};

const NEWER: &str = "\
openapi: 3.1.0
info: {title: Loja, version: '1', summary: pedidos}
servers: [{url: 'https://loja.example/v1'}]
paths:
  /pedidos/{id}:
    get:
      operationId: ler_pedido
      parameters: [{name: id, in: path, required: true, schema: {type: [integer, string]}}]
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Pedido', description: d}}}
components:
  schemas:
    Pedido:
      type: object
      required: [id, tipo]
      properties:
        id: {type: integer, exclusiveMinimum: 0}
        tipo: {const: pedido}
        nota: {type: [string, 'null'], examples: [oi]}
        valor: {type: [number, string]}
        cliente: {oneOf: [{$ref: '#/components/schemas/Cliente'}, {type: 'null'}]}
    Cliente: {type: object, properties: {nome: {type: string}}}
";

const SEVERAL: [(&str, &str); 3] = [
    (
        "specs/loja.yaml",
        "\
openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example/v1'}]
paths: {'/pedidos/{id}': {$ref: 'caminhos.yaml#/pedido'}}
",
    ),
    (
        "specs/caminhos.yaml",
        "\
# for loja.yaml
pedido:
  get:
    operationId: ler_pedido
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    responses:
      '200': {description: ok, content: {application/json: {schema: {$ref: 'tipos/pedido.yaml'}}}}
",
    ),
    (
        "specs/tipos/pedido.yaml",
        "\
type: object
properties:
  id: {type: integer}
",
    ),
];

fn exchange(body: &str) -> String {
    let head = r#""headers":{"content-type":"application/json"}"#;
    format!(
        r#"{{"operation":"ler_pedido","request":{{"method":"GET","path":"/v1/pedidos/1"}},"response":{{"status":200,{head},"body":{body}}}}}"#
    )
}

#[test]
fn a_spec_of_openapi_3_1_is_linted_judged_and_generated() {
    let folder = project();
    let write = |file: &str, text: &str| fs_err::write(folder.path().join(file), text).unwrap();
    write("specs/loja.yaml", NEWER);
    write(
        "fits.ndjson",
        &exchange(r#"{"id":1,"tipo":"pedido","nota":null,"valor":"1","cliente":null}"#),
    );
    write("drifts.ndjson", &exchange(r#"{"id":1,"tipo":"pedido","nota":3,"valor":true}"#));
    assert!(fine(folder.path(), &["lint"]).last().starts_with("fits     1 spec"));
    fine(folder.path(), &["judge", "fits.ndjson"]);
    let drifts = prumo(folder.path(), &["judge", "drifts.ndjson"]);
    assert_eq!(drifts.code, Some(4), "{}", drifts.out);
    let place = |line: usize| format!("edit        specs/loja.yaml:{line}\n");
    // The promise of `nota` and of `valor`, where a person wrote them.
    assert!(drifts.out.contains(&place(21)) && drifts.out.contains(&place(22)), "{}", drifts.out);
    fine(folder.path(), &["generate"]);
    let types = read(folder.path(), "generated/loja/src/types.rs");
    assert!(types.contains("pub cliente: Option<Cliente>"), "{types}");
}

#[test]
fn a_spec_in_several_files_is_one_spec_whose_findings_name_the_right_file() {
    let folder = project();
    fs_err::create_dir_all(folder.path().join("specs/tipos")).unwrap();
    for (file, text) in SEVERAL {
        fs_err::write(folder.path().join(file), text).unwrap();
    }
    fs_err::write(folder.path().join("drifts.ndjson"), exchange(r#"{"id":"x"}"#)).unwrap();
    let lint = fine(folder.path(), &["lint"]);
    assert!(lint.last().starts_with("fits     1 spec"), "{}{}", lint.out, lint.told);
    let drifts = prumo(folder.path(), &["judge", "drifts.ndjson"]);
    assert_eq!(drifts.code, Some(4), "{}", drifts.out);
    assert!(drifts.out.contains("edit        specs/tipos/pedido.yaml:3\n"), "{}", drifts.out);
    assert!(drifts.out.contains("or waive    in specs/loja.waivers.yaml, below"), "{}", drifts.out);
    fine(folder.path(), &["generate"]);
    let types = read(folder.path(), "generated/loja/src/types.rs");
    assert!(types.contains("pub id: Option<i64>"), "{types}");

    // Without the spec that refers to it, a file without a version is an error again.
    fs_err::remove_file(folder.path().join("specs/loja.yaml")).unwrap();
    assert_eq!(prumo(folder.path(), &["lint"]).code, Some(1));
}

/// A foreign document of which a client lacks an operation, a parameter and a type.
const LOSSY: &str = "\
openapi: 3.0.3
info: {title: Loja, version: '1'}
servers: [{url: 'https://loja.example'}]
paths:
  /a:
    get:
      operationId: ler_a
      parameters: [{name: s, in: cookie, required: true, schema: {type: string}}]
      responses: {'204': {description: ok}}
  /b:
    get:
      operationId: ler_b
      parameters: [{name: s, in: cookie, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Um'}}}}}
  /c: {get: {operationId: ler_c, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Cor'}}}}}}}
components:
  schemas:
    Um: {anyOf: [{type: object, properties: {a: {}}}, {type: object, properties: {b: {}}}]}
    Cor: {type: object, properties: {vlr: {type: number}, sit: {type: string, enum: [a, A]}}}
";

#[test]
fn what_a_client_lacks_of_a_foreign_document_is_named_and_counted() {
    let folder = project();
    fs_err::write(folder.path().join("specs/loja.yaml"), LOSSY).unwrap();
    let counts = "has      2 of 3 operations of 1 foreign document, without 1 type (JSON instead), \
                  1 optional parameter; each is named above with its reason";
    for _ in ["updated", "fresh"] {
        let generated = fine(folder.path(), &["generate"]);
        assert_eq!(generated.last(), counts, "{}", generated.out);
        for place in ["specs/loja.yaml:8:", "specs/loja.yaml:13:", "specs/loja.yaml:18:"] {
            assert!(generated.told.contains(place), "{place}: {}", generated.told);
        }
    }
    fs_err::write(folder.path().join("specs/loja.yaml"), NEWER).unwrap();
    let generated = fine(folder.path(), &["generate"]);
    assert_eq!(generated.last(), "has      1 of 1 operations of 1 foreign document");
}

#[test]
fn a_project_renames_parts_of_a_client() {
    let folder = project();
    fs_err::write(folder.path().join("specs/loja.yaml"), LOSSY).unwrap();
    let config = read(folder.path(), "prumo.toml");
    let write = |names: &str| {
        let text = format!("{config}\n[vendor.loja.rename]\n{names}\n");
        fs_err::write(folder.path().join("prumo.toml"), text).unwrap();
    };
    write(
        "operations = { ler_c = \"cor\" }\ntypes = { Cor = \"Tinta\" }\n\
         fields = { \"Tinta.vlr\" = \"valor\" }\nvalues = { \"CorSlt.A\" = \"Grande\" }",
    );
    let error = prumo(folder.path(), &["generate"]);
    assert_eq!(error.code, Some(1), "{}", error.out);
    assert!(error.told.contains(": vendor.loja.rename.values.CorSlt.A: "), "{}", error.told);
    assert!(error.told.contains("hint: did you mean `CorSit`?"), "{}", error.told);

    write(
        "operations = { ler_c = \"cor\" }\ntypes = { Cor = \"Tinta\" }\n\
         fields = { \"Tinta.vlr\" = \"valor\" }\nvalues = { \"CorSit.A\" = \"Grande\" }",
    );
    fine(folder.path(), &["generate"]);
    let types = read(folder.path(), "generated/loja/src/types.rs");
    assert!(types.contains("0 optional valor \"vlr\","), "{types}");
    assert!(read(folder.path(), "generated/loja/src/enums.rs").contains("Grande = \"A\","));
    assert!(read(folder.path(), "generated/loja/src/client.rs").contains("pub fn cor("));
    assert!(read(folder.path(), "prumo.toml").contains("rename"));

    write("method = { ler_c = \"cor\" }");
    let error = prumo(folder.path(), &["generate"]);
    assert_eq!(error.code, Some(1), "{}", error.out);
    assert!(error.told.contains("vendor.loja.rename.method: unknown key"), "{}", error.told);
}
