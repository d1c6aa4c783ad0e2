//! Builders of operations: what they take, how they send, and which types have one.

use super::{excerpt, file};
use crate::tests::{SPEC, rendered_crate};

#[test]
fn a_list_in_one_parameter_and_a_body_that_may_be_left_out() {
    let text = SPEC.replace(
        "schema: {type: string, format: br-date}}",
        "schema: {type: string, format: br-date}}\n        \
         - {name: ids, in: query, explode: false, x-evidence: observed, schema: {type: array, items: {type: integer}}}",
    );
    let text =
        text.replace("multipart/form-data", "application/json").replace("        required: true\n", "");
    let text = text.replace("      required: [titulo, cor]\n", "");
    let rendered = rendered_crate(&text);
    let builder = file(&rendered, "builder.rs");
    assert!(builder.contains("self.call.json_if_any::<types::Novo, _>(self.body)"), "{builder}");
    assert!(builder.contains("(\"ids\", ',', value.try_into().ok())"), "{builder}");
    let client = file(&rendered, "client.rs");
    assert!(client.contains("* `body` (optional: without any of its fields none is sent)"), "{client}");
    let dispatch = file(&rendered, "dispatch.rs");
    assert!(dispatch.contains("if body.is_some() {"), "{dispatch}");
}

#[test]
fn a_setter_of_an_optional_field_takes_the_value() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    insta::assert_snapshot!(excerpt(&text, "pub fn senha<T>", "            }"), @r###"
                pub fn senha<T>(mut self, value: T) -> Self
                where
                    T: ::std::convert::TryInto<::std::string::String>,
                    T::Error: ::std::fmt::Display,
                {
                    self.senha = value
                        .try_into()
                        .map(Some)
                        .map_err(|e| {
                            format!("error converting supplied value for senha: {e}")
                        });
                    self
                }
    "###);
}

#[test]
fn a_builder_hands_on_what_it_is_given() {
    let text = file(&rendered_crate(SPEC), "builder.rs");
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("///")).collect();
    let end = code.iter().position(|line| line.contains("blocking")).unwrap();
    insta::assert_snapshot!(code[6..end].join("\n"), @r###"
    #[derive(Clone, Debug)]
    #[must_use]
    pub struct CriarItem<'a> {
        call: ::progenitor_client::call::Call<'a>,
        body: ::std::result::Result<types::builder::Novo, ::std::string::String>,
    }
    impl<'a> CriarItem<'a> {
        pub fn new(client: &'a crate::client::Client) -> Self {
            Self {
                call: ::progenitor_client::call::Call::new(client, "criar_item"),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id(
            mut self,
            value: impl ::std::convert::TryInto<::std::string::String>,
        ) -> Self {
            self.call.path::<::std::string::String>("id", value.try_into().ok());
            self
        }
        pub fn dia(
            mut self,
            value: impl ::std::convert::TryInto<::progenitor_client::BrDate>,
        ) -> Self {
            self.call.query::<::progenitor_client::BrDate>("dia", value.try_into().ok());
            self
        }
        pub fn body<V: ::std::convert::TryInto<types::Novo>>(mut self, value: V) -> Self
        where
            V::Error: ::std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(::std::convert::From::from)
                .map_err(|error| ::std::format!("the body does not convert: {error}"));
            self
        }
        pub fn body_map(
            mut self,
            f: impl ::std::ops::FnOnce(types::builder::Novo) -> types::builder::Novo,
        ) -> Self {
            self.body = self.body.map(f);
            self
        }
        pub async fn send(
            self,
        ) -> ::std::result::Result<
            ::progenitor_client::ResponseValue<types::Feito>,
            ::progenitor_client::Error,
        > {
            self.call.form::<types::Novo, _>(self.body).read().await
        }
    "###);
}

#[test]
fn a_builder_sends_without_an_async_runtime_too() {
    let text = file(&rendered_crate(SPEC), "builder.rs");
    insta::assert_snapshot!(excerpt(&text, "#[cfg(feature = \"blocking\")]", "    }"), @r###"
    #[cfg(feature = "blocking")]
    pub fn send_blocking(
        self,
    ) -> ::std::result::Result<
        ::progenitor_client::ResponseValue<types::Feito>,
        ::progenitor_client::Error,
    > {
        ::progenitor_client::blocking::wait(self.send())
    }
    "###);
}

/// Names that meet in Rust, and a media type that progenitor has no notion of.
const RENAMED: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /a/{id}:
    post:
      operationId: criar
      parameters:
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: send, in: header, schema: {type: string}}
      requestBody: {required: true, content: {image/png: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Done.}}
";

#[test]
fn what_is_renamed_keeps_its_name_on_the_wire() {
    let text = file(&rendered_crate(RENAMED), "builder.rs");
    let plain: String = text.split_whitespace().collect();
    for expected in [
        "fnid_query(mutself,value:impl::std::convert::TryInto<::std::string::String>",
        "query::<::std::string::String>(\"id\",value",
        "path::<::std::string::String>(\"id\",value",
        "header::<::std::string::String>(\"send\",value",
        "self.call.raw(\"image/png\",self.body).unread().await",
    ] {
        assert!(plain.contains(expected), "no `{expected}` in\n{text}");
    }
    assert!(!text.contains('\u{FDD0}') && !text.contains("fdd0"), "{text}");
}

#[test]
fn only_what_is_sent_has_a_builder() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    let starts = text.lines().filter(|line| line.contains("pub fn builder() -> builder::"));
    assert_eq!(starts.map(str::trim).collect::<Vec<_>>(), ["pub fn builder() -> builder::Novo {"]);
    assert_eq!(text.matches("for super::Novo {").count(), 1);
    assert_eq!(text.matches("for super::Feito {").count(), 0);
}

#[test]
fn only_the_builder_makes_a_client() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    assert!(!text.contains("new_with_client"));
    assert!(!text.contains("Error<"));
    assert!(!text.contains("pub use"));
}
