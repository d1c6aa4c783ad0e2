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
         stall_timeout max_answer_bytes retry rate_limit no_rate_limit observer root_certificate identity http_client proxy no_proxy allow_plain_http clock build"
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

/// A document of a bank with two schemes of OAuth 2.
const BANK: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /cob:
    get:
      operationId: ler_cob
      security: [{app: [cob.read]}, {usuario: [openid, cob.read], dono: []}]
      responses: {'200': {description: Done.}}
components:
  securitySchemes:
    app:
      type: oauth2
      flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {cob.read: Read}}}
    usuario:
      type: oauth2
      flows:
        authorizationCode:
          {authorizationUrl: 'https://a.example/agree', tokenUrl: 'https://a.example/token', scopes: {cob.read: Read}}
    dono: {type: openIdConnect, openIdConnectUrl: 'https://a.example/.well-known/openid-configuration'}
";

#[test]
fn a_token_of_an_authorization_server_is_asked_for_by_the_client() {
    let rendered = rendered_crate(BANK);
    let constructor = file(&rendered, "constructor.rs");
    assert!(
        methods(&constructor).contains(
            "app usuario dono client_credentials authorized authorization_request credentials"
        ),
        "{}",
        methods(&constructor)
    );
    // Formatting puts commas where lines end.
    let plain = |text: &str| {
        let text: String = text.split_whitespace().collect();
        text.replace(",)", ")").replace(",]", "]")
    };
    let written = |name: &str, expect: &str| {
        let (text, expect) = (plain(&file(&rendered, name)), plain(expect));
        assert!(text.contains(&expect), "{name}: {text}");
    };
    written(
        "operations.rs",
        r#"Scheme::new("app", Placement::Bearer)
            .oauth(OAuth::new().client_credentials(Flow::new("/oauth/token"))),"#,
    );
    written(
        "operations.rs",
        r#"Scheme::new("usuario", Placement::Bearer).oauth(OAuth::new().authorization_code(
            Flow::new("https://a.example/token").authorization_url("https://a.example/agree"))),
           Scheme::new("dono", Placement::Bearer)"#,
    );
    written(
        "operations.rs",
        r#".security(&[&["app"], &["usuario", "dono"]])
           .scopes(&[("app", &["cob.read"]), ("usuario", &["cob.read", "openid"])])"#,
    );
    written("lib.rs", "//! * [`ClientBuilder::authorized`] - For a user who has agreed.");
}

#[test]
fn a_variable_of_the_server_is_a_method_of_the_builder() {
    let server = "{url: 'https://{tenant}.{region}.a.example/{timeout}', variables: {tenant: {default: demo}, \
                  region: {default: br, enum: [br, us]}, timeout: {default: v1}}}";
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: Alfa, version: '1'}}\nservers: [{server}]\npaths:\n  \
         /a: {{get: {{operationId: a, responses: {{'204': {{description: Done.}}}}}}}}\n"
    );
    let text = file(&rendered_crate(&document), "constructor.rs");
    let plain: String = text.split_whitespace().collect();
    // `timeout` is a method already.
    assert!(methods(&text).contains("base_url tenant region timeout_variable credentials"));
    for expected in [
        r#"Some("https://{tenant}.{region}.a.example/{timeout}")"#,
        r#"ServerVariable::new("tenant","tenant"),"#,
        r#"ServerVariable::new("region","region").default("br").allowed(&["br","us"])"#,
        r#"ServerVariable::new("timeout","timeout_variable").default("v1")"#,
        r#"setup:self.setup.server_variable("timeout",value)"#,
    ] {
        assert!(plain.contains(expected), "`{expected}` is lacking: {text}");
    }
}

/// Lists the names of all public methods, in order.
fn methods(text: &str) -> String {
    let names = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub fn ")?.split(['(', '<']).next());
    names.collect::<Vec<_>>().join(" ")
}
