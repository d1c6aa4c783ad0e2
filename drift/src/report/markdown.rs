//! Turns a report into a page of GitHub-flavoured Markdown.
//!
//! Invariants:
//!
//! * A page never grows over its limit; its last line says how much is left out, and where the
//!   whole is.
//! * What matters most comes first, so it is left out last.

mod escape;
mod page;

use super::causes::{Cause, causes};
use super::remedy;
use super::{Report, chances, first_sight, full_name, operation, plural, standing, whereabouts};
use super::{left_out, write_to};
use crate::finding::Finding;
use crate::rules::Rule;
use escape::{clipped, escaped};
use page::{Kind, Page};

/// The limit of a page, below the 60,000 characters that an issue can hold.
const MAX_BYTES: usize = 59_500;

/// The greatest number of notes of one kind.
const MAX_NOTES: usize = 20;

/// The greatest number of gaps.
const MAX_GAPS: usize = 100;

/// The greatest number of places of one cause, and of waivers to paste.
const MAX_PLACES: usize = 30;

pub(super) fn as_markdown(report: &Report) -> String {
    within(report, MAX_BYTES)
}

/// Writes a page of at most `max_bytes`, which should be at least a few thousand.
pub(super) fn within(report: &Report, max_bytes: usize) -> String {
    let mut page = Page::new(max_bytes);
    head(&mut page, report);

    let (waived, open): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.waived.is_some());
    page.keep_free(max_bytes / 8);
    let live = causes(&open);
    for causes in live.chunk_by(|one, next| severity(one) == severity(next)) {
        section(&mut page, report, causes);
    }
    page.keep_free(max_bytes / 16);
    gone(&mut page, report);
    waived_section(&mut page, &causes(&waived));
    page.keep_free(0);
    coverage(&mut page, report);
    page.finished()
}

/// Writes verdict, run, steps and notes.
fn head(page: &mut Page, report: &Report) {
    let (word, line) = report.summary();
    page.always(&format!("**{word}**: {line}.\n"));
    let mut lines: Vec<String> = Vec::new();
    if let Some(run) = &report.run {
        lines.extend(run.headline.iter().map(|line| escaped(&clipped(line))));
        lines.push(escaped(&clipped(&run.in_a_line())));
    }
    let specs = report.specs.iter().take(MAX_NOTES);
    let mut specs: Vec<String> = specs.map(|spec| clipped(&spec.in_words())).collect();
    let n_more = report.specs.len() - specs.len();
    if n_more > 0 {
        specs.push(format!("and {n_more} more"));
    }
    if !specs.is_empty() {
        lines.push(format!("Specs: {}.", escaped(&specs.join(", "))));
    }
    lines.extend(standing::summary(report));
    for line in lines {
        page.always(&format!("\n{line}\n"));
    }
    steps(page, report);

    let totals = &report.totals;
    let mut notes: Vec<String> = Vec::new();
    for (name, sentences) in
        [("stale", &totals.stale), ("ends soon", &totals.ending), ("not judged", &totals.unjudged)]
    {
        let shown = sentences.iter().take(MAX_NOTES);
        notes.extend(shown.map(|sentence| format!("- {name}: {}\n", escaped(&clipped(sentence)))));
        page.leave_out(Kind::Notes, sentences.len().saturating_sub(MAX_NOTES));
    }
    for (word, line) in left_out::lines(&totals.left_out) {
        notes.push(format!("- {word}: {}\n", escaped(&clipped(&line))));
    }
    page.rows("\n", &notes, |_| (Kind::Notes, 1));
}

fn steps(page: &mut Page, report: &Report) {
    let Some(run) = report.run.as_ref().filter(|run| !run.steps.is_empty()) else {
        return;
    };
    let rows: Vec<String> = run
        .steps
        .iter()
        .map(|step| {
            let took =
                format!("{:.1} s", std::time::Duration::from_millis(step.millis).as_secs_f64());
            row(&[step.name.clone(), step.verdict.clone(), step.said.clone(), took])
        })
        .collect();
    page.rows("\n| step | verdict | what | took |\n|---|---|---|---|\n", &rows, |_| {
        (Kind::Notes, 1)
    });
}

