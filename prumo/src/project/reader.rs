//! Reads the text of a `prumo.toml` as values of the wanted types, and collects complaints.
//!
//! Invariants:
//!
//! * All complaints of a file are collected; each has a line, a key and a remedy, and never a
//!   value.

use std::ops::Range;

use prumo_spec::complaint::{Complaint, Severity};
use prumo_spec::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and its place in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// A line and column, both from 1, and the key as `vendor.alfa.traffic`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) key: String,
}

impl Default for Place {
    fn default() -> Self {
        Self { line: 1, column: 1, key: String::new() }
    }
}

/// A table of the file and the key that leads to it, empty for the whole file.
#[derive(Clone)]
pub(super) struct Table<'t> {
    pub(super) members: &'t DeTable<'t>,
    pub(super) place: Place,
}

impl<T> Located<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: change(self.value), place: self.place }
    }
}

/// Reads one file and collects its complaints.
pub(super) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    pub(super) complaints: Vec<Complaint>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, complaints: Vec::new() }
    }

    /// Parses the file; a syntax error is a complaint.
    pub(super) fn parse(&mut self) -> Option<DeTable<'t>> {
        match DeTable::parse(self.text) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let place = self.place(error.span().unwrap_or_default(), String::new());
                // The parser's message may have several lines.
                let message = error.message().replace('\n', "; ");
                self.complain(
                    &place,
                    &message,
                    "the file is TOML: `key = \"text\"`, tables as `[vendor.alfa]`",
                );
                None
            }
        }
    }

    pub(super) fn complain(&mut self, place: &Place, message: &str, hint: &str) {
        self.complaints.push(complaint(self.file, place, message, hint));
    }

    /// Complains about every member that is not in `known`.
    pub(super) fn only(&mut self, table: &Table<'_>, known: &[&str]) {
        for key in table.members.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let place = self.place(key.span(), table.key(name));
            let hint = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there is `{}`", known.join("`, `")),
            };
            self.complain(&place, "unknown key", &hint);
        }
    }

    /// Returns the text of a member that must not be empty.
    pub(super) fn text(&mut self, table: &Table<'_>, key: &str) -> Option<Located<String>> {
        let (value, place) = self.member(table, key)?;
        match value {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(Located { value: text.clone().into_owned(), place })
            }
            DeValue::String(_) => {
                self.complain(&place, "an empty text", "leave the key out, or give it a value");
                None
            }
            other => self.mistyped(&place, "a text", other, &format!("write `{key} = \"…\"`")),
        }
    }

    /// Returns the texts of a member that is a list.
    pub(super) fn texts(&mut self, table: &Table<'_>, key: &str) -> Vec<Located<String>> {
        let Some((value, place)) = self.member(table, key) else { return Vec::new() };
        let hint = format!("write `{key} = [\"…\"]`");
        let DeValue::Array(items) = value else {
            self.mistyped::<()>(&place, "a list of texts", value, &hint);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let place = self.place(item.span(), place.key.clone());
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push(Located { value: text.clone().into_owned(), place });
                }
                DeValue::String(_) => self.complain(&place, "an empty text", "leave it out"),
                other => drop(self.mistyped::<()>(&place, "a list of texts", other, &hint)),
            }
        }
        texts
    }

    /// Returns the number of a member, which must not be negative.
    pub(super) fn count(&mut self, table: &Table<'_>, key: &str) -> Option<u64> {
        let (value, place) = self.member(table, key)?;
        let hint = format!("write `{key} = 40`");
        let DeValue::Integer(number) = value else {
            return self.mistyped(&place, "a whole number", value, &hint);
        };
        let read = u64::from_str_radix(number.as_str(), number.radix()).ok();
        if read.is_none() {
            self.complain(&place, "a number below 0, or too large", &hint);
        }
        read
    }

    /// Returns the table of a member; `hint` shows how one is written.
    pub(super) fn table<'a>(
        &mut self,
        table: &Table<'a>,
        key: &str,
        hint: &str,
    ) -> Option<Table<'a>> {
        let (value, place) = self.member(table, key)?;
        match value {
            DeValue::Table(members) => Some(Table { members, place }),
            other => self.mistyped(&place, "a table", other, hint),
        }
    }

    /// Returns the tables of a member that is a list of tables, such as `[[step]]`.
    pub(super) fn tables<'a>(
        &mut self,
        table: &Table<'a>,
        key: &str,
        hint: &str,
    ) -> Vec<Table<'a>> {
        let Some((value, place)) = self.member(table, key) else { return Vec::new() };
        let DeValue::Array(items) = value else {
            self.mistyped::<()>(&place, "a list of tables", value, hint);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            let place = self.place(item.span(), place.key.clone());
            match item.get_ref() {
                DeValue::Table(members) => tables.push(Table { members, place }),
                other => drop(self.mistyped::<()>(&place, "a list of tables", other, hint)),
            }
        }
        tables
    }

    /// Returns a member unchanged, with its key's place.
    pub(super) fn member<'a>(
        &self,
        table: &Table<'a>,
        key: &str,
    ) -> Option<(&'a DeValue<'a>, Place)> {
        let (name, value) = table.members.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((value.get_ref(), self.place_of(table, name)))
    }

    pub(super) fn place_of(
        &self,
        table: &Table<'_>,
        name: &Spanned<std::borrow::Cow<'_, str>>,
    ) -> Place {
        self.place(name.span(), table.key(name.get_ref()))
    }

    pub(super) fn mistyped<T>(
        &mut self,
        place: &Place,
        wanted: &str,
        found: &DeValue<'_>,
        hint: &str,
    ) -> Option<T> {
        self.complain(place, &format!("expected {wanted}, found {}", in_words(found)), hint);
        None
    }

    fn place(&self, span: Range<usize>, key: String) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place { line, column, key }
    }
}

impl Table<'_> {
    fn key(&self, name: &str) -> String {
        if self.place.key.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place.key)
        }
    }
}

/// Returns a complaint about a place of `file`.
pub(super) fn complaint(file: &str, place: &Place, message: &str, hint: &str) -> Complaint {
    Complaint {
        severity: Severity::Error,
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        pointer: place.key.clone(),
        message: message.to_owned(),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        costs: Vec::new(),
        loss: None,
    }
}

fn in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
