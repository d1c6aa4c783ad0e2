//! Tables over small documents: the value that each view reads, and its place.

use super::*;

fn document(text: &str) -> Document {
    Document::parse("a.yaml", text).unwrap()
}

const SHOP: &str = r##"
openapi: 3.0.3
info: {title: Loja, version: '1'}
servers:
- {url: 'https://api.example.com/{v}/', variables: {v: {default: v2}}}
security: [{chave: []}]
x-rate-limit: {requests: 3, seconds: 1}
x-envelope: {tag: /erro, success: [false], message: /mensagem, payload: /data}
paths:
  x-notes: {get: {}}
  /pedidos/{id}:
    parameters:
    - {name: id, in: path, schema: {type: integer}}
    - {name: X-Trace, in: header, schema: {type: string}}
    get:
      operationId: ler_pedido
      x-source: {page: 'https://docs.example.com', date: 2026-01-01}
      parameters:
      - {name: x-trace, in: header, required: true, schema: {type: string}}
      - {$ref: '#/components/parameters/pagina'}
      responses:
        '200': {$ref: '#/components/responses/Pedido'}
        4xx: {description: no}
    trace:
      security: []
      x-rate-limit: {requests: 1, seconds: 60}
      x-envelope: {payload: null, errors: /erros}
      responses: {}
  /outro: {$ref: '#/x-items/outro'}
x-items:
  outro:
    post:
      x-paging: {style: pages, page: pagina, size: 20, items: /data, end: last-page, last: /ultima}
      x-probe: {safe: false, parameters: {pagina: 1}, from: {id: {operation: listar, at: "/itens/*/id"}}, reason: why}
      responses: {}
x-webhooks:
  aviso:
    post:
      operationId: aviso
      x-signature: {header: X-Assinatura, prefix: 'sha256=', algorithm: hmac-sha256, over: body, encoding: hex}
      responses: {}
components:
  parameters:
    pagina: {name: pagina, in: query, style: form, explode: false, schema: {type: array}}
  responses:
    Pedido:
      description: ok
      headers: {Content-Type: {}, X-Total: {schema: {type: integer}}}
      content:
        application/json; charset=utf-8: {schema: {$ref: '#/components/schemas/Pedido'}}
        application/*: {schema: {type: string, format: binary}}
  securitySchemes:
    chave: {type: apiKey, in: cookie, name: sessao}
    conta: {type: http, scheme: Bearer, x-login: {operation: entrar, token: /token}}
  schemas:
    Pedido:
      type: object
      required: [id]
      properties:
        id: {type: integer, x-evidence: observed}
        dono: {type: string, x-pii: [name, cpf], x-secret: true, readOnly: true}
        cor: {type: string, enum: [a, b], x-open-enum: false, x-enum-varnames: [A, B]}
        outro: {allOf: [{$ref: '#/components/schemas/Pedido'}], nullable: true, description: x}
      additionalProperties: {type: number, exclusiveMinimum: true, minimum: 1}
"##;

#[test]
fn operations_come_in_order_with_what_their_path_gives_them() {
    let document = document(SHOP);
    let api = OpenApi::new(&document);
    let all: Vec<Operation<'_>> = api.operations().collect();
    let rows: Vec<(&str, String, &str, &str)> =
        all.iter().map(|one| (one.id(), one.method().name(), one.path(), one.at())).collect();
    let expected = [
        ("ler_pedido", "GET".to_owned(), "/pedidos/{id}", "/paths/~1pedidos~1{id}/get"),
        ("trace_pedidos_id", "TRACE".to_owned(), "/pedidos/{id}", "/paths/~1pedidos~1{id}/trace"),
        ("post_outro", "POST".to_owned(), "/outro", "/x-items/outro/post"),
    ];
    assert_eq!(rows, expected);

    let parameters = |operation: &Operation<'_>| -> Vec<String> {
        let read = |one: Result<Parameter<'_>, SpecError>| {
            let one = one.unwrap();
            format!("{} {} {}", one.place().word(), one.name(), one.is_required().unwrap())
        };
        operation.parameters().into_iter().map(read).collect()
    };
    assert_eq!(parameters(&all[0]), ["path id true", "header x-trace true", "query pagina false"]);
    assert_eq!(parameters(&all[1]), ["path id true", "header X-Trace false"]);
    let pages = all[0].parameter(ParameterPlace::Query, "pagina").unwrap();
    assert_eq!(pages.style(), Ok((ParameterStyle::Form, false)));
    assert_eq!(pages.at(), "/components/parameters/pagina");
}

#[test]
fn an_operation_takes_what_the_document_says_unless_it_says_otherwise() {
    let document = document(SHOP);
    let all: Vec<Operation<'_>> = OpenApi::new(&document).operations().collect();
    let limits: Vec<u64> =
        all.iter().filter_map(|one| one.rate_limit()).map(|limit| limit.seconds).collect();
    assert_eq!(limits, [1, 60, 1]);
    let security: Vec<_> = all.iter().map(|one| (one.security(), one.is_public())).collect();
    assert_eq!(
        security,
        [(vec![vec!["chave"]], false), (vec![], true), (vec![vec!["chave"]], false)]
    );
    let places = |operation: &Operation<'_>| -> String {
        let envelope = operation.envelope().unwrap().unwrap();
        envelope.places().map(|(name, place)| format!("{name}={place} ")).collect()
    };
    assert_eq!(places(&all[0]), "tag=/erro message=/mensagem payload=/data ");
    assert_eq!(places(&all[1]), "tag=/erro message=/mensagem errors=/erros ");
    assert_eq!(all[0].sources()[0].place(), Some("https://docs.example.com"));

    let paging = all[2].paging().unwrap().unwrap();
    assert_eq!((paging.style, paging.end), (Some(PagingStyle::Pages), Some(PagingEnd::LastPage)));
    assert_eq!((paging.size, paging.page.as_deref()), (Some(PageSize::Fixed(20)), Some("pagina")));
    let probe = all[2].probe().unwrap();
    assert!(!probe.is_safe && probe.parameters.is_some());
    let source = ProbeSource { name: "id", operation: "listar", at: "/itens/*/id" };
    assert_eq!((probe.from, probe.reason), (vec![source], Some("why")));
}

