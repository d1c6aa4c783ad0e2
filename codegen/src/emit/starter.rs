//! Turns a spec without a crate into the hand-written part of one, once.
//!
//! Invariants:
//!
//! * Outside prumo's own workspace a manifest stands by itself: every version in it is literal, and
//!   inside a workspace that does not name the crate it is a workspace of its own.

use std::path::Path;

use super::turns_text;

/// The dependencies of generated code, with the versions that the runtime is built with.
const DEPENDENCIES: [(&str, &str); 3] = [
    (
        "reqwest",
        r#"{ version = "0.13.5", default-features = false, features = ["json", "query", "stream"] }"#,
    ),
    ("serde", r#"{ version = "1.0.229", default-features = false, features = ["std"] }"#),
    ("serde_json", r#""1.0.154""#),
];

/// The surroundings of a new crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrateHome {
    /// In prumo's own workspace, which says versions and authors; its root, seen from the crate.
    Workspace(String),
    /// Anywhere else.
    Alone {
        /// The source of the runtime.
        source: RuntimeSource,
        /// The manifest of a workspace around the crate that does not name it.
        outer: Option<String>,
    },
}

/// The source of `prumo-runtime` and `prumo-replay` for a crate outside prumo's own workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeSource {
    /// A release of this version.
    Version(String),
    /// The folder of the runtime; that of the replay is beside it.
    Path(String),
    /// The URL of a repository that has both, and its revision.
    Git(String, Revision),
}

/// The revision of a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Revision {
    /// The default branch.
    #[default]
    Head,
    /// A commit.
    Rev(String),
    /// A tag.
    Tag(String),
    /// A branch.
    Branch(String),
}

impl Default for RuntimeSource {
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

impl RuntimeSource {
    /// Writes the members of a dependency on `prumo-<room>`.
    fn members(&self, room: &str) -> String {
        match self {
            Self::Version(version) => format!("version = {}", quoted(version)),
            Self::Path(path) if room == "runtime" => format!("path = {}", quoted(path)),
            Self::Path(path) => {
                let beside = Path::new(path).with_file_name(room);
                format!("path = {}", quoted(&beside.to_string_lossy().replace('\\', "/")))
            }
            Self::Git(url, revision) => format!("git = {}{}", quoted(url), revision.member()),
        }
    }
}

impl Revision {
    /// Writes the member that follows `git`.
    fn member(&self) -> String {
        match self {
            Self::Head => String::new(),
            Self::Rev(rev) => format!(", rev = {}", quoted(rev)),
            Self::Tag(tag) => format!(", tag = {}", quoted(tag)),
            Self::Branch(branch) => format!(", branch = {}", quoted(branch)),
        }
    }
}

impl CrateHome {
    /// Writes the members of a dependency on `prumo-<room>`.
    fn source(&self, room: &str) -> String {
        match self {
            Self::Workspace(root) => {
                format!("path = \"{root}/{room}\", version = \"{}\"", env!("CARGO_PKG_VERSION"))
            }
            Self::Alone { source, .. } => source.members(room),
        }
    }

    /// Writes the lines of `[package]` that are not the crate's own.
    fn package(&self) -> &'static str {
        match self {
            Self::Workspace(_) => {
                "version.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
                 license.workspace = true\nauthors.workspace = true\nrepository.workspace = true\n"
            }
            Self::Alone { .. } => {
                "version = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.85\"\n\
                 # For your own programs, until you say otherwise.\npublish = false\n"
            }
        }
    }

    fn dependencies(&self) -> String {
        let line = |(name, literal): &(&str, &str)| match self {
            Self::Workspace(_) => format!("{name}.workspace = true\n"),
            Self::Alone { .. } => format!("{name} = {literal}\n"),
        };
        DEPENDENCIES.iter().map(line).collect()
    }

    /// Writes the table that keeps the crate out of the workspace around it.
    fn own_workspace(&self) -> String {
        let Self::Alone { outer: Some(outer), .. } = self else { return String::new() };
        format!(
            "\n# `{outer}` is a workspace that does not name this crate, so it is one of its own.\n\
             # To make it a member, name it there in `members` and remove this table.\n[workspace]\n"
        )
    }
}

