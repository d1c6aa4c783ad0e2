//! Foreign documents: which parts are mended, left out or numbered, and the warning for each.

use super::complaints_of;

/// Returns a foreign document with `item` under `/a`, followed by `rest`.
fn foreign(item: &str, rest: &str) -> Vec<String> {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Beta, version: '1'}}\npaths:\n  /a:\n{item}\n{rest}"
    );
    let mut found = complaints_of(&text);
    found.retain(|one| !one.contains("a foreign document: "));
    found
}

#[test]
fn a_slip_in_a_foreign_document_is_mended_and_told() {
    let answer = "responses: {'204': {description: ''}}";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "numbers where text belongs",
            format!("    get: {{operationId: g, summary: 1.10, description: true, tags: [1], {answer}}}"),
            &[
                "5: warning: `summary` is read as the text `1.10`",
                "5: warning: `description` is read as the text `true`",
                "5: warning: `tags` is read as the text `1`",
            ],
        ),
        (
            "null where text belongs",
            format!("    get: {{operationId: g, description: null, {answer}}}"),
            &["5: warning: `description` is null, so it counts as left out"],
        ),
        (
            "flag in quotes",
            format!("    get: {{operationId: g, deprecated: 'true', {answer}}}"),
            &["5: warning: `deprecated` is read as true, without its quotes"],
        ),
        (
            "statuses of nobody",
            "    get: {operationId: g, responses: {2xx: {description: ''}, '600': {description: ''}}}"
                .to_owned(),
            &[
                "5: warning: `2xx` is read as `2XX`",
                "5: warning: `600` is no status, so its answer is left out",
            ],
        ),
    ];
    for (name, item, expected) in rows {
        assert_eq!(foreign(item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn values_of_an_enum_are_read_as_text_and_told_apart() {
    let answer = "responses: {'204': {description: ''}}";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "numbers in an enum of text",
            format!(
                "    get: {{operationId: g, parameters: [{{name: v, in: query, schema: {{type: string, enum: [1.0]}}}}], {answer}}}"
            ),
            &["5: warning: `enum` is read as the text `1.0`"],
        ),
        (
            "values that a word tells apart",
            format!(
                "    get: {{operationId: g, parameters: [{{name: v, in: query, schema: {{type: string, enum: [ativo, ATIVO, -ativo]}}}}], {answer}}}"
            ),
            &[],
        ),
        (
            "values that nothing tells apart",
            format!(
                "    get: {{operationId: g, parameters: [{{name: v, in: query, schema: {{type: string, enum: [a b, a_b]}}}}], {answer}}}"
            ),
            &["5: warning: values \"a b\" and \"a_b\" have one name, so the later gets a number"],
        ),
        (
            "names in capitals",
            format!(
                "    get: {{operationId: g, parameters: [{{name: v, in: query, schema: {{type: integer, enum: [1, 2], x-enum-varnames: [NOT_OK, OK]}}}}], {answer}}}"
            ),
            &[],
        ),
    ];
    for (name, item, expected) in rows {
        assert_eq!(foreign(item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn the_path_decides_about_its_parameters() {
    let answer = "responses: {'204': {description: ''}}";
    let parameter = "{name: id, in: path, required: true, schema: {type: integer}}";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "left over",
            format!("    get: {{operationId: g, parameters: [{parameter}], {answer}}}"),
            &["5: warning: path parameter `id` is not in `/a`"],
        ),
        (
            "undeclared, or declared under another name",
            format!(
                "    get: {{operationId: g, {answer}}}\n  /b/{{Id}}:\n    get: {{operationId: h, parameters: [{parameter}], {answer}}}"
            ),
            &[
                "7: warning: path parameter `Id` of `/b/{Id}` is not declared, so it is text",
                "7: warning: path parameter `id` is not in `/b/{Id}`",
            ],
        ),
        (
            "of another notation",
            format!(
                "    get: {{operationId: g, {answer}}}\n  /b/:id:\n    get: {{operationId: h, parameters: [{parameter}], {answer}}}"
            ),
            &["6: warning: `/b/:id` is read as `/b/{id}`"],
        ),
    ];
    for (name, item, expected) in rows {
        assert_eq!(foreign(item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn a_schema_of_another_dialect_is_read_as_meant() {
    let rows: &[(&str, &str, &[&str])] = &[
        (
            "{oneOf: [{type: string}, {type: 'null'}]}",
            "string",
            &["5: warning: a branch of `oneOf` that is null makes the whole nullable"],
        ),
        (
            "{type: 'null'}",
            "null",
            &[
                "5: warning: an enum of mixed or fractional values is not typed",
                "5: warning: `type: 'null'` is read as null and nothing else",
            ],
        ),
        (
            "{type: integer, enum: [a, b]}",
            "text",
            &[
                "5: warning: the values of `enum` are of type `string`, so `integer` is read as that",
            ],
        ),
        (
            "{type: string, pattern: '/^a$/'}",
            "pattern",
            &["5: warning: a pattern between slashes is read without them"],
        ),
    ];
    for (schema, name, expected) in rows {
        let item = format!(
            "    get: {{operationId: g, responses: {{'200': {{description: '', content: {{application/json: {{schema: {{type: object, properties: {{m: {schema}}}}}}}}}}}}}}}"
        );
        assert_eq!(foreign(&item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn operations_of_one_name_are_numbered() {
    let answer = "responses: {'204': {description: ''}}";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "reference to a path",
            format!("    get: {{operationId: g, {answer}}}\n  /b: {{$ref: '#/paths/~1a'}}"),
            &[
                "6: warning: operationId `g` is taken, or a method that every client has: here it is `g_2`",
            ],
        ),
        (
            "invented names that are one",
            format!("    get: {{{answer}}}\n  /a_:\n    get: {{{answer}}}"),
            &[
                "5: warning: an operation without `operationId`",
                "7: warning: operationId `get_a` is taken, or a method that every client has: here it is `get_a_2`",
            ],
        ),
    ];
    for (name, item, expected) in rows {
        assert_eq!(foreign(item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn what_a_foreign_client_cannot_send_costs_the_operation_only() {
    let answer = "responses: {'204': {description: ''}}";
    let rows: &[(&str, String, &[&str])] = &[
        (
            "required cookie",
            format!(
                "    get: {{operationId: g, parameters: [{{name: s, in: cookie, required: true, schema: {{type: string}}}}], {answer}}}"
            ),
            &["5: warning: parameter `s`: a cookie, and required: the operation `g` is left out"],
        ),
        (
            "parts without types",
            format!(
                "    post: {{operationId: g, requestBody: {{required: true, content: {{multipart/mixed: {{}}}}}}, {answer}}}"
            ),
            &["5: warning: a request body of `multipart/mixed`, so the operation `g` is left out"],
        ),
        (
            "media type of anything",
            format!(
                "    post: {{operationId: g, requestBody: {{required: true, content: {{'*/*': {{}}}}}}, {answer}}}"
            ),
            &["5: warning: a request body of `*/*` is sent as `application/json`"],
        ),
        (
            "field that is written otherwise",
            format!(
                "    post: {{operationId: g, requestBody: {{required: true, content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{l: {{type: array, items: {{type: string}}}}}}}}, encoding: {{l: {{explode: false}}}}}}}}}}, {answer}}}"
            ),
            &["5: warning: `explode: false` of `l` is not honoured: each item is sent by itself"],
        ),
    ];
    for (name, item, expected) in rows {
        assert_eq!(foreign(item, ""), *expected, "row `{name}`");
    }
}

#[test]
fn names_that_are_one_in_rust_are_numbered_in_a_foreign_document() {
    let item = "    get:
      operationId: g
      parameters:
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: header, schema: {type: string}}
        - {name: send, in: query, schema: {type: string}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/a-b'}}}}}";
    let rest = "components:
  schemas:
    A_b: {type: object, properties: {userName: {type: string}, user_name: {$ref: '#/components/schemas/a-b'}}}
    a-b: {type: object, properties: {extra: {$ref: '#/components/schemas/A_b'}}}";
    assert_eq!(
        foreign(item, rest),
        [
            "9: warning: parameter `id` (header) and another become the same method",
            "10: warning: a parameter cannot be the method `send` of a builder, which has one already",
            "14: warning: `user_name` of `AB` becomes the same field as another",
            "15: warning: `A_b` and `a-b` become the same type `AB`",
            "15: warning: `extra` of `AB2` has the name of the field for unknown members",
        ]
    );
}

#[test]
fn a_percent_encoded_reference_is_one() {
    let item = "    get: {operationId: g, responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/F%5BB%5D'}}}}}}";
    assert_eq!(foreign(item, "components: {schemas: {'F[B]': {type: string}}}"), [""; 0]);
}

#[test]
fn many_warnings_of_one_kind_are_one() {
    let fields: Vec<String> =
        (1..=7).map(|n| format!("f{n}: {{type: string, format: f-{n}}}")).collect();
    let item = format!(
        "    get: {{operationId: g, responses: {{'200': {{description: '', content: {{application/json: {{schema: {{type: object, properties: {{{}}}}}}}}}}}}}}}",
        fields.join(", ")
    );
    assert_eq!(foreign(&item, ""), ["5: warning: unknown format `f-1` (and 6 more such places)"]);
}

#[test]
fn servers_that_are_no_base_url_are_named() {
    let item = "    get: {operationId: g, responses: {'204': {description: ''}}}";
    let rows: &[(&str, &str, &[&str])] = &[
        ("absolute", "[{url: 'https://a.example/v1'}]", &[]),
        (
            "relative",
            "[{url: /api/v2}]",
            &[
                "6: warning: the server `/api/v2` is relative, without a host: a client knows only its path `/api/v2`",
            ],
        ),
        (
            "the root",
            "[{url: /}]",
            &["6: warning: the server `/` is relative, without a host: a client knows no base URL"],
        ),
        (
            "variables with a choice, and in the path",
            "[{url: 'https://{r}.a.example/{b}', variables: {r: {default: br, enum: [br]}, b: {default: v1}}}]",
            &[],
        ),
        (
            "a free host",
            "[{url: 'https://{t}.a.example', variables: {t: {default: demo}}}]",
            &["6: warning: server variable `t` may be anything, so the caller must set it"],
        ),
        (
            "a variable without a default",
            "[{url: 'https://a.example/{b}'}]",
            &["6: warning: server variable `b` has no default, so the caller must set it"],
        ),
        (
            "several",
            "[{url: 'https://a.example'}, {url: 'https://b.example'}]",
            &["6: warning: only the first of 2 servers is the default"],
        ),
    ];
    for (name, servers, expected) in rows {
        assert_eq!(foreign(item, &format!("servers: {servers}")), *expected, "row `{name}`");
    }
}

#[test]
fn credentials_that_can_not_be_sent_cost_the_operations_that_need_them() {
    let schemes = "components: {securitySchemes: {
      sid: {type: apiKey, in: cookie, name: s}, chave: {type: http, scheme: bearer},
      conta: {type: http, scheme: basic}, mtls: {type: mutualTLS}, resumo: {type: http, scheme: digest},
      openid: {type: openIdConnect, openIdConnectUrl: 'https://a.example'},
      auth: {type: apiKey, in: header, name: Authorization}}}";
    let rows: [(&str, &[&str]); 7] = [
        ("[{sid: []}]", &[]),
        ("[{chave: [], openid: []}]", &[]),
        ("[{mtls: []}, {resumo: []}]", &[]),
        ("[{mtls: [], chave: []}]", &[]),
        (
            "[{chave: [], conta: []}]",
            &[
                "5: warning: credentials `chave` and `conta` are required together, and both are the header \
               `authorization`, which a request has only once: the operation `g` is left out",
            ],
        ),
        (
            "[{chave: [], auth: []}, {resumo: []}]",
            &[
                "5: warning: credentials `chave` and `auth` are required together, and both are the header \
               `authorization`, which a request has only once, and credential `resumo` is of a kind, \
               which a client can't send: the operation `g` is left out",
            ],
        ),
        ("[{chave: [], conta: []}, {conta: []}]", &[]),
    ];
    for (security, expected) in rows {
        let item = format!(
            "    get: {{operationId: g, security: {security}, responses: {{'204': {{description: ''}}}}}}
    put: {{operationId: p, security: [{{chave: []}}], responses: {{'204': {{description: ''}}}}}}"
        );
        assert_eq!(foreign(&item, schemes), expected, "row `{security}`");
    }
}

#[test]
fn a_flow_that_a_client_can_not_carry_out_is_named() {
    let item = "    get: {operationId: g, security: [{acesso: []}], responses: {'204': {description: ''}}}";
    let scopes = "scopes: {}";
    let rows: [(&str, &[&str]); 5] = [
        ("clientCredentials: {tokenUrl: /t, SCOPES}", &[]),
        ("authorizationCode: {authorizationUrl: /a, tokenUrl: /t, SCOPES}", &[]),
        (
            "implicit: {authorizationUrl: /a, SCOPES}",
            &["6: warning: a client can't carry out the flow `implicit` of `acesso`"],
        ),
        (
            "password: {tokenUrl: /t, SCOPES}",
            &["6: warning: a client can't carry out the flow `password` of `acesso`"],
        ),
        (
            "implicit: {authorizationUrl: /a, SCOPES}, clientCredentials: {tokenUrl: /t, SCOPES}",
            &["6: warning: a client can't carry out the flow `implicit` of `acesso`"],
        ),
    ];
    for (flows, expected) in rows {
        let flows = flows.replace("SCOPES", scopes);
        let schemes = format!(
            "components: {{securitySchemes: {{acesso: {{type: oauth2, flows: {{{flows}}}}}}}}}"
        );
        assert_eq!(foreign(item, &schemes), expected, "row `{flows}`");
    }
}
