//! Tests gaps in the coverage, and its counts.

use prumo_drift::compare::{Extent, presence};
use prumo_drift::{coverage, covered};
use serde_json::json;

use crate::acme;
use crate::orders::{acme_document, changed, criado, lido, mudado, without};

#[test]
fn what_never_came_is_covered() {
    let contract = acme::read(&acme_document());
    let exchanges =
        [without(lido(), "/response/body/data", "aberto").to_string(), criado().to_string()];
    let got: Vec<_> = coverage(&contract, &acme::observe(&contract, &exchanges))
        .into_iter()
        .map(|f| (f.rule.name(), f.operation.unwrap(), f.status, f.case, f.at, f.promised, f.of))
        .collect();
    let expect = [
        ("case-never-seen", "ler_pedido", Some(200), Some("erro=true"), "", "erro=true", 1),
        (
            "field-never-seen",
            "ler_pedido",
            Some(200),
            Some("erro=false"),
            "/data/aberto",
            "text or null as br-datetime-minutes",
            1,
        ),
        (
            "enum-value-never-seen",
            "ler_pedido",
            Some(200),
            Some("erro=false"),
            "/data/tipo",
            "E",
            1,
        ),
        ("operation-never-seen", "mudar_pedido", None, None, "", "PUT /pedido/{token}/{id}", 2),
        ("status-never-seen", "ler_pedido", Some(429), None, "", "429", 1),
        ("status-never-seen", "ler_pedido", None, None, "", "4XX", 1),
    ];
    let mut expect: Vec<_> = expect
        .into_iter()
        .map(|(rule, op, status, case, at, promised, of)| {
            (
                rule,
                op.to_owned(),
                status,
                case.map(str::to_owned),
                at.to_owned(),
                promised.to_owned(),
                of,
            )
        })
        .collect();
    let mut got = got;
    got.sort();
    expect.sort();
    assert_eq!(got, expect);

    let full = [
        lido().to_string(),
        changed(lido(), "/response/body/data/tipo", json!("E")).to_string(),
        changed(lido(), "/response/body", json!({"erro": true, "mensagem": "x"})).to_string(),
        changed(lido(), "/response", json!({"status": 429, "text": "<p>"})).to_string(),
        changed(
            lido(),
            "/response",
            json!({"status": 404, "body": {"erro": true, "mensagem": "x"}}),
        )
        .to_string(),
        criado().to_string(),
        mudado().to_string(),
    ];
    assert_eq!(coverage(&contract, &acme::observe(&contract, &full)), []);

    let (none, nothing) = ((0, 0), Vec::new());
    let rows = [
        (
            "some",
            exchanges.to_vec(),
            [
                ("criar_pedido", 1, (1, 1), none, none, none),
                // `erro` and `mensagem`, `data`, and of that all but `aberto`; then `codigo` of the
                // lines.
                ("ler_pedido", 1, (1, 3), (1, 2), (9, 10), (2, 3)),
                ("mudar_pedido", 0, none, none, none, none),
            ],
        ),
        (
            "all",
            full.to_vec(),
            [
                ("criar_pedido", 1, (1, 1), none, none, none),
                ("ler_pedido", 5, (3, 3), (2, 2), (14, 14), (5, 5)),
                ("mudar_pedido", 1, (1, 1), none, none, none),
            ],
        ),
        (
            "nothing",
            nothing,
            ["criar_pedido", "ler_pedido", "mudar_pedido"]
                .map(|id| (id, 0, none, none, none, none)),
        ),
    ];
    for (name, exchanges, expect) in rows {
        let pair = |extent: Extent| (extent.seen, extent.promised);
        let all = covered(&contract, &acme::observe(&contract, &exchanges));
        let got: Vec<_> = all
            .iter()
            .map(|all| {
                let [statuses, cases, fields, values] =
                    [all.statuses, all.cases, all.fields, all.values].map(pair);
                (all.operation.as_str(), all.exchanges, statuses, cases, fields, values)
            })
            .collect();
        assert_eq!(got, expect, "case `{name}`");
    }
    let of_nothing = coverage(&contract, &acme::observe(&contract, &[]));
    assert!(of_nothing.iter().all(|gap| (gap.count, gap.of) == (0, 0)), "{of_nothing:?}");
}

#[test]
fn members_are_counted_where_an_object_could_have_them() {
    let contract = acme::read(&acme_document());
    let exchanges = [
        lido().to_string(),
        without(lido(), "/response/body/data", "aberto").to_string(),
        changed(lido(), "/response/body/data/aberto", json!(null)).to_string(),
        criado().to_string(),
    ];
    let observed = acme::observe(&contract, &exchanges);
    let counted = presence(&observed);
    let of = |at: &str| {
        let row = counted.iter().find(|one| {
            let place = (&*one.member.operation, &*one.member.case, &*one.member.at);
            place == ("ler_pedido", "erro=false", at)
        });
        row.map(|one| (one.present, one.of, one.nulls))
    };
    assert_eq!(of("/data/aberto"), Some((2, 3, 1)));
    assert_eq!(of("/erro"), Some((3, 3, 0)));
    assert_eq!(of("/nada"), None);
}
