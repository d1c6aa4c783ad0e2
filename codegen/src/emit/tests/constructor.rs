//! The client's builder: its credentials and its settings.

use super::{excerpt, file};
use crate::tests::{SPEC, rendered_crate};

#[test]
fn the_constructor_has_a_method_for_each_credential() {
    let text = file(&rendered_crate(SPEC), "constructor.rs");
    insta::assert_snapshot!(excerpt(&text, "/// Sets the credential `token`.", "    }"), @r###"
    /// Sets the credential `token`.
    pub fn token(self, secret: impl Into<Secret>) -> Self {
        Self {
            setup: self.setup.credential("token", secret),
        }
    }
    "###);
    assert_eq!(
        methods(&text),
        "builder with undocumented base_url token credentials timeout total_timeout connect_timeout \
         stall_timeout max_answer_bytes retry rate_limit no_rate_limit observer root_certificate proxy no_proxy allow_plain_http clock build"
    );
}

/// A document with a token that a login returns.
const LOGIN: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
security: [{bearer: []}]
paths:
  /token:
    post:
      operationId: entrar
      security: []
      responses:
        '200':
          description: A token.
          content: {application/json: {schema: {type: object, properties: {chave: {type: string}, vida: {type: integer}}}}}
  /item:
    get: {operationId: ler_item, responses: {'200': {description: Done.}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer, x-login: {operation: entrar, token: /chave, expires-in: /vida}}
";

#[test]
fn a_token_that_a_login_gives_is_asked_for_by_the_client() {
    let rendered = rendered_crate(LOGIN);
    assert!(
        methods(&file(&rendered, "constructor.rs")).contains("bearer password_grant credentials")
    );
    insta::assert_snapshot!(excerpt(&file(&rendered, "operations.rs"), "pub const SCHEMES", "];"), @r###"
    pub const SCHEMES: &[Scheme] = &[
        Scheme::new("bearer", Placement::Bearer)
            .login(Login::new("entrar", "/chave").expires_in("/vida")),
    ];
    "###);
}

/// Lists the names of all public methods, in order.
fn methods(text: &str) -> String {
    let names = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn ")?.split(['(', '<']).next());
    names.collect::<Vec<_>>().join(" ")
}
