//! Decides whether every dependency between two crates of the workspace is allowed.
//!
//! `ARROWS` lists the allowed dependencies; every other one fails. It is the machine-readable form
//! of the picture in `ARCHITECTURE.md`, which also says what each room may not do.
//!
//! Invariants:
//!
//! * An entry of the table that no manifest has is stale and fails.
//! * Tests may use every crate that their own crate is built from; other crates are listed apart.

use std::collections::BTreeSet;
use std::path::Path;

use crate::graph::{Graph, Package};

/// The direct dependencies of one room.
struct Arrows {
    from: &'static str,
    to: &'static [&'static str],
    /// Rooms that only its tests use, and that `to` does not reach.
    in_tests: &'static [&'static str],
}

/// Foreign crates that a room must not reach, directly or indirectly.
struct Foreign {
    from: &'static [&'static str],
    to: &'static [&'static str],
    why: &'static str,
}

/// The name of every client in both tables, because the same rules hold for all of them.
const CLIENTS: &str = "generated/*";

const fn arrows(from: &'static str, to: &'static [&'static str]) -> Arrows {
    Arrows { from, to, in_tests: &[] }
}

const ARROWS: &[Arrows] = &[
    arrows("prumo-spec", &[]),
    Arrows { from: "prumo-drift", to: &["prumo-spec"], in_tests: &["prumo-redact"] },
    arrows("prumo-redact", &["prumo-spec"]),
    arrows("prumo-change", &["prumo-spec"]),
    arrows("prumo-pages", &["prumo-drift"]),
    arrows("prumo-infer", &["prumo-drift", "prumo-redact", "prumo-spec"]),
    // It fills in the tables of the runtime.
    Arrows {
        from: "prumo-codegen",
        to: &["prumo-spec", "prumo-runtime"],
        in_tests: &["prumo-drift"],
    },
    arrows("prumo-runtime", &[]),
    arrows(CLIENTS, &["prumo-runtime"]),
    arrows("prumo-standin", &["prumo-spec", "prumo-drift"]),
    arrows("prumo-observer", &["prumo-runtime", "prumo-drift"]),
    arrows(
        "prumo",
        &[
            "prumo-spec",
            "prumo-drift",
            "prumo-redact",
            "prumo-change",
            "prumo-pages",
            "prumo-infer",
            "prumo-codegen",
            "prumo-standin",
            "prumo-runtime",
        ],
    ),
    arrows("prumo-mutate", &["prumo-spec", "prumo-drift", "prumo"]),
    arrows("prumo-semver", &["prumo-drift", "prumo"]),
    arrows("prumo-structure", &[]),
    arrows("prumo-suite", &["prumo", "prumo-drift"]),
    arrows(
        "prumo-corpus",
        &["prumo", "prumo-codegen", "prumo-drift", "prumo-spec", "prumo-standin"],
    ),
    arrows(
        "xtask",
        &[
            "prumo",
            "prumo-corpus",
            "prumo-mutate",
            "prumo-semver",
            "prumo-structure",
            "prumo-suite",
            "prumo-drift",
        ],
    ),
    arrows("prumo-replay", &["prumo-spec", "prumo-runtime"]),
    arrows("prumo-clients", &[CLIENTS, "prumo-replay"]),
    Arrows {
        from: "contract-tests",
        to: &["prumo-clients", "prumo-drift", "prumo-replay", "prumo-runtime", "prumo-spec"],
        in_tests: &["prumo-observer", "prumo-redact", "prumo-standin"],
    },
    arrows("prumo-bench", &["prumo-drift", "prumo-spec"]),
    arrows("client-bench", &[CLIENTS, "prumo-bench"]),
];

const FOREIGN: &[Foreign] = &[
    Foreign {
        from: &[
            "prumo-spec",
            "prumo-drift",
            "prumo-redact",
            "prumo-change",
            "prumo-pages",
            "prumo-infer",
        ],
        to: &["reqwest", "hyper", "tokio"],
        why: "the reader and the judge open no socket",
    },
    Foreign {
        from: &[CLIENTS, "prumo-drift", "prumo-observer", "prumo-standin"],
        to: &["progenitor", "openapiv3", "prettyplease"],
        why: "only the generator uses progenitor and its crates",
    },
    Foreign { from: &["prumo-standin"], to: &["reqwest"], why: "a stand-in sends no requests" },
    Foreign {
        from: &["prumo", "xtask"],
        to: &["jsonschema"],
        why: "only the bench depends on another validator",
    },
];

/// Lists the breaches in the repository at `root`.
///
/// # Errors
///
/// `cargo metadata` fails.
pub fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    Ok(wrong_arrows(&Graph::read(root)?))
}

