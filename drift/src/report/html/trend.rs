//! Draws the findings of the last nights as lines, with a table of the same numbers.

use super::{both, escaped, write_to};
use crate::report::{Night, Report, texts};
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

/// The scales of the drawing.
struct Scales {
    n_nights: usize,
    most: u64,
}

impl Scales {
    fn x(&self, index: usize) -> f64 {
        let last = self.n_nights.saturating_sub(1).max(1);
        MARGIN + share(index as u64, last as u64) * (WIDTH - 2.0 * MARGIN)
    }

    fn y(&self, count: u64) -> f64 {
        HEIGHT - MARGIN - share(count, self.most.max(1)) * (HEIGHT - 2.0 * MARGIN)
    }
}

/// Returns a part of a whole, which is not zero.
fn share(part: u64, whole: u64) -> f64 {
    let number = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

/// Draws a line per severity over the nights.
fn drawing(page: &mut String, nights: &[Night]) {
    let counts = nights.iter().flat_map(|night| LINES.map(|(_, of)| of(night)));
    let scales = Scales { n_nights: nights.len(), most: counts.max().unwrap_or(0) };
    write_to(
        page,
        format_args!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-labelledby=\"trend-title\">\n"
        ),
    );
    axes(page, nights, &scales);
    for (severity, of) in LINES {
        line(page, severity.name(), nights.iter().map(of), &scales);
    }
    *page += "</svg>\n<p class=\"legend\">";
    for (severity, _) in LINES.iter().rev() {
        let (class, text) = (severity.name(), both(&severity.text()));
        write_to(page, format_args!("<span><i class=\"line {class}\"></i> {text}</span> "));
    }
    *page += "</p>\n";
}

/// Draws zero and the greatest count, and the first and the last date.
fn axes(page: &mut String, nights: &[Night], scales: &Scales) {
    for count in [0, scales.most] {
        write_to(
            page,
            format_args!(
                "<line class=\"axis\" x1=\"{MARGIN}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{count}</text>\n",
                WIDTH - MARGIN,
                MARGIN - 6.0,
                scales.y(count) + 4.0,
                y = scales.y(count),
            ),
        );
    }
    for (index, anchor) in [(0, "start"), (nights.len().saturating_sub(1), "end")] {
        let date = nights.get(index).map(|night| escaped(&night.date)).unwrap_or_default();
        write_to(
            page,
            format_args!(
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{date}</text>\n",
                scales.x(index),
                HEIGHT - 8.0
            ),
        );
    }
}

/// Draws the counts of one severity.
fn line(page: &mut String, class: &str, counts: impl Iterator<Item = u64>, scales: &Scales) {
    let points = counts.enumerate().map(|(index, count)| (scales.x(index), scales.y(count)));
    let points: Vec<(f64, f64)> = points.collect();
    let listed: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    write_to(page, format_args!("<polyline class=\"{class}\" points=\"{}\"/>\n", listed.join(" ")));
    for (x, y) in &points {
        write_to(
            page,
            format_args!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>\n"),
        );
    }
}

/// Writes the numbers of the drawing, folded.
fn table(page: &mut String, nights: &[Night]) {
    let heads = [
        texts::NIGHT,
        Severity::Breaking.text(),
        Severity::Risky.text(),
        Severity::Compatible.text(),
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
