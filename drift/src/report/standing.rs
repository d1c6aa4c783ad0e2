//! Says how findings compare with those of earlier nights.

use super::Report;
use super::texts::{self, filled};
use crate::finding::{Finding, Standing};
use crate::language::Language;

/// Returns the place of a finding's standing in the order of a report: what changed comes first.
pub(super) fn rank(finding: &Finding) -> u8 {
    match finding.standing {
        Some(Standing::New) => 0,
        Some(Standing::Worse) => 1,
        Some(Standing::Known) | None => 2,
        Some(Standing::Gone) => 3,
    }
}

/// Describes it in words, such as `known since 2026-11-28`.
pub(super) fn in_words(finding: &Finding, language: Language) -> Option<String> {
    let word = finding.standing.map(|standing| standing.text().of(language));
    match (word, &finding.since) {
        (Some(word), Some(since)) if finding.standing != Some(Standing::New) => {
            Some(filled(texts::SINCE_THEN, language, &[&word, since]))
        }
        (Some(word), _) => Some(word.to_owned()),
        (None, since) => since.clone(),
    }
}

/// Counts the standings in a line; `None` if the caller knows no earlier night.
pub(super) fn summary(report: &Report) -> Option<String> {
    let language = report.language;
    let live: Vec<Standing> = report
        .findings
        .iter()
        .filter(|finding| finding.waived.is_none())
        .filter_map(|finding| finding.standing)
        .collect();
    if live.is_empty() && report.gone.is_empty() {
        return None;
    }
    let counts = Standing::ALL.map(|standing| {
        let n_live = live.iter().filter(|one| **one == standing).count();
        let n_gone = if standing == Standing::Gone { report.gone.len() } else { 0 };
        let noun = match standing {
            Standing::New => texts::N_NEW,
            Standing::Worse => texts::N_WORSE,
            Standing::Known => texts::N_KNOWN,
            Standing::Gone => texts::N_GONE,
        };
        noun.counted(super::count(n_live + n_gone), language)
    });
    Some(filled(texts::SINCE_LAST_NIGHT, language, &[&counts.join(", ")]))
}
