//! Turns the counts of what was not judged into lines for people.

use super::{plural, printable};
use crate::contract::LeftOut;

/// Returns a word of the verdicts and a sentence for each reason that occurred.
pub(super) fn lines(left_out: &LeftOut) -> Vec<(&'static str, String)> {
    let LeftOut { bodies, aborted, preflights, hosts } = left_out;
    let names: Vec<String> =
        hosts.iter().map(|(host, count)| format!("{} {count}", printable(host))).collect();
    let all = [
        (
            *bodies,
            "not judged",
            "with a body that was not recorded; the rest of each was judged".to_owned(),
        ),
        (*aborted, "skipped", "given up before an answer".to_owned()),
        (*preflights, "skipped", "a preflight of a browser".to_owned()),
        (
            left_out.to_hosts(),
            "skipped",
            format!("to other hosts than the servers': {}", names.join(", ")),
        ),
    ];
    let occurred = all.into_iter().filter(|(count, ..)| *count > 0);
    occurred
        .map(|(count, word, why)| (word, format!("{} {why}", plural(count, "exchange"))))
        .collect()
}
