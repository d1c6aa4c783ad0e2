//! The orders of the invented vendor `acme`: a spec, clean exchanges, and rows of changes to them.

use prumo_drift::{Rule, Severity};
use serde_json::{Value, json};

/// Returns the document of the vendor `acme`, with an envelope like those of PHP vendors.
pub(crate) fn acme_document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "acme", "version": "1"},
        "servers": [{"url": "https://api.acme.example/v1/"}],
        "x-envelope": {"tag": "/erro", "success": [false], "message": "/mensagem", "payload": "/data"},
        "paths": {
            "/pedido/{token}/{id}": {
                "parameters": [
                    {"name": "token", "in": "path", "required": true, "x-secret": true, "schema": {"type": "string"}},
                    {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}
                ],
                "get": {
                    "operationId": "ler_pedido",
                    "parameters": [
                        {"name": "lingua", "in": "query", "required": true, "schema": {"type": "string", "enum": ["pt", "en"]}},
                        {"name": "pagina", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                        {"name": "X-Loja", "in": "header", "required": true, "schema": {"type": "string"}}
                    ],
                    "responses": {
                        "200": {"description": "ok", "content": {"application/json": {"schema": {
                            "oneOf": [{"$ref": "#/components/schemas/Lido"}, {"$ref": "#/components/schemas/Erro"}]
                        }}}},
                        "429": {"description": "slow down", "content": {"text/html": {"schema": {"type": "string"}}}},
                        "4XX": {"description": "no", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Erro"}}}}
                    }
                },
                "post": {
                    "operationId": "criar_pedido",
                    "x-max-request-bytes": 1000,
                    "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {
                        "type": "object",
                        "required": ["titulo", "prioridade"],
                        "properties": {
                            "titulo": {"type": "string", "maxLength": 10},
                            "prioridade": {"type": "integer", "enum": [1, 2, 3]},
                            "campos": {"type": "object", "additionalProperties": {"type": "string"}},
                            "anexos": {"type": "array", "items": {"type": "string", "format": "binary"}}
                        }
                    }}}},
                    "responses": {"200": {"description": "ok"}}
                },
                "put": {
                    "operationId": "mudar_pedido",
                    "requestBody": {"content": {"application/json": {"schema": {
                        "type": "object",
                        "required": ["quando", "numero"],
                        "properties": {
                            "numero": {"type": "integer", "readOnly": true},
                            "quando": {"type": "string", "format": "br-date"}
                        }
                    }}}},
                    "responses": {"204": {"description": "done", "headers": {
                        "X-Versao": {"required": true, "schema": {"type": "integer", "minimum": 1}}
                    }}}
                }
            }
        },
        "components": {"schemas": {
            "Lido": {
                "type": "object",
                "required": ["erro", "mensagem", "data"],
                "properties": {
                    "erro": {"type": "boolean", "enum": [false]},
                    "mensagem": {"type": "string", "nullable": true},
                    "data": {"$ref": "#/components/schemas/Pedido"}
                }
            },
            "Erro": {
                "type": "object",
                "required": ["erro", "mensagem"],
                "properties": {
                    "erro": {"type": "boolean", "enum": [true]},
                    "mensagem": {"type": "string"}
                }
            },
            "Pedido": {
                "type": "object",
                "required": ["id", "tipo"],
                "properties": {
                    "id": {"type": "integer"},
                    "tipo": {"type": "string", "enum": ["I", "E"]},
                    "aberto": {"type": "string", "format": "br-datetime-minutes", "nullable": true},
                    "total": {"format": "number-or-string", "type": "number"},
                    "desconto": {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "number", "maximum": 50}]},
                    "linhas": {"type": "array", "maxItems": 3, "items": {
                        "type": "object",
                        "required": ["codigo"],
                        "properties": {"codigo": {"type": "string", "pattern": "^[a-z]{2}\\d$"}}
                    }}
                }
            }
        }}
    })
}

/// Returns a clean response.
pub(crate) fn lido() -> Value {
    json!({
        "operation": "ler_pedido",
        "request": {
            "method": "GET",
            "path": "/v1/pedido/{token}/12",
            "query": {"lingua": "pt"},
            "headers": {"x-loja": "7", "user-agent": "acme"}
        },
        "response": {
            "status": 200,
            "headers": {"content-type": "application/json", "server": "nginx"},
            "body": {"erro": false, "mensagem": null, "data": {
                "id": 12, "tipo": "I", "aberto": "02/11/2023 20:18", "total": 69.9, "desconto": 70,
                "linhas": [{"codigo": "ab1"}, {"codigo": "cd2"}]
            }}
        }
    })
}

pub(crate) fn criado() -> Value {
    json!({
        "request": {
            "method": "POST",
            "path": "/pedido/{token}/12",
            "form": [
                {"name": "titulo", "value": "sem sinal"},
                {"name": "prioridade", "value": "2"},
                {"name": "campos[a1]", "value": "x"},
                {"name": "campos[b2]", "value": "y"},
                {"name": "anexos[]", "file": "a.png", "content_type": "image/png", "bytes": 3}
            ]
        },
        "response": {"status": 200}
    })
}

pub(crate) fn mudado() -> Value {
    json!({
        "request": {"method": "PUT", "path": "/pedido/{token}/12", "body": {"quando": "16/11/2018"}},
        "response": {"status": 204}
    })
}

/// A change in a clean exchange, and the expected finding.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) exchange: Value,
    pub(crate) expect: Vec<Expected>,
}

/// Rule, side, status, case, place, severity, seen.
pub(crate) type Expected =
    (Rule, &'static str, Option<u16>, Option<&'static str>, &'static str, Severity, &'static str);

pub(crate) fn changed(mut exchange: Value, pointer: &str, value: Value) -> Value {
    *exchange.pointer_mut(pointer).unwrap_or_else(|| panic!("no `{pointer}`")) = value;
    exchange
}

pub(crate) fn with(mut exchange: Value, pointer: &str, name: &str, value: Value) -> Value {
    let object = exchange.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
    object.insert(name.to_owned(), value);
    exchange
}

pub(crate) fn without(mut exchange: Value, pointer: &str, name: &str) -> Value {
    let object = exchange.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
    assert!(object.shift_remove(name).is_some(), "no `{name}`");
    exchange
}

pub(crate) fn fits(name: &'static str, exchange: Value) -> Row {
    Row { name, exchange, expect: Vec::new() }
}

pub(crate) fn drifts(name: &'static str, exchange: Value, expect: Expected) -> Row {
    Row { name, exchange, expect: vec![expect] }
}

/// Returns a finding in the response of `ler_pedido`, in the case of success.
pub(crate) fn in_answer(
    rule: Rule,
    at: &'static str,
    severity: Severity,
    seen: &'static str,
) -> Expected {
    (rule, "response", Some(200), Some("erro=false"), at, severity, seen)
}

/// Returns a finding on a whole response, without a case.
pub(crate) fn of_answer(
    rule: Rule,
    status: u16,
    at: &'static str,
    severity: Severity,
    seen: &'static str,
) -> Expected {
    (rule, "response", Some(status), None, at, severity, seen)
}

pub(crate) fn in_request(rule: Rule, at: &'static str, seen: &'static str) -> Expected {
    let severity = match rule {
        Rule::ParamUndocumented | Rule::FieldUndocumented => Severity::Compatible,
        _ => Severity::Risky,
    };
    (rule, "request", None, None, at, severity, seen)
}

impl Row {
    pub(crate) fn and(mut self, expect: Expected) -> Self {
        self.expect.push(expect);
        self
    }
}
