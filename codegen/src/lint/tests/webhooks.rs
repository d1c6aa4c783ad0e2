//! Webhooks and signatures that can't be used, one row per fault.

use super::{FITS, complaints_of};

#[test]
fn webhooks() {
    const CALL: &str = "x-webhooks:
  aviso:
    post:
      operationId: aviso
      x-source: {page: manual, date: 2026-11-22}
      x-signature: {header: X-Assinatura, prefix: 'sha1=', algorithm: hmac-sha1, over: body, encoding: hex}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses: {'200': {description: Taken.}}
";
    let called = |old: &str, new: &str| {
        assert!(CALL.contains(old), "`{old}` changes nothing");
        complaints_of(&format!("{FITS}{}", CALL.replacen(old, new, 1)))
    };
    let rows: [(&str, &str, &str, &[&str]); 6] = [
        ("fits", "aviso", "aviso", &[]),
        (
            "no source",
            "x-source: {page: manual, date: 2026-11-22}",
            "deprecated: true",
            &["42: an operation without `x-source`"],
        ),
        ("no such digest", "hmac-sha1", "md5", &["45: `algorithm` does not know `md5`"]),
        ("half a signature", "over: body, ", "", &["45: a signature without `over`"]),
        (
            "no body",
            "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}",
            "tags: []",
            &["42: a webhook without `requestBody`"],
        ),
        (
            "an id that is taken",
            "operationId: aviso",
            "operationId: ler_item",
            &[
                "43: operationId `ler_item` is also that of `/paths/~1item~1{token}~1{id}/get`, or becomes the same method",
            ],
        ),
    ];
    for (name, old, new, expected) in rows {
        assert_eq!(called(old, new), expected, "row `{name}`");
    }
}
