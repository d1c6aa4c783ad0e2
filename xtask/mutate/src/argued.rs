//! Reads `xtask/mutate/argued.tsv`, the survivors that no rule could notice, each with a reason.
//!
//! A line has four columns, separated by tabs: fixture, mutator, place, reason. In the first
//! three, `*` stands for any text. A line that matches no survivor is stale.

use std::cell::Cell;
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::mutators::MUTATORS;

/// All lines of the file.
pub(super) struct Arguments {
    lines: Vec<Argument>,
}

/// Excuses the survivors that it matches.
struct Argument {
    line: usize,
    fixture: String,
    mutator: String,
    place: String,
    /// The number of survivors that it matched.
    n_used: Cell<u64>,
}

impl Arguments {
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        Self::parse(&fs_err::read_to_string(file)?)
            .with_context(|| format!("in `{}`", file.display()))
    }

    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let lines =
            text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let lines = lines
            .map(|(index, line)| Argument::parse(index + 1, line))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self { lines })
    }

    /// Returns whether a line matches this survivor, and counts the match.
    pub(super) fn cover(&self, fixture: &str, mutator: &str, place: &str) -> bool {
        let covers = |line: &&Argument| {
            fits(&line.fixture, fixture) && fits(&line.mutator, mutator) && fits(&line.place, place)
        };
        let mut covering = self.lines.iter().filter(covers).peekable();
        let is_covered = covering.peek().is_some();
        covering.for_each(|line| line.n_used.set(line.n_used.get() + 1));
        is_covered
    }

    /// Lists the lines that matched no survivor.
    pub(super) fn stale(&self) -> Vec<String> {
        let stale = self.lines.iter().filter(|line| line.n_used.get() == 0);
        stale
            .map(|line| {
                format!(
                    "line {}: {} at {} in {}",
                    line.line, line.mutator, line.place, line.fixture
                )
            })
            .collect()
    }
}

impl Argument {
    fn parse(line: usize, text: &str) -> anyhow::Result<Self> {
        let columns: Vec<&str> = text.split('\t').collect();
        let [fixture, mutator, place, reason] = columns[..] else {
            anyhow::bail!(
                "line {line} has not four columns separated by tabs: fixture, mutator, place, reason"
            );
        };
        ensure!(!reason.trim().is_empty(), "line {line} gives no reason");
        let is_known = mutator.contains('*') || MUTATORS.iter().any(|known| known.name == mutator);
        ensure!(is_known, "line {line} names a mutator `{mutator}` that does not exist");
        let [fixture, mutator, place] = [fixture, mutator, place].map(str::to_owned);
        Ok(Self { line, fixture, mutator, place, n_used: Cell::new(0) })
    }
}

/// Returns whether `text` matches `pattern`, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(behind) = text.strip_prefix(head) else {
        return false;
    };
    let mut starts = behind.char_indices().map(|(start, _)| start).chain([behind.len()]);
    starts.any(|start| fits(rest, &behind[start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        let cases = [
            ("a/*", "a/b/c.json", true),
            ("*/b/*.json", "a/b/c.json", true),
            ("*", "", true),
            ("a*c", "abd", false),
            ("a", "ab", false),
            ("*b", "ab", true),
        ];
        for (pattern, text, fit) in cases {
            assert_eq!(fits(pattern, text), fit, "`{pattern}` and `{text}`");
        }
    }

    #[test]
    fn a_line_that_argues_nothing_away_is_stale() {
        let text =
            "# why\nfixtures/alfa/*\tnull\t/response/*\ta reason\nx.json\tempty\t/\tanother\n";
        let arguments = Arguments::parse(text).unwrap();
        assert!(arguments.cover("fixtures/alfa/a.json", "null", "/response/body/id"));
        assert!(!arguments.cover("fixtures/alfa/a.json", "empty", "/response/body"));
        assert_eq!(arguments.stale(), ["line 3: empty at / in x.json"]);
    }

    #[test]
    fn a_line_without_a_reason_or_with_an_unknown_mutator_is_refused() {
        let cases = [
            ("a\tnull\t/\t ", "line 1 gives no reason"),
            (
                "a\tnull\t/",
                "line 1 has not four columns separated by tabs: fixture, mutator, place, reason",
            ),
            ("a\tnothing\t/\twhy", "line 1 names a mutator `nothing` that does not exist"),
        ];
        for (text, said) in cases {
            assert_eq!(
                Arguments::parse(text).err().map(|error| error.to_string()).as_deref(),
                Some(said)
            );
        }
    }
}
