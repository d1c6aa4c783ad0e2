//! Seeds classes of drift: each changes a response of `ler_chamado`, and the judge must report one
//! finding for it.

use prumo_drift::Rule;
use serde_json::{Value, json};

/// A response before it is written.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// One class of drift.
#[derive(Debug)]
pub struct Class {
    /// The class, in a few words.
    pub name: &'static str,
    /// Turns a response that fits into one that drifts.
    pub apply: fn(&mut Answer),
    /// The finding that the judge must report for each such response.
    pub told: Told,
}

/// The judge's finding.
#[derive(Debug)]
pub enum Told {
    /// A finding of this rule at this place.
    Finding(Rule, &'static str),
    /// No finding, since the spec promises the response, but it counts for this case.
    Case(&'static str),
}

/// All classes.
pub const CLASSES: &[Class] = &[
    Class {
        name: "undocumented field of the ticket",
        apply: |answer| set(answer, "/data", "canal_interno", json!(17)),
        told: Told::Finding(Rule::FieldUndocumented, "/data/canal_interno"),
    },
    Class {
        name: "undocumented field of a list item",
        apply: |answer| set(answer, "/data/historico/0", "visualizado", json!(true)),
        told: Told::Finding(Rule::FieldUndocumented, "/data/historico/*/visualizado"),
    },
    Class {
        name: "required field gone",
        apply: |answer| {
            if let Some(ticket) = answer.body.pointer_mut("/data").and_then(Value::as_object_mut) {
                ticket.shift_remove("descsituacao");
            }
        },
        told: Told::Finding(Rule::FieldMissing, "/data/descsituacao"),
    },
    Class {
        name: "int as text",
        apply: |answer| set(answer, "/data", "tempotrabalho", json!("1800")),
        told: Told::Finding(Rule::TypeChanged, "/data/tempotrabalho"),
    },
    Class {
        name: "number as text",
        apply: |answer| set(answer, "/data", "valorfinal", json!("60.50")),
        told: Told::Finding(Rule::TypeChanged, "/data/valorfinal"),
    },
    Class {
        name: "unknown enum value",
        apply: |answer| set(answer, "/data", "prioridade", json!(9)),
        told: Told::Finding(Rule::EnumValueUnknown, "/data/prioridade"),
    },
    Class {
        name: "other timestamp layout",
        apply: |answer| set(answer, "/data", "data_criacao", json!("2023-11-02T20:18:00")),
        told: Told::Finding(Rule::FormatViolated, "/data/data_criacao"),
    },
    Class {
        name: "null where not allowed",
        apply: |answer| set(answer, "/data", "departamento", Value::Null),
        told: Told::Finding(Rule::NullUnexpected, "/data/departamento"),
    },
    Class {
        name: "undocumented status",
        apply: |answer| answer.status = 206,
        told: Told::Finding(Rule::StatusUndocumented, ""),
    },
    Class {
        name: "error envelope with 200",
        apply: |answer| answer.body = json!({"erro": true, "mensagem": "Chamado não encontrado"}),
        told: Told::Case("erro=true"),
    },
];

/// Sets a member of the object at `pointer`; an existing member keeps its place.
fn set(answer: &mut Answer, pointer: &str, name: &str, value: Value) {
    if let Some(object) = answer.body.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.insert(name.to_owned(), value);
    }
}
