//! Turns a token request into a call of the authorization server, and its response into a token.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use crate::credentials::IssuedToken;
use crate::error::Error;
use crate::inner::{Inner, ServerAddress};
use crate::job::{Job, Purpose, ReadMode, TokenEndpoint};
use crate::login;
use crate::oauth::{Authentication, Proof, TokenRequest, assertion, endpoint};
use crate::raw_response::RawResponse;
use crate::secret::Secret;
use crate::table::{Login, Operation};

/// The request for a token, as errors and observers name it.
static OPERATION: Operation = Operation::new("token", "token", "POST", "/");

/// The places of the token and its lifetime in a response (RFC 6749).
const PLACES: Login = Login::new("token", "/access_token").expires_in("/expires_in");

/// The members of a form.
type Members = Vec<(String, Secret)>;

/// Builds the job of a token request.
pub(crate) async fn job(inner: &Inner, request: &TokenRequest) -> Result<Job, Error> {
    let (grant, proof) = grant(request).await?;
    let is_repeatable = request.user.is_none();
    let refresh_url = Some(request.flow.refresh_url).filter(|url| !url.is_empty());
    let known = match proof {
        Some(Proof::RefreshToken(_)) => refresh_url.unwrap_or(request.flow.token_url),
        Some(Proof::Code(_)) | None => request.flow.token_url,
    };
    let url = request.client.token_url.as_deref().unwrap_or(known);
    let url = endpoint(inner.base_url(), url, "token", inner.plain_http_hosts())?;
    let (members, basic) = authenticated(inner, request, grant, url.as_str()).await?;
    for (name, secret) in &members {
        if SECRETS.contains(&name.as_str()) {
            inner.learn(secret);
        }
    }
    let pairs: Vec<_> = members.iter().map(|(name, text)| (name, text.expose())).collect();
    let form = serde_urlencoded::to_string(pairs)
        .map_err(|_| Error::invalid("the token request can't be written as a form"))?;
    let http = inner.http_for(&url)?;
    let server = ServerAddress::of(&url);
    let mut built = http
        .post(url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form);
    if let Some(basic) = basic {
        built = built.header(AUTHORIZATION, basic);
    }
    Ok(Job {
        operation: &OPERATION,
        request: built.build()?,
        form: None,
        read_mode: ReadMode::Whole(None),
        purpose: Purpose::Token(TokenEndpoint { http, server, is_repeatable }),
    })
}

/// Names of the members that must never be shown.
const SECRETS: [&str; 5] =
    ["client_secret", "client_assertion", "code", "code_verifier", "refresh_token"];

/// Returns the members that ask for the token, and the proof of the user among them.
async fn grant(request: &TokenRequest) -> Result<(Members, Option<Proof>), Error> {
    let member = |name: &str, text: &str| (name.to_owned(), Secret::new(text));
    let Some(user) = &request.user else {
        let mut members = vec![member("grant_type", "client_credentials")];
        if !request.scopes.is_empty() {
            members.push(member("scope", &request.scopes.join(" ")));
        }
        return Ok((members, None));
    };
    let proof = user.proof(request.scheme).await?;
    let members = match &proof {
        Proof::Code(code) => {
            let mut members = vec![
                member("grant_type", "authorization_code"),
                ("code".to_owned(), code.code.clone()),
                member("redirect_uri", &code.redirect_uri),
            ];
            let verifier = code.verifier.clone();
            members.extend(verifier.map(|verifier| ("code_verifier".to_owned(), verifier)));
            members
        }
        Proof::RefreshToken(token) => {
            vec![member("grant_type", "refresh_token"), ("refresh_token".to_owned(), token.clone())]
        }
    };
    Ok((members, Some(proof)))
}

/// Adds the proof of the application: members of the form, or the value of a header.
async fn authenticated(
    inner: &Inner,
    request: &TokenRequest,
    mut members: Members,
    token_url: &str,
) -> Result<(Members, Option<HeaderValue>), Error> {
    let client = &request.client;
    let member = |name: &str, text: &str| (name.to_owned(), Secret::new(text));
    let further = client.parameters.iter().map(|(name, value)| member(name, value));
    members.extend(further);
    if let Authentication::Basic(secret) = &client.authentication {
        inner.learn(secret);
        return Ok((members, Some(basic(&client.id, secret)?)));
    }
    members.push(member("client_id", &client.id));
    match &client.authentication {
        Authentication::None | Authentication::Basic(_) => {}
        Authentication::Post(secret) => members.push(("client_secret".to_owned(), secret.clone())),
        Authentication::Assertion(signer) => {
            let audience = client.audience.as_deref().unwrap_or(token_url);
            let signed = assertion(&**signer, &client.id, audience, inner.clock().unix()).await;
            let signed = signed.map_err(|why| Error::no_credential(request.scheme, why))?;
            let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            members.push(member("client_assertion_type", kind));
            members.push(("client_assertion".to_owned(), signed));
        }
    }
    Ok((members, None))
}

/// Returns `Authorization: Basic` of an application. Both parts are encoded first (RFC 6749,
/// section 2.3.1).
fn basic(id: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let encoded = |text: &str| -> String {
        let pair = serde_urlencoded::to_string([("t", text)]).unwrap_or_default();
        pair.trim_start_matches("t=").to_owned()
    };
    let pair = format!("{}:{}", encoded(id), encoded(secret.expose()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair)))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Reads the token from the response, and keeps a new refresh token.
pub(crate) async fn read(
    inner: &Inner,
    request: &TokenRequest,
    response: RawResponse,
) -> Result<IssuedToken, Error> {
    let (issued, answer) = login::read(inner, PLACES, response).await?;
    let Some(user) = &request.user else { return Ok(issued) };
    user.spend_code();
    let refresh_token = answer.get("refresh_token").and_then(Value::as_str);
    if let Some(token) = refresh_token.filter(|text| !text.is_empty()) {
        let token = Secret::new(token);
        inner.learn(&token);
        user.keep(token).await;
    }
    Ok(issued)
}