/// Returns the hand-written files of the new crate `name`: what each is called, and its text.
#[must_use]
pub fn starter(name: &str, title: &str, home: &CrateHome) -> Vec<(&'static str, String)> {
    let title = one_line(title);
    let mut files =
        vec![("Cargo.toml", manifest(name, &title, home)), ("README.md", readme(name, &title))];
    if !matches!(home, CrateHome::Workspace(_)) {
        files.push((".gitignore", "/target\n".to_owned()));
    }
    files
}

fn manifest(name: &str, title: &str, home: &CrateHome) -> String {
    let (package, dependencies, runtime) =
        (home.package(), home.dependencies(), home.source("runtime"));
    let tests = match home {
        CrateHome::Workspace(_) => String::new(),
        CrateHome::Alone { .. } => contract_tests(name, home),
    };
    let own = home.own_workspace();
    format!(
        r#"# By hand. Everything under src/ is the machine's.
[package]
name = "{name}"
description = "Typed client of {title}"
readme = "README.md"
categories = ["api-bindings"]
{package}
# Pages of docs show what each feature adds.
[package.metadata.docs.rs]
features = ["blocking", "dispatch", "rustls", "spec"]

# Written out: cargo can then load the workspace while src/ is being rebuilt.
[lib]
path = "src/lib.rs"

[features]
default = []
# Calls without an async runtime: `send_blocking()`.
blocking = ["prumo-runtime/blocking"]
# Calls an operation by its name with JSON arguments: for replaying recordings.
dispatch = []
# The whole spec as a text, `SPEC`: for whoever watches the vendor with it.
spec = []
# TLS: none is forced, one is needed for https.
native-tls = ["prumo-runtime/native-tls"]
rustls = ["prumo-runtime/rustls"]
# Signs assertions (`private_key_jwt`) and makes authorization URLs, where the spec has OAuth 2.
oauth = ["prumo-runtime/oauth"]
# Verifies what the vendor posts to a webhook, where the spec has one that is signed.
webhooks = ["prumo-runtime/webhooks"]

[dependencies]
prumo-runtime = {{ {runtime}, default-features = false }}
{dependencies}{tests}
# Not ours to style: switched off here, once, and in no other place.
[lints.clippy]
all = "allow"
{own}"#
    )
}

/// Writes what `tests/contract.rs` needs.
fn contract_tests(name: &str, home: &CrateHome) -> String {
    let replay = home.source("replay");
    format!(
        r#"
[dev-dependencies]
# Replays the recorded exchanges; without this line `prumo generate` writes no `tests/contract.rs`.
prumo-replay = {{ {replay} }}
# The crate itself, with what its tests need.
{name} = {{ path = ".", features = ["dispatch", "spec"] }}

[[test]]
name = "contract"
harness = false
"#
    )
}

/// Returns the manifest of the crate that has every client in one table.
pub(super) fn manifest_of_tests<'n>(
    names: impl Iterator<Item = &'n str>,
    generated: &str,
    home: &CrateHome,
) -> String {
    let (package, replay, own) = (home.package(), home.source("replay"), home.own_workspace());
    let publish = if matches!(home, CrateHome::Workspace(_)) { "publish = false\n" } else { "" };
    let clients: String = names
        .map(|name| {
            format!("{name} = {{ path = \"{generated}/{name}\", features = [\"dispatch\", \"spec\"] }}\n")
        })
        .collect();
    format!(
        r#"# @generated by `prumo generate` from every spec. Do not edit.
[package]
name = "prumo-clients"
description = "Every generated client, as tests of all of them need it"
{publish}{package}
[lib]
path = "src/lib.rs"
doctest = false

[dependencies]
{clients}prumo-replay = {{ {replay} }}
{own}"#
    )
}

fn readme(name: &str, title: &str) -> String {
    let library = name.replace('-', "_");
    format!(
        "# {name}\n\nTyped client of {title}, generated from an OpenAPI document by\n\
         prumo. Not affiliated with the vendor.\n\n\
         ```toml\n[dependencies]\n{name} = {{ version = \"0.1\", features = [\"rustls\"] }} # or \"native-tls\"\n```\n\n\
         The documentation of the library `{library}` lists the operations and has an example.\n"
    )
}

