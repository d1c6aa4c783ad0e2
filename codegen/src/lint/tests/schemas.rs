//! Schemas, and unions of them.

use super::judge;

#[test]
fn schemas() {
    judge(&[
        (
            "field without evidence",
            "id: {type: integer, x-evidence: observed}",
            "id: {type: integer}",
            &["37: field `id` without `x-evidence`"],
        ),
        (
            "required, but no property",
            "required: [id]",
            "required: [id, dai]",
            &["35: `dai` is required, but no property"],
        ),
        ("unknown format", "format: br-date", "format: br-dat", &["38: unknown format `br-dat`"]),
        (
            "format of another type",
            "type: string, format: br-date",
            "type: integer, format: br-date",
            &["38: format `br-date` with type `integer`"],
        ),
        (
            "value of another type",
            "enum: [a, b]",
            "enum: [a, 2]",
            &["39: 2 in an enum of type `string`"],
        ),
        (
            "one name for two fields",
            "dia: {type: string, format: br-date, x-evidence: observed}",
            "a-b: {type: string, x-evidence: observed}\n        a_b: {type: string, x-evidence: observed}",
            &["39: `a-b` and `a_b` become the same field `a_b`"],
        ),
        (
            "one name for two components",
            "    Item:\n",
            "    item: {type: string}\n    Item:\n",
            &[
                "33: warning: nothing refers to `item`, so it becomes no type",
                "34: `item` and `Item` become the same type `Item`",
            ],
        ),
        (
            "inline type with the name of a component",
            "dia: {type: string, format: br-date, x-evidence: observed}",
            "dia: {type: object, x-evidence: observed, properties: {x: {type: string, x-evidence: observed}}}\n    \
             ItemDia: {type: object, properties: {y: {type: string, x-evidence: observed}}}\n    Outro:\n      \
             type: object\n      properties:",
            &[
                "38: the type `ItemDia` would be both this inline schema and `/components/schemas/ItemDia`",
                "39: warning: nothing refers to `ItemDia`, so it becomes no type",
                "40: warning: nothing refers to `Outro`, so it becomes no type",
            ],
        ),
        (
            "field called like the one for unknown members",
            "dia: {",
            "extra: {",
            &["33: `extra` of `Item` has the name of the field for unknown members"],
        ),
    ]);
}

#[test]
fn unions() {
    judge(&[
        (
            "branches that their members tell apart, but not the tag",
            "ok: {type: boolean, enum: [false], x",
            "ok: {type: boolean, x",
            &["13: 0 branches of the answer have a `ok` that means success, one is needed"],
        ),
        (
            "no branch means success",
            "success: [true]",
            "success: [1]",
            &["13: 0 branches of the answer have a `ok` that means success, one is needed"],
        ),
    ]);
}