#[test]
fn a_client_reads_json_where_json_is_promised_and_bytes_elsewhere() {
    let rows = [
        ("application/json", "{}", true),
        ("application/json", "{type: string}", true),
        ("application/json", "{type: string, format: binary}", false),
        ("application/vnd.a+json", "{$ref: '#/components/schemas/Bytes'}", false),
        ("application/json", "{$ref: '#/components/schemas/Text'}", true),
        ("application/*", "{type: object}", true),
        ("application/*", "{$ref: '#/components/schemas/Text'}", true),
        ("application/*", "{type: string, format: binary}", false),
        ("application/*", "{}", false),
        ("*/*", "{description: anything}", false),
        ("*/*", "{type: object}", true),
        ("*/*", "{$ref: '#/components/schemas/Bytes'}", false),
        ("image/*", "{type: string}", false),
        ("application/pdf", "{}", false),
    ];
    for (media, schema, expect) in rows {
        let document = document(&format!(
            "openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{'200': {{content: {{'{media}': {{schema: {schema}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{Bytes: {{type: string, format: binary}}, Text: {{type: string}}}}}}\n"
        ));
        let operation = OpenApi::new(&document).operations().next().unwrap();
        let response = operation.responses().unwrap().next().unwrap().followed().unwrap();
        let content = response.content().unwrap().next().unwrap();
        assert_eq!(content.reads_as_json(), expect, "`{media}` of {schema}");
    }
}

#[test]
fn answers_have_statuses_headers_and_media_types() {
    let document = document(SHOP);
    let operation = OpenApi::new(&document).operations().next().unwrap();
    let responses: Vec<Response<'_>> =
        operation.responses().unwrap().map(|one| one.followed().unwrap()).collect();
    let statuses: Vec<String> = responses.iter().map(|one| one.status().unwrap()).collect();
    assert_eq!(statuses, ["200", "4XX"]);
    let headers: Vec<&str> =
        responses[0].headers().unwrap().map(|one| one.unwrap().name()).collect();
    assert_eq!(headers, ["X-Total"]);
    let content: Vec<(String, bool)> = responses[0]
        .content()
        .unwrap()
        .map(|media| (media.media_type().essence().into_owned(), media.reads_as_json()))
        .collect();
    assert_eq!(
        content,
        [("application/json".to_owned(), true), ("application/*".to_owned(), false)]
    );
    for (status, expected) in [
        ("default", Some("default")),
        ("5xx", Some("5XX")),
        ("599", Some("599")),
        ("600", None),
        ("099", None),
        ("20", None),
        ("+20", None),
    ] {
        assert_eq!(read_status(status).as_deref(), expected, "status `{status}`");
    }
}

