//! Postman collections, v2.0.0 and v2.1.0.

use serde_json::{Value, json};

use crate::{Case, check};

fn collection(requests: Vec<Value>) -> String {
    json!({"info": {"name": "API"}, "item": [{"name": "Folder", "item": requests}]}).to_string()
}

fn request(description: &str) -> Value {
    json!({"name": "List", "request": {
        "method": "GET",
        "url": {"raw": "{{url}}/api/orders?page=0", "query": [{"key": "page", "value": "0"}]},
        "description": description,
    }})
}

fn with(mut request: Value, pointer: &str, value: Value) -> Value {
    let mut node = &mut request;
    for name in pointer.split('/').skip(1) {
        node = &mut node[name];
    }
    *node = value;
    request
}

const TABLE: &str = "| **Atributo** | **Descrição** | **Obrigatório** |\n| --- | --- | --- |\n| `page` | Página | Sim |\n";

#[test]
fn descriptions() {
    let one = |text: &str| collection(vec![request(text)]);
    let said_three_times = with(
        request(&format!(
            "{TABLE}| kind | Tipo | Não |\n\nOs atributos podem conter os seguintes valores:\n\n| Atributo | Descrição | Valor Default |\n|---|---|---|\n| kind | Texto: a, b | a |\n"
        )),
        "/request/url/query",
        json!([{"key": "page"}, {"key": "kind", "value": "a", "description": "(opcional) a, b"}]),
    );
    check(&[
        Case {
            name: "one parameter is said in three places",
            file: "a.json",
            old: one(TABLE),
            new: collection(vec![said_three_times]),
            expect: &[
                "param-added GET /api/orders kind in=\"query\" type=\"enum\" enum=[\"a\",\"b\"] required=false default=\"a\"",
            ],
        },
        Case {
            name: "a Markdown table becomes an HTML table",
            file: "a.json",
            old: one(TABLE),
            new: one(
                "<table><tr><th>Atributo</th><th>Descrição</th><th>Obrigatório</th></tr>\n<tr><td><code>page</code></td><td>Página</td><td>Sim</td></tr></table>",
            ),
            expect: &[],
        },
        Case {
            name: "values stand in brackets of the description",
            file: "a.json",
            old: one(&format!("{TABLE}| state | Estado (novo,pago) | Nao |\n")),
            new: one(&format!("{TABLE}| state | Estado (novo,pago,cancelado) | Nao |\n")),
            expect: &["enum-value-added GET /api/orders state value=\"cancelado\""],
        },
        Case {
            name: "a list of values follows a sentence",
            file: "a.json",
            old: one(&format!(
                "{TABLE}\nO campo `page` deverá ter um dos seguintes valores:\n\n- `um`\n- `dois`\n"
            )),
            new: one(&format!(
                "{TABLE}\nO campo `page` deverá ter um dos seguintes valores:\n\n- `um`\n"
            )),
            expect: &["enum-value-removed GET /api/orders page value=\"dois\""],
        },
    ]);
}

/// A request that sends a body.
fn post(mode: &str, part: Value) -> Value {
    let body = json!({"mode": mode, mode: part});
    let request = json!({"method": "POST", "url": "{{url}}/api/orders", "body": body});
    json!({"name": "Create", "request": request})
}

#[test]
fn requests() {
    let list = || request(TABLE);
    check(&[
        Case {
            name: "the address becomes a text, and the request gets another title",
            file: "a.json",
            old: collection(vec![list()]),
            new: collection(vec![with(
                with(list(), "/request/url", json!("{{host}}api/orders?page=1")),
                "/name",
                json!("All"),
            )]),
            expect: &[],
        },
        Case {
            name: "a request is added, and another one moves to the end",
            file: "a.json",
            old: collection(vec![list(), post("raw", json!("{\"a\": 1}"))]),
            new: collection(vec![
                post("raw", json!("{\"a\": 2}")),
                list(),
                with(list(), "/request/url", json!("{{url}}/api/orders/:id")),
            ]),
            expect: &["endpoint-added GET /api/orders/{id}"],
        },
        Case {
            name: "a header is added",
            file: "a.json",
            old: collection(vec![with(
                list(),
                "/request/header",
                json!([{"key": "authorization"}]),
            )]),
            new: collection(vec![with(
                list(),
                "/request/header",
                json!([{"key": "Authorization"}, {"key": "X-Id"}]),
            )]),
            expect: &["request-header-added GET /api/orders X-Id"],
        },
        Case {
            name: "one of two saved answers gets a field",
            file: "a.json",
            old: collection(vec![with(
                list(),
                "/response",
                json!([{"body": "{\"a\": [{\"b\": 1}]}"}, {"body": "{\"msg\": \"x\"}"}]),
            )]),
            new: collection(vec![with(
                list(),
                "/response",
                json!([{"body": "{\"a\": [{\"b\": 2, \"c\": null}]}"}, {"body": "{\"msg\": \"y\"}"}]),
            )]),
            expect: &["response-field-added GET /api/orders a[].c"],
        },
    ]);
}

#[test]
fn bodies() {
    check(&[
        Case {
            name: "a body gets an object with two members",
            file: "a.json",
            old: collection(vec![post("raw", json!("{\"a\": 1}"))]),
            new: collection(vec![post(
                "raw",
                json!("{\"a\": 1, \"b\": {\"c\": 1, \"d\": \"x\"}, // new\n}"),
            )]),
            expect: &[
                "param-added POST /api/orders b in=\"body\" type=\"object\" children=[\"c\",\"d\"]",
            ],
        },
        Case {
            name: "an example shows the object that dotted names describe",
            file: "a.json",
            old: collection(vec![with(
                post("raw", json!("{}")),
                "/request/description",
                json!("| Campo | Obrigatório |\n|---|---|\n| a.b | Sim |\n"),
            )]),
            new: collection(vec![with(
                post("raw", json!("{\"a\": {\"b\": 1}}")),
                "/request/description",
                json!("| Campo | Obrigatório |\n|---|---|\n| a.b | Sim |\n"),
            )]),
            expect: &[],
        },
        Case {
            name: "a form gets a file",
            file: "a.json",
            old: collection(vec![post("formdata", json!([{"key": "a", "type": "text"}]))]),
            new: collection(vec![post(
                "formdata",
                json!([{"key": "a", "type": "text"}, {"key": "doc", "type": "file", "description": "Documento"}]),
            )]),
            expect: &["param-added POST /api/orders doc in=\"body\" type=\"file\""],
        },
    ]);
}

#[test]
fn variables() {
    let described = "| Campo | Descrição | Obrigatório |\n|---|---|---|\n| id | Identificador | Sim |\n| dia | Valor padrão a ser utilizado será hoje | Não |\n";
    let mut old = with(request(described), "/request/url", json!("{{url}}/api/orders/:id"));
    let url = json!({"raw": "{{url}}/api/orders/:id", "variable": [{"key": "id", "description": "Identificador"}]});
    let rest =
        described.lines().filter(|line| !line.contains("| id |")).collect::<Vec<_>>().join("\n");
    let new = with(request(&rest.replace("hoje", "ontem")), "/request/url", url);
    old["name"] = json!("Get");
    check(&[Case {
        name: "a variable of the path leaves the table for the address, and a default in a sentence changes",
        file: "a.json",
        old: collection(vec![old]),
        new: collection(vec![new]),
        expect: &["default-changed GET /api/orders/{id} dia from=\"hoje\" to=\"ontem\""],
    }]);
}
