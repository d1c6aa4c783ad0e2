//! Tests habits of PHP vendors: each is a separate kind, and every report names it.

use prumo_drift::{Report, compare};
use serde_json::{Value, json};

use crate::acme;

struct Habit {
    name: &'static str,
    promised: Value,
    /// The values of the member `x`, one per response.
    came: &'static [&'static str],
    seen: &'static str,
    count: u64,
}

/// Returns the only finding in the three forms of a report: the value seen, how often, and of how
/// many.
fn told(habit: &Habit) -> [(String, String); 3] {
    let schema = json!({"type": "object", "properties": {"x": habit.promised}});
    let contract = acme::read(&acme::answering(&schema));
    let answer = |value: &&str| acme::answered_text(&format!(r#"{{"x": {value}}}"#));
    let exchanges: Vec<String> = habit.came.iter().map(answer).collect();
    let observed = acme::observe(&contract, &exchanges);
    let report = Report::new(compare(&contract, &observed), vec![], [&contract], [&observed], 0);
    let (text, markdown) = (report.to_text(), report.to_markdown());

    let line = |name: &str| {
        let lines: Vec<&str> =
            text.lines().filter_map(|line| line.trim_start().strip_prefix(name)).collect();
        assert_eq!(lines.len(), 1, "`{}`: {text}", habit.name);
        lines[0].trim_start().to_owned()
    };
    let rows: Vec<&str> = markdown.lines().filter(|line| line.contains("type-changed")).collect();
    assert_eq!(rows.len(), 1, "`{}`: {markdown}", habit.name);
    let cells: Vec<&str> = rows[0].split(" | ").collect();
    let json: Value = serde_json::from_str(&report.to_json()).unwrap();
    let finding = &json["findings"][0];
    [
        (line("seen "), line("how often ")),
        (cells[5].to_owned(), cells[6].to_owned()),
        (
            finding["seen"].as_str().unwrap().to_owned(),
            format!("{} of {}", finding["count"], finding["of"]),
        ),
    ]
}

#[test]
fn every_habit_has_a_sentence_in_every_report() {
    let (int, object) =
        (json!({"type": "integer"}), json!({"type": "object", "properties": {"a": {}}}));
    let nullable = json!({"type": "integer", "nullable": true});
    let habits = [
        Habit {
            name: "an int in quotes",
            promised: int.clone(),
            came: &["1", "\"1\"", "2", "\"-17\""],
            seen: "text that looks like an int (-99, 9)",
            count: 2,
        },
        Habit {
            name: "a number in quotes",
            promised: json!({"type": "number"}),
            came: &["\"69,90\"", "69.9"],
            seen: "text that looks like a number (99,99)",
            count: 1,
        },
        Habit {
            name: "nothing for null",
            promised: nullable.clone(),
            came: &["\"\"", "null"],
            seen: "empty text",
            count: 1,
        },
        Habit {
            name: "a list for null",
            promised: nullable,
            came: &["[]", "1", "1"],
            seen: "empty array",
            count: 1,
        },
        Habit {
            name: "a list for an object",
            promised: object.clone(),
            came: &["[]", "{}"],
            seen: "empty array",
            count: 1,
        },
        Habit {
            name: "a text for an object",
            promised: object,
            came: &["\"\"", "{}"],
            seen: "empty text",
            count: 1,
        },
        Habit {
            name: "several at one place",
            promised: int,
            came: &["\"\"", "[]", "\"12\"", "1", "\"x\"", "[3]", "\"7\"", "1.5"],
            seen: "number, 1 of 8; text (a), 1 of 8; empty text, 1 of 8; \
                   text that looks like an int (9, 99), 2 of 8; array, 1 of 8; empty array, 1 of 8",
            count: 7,
        },
    ];
    for habit in habits {
        let how_often = format!("{} of {}", habit.count, habit.came.len());
        for (seen, often) in told(&habit) {
            assert_eq!(
                (seen.as_str(), often.as_str()),
                (habit.seen, how_often.as_str()),
                "`{}`",
                habit.name
            );
        }
    }
}

/// Several wrong kinds at one place are one finding, which names them in the order of kinds.
#[test]
fn bounds_that_are_both_passed_are_told_apart() {
    let schema = json!({"type": "string", "minLength": 2, "maxLength": 9});
    let bodies = ["\"\"", "\"0123456789\"", "\"ab\""].map(acme::answered_text);
    let findings = acme::judge(&acme::answering(&schema), &bodies);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.promised, "at least 2 characters or at most 9 characters");
    assert_eq!(finding.seen, "0 characters, 1 of 3; 10 characters, 1 of 3");
    assert_eq!((finding.count, finding.of), (2, 3));
}

/// Values of different branches add up.
#[test]
fn of_counts_the_values_of_all_branches() {
    let branch = |name: &str| json!({"type": "object", "required": ["id", name], "properties": {"id": {}, name: {}}});
    let schema = json!({"anyOf": [branch("a"), branch("b")]});
    let bodies = [r#"{"a": 1}"#, r#"{"b": 1}"#, r#"{"b": 1, "id": 1}"#].map(acme::answered_text);
    let findings = acme::judge(&acme::answering(&schema), &bodies);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.rule.name(), finding.at.as_str()), ("field-missing", "/id"));
    assert_eq!((finding.count, finding.of), (2, 3));
}
