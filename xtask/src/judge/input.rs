//! Turns paths into exchanges for the judge: files, folders and a pipe.
//!
//! Files are taken in the order of their names, so that a run over a folder
//! says the same on every machine. One exchange is in memory at a time.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use prumo_drift::exchange::split;
use prumo_drift::{Observer, Origin};

use crate::workspace;

/// How long one exchange may be, unless told otherwise.
pub(super) const MAX_EXCHANGE_BYTES: usize = 256 * 1024 * 1024;

/// How the names of files with exchanges end.
const ENDINGS: &[&str] = &["json", "jsonl", "ndjson"];

/// The name of the pipe.
const PIPE: &str = "-";

/// How many broken exchanges of one file are named; the others are counted.
const MAX_NAMED: usize = 20;

/// Reads exchanges into an observer, and keeps what could not be read.
///
/// Nothing that is wrong with one path keeps the others from being judged.
pub(super) struct Reading<'a> {
    root: &'a Path,
    max_bytes: usize,
    /// How many exchanges were observed.
    pub(super) n_exchanges: u64,
    /// How many exchanges and paths could not be read.
    pub(super) n_unreadable: u64,
    /// What could not be read, with file and line.
    pub(super) problems: Vec<String>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(root: &'a Path, max_bytes: usize) -> Self {
        Self { root, max_bytes, n_exchanges: 0, n_unreadable: 0, problems: Vec::new() }
    }

    /// Reads a file, a folder or the pipe.
    pub(super) fn read(&mut self, path: &Path, observer: &mut Observer<'_>) {
        if path == Path::new(PIPE) {
            self.read_stream(PIPE, io::stdin().lock(), observer);
        } else if path.is_dir() {
            self.read_folder(path, observer);
        } else if path.exists() && !has_known_ending(path) {
            self.problem(format!("`{}` is of no kind that is read here; {}", path.display(), endings()));
        } else {
            self.read_file(path, observer);
        }
    }

    fn problem(&mut self, problem: String) {
        self.n_unreadable += 1;
        self.problems.push(problem);
    }

    fn read_folder(&mut self, folder: &Path, observer: &mut Observer<'_>) {
        let mut files = Vec::new();
        self.collect(folder, &mut files);
        files.sort();
        if files.is_empty() {
            self.problem(format!("there is no exchange in `{}`; {}", folder.display(), endings()));
        }
        for file in files {
            self.read_file(&file, observer);
        }
    }

    fn collect(&mut self, folder: &Path, files: &mut Vec<PathBuf>) {
        let entries = match fs_err::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.problem(error.to_string()),
        };
        for entry in entries {
            match entry.map(|entry| entry.path()) {
                // A link may lead back to where it stands.
                Ok(path) if path.is_dir() && !path.is_symlink() => self.collect(&path, files),
                Ok(path) if has_known_ending(&path) => files.push(path),
                Ok(_) => (),
                Err(error) => self.problem(error.to_string()),
            }
        }
    }

    fn read_file(&mut self, file: &Path, observer: &mut Observer<'_>) {
        match fs_err::File::open(file) {
            Ok(opened) => {
                self.read_stream(&workspace::shown(file, self.root), BufReader::new(opened), observer);
            }
            Err(error) => self.problem(error.to_string()),
        }
    }

    fn read_stream(&mut self, name: &str, reader: impl BufRead, observer: &mut Observer<'_>) {
        let (mut n_read, mut n_broken) = (0, 0);
        for item in split(reader, self.max_bytes) {
            let observed = item.and_then(|item| {
                let line = item.line();
                item.read()
                    .map(|exchange| observer.observe(&exchange, &Origin { file: name, line: line as u64 }))
            });
            match observed {
                Ok(()) => n_read += 1,
                Err(error) => {
                    n_broken += 1;
                    if n_broken <= MAX_NAMED {
                        self.problems.push(format!("`{name}`: {error}"));
                    }
                }
            }
        }
        if n_broken > MAX_NAMED {
            self.problems.push(format!("`{name}`: and {} more", n_broken - MAX_NAMED));
        }
        self.n_exchanges += n_read;
        self.n_unreadable += n_broken as u64;
        if n_read == 0 && n_broken == 0 {
            self.problem(format!("`{name}` holds no exchange"));
        }
    }
}

fn endings() -> String {
    format!("a file of exchanges ends in .{}", ENDINGS.join(", ."))
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.iter().any(|known| ending == *known)
}
