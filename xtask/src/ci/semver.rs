//! Holds the versions that `prumo diff` asks for to what the compiler and a replay say.

use super::session::{Session, Verdict};

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let generate = |folder: &std::path::Path| {
        session.run(&format!("cargo prumo generate --root {}", folder.display())).map(drop)
    };
    let n_cases = prumo_semver::check(&session.root, generate)?;
    println!("{n_cases} cases");
    Ok(Verdict::Fits)
}
