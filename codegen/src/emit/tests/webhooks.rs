//! Webhooks.

use super::{excerpt, file};
use crate::tests::{SPEC, rendered_crate};

/// Webhooks: signed and unsigned, with a type of their own and without.
const WEBHOOKS: &str = "
x-webhooks:
  aviso:
    post:
      operationId: aviso
      summary: An item changed
      x-source: {page: manual, date: 2026-11-22}
      x-signature: {header: X-Assinatura, prefix: 'sha1=', algorithm: hmac-sha1, over: body, encoding: hex}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feito'}}}}
      responses: {'200': {description: Taken.}}
  aberto:
    post:
      operationId: aberto
      x-source: {page: manual, date: 2026-11-22}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feito'}}}}
      responses: {'200': {description: Taken.}}
  lista:
    post:
      operationId: lista
      x-source: {page: manual, date: 2026-11-22}
      x-signature: {header: X-Assinatura, prefix: '', algorithm: hmac-sha256, over: body, encoding: hex}
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      responses: {'200': {description: Taken.}}
";

#[test]
fn what_the_vendor_signs_is_verified_before_it_has_a_type() {
    let rendered = rendered_crate(&format!("{SPEC}{WEBHOOKS}"));
    let text = file(&rendered, "webhooks.rs");
    insta::assert_snapshot!(excerpt(&text, "/// An item changed", "}"), @r###"
    /// An item changed
    ///
    /// Source: manual, 2026-11-22.
    ///
    /// # Errors
    ///
    /// Returns an error if the signature is missing or wrong, or if there is no secret.
    pub fn aviso<'b, I>(
        secrets: &[Secret],
        header: impl FnOnce(&'static str) -> I,
        body: &'b [u8],
    ) -> Result<Verified<'b, types::Feito>, WebhookError>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        webhook::verify(&operations::WEBHOOKS[0usize], secrets, header, body)
    }
    "###);
    assert!(text.contains("pub fn lista<'b, I>("), "{text}");
    assert!(text.contains("Result<Verified<'b, Value>, WebhookError>"), "{text}");
    assert!(text.contains("&operations::WEBHOOKS[2usize]"), "{text}");
    assert!(!text.contains("fn aberto"), "nothing of it can be verified: {text}");
    assert!(
        file(&rendered, "lib.rs")
            .contains("//! * `webhooks::aviso` - An item changed\n//! * `webhooks::lista`\n")
    );
}

#[test]
fn a_spec_without_signatures_has_no_module_for_them() {
    let rendered = rendered_crate(SPEC);
    assert!(rendered.files.iter().all(|file| file.name != "webhooks.rs"));
    assert!(!file(&rendered, "lib.rs").contains("webhooks"));
}
