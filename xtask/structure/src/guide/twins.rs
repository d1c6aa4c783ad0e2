//! Compares two pages that say the same in two languages.
//!
//! Invariants:
//!
//! * Headings have the same levels in the same order.
//! * Blocks have the same language, file and code. Comments may differ, and so may what a command
//!   prints, because the program speaks the reader's language.

use super::page::{Block, Page};

/// Lists where `translated` is not the twin of `page`.
///
/// * `name`, `translated_name`: how the breaches call them.
pub(super) fn differences(
    (name, page): (&str, &Page),
    (translated_name, translated): (&str, &Page),
) -> Vec<String> {
    let levels = |page: &Page| page.headings.iter().map(|one| one.level).collect::<Vec<_>>();
    if levels(page) != levels(translated) {
        let both = [page, translated].map(|page| page.headings.len());
        return vec![format!(
            "{name} and {translated_name} have different headings: {} and {}",
            both[0], both[1]
        )];
    }
    if page.blocks.len() != translated.blocks.len() {
        return vec![format!(
            "{name} has {} blocks of code, and {translated_name} has {}",
            page.blocks.len(),
            translated.blocks.len()
        )];
    }
    let pairs = page.blocks.iter().zip(&translated.blocks);
    let differ = pairs.filter(|(one, other)| essence(one) != essence(other));
    differ
        .map(|(one, other)| {
            format!("{name}:{} is not the block of {translated_name}:{}", one.line, other.line)
        })
        .collect()
}

/// What both languages must share of a block.
fn essence(block: &Block) -> (&str, Option<(&str, bool)>, Vec<String>) {
    let file = block.file.as_ref().map(|file| (file.path.as_str(), file.is_appended));
    let lines: Vec<String> = match block.language_name() {
        "console" => block.commands().into_iter().map(|one| one.command).collect(),
        // Pictures and examples of texts are for people, so their words are translated.
        "mermaid" | "text" => Vec::new(),
        _ => block.text.lines().map(str::to_owned).collect(),
    };
    let mark = if block.language_name() == "rust" { "//" } else { "#" };
    let code = lines.iter().map(|line| without_comment(line, mark).trim_end().to_owned());
    (&block.language, file, code.filter(|line| !line.is_empty()).collect())
}

/// Removes a comment, which begins the line or stands behind a blank.
fn without_comment<'l>(line: &'l str, mark: &str) -> &'l str {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find(mark)) {
        let at = from + found;
        let before = line.get(..at).unwrap_or_default();
        let behind = line.get(at + mark.len()..).unwrap_or_default();
        let is_comment = before.is_empty() || before.ends_with(' ');
        if is_comment && (behind.is_empty() || behind.starts_with([' ', '/', '!'])) {
            return before;
        }
        from = at + mark.len();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(one: &str, other: &str) -> Vec<String> {
        differences(("en", &Page::parse(one)), ("pt", &Page::parse(other)))
    }

    #[test]
    fn texts_comments_and_output_may_differ() {
        let one = "# A\n\nText.\n\n```rust\n// Why.\nlet url = \"http://x\"; // there\n```\n```console\n$ prumo judge # all\nfits\n```\n";
        let other = "# B\n\nTexto.\n\n```rust\n// Por quê.\nlet url = \"http://x\"; // lá\n```\n```console\n$ prumo judge # tudo\nconfere\n```\n";
        assert_eq!(compared(one, other), [""; 0]);
    }

    #[test]
    fn headings_blocks_code_and_files_may_not() {
        let cases = [
            ("# A\n## B\n", "# A\n### B\n", "en and pt have different headings: 2 and 2"),
            ("```sh\na\n```\n", "", "en has 1 blocks of code, and pt has 0"),
            (
                "```rust\nlet a = 1;\n```\n",
                "```rust\nlet a = 2;\n```\n",
                "en:1 is not the block of pt:1",
            ),
            ("```console\n$ a\n```\n", "```console\n$ b\n```\n", "en:1 is not the block of pt:1"),
            (
                "`a.toml`:\n```toml\n```\n",
                "`b.toml`:\n```toml\n```\n",
                "en:2 is not the block of pt:2",
            ),
            ("```toml\n```\n", "```yaml\n```\n", "en:1 is not the block of pt:1"),
        ];
        for (one, other, expected) in cases {
            assert_eq!(compared(one, other), [expected], "{one}");
        }
    }
}
