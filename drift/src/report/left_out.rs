//! Turns the counts of what was not judged into lines for people.

use super::printable;
use super::texts::{self, filled};
use crate::contract::LeftOut;
use crate::language::{Language, Text};

/// Returns a word of the verdicts and a sentence for each reason that occurred.
pub(super) fn lines(left_out: &LeftOut, language: Language) -> Vec<(Text, String)> {
    let LeftOut { bodies, aborted, preflights, hosts } = left_out;
    let names: Vec<String> =
        hosts.iter().map(|(host, count)| format!("{} {count}", printable(host))).collect();
    let all = [
        (*bodies, texts::NOT_JUDGED, texts::WITHOUT_BODY),
        (*aborted, texts::SKIPPED, texts::GIVEN_UP),
        (*preflights, texts::SKIPPED, texts::PREFLIGHT),
        (left_out.to_hosts(), texts::SKIPPED, texts::OTHER_HOSTS),
    ];
    let occurred = all.into_iter().filter(|(count, ..)| *count > 0);
    let names = names.join(", ");
    occurred
        .map(|(count, word, why)| {
            let exchanges = texts::EXCHANGE.counted(count, language);
            (word, filled(why, language, &[&exchanges, &names]))
        })
        .collect()
}
