//! Operations, their parameters and their bodies.

use super::{FITS, complaints_of, judge};

#[test]
fn operations_and_paths() {
    judge(&[
        (
            "no operationId",
            "operationId: ler_item",
            "summary: x",
            &["6: an operation without `operationId`"],
        ),
        (
            "server of its own",
            "operationId: ler_item",
            "operationId: ler_item\n      servers: [{url: 'https://b.example'}]",
            &["8: `servers` of its own are not used: a client has one base URL"],
        ),
        (
            "callback",
            "operationId: ler_item",
            "operationId: ler_item\n      callbacks: {}",
            &["8: callbacks are not generated"],
        ),
        (
            "reserved operationId",
            "operationId: ler_item",
            "operationId: exec",
            &["7: an operation cannot be the method `exec`"],
        ),
        ("source without a date", ", date: 2026-11-22}", "}", &["8: a source without `date`"]),
        (
            "source of a day that is not in the calendar",
            "date: 2026-11-22}",
            "date: 2026-02-31}",
            &["8: `date` must be a date, YYYY-MM-DD"],
        ),
    ]);
}

#[test]
fn parameters() {
    judge(&[
        (
            "parameter not in the path",
            "/item/{token}/{id}:",
            "/item/{token}:",
            &["6: path parameter `id` is not in `/item/{token}`"],
        ),
        (
            "parameter not declared",
            "/item/{token}/{id}:",
            "/item/{token}/{id}/{cor}:",
            &["6: path parameter `cor` of `/item/{token}/{id}/{cor}` is not declared"],
        ),
        (
            "same name in two places",
            "name: token, in: path",
            "name: id, in: header, schema: {type: string}}\n        - {name: token, in: path",
            &[
                "6: parameters `id` (path) and `id` (header) become the same method",
                "10: parameter `id` without `x-evidence`",
            ],
        ),
        (
            "secret in a query",
            "- {name: token, in: path",
            "- {name: token, in: query",
            &[
                "6: path parameter `token` of `/item/{token}/{id}` is not declared",
                "10: `x-secret` is for path parameters",
            ],
        ),
        (
            "secret that is part of a segment",
            "/item/{token}/{id}:",
            "/item/x{token}/{id}:",
            &["10: secret parameter `token` is not a whole segment of `/item/x{token}/{id}`"],
        ),
        ("no status", "'200':", "'2OO':", &["13: `2OO` is no status"]),
        (
            "required cookie",
            "name: id, in: path, required: true",
            "name: s, in: cookie, required: true, schema: {type: string}, x-evidence: observed}\n        - {name: id, in: path, required: true",
            &["11: parameter `s`: a cookie"],
        ),
        (
            "parameter called like a method",
            "name: id, in: path, required: true",
            "name: send, in: query, schema: {type: string}, x-evidence: observed}\n        - {name: id, in: path, required: true",
            &["11: a parameter cannot be the method `send` of a builder, which has one already"],
        ),
    ]);
}

#[test]
fn bodies_that_may_be_left_out() {
    let id = "x-source: {page: manual, date: 2026-11-22}";
    let body = |media: &str, schema: &str| {
        let body = format!("requestBody: {{content: {{{media}: {{schema: {schema}}}}}}}");
        complaints_of(&FITS.replacen(id, &format!("{id}\n      {body}"), 1))
    };
    let optional = "{type: object, properties: {motivo: {type: string, x-evidence: observed}}}";
    assert_eq!(body("application/json", optional), [""; 0]);
    let always = ["9: a request body that may be left out is always sent"];
    assert_eq!(
        body("application/json", "{$ref: '#/components/schemas/Item'}"),
        always,
        "`id` is required"
    );
    assert_eq!(body("multipart/form-data", optional), always);
}
