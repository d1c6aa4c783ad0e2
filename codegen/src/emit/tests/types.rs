//! How a type is read, written and printed.

use super::{excerpt, file};
use crate::spec::Spec;
use crate::tests::{FOREIGN, SPEC, rendered_crate};
use crate::{Material, client};

#[test]
fn an_open_enum_keeps_what_it_does_not_know() {
    let text = file(&rendered_crate(SPEC), "enums.rs");
    insta::assert_snapshot!(excerpt(&text, "integer_enum! {", "}"), @r###"
    integer_enum! {
        /// `NovoCor`.
        open pub enum NovoCor[2] read by prumo_runtime::record::integer {
            /// `1` on the wire.
            Red = 1,
            /// `2` on the wire.
            Blue = 2,
        }
    }
    "###);
}

#[test]
fn no_debug_shows_a_password() {
    let text = file(&rendered_crate(SPEC), "types.rs");
    insta::assert_snapshot!(excerpt(&text, "debug_of!", "});"), @r###"
    debug_of!(Novo {
        shown titulo, shown cor, shown campos, shown anexos, shown fotos, hidden senha,
    });
    "###);
    assert!(excerpt(&text, "#[derive(Clone)]", "}").contains("pub struct Novo {"), "{text}");
}

#[test]
fn a_record_says_which_member_is_which_field() {
    let text = file(&rendered_crate(SPEC), "types.rs");
    insta::assert_snapshot!(excerpt(&text, "record!(Novo", "});"), @r###"
    record!(Novo {
        0 required titulo "titulo",
        1 required cor "cor",
        2 filled campos "campos",
        3 filled anexos "anexos",
        4 filled fotos "fotos",
        5 optional senha "senha",
    });
    "###);
}

/// Where schemas contain each other, an optional field is still an `Option`, and a required one that
/// may be null still reads as one.
#[test]
fn schemas_that_contain_each_other_have_optional_fields() {
    let document = |child: &str, derived: &str| {
        format!(
            r##"{{"openapi": "3.0.3", "info": {{"title": "A", "version": "1"}}, "paths": {{"/a": {{"get":
            {{"operationId": "a", "responses": {{"200": {{"description": "", "content": {{"application/json":
            {{"schema": {{"$ref": "#/components/schemas/Base"}}}}}}}}}}}}}}}}, "components": {{"schemas": {{
            "Base": {{"type": "object", "required": ["root"], "properties": {{"child": {child},
              "root": {{"nullable": true, "allOf": [{{"$ref": "#/components/schemas/Derived"}}]}}}}}},
            "Derived": {derived}}}}}}}"##
        )
    };
    let to = r##"{"$ref": "#/components/schemas/Derived"}"##;
    let one = format!(r#"{{"allOf": [{to}]}}"#);
    let more = format!(
        r#"{{"allOf": [{to}, {{"type": "object", "properties": {{"y": {{"type": "string"}}}}}}]}}"#
    );
    let back = r##"{"$ref": "#/components/schemas/Base"}"##;
    let heir = format!(
        r#"{{"allOf": [{back}, {{"type": "object", "properties": {{"x": {{"type": "string"}}}}}}]}}"#
    );
    let holder = format!(r#"{{"type": "object", "properties": {{"b": {back}}}}}"#);
    for child in [to, &one, &more] {
        for derived in [&heir, &holder] {
            let text = document(child, derived);
            let spec = Spec::parse("alfa", &[("alfa.json".to_owned(), text.clone())]).unwrap();
            let (complaints, rendered) = client(&spec, &Material::default()).unwrap();
            let types = file(&rendered.unwrap_or_else(|| panic!("{complaints:?}")), "types.rs");
            assert!(!types.contains("Box<::std::option::Option"), "{text}\n{types}");
            assert!(types.contains(" optional child "), "{text}\n{types}");
            assert!(types.contains(" nullable root "), "{text}\n{types}");
        }
    }
}

#[test]
fn a_union_tries_its_branches() {
    let spec = SPEC
        .replace("numero: {type: integer,", "numero: {oneOf: [{type: integer}, {type: string}],");
    let text = file(&rendered_crate(&spec), "types.rs");
    insta::assert_snapshot!(excerpt(&text, "pub enum FeitoNumero", "union_of!(FeitoNumero { Integer, String });"), @r###"
    pub enum FeitoNumero {
        Integer(i64),
        String(String),
    }

    impl fmt::Display for FeitoNumero {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Integer(x) => x.fmt(f),
                Self::String(x) => x.fmt(f),
            }
        }
    }

    impl From<i64> for FeitoNumero {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }

    union_of!(FeitoNumero { Integer, String });
    "###);
}

