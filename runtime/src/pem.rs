//! Splits PEM text into its blocks. Text between them is ignored.

/// A block: from its first line `-----BEGIN …-----` to its last.
pub(crate) struct Block<'p> {
    /// The words after `BEGIN`.
    pub(crate) label: &'p str,
    /// The block with both lines.
    pub(crate) text: &'p [u8],
}

impl Block<'_> {
    /// Returns whether the block is a private key.
    pub(crate) fn is_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// Returns whether the block is a key that needs a password.
    pub(crate) fn is_encrypted(&self) -> bool {
        let header = b"Proc-Type: 4,ENCRYPTED";
        self.is_key()
            && (self.label.starts_with("ENCRYPTED")
                || self.text.windows(header.len()).any(|window| window == header))
    }
}

/// Returns the blocks, in order. One without an end is left out.
pub(crate) fn blocks(pem: &[u8]) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = pem;
    while let Some(start) = find(rest, b"-----BEGIN ") {
        rest = rest.get(start..).unwrap_or_default();
        let after = rest.get(11..).unwrap_or_default();
        let label = find(after, b"-----").and_then(|end| after.get(..end));
        let label = label.and_then(|label| std::str::from_utf8(label).ok()).unwrap_or_default();
        let last = format!("-----END {label}-----");
        let Some(end) = find(rest, last.as_bytes()) else {
            rest = after;
            continue;
        };
        let (text, behind) = rest.split_at(end + last.len());
        blocks.push(Block { label, text });
        rest = behind;
    }
    blocks
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_are_told_by_their_labels() {
        let rows: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("-----BEGIN A-----", &[]),
            (
                "x -----BEGIN A-----\nq\n-----END A-----\n-----BEGIN B C-----\n-----END B C-----",
                &["A", "B C"],
            ),
            ("-----BEGIN A-----\n-----BEGIN B-----\n-----END B-----", &["B"]),
            ("-----BEGIN \u{fffd}", &[]),
        ];
        for (pem, expect) in rows {
            let labels: Vec<&str> = blocks(pem.as_bytes()).iter().map(|one| one.label).collect();
            assert_eq!(labels, expect, "{pem:?}");
        }
    }
}
