//! A project's names for parts of a client.

use serde_json::json;

use crate::prepare::prepare;
use crate::renames::{Rename, Renamed};
use crate::spec::Spec;
use crate::{Material, client};
use prumo_spec::complaint::Complaints;

/// A document with an operation, a type, a field and an enum.
fn spec(names: &[(Renamed, &str, &str)]) -> Spec {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Alfa", "version": "1"},
        "servers": [{"url": "https://alfa.example"}],
        "paths": {
            "/cob/{txid}": {"get": {"parameters": [{"name": "txid", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cob"}}}}}}},
            "/outra": {"get": {"operationId": "outra", "responses": {"204": {"description": ""}}}},
        },
        "components": {"schemas": {
            "Cob": {"type": "object", "properties": {"vlr": {"type": "number"}, "valor": {"type": "string"},
                "pai": {"$ref": "#/components/schemas/Cob"}, "sit": {"$ref": "#/components/schemas/Sit"}}},
            "Sit": {"type": "string", "enum": ["email", "-email", "A"]},
        }},
    });
    let mut spec = Spec::of_text("alfa", "a.json", &document.to_string()).unwrap();
    let rename = |(kind, part, name): &(Renamed, &str, &str)| Rename {
        kind: *kind,
        part: (*part).to_owned(),
        name: (*name).to_owned(),
    };
    spec.renames = names.iter().map(rename).collect();
    spec
}

#[test]
fn a_part_has_the_name_that_the_project_gives_it() {
    let spec = spec(&[
        (Renamed::Operation, "get_cob_txid", "ler_cobranca"),
        (Renamed::Type, "Cob", "Cobranca"),
        (Renamed::Field, "Cob.vlr", "total"),
        (Renamed::Field, "Cobranca.pai", "origem"),
        (Renamed::Value, "Sit.-email", "EmailDesce"),
    ]);
    let (_, client) = client(&spec, &Material::default()).unwrap();
    let client = client.unwrap();
    assert_eq!(client.rename_faults, []);
    // Lines end where they are long.
    let plain = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let text: String = client.files.iter().map(|file| plain(&file.text)).collect();
    for expected in [
        "Operation::new(\"get_cob_txid\", \"ler_cobranca\", \"GET\", \"/cob/{txid}\")",
        "pub fn ler_cobranca(",
        "pub struct Cobranca {",
        "0 optional total \"vlr\",",
        "2 optional origem \"pai\",",
        "pub origem: Option<Box<Cobranca>>,",
        "EmailDesce = \"-email\",",
    ] {
        assert!(text.contains(&plain(expected)), "`{expected}` is lacking");
    }
    for old in ["get_cob_txid(", "struct Cob {", "EmailDesc ="] {
        assert!(!text.contains(&plain(old)), "`{old}` is still there");
    }
}

#[test]
fn a_name_that_cannot_be_given_is_told_with_a_remedy() {
    use Renamed::{Field, Operation, Type, Value};
    let rows = [
        (
            (Operation, "get_cob_txld", "ler"),
            "the client has no operation `get_cob_txld`",
            "did you mean `get_cob_txid`?",
        ),
        ((Operation, "outra", "Ler"), "not the name of a method", "write `ler`"),
        ((Operation, "outra", "get_cob_txid"), "another method has this name", "choose another"),
        ((Operation, "outra", "builder"), "another method has this name", "choose another"),
        ((Type, "Cop", "Cobranca"), "the client has no type `Cop`", "did you mean `Cob`?"),
        ((Type, "Cob", "cobranca"), "not the name of a type", "write `Cobranca`"),
        ((Type, "Cob", "Sit"), "another type has this name", "choose another"),
        ((Field, "vlr", "total"), "`vlr` has no type in front of a dot", "write `Type.field`"),
        (
            (Field, "Cob.vlt", "total"),
            "the client has no field `Cob.vlt`",
            "did you mean `Cob.vlr`?",
        ),
        ((Field, "Cob.vlr", "type"), "not the name of a field", "write `type_`"),
        ((Field, "Cob.vlr", "valor"), "another field has this name", "choose another"),
        (
            (Value, "Sit.emall", "Um"),
            "the client has no value `Sit.emall`",
            "did you mean `Sit.email`?",
        ),
        ((Value, "Sit.A", "Email"), "another value has this name", "choose another"),
        (
            (Value, "Cob.A", "Um"),
            "the client has no value `Cob.A`",
            "the generated client has the names; remove the line if the part is gone",
        ),
    ];
    for (name, message, hint) in rows {
        let spec = spec(&[name]);
        let mut complaints = Complaints::new(&spec.document, false);
        let faults = prepare(&spec, &mut complaints).rename_faults;
        let told: Vec<(usize, &str, &str)> = faults
            .iter()
            .map(|fault| (fault.index, fault.message.as_str(), fault.hint.as_str()))
            .collect();
        assert_eq!(told, [(0, message, hint)], "{name:?}");
    }
}
