//! Emits `constructor.rs`: the one way to a client.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::module_docs;
use crate::generate::names::parameter;
use crate::generate::polish::doc_lines;
use crate::generate::prepare::{Draft, Placement, Scheme, escaped};

/// The module with `ClientBuilder`.
pub(super) fn constructor(draft: &Draft) -> TokenStream {
    let docs = module_docs("Turns a base URL and credentials into a client.");
    let (base_url, base_url_docs) = match &draft.base_url {
        Some(url) => (quote!(Some(#url)), format!("Where the API is, instead of `{url}`.")),
        None => (quote!(None), "Where the API is, with scheme and host; there is no default.".to_owned()),
    };
    let base_url_docs = doc_lines(&base_url_docs);
    let credentials = draft.schemes.iter().map(credential);
    quote! {
        #docs
        use ::progenitor_client::{ClientSetup, Error};

        use crate::client::Client;
        use crate::operations::{OPERATIONS, SCHEMES};

        impl Client {
            /// Starts a client.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                let setup = ClientSetup::new(OPERATIONS, SCHEMES, #base_url);
                let agent = ::std::concat!(::std::env!("CARGO_PKG_NAME"), "/", ::std::env!("CARGO_PKG_VERSION"));
                ClientBuilder { setup: setup.user_agent(agent) }
            }
        }

        /// Sets up a [`Client`].
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct ClientBuilder {
            setup: ClientSetup,
        }

        impl ClientBuilder {
            #(#base_url_docs)*
            pub fn base_url(self, url: impl Into<String>) -> Self {
                Self { setup: self.setup.base_url(url) }
            }

            #(#credentials)*

            /// How long a request may take, its answer included.
            pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
                Self { setup: self.setup.timeout(timeout) }
            }

            /// How long it may take to reach the server.
            pub fn connect_timeout(self, timeout: ::std::time::Duration) -> Self {
                Self { setup: self.setup.connect_timeout(timeout) }
            }

            /// How many bytes of an answer are read.
            pub fn max_answer_bytes(self, bytes: u64) -> Self {
                Self { setup: self.setup.max_answer_bytes(bytes) }
            }

            /// The client.
            ///
            /// # Errors
            ///
            /// If the base URL is missing or no URL, or if it is `https` and no TLS feature is on.
            pub fn build(self) -> Result<Client, Error> {
                let parts = self.setup.build()?;
                Ok(Client { baseurl: parts.base_url, client: parts.http, inner: parts.inner })
            }
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
            pub fn #method(self, user: impl Into<::progenitor_client::Secret>, password: impl Into<::progenitor_client::Secret>) -> Self {
                Self { setup: self.setup.basic(#name, user, password) }
            }
        };
    }
    quote! {
        #(#docs)*
        pub fn #method(self, secret: impl Into<::progenitor_client::Secret>) -> Self {
            Self { setup: self.setup.credential(#name, secret) }
        }
    }
}
