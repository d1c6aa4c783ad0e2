//! Turns a page of Markdown into its headings, blocks of code and links.
//!
//! Only the Markdown that this repository writes is read: headings with `#`, fences of three
//! backticks, and links written inline.
//!
//! Invariants:
//!
//! * A block is neither a heading nor a link, and text in backticks is no link.
//! * Every item knows its line, which counts from 1.

/// What the checks read of one page.
#[derive(Debug, Default)]
pub struct Page {
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// The blocks of code in order.
    pub blocks: Vec<Block>,
    /// The links and images in order.
    pub links: Vec<Link>,
}

/// One heading.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 for the title of the page.
    pub level: usize,
    /// The text without the marks.
    pub text: String,
}

/// One block of code.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of the opening fence.
    pub line: usize,
    /// What stands behind the opening fence: `console`, `rust,no_run`.
    pub language: String,
    /// The lines between the fences.
    pub text: String,
    /// The file that the sentence before the block names.
    pub file: Option<File>,
}

/// A file that a reader writes.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// The path as it is written, relative to the reader's folder.
    pub path: String,
    /// Whether the block goes to the end of an existing file.
    pub is_appended: bool,
}

/// One link or image.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// The line of the link.
    pub line: usize,
    /// The target as it is written.
    pub target: String,
}

/// One command of a block `console`, with what it should print.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    /// The line of the page.
    pub line: usize,
    /// The command, its continued lines joined.
    pub command: String,
    /// The lines below it; an empty list if the page does not show what it prints.
    pub expected: Vec<String>,
}

/// How the sentence before a block says that it goes to the end of a file.
const APPENDED: [&str; 2] = ["end of", "fim de"];

impl Page {
    /// Reads a page.
    pub fn parse(text: &str) -> Self {
        let mut page = Self::default();
        let mut before = "";
        let mut lines = text.lines().enumerate().map(|(idx, line)| (idx + 1, line));
        while let Some((line, text)) = lines.next() {
            if let Some((indent, language)) = opening(text) {
                let inside = lines.by_ref().map(|(_, line)| line);
                let inside: Vec<&str> = inside
                    .take_while(|line| line.trim() != "```")
                    .map(|line| outdented(line, indent))
                    .collect();
                let text: String = inside.iter().map(|line| format!("{line}\n")).collect();
                let file = named_file(before);
                page.blocks.push(Block { line, language: language.to_owned(), text, file });
                before = "";
                continue;
            }
            page.headings.extend(heading(text));
            page.links.extend(targets(text).map(|target| Link { line, target }));
            if !text.trim().is_empty() {
                before = text.trim();
            }
        }
        page
    }
}

impl Block {
    /// Returns the name of the language alone: `rust` for `rust,no_run`.
    pub fn language_name(&self) -> &str {
        self.language.split(',').next().unwrap_or_default()
    }

    /// Splits a block `console` into its commands.
    ///
    /// A line that begins with `$ ` is a command. One that ends with a backslash goes on in the
    /// next line. The lines below are what the command prints.
    pub fn commands(&self) -> Vec<Command> {
        let mut commands: Vec<Command> = Vec::new();
        let mut is_continued = false;
        for (idx, text) in self.text.lines().enumerate() {
            let line = self.line + idx + 1;
            match (text.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push(Command {
                    line,
                    command: command.to_owned(),
                    expected: Vec::new(),
                }),
                (None, Some(last)) if is_continued => {
                    last.command += "\n";
                    last.command += text;
                }
                (None, Some(last)) => {
                    last.expected.push(text.to_owned());
                    continue;
                }
                (None, None) => continue,
            }
            is_continued = text.ends_with('\\');
        }
        for one in &mut commands {
            while one.expected.last().is_some_and(String::is_empty) {
                one.expected.pop();
            }
        }
        commands
    }
}

