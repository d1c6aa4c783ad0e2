//! Draws the findings of the last nights as lines, with a table of the same numbers.

use super::texts::{self, both};
use super::{escaped, findings, write_to};
use crate::report::{Night, Report};
use crate::rules::Severity;

/// The greatest number of nights that are drawn; the latest stay.
const MAX_NIGHTS: usize = 60;

/// The size of the drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 160.0;

/// The room around the lines, for numbers and dates.
const MARGIN: f64 = 28.0;

/// A line: its class, and the count of a night.
type Line = (Severity, fn(&Night) -> u64);

const LINES: [Line; 3] = [
    (Severity::Compatible, |night| night.compatible),
    (Severity::Risky, |night| night.risky),
    (Severity::Breaking, |night| night.breaking),
];

pub(super) fn section(page: &mut String, report: &Report) {
    write_to(
        page,
        format_args!(
            "<section id=\"trend\">\n<h2 id=\"trend-title\">{}</h2>\n",
            both(&texts::TREND)
        ),
    );
    if report.nights.is_empty() {
        write_to(page, format_args!("<p>{}</p>\n</section>\n", both(&texts::NO_TREND)));
        return;
    }
    let mut nights = report.nights.clone();
    nights.push(tonight(report));
    let nights = nights.get(nights.len().saturating_sub(MAX_NIGHTS)..).unwrap_or_default();
    drawing(page, nights);
    table(page, nights);
    *page += "</section>\n";
}

fn tonight(report: &Report) -> Night {
    let totals = &report.totals;
    Night {
        date: report.run.as_ref().map(|run| run.day().to_owned()).unwrap_or_default(),
        breaking: totals.findings.breaking,
        risky: totals.findings.risky,
        compatible: totals.findings.compatible,
        exchanges: totals.exchanges,
        operations: totals.operations.seen,
    }
}

/// Draws a line per severity over the nights.
fn drawing(page: &mut String, nights: &[Night]) {
    let count = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let most = nights.iter().flat_map(|night| LINES.map(|(_, of)| of(night))).max().unwrap_or(0);
    let x = |index: usize| {
        let share = count(index as u64) / count(nights.len().saturating_sub(1).max(1) as u64);
        MARGIN + share * (WIDTH - 2.0 * MARGIN)
    };
    let y = |n: u64| {
        let share = count(n) / count(most.max(1));
        HEIGHT - MARGIN - share * (HEIGHT - 2.0 * MARGIN)
    };
    write_to(
        page,
        format_args!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"trend-title\">\n"
        ),
    );
    for n in [0, most] {
        write_to(
            page,
            format_args!(
                "<line class=\"axis\" x1=\"{MARGIN}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{n}</text>\n",
                WIDTH - MARGIN,
                MARGIN - 6.0,
                y(n) + 4.0,
                y = y(n),
            ),
        );
    }
    for (severity, of) in LINES {
        let points: Vec<String> = nights
            .iter()
            .enumerate()
            .map(|(index, night)| format!("{:.1},{:.1}", x(index), y(of(night))))
            .collect();
        let class = severity.name();
        write_to(
            page,
            format_args!("<polyline class=\"{class}\" points=\"{}\"/>\n", points.join(" ")),
        );
        for point in &points {
            let (x, y) = point.split_once(',').unwrap_or_default();
            write_to(
                page,
                format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"),
            );
        }
    }
    for (index, anchor) in [(0, "start"), (nights.len().saturating_sub(1), "end")] {
        let date = nights.get(index).map(|night| escaped(&night.date)).unwrap_or_default();
        write_to(
            page,
            format_args!(
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{date}</text>\n",
                x(index),
                HEIGHT - 8.0
            ),
        );
    }
    *page += "</svg>\n<p class=\"legend\">";
    for (severity, _) in LINES.iter().rev() {
        let text = both(&findings::severity_text(*severity));
        write_to(
            page,
            format_args!("<span><i class=\"line {}\"></i> {text}</span> ", severity.name()),
        );
    }
    *page += "</p>\n";
}

/// Writes the numbers of the drawing, folded.
fn table(page: &mut String, nights: &[Night]) {
    let heads = [
        texts::NIGHT,
        texts::BREAKING,
        texts::RISKY,
        texts::COMPATIBLE,
        texts::EXCHANGES,
        texts::OPERATIONS_SEEN,
    ];
    let heads: Vec<String> = heads.iter().map(|text| format!("<th>{}</th>", both(text))).collect();
    write_to(
        page,
        format_args!(
            "<details><summary>{} {}</summary>\n<div class=\"wide\" tabindex=\"0\"><table>\n\
             <thead><tr>{}</tr></thead>\n<tbody>\n",
            nights.len(),
            both(&texts::NIGHTS),
            heads.concat()
        ),
    );
    for night in nights.iter().rev() {
        let Night { date, breaking, risky, compatible, exchanges, operations } = night;
        write_to(
            page,
            format_args!(
                "<tr><td>{}</td><td>{breaking}</td><td>{risky}</td><td>{compatible}</td>\
                 <td>{exchanges}</td><td>{operations}</td></tr>\n",
                escaped(date)
            ),
        );
    }
    *page += "</tbody>\n</table></div>\n</details>\n";
}