#[test]
fn a_union_of_two_spellings_names_its_branches_after_them() {
    let spellings =
        "{type: string, format: sql-datetime}, {type: string, format: sql-datetime-minutes}";
    let union = format!("numero: {{oneOf: [{spellings}],");
    let text = file(&rendered_crate(&SPEC.replace("numero: {type: integer,", &union)), "types.rs");
    insta::assert_snapshot!(excerpt(&text, "impl ::std::str::FromStr for FeitoNumero", "}"), @r###"
    impl ::std::str::FromStr for FeitoNumero {
        type Err = ConversionError;
        fn from_str(value: &str) -> Result<Self, ConversionError> {
            if let Ok(v) = value.parse() {
                Ok(Self::SqlDateTime(v))
            } else if let Ok(v) = value.parse() {
                Ok(Self::SqlDateTimeMinutes(v))
            } else {
                Err("string conversion failed for all variants".into())
            }
        }
    }
    "###);
}

#[test]
fn a_union_with_a_tag_keeps_a_branch_that_the_spec_does_not_know() {
    let branch = |tag| {
        format!(
            "{{type: object, required: [tipo], properties: {{tipo: {{{tag}, x-evidence: observed}}}}}}"
        )
    };
    let cat = branch("type: string, enum: [gato, \"g\\\"1\"]");
    let dog = branch("type: integer, enum: [7]");
    let union = format!("numero: {{oneOf: [{cat}, {dog}],");
    let text = file(&rendered_crate(&SPEC.replace("numero: {type: integer,", &union)), "types.rs");
    insta::assert_snapshot!(excerpt(&text, "pub enum FeitoNumero", "}"), @r###"
    pub enum FeitoNumero {
        Variant1(FeitoNumeroVariant1),
        Variant2(FeitoNumeroVariant2),
        /// A value whose `tipo` the spec does not know, as it came.
        Unknown(Value),
    }
    "###);
    let read = text.lines().find(|line| line.starts_with("union_of!(FeitoNumero")).unwrap();
    let expected = r#"union_of!(FeitoNumero { Variant1, Variant2 } or Unknown where "tipo" is not in { "gato", "g\"1", 7_i64 });"#;
    assert_eq!(read, expected);
}

/// serde's derive macros are no dependency of a client.
#[test]
fn no_type_derives_what_serde_has() {
    for (name, text) in FOREIGN.into_iter().chain([("alfa", SPEC)]) {
        let spec = Spec::of_text(name, name, text).unwrap();
        let (_, rendered) = client(&spec, &Material::default()).unwrap();
        for one in &rendered.unwrap().files {
            let derived = one
                .text
                .lines()
                .find(|line| line.contains("#[serde") || line.contains("derive(::serde"));
            assert_eq!(derived, None, "document `{name}`, file `{}`", one.name);
        }
    }
}

#[test]
fn a_type_that_the_document_does_not_describe_has_no_empty_comment() {
    let text = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
servers: [{url: 'https://a.example'}]
paths:
  /pets: {get: {operationId: ler, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}
components:
  schemas:
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
    Cat: {type: object, title: A cat., required: [tipo], properties: {tipo: {type: string, enum: [cat]}, dono: {type: object, properties: {nome: {type: string}}}}}
    Dog: {type: object, required: [tipo], properties: {tipo: {type: string, enum: [dog]}, cat: {$ref: '#/components/schemas/Cat'}}}
";
    let client = rendered_crate(text);
    let of_types = client.files.iter().filter(|file| file.name.contains("types"));
    let types: String = of_types.map(|file| file.text.as_str()).collect();
    let documented: Vec<&str> = types
        .lines()
        .zip(types.lines().skip(1))
        .filter(|(_, next)| next.starts_with("#[derive"))
        .map(|(docs, _)| docs)
        .collect();
    insta::assert_snapshot!(documented.join("\n"), @r"
    /// A cat.
    /// `CatDono`, which the document does not describe.
    /// `Dog`, which the document does not describe.
    /// One of `Cat`, `Dog`.
    ");
    for file in &client.files {
        assert!(!file.text.contains("\n///\n#["), "{}", file.name);
    }
}
