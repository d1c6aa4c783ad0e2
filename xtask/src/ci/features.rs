//! Compiles the clients with the features that their users enable: TLS, blocking calls, a browser.
//!
//! Lints and docs use the same set of features, so that dependencies are compiled once for both.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use prumo_structure::Graph;

use super::session::{Session, Verdict};

/// Features of every client that a plain `cargo test` must not enable.
const FEATURES: [&str; 2] = ["rustls", "blocking"];

/// The compilation target for browsers.
const BROWSER: &str = "wasm32-unknown-unknown";

pub(super) fn clippy(session: &Session) -> anyhow::Result<Verdict> {
    let features = features(&clients(session)?);
    session
        .run(&format!("cargo clippy --workspace --all-targets --locked {features} -- -D warnings"))
}

pub(super) fn docs(session: &Session) -> anyhow::Result<Verdict> {
    let command =
        format!("cargo doc --workspace --no-deps --locked {}", features(&clients(session)?));
    session.run_with(&[("RUSTDOCFLAGS", "-D warnings")], &command)
}

/// Checks the clients for a browser, if the target's standard library is installed.
pub(super) fn wasm(session: &Session) -> anyhow::Result<Verdict> {
    if !has_library(session)? {
        return Ok(Verdict::Skipped(format!(
            "the toolchain has no library for {BROWSER}; `rustup target add {BROWSER}`"
        )));
    }
    let clients: String = clients(session)?.iter().map(|client| format!(" -p {client}")).collect();
    session.run(&format!("cargo check --locked --target {BROWSER} -p prumo-runtime{clients}"))
}

fn clients(session: &Session) -> anyhow::Result<Vec<String>> {
    let graph = Graph::read(&session.root)?;
    let clients = graph.members().filter(|package| package.is_client());
    Ok(clients.map(|package| package.name.clone()).collect())
}

/// Writes cargo's option that enables these features for all clients.
fn features(clients: &[String]) -> String {
    let of_client = |client: &String| FEATURES.map(|feature| format!("{client}/{feature}"));
    format!("--features {}", clients.iter().flat_map(of_client).collect::<Vec<_>>().join(","))
}

/// Returns whether the compiler that cargo will run has the target's standard library.
fn has_library(session: &Session) -> anyhow::Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", BROWSER])
        .current_dir(&session.root)
        .output()
        .with_context(|| format!("failed to start `{}`", rustc.display()))?;
    ensure!(
        output.status.success(),
        "`{}` does not say where the library of {BROWSER} is: {}",
        rustc.display(),
        output.status
    );
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    // `is_ok_and` also covers a missing folder.
    Ok(folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()))
}

#[cfg(test)]
mod tests {
    use super::features;

    #[test]
    fn every_client_is_compiled_with_every_feature() {
        let clients = ["alfa", "beta"].map(str::to_owned);
        let expected = "--features alfa/rustls,alfa/blocking,beta/rustls,beta/blocking";
        assert_eq!(features(&clients), expected);
    }
}
