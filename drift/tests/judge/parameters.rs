//! Tests parameters and form fields in all styles, and those that are not judged.

use serde_json::{Value, json};

use crate::acme;

fn document() -> Value {
    let list = json!({"type": "array", "items": {"type": "integer"}, "maxItems": 3});
    let object = json!({"type": "object", "required": ["de"], "properties": {
        "de": {"type": "integer"}, "ate": {"type": "string", "format": "date"}}});
    let query = |name: &str, style: &str, explode: bool, schema: &Value| json!({"name": name, "in": "query", "style": style, "explode": explode, "schema": schema});
    let mut document = acme::answering(&json!({}));
    let get = &mut document["paths"]["/thing/{id}"]["get"];
    get["parameters"] = json!([
        {"$ref": "#/components/parameters/Id"},
        query("r", "form", true, &list),
        query("c", "form", false, &list),
        query("s", "spaceDelimited", false, &list),
        query("p", "pipeDelimited", false, &list),
        query("d", "deepObject", true, &object),
        query("x", "form", true, &json!({"type": "object", "properties": {"cor": {"type": "boolean"}}})),
        {"name": "j", "in": "query", "content": {"application/json": {"schema": object}}},
        {"name": "n", "in": "query", "schema": {"type": "integer", "nullable": true}},
        {"name": "t", "in": "query", "schema": {"type": "string"}},
        {"name": "X-Loja", "in": "header", "schema": {"type": "integer"}},
        {"name": "Authorization", "in": "header", "required": true, "schema": {"type": "string"}},
        {"name": "sessao", "in": "cookie", "required": true, "schema": {"type": "string", "minLength": 3}}
    ]);
    document["components"] = json!({
        "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "array", "items": {"type": "integer"}}}},
        "securitySchemes": {"chave": {"type": "apiKey", "in": "query", "name": "api_key"}}
    });
    document
}

/// Query, headers, and the expected findings.
type Row = (&'static str, Value, Value, &'static [(&'static str, &'static str)]);

#[test]
fn styles() {
    let rows: Vec<Row> = vec![
        ("nothing", json!({}), json!({}), &[]),
        ("repeated", json!({"r": ["1", "2"]}), json!({}), &[]),
        ("repeated, one text", json!({"r": "1"}), json!({}), &[]),
        ("repeated, with brackets", json!({"r[]": ["1", "2"]}), json!({}), &[]),
        (
            "repeated, no int",
            json!({"r": ["1", "dois"]}),
            json!({}),
            &[("type-changed", "/query/r/*")],
        ),
        ("commas", json!({"c": "1,2"}), json!({}), &[]),
        ("commas, too many", json!({"c": "1,2,3,4"}), json!({}), &[("bound-exceeded", "/query/c")]),
        ("spaces", json!({"s": "1 2"}), json!({}), &[]),
        ("bars", json!({"p": "1|2"}), json!({}), &[]),
        ("bars, no int", json!({"p": "1,2"}), json!({}), &[("type-changed", "/query/p/*")]),
        ("deep object", json!({"d[de]": "1", "d[ate]": "2018-11-16"}), json!({}), &[]),
        (
            "deep object, member missing",
            json!({"d[ate]": "2018-11-16"}),
            json!({}),
            &[("field-missing", "/query/d/de")],
        ),
        (
            "deep object, other date",
            json!({"d[de]": "1", "d[ate]": "16/11/2018"}),
            json!({}),
            &[("format-violated", "/query/d/ate")],
        ),
        (
            "deep object, unknown member",
            json!({"d[de]": "1", "d[em]": "1"}),
            json!({}),
            &[("field-undocumented", "/query/d/em")],
        ),
        ("exploded object", json!({"cor": "true"}), json!({}), &[]),
        (
            "exploded object, other kind",
            json!({"cor": "azul"}),
            json!({}),
            &[("type-changed", "/query/x/cor")],
        ),
        ("JSON", json!({"j": "{\"de\":1}"}), json!({}), &[]),
        (
            "JSON, member missing",
            json!({"j": "{}"}),
            json!({}),
            &[("field-missing", "/query/j/de")],
        ),
        (
            "JSON twice",
            json!({"j": ["{\"de\":1}", "{\"de\":1}"]}),
            json!({}),
            &[("type-changed", "/query/j")],
        ),
        ("JSON that is none", json!({"j": "{de"}), json!({}), &[("type-changed", "/query/j")]),
        ("empty for null", json!({"n": ""}), json!({}), &[]),
        ("a text that looks like an int stays a text", json!({"t": "12"}), json!({}), &[]),
        ("an API key is no parameter", json!({"api_key": "s3cr3t"}), json!({}), &[]),
        ("unknown", json!({"z": "1"}), json!({}), &[("param-undocumented", "/query/z")]),
        ("header", json!({}), json!({"x-loja": "7", "accept": "x"}), &[]),
        (
            "header, no int",
            json!({}),
            json!({"X-LOJA": "sete"}),
            &[("type-changed", "/header/x-loja")],
        ),
        ("header, hidden", json!({}), json!({"x-loja": "{loja}"}), &[]),
        ("cookie", json!({}), json!({"cookie": "a=b; sessao=abcd"}), &[]),
        (
            "cookie, short",
            json!({}),
            json!({"cookie": "sessao=ab"}),
            &[("bound-exceeded", "/cookie/sessao")],
        ),
        (
            "cookie, missing among others",
            json!({}),
            json!({"cookie": "a=b"}),
            &[("param-missing", "/cookie/sessao")],
        ),
    ];
    let document = document();
    for (name, query, headers, expect) in rows {
        let exchange = json!({
            "request": {"method": "GET", "path": "/thing/1,2", "query": query, "headers": headers},
            "response": {"status": 200}
        });
        let expect: Vec<(&str, String)> =
            expect.iter().map(|(rule, at)| (*rule, (*at).to_owned())).collect();
        assert_eq!(
            acme::short(&acme::judge(&document, &[exchange.to_string()])),
            expect,
            "case `{name}`"
        );
    }
}

