//! Emits `constructor.rs`: the client's builder, the only way to make a client.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::names::parameter;
use crate::polish::doc_lines;
use crate::prepare::{Draft, Placement, Scheme, escaped};

/// Emits the module with `ClientBuilder`.
pub(super) fn constructor(draft: &Draft) -> TokenStream {
    let (base_url, base_url_docs) = match &draft.base_url {
        Some(url) => (quote!(Some(#url)), format!("Where the API is, instead of `{url}`.")),
        None => (quote!(None), "Where the API is, with scheme and host; there is no default.".to_owned()),
    };
    let base_url_docs = doc_lines(&base_url_docs);
    let credentials = draft.schemes.iter().map(credential);
    let grant = draft.schemes.iter().find(|scheme| scheme.login.is_some()).map(|_| password_grant());
    let settings = settings();
    quote! {
        use crate::client::Client;
        use crate::operations::{OPERATIONS, SCHEMES};

        impl Client {
            /// Starts a client.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                let setup = ::prumo_runtime::ClientSetup::new(OPERATIONS, SCHEMES, #base_url);
                let agent = ::std::concat!(::std::env!("CARGO_PKG_NAME"), "/", ::std::env!("CARGO_PKG_VERSION"));
                ClientBuilder { setup: setup.user_agent(agent) }
            }

            /// This client with other settings for the calls made through it.
            ///
            /// All else is shared with this client: connections, limits, login.
            #[must_use]
            pub fn with(&self, options: ::prumo_runtime::CallOptions) -> Self {
                Self {
                    baseurl: self.baseurl.clone(),
                    client: self.client.clone(),
                    inner: self.inner.with(&options),
                }
            }

            /// A call that the client has no method for, with all that other calls have.
            ///
            /// `path` is a template below the base URL, such as `/tickets/{id}`; credentials,
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

            #(#credentials)*

            #grant

            #(#settings)*

            /// The client.
            ///
            /// # Errors
            ///
            /// If the base URL is missing or no URL, or if it is `https` and no TLS feature is on.
            pub fn build(self) -> Result<Client, ::prumo_runtime::Error> {
                let parts = self.setup.build()?;
                Ok(Client { baseurl: parts.base_url, client: parts.http, inner: parts.inner })
            }
        }
    }
}

/// A method that forwards to the runtime's setup: name, docs, the argument's name and type.
type Setting = (&'static str, &'static str, Option<(&'static str, &'static str)>);

const SETTINGS: [Setting; 12] = [
    (
        "credentials",
        "Where credentials come from that are not set here: the environment, or a store of your own.",
        Some(("source", "impl ::prumo_runtime::Credentials + 'static")),
    ),
    (
        "timeout",
        "How long one attempt may take, its answer included; 60 seconds if not set.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "total_timeout",
        "How long a whole call may take, with all its attempts and the pauses between them; 3 minutes\n\
         if not set. The wait for the turn that a rate limit asks for is not counted.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "connect_timeout",
        "How long it may take to reach the server; 10 seconds if not set.",
        Some(("timeout", "::std::time::Duration")),
    ),
    (
        "stall_timeout",
        "For how long nothing of an answer may arrive; 30 seconds if not set.",
        Some(("timeout", "::std::time::Duration")),
    ),
    ("max_answer_bytes", "How many bytes of an answer are read; 32 MiB if not set.", Some(("bytes", "u64"))),
    (
        "retry",
        "How often a call is tried again. Only what is safe is repeated, whatever the policy says.",
        Some(("policy", "::prumo_runtime::RetryPolicy")),
    ),
    (
        "rate_limit",
        "Keeps this limit, for all operations together, instead of what the vendor says.",
        Some(("limit", "::prumo_runtime::RateLimit")),
    ),
    ("no_rate_limit", "Keeps no limit. An answer that asks to wait is still heeded.", None),
    (
        "observer",
        "Tells this observer, too, what happens in calls: for metrics.",
        Some(("observer", "impl ::prumo_runtime::Observer + 'static")),
    ),
    (
        "root_certificate",
        "Trusts servers whose certificate one of these has signed, besides those that the system\n\
         trusts: one certificate in PEM, or many one after the other.",
        Some(("pem", "impl ::std::convert::AsRef<[u8]>")),
    ),
    (
        "clock",
        "Takes the time from this clock: for tests.",
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

fn credential(scheme: &Scheme) -> TokenStream {
    let method = format_ident!("{}", parameter(&scheme.name));
    let name = match scheme.placement {
        Placement::PathSegment => scheme.name.clone(),
        _ => parameter(&scheme.name),
    };
    let text = escaped(&scheme.description);
    let text = if text.is_empty() { format!("The credential `{}`.", scheme.name) } else { text };
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
