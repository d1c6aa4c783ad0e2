//! What is emitted of one small spec, file by file.

use crate::generate::spec::Spec;
use crate::generate::tests::{FOREIGN, SPEC, rendered_crate};
use crate::generate::{Crate, client};

fn file(one: &Crate, name: &str) -> String {
    one.files.iter().find(|file| file.name == name).unwrap().text.clone()
}

/// The lines from the one that starts with `from` to the one that is `to`.
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
    impl ::progenitor_client::FormBody for crate::client::types::Novo {
        const MAX_REQUEST_BYTES: Option<u64> = Some(1000u64);
        const KIND: ::progenitor_client::FormKind = ::progenitor_client::FormKind::Multipart;
        fn write(&self, form: &mut ::progenitor_client::Form) {
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
fn an_open_enum_keeps_what_it_does_not_know() {
    let text = file(&rendered_crate(SPEC), "enums.rs");
    insta::assert_snapshot!(excerpt(&text, "/// `NovoCor`.", "}"), @r###"
    /// `NovoCor`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum NovoCor {
        /// `1` on the wire.
        Red,
        /// `2` on the wire.
        Blue,
        /// A value that the spec does not know, as it came; it is written back unchanged.
        Unknown(i64),
    }
    "###);
    insta::assert_snapshot!(excerpt(&text, "impl ::std::convert::From<i64>", "}"), @r###"
    impl ::std::convert::From<i64> for NovoCor {
        fn from(value: i64) -> Self {
            match value {
                1i64 => Self::Red,
                2i64 => Self::Blue,
                other => Self::Unknown(other),
            }
        }
    }
    "###);
}

#[test]
fn the_table_says_what_the_spec_says() {
    let text = file(&rendered_crate(SPEC), "operations.rs");
    insta::assert_snapshot!(excerpt(&text, "pub const OPERATIONS", "];"), @r###"
    pub const OPERATIONS: &[Operation] = &[
        Operation::new("criar_item", "criar_item", "POST", "/item/{token}/{id}")
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
            .source("manual"),
    ];
    "###);
}

#[test]
fn the_constructor_has_a_method_for_each_credential() {
    let text = file(&rendered_crate(SPEC), "constructor.rs");
    insta::assert_snapshot!(excerpt(&text, "/// The credential `token`.", "    }"), @r###"
        /// The credential `token`.
        pub fn token(self, secret: impl Into<::progenitor_client::Secret>) -> Self {
            Self {
                setup: self.setup.credential("token", secret),
            }
        }
    "###);
    assert_eq!(
        methods(&text),
        "builder with undocumented base_url token credentials timeout total_timeout connect_timeout \
         stall_timeout max_answer_bytes retry rate_limit no_rate_limit observer root_certificate clock build"
    );
}

/// A token that a login gives.
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
    assert!(methods(&file(&rendered, "constructor.rs")).contains("bearer password_grant credentials"));
    insta::assert_snapshot!(excerpt(&file(&rendered, "operations.rs"), "pub const SCHEMES", "];"), @r###"
    pub const SCHEMES: &[Scheme] = &[
        Scheme::new("bearer", Placement::Bearer)
            .login(Login::new("entrar", "/chave").expires_in("/vida")),
    ];
    "###);
}

/// The names of all public methods, in order.
fn methods(text: &str) -> String {
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("pub fn ")?.split(['(', '<']).next());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn dispatch_reads_each_argument_by_its_type() {
    let text = file(&rendered_crate(SPEC), "dispatch.rs");
    insta::assert_snapshot!(excerpt(&text, "async fn call_criar_item", "}"), @r###"
    async fn call_criar_item(
        client: &Client,
        arguments: &Map<String, Value>,
        body: Option<&Value>,
    ) -> Result<Dispatched, Error> {
        #[allow(unused_mut)]
        let mut call = client.criar_item();
        call = call.id(read::required::<::std::string::String>(arguments, "id")?);
        if let Some(value) = read::argument::<
            ::progenitor_client::BrDate,
        >(arguments, "dia")? {
            call = call.dia(value);
        }
        call = call.body(read::body::<types::Novo>(body)?);
        Dispatched::typed(call.send().await?)
    }
    "###);
}

#[test]
fn dispatch_chooses_an_operation_before_it_waits() {
    let text = file(&rendered_crate(SPEC), "dispatch.rs");
    insta::assert_snapshot!(excerpt(&text, "let answer", "    };"), @r###"
    let answer: ::std::pin::Pin<Box<Answer<'_>>> = match operation {
        "criar_item" => Box::pin(call_criar_item(client, arguments, body)),
        other => return Err(read::unknown_operation(other)),
    };
    "###);
    assert_eq!(text.matches("let answer").count(), 1);
    // Nothing is chosen where there is nothing to choose from, and no argument is unused.
    let none = rendered_crate("{openapi: 3.0.3, info: {title: Alfa, version: '1'}, paths: {}}");
    insta::assert_snapshot!(excerpt(&file(&none, "dispatch.rs"), "let _ =", "}"), @r###"
        let _ = (client, arguments, body);
        Err(read::unknown_operation(operation))
    }
    "###);
}

/// What a value or a word of the document must not do to the code.
const AWKWARD: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /item:
    get:
      operationId: ler_item
      summary: Read
      description: \"a\\u202Eb\"
      parameters:
        - {name: aberto, in: query, schema: {type: string, enum: [err, error, \"a\\u202Eb\"]}}
        - {name: fechado, in: query, schema: {type: string, enum: [err, error], x-open-enum: false}}
        - {name: codigo, in: query, schema: {type: integer, enum: [1, 2], x-enum-varnames: [Err, Error]}}
        - {name: sinal, in: query, schema: {type: string, enum: [self, Self, '<', '<=']}}
      responses: {'200': {description: Done.}}
";

#[test]
fn a_value_called_err_is_no_associated_type() {
    let text = file(&rendered_crate(AWKWARD), "enums.rs");
    assert_eq!(text.matches("    Err,").count(), 3);
    // `Self::Err` would be the variant or the associated type: Rust refuses to choose.
    let types = text.lines().filter(|line| line.contains("Self::Err>") || line.contains("Self::Error>"));
    assert_eq!(types.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_variant_has_no_underscore_that_rust_warns_of() {
    let text = file(&rendered_crate(AWKWARD), "enums.rs");
    let names: Vec<&str> = ["Self_", "Self2", "Sign3C", "Sign3CAnd3D"]
        .into_iter()
        .filter(|name| text.lines().any(|line| line.trim() == format!("{name},")))
        .collect();
    assert_eq!(names, ["Self_", "Self2", "Sign3C", "Sign3CAnd3D"]);
}

#[test]
fn no_mark_that_turns_text_is_left_in_a_comment() {
    let awkward = rendered_crate(AWKWARD);
    assert!(awkward.files.iter().all(|file| !file.text.contains('\u{202E}')));
    assert!(file(&awkward, "client.rs").contains("/// ab"));
    assert!(file(&awkward, "enums.rs").contains(r#""a\u{202e}b""#));
}

#[test]
fn a_summary_of_one_word_makes_no_link_definition() {
    let text = file(&rendered_crate(AWKWARD), "lib.rs");
    assert!(text.lines().any(|line| line == "//! * [`Client::ler_item`] - Read"), "{text}");
}

#[test]
fn the_library_says_what_it_is() {
    insta::assert_snapshot!(file(&rendered_crate(SPEC), "lib.rs"), @r###"
    // @generated by `cargo xtask generate` from specs/alfa.yaml. Do not edit.
    // Spec 743ff6726ef6883c, generator 0.1.0 with progenitor 0.15.1.

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
    //! # Operations
    //!
    //! * [`Client::criar_item`] - Create an item

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
    mod records;

    // The README's programs are compiled too.
    #[cfg(doctest)]
    #[doc = include_str!("../README.md")]
    mod readme {}

    pub use client::{Client, types};
    pub use constructor::ClientBuilder;
    pub use operations::{OPERATIONS, SCHEMES};
    pub use progenitor_client::BrDate;
    pub use progenitor_client::ByteStream;
    pub use progenitor_client::CallOptions;
    pub use progenitor_client::Credentials;
    pub use progenitor_client::EnvCredentials;
    pub use progenitor_client::Error;
    pub use progenitor_client::FilePart;
    pub use progenitor_client::Observer;
    pub use progenitor_client::Operation;
    pub use progenitor_client::Progress;
    pub use progenitor_client::RateLimit;
    pub use progenitor_client::ResponseValue;
    pub use progenitor_client::RetryPolicy;
    pub use progenitor_client::Scheme;
    pub use progenitor_client::Secret;
    pub use progenitor_client::SendOrFind;
    #[cfg(feature = "blocking")]
    pub use progenitor_client::blocking;
    pub use progenitor_client::send_or_find;

    /// The OpenAPI document that this client was made of, as JSON.
    #[cfg(feature = "spec")]
    pub const SPEC: &str = include_str!("../openapi.json");
    "###);
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
        pub fn criar_item(&self) -> builder::CriarItem<'_> {
            builder::CriarItem::new(self)
        }
    "###);
    let docs = text.lines().filter(|line| line.trim_start().starts_with("///"));
    assert_eq!(docs.filter(|line| line.contains("__token__")).count(), 0);
}

#[test]
fn no_debug_shows_a_password() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    assert_eq!(text.matches(r#".field("senha", &::std::format_args!("***"))"#).count(), 2);
    assert!(!text.contains(r#".field("senha", &self.senha)"#));
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
fn a_record_says_which_member_is_which_field() {
    let text = file(&rendered_crate(SPEC), "records.rs");
    insta::assert_snapshot!(excerpt(&text, "impl Record for types::Novo", "    }"), @r###"
    impl Record for types::Novo {
        const NAME: &'static str = "Novo";
        const MEMBERS: &'static [&'static str] = &[
            "titulo",
            "cor",
            "campos",
            "anexos",
            "fotos",
            "senha",
        ];
        fn read<'de, M: MapAccess<'de>>(
            __members: &mut Members<M>,
        ) -> ::std::result::Result<Self, M::Error> {
            let mut titulo = None;
            let mut cor = None;
            let mut campos = ::std::default::Default::default();
            let mut anexos = ::std::default::Default::default();
            let mut fotos = ::std::default::Default::default();
            let mut senha = None;
            loop {
                match __members.next()? {
                    Some(0) => __members.required(&mut titulo),
                    Some(1) => __members.required(&mut cor),
                    Some(2) => __members.value(&mut campos),
                    Some(3) => __members.value(&mut anexos),
                    Some(4) => __members.value(&mut fotos),
                    Some(5) => __members.value(&mut senha),
                    Some(_) => __members.skip(),
                    None => break,
                }?;
            }
            let (Some(titulo), Some(cor)) = (titulo, cor) else {
                return Err(__members.missing(&[0, 1]));
            };
            Ok(Self {
                titulo,
                cor,
                campos,
                anexos,
                fotos,
                senha,
            })
        }
    "###);
}

#[test]
fn a_union_tries_its_branches() {
    let spec = SPEC.replace("numero: {type: integer,", "numero: {oneOf: [{type: integer}, {type: string}],");
    let text = file(&rendered_crate(&spec), "records.rs");
    insta::assert_snapshot!(excerpt(&text, "impl<'de> Deserialize<'de>", "}"), @r###"
    impl<'de> Deserialize<'de> for types::FeitoNumero {
        fn deserialize<D: Deserializer<'de>>(
            json: D,
        ) -> ::std::result::Result<Self, D::Error> {
            let any = record::any(json)?;
            if let Some(value) = record::branch(&any) {
                return Ok(Self::Integer(value));
            }
            if let Some(value) = record::branch(&any) {
                return Ok(Self::String(value));
            }
            Err(record::no_branch("FeitoNumero"))
        }
    }
    "###);
}

/// serde's derive is no dependency of a client.
#[test]
fn no_type_derives_what_serde_has() {
    for (name, text) in FOREIGN.into_iter().chain([("alfa", SPEC)]) {
        let spec = Spec::of_text(name, name, text).unwrap();
        let (_, rendered) = client(&spec).unwrap();
        for one in &rendered.unwrap().files {
            let derived =
                one.text.lines().find(|line| line.contains("#[serde") || line.contains("derive(::serde"));
            assert_eq!(derived, None, "document `{name}`, file `{}`", one.name);
        }
    }
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

#[test]
fn every_file_says_that_it_is_generated() {
    for file in &rendered_crate(SPEC).files {
        let first = file.text.lines().next();
        let expected = "// @generated by `cargo xtask generate` from specs/alfa.yaml. Do not edit.";
        assert_eq!(first, Some(expected), "file `{}`", file.name);
    }
}

/// What the vendor posts: signed or not, with a type of its own or without.
const WEBHOOKS: &str = "
x-webhooks:
  aviso:
    post:
      operationId: aviso
      summary: An item changed
      x-source: {page: manual, date: 2026-11-22}
      x-signature: {header: X-Assinatura, prefix: 'sha1=', algorithm: hmac-sha1, over: body, encoding: hex}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feito'}}}}
      responses: {'200': {description: Taken.}}
  aberto:
    post:
      operationId: aberto
      x-source: {page: manual, date: 2026-11-22}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feito'}}}}
      responses: {'200': {description: Taken.}}
  lista:
    post:
      operationId: lista
      x-source: {page: manual, date: 2026-11-22}
      x-signature: {header: X-Assinatura, prefix: '', algorithm: hmac-sha256, over: body, encoding: hex}
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      responses: {'200': {description: Taken.}}
";

#[test]
fn what_the_vendor_signs_is_verified_before_it_has_a_type() {
    let rendered = rendered_crate(&format!("{SPEC}{WEBHOOKS}"));
    let text = file(&rendered, "webhooks.rs");
    insta::assert_snapshot!(excerpt(&text, "/// An item changed", "}"), @r###"
    /// An item changed
    ///
    /// Source: manual, 2026-11-22.
    ///
    /// # Errors
    ///
    /// The signature is missing or not the right one, or there is no secret.
    pub fn aviso<'b, I>(
        secrets: &[::progenitor_client::Secret],
        header: impl FnOnce(&'static str) -> I,
        body: &'b [u8],
    ) -> Result<Verified<'b, crate::client::types::Feito>, WebhookError>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        ::progenitor_client::webhook::verify(
            &crate::operations::WEBHOOKS[0usize],
            secrets,
            header,
            body,
        )
    }
    "###);
    assert!(text.contains("pub fn lista<'b, I>("), "{text}");
    assert!(text.contains("Result<Verified<'b, ::serde_json::Value>, WebhookError>"), "{text}");
    assert!(text.contains("&crate::operations::WEBHOOKS[2usize]"), "{text}");
    assert!(!text.contains("fn aberto"), "nothing of it can be verified: {text}");
    assert!(
        file(&rendered, "lib.rs")
            .contains("//! * `webhooks::aviso` - An item changed\n//! * `webhooks::lista`\n")
    );
}

#[test]
fn a_spec_without_signatures_has_no_module_for_them() {
    let rendered = rendered_crate(SPEC);
    assert!(rendered.files.iter().all(|file| file.name != "webhooks.rs"));
    assert!(!file(&rendered, "lib.rs").contains("webhooks"));
}

/// [`SPEC`] with pages: of the list at `items`, which each row of `properties` may make.
fn paged(items: &str, properties: &str) -> String {
    let paging = format!(
        "      x-paging: {{style: pages, page: pagina, first: 1, size: 50, items: {items}, end: empty-page}}\n      parameters:\n        - {{name: pagina, in: query, x-evidence: observed, schema: {{type: integer}}}}"
    );
    let numero = "        numero: {type: integer, x-evidence: observed}\n";
    SPEC.replacen("      parameters:", &paging, 1).replace(numero, properties)
}

#[test]
fn a_list_in_pages_is_read_by_page_and_by_item() {
    let text = paged(
        "/feitos/itens",
        "        feitos: {type: object, x-evidence: observed, required: [itens], properties: {itens: {type: array, x-evidence: observed, items: {$ref: '#/components/schemas/Feito'}}}}\n",
    );
    let rendered = rendered_crate(&text);
    let text = file(&rendered, "builder.rs");
    insta::assert_snapshot!(excerpt(&text, "/// Reads page by page", "}"), @r###"
        /// Reads page by page, from number 1 on or from that of [`pagina`](Self::pagina). Each has 50 items. An empty page comes behind the last.
        pub fn pages(self) -> ::progenitor_client::Pages<'a, types::Feito> {
            ::progenitor_client::Pages::new(
                    self.call,
                    move |call| call.form::<types::Novo, _>(self.body.clone()),
                )
                .or_none()
        }
        /// Reads item by item, over all [pages](Self::pages).
        pub fn items(self) -> ::progenitor_client::Items<'a, types::Feito> {
            self.pages().items()
        }
    }
    "###);
    assert!(file(&rendered, "lib.rs").contains("pub use progenitor_client::Pages;"));
}

/// What stands in the place of the list, and what an item is.
const LISTS: &[(&str, &str)] = &[
    ("{type: array, x-evidence: observed, items: {type: string}}", "Pages<'a, ::std::string::String>"),
    ("{type: array, x-evidence: observed, items: {type: integer}}", "Pages<'a, i64>"),
    ("{x-evidence: observed}", "Pages<'a, ::serde_json::Value>"),
];

#[test]
fn an_item_is_what_the_list_holds() {
    for (list, expect) in LISTS {
        let text = paged("/itens", &format!("        itens: {list}\n"));
        let text = file(&rendered_crate(&text), "builder.rs");
        assert!(text.contains(expect), "{list}: {}", excerpt(&text, "/// Reads page by page", "}"));
    }
}

#[test]
fn a_list_outside_of_the_payload_is_refused() {
    let list = "{type: array, x-evidence: observed, items: {type: integer}}";
    let text = paged("/outros", &format!("        itens: {list}\n        outros: {list}\n"));
    let text = text.replace("message: /msg}", "message: /msg, payload: /itens}");
    let error = client(&Spec::of_text("alfa", "specs/alfa.yaml", &text).unwrap()).map(drop).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "specs/alfa.yaml: `x-paging` of `criar_item`: no list in the type of its answer: `/outros` is outside of the payload `/itens`"
    );
}