#[test]
fn an_observer_of_two_contracts_keeps_them_apart() {
    let first = acme::read(&acme::answering(&json!({"type": "object"})));
    let mut second = acme::answering(&json!({"type": "array"}));
    second["paths"]["/outra"] =
        json!({"get": {"operationId": "outra", "responses": {"200": {"description": "ok"}}}});
    let second = acme::read(&second);
    let mut observation = prumo_drift::Observation::new(&[&first, &second]);
    for (line, path) in (1..).zip(["/thing/1", "/outra", "/nada"]) {
        let text = json!({"request": {"method": "GET", "path": path}, "response": {"status": 200}})
            .to_string();
        let exchange = prumo_drift::read_exchange(text.as_bytes()).unwrap();
        observation.observe(&exchange, &prumo_drift::Origin { file: "x", line });
    }
    let observed = observation.finish();
    let counts: Vec<_> = observed.iter().map(|one| (one.exchanges, one.strangers.len())).collect();
    assert_eq!(counts, [(2, 1), (1, 0)]);
}

/// Place, style, explode, promised kind, text, and the expected finding.
type Styled = (&'static str, &'static str, bool, &'static str, &'static str, &'static str);

/// The table of styles in OpenAPI, and one text per style that breaks it.
#[test]
fn every_style_of_the_specification() {
    let rows: [Styled; 43] = [
        ("path", "simple", false, "int", "5", ""),
        ("path", "simple", false, "int", "cinco", "type-changed /path/p"),
        ("path", "simple", false, "ints", "3,4,5", ""),
        ("path", "simple", true, "ints", "3,4,x", "type-changed /path/p/*"),
        ("path", "simple", false, "object", "R,100,nome,x", ""),
        ("path", "simple", false, "object", "R,x", "type-changed /path/p/R"),
        ("path", "simple", false, "object", "R,100,nome", "type-changed /path/p"),
        ("path", "simple", true, "object", "R=100,nome=x", ""),
        ("path", "simple", true, "object", "nome=x", "field-missing /path/p/R"),
        ("path", "label", false, "int", ".5", ""),
        ("path", "label", false, "int", "5", "type-changed /path/p"),
        ("path", "label", false, "ints", ".3.4.5", ""),
        ("path", "label", false, "ints", ".3,4,5", ""),
        ("path", "label", true, "ints", ".3.x", "type-changed /path/p/*"),
        ("path", "label", false, "object", ".R.100.nome.x", ""),
        ("path", "label", true, "object", ".R=100.nome=x", ""),
        ("path", "label", true, "object", ".R=cem", "type-changed /path/p/R"),
        ("path", "matrix", false, "int", ";p=5", ""),
        ("path", "matrix", false, "int", ";q=5", "type-changed /path/p"),
        ("path", "matrix", true, "int", ";p=5", ""),
        ("path", "matrix", false, "ints", ";p=3,4,5", ""),
        ("path", "matrix", true, "ints", ";p=3;p=4", ""),
        ("path", "matrix", true, "ints", ";p=3;p=x", "type-changed /path/p/*"),
        ("path", "matrix", false, "object", ";p=R,100,nome,x", ""),
        ("path", "matrix", true, "object", ";R=100;nome=x", ""),
        ("path", "matrix", true, "object", ";nome=x", "field-missing /path/p/R"),
        ("query", "form", false, "ints", "p=3,4", ""),
        ("query", "form", true, "ints", "p=3&p=x", "type-changed /query/p/*"),
        ("query", "form", false, "object", "p=R,100,nome,x", ""),
        ("query", "form", true, "object", "R=100&nome=x", ""),
        ("query", "form", true, "object", "R=x", "type-changed /query/p/R"),
        ("query", "spaceDelimited", false, "ints", "p=3%204", ""),
        ("query", "spaceDelimited", false, "ints", "p=3+x", "type-changed /query/p/*"),
        ("query", "spaceDelimited", false, "object", "p=R%20100", ""),
        ("query", "pipeDelimited", false, "ints", "p=3|4", ""),
        ("query", "pipeDelimited", false, "object", "p=R|x", "type-changed /query/p/R"),
        ("query", "deepObject", true, "object", "p[R]=100&p[nome]=x", ""),
        ("query", "deepObject", true, "object", "p[nome]=x", "field-missing /query/p/R"),
        ("header", "simple", false, "ints", "3, 4", ""),
        ("header", "simple", true, "object", "R=100,nome=x", ""),
        ("header", "simple", false, "object", "R,x", "type-changed /header/p/R"),
        ("cookie", "form", false, "ints", "3,4", ""),
        ("cookie", "form", false, "int", "x", "type-changed /cookie/p"),
    ];
    for (place, style, explode, kind, text, expect) in rows {
        let mut document = acme::answering(&json!({}));
        document["components"] = json!({"schemas": {
            "int": {"type": "integer"},
            "ints": {"type": "array", "items": {"type": "integer"}},
            "object": {"type": "object", "required": ["R"], "properties": {"R": {"type": "integer"}, "nome": {"type": "string"}}}
        }});
        let schema = json!({"$ref": format!("#/components/schemas/{kind}")});
        let parameter = json!({"name": "p", "in": place, "required": true, "style": style, "explode": explode, "schema": schema});
        document["paths"] = json!({"/a/{p}": {"get": {"operationId": "ler", "parameters": [parameter], "responses": {"200": {"description": ""}}}}});
        let (path, headers) = match place {
            "path" => (format!("/a/{text}"), json!({})),
            "query" => (format!("/a/1?{text}"), json!({})),
            "header" => ("/a/1".to_owned(), json!({"p": text})),
            _ => ("/a/1".to_owned(), json!({"cookie": format!("p={text}")})),
        };
        let exchange = json!({"request": {"method": "GET", "path": path, "headers": headers}, "response": {"status": 200}});
        let found = acme::short(&acme::judge(&document, &[exchange.to_string()]));
        let found: Vec<String> =
            found.into_iter().map(|(rule, at)| format!("{rule} {at}")).collect();
        assert_eq!(found.join("; "), expect, "{place} {style} explode={explode} {kind} `{text}`");
    }
}

#[test]
fn an_empty_value_is_judged_unless_it_is_allowed() {
    for (allowed, expect) in
        [(true, vec![]), (false, vec![("type-changed", "/query/p".to_owned())])]
    {
        let mut document = acme::answering(&json!({}));
        document["paths"]["/thing/{id}"]["get"]["parameters"] = json!([
            {"name": "p", "in": "query", "allowEmptyValue": allowed, "schema": {"type": "integer"}}]);
        let exchange = json!({"request": {"method": "GET", "path": "/thing/1?p="}, "response": {"status": 200}});
        assert_eq!(
            acme::short(&acme::judge(&document, &[exchange.to_string()])),
            expect,
            "{allowed}"
        );
    }
}

#[test]
fn fields_of_a_form_are_read_as_their_encoding_says() {
    let encoding = json!({
        "c": {"style": "form", "explode": false}, "p": {"style": "pipeDelimited", "explode": false},
        "j": {"contentType": "application/json"}, "t": {"contentType": "text/plain"}
    });
    let list = json!({"type": "array", "items": {"type": "integer"}});
    let properties = json!({"c": list, "p": list, "j": list, "r": list, "t": {"type": "string"}});
    let mut document = acme::answering(&json!({}));
    document["paths"] = json!({"/a": {"post": {"operationId": "criar", "responses": {"200": {"description": ""}},
        "requestBody": {"content": {"application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": properties}, "encoding": encoding}}}}}});
    let rows = [
        ("commas", vec![("c", "1,2")], ""),
        ("commas, no int", vec![("c", "1,x")], "type-changed /c/*"),
        ("bars", vec![("p", "1|2")], ""),
        ("JSON", vec![("j", "[1,2]")], ""),
        ("JSON, no int", vec![("j", "[1,\"x\"]")], "type-changed /j/*"),
        ("no encoding: the name comes again", vec![("r", "1"), ("r", "2")], ""),
        ("no encoding: commas part nothing", vec![("r", "1,2")], "type-changed /r/*"),
        ("a text", vec![("t", "1,2")], ""),
    ];
    for (name, fields, expect) in rows {
        let form: Vec<Value> =
            fields.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let exchange = json!({"request": {"method": "POST", "path": "/a", "form": form,
            "headers": {"content-type": "application/x-www-form-urlencoded"}}, "response": {"status": 200}});
        let found = acme::short(&acme::judge(&document, &[exchange.to_string()]));
        let found: Vec<String> =
            found.into_iter().map(|(rule, at)| format!("{rule} {at}")).collect();
        assert_eq!(found.join("; "), expect, "case `{name}`");
    }
}