fn severity(cause: &Cause<'_>) -> &'static str {
    cause.lead().map(|lead| lead.severity.name()).unwrap_or_default()
}

/// Writes the causes of one severity as a table, and below it the places and the remedy of each.
fn section(page: &mut Page, report: &Report, causes: &[Cause<'_>]) {
    let name = causes.first().map(severity).unwrap_or_default();
    let is_compared = report.findings.iter().any(|finding| finding.standing.is_some());
    let (since, line) = if is_compared { (" since |", "---|") } else { ("", "") };
    let head = format!(
        "\n## {}{}\n\n| severity | operation | rule | where | promised | seen | how often | first seen |{since}\n\
         |---|---|---|---|---|---|---|---|{line}\n",
        name[..1].to_uppercase(),
        &name[1..]
    );
    let rows: Vec<String> = causes.iter().map(|cause| row(&cells(cause, is_compared))).collect();
    let n_shown = page.rows(&head, &rows, |index| {
        (Kind::Findings, causes.get(index).map_or(0, |cause| cause.findings.len()))
    });
    for cause in causes.iter().take(n_shown) {
        places(page, cause);
        remedies(page, report, cause);
    }
}

/// Writes the places of a cause that has several, folded.
fn places(page: &mut Page, cause: &Cause<'_>) {
    let Some(lead) = cause.lead().filter(|_| cause.is_shared()) else {
        return;
    };
    let (rule, member) = (lead.rule.name(), escaped(&clipped(&cause.member())));
    let mut block = format!(
        "\n<details>\n<summary>{rule} {member}: {}</summary>\n\n\
         | operation | where | seen | how often | first seen |\n|---|---|---|---|---|\n",
        cause.extent()
    );
    for finding in cause.findings.iter().take(MAX_PLACES) {
        block += &row(&[
            operation(finding).to_owned(),
            whereabouts(finding),
            finding.seen.clone(),
            format!("{} of {}", finding.count, finding.of),
            first_sight(finding).unwrap_or_default(),
        ]);
    }
    block += "\n</details>\n";
    if page.block(&block, Kind::Places, cause.findings.len()) {
        page.leave_out(Kind::Places, cause.findings.len().saturating_sub(MAX_PLACES));
    }
}

/// Writes what a person can do about a cause, folded unless it breaks a caller.
fn remedies(page: &mut Page, report: &Report, cause: &Cause<'_>) {
    let Some(lead) = cause.lead().filter(|_| report.run.is_some()) else {
        return;
    };
    let [name, place] = name_and_place(cause, lead);
    let is_open = if lead.severity == crate::rules::Severity::Breaking { " open" } else { "" };
    let mut block = format!(
        "\n<details{is_open}>\n<summary>What to do: {} {} {}</summary>\n\n- {} `{}`\n",
        lead.rule.name(),
        escaped(&clipped(&name)),
        escaped(&clipped(&place)),
        escaped(lead.rule.row().advice),
        remedy::explain(lead),
    );
    if let Some(edit) = remedy::edit(lead) {
        let thing = if lead.rule == Rule::WaiverStale { "waiver" } else { "spec" };
        write_to(&mut block, format_args!("- {thing}: {}\n", escaped(&clipped(&edit))));
    }
    let n_waivers = waivers(&mut block, report, cause, lead);
    block += "\n</details>\n";
    if page.block(&block, Kind::Remedies, 1) {
        page.leave_out(Kind::Waivers, cause.findings.len().saturating_sub(n_waivers.max(1)));
    }
}

/// Writes the waivers of a cause, ready to paste, and returns their number.
fn waivers(block: &mut String, report: &Report, cause: &Cause<'_>, lead: &Finding) -> usize {
    let waivers: Vec<String> = cause
        .findings
        .iter()
        .filter(|finding| {
            remedy::waivers_file(report, finding) == remedy::waivers_file(report, lead)
        })
        .filter_map(|finding| Some(remedy::waiver(report, finding)?.block()))
        .take(MAX_PLACES)
        .collect();
    if waivers.is_empty() {
        return 0;
    }
    let (file, is_known) = remedy::waivers_file(report, lead);
    let (place, start) = match is_known {
        true => ("below `waivers:` in", ""),
        false => ("in a new file,", "waivers:\n"),
    };
    write_to(
        block,
        format_args!(
            "- or accept it, {place} {}:\n\n```yaml\n{start}{}```\n",
            escaped(&clipped(&file)),
            waivers.concat()
        ),
    );
    waivers.len()
}

fn cells(cause: &Cause<'_>, is_compared: bool) -> Vec<String> {
    let Some(lead) = cause.lead() else {
        return Vec::new();
    };
    let [name, place] = name_and_place(cause, lead);
    let since = is_compared.then(|| standing::in_words(lead).unwrap_or_default());
    let cells = [
        lead.severity.name().to_owned(),
        name,
        lead.rule.name().to_owned(),
        place,
        lead.promised.clone(),
        cause.seen(),
        cause.how_often(),
        first_sight(lead).unwrap_or_default(),
    ];
    cells.into_iter().chain(since).collect()
}

/// Writes the findings of earlier nights that are no longer found.
fn gone(page: &mut Page, report: &Report) {
    let rows: Vec<String> = report
        .gone
        .iter()
        .map(|finding| {
            row(&[
                finding.severity.name().to_owned(),
                full_name(finding),
                finding.rule.name().to_owned(),
                whereabouts(finding),
                finding.since.clone().unwrap_or_default(),
            ])
        })
        .collect();
    let head =
        "\n## Gone\n\n| severity | operation | rule | where | since |\n|---|---|---|---|---|\n";
    page.rows(head, &rows, |_| (Kind::Gone, 1));
}

fn waived_section(page: &mut Page, waived: &[Cause<'_>]) {
    let head =
        "\n## Waived\n\n| operation | rule | where | how often | reason |\n|---|---|---|---|---|\n";
    let rows: Vec<String> = waived.iter().map(|cause| row(&waived_cells(cause))).collect();
    let n_shown = page.rows(head, &rows, |index| {
        (Kind::Waived, waived.get(index).map_or(0, |cause| cause.findings.len()))
    });
    waived.iter().take(n_shown).for_each(|cause| places(page, cause));
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

/// Writes the gaps of operations that were seen: what was never asked has no answer to look at.
fn coverage(page: &mut Page, report: &Report) {
    if report.coverage.is_empty() {
        return;
    }
    let is_seen = |gap: &&Finding| gap.rule != Rule::OperationNeverSeen;
    let gaps: Vec<&Finding> = report.coverage.iter().filter(is_seen).collect();
    let n_unseen = report.coverage.len() - gaps.len();
    let rows: Vec<String> = gaps
        .iter()
        .take(MAX_GAPS)
        .map(|gap| {
            row(&[
                full_name(gap),
                gap.rule.name().to_owned(),
                whereabouts(gap),
                gap.promised.clone(),
                chances(gap),
                gap.waived.clone().unwrap_or_default(),
            ])
        })
        .collect();
    let title = plural(report.totals.coverage, "coverage gap");
    let unseen = match n_unseen {
        0 => String::new(),
        n_unseen => format!(
            "{} never seen, which `prumo judge --coverage` lists.\n\n",
            plural(super::count(n_unseen), "operation")
        ),
    };
    let table =
        "| operation | rule | where | promised | never in | waived |\n|---|---|---|---|---|---|\n";
    let table = if rows.is_empty() { "" } else { table };
    let head = format!("\n<details>\n<summary>{title}</summary>\n\n{unseen}{table}");
    if !page.block(&head, Kind::Gaps, gaps.len()) {
        return;
    }
    page.rows("", &rows, |_| (Kind::Gaps, 1));
    page.leave_out(Kind::Gaps, gaps.len().saturating_sub(MAX_GAPS));
    page.always("\n</details>\n");
}

fn row(cells: &[String]) -> String {
    let mut row = String::new();
    for cell in cells {
        write_to(&mut row, format_args!("| {} ", escaped(&clipped(cell))));
    }
    row.push_str("|\n");
    row
}
