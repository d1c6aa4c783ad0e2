//! Turns a report into a page of GitHub-flavoured Markdown.

use super::{
    Report, chances, first_sight, left_out, operation, plural, printable, whereabouts, write_to,
};
use crate::finding::Finding;

pub(super) fn as_markdown(report: &Report) -> String {
    let (word, line) = report.summary();
    let mut page = format!("**{word}**: {line}.\n");
    let left_out = left_out::lines(&report.totals.left_out);
    if !(report.totals.unjudged.is_empty() && report.totals.stale.is_empty() && left_out.is_empty())
    {
        page.push('\n');
    }
    for entry in &report.totals.stale {
        write_to(&mut page, format_args!("- stale: {}\n", escaped(entry)));
    }
    for place in &report.totals.unjudged {
        write_to(&mut page, format_args!("- not judged: {}\n", escaped(place)));
    }
    for (word, line) in left_out {
        write_to(&mut page, format_args!("- {word}: {}\n", escaped(&line)));
    }

    let (waived, open): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.waived.is_some());
    let mut current = None;
    for finding in open {
        if current != Some(operation(finding)) {
            current = Some(operation(finding));
            let name = escaped(operation(finding));
            write_to(&mut page, format_args!("\n## {name}\n\n"));
            page.push_str(
                "| severity | rule | where | promised | seen | how often | first seen |\n",
            );
            page.push_str("|---|---|---|---|---|---|---|\n");
        }
        row(&mut page, &finding_cells(finding));
    }
    if !waived.is_empty() {
        page.push_str("\n## Waived\n\n");
        page.push_str("| operation | rule | where | how often | reason |\n|---|---|---|---|---|\n");
    }
    for finding in waived {
        row(&mut page, &waived_cells(finding));
    }
    coverage(&mut page, report);
    page
}

fn finding_cells(finding: &Finding) -> [String; 7] {
    [
        finding.severity.name().to_owned(),
        finding.rule.name().to_owned(),
        whereabouts(finding),
        finding.promised.clone(),
        finding.seen.clone(),
        format!("{} of {}", finding.count, finding.of),
        first_sight(finding).unwrap_or_default(),
    ]
}

fn waived_cells(finding: &Finding) -> [String; 5] {
    [
        operation(finding).to_owned(),
        finding.rule.name().to_owned(),
        whereabouts(finding),
        format!("{} of {}", finding.count, finding.of),
        finding.waived.clone().unwrap_or_default(),
    ]
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
            operation(gap).to_owned(),
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
