//! Turns a report into a page of GitHub-flavoured Markdown.

use super::causes::{Cause, causes};
use super::{Report, chances, first_sight, full_name, operation, plural, printable, whereabouts};
use super::{left_out, write_to};
use crate::finding::Finding;

pub(super) fn as_markdown(report: &Report) -> String {
    let (word, line) = report.summary();
    let totals = &report.totals;
    let mut page = format!("**{word}**: {line}.\n");
    let left_out = left_out::lines(&totals.left_out);
    let notes =
        [("stale", &totals.stale), ("ends soon", &totals.ending), ("not judged", &totals.unjudged)];
    if !left_out.is_empty() || notes.iter().any(|(_, sentences)| !sentences.is_empty()) {
        page.push('\n');
    }
    for (name, sentences) in notes {
        for sentence in sentences {
            write_to(&mut page, format_args!("- {name}: {}\n", escaped(sentence)));
        }
    }
    for (word, line) in left_out {
        write_to(&mut page, format_args!("- {word}: {}\n", escaped(&line)));
    }

    let (waived, open): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.waived.is_some());
    let live = causes(&open);
    for causes in live.chunk_by(|one, next| severity(one) == severity(next)) {
        section(&mut page, causes);
    }
    let waived = causes(&waived);
    if !waived.is_empty() {
        page.push_str("\n## Waived\n\n");
        page.push_str("| operation | rule | where | how often | reason |\n|---|---|---|---|---|\n");
    }
    for cause in &waived {
        row(&mut page, &waived_cells(cause));
    }
    waived.iter().for_each(|cause| places(&mut page, cause));
    coverage(&mut page, report);
    page
}

fn severity(cause: &Cause<'_>) -> &'static str {
    cause.lead().map(|lead| lead.severity.name()).unwrap_or_default()
}

/// Writes the causes of one severity as a table, and the places of each below it.
fn section(page: &mut String, causes: &[Cause<'_>]) {
    let name = causes.first().map(severity).unwrap_or_default();
    write_to(page, format_args!("\n## {}{}\n\n", name[..1].to_uppercase(), &name[1..]));
    page.push_str(
        "| severity | operation | rule | where | promised | seen | how often | first seen |\n",
    );
    page.push_str("|---|---|---|---|---|---|---|---|\n");
    for cause in causes {
        row(page, &cells(cause));
    }
    causes.iter().for_each(|cause| places(page, cause));
}

/// Writes the places of a cause that has several, folded.
fn places(page: &mut String, cause: &Cause<'_>) {
    let Some(lead) = cause.lead().filter(|_| cause.is_shared()) else {
        return;
    };
    let (rule, member) = (lead.rule.name(), escaped(&cause.member()));
    let title = format!("{rule} {member}: {}", cause.extent());
    write_to(page, format_args!("\n<details>\n<summary>{title}</summary>\n\n"));
    page.push_str("| operation | where | seen | how often | first seen |\n|---|---|---|---|---|\n");
    for finding in &cause.findings {
        let cells = [
            operation(finding).to_owned(),
            whereabouts(finding),
            finding.seen.clone(),
            format!("{} of {}", finding.count, finding.of),
            first_sight(finding).unwrap_or_default(),
        ];
        row(page, &cells);
    }
    page.push_str("\n</details>\n");
}

fn cells(cause: &Cause<'_>) -> Vec<String> {
    let Some(lead) = cause.lead() else {
        return Vec::new();
    };
    let [name, place] = name_and_place(cause, lead);
    vec![
        lead.severity.name().to_owned(),
        name,
        lead.rule.name().to_owned(),
        place,
        lead.promised.clone(),
        cause.seen(),
        cause.how_often(),
        first_sight(lead).unwrap_or_default(),
    ]
}

fn waived_cells(cause: &Cause<'_>) -> Vec<String> {
    let Some(lead) = cause.lead() else {
        return Vec::new();
    };
    let [name, place] = name_and_place(cause, lead);
    vec![
        name,
        lead.rule.name().to_owned(),
        place,
        cause.how_often(),
        lead.waived.clone().unwrap_or_default(),
    ]
}

fn name_and_place(cause: &Cause<'_>, lead: &Finding) -> [String; 2] {
    match cause.is_shared() {
        true => [cause.name(lead), format!("{} {}", lead.side.name(), cause.member())],
        false => [full_name(lead), whereabouts(lead)],
    }
}

fn coverage(page: &mut String, report: &Report) {
    if report.coverage.is_empty() {
        return;
    }
    let title = plural(report.totals.coverage, "coverage gap");
    write_to(page, format_args!("\n<details>\n<summary>{title}</summary>\n\n"));
    page.push_str(
        "| operation | rule | where | promised | never in | waived |\n|---|---|---|---|---|---|\n",
    );
    for gap in &report.coverage {
        let cells = [
            full_name(gap),
            gap.rule.name().to_owned(),
            whereabouts(gap),
            gap.promised.clone(),
            chances(gap),
            gap.waived.clone().unwrap_or_default(),
        ];
        row(page, &cells);
    }
    page.push_str("\n</details>\n");
}

fn row(page: &mut String, cells: &[String]) {
    for cell in cells {
        write_to(page, format_args!("| {} ", escaped(cell)));
    }
    page.push_str("|\n");
}

/// Escapes text so that Markdown shows it unchanged: on one line, without markup, tags or cell
/// borders.
fn escaped(text: &str) -> String {
    let text = printable(text);
    let mut safe = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            // Otherwise a name after it would notify a person, and an address would become a link.
            '@' => safe.push_str("&#64;"),
            ':' if safe.ends_with("http") || safe.ends_with("https") => safe.push_str("&#58;"),
            // Inside a word it is no markup, and names of operations stay readable.
            '_' if safe.ends_with(char::is_alphanumeric)
                && characters.peek().is_some_and(|next| next.is_alphanumeric()) =>
            {
                safe.push('_');
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                safe.push('\\');
                safe.push(character);
            }
            _ => safe.push(character),
        }
    }
    safe
}
