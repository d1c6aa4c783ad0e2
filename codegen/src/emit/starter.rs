//! Turns a spec without a crate into the hand-written part of one, once.

use super::turns_text;

/// `Cargo.toml` and `README.md` of the new crate `name`.
pub fn starter(name: &str, title: &str) -> [(&'static str, String); 2] {
    let title = one_line(title);
    let library = name.replace('-', "_");
    let manifest = format!(
        r#"# By hand. Everything under src/ is the machine's.
[package]
name = "{name}"
description = "Typed client of {title}"
readme = "README.md"
categories = ["api-bindings"]
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
authors.workspace = true

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
# Verifies what the vendor posts to a webhook, where the spec has one that is signed.
webhooks = ["prumo-runtime/webhooks"]

[dependencies]
prumo-runtime = {{ path = "../../runtime", version = "0.1.0", default-features = false }}
reqwest.workspace = true
serde.workspace = true
serde_json.workspace = true

# Not ours to style: switched off here, once, and in no other place.
[lints.clippy]
all = "allow"
"#
    );
    let readme = format!(
        "# {name}\n\nTyped client of {title}, generated from an OpenAPI document by\n\
         prumo. Not affiliated with the vendor.\n\n\
         ```toml\n[dependencies]\n{name} = {{ version = \"0.1\", features = [\"rustls\"] }} # or \"native-tls\"\n```\n\n\
         The documentation of the library `{library}` lists the operations and has an example.\n"
    );
    [("Cargo.toml", manifest), ("README.md", readme)]
}

/// A title as it can stand between quotes in TOML, which takes no control characters.
fn one_line(title: &str) -> String {
    let words = title.split(|sign: char| sign.is_whitespace() || sign.is_control() || turns_text(sign));
    let title = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let title = title.replace(['"', '\\'], "'");
    if title.is_empty() { "an API".to_owned() } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let [(_, manifest), _] = starter("alfa", title);
            let line = format!("description = \"Typed client of {expected}\"");
            assert!(manifest.lines().any(|one| one == line), "title {title:?}");
        }
    }
}