/// Recorders that do not keep files write `<binary>` in their place; in other texts these are
/// ordinary characters.
#[test]
fn a_mark_in_the_place_of_a_file_is_a_file() {
    let file = json!({"type": "string", "format": "binary"});
    let properties = json!({"foto": file, "fotos": {"type": "array", "items": file}, "t": {"type": "string", "maxLength": 3}});
    let mut document = acme::answering(&json!({}));
    document["paths"] = json!({"/a": {"post": {"operationId": "criar", "responses": {"200": {"description": ""}},
        "requestBody": {"content": {"multipart/form-data": {
            "schema": {"type": "object", "properties": properties}}}}}}});
    let rows = [
        ("foto", "<binary>", ""),
        ("fotos[0]", "<arquivo>", ""),
        ("foto", "foto.png", "format-violated /foto"),
        ("foto", "<b>foto</b>", "format-violated /foto"),
        ("foto", "<>", "format-violated /foto"),
        ("t", "<binary>", "bound-exceeded /t"),
    ];
    for (name, value, expect) in rows {
        let exchange = json!({"request": {"method": "POST", "path": "/a", "form": [{"name": name, "value": value}],
            "headers": {"content-type": "multipart/form-data"}}, "response": {"status": 200}});
        let found = acme::short(&acme::judge(&document, &[exchange.to_string()]));
        let found: Vec<String> =
            found.into_iter().map(|(rule, at)| format!("{rule} {at}")).collect();
        assert_eq!(found.join("; "), expect, "`{value}` as `{name}`");
    }
}
