//! Decides whether a crate reaches one that it may not know.
//!
//! The rooms and what each may not do are in `ARCHITECTURE.md`; the table
//! [`FORBIDDEN`] is that page for the machine.

use std::path::Path;

use anyhow::bail;

use super::Verdict;
use super::graph::{Graph, Package};

/// Who may not reach what.
struct Forbidden {
    from: Crates,
    to: &'static [Crates],
    why: &'static str,
}

/// One crate, or a kind of crates.
#[derive(Clone, Copy)]
enum Crates {
    /// The crate of this name.
    Named(&'static str),
    /// Every client: the members that are none of ours by hand.
    Clients,
}

use Crates::{Clients, Named};

/// The members that are written by hand; every other one is a generated client.
const BY_HAND: &[&str] = &[
    "client-bench",
    "contract-tests",
    "prumo-bench",
    "prumo-drift",
    "prumo-observer",
    "prumo-runtime",
    "prumo-standin",
    "xtask",
];

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        from: Named("xtask"),
        to: &[Clients, Named("client-bench"), Named("contract-tests")],
        why: "a broken client could not be generated again",
    },
    Forbidden {
        from: Named("prumo-drift"),
        to: &[Clients, Named("prumo-runtime"), Named("contract-tests"), Named("xtask")],
        why: "the judge depends on nothing of ours",
    },
    Forbidden {
        from: Named("prumo-drift"),
        to: &[Named("reqwest"), Named("hyper"), Named("tokio")],
        why: "the judge opens no socket",
    },
    Forbidden {
        from: Named("prumo-runtime"),
        to: &[Clients, Named("prumo-drift"), Named("contract-tests"), Named("xtask")],
        why: "the runtime depends on nothing of ours",
    },
    Forbidden {
        from: Clients,
        to: &[Named("prumo-drift"), Named("prumo-observer"), Named("contract-tests"), Named("xtask")],
        why: "a client depends on the runtime alone",
    },
    Forbidden {
        from: Clients,
        to: &[Named("progenitor"), Named("progenitor-client"), Named("openapiv3")],
        why: "what makes a client is no part of it",
    },
    Forbidden {
        from: Named("prumo-observer"),
        to: &[Clients, Named("contract-tests"), Named("xtask")],
        why: "the observer knows its vendor by the spec alone",
    },
    Forbidden {
        from: Named("prumo-bench"),
        to: &[
            Clients,
            Named("prumo-runtime"),
            Named("client-bench"),
            Named("contract-tests"),
            Named("xtask"),
        ],
        why: "the bench measures the judge alone",
    },
    Forbidden {
        from: Named("xtask"),
        to: &[Named("prumo-bench"), Named("jsonschema")],
        why: "our hands are free of what the judge is measured beside",
    },
    Forbidden {
        from: Named("prumo-standin"),
        to: &[Clients, Named("prumo-runtime"), Named("contract-tests"), Named("xtask")],
        why: "the stand-in is tried by clients that it does not know",
    },
    Forbidden {
        from: Named("xtask"),
        to: &[Named("prumo-standin"), Named("prumo-observer")],
        why: "our hands serve nothing and watch nothing",
    },
    Forbidden { from: Named("contract-tests"), to: &[Named("xtask")], why: "the tests use no hands" },
    Forbidden {
        from: Named("client-bench"),
        to: &[Named("contract-tests"), Named("xtask")],
        why: "the clients are measured as a user has them",
    },
];

pub(super) fn check(root: &Path) -> anyhow::Result<Verdict> {
    let graph = Graph::read(root)?;
    require_rows_to_hit(&graph)?;
    let wrong = wrong_arrows(&graph);
    if !wrong.is_empty() {
        bail!("arrows that must not be:\n  {}", wrong.join("\n  "));
    }
    Ok(Verdict::Fits)
}

fn wrong_arrows(graph: &Graph) -> Vec<String> {
    FORBIDDEN.iter().flat_map(|row| breaches(graph, row)).collect()
}

