//! Ranks the branches of a union without a tag by how well a value's members match each of them.
//!
//! Several branches may decode one value, since a record ignores members that it does not declare.
//! So the branches are tried in the order of their rank: the one whose constants the value has,
//! that declares most of its members and requires fewest others.
//!
//! Invariants:
//!
//! * The ranking leaves no branch out: a value that fits only the last one is decoded as that.
//! * Branches of equal rank keep the order in which they are given.

use std::cmp::Reverse;

use serde_json::Value;

/// The parts of a schema that tell a branch of a union from the others.
#[derive(Debug)]
pub enum Marks {
    /// Nothing beside its type.
    Any,
    /// The values of a text or an integer.
    Values(&'static [Constant]),
    /// The members of an object.
    Members {
        /// The members that it requires.
        required: &'static [&'static str],
        /// The other members that it declares.
        optional: &'static [&'static str],
        /// Required members, and the values that they may have.
        constants: &'static [(&'static str, &'static [Constant])],
    },
    /// The branches of a union within the union.
    OneOf(&'static [Marks]),
}

/// A value that a spec names.
#[derive(Debug)]
pub enum Constant {
    /// A text.
    Text(&'static str),
    /// An integer.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
}

/// The words in which a generated client writes marks.
pub mod words {
    pub use super::Constant::{Bool, Int, Text};
    pub use super::Marks::{Any, Members, OneOf, Values};
}

/// The numbers of constants that differ, of members that are not declared, of required members that
/// are missing, and of constants that match: the lower, the likelier is the branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    n_other: usize,
    n_undeclared: usize,
    n_missing: usize,
    n_equal: Reverse<usize>,
}

/// Returns the indices of the branches in the order in which to try them.
pub fn likeliest(value: &Value, branches: &[Marks]) -> Vec<usize> {
    let mut ranked: Vec<(Rank, usize)> =
        branches.iter().enumerate().map(|(index, marks)| (marks.rank(value), index)).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, index)| index).collect()
}

impl Marks {
    fn rank(&self, value: &Value) -> Rank {
        match self {
            Self::Any => Rank { n_undeclared: 1, ..Rank::default() },
            Self::Values(known) => {
                Rank { n_other: usize::from(!is_one_of(value, known)), ..Rank::default() }
            }
            Self::Members { required, optional, constants } => {
                let Value::Object(members) = value else { return Rank::default() };
                let is_declared = |name: &&String| {
                    [required, optional].into_iter().any(|all| all.contains(&name.as_str()))
                };
                let compared = constants.iter().filter_map(|(name, known)| {
                    members.get(*name).map(|value| is_one_of(value, known))
                });
                let (equal, other): (Vec<bool>, Vec<bool>) =
                    compared.partition(|is_equal| *is_equal);
                Rank {
                    n_other: other.len(),
                    n_undeclared: members.keys().filter(|name| !is_declared(name)).count(),
                    n_missing: required.iter().filter(|name| !members.contains_key(**name)).count(),
                    n_equal: Reverse(equal.len()),
                }
            }
            Self::OneOf(branches) => {
                branches.iter().map(|marks| marks.rank(value)).min().unwrap_or_default()
            }
        }
    }
}

fn is_one_of(value: &Value, known: &[Constant]) -> bool {
    known.iter().any(|known| match (known, value) {
        (Constant::Text(known), Value::String(text)) => known == text,
        (Constant::Int(known), Value::Number(number)) => number.as_i64() == Some(*known),
        (Constant::Bool(known), Value::Bool(flag)) => known == flag,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Constant::{Bool, Int, Text};
    use super::{Marks, likeliest};

    const fn members(
        required: &'static [&'static str],
        optional: &'static [&'static str],
    ) -> Marks {
        Marks::Members { required, optional, constants: &[] }
    }

    const INNER: &[Marks] = &[members(&["b"], &[]), members(&["c"], &[])];

    const fn with(constants: &'static [(&'static str, &'static [super::Constant])]) -> Marks {
        Marks::Members { required: &["k"], optional: &["a"], constants }
    }

    #[test]
    fn the_branch_that_describes_most_of_a_value_comes_first() {
        let people = [members(&["cpf", "nome"], &[]), members(&["cnpj", "nome"], &["cpf"])];
        let nested = [members(&["id"], &[]), members(&["id", "total"], &[])];
        let circle = [members(&["a"], &["b"]), members(&["b"], &["c"]), members(&["c"], &["a"])];
        let kinds = [
            with(&[("k", &[Text("x")])]),
            with(&[("k", &[Int(1), Bool(true)])]),
            members(&["k"], &["a"]),
        ];
        let free_first = [members(&["k"], &["a"]), with(&[("k", &[Text("x")])])];
        let words = [Marks::Values(&[Text("x"), Int(7)]), Marks::Any];
        let inner = [members(&["a"], &[]), Marks::OneOf(INNER)];
        let rows: [(&str, &[Marks], _, usize); 20] = [
            ("required keys", &people, json!({"cpf": 1, "nome": 1}), 0),
            ("required keys of the other", &people, json!({"cnpj": 1, "nome": 1}), 1),
            ("the keys of both", &people, json!({"cpf": 1, "cnpj": 1, "nome": 1}), 1),
            ("no key of its own, but the other lacks none", &people, json!({"nome": 1}), 0),
            ("a subset of the keys", &nested, json!({"id": 1}), 0),
            ("all of the keys", &nested, json!({"id": 1, "total": 1}), 1),
            (
                "all of the keys and an unknown one",
                &nested,
                json!({"id": 1, "total": 1, "x": 1}),
                1,
            ),
            ("a circle of keys", &circle, json!({"b": 1, "c": 1}), 1),
            ("a circle of keys, at its end", &circle, json!({"c": 1, "a": 1}), 2),
            ("a constant text", &kinds, json!({"k": "x"}), 0),
            ("a constant integer", &kinds, json!({"k": 1, "z": 1}), 1),
            ("a constant flag", &kinds, json!({"k": true}), 1),
            ("no constant", &kinds, json!({"k": "other"}), 2),
            ("a constant behind a free branch", &free_first, json!({"k": "x"}), 1),
            ("no constant in the free branch", &free_first, json!({"k": "y"}), 0),
            ("a known text", &words, json!("x"), 0),
            ("a known integer", &words, json!(7), 0),
            ("an unknown text", &words, json!("y"), 1),
            ("a union within", &inner, json!({"c": 1}), 1),
            ("an object that no branch describes", &inner, json!({"d": 1}), 0),
        ];
        for (name, branches, value, expected) in rows {
            assert_eq!(likeliest(&value, branches)[0], expected, "case `{name}`");
            assert_eq!(likeliest(&value, branches).len(), branches.len(), "case `{name}`");
        }
    }
}