/// Lists each difference between the tables and the workspace in one sentence.
fn wrong_arrows(graph: &Graph) -> Vec<String> {
    let known = |room: &str| ARROWS.iter().any(|row| row.from == room);
    let rooms: BTreeSet<&str> = graph.members().map(room).collect();
    let strangers = rooms.iter().filter(|room| !known(room));
    let mut wrong: Vec<String> = strangers.map(|room| format!("{room} has no row")).collect();
    wrong.extend(ARROWS.iter().flat_map(|row| wrong_in_row(graph, row)));
    wrong.extend(FOREIGN.iter().flat_map(|row| breaches(graph, row)));
    wrong
}

/// Returns the name of a package in the tables.
fn room(package: &Package) -> &str {
    if package.is_client() { CLIENTS } else { &package.name }
}

fn wrong_in_row(graph: &Graph, row: &Arrows) -> Vec<String> {
    let from = row.from;
    let crates: Vec<&Package> = graph.members().filter(|package| room(package) == from).collect();
    if crates.is_empty() {
        return vec![format!("the row of {from} is stale: there is no such crate")];
    }
    let arrows = |is_for_tests: bool| -> BTreeSet<&str> {
        let all = crates.iter().flat_map(|package| &package.dependencies);
        let kind = all.filter(|declared| declared.is_for_tests() == is_for_tests);
        kind.filter_map(|declared| graph.members().find(|member| member.name == declared.name))
            .map(room)
            .collect()
    };
    let built_from: BTreeSet<&str> =
        crates.iter().flat_map(|package| graph.reached_from(package)).map(room).collect();
    let (own, tests) = (arrows(false), &arrows(true) - &built_from);
    let mut wrong = Vec::new();
    wrong.extend(own.iter().filter(|to| !row.to.contains(to)).map(|to| format!("{from} -> {to}")));
    let new_in_tests = tests.iter().filter(|to| !row.in_tests.contains(to));
    wrong.extend(new_in_tests.map(|to| format!("{from} -> {to}, in tests")));
    let stale = row.to.iter().filter(|to| !own.contains(*to));
    let stale = stale.chain(row.in_tests.iter().filter(|to| !tests.contains(*to)));
    wrong.extend(stale.map(|to| format!("{from} -> {to} is stale: no manifest says so")));
    wrong
}

