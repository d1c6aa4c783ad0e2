//! Extensions without a test file of their own.

use super::judge;

#[test]
fn extensions() {
    judge(&[
        (
            "evidence that nobody knows",
            "x-evidence: documented",
            "x-evidence: document",
            &["10: `x-evidence` does not know \"document\""],
        ),
        (
            "names and values of different number",
            "x-enum-varnames: [Amarelo, Branco]",
            "x-enum-varnames: [Amarelo]",
            &["39: `x-enum-varnames` has 1 names for 2 values"],
        ),
        (
            "openness by another word",
            "x-enum-varnames: [Amarelo, Branco]",
            "x-open-enum: extendable",
            &["39: `x-open-enum` must be `true`, `false` or `extensible`"],
        ),
        (
            "extensible enum of texts",
            "x-enum-varnames: [Amarelo, Branco]",
            "x-open-enum: extensible",
            &[],
        ),
        (
            "extensible enum of booleans",
            "type: string, enum: [a, b], x-enum-varnames: [Amarelo, Branco]",
            "type: boolean, enum: [true], x-open-enum: extensible",
            &["39: only an enum of texts or integers is `extensible`"],
        ),
        (
            "name twice",
            "[Amarelo, Branco]",
            "[Amarelo, Amarelo]",
            &["39: `Amarelo` names two values"],
        ),
        (
            "name that is none",
            "[Amarelo, Branco]",
            "[amarelo, Branco]",
            &["39: `amarelo` is no PascalCase name"],
        ),
        (
            "member of the envelope misspelt",
            "payload: /data",
            "paylaod: /data",
            &["3: an envelope has no `paylaod`"],
        ),
        (
            "pointer that leads nowhere",
            "message: /msg",
            "message: /mensagem",
            &["6: `x-envelope` says `message` is `/mensagem`, which no answer of `ler_item` has"],
        ),
    ]);
}

#[test]
fn limits() {
    judge(&[
        (
            "cap of nothing",
            "operationId: ler_item",
            "operationId: ler_item\n      x-max-request-bytes: 0",
            &["8: `x-max-request-bytes` must be a positive whole number"],
        ),
        (
            "rate without seconds",
            "operationId: ler_item",
            "operationId: ler_item\n      x-rate-limit: {requests: 3}",
            &["8: `x-rate-limit` must be `{requests, seconds}`, two positive whole numbers"],
        ),
    ]);
}

#[test]
fn probes() {
    judge(&[
        (
            "probe of a parameter that is none",
            "operationId: ler_item",
            "operationId: ler_item\n      x-probe: {safe: true, parameters: {cor: 1}}",
            &["8: the operation has no parameter `cor`"],
        ),
        (
            "probe of a source that is none",
            "operationId: ler_item",
            "operationId: ler_item\n      x-probe: {safe: true, from: {cor: {operation: listar, at: /a}}}",
            &["8: the operation has no parameter `cor`", "8: there is no operation `listar`"],
        ),
        (
            "probe that is its own source, at a place that is none",
            "operationId: ler_item",
            "operationId: ler_item\n      x-probe: {safe: true, from: {id: {operation: ler_item, at: /nada, or: 1}}}",
            &[
                "8: a probe can't be its own source",
                "8: no answer has `/nada`",
                "8: a source has no `or`",
            ],
        ),
        (
            "probe that is not called, for no reason",
            "operationId: ler_item",
            "operationId: ler_item\n      x-probe: {safe: false}",
            &["8: `x-probe` says `safe: false` without a `reason`"],
        ),
    ]);
}

#[test]
fn protocols() {
    judge(&[
        (
            "protocol that is no pointer",
            "operationId: ler_item",
            "operationId: ler_item\n      x-protocol: data",
            &["8: `x-protocol` must be a JSON Pointer such as `/data`"],
        ),
        (
            "protocol that no answer has",
            "operationId: ler_item",
            "operationId: ler_item\n      x-protocol: /data/protocolo",
            &["8: no answer has `/data/protocolo`"],
        ),
    ]);
}

#[test]
fn list_names() {
    judge(&[
        (
            "list names of another kind",
            "x-source: {page: manual, date: 2026-11-22}",
            "x-source: {page: manual, date: 2026-11-22}\n      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Item'}, encoding: {id: {x-list-names: numbered}}}}}",
            &["9: `x-list-names` must be `indexed`"],
        ),
        (
            "list names of what is no list",
            "x-source: {page: manual, date: 2026-11-22}",
            "x-source: {page: manual, date: 2026-11-22}\n      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Item'}, encoding: {id: {x-list-names: indexed}}}}}",
            &["9: `x-list-names` of `id`, which is no list of texts or files"],
        ),
    ]);
}
