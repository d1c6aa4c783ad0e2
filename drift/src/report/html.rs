//! Turns a report into one page for a browser: findings with search and filters, coverage as a heat
//! map, and the trend over the nights, in English and Portuguese.
//!
//! Invariants:
//!
//! * The page loads nothing: its policy allows only its own style and script, by their hashes.
//! * Each text of ours stands in both languages; the style hides one of them.
//! * Without a script everything is still there to read.

mod coverage;
mod findings;
mod trend;

use super::{Report, left_out, texts, write_to};
use crate::language::{Language, Text};
use crate::printable::printable;
use crate::rules::Severity;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The hashes by which the policy allows the style and the script.
const STYLE_HASH: &str = "sha256-mMEmOVcJvPwxbTANKmvPKVzWSpeQ0KJNg4aBm981vHc=";
const SCRIPT_HASH: &str = "sha256-6rDo2UAgBkEeVHOu+JQC7j3x/5eydBBKlS3dJRibBFk=";

/// The greatest number of notes of one kind.
const MAX_NOTES: usize = 100;

pub(super) fn as_html(report: &Report) -> String {
    let verdict = report.totals.verdict.text();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title data-en=\"prumo: {}\" data-pt=\"prumo: {}\">prumo: {0}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n",
        verdict.en, verdict.pt
    );
    head(&mut page, report, &verdict);
    page += "<main>\n";
    findings::section(&mut page, report);
    trend::section(&mut page, report);
    notes(&mut page, report);
    coverage::section(&mut page, report);
    page += "</main>\n";
    write_to(&mut page, format_args!("<script>{SCRIPT}</script>\n</body>\n</html>\n"));
    page
}

/// Writes verdict, counts, run, specs and the switch of languages.
fn head(page: &mut String, report: &Report, verdict: &Text) {
    write_to(
        page,
        format_args!(
            "<header>\n<div class=\"bar\"><h1>prumo <strong class=\"verdict {}\">{}</strong></h1>\n\
             <div class=\"languages\" role=\"group\" aria-label=\"Language, idioma\">\
             <button type=\"button\" data-language=\"en\" lang=\"en\" aria-pressed=\"true\">English</button>\
             <button type=\"button\" data-language=\"pt-BR\" lang=\"pt-BR\" aria-pressed=\"false\">Português</button>\
             </div></div>\n",
            verdict.en.replace(' ', "-"),
            both(verdict)
        ),
    );
    let totals = &report.totals;
    let counts = [
        (totals.findings.breaking, Severity::Breaking.text()),
        (totals.findings.risky, Severity::Risky.text()),
        (totals.findings.compatible, Severity::Compatible.text()),
        (totals.waived, texts::WAIVED),
        (totals.exchanges, texts::EXCHANGES),
        (totals.unreadable, texts::UNREADABLE),
        (totals.coverage, texts::GAPS),
    ];
    *page += "<ul class=\"counts\">\n";
    for (count, text) in &counts {
        write_to(page, format_args!("<li><b>{count}</b> {}</li>\n", both(text)));
    }
    let operations = totals.operations;
    write_to(
        page,
        format_args!(
            "<li><b>{}</b>/{} {}</li>\n</ul>\n",
            operations.seen,
            operations.promised,
            both(&texts::OPERATIONS_SEEN)
        ),
    );
    if let Some(run) = &report.run {
        let headline = run.headline.iter().map(|line| format!("<p>{}</p>\n", escaped(line)));
        headline.for_each(|line| *page += &line);
        write_to(page, format_args!("<p class=\"run\">{}</p>\n", escaped(&run.in_a_line())));
    }
    let specs: Vec<String> = report.specs.iter().map(|spec| escaped(&spec.in_words())).collect();
    if !specs.is_empty() {
        write_to(page, format_args!("<p class=\"run\">{}</p>\n", specs.join(" · ")));
    }
    *page += "</header>\n";
}

/// Writes the steps of the night, and sentences about waivers and what was not judged.
fn notes(page: &mut String, report: &Report) {
    let totals = &report.totals;
    let kinds = [
        (texts::STALE, &totals.stale),
        (texts::ENDS_SOON, &totals.ending),
        (texts::NOT_JUDGED, &totals.unjudged),
    ];
    let steps = report.run.iter().flat_map(|run| &run.steps);
    let mut items: Vec<String> = steps
        .map(|step| {
            let (name, verdict, said) =
                (escaped(&step.name), escaped(&step.verdict), escaped(&step.said));
            format!("<b>{name}</b> {verdict}: {said}")
        })
        .collect();
    for (text, sentences) in &kinds {
        let shown = sentences.iter().take(MAX_NOTES);
        items.extend(shown.map(|one| format!("<b>{}</b> {}", both(text), escaped(one))));
        let n_more = sentences.len().saturating_sub(MAX_NOTES);
        if n_more > 0 {
            items.push(format!("<b>{}</b> +{n_more}", both(text)));
        }
    }
    items.extend(
        left_out::lines(&totals.left_out, Language::English)
            .into_iter()
            .map(|(word, line)| format!("<b>{}</b> {}", both(&word), escaped(&line))),
    );
    if items.is_empty() {
        return;
    }
    write_to(
        page,
        format_args!("<section id=\"notes\">\n<h2>{}</h2>\n<ul>\n", both(&texts::NOTES)),
    );
    items.iter().for_each(|item| write_to(page, format_args!("<li>{item}</li>\n")));
    *page += "</ul>\n</section>\n";
}

/// Returns both texts, of which the style hides one.
fn both(text: &Text) -> String {
    let mut spans = String::new();
    for (language, text) in [("en", text.en), ("pt-BR", text.pt)] {
        write_to(&mut spans, format_args!("<span lang=\"{language}\">{text}</span>"));
    }
    spans
}

/// Escapes foreign text for an element or an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
