//! Finds what looks like a person or a secret in a file of any format.
//!
//! JSON is read member by member, so that a name says what its value is; other text is read line by
//! line, with the words before a value as its name. A name or a secret that one place reveals is
//! searched for in the whole file, in every spelling.
//!
//! Invariants:
//!
//! * A hit holds a place and a kind, never the value.
//! * What is made up for everyone to see (see [`super::made_up`]) is no hit.
//! * Unlike the redactor, the audit does not err towards matching: what it reports must be worth a
//!   look, or nobody looks.

mod look;
mod pairs;
mod walk;

use super::Sensitive;
use super::fake::Faker;
use super::json::Json;
use super::known::Known;
use super::made_up::is_made_up;
use super::secrets::{self, Secrets};

/// How the text of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Syntax {
    /// JSON, or one JSON value in each line. Text that is not JSON is read as prose.
    Json,
    /// Sources of a program, in which only a quoted text is a value.
    Source,
    /// Any other text, such as YAML and Markdown.
    Prose,
}

impl Syntax {
    /// Returns the syntax of files with this extension.
    pub fn of_extension(extension: &str) -> Self {
        match extension {
            "json" | "ndjson" | "jsonl" | "har" => Self::Json,
            "rs" | "toml" | "lock" | "sh" | "py" | "js" | "ts" | "go" | "java" | "rb" | "php" => {
                Self::Source
            }
            _ => Self::Prose,
        }
    }
}

/// A place that looks like a person or a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1. Within a JSON text it is the column of the text.
    pub column: usize,
    /// The kind of value that the place seems to hold.
    pub kind: Sensitive,
}

/// Returns the places of a file that look like a person or a secret, in order.
pub fn audit(text: &str, syntax: Syntax) -> Vec<Hit> {
    let mut places = Places::new(text);
    let pieces = pieces(text, syntax);
    let mut known = Gathered::default();
    for piece in &pieces {
        piece.gather(&mut known);
    }
    let has_made_up = known.has_made_up;
    let search = known.compiled();
    for piece in &pieces {
        piece.look(&search, &mut |at, kind| places.add(at, kind));
    }
    if has_made_up {
        places.drop_details();
    }
    places.hits()
}

/// A part of a file: a JSON value, or a line.
enum Piece<'t> {
    Json { start: usize, json: Json<'t> },
    Line { start: usize, text: &'t str, syntax: Syntax },
}

/// Separates a file into JSON values and lines.
fn pieces(text: &str, syntax: Syntax) -> Vec<Piece<'_>> {
    let whole = (syntax == Syntax::Json).then(|| Json::parse(text)).flatten();
    if let Some(json) = whole {
        return vec![Piece::Json { start: 0, json }];
    }
    let mut start = 0;
    let mut pieces = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_object = syntax == Syntax::Json && line.trim_start().starts_with('{');
        pieces.push(match is_object.then(|| Json::parse(line)).flatten() {
            Some(json) => Piece::Json { start, json },
            None => Piece::Line { start, text: line, syntax },
        });
        start += line.len();
    }
    pieces
}

impl Piece<'_> {
    fn gather(&self, known: &mut Gathered) {
        match self {
            Self::Json { json, .. } => walk::gather(json, known),
            Self::Line { text, syntax, .. } => pairs::gather(text, *syntax, known),
        }
    }

    fn look(&self, search: &look::Search, add: &mut dyn FnMut(usize, Sensitive)) {
        match self {
            Self::Json { start, json } => {
                walk::look(json, search, &mut |at, kind| add(start + at, kind));
            }
            Self::Line { start, text, syntax } => {
                pairs::look(text, *syntax, search, &mut |at, kind| add(start + at, kind));
            }
        }
    }
}

/// Names and secrets that a place of the file reveals.
struct Gathered {
    known: Known,
    secrets: Secrets,
    faker: Faker,
    /// Whether a member or a pair names a person who is made up.
    has_made_up: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            known: Known::default(),
            secrets: Secrets::default(),
            faker: Faker::new(b"audit"),
            has_made_up: false,
        }
    }
}

impl Gathered {
    /// Remembers the value of a named field.
    fn see(&mut self, kind: Option<Sensitive>, text: &str) {
        use Sensitive::{Cnpj, Cpf, Email, Name, Secret};
        let Some(kind) = kind else { return };
        self.has_made_up |=
            matches!(kind, Name | Cpf | Cnpj | Email) && text.len() > 3 && is_made_up(kind, text);
        if matches!(kind, Name | Secret) && look::is_of_kind(kind, text) {
            self.add(kind, text);
        }
    }

    fn add(&mut self, kind: Sensitive, text: &str) {
        if kind == Sensitive::Secret {
            self.secrets.add(text);
        } else {
            self.known.add(kind, text, &self.faker.fake(&[kind], text));
        }
    }

    fn compiled(mut self) -> look::Search {
        self.known.sort();
        let secrets: secrets::Search = self.secrets.compiled();
        look::Search { known: self.known, secrets, faker: self.faker }
    }
}

/// Turns places of a text into lines and columns.
struct Places<'t> {
    text: &'t str,
    found: Vec<(usize, Sensitive)>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    fn add(&mut self, at: usize, kind: Sensitive) {
        self.found.push((at, kind));
    }

    /// Drops dates of birth and addresses if every person that the file names is made up: then they
    /// are of these persons.
    fn drop_details(&mut self) {
        use Sensitive::{Address, BirthDate, Cnpj, Cpf, Email, Name};
        if !self.found.iter().any(|(_, kind)| matches!(kind, Name | Cpf | Cnpj | Email)) {
            self.found.retain(|(_, kind)| !matches!(kind, Address | BirthDate));
        }
    }

    fn hits(mut self) -> Vec<Hit> {
        self.found.sort_unstable();
        self.found.dedup();
        let (mut line, mut start, mut seen) = (1, 0, 0);
        let mut hits = Vec::with_capacity(self.found.len());
        for (at, kind) in self.found {
            let between = self.text.get(seen..at).unwrap_or_default();
            line += between.matches('\n').count();
            start = between.rfind('\n').map_or(start, |end| seen + end + 1);
            seen = at;
            let column = self.text.get(start..at).unwrap_or_default().chars().count() + 1;
            hits.push(Hit { line, column, kind });
        }
        hits
    }
}

#[cfg(test)]
mod tests;
