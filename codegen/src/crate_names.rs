//! Decides whether a spec's name can be the name of its client's crate.
//!
//! Cargo can't load a workspace that has one bad crate name, so even `cargo xtask` would not start.
//! A bad name is therefore refused before anything is written.

use super::names::is_keyword;

/// Names of workspace members, and of crates that a client depends on.
const TAKEN: [&str; 6] =
    ["contract-tests", "progenitor-client", "reqwest", "serde", "serde_json", "xtask"];

/// Libraries that come with Rust.
const OF_RUST: [&str; 5] = ["alloc", "core", "proc-macro", "std", "test"];

/// The longest name that a registry accepts.
const MAX_CHARS: usize = 64;

/// The reason why a name can't be a crate's, and a name that can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The reason, for people.
    pub message: String,
    /// A name close to it that is free.
    pub proposed: String,
    /// The rule that was broken.
    pub rule: String,
}

/// Returns why `name` can't be a crate's, or `None` if it can.
pub fn fault(name: &str) -> Option<Fault> {
    if TAKEN.contains(&name) || name == "prumo" || name.starts_with("prumo-") {
        return Some(taken(
            name,
            "the workspace or a client's dependencies have a crate of this name",
        ));
    }
    if OF_RUST.contains(&name) || is_keyword(&name.replace('-', "_")) {
        return Some(taken(name, "Rust reserves this name"));
    }
    let is_fine = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-')
        && name.len() <= MAX_CHARS;
    (!is_fine).then(|| Fault {
        message: format!("`{name}` can't be the name of a crate"),
        proposed: proposed(name),
        rule: format!("small letters, digits and `-`, a letter first, {MAX_CHARS} at most"),
    })
}

fn taken(name: &str, why: &str) -> Fault {
    // Every name that starts like ours is taken.
    let own = name.strip_prefix("prumo").map(|own| own.trim_start_matches('-'));
    Fault {
        message: format!("`{name}` is the name of another crate"),
        proposed: match own {
            Some("") => "api".to_owned(),
            own => format!("{}-api", own.unwrap_or(name).replace('_', "-")),
        },
        rule: why.to_owned(),
    }
}

/// Returns a name close to `name` that can be a crate's.
fn proposed(name: &str) -> String {
    let lower = name.to_lowercase();
    let words =
        lower.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    let joined = joined.chars().take(MAX_CHARS - "api-".len()).collect::<String>();
    let joined = match joined.trim_end_matches('-') {
        "" => "api".to_owned(),
        joined if joined.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("api-{joined}")
        }
        joined => joined.to_owned(),
    };
    // The proposal may be invalid as well: `Serde` becomes `serde`, which is taken.
    fault(&joined).map_or(joined, |fault| fault.proposed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cargo_refuses_is_refused_first() {
        let cases = [
            ("alfa", None),
            ("tomticket-v1", None),
            ("3scale", Some("api-3scale")),
            ("my.spec.v1", Some("my-spec-v1")),
            ("my spec", Some("my-spec")),
            ("My_Spec", Some("my-spec")),
            ("-a", Some("a")),
            ("\u{e7}\u{e3}o", Some("o")),
            ("\u{65e5}\u{672c}", Some("api")),
            ("", Some("api")),
            ("xtask", Some("xtask-api")),
            ("prumo-runtime", Some("runtime-api")),
            ("serde_json", Some("serde-json-api")),
            ("type", Some("type-api")),
            ("Type", Some("type-api")),
            ("Prumo", Some("api")),
            ("proc-macro", Some("proc-macro-api")),
        ];
        for (name, expected) in cases {
            let proposed = fault(name).map(|fault| fault.proposed);
            assert_eq!(proposed.as_deref(), expected, "name `{name}`");
        }
    }

    #[test]
    fn what_is_proposed_can_be_a_name() {
        for name in [
            "3scale",
            "My_Spec",
            "",
            "a.b",
            "serde json",
            "SELF",
            "prumo",
            "prumo-x",
            &"9".repeat(80),
            &"a b".repeat(40),
        ] {
            assert_eq!(fault(&proposed(name)), None, "name `{name}`");
            let said = fault(name).map(|one| one.proposed);
            assert_eq!(said.as_deref().and_then(fault), None, "name `{name}`: {said:?}");
        }
    }

    /// Lists the hand-written packages: workspace members outside of `generated/`.
    #[test]
    fn no_member_of_the_workspace_can_be_overwritten() {
        let mut members = Vec::new();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap() {
            let manifest = entry.unwrap().path().join("Cargo.toml");
            let Ok(text) = std::fs::read_to_string(manifest) else { continue };
            let name =
                text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
            members.extend(name.map(str::to_owned));
        }
        assert!(members.contains(&"xtask".to_owned()), "{members:?}");
        let free: Vec<_> = members.iter().filter(|name| fault(name).is_none()).collect();
        assert_eq!(free, Vec::<&String>::new());
    }
}
