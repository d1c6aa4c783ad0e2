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
use super::texts::{self, filled};
use super::{Report, chances, first_sight, full_name, operation, standing, whereabouts};
use super::{left_out, remedy, write_to};
use crate::finding::Finding;
use crate::language::{Language, Text};
use crate::rules::{Rule, Severity};
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
    let mut page = Page::new(max_bytes, report.language);
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
    waived_section(&mut page, &causes(&waived), report.language);
    page.keep_free(0);
    coverage(&mut page, report);
    page.finished()
}

/// Writes verdict, run, steps and notes.
fn head(page: &mut Page, report: &Report) {
    let language = report.language;
    let (word, line) = report.summary(language);
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
        specs.push(filled(texts::MORE_SPECS, language, &[&n_more]));
    }
    if !specs.is_empty() {
        lines.push(filled(texts::SPECS_SENTENCE, language, &[&escaped(&specs.join(", "))]));
    }
    lines.extend(standing::summary(report));
    for line in lines {
        page.always(&format!("\n{line}\n"));
    }
    steps(page, report);

    let totals = &report.totals;
    let mut notes: Vec<String> = Vec::new();
    for (name, sentences) in [
        (texts::STALE, &totals.stale),
        (texts::ENDS_SOON, &totals.ending),
        (texts::NOT_JUDGED, &totals.unjudged),
    ] {
        let name = name.of(language);
        let shown = sentences.iter().take(MAX_NOTES);
        notes.extend(shown.map(|sentence| format!("- {name}: {}\n", escaped(&clipped(sentence)))));
        page.leave_out(Kind::Notes, sentences.len().saturating_sub(MAX_NOTES));
    }
    for (word, line) in left_out::lines(&totals.left_out, language) {
        notes.push(format!("- {}: {}\n", word.of(language), escaped(&clipped(&line))));
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
    page.rows(&table(texts::STEPS_HEAD.of(report.language)), &rows, |_| (Kind::Notes, 1));
}

/// Returns the head of a table with the line below it, after an empty line.
fn table(head: &str) -> String {
    let n_columns = head.matches('|').count().saturating_sub(1);
    format!("\n{head}\n|{}\n", "---|".repeat(n_columns))
}

fn severity(cause: &Cause<'_>) -> Option<Severity> {
    cause.lead().map(|lead| lead.severity)
}

