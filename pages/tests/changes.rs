//! Holds the comparison of pages to tables of two versions and the changes between them.
//!
//! The pages are made up. Each row is a sentence about a vendor who edits a page; the expectation is
//! written by hand, as lines of `kind operation name members`.

#[path = "changes/formats.rs"]
mod formats;
#[path = "changes/postman.rs"]
mod postman;
#[path = "changes/rst.rs"]
mod rst;

use prumo_pages::{Change, diff, read};

/// An edit of a page.
struct Case {
    name: &'static str,
    file: &'static str,
    old: String,
    new: String,
    expect: &'static [&'static str],
}

fn check(cases: &[Case]) {
    for Case { name, file, old, new, expect } in cases {
        let page = |text: &str| match read(file, text) {
            Ok(page) => page,
            Err(error) => panic!("case `{name}`: {error}"),
        };
        let found: Vec<String> = diff(&page(old), &page(new)).iter().map(line).collect();
        assert_eq!(found, *expect, "case `{name}`");
    }
}

/// Writes a change on one line.
fn line(change: &Change) -> String {
    let name = change.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let members = change.members.iter().filter(|(_, value)| !value.is_null());
    let members: Vec<String> = members.map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {}{name} {}", change.kind.name(), change.operation, members.join(" "))
        .trim_end()
        .to_owned()
}
