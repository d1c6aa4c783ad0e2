//! Follows the guide word by word, once in each language, in an empty folder outside of the
//! repository.
//!
//! A reader has this repository in the folder `prumo`, writes the files that the text names, and
//! types the commands in the order of the pages. Before that, [`prumo_structure::guide`] holds the
//! languages together.
//!
//! Invariants:
//!
//! * A command exits with 0, unless the next one is `echo $?` and prints another code.
//! * What a page shows below a command is what it prints, where `…` stands for anything.
//! * Each language is followed under its own locale, so that the page shows the reader's words.
//! * The folder is the same in every run, because cargo would compile a path that it does not know.

mod expect;
mod reader;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use prumo_structure::guide::page::{Block, Page};
use prumo_structure::guide::{self, LANGUAGES};

use super::session::{Session, Verdict};
use reader::Reader;

/// Commands that another check runs, because they take minutes.
const PROVED_ELSEWHERE: [&str; 1] = ["cargo install --path prumo"];

pub(super) fn check(session: &Session) -> anyhow::Result<Verdict> {
    let breaches = guide::check(&session.root)?;
    ensure!(breaches.is_empty(), "{} breaches:\n  {}", breaches.len(), breaches.join("\n  "));
    if cfg!(not(unix)) {
        return Ok(Verdict::Skipped("the guide's commands are those of a Unix shell".to_owned()));
    }
    for language in LANGUAGES {
        follow(session, language)?;
    }
    Ok(Verdict::Fits)
}

/// What became of following the guide.
pub(crate) struct Followed {
    /// The reader's folder.
    pub(crate) home: PathBuf,
    /// Each command with what it printed, in order.
    pub(crate) printed: Vec<(String, String)>,
}

/// Follows the guide in one language.
pub(crate) fn follow(session: &Session, language: &str) -> anyhow::Result<Followed> {
    let mut reader = Reader::new(&session.root, language, &session.built_prumo()?)?;
    for file in guide::pages(&session.root, language)? {
        follow_page(&session.root, &file, &mut reader)?;
    }
    Ok(Followed { home: reader.home().to_owned(), printed: reader.take_printed() })
}

/// Does what one page says.
fn follow_page(root: &Path, file: &Path, reader: &mut Reader) -> anyhow::Result<()> {
    let shown = file.strip_prefix(root).unwrap_or(file).display();
    println!("{shown}");
    let page = Page::parse(&fs_err::read_to_string(file)?);
    reader.open_page()?;
    for block in &page.blocks {
        do_block(block, reader).with_context(|| format!("{shown}:{}", block.line))?;
    }
    Ok(())
}

fn do_block(block: &Block, reader: &mut Reader) -> anyhow::Result<()> {
    if let Some(file) = &block.file {
        return reader.write(Path::new(&file.path), &block.text, file.is_appended);
    }
    if block.language_name() != "console" {
        return Ok(());
    }
    let commands = block.commands();
    for (idx, one) in commands.iter().enumerate() {
        println!("$ {}", one.command);
        if PROVED_ELSEWHERE.contains(&one.command.as_str()) {
            continue;
        }
        let is_asked = commands.get(idx + 1).is_some_and(|next| next.command == "echo $?");
        reader.run(one, is_asked).with_context(|| format!("line {}", one.line))?;
    }
    Ok(())
}
