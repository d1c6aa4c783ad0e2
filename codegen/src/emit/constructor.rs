//! Emits `constructor.rs`: the client's builder, the only way to make a client.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::names::parameter;
use crate::polish::doc_lines;
use crate::prepare::{Draft, Placement, Scheme, escaped};
use prumo_spec::openapi::ServerVariable;

/// Emits the module with `ClientBuilder`.
pub(super) fn constructor(draft: &Draft) -> TokenStream {
    let (base_url, base_url_docs) = base_url(draft);
    let base_url_docs = doc_lines(&base_url_docs);
    let (variables, variable_setters) = server_variables(draft);
    let credentials = draft.schemes.iter().map(credential);
    let grant =
        draft.schemes.iter().find(|scheme| scheme.login.is_some()).map(|_| password_grant());
    let flows = draft.schemes.iter().map(|scheme| flows(draft, scheme));
    let settings = settings();
    quote! {
        use crate::client::Client;
        use crate::operations::{OPERATIONS, SCHEMES};

        impl Client {
            /// Starts to build a client.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                let setup = ::prumo_runtime::ClientSetup::new(OPERATIONS, SCHEMES, #base_url)#variables;
                let agent = ::std::concat!(::std::env!("CARGO_PKG_NAME"), "/", ::std::env!("CARGO_PKG_VERSION"));
                ClientBuilder { setup: setup.user_agent(agent) }
            }

            /// Returns a client with other settings for its calls.
            ///
            /// It shares everything else with this client: connections, limits, login.
            #[must_use]
            pub fn with(&self, options: ::prumo_runtime::CallOptions) -> Self {
                Self {
                    baseurl: self.baseurl.clone(),
                    client: self.client.clone(),
                    inner: self.inner.with(&options),
                }
            }

            /// Starts a call for which the client has no method.
            ///
            /// `path` is a template below the base URL, such as `/tickets/{id}`. Credentials,
            /// envelope and limits are taken from the operations of this client.
            #[must_use]
            pub fn undocumented(
                &self,
                method: &'static str,
                path: &'static str,
            ) -> ::prumo_runtime::Undocumented<'_> {
                ::prumo_runtime::Undocumented::new(&self.inner, method, path)
            }
        }

        /// Sets up a [`Client`].
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct ClientBuilder {
            setup: ::prumo_runtime::ClientSetup,
        }

        impl ClientBuilder {
            #(#base_url_docs)*
            pub fn base_url(self, url: impl Into<String>) -> Self {
                Self { setup: self.setup.base_url(url) }
            }

            #(#variable_setters)*

            #(#credentials)*

            #grant

            #(#flows)*

            #(#settings)*

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// Returns an error if the base URL is missing or invalid, or if it is `https` and no
            /// TLS feature is enabled.
            pub fn build(self) -> Result<Client, ::prumo_runtime::Error> {
                let parts = self.setup.build()?;
                Ok(Client { baseurl: parts.base_url, client: parts.http, inner: parts.inner })
            }
        }
    }
}

