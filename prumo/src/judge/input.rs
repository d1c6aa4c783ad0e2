//! Turns paths into streams of exchanges: files, folders and standard input, compressed or not.
//!
//! Files are read in the order of their names, so that a run over a folder reports the same on
//! every machine. An unreadable path does not stop the others.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use prumo_drift::exchange::{ExchangeError, ExchangeFault, foreign};
use prumo_drift::unreadable_place;

use crate::packed::{self, BUFFER_BYTES, is_named_packed, is_packed, unpacked};
use crate::specs;

/// Extensions of files with exchanges.
const ENDINGS: &[&str] = &["har", "json", "jsonl", "ndjson"];

/// The path that stands for standard input.
const PIPE: &str = "-";

/// An open file or standard input, or the reason why it can't be read.
pub(crate) enum Source {
    /// A stream that may hold exchanges.
    Stream {
        /// The name in reports.
        name: String,
        /// The content.
        reader: Box<dyn BufRead>,
    },
    /// The reason, which names the path.
    Unreadable(String),
}

/// Calls `take` with every file that `paths` lead to, in order. A file that is not compressed must
/// end like one with exchanges.
pub(crate) fn each_source(root: &Path, paths: &[PathBuf], take: &mut dyn FnMut(Source)) {
    each(root, paths, has_known_ending, take);
}

/// Calls `take` like [`each_source`], also with named files of any ending; a folder is searched for
/// known ones.
pub(crate) fn each_source_of_any_name(
    root: &Path,
    paths: &[PathBuf],
    take: &mut dyn FnMut(Source),
) {
    each(root, paths, |_| true, take);
}

fn each(root: &Path, paths: &[PathBuf], is_known: fn(&Path) -> bool, take: &mut dyn FnMut(Source)) {
    for path in paths {
        if path == Path::new(PIPE) {
            take(Source::stream(PIPE.to_owned(), io::stdin().lock()));
        } else if path.is_dir() {
            each_of_folder(root, path, take);
        } else {
            take(Source::open(root, path, is_known));
        }
    }
}

/// Lists the file or the files of the folder that may have exchanges, or the reasons why not.
pub(crate) fn files(path: &Path) -> Vec<Result<PathBuf, String>> {
    if !path.is_dir() {
        let is_known = path == Path::new(PIPE) || !path.exists() || has_known_ending(path);
        let problem =
            || format!("`{}` is of no kind that is read here; {}", path.display(), endings());
        return vec![is_known.then(|| path.to_owned()).ok_or_else(problem)];
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    collect(path, &mut files, &mut problems);
    files.sort();
    if files.is_empty() && problems.is_empty() {
        problems.push(format!("there is no exchange in `{}`; {}", path.display(), endings()));
    }
    problems.into_iter().map(Err).chain(files.into_iter().map(Ok)).collect()
}

/// Returns whether a folder holds a file that may have exchanges, at any depth.
pub(crate) fn has_sources(folder: &Path) -> bool {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    collect(folder, &mut files, &mut problems);
    // A problem is reported where the folder is judged.
    !files.is_empty() || !problems.is_empty()
}

/// Describes a broken exchange in `name`, with a hint if a flag helps.
pub(crate) fn broken(name: &str, error: &ExchangeError) -> String {
    Problem::of_exchange(name, error).told
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The sentence for a contract file, with file and line.
    pub(crate) place: String,
    /// The sentence for the screen, with a hint if a flag helps.
    pub(crate) told: String,
}

impl Problem {
    /// Returns a problem that is told as it is kept.
    pub(crate) fn of(told: String) -> Self {
        Self { place: told.clone(), told }
    }

    /// Returns the problem of a broken exchange in `name`.
    pub(crate) fn of_exchange(name: &str, error: &ExchangeError) -> Self {
        let place = unreadable_place(name, error);
        let hint = match error.fault() {
            ExchangeFault::TooLarge { .. } | ExchangeFault::Expands { .. } => {
                "; `--max-exchange-bytes` sets how many are read"
            }
            ExchangeFault::Foreign { name: kind, remedy } => {
                let told = format!("`{name}`: {kind}, not recorded traffic\n  hint: {remedy}");
                return Self { place, told };
            }
            _ => "",
        };
        Self { told: format!("{place}{hint}"), place }
    }
}

impl Source {
    fn open(root: &Path, file: &Path, is_known: fn(&Path) -> bool) -> Self {
        let mut opened = match fs_err::File::open(file) {
            Ok(opened) => BufReader::with_capacity(BUFFER_BYTES, opened),
            Err(error) => return Self::Unreadable(error.to_string()),
        };
        // A compressed file may have any name, and so may a pipe. A file of another kind is named
        // when it is read.
        let is_known = !file.is_file() || is_known(file);
        let is_named = |start: &[u8]| is_packed(start) || foreign::recognize(start).is_some();
        if !is_known && !opened.fill_buf().is_ok_and(is_named) {
            let name = file.display();
            let problem = format!("`{name}` is of no kind that is read here; {}", endings());
            return Self::Unreadable(problem);
        }
        Self::unpacked(specs::shown(file, root), opened)
    }

    fn stream(name: String, reader: impl io::Read + 'static) -> Self {
        Self::unpacked(name, BufReader::with_capacity(BUFFER_BYTES, reader))
    }

    fn unpacked(name: String, reader: impl BufRead + 'static) -> Self {
        match unpacked(reader) {
            Ok(Ok(reader)) => Self::Stream { name, reader },
            Ok(Err(refused)) => Self::Unreadable(format!("`{name}` is {refused}")),
            Err(error) => Self::Unreadable(format!("`{name}`: failed to read: {}", error.kind())),
        }
    }
}

fn each_of_folder(root: &Path, folder: &Path, take: &mut dyn FnMut(Source)) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    collect(folder, &mut files, &mut problems);
    files.sort();
    if files.is_empty() && problems.is_empty() {
        problems.push(format!("there is no exchange in `{}`; {}", folder.display(), endings()));
    }
    problems.into_iter().for_each(|problem| take(Source::Unreadable(problem)));
    for file in files {
        take(Source::open(root, &file, has_known_ending));
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, problems: &mut Vec<String>) {
    let entries = match fs_err::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.push(error.to_string()),
    };
    for entry in entries {
        match entry.map(|entry| entry.path()) {
            // A link to a folder may form a loop.
            Ok(path) if path.is_dir() && !path.is_symlink() => collect(&path, files, problems),
            // Opening a pipe or a device may block forever. A missing file is reported when it is
            // opened.
            Ok(path) if has_known_ending(&path) && path.exists() && !path.is_file() => {
                problems.push(format!("`{}` is no file", path.display()));
            }
            Ok(path) if has_known_ending(&path) => files.push(path),
            Ok(_) => (),
            Err(error) => problems.push(error.to_string()),
        }
    }
}

fn endings() -> String {
    format!(
        "a file of exchanges ends in .{}, or also in .{}",
        ENDINGS.join(", ."),
        packed::ENDINGS.join(" or .")
    )
}

fn has_known_ending(path: &Path) -> bool {
    let stem = Path::new(path.file_stem().unwrap_or_default());
    let inner = if is_named_packed(path) { stem } else { path };
    let ending = inner.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}
