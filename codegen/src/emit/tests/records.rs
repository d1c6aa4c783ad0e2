//! How a type is read, written and printed.

use super::{excerpt, file};
use crate::client;
use crate::spec::Spec;
use crate::tests::{FOREIGN, SPEC, rendered_crate};

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
fn no_debug_shows_a_password() {
    let text = file(&rendered_crate(SPEC), "client.rs");
    assert_eq!(text.matches(r#".field("senha", &::std::format_args!("***"))"#).count(), 2);
    assert!(!text.contains(r#".field("senha", &self.senha)"#));
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