/// Returns a text as it stands in TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns a title as it can stand between quotes in TOML, which takes no control characters.
fn one_line(title: &str) -> String {
    let words =
        title.split(|sign: char| sign.is_whitespace() || sign.is_control() || turns_text(sign));
    let title = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let title = title.replace(['"', '\\'], "'");
    if title.is_empty() { "an API".to_owned() } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> CrateHome {
        CrateHome::Workspace("../..".to_owned())
    }

    #[test]
    fn a_title_breaks_no_manifest() {
        let cases = [
            ("Alfa API", "Alfa API"),
            ("A\u{1}B", "A B"),
            ("A \u{7f}\n\tB", "A B"),
            ("say \"a\\b\"", "say 'a'b'"),
            ("A\u{202E}B", "A B"),
            ("\u{1}", "an API"),
        ];
        for (title, expected) in cases {
            assert_eq!(one_line(title), expected, "title {title:?}");
            let files = starter("alfa", title, &workspace());
            let line = format!("description = \"Typed client of {expected}\"");
            assert!(files[0].1.lines().any(|one| one == line), "title {title:?}");
        }
    }

    #[test]
    fn the_runtime_is_where_the_project_says() {
        let alone = |source| CrateHome::Alone { source, outer: None };
        let path = RuntimeSource::Path("../../../prumo/runtime".to_owned());
        let git = |revision| RuntimeSource::Git("https://git.example/prumo".to_owned(), revision);
        let cases = [
            (workspace(), r#"path = "../../runtime", version = "0.1.0""#, None),
            (alone(RuntimeSource::default()), r#"version = "0.1.0""#, Some(r#"version = "0.1.0""#)),
            (
                alone(path),
                r#"path = "../../../prumo/runtime""#,
                Some(r#"path = "../../../prumo/replay""#),
            ),
            (
                alone(git(Revision::Head)),
                r#"git = "https://git.example/prumo""#,
                Some(r#"git = "https://git.example/prumo""#),
            ),
            (
                CrateHome::Alone {
                    source: git(Revision::Rev("4f2a".to_owned())),
                    outer: Some("../../Cargo.toml".to_owned()),
                },
                r#"git = "https://git.example/prumo", rev = "4f2a""#,
                Some(r#"git = "https://git.example/prumo", rev = "4f2a""#),
            ),
            (
                alone(git(Revision::Tag("v0.1.0".to_owned()))),
                r#"git = "https://git.example/prumo", tag = "v0.1.0""#,
                Some(r#"git = "https://git.example/prumo", tag = "v0.1.0""#),
            ),
            (
                alone(git(Revision::Branch("next".to_owned()))),
                r#"git = "https://git.example/prumo", branch = "next""#,
                Some(r#"git = "https://git.example/prumo", branch = "next""#),
            ),
            (
                alone(RuntimeSource::Path(r#"a "b"/runtime"#.to_owned())),
                r#"path = "a \"b\"/runtime""#,
                Some(r#"path = "a \"b\"/replay""#),
            ),
        ];
        for (home, runtime, replay) in cases {
            let manifest = &starter("alfa", "Alfa", &home)[0].1;
            let expected = format!("prumo-runtime = {{ {runtime}, default-features = false }}");
            assert!(manifest.contains(&expected), "{home:?}: {manifest}");
            let found = manifest.lines().find_map(|line| line.strip_prefix("prumo-replay = { "));
            let expected = replay.map(|replay| format!("{replay} }}"));
            assert_eq!(found, expected.as_deref(), "{home:?}");
            let is_alone = !matches!(home, CrateHome::Workspace(_));
            assert_eq!(!manifest.contains("workspace = true"), is_alone, "{home:?}: {manifest}");
            let is_within = matches!(home, CrateHome::Alone { outer: Some(_), .. });
            assert_eq!(manifest.ends_with("\n[workspace]\n"), is_within, "{home:?}: {manifest}");
        }
    }

    #[test]
    fn literal_versions_are_those_of_the_workspace() {
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
        let workspace = std::fs::read_to_string(workspace).unwrap();
        for (name, literal) in DEPENDENCIES {
            let line = format!("{name} = {literal}");
            assert!(workspace.lines().any(|one| one == line), "the workspace has no `{line}`");
        }
    }
}
