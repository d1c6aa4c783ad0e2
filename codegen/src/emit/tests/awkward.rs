//! Words of a document that would break the generated code, or change its meaning.

use super::file;
use crate::tests::rendered_crate;

/// A document whose values and words must not end up as code.
const AWKWARD: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /item:
    get:
      operationId: ler_item
      summary: Read
      description: \"a\\u202Eb\"
      parameters:
        - {name: aberto, in: query, schema: {type: string, enum: [err, error, \"a\\u202Eb\"]}}
        - {name: fechado, in: query, schema: {type: string, enum: [err, error], x-open-enum: false}}
        - {name: codigo, in: query, schema: {type: integer, enum: [1, 2], x-enum-varnames: [Err, Error]}}
        - {name: sinal, in: query, schema: {type: string, enum: [self, Self, '<', '<=']}}
      responses: {'200': {description: Done.}}
";

#[test]
fn a_value_called_err_is_no_associated_type() {
    let text = file(&rendered_crate(AWKWARD), "enums.rs");
    assert_eq!(text.matches("    Err = ").count(), 3);
    // Rust can't tell whether `Self::Err` is the variant or the associated type.
    let types =
        text.lines().filter(|line| line.contains("Self::Err>") || line.contains("Self::Error>"));
    assert_eq!(types.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_variant_has_no_underscore_that_rust_warns_of() {
    let text = file(&rendered_crate(AWKWARD), "enums.rs");
    let names: Vec<&str> = ["Self_", "SelfCapital", "Sign3C", "Sign3CAnd3D"]
        .into_iter()
        .filter(|name| text.lines().any(|line| line.trim().starts_with(&format!("{name} = "))))
        .collect();
    assert_eq!(names, ["Self_", "SelfCapital", "Sign3C", "Sign3CAnd3D"]);
}

#[test]
fn no_mark_that_turns_text_is_left_in_a_comment() {
    let awkward = rendered_crate(AWKWARD);
    assert!(awkward.files.iter().all(|file| !file.text.contains('\u{202E}')));
    assert!(file(&awkward, "client.rs").contains("/// ab"));
    assert!(file(&awkward, "enums.rs").contains(r#""a\u{202e}b""#));
}

#[test]
fn a_summary_of_one_word_makes_no_link_definition() {
    let text = file(&rendered_crate(AWKWARD), "lib.rs");
    assert!(text.lines().any(|line| line == "//! * [`Client::ler_item`] - Read"), "{text}");
}