fn breaches(graph: &Graph, row: &Foreign) -> Vec<String> {
    let stale = row.to.iter().filter(|name| !graph.has(name));
    let mut wrong: Vec<String> =
        stale.map(|name| format!("{name} is stale: no crate uses it")).collect();
    for from in graph.members().filter(|package| row.from.contains(&room(package))) {
        let reached = graph.reached_from(from);
        let reached = reached.iter().filter(|package| row.to.contains(&package.name.as_str()));
        wrong.extend(reached.map(|to| format!("{} -> {}: {}", from.name, to.name, row.why)));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::MadeUp;

    /// Makes the workspace that the table describes, with two clients, alfa and beta.
    fn workspace() -> Vec<MadeUp> {
        let named = |to: &&'static str| if *to == CLIENTS { "alfa" } else { *to };
        let crates = ARROWS.iter().map(|row| {
            let folder = if row.from == CLIENTS { "generated/alfa" } else { row.from };
            let to = row.to.iter().map(|to| (named(to), None));
            let in_tests = row.in_tests.iter().map(|to| (named(to), Some("dev")));
            (folder.to_owned(), to.chain(in_tests).collect())
        });
        let beta = ("generated/beta".to_owned(), vec![("prumo-runtime", None)]);
        let foreign: BTreeSet<&str> = FOREIGN.iter().flat_map(|row| row.to).copied().collect();
        let foreign = foreign.into_iter().map(|name| (format!("registry/{name}"), Vec::new()));
        crates.chain([beta]).chain(foreign).collect()
    }

    fn wrong_with(from: &str, to: &'static str, kind: Option<&'static str>) -> Vec<String> {
        let mut packages = workspace();
        let package = packages.iter_mut().find(|(folder, _)| folder == from).expect("a crate");
        package.1.push((to, kind));
        wrong_arrows(&Graph::made_up(&packages))
    }

    #[test]
    fn the_workspace_as_it_is_passes() {
        assert_eq!(wrong_arrows(&Graph::made_up(&workspace())), [""; 0]);
        assert_eq!(check(&crate::graph::root()).expect("metadata"), [""; 0]);
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_fails() {
        let cases = [
            ("prumo-observer", "prumo-standin", "prumo-observer -> prumo-standin"),
            ("prumo-observer", "prumo-bench", "prumo-observer -> prumo-bench"),
            ("prumo-standin", "prumo-bench", "prumo-standin -> prumo-bench"),
            ("prumo-bench", "prumo-standin", "prumo-bench -> prumo-standin"),
            ("contract-tests", "prumo-bench", "contract-tests -> prumo-bench"),
            ("contract-tests", "client-bench", "contract-tests -> client-bench"),
            ("client-bench", "prumo-observer", "client-bench -> prumo-observer"),
            ("client-bench", "prumo-standin", "client-bench -> prumo-standin"),
            ("xtask", "alfa", "xtask -> generated/*"),
            ("generated/beta", "alfa", "generated/* -> generated/*"),
            ("generated/beta", "prumo-drift", "generated/* -> prumo-drift"),
            ("prumo-runtime", "prumo-spec", "prumo-runtime -> prumo-spec"),
        ];
        for (from, to, expected) in cases {
            assert_eq!(wrong_with(from, to, None), [expected], "{from} -> {to}");
            // A build script counts as a part of the build.
            assert_eq!(wrong_with(from, to, Some("build")), [expected], "{from} -> {to}");
        }
    }

    #[test]
    fn tests_may_use_what_their_crate_is_built_from_and_what_is_listed() {
        assert_eq!(wrong_with("prumo-observer", "prumo-spec", Some("dev")), [""; 0]);
        let wrong = wrong_with("prumo-observer", "prumo-standin", Some("dev"));
        assert_eq!(wrong, ["prumo-observer -> prumo-standin, in tests"]);
    }

    #[test]
    fn a_foreign_crate_is_found_also_behind_another_crate() {
        let wrong = wrong_with("prumo-spec", "tokio", None);
        let why = "tokio: the reader and the judge open no socket";
        let rooms = [
            "prumo-spec",
            "prumo-drift",
            "prumo-redact",
            "prumo-change",
            "prumo-pages",
            "prumo-infer",
        ];
        assert_eq!(wrong, rooms.map(|room| format!("{room} -> {why}")));
        assert_eq!(wrong_with("prumo-spec", "tokio", Some("dev")), [""; 0]);
    }

    #[test]
    fn a_row_or_an_entry_without_its_arrow_is_stale() {
        let mut packages = workspace();
        packages.retain(|(folder, _)| folder != "client-bench" && folder != "registry/hyper");
        for (_, dependencies) in &mut packages {
            dependencies.retain(|(name, _)| *name != "prumo-redact");
        }
        packages.push(("prumo-newcomer".to_owned(), Vec::new()));
        assert_eq!(
            wrong_arrows(&Graph::made_up(&packages)),
            [
                "prumo-newcomer has no row",
                "prumo-drift -> prumo-redact is stale: no manifest says so",
                "prumo-infer -> prumo-redact is stale: no manifest says so",
                "prumo -> prumo-redact is stale: no manifest says so",
                "contract-tests -> prumo-redact is stale: no manifest says so",
                "the row of client-bench is stale: there is no such crate",
                "hyper is stale: no crate uses it",
            ]
        );
    }
}
