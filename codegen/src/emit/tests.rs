//! Emits one small spec and checks the result file by file.

mod awkward;
mod builder;
mod constructor;
mod dispatch;
mod pages;
mod types;
mod webhooks;

use crate::Client;
use crate::tests::{SPEC, rendered_crate};

fn file(one: &Client, name: &str) -> String {
    one.files.iter().find(|file| file.name == name).unwrap().text.clone()
}

/// Returns the lines from the first that starts with `from` to the first that equals `to`.
fn excerpt(text: &str, from: &str, to: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| line.trim_start().starts_with(from)).unwrap();
    let end = lines[start..].iter().position(|line| *line == to).unwrap();
    lines[start..=start + end].join("\n")
}

#[test]
fn parts_go_out_in_the_order_of_the_spec() {
    let text = file(&rendered_crate(SPEC), "forms.rs");
    insta::assert_snapshot!(excerpt(&text, "impl", "}"), @r###"
    impl FormBody for types::Novo {
        const MAX_REQUEST_BYTES: Option<u64> = Some(1000u64);
        const KIND: FormKind = FormKind::Multipart;
        fn write(&self, form: &mut Form) {
            {
                let value = &self.titulo;
                form.text("titulo", value);
            }
            {
                let value = &self.cor;
                form.text("cor", value);
            }
            {
                let value = &self.campos;
                for (key, item) in value {
                    form.entry("campos", key, item);
                }
            }
            {
                let value = &self.anexos;
                for item in value {
                    form.file_item("anexos", item);
                }
            }
            {
                let value = &self.fotos;
                for (index, item) in value.iter().enumerate() {
                    form.file(format!("fotos[{index}]"), item);
                }
            }
            if let Some(value) = &self.senha {
                form.text("senha", value);
            }
        }
    }
    "###);
}

#[test]
fn the_table_says_what_the_spec_says() {
    let text = file(&rendered_crate(SPEC), "operations.rs");
    assert!(text.contains("pub const OPERATIONS: &[Operation] = &[ROW_CRIAR_ITEM];"), "{text}");
    insta::assert_snapshot!(excerpt(&text, "pub(super) const ROW_", "    .source(\"manual\");"), @r###"
    pub(super) const ROW_CRIAR_ITEM: Operation = Operation::new(
            "criar_item",
            "criar_item",
            "POST",
            "/item/{token}/{id}",
        )
        .parameters(
            &[
                Parameter::new("token", Place::Path).required().secret(),
                Parameter::new("id", Place::Path).required(),
                Parameter::new("dia", Place::Query),
            ],
        )
        .body(BodyKind::Multipart)
        .envelope(Envelope::new().tag("/ok", &[TagValue::Bool(true)]).message("/msg"))
        .max_request_bytes(1000u64)
        .source("manual");
    "###);
}

/// Returns the lines of `lib.rs` that `is_kept` accepts.
fn lines_of_library(is_kept: impl Fn(&str) -> bool) -> String {
    let text = file(&rendered_crate(SPEC), "lib.rs");
    text.lines().filter(|line| is_kept(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_front_page_says_what_the_crate_is() {
    insta::assert_snapshot!(lines_of_library(|line| line.starts_with("//!")), @r###"
    //! Client of Alfa, version 1.
    //!
    //! # Example
    //!
    //! ```no_run
    //! # async fn example() -> Result<(), alfa::Error> {
    //! let client = alfa::Client::builder().token("secret").build()?;
    //! # let _ = client;
    //! # Ok(())
    //! # }
    //! ```
    //!
    //! The README has more.
    //!
    //! # Operations
    //!
    //! * [`Client::criar_item`] - Create an item
    //!
    //! # Features
    //!
    //! None is on by default.
    //!
    //! * `rustls` or `native-tls` - TLS; one of them is needed for `https`.
    //! * `blocking` - Calls without an async runtime: `send_blocking()`.
    //! * `dispatch` - Calls an operation by its name, with JSON arguments.
    //! * `spec` - The OpenAPI document that this client was made from, as a constant.
    "###);
}

#[test]
fn the_library_declares_its_modules() {
    let is_code = |line: &str| {
        !line.is_empty() && !line.starts_with("//") && !line.contains("prumo_runtime::")
    };
    insta::assert_snapshot!(lines_of_library(is_code), @r###"
    #![cfg_attr(docsrs, feature(doc_cfg))]
    #[rustfmt::skip]
    pub mod builder;
    #[rustfmt::skip]
    mod client;
    #[rustfmt::skip]
    mod constructor;
    #[cfg(feature = "dispatch")]
    #[rustfmt::skip]
    pub mod dispatch;
    #[rustfmt::skip]
    pub mod enums;
    #[rustfmt::skip]
    mod forms;
    #[rustfmt::skip]
    mod operations;
    #[rustfmt::skip]
    pub mod types;
    #[cfg(doctest)]
    #[doc = include_str!("../README.md")]
    mod readme {}
    pub use client::Client;
    pub use constructor::ClientBuilder;
    pub use operations::{OPERATIONS, SCHEMES};
    #[cfg(feature = "dispatch")]
    #[cfg(feature = "blocking")]
    #[cfg(feature = "spec")]
    pub const SPEC: &str = include_str!("../openapi.json");
    "###);
}

#[test]
fn a_caller_needs_no_other_crate() {
    const START: &str = "pub use prumo_runtime::";
    let uses = lines_of_library(|line| line.starts_with(START));
    let names: Vec<&str> =
        uses.lines().filter_map(|line| line.strip_prefix(START)?.strip_suffix(';')).collect();
    assert_eq!(
        names.join(" "),
        "Answer Attempt BodyKind Boxed BrDate ByteStream CallEnd CallOptions ClientInfo Clock \
         CredentialError Credentials DEFAULT_CONNECT_TIMEOUT DEFAULT_MAX_ANSWER_BYTES \
         DEFAULT_STALL_TIMEOUT DEFAULT_TIMEOUT DEFAULT_TOTAL_TIMEOUT Dispatched EnvCredentials \
         Envelope Error Extra FilePart Inner Login Observer Operation PageBehind PageSize Paging \
         PagingEnd PagingStyle Parameter PartSize Place Placement Progress RateLimit RawResponse \
         ResponseValue RetryPolicy ScalarError Scheme Secret SendOrFind Signature SystemClock \
         TagValue Undocumented Webhook blocking jiff reqwest send_or_find"
    );
}

#[test]
fn a_method_says_where_it_was_learned_and_not_its_marker() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    insta::assert_snapshot!(excerpt(&text, "/// Create an item", "    }"), @r###"
    /// Create an item
    ///
    /// Source: manual, 2026-11-22.
    ///
    /// `POST /item/{token}/{id}`, set up through [`builder::CriarItem`].
    ///
    /// * `id`: Evidence: observed.
    /// * `dia` (optional): On the wire: `16/11/2018`. Evidence: observed.
    /// * `body`
    ///
    /// A request of more than 1000 bytes is refused before it is sent.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # async fn example(client: alfa::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = client
    ///     .criar_item()
    ///     .id("…")
    ///     .titulo("…")
    ///     .cor(alfa::enums::NovoCor::Red)
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn criar_item(&self) -> builder::CriarItem<'_> {
        builder::CriarItem::new(self)
    }
    "###);
    let docs = text.lines().filter(|line| line.trim_start().starts_with("///"));
    assert_eq!(docs.filter(|line| line.contains("__token__")).count(), 0);
}

#[test]
fn every_file_says_that_it_is_generated() {
    for file in &rendered_crate(SPEC).files {
        let first = file.text.lines().next();
        let expected = "// @generated by `cargo xtask generate` from specs/alfa.yaml. Do not edit.";
        assert_eq!(first, Some(expected), "file `{}`", file.name);
    }
}