#[test]
fn a_schema_says_what_each_keyword_says() {
    let document = document(SHOP);
    let api = OpenApi::new(&document);
    let order = api.schema("Pedido").unwrap();
    assert_eq!(order.required().unwrap(), ["id"]);
    let of = |name: &str| order.property(name).unwrap();
    assert_eq!(of("id").evidence(), [Evidence::Observed]);
    assert_eq!(of("dono").pii(), [Pii::Name, Pii::Cpf]);
    assert_eq!(
        (of("dono").is_secret(), of("dono").read_only(), of("id").read_only()),
        (true, Some(true), None)
    );
    assert_eq!((of("cor").variant_names(), of("cor").is_open_enum()), (vec!["A", "B"], false));
    let inner = of("outro").sole_reference().unwrap();
    assert_eq!(inner.followed().unwrap().name(), "Pedido");
    assert_eq!(inner.at(), "/components/schemas/Pedido/properties/outro/allOf/0");
    let AdditionalProperties::Like(extra) = order.additional() else { panic!("a schema") };
    assert_eq!(extra.bounds().unwrap().minimum.map(|limit| limit.is_exclusive), Some(true));
}

#[test]
fn credentials_and_webhooks_are_typed() {
    let document = document(SHOP);
    let api = OpenApi::new(&document);
    let schemes: Vec<SecurityScheme<'_>> = api.security_schemes().collect();
    assert_eq!(schemes[0].placement(), Some(Placement::Cookie("sessao".to_owned())));
    assert_eq!(schemes[1].placement(), Some(Placement::Bearer));
    assert_eq!(schemes[1].login().unwrap().token, "/token");
    let webhooks = api.webhooks().unwrap();
    let webhook = webhooks[0].as_ref().unwrap();
    assert_eq!((webhook.operation.id(), webhook.operation.path()), ("aviso", ""));
    assert_eq!(webhook.signature().unwrap().unwrap().header.as_deref(), Some("X-Assinatura"));
    let host = Some("api.example.com".to_owned());
    assert_eq!(api.servers().unwrap(), [Server { host, stem: "/{v}".to_owned() }]);
    let url = Some("https://api.example.com/v2".to_owned());
    assert_eq!((api.base_url(), api.is_house()), (url, true));
}

#[test]
fn references_end_where_they_lead_nowhere() {
    let rows = [
        (
            "two that name each other",
            "{$ref: '#/b'}",
            "{$ref: '#/a'}",
            "reference `#/a` leads back to itself",
        ),
        ("a hole", "{$ref: '#/x'}", "{}", "reference `#/x` leads nowhere"),
        ("another file", "{$ref: 'b.yaml#/x'}", "{}", "reference `b.yaml#/x` leaves the document"),
        ("no text", "{$ref: 1}", "{}", "a reference expected"),
        ("no object", "{$ref: '#/b'}", "7", "an object expected"),
        ("an escape of a URL", "{$ref: '#/c%20d'}", "{}", ""),
    ];
    for (name, a, b, expected) in rows {
        let document = document(&format!("a: {a}\nb: {b}\nc d: {{}}\n"));
        let api = OpenApi::new(&document);
        let said = match api.at("/a").unwrap().followed() {
            Ok(node) => node.at().replace("/c d", ""),
            Err(error) => error.fault.to_string(),
        };
        assert_eq!(said, expected, "{name}");
    }
}

#[test]
fn a_chain_of_references_has_an_end() {
    let chain = |n_hops: usize| {
        let rows: Vec<String> =
            (0..n_hops).map(|hop| format!("h{hop}: {{$ref: '#/h{}'}}\n", hop + 1)).collect();
        document(&format!("{}h{n_hops}: {{}}\n", rows.concat()))
    };
    for (n_hops, is_followed) in [(1, true), (MAX_HOPS - 1, true), (MAX_HOPS, false)] {
        let document = chain(n_hops);
        let start = OpenApi::new(&document).at("/h0").unwrap();
        assert_eq!(start.followed().is_ok(), is_followed, "{n_hops} hops");
    }
}

