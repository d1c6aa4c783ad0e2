//! Tests `new-vendor --from`: a foreign document becomes a vendor, with fixtures that fit it.

use std::path::Path;

use serde_json::{Value, json};

use super::{fine, project, prumo, read};

/// Makes a document with one operation, `GET /pets/{id}`, and these responses.
fn document(responses: &Value) -> Value {
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}});
    let limit = json!({"name": "view", "in": "query", "required": true, "schema": {"enum": ["full", "short"]}});
    let operation =
        json!({"operationId": "getPet", "parameters": [id, limit], "responses": responses});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example/v2"}],
        "paths": {"/pets/{id}": {"get": operation}},
    })
}

fn answer(schema: &Value) -> Value {
    json!({"description": "An answer.", "content": {"application/json": {"schema": schema}}})
}

fn pet() -> Value {
    json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}})
}

fn made(document: &Value) -> tempfile::TempDir {
    let folder = project();
    fs_err::write(folder.path().join("pets.json"), format!("{document}")).expect("a document");
    fine(folder.path(), &["new-vendor", "pets", "--from", "pets.json"]);
    folder
}

fn fixture(folder: &Path, file: &str) -> Value {
    serde_json::from_str(&read(folder, &format!("fixtures/pets/getPet/{file}"))).expect("JSON")
}