impl Heading {
    /// Returns the name by which a link reaches the heading, as forges and mdBook make it.
    pub fn anchor(&self) -> String {
        let kept = self.text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    }
}

/// Returns the indent and the language of an opening fence.
fn opening(line: &str) -> Option<(usize, &str)> {
    let language = line.trim_start().strip_prefix("```")?;
    Some((line.len() - line.trim_start().len(), language.trim()))
}

/// Removes up to `indent` blanks.
fn outdented(line: &str, indent: usize) -> &str {
    let n_blanks = line.len() - line.trim_start_matches(' ').len();
    line.get(n_blanks.min(indent)..).unwrap_or_default()
}

fn heading(line: &str) -> Option<Heading> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.strip_prefix(' ').filter(|_| level > 0)?;
    Some(Heading { level, text: text.trim().replace('`', "") })
}

/// Returns the file of a sentence that ends with a path in backticks and a colon.
fn named_file(sentence: &str) -> Option<File> {
    let (before, path) = sentence.strip_suffix("`:")?.rsplit_once('`')?;
    if path.contains(' ') || !path.contains('.') {
        return None;
    }
    let is_appended = APPENDED.iter().any(|words| before.trim_end().ends_with(words));
    Some(File { path: path.to_owned(), is_appended })
}

/// Lists the targets of the links in a line.
fn targets(line: &str) -> impl Iterator<Item = String> {
    // What stands in backticks is no link, but a link's text may have some.
    let mut prose = String::new();
    for (idx, part) in line.split('`').enumerate() {
        prose.push_str(if idx % 2 == 0 { part } else { "code" });
    }
    let found: Vec<String> = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0.trim().to_owned()))
        .collect();
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# The `first` ticket\n\nSee [the night](night.md#a-night) and `[no](link)`.\n\n\
        Write `src/main.rs`:\n\n```rust,no_run\nfn main() {}\n# not a heading\n```\n\n\
        At the end of `prumo.toml`:\n\n```toml\na = 1\n```\n\n## Then\n\n```console\n$ prumo judge \\\n    inbox\ndrifts\n…\n\n$ echo $?\n4\n```\n";

    #[test]
    fn headings_blocks_and_links_are_told_apart() {
        let page = Page::parse(PAGE);
        let heading = |level, text: &str| Heading { level, text: text.to_owned() };
        assert_eq!(page.headings, [heading(1, "The first ticket"), heading(2, "Then")]);
        assert_eq!(page.links, [Link { line: 3, target: "night.md#a-night".to_owned() }]);
        let languages: Vec<&str> = page.blocks.iter().map(Block::language_name).collect();
        assert_eq!(languages, ["rust", "toml", "console"]);
        assert_eq!(page.blocks[0].text, "fn main() {}\n# not a heading\n");
    }

    #[test]
    fn the_sentence_before_a_block_names_its_file() {
        let page = Page::parse(PAGE);
        let file = |path: &str, is_appended| Some(File { path: path.to_owned(), is_appended });
        let files: Vec<_> = page.blocks.into_iter().map(|block| block.file).collect();
        assert_eq!(files, [file("src/main.rs", false), file("prumo.toml", true), None]);
    }

    #[test]
    fn a_command_has_its_continuation_and_its_output() {
        let page = Page::parse(PAGE);
        let command = |line, command: &str, expected: &[&str]| Command {
            line,
            command: command.to_owned(),
            expected: expected.iter().map(|line| (*line).to_owned()).collect(),
        };
        let expected = [
            command(21, "prumo judge \\\n    inbox", &["drifts", "…"]),
            command(26, "echo $?", &["4"]),
        ];
        assert_eq!(page.blocks[2].commands(), expected);
    }

    #[test]
    fn an_anchor_keeps_letters_of_every_language() {
        let heading = Heading { level: 2, text: "O que é “gravidade”?".to_owned() };
        assert_eq!(heading.anchor(), "o-que-é-gravidade");
    }
}