#[test]
fn what_is_of_the_wrong_kind_is_an_error_at_its_place() {
    let document = document(
        "a: {type: 7, minLength: 1.5, multipleOf: 0, required: [1], enum: x, properties: []}",
    );
    let schema = Schema::of(OpenApi::new(&document).at("/a").unwrap());
    let rows = [
        (schema.kinds().map(drop), "a text expected at `/a/type`"),
        (schema.required().map(drop), "a member's name expected at `/a/required/0`"),
        (schema.values().map(drop), "a list expected at `/a/enum`"),
        (schema.bounds().map(drop), "a number above 0 expected at `/a/multipleOf`"),
        (schema.properties().map(drop), "an object of schemas expected at `/a/properties`"),
    ];
    for (read, expected) in rows {
        let error = read.unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
}

#[test]
fn an_operation_is_found_by_its_path_and_by_its_place() {
    let document = document(SHOP);
    let api = OpenApi::new(&document);
    let rows = [
        ("/pedidos/{id}", "GET", "/paths/~1pedidos~1{id}/get", Some("ler_pedido")),
        ("/pedidos/{id}", "trace", "/paths/~1pedidos~1{id}/trace", Some("trace_pedidos_id")),
        ("/pedidos/{id}", "POST", "/paths/~1pedidos~1{id}/post", None),
        ("/nada", "GET", "/paths/~1nada/get", None),
    ];
    for (path, method, at, expected) in rows {
        let by_path = api.operation(path, Method::named(method).unwrap());
        let by_place = api.operation_at(at);
        for found in [by_path, by_place] {
            assert_eq!(found.as_ref().map(Operation::id), expected, "{method} {path}");
        }
    }
    assert_eq!(api.operation("/outro", Method::Post).unwrap().at(), "/x-items/outro/post");
    assert_eq!(api.operation_at("/x-webhooks/aviso/post").unwrap().id(), "aviso");
}

#[test]
fn a_list_that_is_one_text_has_a_separator() {
    let rows = [
        ("in: query, explode: false", Some(',')),
        ("in: query", None),
        ("in: query, style: pipeDelimited", Some('|')),
        ("in: query, style: pipeDelimited, explode: true", None),
        ("in: query, style: spaceDelimited", Some(' ')),
        ("in: query, style: deepObject", None),
        ("in: query, style: other", None),
        ("in: header", None),
    ];
    for (said, expected) in rows {
        let document =
            document(&format!("paths: {{/a: {{get: {{parameters: [{{name: a, {said}}}]}}}}}}"));
        let operation = OpenApi::new(&document).operations().next().unwrap();
        let parameter = operation.parameters().remove(0).unwrap();
        assert_eq!(parameter.separator(), expected, "{said}");
    }
}

#[test]
fn an_answer_promises_what_stands_at_a_place() {
    let document = document(
        "paths: {/a: {get: {responses: {'2XX': {content: {application/json: {schema: {$ref: '#/components/schemas/A'},
         example: {a: 1}, examples: {more: {value: {a: 2}}}}}}, '404': {content: {application/json: {schema:
         {properties: {nada: {}}}}}}}}}}
components: {schemas: {A: {oneOf: [{$ref: '#/components/schemas/A'}, {allOf: [{properties: {a: {properties:
         {b/c: {type: array, items: {type: integer}}}}}}]}]}, B: {}}}",
    );
    let api = OpenApi::new(&document);
    let operation = api.operations().next().unwrap();
    let rows = [
        ("/a/b~1c", Some(Some("array"))),
        ("/a/b~1c/*", Some(Some("integer"))),
        ("/a/*", None),
        ("/a", Some(None)),
        ("", Some(None)),
        ("/a/d", None),
        ("/nada", None),
    ];
    for (at, expected) in rows {
        assert_eq!(
            operation.promised_at(at).map(|schema| schema.type_word()),
            expected,
            "at `{at}`"
        );
    }
    let media = operation.answer("2XX", "application/json").unwrap();
    let examples: Vec<String> = media.examples().map(ToString::to_string).collect();
    assert_eq!(examples, ["{\"a\":1}", "{\"a\":2}"]);
    assert!(operation.answer("200", "application/json").is_none());
    assert_eq!(api.unused_schemas().map(|schema| schema.name()).collect::<Vec<_>>(), ["B"]);
}

#[test]
fn everything_comes_in_document_order() {
    let document = document("a: {b: [1, {c: 2}]}\nd: 3");
    let api = OpenApi::new(&document);
    let all: Vec<String> = api.node().everything().map(|node| node.at().to_owned()).collect();
    assert_eq!(all, ["", "/a", "/a/b", "/a/b/0", "/a/b/1", "/a/b/1/c", "/d"]);
}

