//! Tests the patch of a spec that `prumo judge --suggest` prints.

use crate::{prumo, read};

const SPEC: &str = "openapi: 3.0.3
info: {title: Loja, version: '1'}
paths:
  /itens:
    get:
      operationId: listar
      responses:
        '200':
          description: The items.
          content:
            application/json:
              schema:
                properties:
                  nome: {type: string} # as it is printed
                  total: {type: integer}
";

const TRAFFIC: &str = r#"{"operation": "listar", "request": {"method": "GET", "path": "/itens"},
    "response": {"status": 200, "headers": {"content-type": "application/json"},
    "body": {"nome": null, "total": "1"}}}"#;

#[test]
fn the_patch_is_alone_on_standard_output_and_the_rest_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs_err::write(root.join("loja.yaml"), SPEC).expect("a file");
    fs_err::write(root.join("a.json"), TRAFFIC).expect("a file");
    let run = prumo(root, &["judge", "--spec", "loja.yaml", "a.json", "--suggest"]);
    assert_eq!(run.code, Some(4), "{}", run.told);
    let patch = "--- a/loja.yaml
+++ b/loja.yaml
@@ -11,5 +11,5 @@
             application/json:
               schema:
                 properties:
-                  nome: {type: string} # as it is printed
+                  nome: {type: string, nullable: true} # as it is printed
                   total: {type: integer}
";
    assert_eq!(run.out, patch);
    assert!(run.told.contains("the edit ends 1 finding; 1 finding to decide"), "{}", run.told);
    assert!(run.told.contains("  loja: type-changed at listar /total: "), "{}", run.told);
    assert_eq!(read(root, "loja.yaml"), SPEC, "the spec itself stays");
}
