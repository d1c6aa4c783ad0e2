//! Each place is found in each format, and what is made up is not.

use super::{Sensitive, Syntax, audit};

fn kinds(text: &str, syntax: Syntax) -> Vec<(usize, usize, Sensitive)> {
    audit(text, syntax).into_iter().map(|hit| (hit.line, hit.column, hit.kind)).collect()
}

#[test]
fn a_hit_has_a_line_a_column_and_a_kind() {
    let rows = [
        ("{\n  \"nome\": \"Marta Quiroga\"\n}", Syntax::Json, (2, 11, Sensitive::Name)),
        ("# a\n\nnome: Marta Quiroga\n", Syntax::Prose, (3, 7, Sensitive::Name)),
        ("let x = \"529.982.247-25\";", Syntax::Source, (1, 10, Sensitive::Cpf)),
        ("{}\n{\"cpf\": 52998224725}\n", Syntax::Json, (2, 9, Sensitive::Cpf)),
        ("olá, São 189.40.71.5 aqui", Syntax::Prose, (1, 10, Sensitive::Network)),
        ("{\"x\": \"\\u0035\\u0032998224725\"}", Syntax::Json, (1, 7, Sensitive::Cpf)),
    ];
    for (text, syntax, expect) in rows {
        assert_eq!(kinds(text, syntax), [expect], "{text}");
    }
}

#[test]
fn what_is_no_person_and_no_secret_is_no_hit() {
    let rows = [
        ("{\"nome\": \"FIBRA 300 MEGA\", \"usuario\": \"admin\"}", Syntax::Json),
        ("{\"nome\": \"Ana Modelo\", \"data_nascimento\": \"1990-05-20\"}", Syntax::Json),
        ("{\"cidade\": \"São Paulo\", \"fuso\": \"America/Sao_Paulo\"}", Syntax::Json),
        ("let name = Name::of(token); // Open API, Write Once", Syntax::Source),
        ("pub fn token(&self) -> Token { self.password.clone() }", Syntax::Source),
        ("version 1.2.3 of mid-2026, CLI-0042 and commit 79afede", Syntax::Prose),
        ("ligue 11900000001 ou ana@example.com, 192.0.2.1", Syntax::Prose),
        ("cc 31d359e5571431edb8b571c9f33d8fdab16cbb2cdafebccb69af23e3db6a49c2", Syntax::Prose),
    ];
    for (text, syntax) in rows {
        assert_eq!(kinds(text, syntax), [], "{text}");
    }
}

#[test]
fn a_name_beside_a_name_key_is_found_again_in_the_file() {
    let text = r#"{"nome": "Évora Quiroga", "a": "EVORA QUIROGA", "b": "RXZvcmEgUXVpcm9nYQ==",
        "c": "evora%20quiroga", "d": "{\"x\": \"Evora Quiroga\"}"}"#;
    assert_eq!(kinds(text, Syntax::Json).len(), 5, "{:?}", kinds(text, Syntax::Json));
}