/// Writes the causes of one severity as a table, and below it the places and the remedy of each.
fn section(page: &mut Page, report: &Report, causes: &[Cause<'_>]) {
    let language = report.language;
    let name = causes.first().and_then(severity).map(|one| one.text().of(language));
    let is_compared = report.findings.iter().any(|finding| finding.standing.is_some());
    let since = if is_compared { texts::SINCE_HEAD.of(language) } else { "" };
    let columns = table(&format!("{}{since}", texts::FINDINGS_HEAD.of(language)));
    let head = format!("\n## {}\n{columns}", capitalized(name.unwrap_or_default()));
    let rows: Vec<String> =
        causes.iter().map(|cause| row(&cells(cause, is_compared, language))).collect();
    let n_shown = page.rows(&head, &rows, |index| {
        (Kind::Findings, causes.get(index).map_or(0, |cause| cause.findings.len()))
    });
    for cause in causes.iter().take(n_shown) {
        places(page, cause, language);
        remedies(page, report, cause);
    }
}

/// Returns a word with its first letter in upper case.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Writes the places of a cause that has several, folded.
fn places(page: &mut Page, cause: &Cause<'_>, language: Language) {
    let Some(lead) = cause.lead().filter(|_| cause.is_shared()) else {
        return;
    };
    let (rule, member) = (lead.rule.name(), escaped(&clipped(&cause.member(language))));
    let mut block = format!(
        "\n<details>\n<summary>{rule} {member}: {}</summary>\n{}",
        cause.extent(language),
        table(texts::PLACES_HEAD.of(language))
    );
    for finding in cause.findings.iter().take(MAX_PLACES) {
        block += &row(&[
            operation(finding, language).to_owned(),
            whereabouts(finding, language),
            finding.seen.clone(),
            filled(texts::COUNT_OF, language, &[&finding.count, &finding.of]),
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
    let language = report.language;
    let [name, place] = name_and_place(cause, lead, language);
    let [name, place] = [name, place].map(|text| escaped(&clipped(&text)));
    let is_open = if lead.severity == Severity::Breaking { " open" } else { "" };
    let title = filled(texts::WHAT_TO_DO_ABOUT, language, &[&lead.rule.name(), &name, &place]);
    let mut block = format!(
        "\n<details{is_open}>\n<summary>{title}</summary>\n\n- {} `{}`\n",
        escaped(lead.rule.row().advice.of(language)),
        remedy::explain(lead),
    );
    if let Some(edit) = remedy::edit(lead) {
        let is_waiver = lead.rule == Rule::WaiverStale;
        let line = if is_waiver { texts::WAIVER_LINE } else { texts::SPEC_LINE };
        let line = filled(line, language, &[&escaped(&clipped(&edit))]);
        write_to(&mut block, format_args!("- {line}\n"));
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
    let (text, start) = match is_known {
        true => (texts::ACCEPT_BELOW, ""),
        false => (texts::ACCEPT_NEW_FILE, "waivers:\n"),
    };
    let line = filled(text, report.language, &[&escaped(&clipped(&file))]);
    write_to(block, format_args!("- {line}\n\n```yaml\n{start}{}```\n", waivers.concat()));
    waivers.len()
}

fn cells(cause: &Cause<'_>, is_compared: bool, language: Language) -> Vec<String> {
    let Some(lead) = cause.lead() else {
        return Vec::new();
    };
    let [name, place] = name_and_place(cause, lead, language);
    let since = is_compared.then(|| standing::in_words(lead, language).unwrap_or_default());
    let cells = [
        lead.severity.text().of(language).to_owned(),
        name,
        lead.rule.name().to_owned(),
        place,
        lead.promised.clone(),
        cause.seen(language),
        cause.how_often(language),
        first_sight(lead).unwrap_or_default(),
    ];
    cells.into_iter().chain(since).collect()
}

/// Writes the findings of earlier nights that are no longer found.
fn gone(page: &mut Page, report: &Report) {
    let language = report.language;
    let rows: Vec<String> = report
        .gone
        .iter()
        .map(|finding| {
            row(&[
                finding.severity.text().of(language).to_owned(),
                full_name(finding, language),
                finding.rule.name().to_owned(),
                whereabouts(finding, language),
                finding.since.clone().unwrap_or_default(),
            ])
        })
        .collect();
    page.rows(&titled(texts::GONE_TITLE, texts::GONE_HEAD, language), &rows, |_| (Kind::Gone, 1));
}

/// Returns a title with the head of a table below it.
fn titled(title: Text, head: Text, language: Language) -> String {
    format!("\n## {}\n{}", title.of(language), table(head.of(language)))
}

fn waived_section(page: &mut Page, waived: &[Cause<'_>], language: Language) {
    let head = titled(texts::WAIVED_TITLE, texts::WAIVED_HEAD, language);
    let rows: Vec<String> =
        waived.iter().map(|cause| row(&waived_cells(cause, language))).collect();
    let n_shown = page.rows(&head, &rows, |index| {
        (Kind::Waived, waived.get(index).map_or(0, |cause| cause.findings.len()))
    });
    waived.iter().take(n_shown).for_each(|cause| places(page, cause, language));
}

fn waived_cells(cause: &Cause<'_>, language: Language) -> Vec<String> {
    let Some(lead) = cause.lead() else {
        return Vec::new();
    };
    let [name, place] = name_and_place(cause, lead, language);
    vec![
        name,
        lead.rule.name().to_owned(),
        place,
        cause.how_often(language),
        lead.waived.clone().unwrap_or_default(),
    ]
}

fn name_and_place(cause: &Cause<'_>, lead: &Finding, language: Language) -> [String; 2] {
    let side = lead.side.text().of(language);
    match cause.is_shared() {
        true => [cause.name(lead, language), format!("{side} {}", cause.member(language))],
        false => [full_name(lead, language), whereabouts(lead, language)],
    }
}

/// Writes the gaps of operations that were seen: what was never asked has no answer to look at.
fn coverage(page: &mut Page, report: &Report) {
    if report.coverage.is_empty() {
        return;
    }
    let language = report.language;
    let is_seen = |gap: &&Finding| gap.rule != Rule::OperationNeverSeen;
    let gaps: Vec<&Finding> = report.coverage.iter().filter(is_seen).collect();
    let n_unseen = report.coverage.len() - gaps.len();
    let rows: Vec<String> = gaps
        .iter()
        .take(MAX_GAPS)
        .map(|gap| {
            row(&[
                full_name(gap, language),
                gap.rule.name().to_owned(),
                whereabouts(gap, language),
                gap.promised.clone(),
                chances(gap, report),
                gap.waived.clone().unwrap_or_default(),
            ])
        })
        .collect();
    let title = texts::COVERAGE_GAP.counted(report.totals.coverage, language);
    let unseen = match n_unseen {
        0 => String::new(),
        n_unseen => {
            let operations = texts::OPERATION_NEVER_SEEN.counted(super::count(n_unseen), language);
            format!("\n{}\n", filled(texts::NEVER_SEEN_LISTED, language, &[&operations]))
        }
    };
    let columns =
        if rows.is_empty() { "\n".to_owned() } else { table(texts::GAPS_HEAD.of(language)) };
    let head = format!("\n<details>\n<summary>{title}</summary>\n{unseen}{columns}");
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