#[test]
fn the_first_server_gives_a_base_url_or_a_base_path() {
    let rows = [
        ("absolute", "{url: 'https://a.example/v1/'}", Some("https://a.example/v1"), Some("/v1")),
        ("relative", "{url: /api/v2}", None, Some("/api/v2")),
        ("relative to the document", "{url: ../v2/}", None, Some("/v2")),
        ("the root", "{url: /}", None, None),
        ("without a scheme", "{url: //a.example/v1}", Some("https://a.example/v1"), Some("/v1")),
        ("a host for a path", "{url: a.example/v1}", None, None),
        (
            "variables with a choice, and in the path",
            "{url: 'https://{r}.a.example/{b}', variables: {r: {default: br, enum: [br, us]}, b: {default: v1}}}",
            Some("https://br.a.example/v1"),
            Some("/v1"),
        ),
        (
            "a free host",
            "{url: 'https://{t}.a.example/v1', variables: {t: {default: demo}}}",
            None,
            Some("/v1"),
        ),
        ("a variable without a default", "{url: 'https://a.example/{b}'}", None, None),
        (
            "a free port, and a number",
            "{url: 'https://a.example:{p}/v{v}', variables: {p: {default: 8443}, v: {default: 2}}}",
            Some("https://a.example:8443/v2"),
            Some("/v2"),
        ),
        (
            "a variable of scheme and host",
            "{url: '{b}/v1', variables: {b: {default: 'https://a.example/api'}}}",
            Some("https://a.example/api/v1"),
            Some("/api/v1"),
        ),
    ];
    for (name, server, url, path) in rows {
        let text = format!("openapi: 3.0.3\nservers: [{server}, {{url: 'https://b.example'}}]");
        let document = Document::parse("a.yaml", &text).unwrap();
        let api = OpenApi::new(&document);
        assert_eq!(api.base_url().as_deref(), url, "case `{name}`");
        assert_eq!(api.base_path().as_deref(), path, "case `{name}`");
    }
}

#[test]
fn servers_are_templates_of_hosts_and_paths() {
    let cases = [
        ("url: /", "", &[("-", "")] as &[(&str, &str)]),
        ("url: /v1/", "", &[("-", "/v1")]),
        ("url: '//Api.Example.com/v1'", "", &[("api.example.com", "/v1")]),
        ("url: 'https://user:pass@api.example.com:443?a=/b'", "", &[("api.example.com", "")]),
        ("url: 'http://localhost:8080/a/b'", "", &[("localhost:8080", "/a/b")]),
        (
            "url: '{s}://x.com'",
            "s: {enum: [http, https], default: https}",
            &[("x.com", ""), ("x.com", "")],
        ),
        (
            "url: 'https://x.com/{v}'",
            "v: {enum: [v2, v3], default: v2}",
            &[("x.com", "/v2"), ("x.com", "/v3")],
        ),
        ("url: 'https://x.com/v{v}'", "v: {enum: [2, 3]}", &[("x.com", "/v2"), ("x.com", "/v3")]),
        ("url: 'https://{t}.x.com/t/{t}'", "t: {default: a}", &[("{t}.x.com", "/t/{t}")]),
        ("url: 'https://{t}.x.com'", "", &[("{t}.x.com", "")]),
        (
            "url: 'https://x.com:{p}'",
            "p: {enum: ['443', '8443']}",
            &[("x.com", ""), ("x.com:8443", "")],
        ),
        ("url: '{base}/v1'", "base: {default: 'https://x.com/api'}", &[("{host}", "/api/v1")]),
        (
            "url: 'https://x.com/{base}'",
            "base: {default: 'api/v2'}",
            &[("x.com", "/api/v2"), ("x.com", "/{base}")],
        ),
    ];
    for (url, variables, expected) in cases {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\nservers: [{{{url}, variables: {{{variables}}}}}]\npaths: {{}}\n"
        );
        let document = document(&text);
        let servers = OpenApi::new(&document).servers().unwrap();
        let seen: Vec<(&str, &str)> = servers
            .iter()
            .map(|server| (server.host.as_deref().unwrap_or("-"), server.stem.as_str()))
            .collect();
        assert_eq!(seen, expected, "{url}");
    }
}