/// Returns the default of the setup's base URL, and the docs of its method.
fn base_url(draft: &Draft) -> (TokenStream, String) {
    let template = draft.server.as_ref().map(|server| &server.url);
    let Some(known) = template.or(draft.base_url.as_ref()).or(draft.base_path.as_ref()) else {
        return (quote!(None), WITHOUT_DEFAULT.to_owned());
    };
    let docs = match &draft.base_url {
        None if known.starts_with('/') => {
            format!(
                "{WITHOUT_DEFAULT}\n\nThe spec's path `{known}` is added to a URL without a path."
            )
        }
        url => {
            let url = url.as_ref().unwrap_or(known);
            format!("Sets the base URL of the API, instead of `{url}`.")
        }
    };
    (quote!(Some(#known)), docs)
}

/// The docs of the base URL if the spec does not know one.
const WITHOUT_DEFAULT: &str =
    "Sets the base URL of the API, with scheme and host; there is no default.";

/// Returns the call that gives the setup the variables of the server, and their methods.
fn server_variables(draft: &Draft) -> (Option<TokenStream>, Vec<TokenStream>) {
    let Some(server) = &draft.server else { return (None, Vec::new()) };
    let named = server
        .variables
        .iter()
        .filter_map(|variable| Some((variable, draft.server_setters.get(&variable.name)?)));
    let rows = named.clone().map(|(ServerVariable { name, default, allowed, .. }, setter)| {
        let default = default.as_ref().map(|default| quote!(.default(#default)));
        let allowed = (!allowed.is_empty()).then(|| quote!(.allowed(&[#(#allowed),*])));
        quote!(::prumo_runtime::ServerVariable::new(#name, #setter) #default #allowed)
    });
    let call = quote!(.server_variables(const { &[#(#rows),*] }));
    let setters = named.clone().map(|(variable, setter)| {
        let (method, name) = (format_ident!("{setter}"), &variable.name);
        let docs = doc_lines(&variable_docs(&server.url, variable));
        quote! {
            #(#docs)*
            pub fn #method(self, value: impl Into<String>) -> Self {
                Self { setup: self.setup.server_variable(#name, value) }
            }
        }
    });
    (Some(call), setters.collect())
}

fn variable_docs(url: &str, variable: &ServerVariable) -> String {
    let mut docs = format!("Sets `{}` in the base URL `{url}`", variable.name);
    match &variable.default {
        Some(default) => docs.push_str(&format!("; `{default}` by default.")),
        None => docs.push_str("; it must be set, unless the base URL is."),
    }
    if !variable.allowed.is_empty() {
        docs.push_str(&format!("\n\nOne of `{}`.", variable.allowed.join("`, `")));
    }
    let said = escaped(&variable.description);
    if said.is_empty() { docs } else { format!("{docs}\n\n{said}") }
}

/// A method that forwards to the runtime's setup: name, docs, the argument's name and type.
type Setting = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const SETTINGS: [Setting; 17] = [
    (
        "credentials",
        "Sets the source of credentials that are not set here: the environment, or a store of your own.",
        Some(("source", "impl ::prumo_runtime::Credentials + 'static")),
    ),
    (
        "timeout",
        "Limits one attempt, including its response; 60 seconds by default.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "total_timeout",
        "Limits a whole call, including all attempts and the pauses between them; 3 minutes by default.\n\
         Waiting for the turn under a rate limit does not count.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "connect_timeout",
        "Limits the time to connect; 10 seconds by default.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "stall_timeout",
        "Limits the time without progress in a response or an upload; 30 seconds by default.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "max_answer_bytes",
        "Limits the number of response bytes that are read into memory; 32 MiB by default.",
        Some(("bytes", "u64")),
    ),
    (
        "retry",
        "Sets the retry policy. Only safe calls are repeated, whatever the policy says.",
        Some(("policy", "::prumo_runtime::RetryPolicy")),
    ),
    (
        "rate_limit",
        "Observes this limit for all operations together, instead of the limits in the spec.",
        Some(("limit", "::prumo_runtime::RateLimit")),
    ),
    ("no_rate_limit", "Observes no limit. A response that asks to wait is still respected.", None),
    (
        "observer",
        "Adds an observer of calls, for metrics.",
        Some(("observer", "impl ::prumo_runtime::Observer + 'static")),
    ),
    (
        "root_certificate",
        "Trusts servers with a certificate from one of these authorities, in addition to those of the\n\
         system. `pem` contains one or more certificates.",
        Some(("pem", "impl ::std::convert::AsRef<[u8]>")),
    ),
    (
        "identity",
        "Proves who the caller is by a certificate (mutual TLS), to the API and to its authorization\n\
         server. `pem` contains the certificate, those between it and its authority if there are any,\n\
         and the private key.",
        Some(("pem", "impl ::std::convert::AsRef<[u8]>")),
    ),
    (
        "http_client",
        "Sends all requests with this HTTP client, in place of one that is made from the settings here.\n\
         \n\
         Its certificates, identity, proxy and `User-Agent` count. It must follow no redirects and\n\
         retry nothing by itself: see [`prumo_runtime::ClientSetup::http_client`].",
        Some(("client", "::prumo_runtime::reqwest::Client")),
    ),
    (
        "proxy",
        "Sends all requests by this proxy, such as `http://user:password@proxy.acme.example:3128`.\n\
         \n\
         By default `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` of the environment are\n\
         read, and the system's settings on macOS and Windows. Requests to this machine never go by a\n\
         proxy. A proxy reads everything of a request to an `http` URL, also a secret in its path, and\n\
         only the host's name of one to an `https` URL.",
        Some(("url", "impl Into<String>")),
    ),
    ("no_proxy", "Uses no proxy, even if the environment names one.", None),
    (
        "allow_plain_http",
        "Allows calls with a secret in the path to this host over plain `http`, where everyone on the\n\
         way can read it, including a proxy. Without it they are refused, except to this machine.",
        Some(("host", "impl Into<String>")),
    ),
    (
        "clock",
        "Replaces the clock, for tests.",
        Some(("clock", "impl ::prumo_runtime::Clock + 'static")),
    ),
];

fn settings() -> Vec<TokenStream> {
    let setting = |(name, docs, argument): &Setting| {
        let method = format_ident!("{name}");
        let docs = doc_lines(docs);
        let (name, kind) = argument.unzip();
        let name = name.map(|name| format_ident!("{name}"));
        let kind: Option<TokenStream> = kind.and_then(|kind| kind.parse().ok());
        let declared = name.as_ref().map(|name| quote!(#name: #kind));
        quote! {
            #(#docs)*
            pub fn #method(self, #declared) -> Self {
                Self { setup: self.setup.#method(#name) }
            }
        }
    };
    SETTINGS.iter().map(setting).collect()
}

/// Emits the method that sets a user's name and password for a login.
fn password_grant() -> TokenStream {
    quote! {
        /// Logs in with a user's name and password when the first call needs a token, and again
        /// before the token expires or when it is refused.
        pub fn password_grant(self, grant: ::prumo_runtime::PasswordGrant) -> Self {
            Self { setup: self.setup.password_grant(grant) }
        }
    }
}

/// Emits the methods by which a client obtains the token of a scheme itself.
fn flows(draft: &Draft, scheme: &Scheme) -> TokenStream {
    let name = parameter(&scheme.name);
    let (prefix, of_user) = (draft.application_prefix(scheme), draft.user_prefix(scheme));
    let application = scheme.client_credentials.as_ref().map(|_| {
        let method = format_ident!("{prefix}client_credentials");
        quote! {
            /// Obtains a token for the application itself when the first call needs one
            /// (`client_credentials`), and again before it expires or when it is refused.
            ///
            /// The token has the scopes of the operation, unless the application chooses others.
            pub fn #method(self, client: ::prumo_runtime::OAuthClient) -> Self {
                Self { setup: self.setup.client_credentials(#name, client) }
            }
        }
    });
    // An import would not have the gate of the method, so that type keeps its path.
    let user = scheme.authorization_code.as_ref().map(|_| {
        let authorized = format_ident!("{of_user}authorized");
        let request = format_ident!("{of_user}authorization_request");
        quote! {
            /// Obtains a token on behalf of a user who has agreed (`authorization_code`), and renews
            /// it with the refresh token.
            pub fn #authorized(self, client: ::prumo_runtime::OAuthClient, user: ::prumo_runtime::UserGrant) -> Self {
                Self { setup: self.setup.authorized(#name, client, user) }
            }

            /// Creates a request to a user to agree, with a state and PKCE.
            ///
            /// # Errors
            ///
            /// Returns an error if the base URL is invalid, or if no usable authorization URL is known.
            #[cfg(feature = "oauth")]
            pub fn #request(&self, client: &::prumo_runtime::OAuthClient, redirect_uri: impl Into<String>) -> Result<prumo_runtime::AuthorizationRequest, ::prumo_runtime::Error> {
                self.setup.authorization_request(#name, client, redirect_uri)
            }
        }
    });
    quote!(#application #user)
}

fn credential(scheme: &Scheme) -> TokenStream {
    let method = format_ident!("{}", parameter(&scheme.name));
    let name = match scheme.placement {
        Placement::PathSegment => scheme.name.clone(),
        _ => parameter(&scheme.name),
    };
    let text = escaped(&scheme.description);
    let text =
        if text.is_empty() { format!("Sets the credential `{}`.", scheme.name) } else { text };
    let docs = doc_lines(&text);
    if scheme.placement == Placement::Basic {
        return quote! {
            #(#docs)*
            pub fn #method(self, user: impl Into<::prumo_runtime::Secret>, password: impl Into<::prumo_runtime::Secret>) -> Self {
                Self { setup: self.setup.basic(#name, user, password) }
            }
        };
    }
    quote! {
        #(#docs)*
        pub fn #method(self, secret: impl Into<::prumo_runtime::Secret>) -> Self {
            Self { setup: self.setup.credential(#name, secret) }
        }
    }
}