#[test]
fn the_document_is_the_spec_and_its_samples_fit() {
    let refusal = json!({"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}});
    let document = document(&json!({"200": answer(&pet()), "404": answer(&refusal)}));
    let folder = made(&document);
    assert_eq!(read(folder.path(), "specs/pets.json"), document.to_string());
    let good = fixture(folder.path(), "good_answer.json");
    assert_eq!(good["response"]["status"], 200);
    assert!(
        good["request"]["path"].as_str().is_some_and(|path| path.starts_with("/v2/pets/")),
        "{good}"
    );
    assert!(good["request"]["query"]["view"].is_string(), "{good}");
    assert_eq!(fixture(folder.path(), "refusal.json")["response"]["status"], 404);
    let judged = fine(folder.path(), &["judge"]);
    assert!(judged.last().starts_with("fits: 0 findings, 0 waived; 2 exchanges"), "{}", judged.out);
    assert_eq!(fine(folder.path(), &["lint", "pets"]).code, Some(0));
}

#[test]
fn an_example_of_the_document_is_taken_if_it_fits() {
    let mut good = answer(&pet());
    good["content"]["application/json"]["example"] = json!({"id": 7, "name": "Rex"});
    let folder = made(&document(&json!({"200": good})));
    assert_eq!(
        fixture(folder.path(), "good_answer.json")["response"]["body"],
        json!({"id": 7, "name": "Rex"})
    );

    let mut wrong = answer(&pet());
    wrong["content"]["application/json"]["example"] = json!({"id": "seven"});
    let folder = made(&document(&json!({"200": wrong})));
    assert!(fixture(folder.path(), "good_answer.json")["response"]["body"]["id"].is_i64());
}

#[test]
fn what_no_fixture_can_be_made_of_is_said() {
    let page =
        json!({"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}});
    let cases = [
        ("no refusal", document(&json!({"200": answer(&pet())})), "skipped  no refusal was made"),
        ("no JSON", document(&json!({"200": page})), "skipped  no fixture was made"),
    ];
    for (name, document, expected) in cases {
        let folder = project();
        fs_err::write(folder.path().join("pets.json"), document.to_string()).expect("a document");
        let run = fine(folder.path(), &["new-vendor", "pets", "--from", "pets.json"]);
        assert!(run.out.contains(expected), "case `{name}`: {}", run.out);
        fine(folder.path(), &["judge"]);
    }
}

#[test]
fn a_file_that_is_no_document_is_refused_and_leaves_no_trace() {
    let cases = [
        ("notes.txt", "x", "is of no kind that is read here"),
        ("broken.yaml", "paths: [", "broken.yaml:1:"),
        ("list.json", "[]", "is no OpenAPI document: it has no `paths`"),
    ];
    for (file, text, expected) in cases {
        let folder = project();
        fs_err::write(folder.path().join(file), text).expect("a file");
        let run = prumo(folder.path(), &["new-vendor", "pets", "--from", file]);
        assert_eq!(run.code, Some(1), "`{file}`");
        assert!(run.told.contains(expected), "`{file}`: {}", run.told);
        assert_eq!(
            fs_err::read_dir(folder.path().join("specs")).expect("specs").count(),
            1,
            "`{file}`"
        );
    }
}

#[test]
fn an_example_of_the_parts_of_a_schema_is_taken_if_it_fits() {
    // No sample comes to fit this pattern by chance.
    let code =
        json!({"type": "string", "pattern": "^(?=AB)[A-Z]{2}7{9}$", "example": "AB777777777"});
    let schema = json!({"type": "object", "required": ["code"], "properties": {"code": code}});
    let named = json!({"$ref": "#/components/responses/Found"});
    let mut document = document(&json!({"200": named}));
    document["components"] = json!({"responses": {"Found": answer(&schema)}});
    let folder = made(&document);
    let good = fixture(folder.path(), "good_answer.json");
    assert_eq!(good["response"]["body"], json!({"code": "AB777777777"}));
}

#[test]
fn an_answer_may_be_json_by_another_name() {
    let content = json!({"application/vnd.pets+json; charset=utf-8": {"schema": pet()}});
    let folder = made(&document(&json!({"200": {"description": "A pet.", "content": content}})));
    let good = fixture(folder.path(), "good_answer.json");
    assert_eq!(good["response"]["headers"]["content-type"], "application/vnd.pets+json");
    assert!(fine(folder.path(), &["judge"]).last().starts_with("fits: "));
}

#[test]
fn another_version_of_openapi_is_refused_with_its_remedy_and_leaves_no_trace() {
    let cases = [
        (
            "a.yaml",
            "swagger: '2.0'\npaths: {}\n",
            "a.yaml:1:1: /swagger: Swagger 2.0 is not supported, only OpenAPI 3.0",
        ),
        (
            "b.json",
            r#"{"swagger": "2.0", "paths": {}}"#,
            "b.json:1:2: /swagger: Swagger 2.0 is not supported",
        ),
        (
            "c.yaml",
            "openapi: 3.2.0\npaths: {}\n",
            "c.yaml:1:1: /openapi: OpenAPI 3.2.0 is not supported, only OpenAPI 3.0",
        ),
        (
            "d.json",
            r#"{"openapi": "3.2.0", "webhooks": {}}"#,
            "d.json:1:2: /openapi: OpenAPI 3.2.0 is not supported",
        ),
    ];
    for (file, text, expected) in cases {
        let folder = project();
        let before = read(folder.path(), "prumo.toml");
        fs_err::write(folder.path().join(file), text).expect("a file");
        let run = prumo(folder.path(), &["new-vendor", "pets", "--from", file]);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "`{file}`");
        assert!(run.told.contains(expected), "`{file}`: {}", run.told);
        assert!(
            run.told.contains("hint: convert the document to OpenAPI 3.0.3"),
            "`{file}`: {}",
            run.told
        );
        assert_eq!(read(folder.path(), "prumo.toml"), before, "`{file}`");
        assert_eq!(
            fs_err::read_dir(folder.path().join("specs")).expect("specs").count(),
            1,
            "`{file}`"
        );
    }
}

#[test]
fn what_a_person_must_decide_is_told_with_its_place_in_the_copy() {
    let mut document = document(&json!({"200": answer(&pet())}));
    document["paths"]["/pets/{id}"]["get"]["x-paging"] = json!({"list": "/data"});
    let folder = project();
    let text = format!("{document:#}");
    fs_err::write(folder.path().join("pets.json"), text).expect("a document");
    let run = fine(folder.path(), &["new-vendor", "pets", "--from", "pets.json"]);
    let told: Vec<&str> =
        run.out.lines().skip_while(|line| !line.starts_with("To decide")).collect();
    assert!(told[1].starts_with("  specs/pets.json:"), "{}", run.out);
    assert!(told[1].ends_with("`x-paging` without `style`"), "{}", run.out);
    assert!(told[2].starts_with("    hint: `pages`, `paginator` or `limit`"), "{}", run.out);
    let call = prumo(folder.path(), &["call", "pets", "--list"]);
    assert_eq!(call.code, Some(1));
    assert!(!call.told.contains("warning"), "{}", call.told);
}

#[test]
fn what_the_judge_cannot_read_is_a_warning_with_its_remedy() {
    let folder = project();
    let mut pet = pet();
    pet["properties"]["name"] = json!({"type": "string", "anyOf": [{"type": "object"}]});
    let text = format!("{:#}", document(&json!({"200": answer(&pet)})));
    fs_err::write(folder.path().join("pets.json"), text).expect("a document");
    let run = fine(folder.path(), &["new-vendor", "pets", "--from", "pets.json"]);
    assert!(
        run.out.contains("no fixture was made: the judge can't read the document"),
        "{}",
        run.out
    );
    assert!(run.out.contains("\n         specs/pets.json:"), "{}", run.out);
    assert!(run.out.contains("\n         hint: "), "{}", run.out);
    assert!(!run.out.contains("prumo judge"), "{}", run.out);
    for words in [&["lint"] as &[&str], &["lint", "pets"], &["lint", "pets.json"]] {
        let lint = fine(folder.path(), words);
        assert!(lint.out.contains("warning: the judge can't read this: "), "{}", lint.out);
    }
}
