//! Reads `audit.allow.tsv`: places that look like a person or a secret and may stay.
//!
//! A row is a file or a folder (`redact/src/**`), a kind or `*`, and a reason, separated by tabs. A
//! line that starts with `#` is a comment.

use std::cell::Cell;
use std::path::Path;

use anyhow::bail;
use prumo_redact::Sensitive;

/// The file, in the project's folder.
const FILE: &str = "audit.allow.tsv";

/// Places that may stay.
#[derive(Default)]
pub(super) struct Allowed(Vec<Row>);

struct Row {
    line: usize,
    place: String,
    /// The kind that may stay; `None` is any.
    kind: Option<Sensitive>,
    is_used: Cell<bool>,
}

impl Allowed {
    /// Reads the allow file of a project; without one, the list is empty.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let file = root.join(FILE);
        if !file.exists() {
            return Ok(Self::default());
        }
        Self::parse(&fs_err::read_to_string(file)?)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let is_row = |(_, line): &(usize, &str)| !line.trim().is_empty() && !line.starts_with('#');
        let rows = text.lines().enumerate().filter(is_row);
        let rows: anyhow::Result<Vec<Row>> = rows.map(|(at, line)| row(at + 1, line)).collect();
        Ok(Self(rows?))
    }

    /// Returns whether a row lets a value of this kind stay in this file.
    pub(super) fn silences(&self, file: &str, kind: Sensitive) -> bool {
        let mut silences = false;
        for row in self.0.iter().filter(|row| row.covers(file, kind)) {
            row.is_used.set(true);
            silences = true;
        }
        silences
    }

    /// Returns the rows that silenced nothing.
    pub(super) fn stale(&self) -> Vec<String> {
        let unused = self.0.iter().filter(|row| !row.is_used.get());
        unused.map(|row| format!("{FILE}:{}: {}", row.line, row.place)).collect()
    }
}

impl Row {
    fn covers(&self, file: &str, kind: Sensitive) -> bool {
        let is_place = match self.place.strip_suffix("**") {
            Some(folder) => file.starts_with(folder),
            None => self.place == file,
        };
        is_place && self.kind.is_none_or(|own| own == kind)
    }
}

fn row(line: usize, text: &str) -> anyhow::Result<Row> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let &[place, kind, reason] = &cells[..] else {
        bail!("{FILE}:{line}: not three cells\n  hint: place, kind and reason, separated by tabs");
    };
    if reason.is_empty() || place.is_empty() {
        bail!("{FILE}:{line}: no reason\n  hint: say why the place may stay");
    }
    let kind = match kind {
        "*" => None,
        "secret" => Some(Sensitive::Secret),
        named => match Sensitive::parse(named) {
            Some(kind) => Some(kind),
            None => bail!(
                "{FILE}:{line}: no kind `{named}`\n  hint: a kind of `x-pii`, `secret`, or `*`"
            ),
        },
    };
    Ok(Row { line, place: place.to_owned(), kind, is_used: Cell::new(false) })
}

#[cfg(test)]
mod tests {
    use prumo_redact::Sensitive;

    use super::Allowed;

    #[test]
    fn a_row_covers_its_place_and_kind_and_is_stale_without_one() {
        let text = "# why\na/b.rs\tname\ta test\nc/**\t*\tanother\n";
        let allowed = Allowed::parse(text).unwrap();
        assert!(allowed.silences("a/b.rs", Sensitive::Name));
        assert!(!allowed.silences("a/b.rs", Sensitive::Cpf));
        assert!(!allowed.silences("a/b.rs.bak", Sensitive::Name));
        assert_eq!(allowed.stale(), ["audit.allow.tsv:3: c/**"]);
        assert!(allowed.silences("c/d/e.md", Sensitive::Secret));
        assert!(allowed.stale().is_empty());
    }

    #[test]
    fn a_row_without_a_reason_or_of_no_kind_is_refused() {
        for text in ["a\tname\n", "a\tname\t\n", "a\tnames\tb\n"] {
            assert!(Allowed::parse(text).is_err(), "{text:?}");
        }
    }
}
