//! Writes the coverage of each operation that was seen, as a strip with a cell for each field.

use std::collections::{BTreeMap, BTreeSet};

use super::{both, escaped, write_to};
use crate::compare::FieldCoverage;
use crate::finding::Finding;
use crate::language::Text;
use crate::report::{Report, texts};
use crate::rules::Rule;

/// The greatest number of fields on a page.
const MAX_FIELDS: usize = 20_000;

/// The state of a field, in the order of the legend.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Seen,
    Partly,
    Never,
    Drifted,
}

impl State {
    const ALL: [Self; 4] = [Self::Seen, Self::Partly, Self::Never, Self::Drifted];

    fn class(self) -> &'static str {
        match self {
            Self::Seen => "s",
            Self::Partly => "p",
            Self::Never => "n",
            Self::Drifted => "d",
        }
    }

    fn text(self) -> Text {
        match self {
            Self::Seen => texts::CELL_SEEN,
            Self::Partly => texts::CELL_PARTLY,
            Self::Never => texts::CELL_NEVER,
            Self::Drifted => texts::CELL_DRIFTED,
        }
    }
}

pub(super) fn section(page: &mut String, report: &Report) {
    if report.totals.covered.is_empty() {
        return;
    }
    write_to(
        page,
        format_args!(
            "<section id=\"coverage\">\n<h2>{}</h2>\n<p class=\"legend\">",
            both(&texts::COVERAGE)
        ),
    );
    for state in State::ALL {
        let text = both(&state.text());
        write_to(page, format_args!("<span><i class=\"{}\"></i> {text}</span> ", state.class()));
    }
    *page += "</p>\n";
    let mut fields: BTreeMap<(&str, &str), Vec<&FieldCoverage>> = BTreeMap::new();
    for field in report.fields.iter().take(MAX_FIELDS) {
        fields.entry((&field.spec, &field.operation)).or_default().push(field);
    }
    let drifted = drifted(report);
    for covered in report.totals.covered.iter().filter(|covered| covered.exchanges > 0) {
        let key = (covered.spec.as_str(), covered.operation.as_str());
        let fields: Vec<(&FieldCoverage, State)> = fields
            .get(&key)
            .into_iter()
            .flatten()
            .map(|field| (*field, state(field, &drifted)))
            .collect();
        operation(page, key, covered.exchanges, &fields);
    }
    let n_more = report.fields.len().saturating_sub(MAX_FIELDS);
    if n_more > 0 {
        write_to(page, format_args!("<p>{n_more} {}</p>\n", both(&texts::MORE_FIELDS)));
    }
    unseen(page, report);
    *page += "</section>\n";
}

/// Lists the spec, operation and place of every finding that is not waived. The place of a stale
/// waiver fits.
fn drifted(report: &Report) -> BTreeSet<(&str, &str, &str)> {
    let is_live =
        |finding: &&Finding| finding.waived.is_none() && finding.rule != Rule::WaiverStale;
    let live = report.findings.iter().filter(is_live);
    live.filter_map(|finding| {
        Some((finding.spec.as_str(), finding.operation.as_deref()?, finding.at.as_str()))
    })
    .collect()
}

fn state(field: &FieldCoverage, drifted: &BTreeSet<(&str, &str, &str)>) -> State {
    let place = (field.spec.as_str(), field.operation.as_str(), field.at.as_str());
    match field.present {
        _ if drifted.contains(&place) => State::Drifted,
        0 => State::Never,
        present if present < field.of => State::Partly,
        _ => State::Seen,
    }
}

fn operation(
    page: &mut String,
    (spec, operation): (&str, &str),
    n_exchanges: u64,
    fields: &[(&FieldCoverage, State)],
) {
    let name = format!("{spec} {operation}");
    write_to(
        page,
        format_args!(
            "<details class=\"operation\" data-spec=\"{}\"><summary><span class=\"name\">{}</span> \
             <small>{n_exchanges} {}</small> <span class=\"strip\" aria-hidden=\"true\">",
            escaped(spec),
            escaped(name.trim_start()),
            both(&texts::EXCHANGES)
        ),
    );
    for (_, state) in fields {
        write_to(page, format_args!("<i class=\"{}\"></i>", state.class()));
    }
    write_to(
        page,
        format_args!(
            "</span></summary>\n<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n",
            both(&texts::FIELD),
            both(&texts::STATE),
            both(&texts::HOW_OFTEN)
        ),
    );
    for (field, state) in fields {
        let status = field.status.map(|status| status.to_string());
        let parts = [status.as_deref(), field.case.as_deref(), Some(field.at.as_str())];
        let place: Vec<&str> = parts.into_iter().flatten().collect();
        write_to(
            page,
            format_args!(
                "<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}/{}</td></tr>\n",
                state.class(),
                escaped(&place.join(" ")),
                both(&state.text()),
                field.present,
                field.of
            ),
        );
    }
    *page += "</tbody>\n</table>\n</details>\n";
}

/// Lists the operations that were never seen, folded.
fn unseen(page: &mut String, report: &Report) {
    let unseen = report.totals.covered.iter().filter(|covered| covered.exchanges == 0);
    let names: Vec<String> = unseen
        .map(|covered| escaped(format!("{} {}", covered.spec, covered.operation).trim_start()))
        .collect();
    if names.is_empty() {
        return;
    }
    write_to(
        page,
        format_args!(
            "<details><summary>{} {}</summary>\n<ul class=\"unseen\">\n",
            names.len(),
            both(&texts::NEVER_SEEN)
        ),
    );
    names.iter().for_each(|name| write_to(page, format_args!("<li>{name}</li>\n")));
    *page += "</ul>\n</details>\n";
}
