//! Writes the findings with search box and filters, each with what to do.

use super::{both, escaped, write_to};
use crate::finding::{Finding, Standing};
use crate::language::Language;
use crate::report::{Report, first_sight, full_name, remedy, texts, whereabouts};
use crate::rules::Severity;

/// The greatest number of findings on a page.
const MAX_FINDINGS: usize = 2_000;

const SEVERITIES: [Severity; 3] = [Severity::Breaking, Severity::Risky, Severity::Compatible];

pub(super) fn section(page: &mut String, report: &Report) {
    write_to(
        page,
        format_args!("<section id=\"findings\">\n<h2>{}</h2>\n", both(&texts::FINDINGS)),
    );
    let all: Vec<&Finding> = report.findings.iter().chain(&report.gone).collect();
    controls(page, report, &all);
    if all.is_empty() {
        write_to(page, format_args!("<p>{}</p>\n", both(&texts::NO_FINDINGS)));
    }
    *page += "<ol class=\"findings\">\n";
    all.iter().take(MAX_FINDINGS).for_each(|finding| item(page, report, finding));
    *page += "</ol>\n";
    let n_more = all.len().saturating_sub(MAX_FINDINGS);
    if n_more > 0 {
        write_to(page, format_args!("<p>{n_more} {}</p>\n", both(&texts::MORE_FINDINGS)));
    }
    *page += "</section>\n";
}

/// Writes the search box, which also filters the coverage, and the filters.
fn controls(page: &mut String, report: &Report, all: &[&Finding]) {
    write_to(
        page,
        format_args!(
            "<div class=\"controls\" role=\"search\">\n\
             <label class=\"search\">{} <input type=\"search\" id=\"search\" autocomplete=\"off\"></label>\n\
             <fieldset><legend>{}</legend>\n",
            both(&texts::SEARCH),
            both(&texts::SEVERITY)
        ),
    );
    for severity in SEVERITIES {
        check_box(page, "severity", severity.name(), &both(&severity.text()));
    }
    let covered = report.totals.covered.iter().map(|covered| covered.spec.as_str());
    let mut specs: Vec<&str> =
        covered.chain(all.iter().map(|finding| finding.spec.as_str())).collect();
    specs.sort_unstable();
    specs.dedup();
    if specs.len() > 1 {
        write_to(
            page,
            format_args!("</fieldset>\n<fieldset><legend>{}</legend>\n", both(&texts::SPEC)),
        );
        specs.iter().for_each(|spec| check_box(page, "spec", spec, &escaped(spec)));
    }
    write_to(
        page,
        format_args!(
            "</fieldset>\n<p class=\"shown\" role=\"status\"><output id=\"n-shown\">{}</output> {}</p>\n</div>\n\
             <p id=\"no-match\" hidden>{}</p>\n",
            all.len().min(MAX_FINDINGS),
            both(&texts::SHOWN),
            both(&texts::NO_MATCH)
        ),
    );
}

fn check_box(page: &mut String, name: &str, value: &str, label: &str) {
    let value = escaped(value);
    write_to(
        page,
        format_args!(
            "<label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\" checked> {label}</label>\n"
        ),
    );
}

fn item(page: &mut String, report: &Report, finding: &Finding) {
    let severity = finding.severity.name();
    let quiet = if finding.waived.is_some() || finding.standing == Some(Standing::Gone) {
        " quiet"
    } else {
        ""
    };
    write_to(
        page,
        format_args!(
            "<li class=\"finding {severity}{quiet}\" data-severity=\"{severity}\" data-spec=\"{}\">\n\
             <h3><span class=\"badge\">{}</span> ",
            escaped(&finding.spec),
            both(&finding.severity.text())
        ),
    );
    if let Some(standing) = finding.standing {
        let text = both(&standing.text());
        write_to(page, format_args!("<span class=\"badge {}\">{text}</span> ", standing.name()));
    }
    if finding.waived.is_some() {
        write_to(page, format_args!("<span class=\"badge\">{}</span> ", both(&texts::WAIVED)));
    }
    write_to(
        page,
        format_args!(
            "{} <code>{}</code></h3>\n<dl>\n",
            escaped(&full_name(finding, Language::English)),
            finding.rule.name()
        ),
    );
    let often = format!("{} {} {}", finding.count, both(&texts::OF), finding.of);
    let lines = [
        (texts::PLACE, Some(escaped(&whereabouts(finding, Language::English)))),
        (texts::PROMISED, Some(escaped(&finding.promised))),
        (texts::SEEN, Some(escaped(&finding.seen))),
        (texts::HOW_OFTEN, Some(often)),
        (texts::SINCE, finding.since.as_deref().map(escaped)),
        (texts::FIRST, first_sight(finding).as_deref().map(escaped)),
        (texts::REASON, finding.waived.as_deref().map(escaped)),
    ];
    for (name, content) in &lines {
        if let Some(content) = content {
            write_to(page, format_args!("<div><dt>{}</dt><dd>{content}</dd></div>\n", both(name)));
        }
    }
    *page += "</dl>\n";
    if quiet.is_empty() {
        remedies(page, report, finding);
    }
    *page += "</li>\n";
}

fn remedies(page: &mut String, report: &Report, finding: &Finding) {
    let advice = format!(
        "<span lang=\"en\">{}</span><span lang=\"pt-BR\">{}</span>",
        escaped(finding.rule.row().advice.en),
        escaped(finding.rule.row().advice.pt)
    );
    // A person who is paged reads these first.
    let is_open =
        finding.severity == Severity::Breaking && finding.standing != Some(Standing::Known);
    let open = if is_open { " open" } else { "" };
    write_to(
        page,
        format_args!(
            "<details{open}><summary>{}</summary>\n<p>{advice}</p>\n<p>{}: <code>{}</code></p>\n",
            both(&texts::WHAT_TO_DO),
            both(&texts::EXPLAIN),
            remedy::explain(finding)
        ),
    );
    if let Some(edit) = remedy::edit(finding) {
        let edit = escaped(&edit);
        write_to(page, format_args!("<p>{}: <code>{edit}</code></p>\n", both(&texts::EDIT)));
    }
    if let Some(waiver) = remedy::waiver(report, finding) {
        let (file, _) = remedy::waivers_file(report, finding);
        write_to(
            page,
            format_args!(
                "<p>{} <code>{}</code>:</p>\n<div class=\"paste\"><pre tabindex=\"0\">{}</pre>\
                 <button type=\"button\" class=\"copy\">{}</button></div>\n",
                both(&texts::WAIVE),
                escaped(&file),
                lines_escaped(&waiver.block()),
                both(&texts::COPY)
            ),
        );
    }
    *page += "</details>\n";
}

/// Escapes a text of several lines.
fn lines_escaped(text: &str) -> String {
    text.lines().map(|line| escaped(line) + "\n").collect()
}
