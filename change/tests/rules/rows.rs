//! The rows of the table.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    // Silence.
    ("the same document", &[], &[]),
    (
        "another title and version",
        &[("title: Loja, version: '1'", "title: Mercado, version: '2'")],
        &[],
    ),
    ("another description", &[("description: later", "description: soon")], &[]),
    (
        "a limit of a response is narrower",
        &[(
            "numero: {type: integer, minimum: 1, maximum: 999}",
            "numero: {type: integer, minimum: 2, maximum: 99}",
        )],
        &[],
    ),
    (
        "a component that no operation uses",
        &[("Triangulo: {type: object, required: [tipo]", "Triangulo: {type: object, required: []")],
        &[],
    ),
    (
        "the members of a response in another order",
        &[(
            "valor: {type: number}\n        nome: {type: string}",
            "nome: {type: string}\n        valor: {type: number}",
        )],
        &[],
    ),
    (
        "the format of a number that has the same Rust type",
        &[(
            "Aviso: {type: object, required: [numero], properties: {numero: {type: integer}}}",
            "Aviso: {type: object, required: [numero], properties: {numero: {type: integer, format: int64}}}",
        )],
        &[],
    ),
    // Documents.
    (
        "another server",
        &[("https://loja.example/v1", "https://loja.example/v2")],
        &["risky patch server-changed: servers"],
    ),
    (
        "no server",
        &[("servers: [{url: 'https://loja.example/v1'}]\n", "")],
        &["breaking major server-removed: servers"],
    ),
    (
        "a schema has another name",
        &[
            (
                "          application/json: {schema: {$ref: '#/components/schemas/NovoPedido'}}",
                "          application/json: {schema: {$ref: '#/components/schemas/Novo'}}",
            ),
            (
                "          application/vnd.loja+json: {schema: {$ref: '#/components/schemas/NovoPedido'}}",
                "          application/vnd.loja+json: {schema: {$ref: '#/components/schemas/Novo'}}",
            ),
            ("    NovoPedido:\n", "    Novo:\n"),
        ],
        &["breaking major schema-renamed: schema Novo"],
    ),
    // Operations.
    (
        "a new operation",
        &[(
            "x-webhooks:",
            "  /lojas: {get: {operationId: listar_lojas, x-envelope: null, responses: {'200': {description: ok}}}}\nx-webhooks:",
        )],
        &["compatible minor operation-added: GET /lojas"],
    ),
    (
        "an operation with another name",
        &[("operationId: ler_pedido", "operationId: mostrar_pedido")],
        &["breaking major operation-renamed: GET /pedidos/{id}"],
    ),
    (
        "an operation whose name is spelled otherwise",
        &[("operationId: ler_pedido", "operationId: lerPedido")],
        &[],
    ),
    (
        "an operation under another path",
        &[("  /pedidos/{id}:", "  /pedido/{id}:")],
        &["breaking patch operation-moved: GET /pedido/{id}"],
    ),
    (
        "an operation under another path and name",
        &[
            ("  /pedidos/{id}:", "  /pedido/{id}:"),
            ("operationId: ler_pedido", "operationId: mostrar"),
        ],
        &[
            "breaking major operation-removed: GET /pedidos/{id}",
            "compatible minor operation-added: GET /pedido/{id}",
        ],
    ),
    (
        "an operation is deprecated",
        &[("operationId: ler_pedido", "operationId: ler_pedido\n      deprecated: true")],
        &["compatible patch operation-deprecated: GET /pedidos/{id}"],
    ),
    (
        "an operation is no longer deprecated",
        &[("      deprecated: true\n", "")],
        &["compatible patch operation-reactivated: POST /pedidos"],
    ),
    (
        "an earlier end",
        &[("x-sunset: '2027-01-01'", "x-sunset: '2026-12-01'")],
        &["risky patch sunset-changed: POST /pedidos"],
    ),
    ("a later end", &[("x-sunset: '2027-01-01'", "x-sunset: '2028-01-01'")], &[]),
    (
        "less stability",
        &[("x-stability-level: beta", "x-stability-level: alpha")],
        &["risky patch stability-decreased: POST /pedidos"],
    ),
    // Credentials.
    (
        "an alternative credential is gone",
        &[("security: [{usuario: []}, {token: [ler]}]", "security: [{usuario: []}]")],
        &["breaking minor credential-required: GET /pedidos/{id} security"],
    ),
    (
        "a credential is no longer needed",
        &[("security: [{usuario: []}, {token: [ler]}]", "security: [{usuario: []}, {}]")],
        &["compatible patch credential-relaxed: GET /pedidos/{id} security"],
    ),
    (
        "no operation uses a credential any more",
        &[("security: [{usuario: []}, {token: [ler]}]", "security: [{token: [ler]}]")],
        &[
            "breaking minor credential-required: GET /pedidos/{id} security",
            "breaking major credential-removed: credential usuario",
        ],
    ),
    (
        "the credential of all operations, said once",
        &[("security: [{token: []}]\n", "security: [{token: [], usuario: []}]\n")],
        &["breaking minor credential-required: security"],
    ),
    (
        "a credential in another header",
        &[("in: header, name: X-Token", "in: header, name: X-Chave")],
        &["breaking patch credential-moved: credential token"],
    ),
    (
        "user and password become a token",
        &[("usuario: {type: http, scheme: basic}", "usuario: {type: http, scheme: bearer}")],
        &["breaking major credential-replaced: credential usuario"],
    ),
    (
        "other scopes",
        &[("{token: [ler]}", "{token: [ler, gravar]}")],
        &["risky patch scopes-changed: GET /pedidos/{id} security"],
    ),
    // Extensions.
    (
        "another value of success",
        &[("success: [false]", "success: ['ok']")],
        &["breaking major envelope-changed: x-envelope"],
    ),
    (
        "another place of the message",
        &[("message: /mensagem", "message: /erro_texto")],
        &["risky patch message-place-changed: x-envelope"],
    ),
    (
        "pages",
        &[(
            "operationId: ler_recibo",
            "operationId: ler_recibo\n      x-paging: {style: pages, page: p, first: 1, items: /itens}",
        )],
        &["compatible minor paging-added: GET /recibo/{id} x-paging"],
    ),
    (
        "no pages",
        &[(
            "      x-paging: {style: pages, page: pagina, first: 1, items: /data/itens, end: empty-page}\n",
            "",
        )],
        &["breaking major paging-removed: GET /pedidos x-paging"],
    ),
    (
        "another end of the pages",
        &[("end: empty-page", "end: not-found")],
        &["risky patch paging-changed: GET /pedidos x-paging"],
    ),
    (
        "items in another place",
        &[("items: /data/itens", "items: /data/lista")],
        &["breaking major paged-items-moved: GET /pedidos x-paging"],
    ),
    (
        "fewer requests",
        &[("x-rate-limit: {requests: 10, seconds: 1}", "x-rate-limit: {requests: 10, seconds: 2}")],
        &["risky patch rate-limit-lowered: x-rate-limit"],
    ),
    (
        "more requests",
        &[("x-rate-limit: {requests: 10, seconds: 1}", "x-rate-limit: {requests: 11, seconds: 1}")],
        &["compatible patch rate-limit-raised: x-rate-limit"],
    ),
    (
        "smaller requests",
        &[("x-max-request-bytes: 1000", "x-max-request-bytes: 100")],
        &["breaking major request-size-lowered: POST /pedidos x-max-request-bytes"],
    ),
    (
        "larger requests",
        &[("      x-max-request-bytes: 1000\n", "")],
        &["compatible patch request-size-raised: POST /pedidos x-max-request-bytes"],
    ),
    (
        "a webhook",
        &[(
            "x-webhooks:\n",
            "x-webhooks:\n  novo: {post: {operationId: novo, requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'200': {description: ok}}}}\n",
        )],
        &["compatible minor webhook-added: webhook novo"],
    ),
    (
        "another webhook",
        &[("operationId: pedido_pago", "operationId: pago")],
        &[
            "breaking major webhook-removed: webhook pedido_pago",
            "compatible minor webhook-added: webhook pedido_pago",
        ],
    ),
    (
        "a webhook is received, so it may have one member more",
        &[(
            "Aviso: {type: object, required: [numero], properties: {",
            "Aviso: {type: object, required: [numero], properties: {loja: {type: string}, ",
        )],
        &["compatible minor property-added: schema Aviso /loja"],
    ),
    // Parameters.
    (
        "an optional parameter",
        &[(
            "      - {name: pagina,",
            "      - {name: ordem, in: query, schema: {type: string}}\n      - {name: pagina,",
        )],
        &["compatible minor parameter-added: GET /pedidos parameter"],
    ),
    (
        "a required parameter",
        &[(
            "      - {name: pagina,",
            "      - {name: ordem, in: query, required: true, schema: {type: string}}\n      - {name: pagina,",
        )],
        &["breaking major required-parameter-added: GET /pedidos parameter"],
    ),
    (
        "a parameter is gone",
        &[(
            "      - {name: etiquetas, in: query, explode: true, schema: {type: array, items: {type: string}, maxItems: 9}}\n",
            "",
        )],
        &["breaking major parameter-removed: GET /pedidos parameter"],
    ),
    (
        "a placeholder has another name",
        &[
            ("  /pedidos/{id}:", "  /pedidos/{numero}:"),
            (
                "      security: [{usuario: []}, {token: [ler]}]\n      parameters:\n      - {name: id,",
                "      security: [{usuario: []}, {token: [ler]}]\n      parameters:\n      - {name: numero,",
            ),
        ],
        &["breaking major parameter-renamed: GET /pedidos/{numero} parameter"],
    ),
    (
        "a parameter is required",
        &[("name: pagina, in: query, required: false", "name: pagina, in: query, required: true")],
        &["breaking major parameter-became-required: GET /pedidos parameter"],
    ),
    (
        "a parameter is optional",
        &[("name: conta, in: header, required: true", "name: conta, in: header, required: false")],
        &["compatible patch parameter-became-optional: GET /pedidos parameter"],
    ),
    (
        "another default of a parameter",
        &[("default: 1, minimum: 1", "default: 2, minimum: 1")],
        &["breaking patch parameter-default-changed: GET /pedidos parameter"],
    ),
    (
        "another style of a list",
        &[("in: query, explode: true", "in: query, explode: false")],
        &["breaking patch parameter-style-changed: GET /pedidos parameter"],
    ),
    (
        "a deprecated parameter",
        &[("name: pagina, in: query,", "name: pagina, in: query, deprecated: true,")],
        &["compatible patch parameter-deprecated: GET /pedidos parameter"],
    ),
    (
        "a parameter that is no longer deprecated",
        &[("{name: situacao, in: query, deprecated: true, ", "{name: situacao, in: query, ")],
        &["compatible patch parameter-reactivated: GET /pedidos parameter"],
    ),
    (
        "more items of a parameter",
        &[("maxItems: 9", "maxItems: 10")],
        &["compatible patch bound-widened: GET /pedidos parameter maxItems"],
    ),
    (
        "a shorter parameter",
        &[("maxLength: 12", "maxLength: 11")],
        &["breaking patch bound-narrowed: GET /pedidos parameter maxLength"],
    ),
    (
        "another pattern of a parameter",
        &[("'^[0-9]+$'", "'^[0-9]{3}$'")],
        &["risky patch pattern-changed: GET /pedidos parameter pattern"],
    ),
    (
        "a parameter of another type",
        &[(
            "- {name: situacao, in: query, deprecated: true, schema: {type: string, enum: [aberto, fechado]}}",
            "- {name: situacao, in: query, deprecated: true, schema: {type: integer}}",
        )],
        &["breaking major no-longer-enum: GET /pedidos parameter enum"],
    ),
    // Bodies.
    (
        "an optional body",
        &[(
            "operationId: ler_recibo",
            "operationId: ler_recibo\n      requestBody: {content: {application/json: {schema: {type: object}}}}",
        )],
        &["compatible minor body-added: GET /recibo/{id} request"],
    ),
    (
        "a required body",
        &[(
            "operationId: ler_recibo",
            "operationId: ler_recibo\n      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}",
        )],
        &["breaking major required-body-added: GET /recibo/{id} request"],
    ),
    (
        "no body",
        &[(
            "      requestBody:\n        required: false\n        content:\n          application/merge-patch+json: {}\n          application/json: {schema: {type: object, properties: {texto: {type: string}, mais: {type: object, additionalProperties: true, properties: {a: {type: string}}}}}}\n",
            "",
        )],
        &["breaking major body-removed: PUT /recibo/{id} request"],
    ),
    (
        "the body is required",
        &[("required: false\n        content", "required: true\n        content")],
        &["breaking patch body-became-required: PUT /recibo/{id} request"],
    ),
    (
        "the body is optional",
        &[("required: true\n        content", "required: false\n        content")],
        &["compatible patch body-became-optional: POST /pedidos request"],
    ),
    (
        "the body is a form",
        &[
            ("application/merge-patch+json: {}", "text/csv: {}"),
            (
                "application/json: {schema: {type: object, properties: {texto:",
                "application/x-www-form-urlencoded: {schema: {type: object, properties: {texto:",
            ),
        ],
        &[
            "breaking major body-kind-changed: PUT /recibo/{id} request",
            "breaking patch media-type-removed: PUT /recibo/{id} request application/json",
            "breaking patch media-type-removed: PUT /recibo/{id} request application/merge-patch+json",
            "compatible patch media-type-added: PUT /recibo/{id} request application/x-www-form-urlencoded",
            "compatible patch media-type-added: PUT /recibo/{id} request text/csv",
        ],
    ),
    (
        "a body loses its schema",
        &[(
            "application/json: {schema: {type: object, properties: {texto: {type: string}, mais: {type: object, additionalProperties: true, properties: {a: {type: string}}}}}}",
            "application/json: {}",
        )],
        &["compatible major media-type-schema-removed: PUT /recibo/{id} request application/json"],
    ),
    (
        "a body gets a schema",
        &[(
            "application/merge-patch+json: {}",
            "application/merge-patch+json: {schema: {type: object}}",
        )],
        &[
            "breaking major media-type-schema-added: PUT /recibo/{id} request application/merge-patch+json",
        ],
    ),
    // Responses.
    (
        "one more status of success",
        &[(
            "        '202': {description: later,",
            "        '201': {description: new, content: {application/json: {schema: {$ref: '#/components/schemas/Resposta'}}}}\n        '202': {description: later,",
        )],
        &["compatible patch success-added: GET /pedidos/{id} response 201"],
    ),
    (
        "one status of success less",
        &[(
            "        '202': {description: later, content: {application/json: {schema: {$ref: '#/components/schemas/Resposta'}}}}\n",
            "",
        )],
        &["breaking patch success-removed: GET /pedidos/{id} response 202"],
    ),
    (
        "one more refusal",
        &[("        '404':\n", "        '409': {description: conflict}\n        '404':\n")],
        &["compatible patch refusal-added: GET /pedidos response 409"],
    ),
    (
        "another refusal",
        &[("        '404':\n", "        '410':\n")],
        &[
            "compatible patch refusal-removed: GET /pedidos response 404",
            "compatible patch refusal-added: GET /pedidos response 410",
        ],
    ),
    (
        "bytes become nothing",
        &[(
            "'200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}",
            "'200': {description: ok}",
        )],
        &[
            "breaking major answer-type-changed: GET /recibo/{id}",
            "breaking patch media-type-removed: GET /recibo/{id} response 200 application/pdf",
        ],
    ),
    (
        "a header is gone",
        &[("            X-Resto: {schema: {type: integer}}\n", "")],
        &["risky patch header-removed: GET /pedidos response 200 header X-Resto"],
    ),
    (
        "a required header is gone",
        &[("            X-Total: {required: true, schema: {type: integer}}\n", "")],
        &["breaking patch required-header-removed: GET /pedidos response 200 header X-Total"],
    ),
    (
        "a header is optional, and another one new",
        &[(
            "X-Total: {required: true, schema: {type: integer}}",
            "X-Total: {schema: {type: integer}}\n            X-Novo: {schema: {type: string}}",
        )],
        &[
            "breaking patch header-became-optional: GET /pedidos response 200 header X-Total",
            "compatible patch header-added: GET /pedidos response 200 header X-Novo",
        ],
    ),
    (
        "a header of another type",
        &[("X-Resto: {schema: {type: integer}}", "X-Resto: {schema: {type: string}}")],
        &["breaking patch header-type-changed: GET /pedidos response 200 header X-Resto"],
    ),
    (
        "a member of a refusal is gone, which has no type",
        &[(", causa: {type: string}", "")],
        &["risky patch property-removed: GET /pedidos response 404 /causa"],
    ),
    // Members.
    (
        "a new member that is sent and received",
        &[(
            "        nome: {type: string}\n    Figura",
            "        nome: {type: string}\n        peso: {type: number}\n    Figura",
        )],
        &["compatible minor property-added: schema Item /peso"],
    ),
    (
        "a new required member of a request",
        &[
            ("required: [cliente, loja, extra]", "required: [cliente, loja, extra, canal]"),
            ("nota: {type: string}\n", "nota: {type: string}\n        canal: {type: string}\n"),
        ],
        &["breaking major required-property-added: schema NovoPedido /canal"],
    ),
    (
        "a new required member of a response",
        &[
            ("required: [numero, cliente, obs]", "required: [numero, cliente, obs, serie]"),
            ("            cor: {", "            serie: {type: integer}\n            cor: {"),
        ],
        &["compatible minor required-property-added: schema Resposta /data/serie"],
    ),
    (
        "a member of a response is gone",
        &[("            entrega: {type: string, format: date-time}\n", "")],
        &["breaking major property-removed: schema Resposta /data/entrega"],
    ),
    (
        "a member that only requests have is no part of a response",
        &[("            senha: {type: string, writeOnly: true}\n", "")],
        &[],
    ),
    (
        "a member of a response is required",
        &[("required: [numero, cliente, obs]", "required: [numero, cliente, obs, cor]")],
        &["breaking major property-became-required: schema Resposta /data/cor"],
    ),
    (
        "a member of a response is optional",
        &[("required: [numero, cliente, obs]", "required: [numero, obs]")],
        &["breaking major property-became-optional: schema Resposta /data/cliente"],
    ),
    (
        "a nullable member of a response is optional",
        &[("required: [numero, cliente, obs]", "required: [numero, cliente]")],
        &["breaking patch nullable-property-became-optional: schema Resposta /data/obs"],
    ),
    (
        "a nullable member of a request is required",
        &[("required: [cliente, loja, extra]", "required: [cliente, loja, extra, cupom]")],
        &["breaking major nullable-property-became-required: schema NovoPedido /cupom"],
    ),
    (
        "a deprecated member",
        &[("        nota: {type: string}", "        nota: {type: string, deprecated: true}")],
        &["compatible patch property-deprecated: schema NovoPedido /nota"],
    ),
    (
        "a member that is no longer deprecated",
        &[("velho: {type: string, deprecated: true}", "velho: {type: string}")],
        &["compatible patch property-reactivated: schema Resposta /data/velho"],
    ),
    (
        "an optional member of one direction",
        &[("nota: {type: string}", "nota: {type: string, writeOnly: true}")],
        &["compatible patch direction-changed: schema NovoPedido /nota"],
    ),
    (
        "the arguments of a constructor in another order",
        &[(
            "cliente: {type: string, maxLength: 40, minLength: 2}\n        loja: {type: string}",
            "loja: {type: string}\n        cliente: {type: string, maxLength: 40, minLength: 2}",
        )],
        &["breaking major required-reordered: schema NovoPedido"],
    ),
    (
        "any other member of a request",
        &[(
            "    NovoPedido:\n      type: object\n",
            "    NovoPedido:\n      type: object\n      additionalProperties: true\n",
        )],
        &["compatible minor unnamed-members-allowed: schema NovoPedido /*"],
    ),
    (
        "no other member of a request",
        &[("additionalProperties: true, ", "")],
        &["breaking major unnamed-members-forbidden: PUT /recibo/{id} request /mais/*"],
    ),
    // Types.
    (
        "a number becomes a text",
        &[("numero: {type: integer, minimum: 1, maximum: 999}", "numero: {type: string}")],
        &["breaking major type-changed: schema Resposta /data/numero type"],
    ),
    (
        "the values of a map",
        &[(
            "mapa: {type: object, additionalProperties: {type: integer}}",
            "mapa: {type: object, additionalProperties: {type: string}}",
        )],
        &["breaking major type-changed: schema Resposta /data/mapa/* type"],
    ),
    (
        "a number of 32 bits",
        &[(
            "numero: {type: integer, minimum: 1, maximum: 999}",
            "numero: {type: integer, format: int32, minimum: 1, maximum: 999}",
        )],
        &["breaking major type-changed: schema Resposta /data/numero type"],
    ),
    (
        "a received member may be null",
        &[(
            "cliente: {type: string, minLength: 3,",
            "cliente: {type: string, nullable: true, minLength: 3,",
        )],
        &["breaking major became-nullable: schema Resposta /data/cliente"],
    ),
    (
        "a sent member can't be null",
        &[("extra: {type: integer, nullable: true}", "extra: {type: integer}")],
        &["breaking major became-not-nullable: schema NovoPedido /extra"],
    ),
    (
        "an optional received member may be null",
        &[("cor: {type: string, format: uuid", "cor: {type: string, nullable: true, format: uuid")],
        &["breaking patch optional-became-nullable: schema Resposta /data/cor"],
    ),
    (
        "an optional sent member can't be null",
        &[("cupom: {type: string, nullable: true}", "cupom: {type: string}")],
        &["breaking major optional-became-not-nullable: schema NovoPedido /cupom"],
    ),
    (
        "another format of a sent text",
        &[("codigo: {type: string, format: uuid}", "codigo: {type: string, format: uri}")],
        &["breaking patch format-changed: schema NovoPedido /codigo format"],
    ),
    (
        "a format of a sent text",
        &[("nota: {type: string}", "nota: {type: string, format: uuid}")],
        &["breaking patch format-added: schema NovoPedido /nota format"],
    ),
    (
        "no format of a received text",
        &[(
            "cor: {type: string, format: uuid, default: azul}",
            "cor: {type: string, default: azul}",
        )],
        &["breaking patch format-removed: schema Resposta /data/cor format"],
    ),
    (
        "a secret",
        &[("nota: {type: string}", "nota: {type: string, x-secret: true}")],
        &["compatible patch secret-changed: schema NovoPedido /nota x-secret"],
    ),
    // Values.
    (
        "a new value of an open enum is received",
        &[("enum: [novo, pago]", "enum: [novo, pago, entregue]")],
        &["risky minor enum-value-added: schema Resposta /data/estado enum"],
    ),
    (
        "a new value of an enum is sent",
        &[("enum: [rascunho, final]", "enum: [rascunho, final, outro]")],
        &["compatible minor enum-value-added: schema NovoPedido /situacao enum"],
    ),
    (
        "a new value of a closed enum",
        &[("enum: [a, b], x-open-enum: false", "enum: [a, b, c], x-open-enum: false")],
        &["breaking major closed-enum-value-added: schema Resposta /data/fase enum"],
    ),
    (
        "a new value that is expected",
        &[("enum: [loja, web]", "enum: [loja, web, app]")],
        &["compatible minor expected-enum-value-added: schema Resposta /data/canal enum"],
    ),
    (
        "a value is gone",
        &[("enum: [novo, pago]", "enum: [novo]")],
        &["breaking major enum-value-removed: schema Resposta /data/estado enum"],
    ),
    (
        "another Rust name of a value",
        &[("[Baixo, Alto]", "[Baixo, Elevado]")],
        &["breaking major enum-variant-renamed: schema Resposta /data/nivel x-enum-varnames"],
    ),
    (
        "an enum is closed",
        &[(
            "estado: {type: string, enum: [novo, pago]}",
            "estado: {type: string, enum: [novo, pago], x-open-enum: false}",
        )],
        &["breaking major enum-closed: schema Resposta /data/estado x-open-enum"],
    ),
    (
        "an enum is opened",
        &[("enum: [a, b], x-open-enum: false", "enum: [a, b]")],
        &["breaking major enum-opened: schema Resposta /data/fase x-open-enum"],
    ),
    (
        "a text becomes an enum",
        &[("nota: {type: string}", "nota: {type: string, enum: [a, b]}")],
        &["breaking minor became-enum: schema NovoPedido /nota enum"],
    ),
    (
        "a bound of a request is narrower",
        &[("maximum: 10, multipleOf", "maximum: 9, multipleOf")],
        &["breaking patch bound-narrowed: schema NovoPedido /desconto maximum"],
    ),
    (
        "a new bound of a request",
        &[("nota: {type: string}", "nota: {type: string, maxLength: 5}")],
        &["risky patch bound-added: schema NovoPedido /nota maxLength"],
    ),
    (
        "another step of a request",
        &[("multipleOf: 0.5", "multipleOf: 0.25")],
        &["compatible patch bound-widened: schema NovoPedido /desconto multipleOf"],
    ),
    (
        "a bound of a response is wider",
        &[("maximum: 999", "maximum: 1000")],
        &["breaking patch bound-widened: schema Resposta /data/numero maximum"],
    ),
    (
        "a bound of a response is gone",
        &[("minItems: 2, ", "")],
        &["breaking patch bound-removed: schema Resposta /data/itens minItems"],
    ),
    (
        "a pattern of a request",
        &[("nota: {type: string}", "nota: {type: string, pattern: a}")],
        &["breaking patch pattern-added: schema NovoPedido /nota pattern"],
    ),
    (
        "no pattern of a response",
        &[(", pattern: '^[A-Z]'", "")],
        &["risky patch pattern-removed: schema Resposta /data/cliente pattern"],
    ),
    (
        "another default of a request",
        &[("default: 0}", "default: 1}")],
        &["risky patch default-changed: schema NovoPedido /desconto"],
    ),
    (
        "another `not`",
        &[("not: {enum: [x]}", "not: {enum: [y]}")],
        &["risky patch keyword-changed: schema Resposta /data/proibido not"],
    ),
    (
        "an open list of values has lost one",
        &[("x-extensible-enum: [site, app]", "x-extensible-enum: [site]")],
        &["breaking patch example-value-removed: schema NovoPedido /origem x-extensible-enum"],
    ),
    // Parts and branches.
    (
        "one part less",
        &[(", {$ref: '#/components/schemas/Aviso'}]}", "]}")],
        &[
            "breaking major property-removed: schema Aviso /numero",
            "breaking major schema-renamed: schema NovoPedido /frete",
            "risky patch parts-changed: schema NovoPedido /frete",
        ],
    ),
    (
        "another part with the same members",
        &[
            (
                "{$ref: '#/components/schemas/Item'}, {$ref: '#/components/schemas/Aviso'}]}",
                "{$ref: '#/components/schemas/Item'}, {$ref: '#/components/schemas/Numero'}]}",
            ),
            (
                "    Aviso: {",
                "    Numero: {type: object, required: [numero], properties: {numero: {type: integer}}}\n    Aviso: {",
            ),
        ],
        &["risky patch parts-changed: schema NovoPedido /frete"],
    ),
    (
        "one more branch of a response",
        &[(
            "{oneOf: [{$ref: '#/components/schemas/Circulo'}, ",
            "{oneOf: [{$ref: '#/components/schemas/Triangulo'}, {$ref: '#/components/schemas/Circulo'}, ",
        )],
        &["breaking major branch-added: schema Figura |1"],
    ),
    (
        "one branch less",
        &[("{oneOf: [{$ref: '#/components/schemas/Circulo'}, ", "{oneOf: [")],
        &["breaking major branch-removed: schema Figura |1"],
    ),
    (
        "another member that tells branches apart",
        &[("propertyName: tipo", "propertyName: kind")],
        &["breaking major discriminator-changed: schema Figura discriminator"],
    ),
    (
        "another value that tells branches apart",
        &[("mapping: {c: ", "mapping: {circulo: ")],
        &["risky patch mapping-changed: schema Figura discriminator"],
    ),
    (
        "a member inside a branch",
        &[("raio: {type: number}", "raio: {type: integer}")],
        &["breaking major type-changed: schema Circulo /raio type"],
    ),
];
