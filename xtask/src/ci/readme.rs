//! Runs the commands of the README in order, exactly as written there.

use anyhow::ensure;

use super::session::{Session, Verdict};

/// First line of a block of commands.
const OPENING: &str = "```sh";

/// Last line of any block.
const CLOSING: &str = "```";

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let page = fs_err::read_to_string(session.root.join("README.md"))?;
    let commands = commands(&page);
    ensure!(!commands.is_empty(), "the README has no block that begins with `{OPENING}`");
    for command in commands {
        println!("$ {command}");
        session.run(command)?;
    }
    Ok(Verdict::Fits)
}

/// Lists the lines of all blocks of commands.
fn commands(page: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut is_inside = false;
    for line in page.lines().map(str::trim) {
        match line {
            OPENING => is_inside = true,
            CLOSING => is_inside = false,
            "" => (),
            command if is_inside => commands.push(command),
            _ => (),
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blocks_of_commands_are_run() {
        let page = "Say:\n\n```sh\ncargo test\n```\n\n```rust\nfn main() {}\n```\n```sh\ncargo xtask nightly\n```\n";
        assert_eq!(commands(page), ["cargo test", "cargo xtask nightly"]);
    }
}
