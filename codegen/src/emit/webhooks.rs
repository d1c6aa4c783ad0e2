//! Emits `webhooks.rs`: one function for each signed call of the vendor, which verifies its bytes
//! and parses them into its type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Item;

use crate::names::parameter;
use crate::polish::{doc_lines, module};
use crate::prepare::{Draft, Webhook, schema};
use crate::spec::Spec;

/// Emits the module, or returns `None` if the spec has no signed webhook.
pub(super) fn webhooks(
    spec: &Spec,
    draft: &Draft,
    client: &syn::File,
) -> Option<(String, TokenStream)> {
    let types = module(&client.items, "types").unwrap_or(&[]);
    let signed: Vec<(usize, &Webhook)> =
        draft.webhooks.iter().enumerate().filter(|(_, webhook)| webhook.is_signed()).collect();
    let (_, first) = signed.first()?;
    let functions = signed.iter().map(|&(row, webhook)| function(row, webhook, types));
    let tokens = quote! {
        pub use prumo_runtime::webhook::{Verified, WebhookError};

        #(#functions)*
    };
    Some((docs(spec, first), tokens))
}

fn docs(spec: &Spec, first: &Webhook) -> String {
    let (library, name) = (spec.name.replace('-', "_"), parameter(&first.id));
    format!(
        "Verifies the calls that the vendor makes to its customer's server, and parses them.\n\n\
         Each function takes the valid secrets, a look-up of headers and the bytes of the body as\n\
         received, and returns proof that the sender has a secret. Only this proof gives the value.\n\n\
         ```\n\
         use {library}::{{Secret, webhooks}};\n\n\
         # fn example(headers: &reqwest::header::HeaderMap, body: &[u8]) -> Result<(), webhooks::WebhookError> {{\n\
         let secrets = [Secret::from(\"secret\")];\n\
         let verified = webhooks::{name}(&secrets, |name| headers.get_all(name), body)?;\n\
         let payload = verified.parse()?;\n\
         # let _ = payload;\n\
         # Ok(())\n\
         # }}\n\
         ```\n\n\
         The look-up returns all values of the header with that name, ignoring case."
    )
}

fn function(row: usize, webhook: &Webhook, types: &[Item]) -> TokenStream {
    let name = format_ident!("{}", parameter(&webhook.id));
    let paragraphs = [
        webhook.summary.as_str(),
        &webhook.description,
        "# Errors\n\nReturns an error if the signature is missing or wrong, or if there is no secret.",
    ];
    let paragraphs: Vec<&str> = paragraphs.into_iter().filter(|one| !one.is_empty()).collect();
    let docs = doc_lines(&paragraphs.join("\n\n"));
    let payload = payload(webhook, types);
    quote! {
        #(#docs)*
        pub fn #name<'b, I>(
            secrets: &[::prumo_runtime::Secret],
            header: impl FnOnce(&'static str) -> I,
            body: &'b [u8],
        ) -> Result<Verified<'b, #payload>, WebhookError>
        where
            I: IntoIterator,
            I::Item: AsRef<[u8]>,
        {
            ::prumo_runtime::webhook::verify(&crate::operations::WEBHOOKS[#row], secrets, header, body)
        }
    }
}

/// Returns the type named after the webhook's body, or any JSON if it has no type.
pub(super) fn payload(webhook: &Webhook, types: &[Item]) -> TokenStream {
    let name = schema::target(&webhook.body).filter(|name| {
        types.iter().any(|item| match item {
            Item::Struct(item) => item.ident == name,
            Item::Enum(item) => item.ident == name,
            _ => false,
        })
    });
    match name.map(|name| format_ident!("{name}")) {
        Some(name) => quote!(crate::types::#name),
        None => quote!(::serde_json::Value),
    }
}
