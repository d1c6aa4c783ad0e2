//! Tests that the client of `agreement` decodes a value of a union without a tag as the branch that
//! was meant, whatever the order of the branches.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use std::fmt::Debug;

use agreement::types;
use prumo_runtime::serde::Serialize;
use prumo_runtime::serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Returns the name of the branch that a value is decoded as, after writing it back unchanged.
fn branch<U: DeserializeOwned + Serialize + Debug>(value: &Value) -> String {
    let read: U = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *value);
    format!("{read:?}").split('(').next().unwrap_or_default().to_owned()
}

#[test]
fn objects_are_told_apart_by_what_they_require() {
    let (person, company) = (json!({"cpf": "1", "nome": "Ana"}), json!({"cnpj": "2", "nome": "B"}));
    let both = json!({"cnpj": "2", "cpf": "1", "nome": "B"});
    for (value, expected) in [(person, "Pessoa"), (company, "Empresa"), (both, "Empresa")] {
        assert_eq!(branch::<types::Devedor>(&value), expected, "{value}");
        assert_eq!(branch::<types::DevedorReversed>(&value), expected, "{value}");
    }
    let rows = [
        (json!({"id": 1}), "Resumo"),
        (json!({"id": 1, "total": 2.5}), "Completo"),
        (json!({"id": 1, "total": 2.5, "novo": 3}), "Completo"),
        (json!({"id": 1, "novo": 3}), "Resumo"),
    ];
    for (value, expected) in rows {
        assert_eq!(branch::<types::Pedido>(&value), expected, "{value}");
        assert_eq!(branch::<types::PedidoReversed>(&value), expected, "{value}");
    }
    assert_eq!(branch::<types::Alvo>(&json!({"id": 1})), "Resumo");
    assert_eq!(branch::<types::Alvo>(&json!({"cpf": "1", "nome": "Ana"})), "Devedor");
}

#[test]
fn objects_are_told_apart_by_constants_and_by_kinds_of_members() {
    let rows = [
        (json!({"tipo": "aberto"}), "Aberto"),
        (json!({"tipo": "pago", "valor": 1.5}), "Pago"),
        (json!({"tipo": "outro", "texto": "a"}), "Livre"),
    ];
    for (value, expected) in rows {
        assert_eq!(branch::<types::Evento>(&value), expected, "{value}");
    }
    assert_eq!(branch::<types::Codigo>(&json!({"codigo": 7})), "Numero");
    assert_eq!(branch::<types::Codigo>(&json!({"codigo": "7"})), "Texto");
}

#[test]
fn scalars_and_lists_are_told_apart_by_kind_and_the_narrowest_comes_first() {
    let rows = [
        (json!(7), "Integer"),
        (json!(7.5), "Number"),
        (json!("7"), "String"),
        (json!(true), "Boolean"),
        (json!([7]), "Array"),
        (json!({"id": 7}), "Item"),
    ];
    for (value, expected) in rows {
        assert_eq!(branch::<types::Valor>(&value), expected, "{value}");
    }
    for (value, expected) in [("azul", "Cor"), ("2026-12-01", "PrumoIsoDate"), ("rosa", "String")] {
        assert_eq!(branch::<types::Palavra>(&json!(value)), expected, "{value}");
    }
    assert_eq!(branch::<types::Lote>(&json!([7])), "Variant0");
    assert_eq!(branch::<types::Lote>(&json!([{"id": 7}])), "Variant1");
}
