use prumo_drift::{Rule, Severity, Side};

use super::*;

fn finding(at: &str, severity: Severity, count: u64) -> Finding {
    Finding {
        spec: "alfa".to_owned(),
        rule: Rule::TypeChanged,
        severity,
        operation: Some("listar".to_owned()),
        side: Side::Response,
        status: Some(200),
        case: None,
        at: at.to_owned(),
        promised: "int".to_owned(),
        seen: "text".to_owned(),
        count,
        of: 10,
        first: None,
        waived: None,
        promised_at: None,
        standing: None,
        since: None,
    }
}

/// A night in which a live source showed `listar`, with these members: present, of, nulls.
fn live(members: &[(&str, u64, u64, u64)]) -> Live {
    let member = |at: &str| Member {
        operation: "listar".to_owned(),
        status: "200".to_owned(),
        case: String::new(),
        at: at.to_owned(),
    };
    let rows = members.iter().map(|(at, present, of, nulls)| Presence {
        member: member(at),
        present: *present,
        of: *of,
        nulls: *nulls,
    });
    let operations = BTreeMap::from([("listar".to_owned(), 1)]);
    Live {
        operations: BTreeMap::from([("alfa".to_owned(), operations)]),
        members: BTreeMap::from([("alfa".to_owned(), rows.collect())]),
    }
}

/// Plays nights one after the other; each has its findings, all of them live, and what it saw.
fn last_of(nights: &[(&[Finding], Live)]) -> (Vec<Dated>, Changes) {
    let (mut last, mut changes) = (Vec::new(), Changes::default());
    let mut earlier: Vec<Live> = Vec::new();
    for (number, (findings, live)) in nights.iter().enumerate() {
        let findings = dated(findings, findings, live, &last, &format!("night {number}"));
        let seen = Seen { findings, live: live.clone() };
        changes = Changes::between(&seen, &last, &earlier);
        last = seen.findings;
        earlier.insert(0, live.clone());
    }
    (last, changes)
}

fn places(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|one| one.at.as_str()).collect()
}

#[test]
fn findings_are_new_worse_or_gone_and_dated_by_their_first_night() {
    let old = finding("/a", Severity::Risky, 1);
    let worse = finding("/a", Severity::Breaking, 1);
    let more = finding("/a", Severity::Risky, 9);
    let other = finding("/b", Severity::Breaking, 1);
    let seen = || live(&[]);
    let new = [old.clone(), other];
    let (last, changes) = last_of(&[(std::slice::from_ref(&old), seen()), (&new, seen())]);
    assert_eq!((places(&changes.new), places(&changes.gone)), (vec!["/b"], vec![]));
    let since: Vec<&str> = last.iter().map(|one| one.since.as_str()).collect();
    assert_eq!(since, ["night 0", "night 1"]);

    for grown in [&worse, &more] {
        let nights = [(std::slice::from_ref(&old), seen()), (std::slice::from_ref(grown), seen())];
        assert_eq!(places(&last_of(&nights).1.worse), ["/a"], "{grown:?}");
    }
    let (last, changes) = last_of(&[(std::slice::from_ref(&old), seen()), (&[], seen())]);
    assert_eq!((places(&changes.gone), last.len()), (vec!["/a"], 0));
}

#[test]
fn a_finding_of_an_operation_that_was_not_asked_again_is_neither_gone_nor_new() {
    let old = [finding("/a", Severity::Breaking, 1)];
    let nights = [(&old[..], live(&[])), (&[], Live::default()), (&[], Live::default())];
    let (last, changes) = last_of(&nights);
    assert!(changes.is_empty(), "{changes:?}");
    assert!(last[0].is_carried && last[0].since == "night 0");
    let nights = [(&old[..], live(&[])), (&[], Live::default()), (&old[..], live(&[]))];
    let (last, changes) = last_of(&nights);
    assert!(changes.is_empty(), "{changes:?}");
    assert!(!last[0].is_carried && last[0].since == "night 0");
}

#[test]
fn a_member_that_was_always_there_vanishes_and_one_that_becomes_null_is_rarer() {
    let always = || live(&[("/a", 5, 5, 0), ("/b", 3, 5, 0), ("/c", 40, 40, 0)]);
    let now = live(&[("/a", 0, 5, 0), ("/b", 0, 5, 0), ("/c", 40, 40, 30)]);
    let changes = last_of(&[(&[], always()), (&[], always()), (&[], now.clone())]).1;
    let of = |trends: &[Trend]| {
        trends.iter().map(|one| (one.member.at.clone(), one.shares.clone())).collect::<Vec<_>>()
    };
    assert_eq!(of(&changes.vanished), [("/a".to_owned(), vec![1.0, 1.0, 0.0])]);
    assert_eq!(of(&changes.rarer), [("/c".to_owned(), vec![1.0, 1.0, 0.25])]);
    // One night is no habit, and an object that was not there says nothing about its members.
    assert!(last_of(&[(&[], always()), (&[], now)]).1.vanished.is_empty());
    let unseen = last_of(&[(&[], always()), (&[], always()), (&[], live(&[]))]).1;
    assert!(unseen.vanished.is_empty());
}
