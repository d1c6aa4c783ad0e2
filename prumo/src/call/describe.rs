//! Describes a spec's operations to the person who wants to call one.

use std::fmt::Write as _;

use prumo_runtime::{Place, Placement};

use super::catalogue::{Catalogue, Chosen};
use super::kind::Kind;

/// Lists the operations that contain `text`, one per line, grouped by tag.
pub(crate) fn list(catalogue: &Catalogue, text: Option<&str>) -> String {
    let text = text.unwrap_or_default().to_lowercase();
    let is_meant = |one: &Chosen<'_>| {
        let all = format!("{} {} {}", one.row.id, one.row.path, one.drafted.summary);
        all.to_lowercase().contains(&text)
    };
    let found: Vec<Chosen<'_>> = catalogue.all().filter(is_meant).collect();
    let mut tags: Vec<&str> = Vec::new();
    for one in &found {
        let tag = tag(*one);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let width = found.iter().map(|one| one.row.id.len()).max().unwrap_or_default();
    let mut page = String::new();
    for tag in tags {
        let _ = writeln!(page, "{tag}");
        for one in found.iter().filter(|one| self::tag(**one) == tag) {
            let _ = writeln!(
                page,
                "  {:<width$}  {:<6}  {}",
                one.row.id,
                one.row.method,
                plain(&one.drafted.summary)
            );
        }
        page.push('\n');
    }
    let _ = writeln!(page, "{} of {} operations", found.len(), catalogue.rows.len());
    page
}

fn tag<'c>(one: Chosen<'c>) -> &'c str {
    one.drafted.tags.first().map_or("Other", String::as_str)
}

/// Describes one operation in full.
pub(crate) fn operation(catalogue: &Catalogue, chosen: Chosen<'_>) -> String {
    let Chosen { row, drafted } = chosen;
    let mut page =
        format!("{}: {} {}\n  {}\n", row.id, row.method, row.path, plain(&drafted.summary));
    let mut section = Section::new(&mut page, "parameters");
    for (one, drafted) in
        row.parameters.iter().zip(&drafted.parameters).filter(|(one, _)| !one.secret)
    {
        let kind = Kind::of(&catalogue.draft, &drafted.schema);
        let place = match one.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
        };
        section.entry(one.name, place, one.required, &kind.in_words(), &drafted.docs);
    }
    if let Some(body) = &drafted.body {
        let mut section = Section::new(
            &mut page,
            &format!("body, {}", body.content_type.as_ref().unwrap_or(&body.media)),
        );
        for field in catalogue.fields(drafted) {
            section.entry(
                field.name,
                "field",
                field.is_required,
                &field.kind.in_words(),
                field.description,
            );
        }
    }
    let title = match catalogue.credentials_command() {
        Some(_) => "credentials, from the command in `prumo.toml`",
        None => "credentials",
    };
    let mut section = Section::new(&mut page, title);
    for line in credentials(catalogue, chosen) {
        section.line(&line);
    }
    let mut section = Section::new(&mut page, "further");
    if let Some(limit) = row.rate_limit {
        section.line(&format!("at most {} requests in {} s", limit.requests, limit.seconds));
    }
    if let Some(bytes) = row.max_request_bytes {
        section.line(&format!("at most {bytes} bytes of a request"));
    }
    if row.paging.is_some_and(|paging| paging.page.is_some()) {
        section.line("comes in pages: `--pages N` or `--pages all`");
    }
    if !row.source.is_empty() {
        section.line(&format!("source: {}", row.source));
    }
    page
}

/// The variables that a call reads, or the lines of the project's command; one for each way to be
/// let in.
pub(crate) fn credentials(catalogue: &Catalogue, chosen: Chosen<'_>) -> Vec<String> {
    let in_path = chosen.row.parameters.iter().filter(|one| one.secret);
    let mut lines: Vec<String> = in_path.map(|one| catalogue.credential_name(one.name)).collect();
    for scheme in catalogue.schemes {
        let is_asked = chosen.row.security.iter().any(|names| names.contains(&scheme.name));
        if !is_asked || scheme.placement == Placement::PathSegment {
            continue;
        }
        lines.push(catalogue.credential_name(scheme.name));
        if scheme.login.is_some() {
            let names = ["username", "password", "client_id", "client_secret"];
            lines.push(names.map(|name| catalogue.credential_name(name)).join(", "));
        }
        if let Some(flow) = scheme.oauth.and_then(|oauth| oauth.client_credentials) {
            let names = ["client_id", "client_secret"].map(|name| format!("{}{name}", flow.prefix));
            lines.push(names.map(|name| catalogue.credential_name(&name)).join(", "));
        }
    }
    lines
}

/// A headline that is only written if content follows.
struct Section<'p> {
    page: &'p mut String,
    title: Option<String>,
}

impl<'p> Section<'p> {
    fn new(page: &'p mut String, title: &str) -> Self {
        Self { page, title: Some(title.to_owned()) }
    }

    fn line(&mut self, line: &str) {
        if let Some(title) = self.title.take() {
            let _ = writeln!(self.page, "\n{title}");
        }
        let _ = writeln!(self.page, "  {line}");
    }

    fn entry(&mut self, name: &str, place: &str, is_required: bool, kind: &str, docs: &str) {
        let required = if is_required { ", required" } else { "" };
        self.line(&format!("{name} ({place}{required}): {kind}"));
        let docs = plain(docs.split("\n\n").next().unwrap_or_default());
        if !docs.is_empty() {
            self.line(&format!("    {}", docs.replace('\n', " ")));
        }
    }
}

/// Undoes the escaping of a description for rustdoc.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(one) = characters.next() {
        let is_escape = one == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            plain.push(one);
        }
    }
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
