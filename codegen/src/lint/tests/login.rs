//! A login that names something that does not exist, one row per fault.

use super::{FITS, complaints_of};

#[test]
fn logins() {
    const GOOD: &str = "operation: entrar, token: /chave, expires-in: /vida";
    const TOKEN: &str = "    post:
      operationId: entrar
      x-source: {page: manual, date: 2026-11-22}
      x-envelope: null
      security: []
      responses:
        '200':
          description: A token.
          content: {application/json: {schema: {$ref: '#/components/schemas/Token'}}}
";
    const SCHEMA: &str = "    Token:
      type: object
      required: [chave]
      properties:
        chave: {type: string, x-evidence: observed}
        vida: {type: integer, x-evidence: observed}
";
    let with_login = |members: &str, token: &str| {
        let text = FITS.replacen("paths:\n", &format!("paths:\n  /token:\n{token}"), 1);
        let text = text.replacen("      x-source: {page: manual, date: 2026-11-22}\n      parameters", "      x-source: {page: manual, date: 2026-11-22}\n      security: [{chave: []}]\n      parameters", 1);
        let schemes = format!(
            "components:\n  securitySchemes:\n    chave: {{type: http, scheme: bearer, x-login: {{{members}}}}}\n  schemas:\n{SCHEMA}"
        );
        complaints_of(&text.replacen("components:\n  schemas:\n", &schemes, 1))
    };
    let rows: [(&str, String, &[&str]); 7] = [
        ("fits", GOOD.to_owned(), &[]),
        ("no life", "operation: entrar, token: /chave".to_owned(), &[]),
        ("no operation", "token: /chave".to_owned(), &["32: a login without `operation`"]),
        (
            "unknown operation",
            GOOD.replace("entrar", "sair"),
            &["32: there is no operation `sair`"],
        ),
        (
            "no pointer",
            GOOD.replace("/chave", "chave"),
            &["32: `token` must be a JSON Pointer such as `/data`"],
        ),
        (
            "no such place",
            GOOD.replace("/vida", "/idade"),
            &["32: no answer of `entrar` has `/idade`"],
        ),
        ("misspelt", GOOD.replace("expires-in", "expires"), &["32: a login has no `expires`"]),
    ];
    for (name, members, expected) in rows {
        assert_eq!(with_login(&members, TOKEN), expected, "row `{name}`");
    }
    let secured = TOKEN.replace("security: []", "security: [{chave: []}]");
    assert_eq!(with_login(GOOD, &secured), ["32: `entrar` gives the token and asks for one"]);
}