fn breaches(graph: &Graph, row: &Forbidden) -> Vec<String> {
    let mut wrong = Vec::new();
    for from in graph.members().filter(|package| row.from.holds(package)) {
        for reached in graph.reached_from(from) {
            // A client never reaches another, so it is no exception that it "is" one.
            if row.to.iter().any(|to| to.holds_member(graph, reached)) {
                wrong.push(format!("{} -> {}: {}", from.name, reached.name, row.why));
            }
        }
    }
    wrong
}

/// A row that names a crate that is gone checks nothing.
fn require_rows_to_hit(graph: &Graph) -> anyhow::Result<()> {
    for row in FORBIDDEN {
        if !graph.members().any(|package| row.from.holds(package)) {
            bail!("the row `{}` is about no crate of the workspace", row.why);
        }
    }
    Ok(())
}

impl Crates {
    fn holds(self, package: &Package) -> bool {
        match self {
            Named(name) => package.name == name,
            Clients => !BY_HAND.contains(&package.name.as_str()),
        }
    }

    /// Like [`Crates::holds`], where `Clients` means members of the workspace only.
    fn holds_member(self, graph: &Graph, package: &Package) -> bool {
        match self {
            Named(_) => self.holds(package),
            Clients => self.holds(package) && graph.members().any(|member| std::ptr::eq(member, package)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::MadeUp;
    use super::*;

    /// The workspace as it must be, with one more arrow.
    fn wrong_with(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let extra = [(to, kind)];
        let base: &[MadeUp<'_>] = &[
            ("alfa", &[("prumo-runtime", None)]),
            ("client-bench", &[("alfa", None), ("prumo-bench", None)]),
            ("contract-tests", &[("alfa", None), ("prumo-drift", None)]),
            ("prumo-bench", &[("prumo-drift", None)]),
            ("prumo-drift", &[]),
            ("prumo-observer", &[("prumo-drift", None), ("prumo-runtime", None)]),
            ("prumo-runtime", &[("reqwest", None)]),
            ("prumo-standin", &[("prumo-drift", None)]),
            ("reqwest", &[]),
            ("xtask", &[("prumo-drift", None)]),
        ];
        let packages: Vec<MadeUp<'_>> = base
            .iter()
            .map(|(name, dependencies)| (*name, if *name == from { &extra[..] } else { *dependencies }))
            .collect();
        wrong_arrows(&Graph::made_up(&packages, &["reqwest"]))
    }

    #[test]
    fn the_workspace_as_it_must_be_has_no_wrong_arrow() {
        assert_eq!(wrong_with("xtask", "prumo-runtime", None), [""; 0]);
    }

    #[test]
    fn a_wrong_arrow_is_named_also_when_it_leads_over_another_crate() {
        let cases = [
            ("xtask", "alfa", "xtask -> alfa"),
            ("xtask", "contract-tests", "xtask -> alfa"),
            ("xtask", "client-bench", "xtask -> client-bench"),
            ("prumo-drift", "reqwest", "prumo-drift -> reqwest"),
            ("prumo-drift", "prumo-runtime", "prumo-drift -> prumo-runtime"),
            ("prumo-runtime", "prumo-drift", "prumo-runtime -> prumo-drift"),
            ("alfa", "prumo-drift", "alfa -> prumo-drift"),
            ("prumo-standin", "alfa", "prumo-standin -> alfa"),
            ("xtask", "prumo-standin", "xtask -> prumo-standin"),
            ("alfa", "prumo-observer", "alfa -> prumo-observer"),
            ("prumo-observer", "alfa", "prumo-observer -> alfa"),
        ];
        for (from, to, expected) in cases {
            let wrong = wrong_with(from, to, None);
            assert!(wrong.iter().any(|arrow| arrow.starts_with(expected)), "{from} -> {to}: {wrong:?}");
        }
    }

    #[test]
    fn what_only_tests_use_is_no_arrow() {
        assert_eq!(wrong_with("prumo-drift", "reqwest", Some("dev")), [""; 0]);
    }
}
