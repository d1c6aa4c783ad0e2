//! Laws over generated bodies and texts: no marked value remains, and the shape does.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use prumo_spec::Document;

use super::{SPEC, redacted, skeleton};
use crate::fake::{Faker, is_own};
use crate::{Redactor, Sensitive};

/// Checks a CPF by the tax office's rule, implemented differently from `fake`.
fn has_right_check_digits(digits: &str) -> bool {
    let values: Vec<u32> = digits.bytes().map(|byte| u32::from(byte) - 48).collect();
    let n_base = values.len() - 2;
    (0..2).all(|extra| {
        let end = n_base + extra;
        let mut sum = 0;
        for index in 0..end {
            let from_right = u32::try_from(end - 1 - index).unwrap();
            let weight = if values.len() == 11 { from_right + 2 } else { from_right % 8 + 2 };
            sum += values[index] * weight;
        }
        let expect = if sum % 11 < 2 { 0 } else { 11 - sum % 11 };
        values[end] == expect
    })
}

/// The audit would report such a fake as a person.
#[test]
fn no_fake_is_a_name_that_people_have() {
    for key in 0..2_000_u32 {
        let fake = Faker::new(&key.to_le_bytes()).fake(&[Sensitive::Name], "Beto Lima");
        assert!(is_own(&[Sensitive::Name], &fake), "{fake}");
    }
}

fn any_body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|v| json!(v)),
        (0..u64::MAX).prop_map(|v| json!(v)),
        "[A-Za-zà-ú ,.<>/&;0-9-]{0,20}".prop_map(|v| json!(v)),
        "[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}".prop_map(|v| json!(v)),
        "[0-3][0-9]/[01][0-9]/20[0-9]{2}".prop_map(|v| json!(v)),
        "\\([1-9]{2}\\) 9[0-9]{4}-[0-9]{4}".prop_map(|v| json!(v)),
        "[a-z]{8,12}@[a-z]{6,9}\\.com\\.br".prop_map(|v| json!(v)),
    ];
    let name = "[a-z_]{1,8}|email|nome|cpf|telefone|descricao|endereco|titular|relato_livre|id_cliente|data";
    leaf.prop_recursive(4, 30, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|v| json!(v)),
            prop::collection::btree_map(name, inner, 0..5).prop_map(|v| json!(v)),
        ]
    })
}

proptest! {
    /// Redaction keeps the shape, once and twice.
    #[test]
    fn redaction_keeps_the_shape(body in any_body()) {
        let exchange = json!({"operation": "ler_pedido", "request": {"path": "/"}, "response": {"body": body}});
        let once = redacted(&exchange);
        prop_assert_eq!(skeleton(&once), skeleton(&exchange));
        prop_assert_eq!(skeleton(&redacted(&once)), skeleton(&exchange));
    }

    /// A value in a marked field is gone from everywhere.
    #[test]
    fn a_marked_value_is_gone(name in "[A-Z][a-z]{4,8} [A-Z][a-z]{4,8}", before in "[a-z ]{0,9}") {
        let exchange = json!({
            "operation": "ler_pedido", "request": {"path": "/"},
            "response": {"body": {"x": format!("{before} {name}."), "data": {"titular": name}}, "text": name.to_uppercase()}
        });
        let after = redacted(&exchange).to_string().to_lowercase();
        prop_assert!(!after.contains(&name.to_lowercase()), "{}", after);
    }

    /// A fake CPF or CNPJ has valid check digits and the mask of the original.
    #[test]
    fn fakes_of_documents_are_right(text in "[0-9]{11}|[0-9A-Z]{12}[0-9]{2}|[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}", key in any::<u64>()) {
        let fake = Faker::new(&key.to_le_bytes()).fake(&[Sensitive::Cpf, Sensitive::Cnpj], &text);
        prop_assert_eq!(skeleton(&json!(fake)), skeleton(&json!(text)));
        prop_assert_ne!(&fake, &text);
        prop_assert!(has_right_check_digits(&fake.replace(['.', '-'], "")), "{}", fake);
    }

    /// A fake number has as many digits.
    #[test]
    fn fakes_of_numbers_have_as_many_digits(number in 10..u64::MAX) {
        let faker = Faker::new(b"k");
        for kind in [Sensitive::Cpf, Sensitive::Phone, Sensitive::Address] {
            let fake = faker.fake_number(&[kind], &number.to_string());
            prop_assert_eq!(fake.len(), number.to_string().len());
            prop_assert_ne!(fake, number.to_string());
        }
    }

    /// The length in the headers stays that of the body, whatever is replaced.
    #[test]
    fn content_length_stays_right(body in any_body()) {
        let length = |body: &Value| body.to_string().len().to_string();
        let headers = json!({"Content-Length": length(&body)});
        let after = redacted(&json!({"operation": "ler_pedido", "request": {"path": "/"}, "response": {"headers": headers, "body": body}}));
        prop_assert_eq!(&after["response"]["headers"]["Content-Length"], &json!(length(&after["response"]["body"])));
    }

    /// A person has one fake in all recordings under a key, and another one under another key.
    #[test]
    fn a_person_is_one_fake(name in "[A-Z][a-z]{4,8} [A-Z][a-z]{4,8}", cpf in "[0-9]{11}", before in "[a-z]{3,9}") {
        let of = |key: &str, body: Value| {
            let mut exchange = json!({"operation": "ler_pedido", "request": {"path": "/"}, "response": {"body": body}});
            Redactor::new(key.as_bytes()).with_spec(&Document::parse("a.yaml", SPEC).unwrap()).redact(&mut exchange);
            exchange["response"]["body"].take()
        };
        let alone = of("k", json!({"data": {"titular": name}, "cpf": cpf}));
        let beside = of("k", json!({"x": before, "data": {"seguintes": [{"titular": name}]}, "cliente": {"cpf": cpf}}));
        prop_assert_eq!(&alone["data"]["titular"], &beside["data"]["seguintes"][0]["titular"]);
        prop_assert_eq!(&alone["cpf"], &beside["cliente"]["cpf"]);
        let other = of("another key", json!({"data": {"titular": name}, "cpf": cpf}));
        prop_assert_ne!(&alone["cpf"], &other["cpf"]);
    }

    /// No text makes the redactor panic.
    #[test]
    fn any_text_is_redacted(text in any::<String>(), name in "cpf|email|nome|telefone|descricao|token|endereco") {
        let exchange = json!({"request": {"path": text, "query": {name: text}, "headers": {"authorization": text}, "form": [{"name": text, "file": text}]},
                              "response": {"body": {text.as_str(): {"nome": text}, "x": text}, "text": text}});
        let _ = redacted(&exchange);
        let _ = redacted(&json!(text));
    }
}

/// Different people become different fakes, or a recording would join them. A fake of eleven digits
/// has nine free ones, and one of 499 has the mark, so about one of 800,000 pairs shares a fake.
#[test]
fn different_values_stay_different() {
    let faker = Faker::new(b"k");
    let texts = (1..=1000_u64).map(|n| format!("{:09}00", n * 998_244_353 % 1_000_000_000));
    let fakes: BTreeSet<String> = texts.map(|text| faker.fake(&[Sensitive::Cpf], &text)).collect();
    assert!(fakes.len() >= 998, "{} fakes of 1000 people", fakes.len());
}
