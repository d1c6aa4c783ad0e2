//! Checks that the score falls when the judge gets worse, and names the place.

use super::*;
use prumo_drift::Rule;

const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
paths:
  /item/{id}:
    get:
      operationId: ler_item
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: An item.
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: {id: {type: integer, maximum: 9}, nome: {type: string, nullable: true}}
";

const FIXTURE: &str = r#"{"operation": "ler_item",
    "request": {"method": "GET", "path": "/item/7"},
    "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"id": 7, "nome": "x"}}}"#;

/// Scores a repository with one spec and these files in `fixtures/alfa`.
fn scored(files: &[(&str, &str)], argued: &str, heard: Heard) -> anyhow::Result<Score> {
    let root = tempfile::tempdir()?;
    let spec = root.path().join("specs/alfa.yaml");
    let texts = files.iter().map(|(name, text)| (format!("fixtures/alfa/ler_item/{name}"), *text));
    let rest = [("specs/alfa.yaml".to_owned(), SPEC), (ARGUED.to_owned(), argued)];
    fs_err::create_dir_all(root.path().join("fixtures/alfa"))?;
    for (path, text) in texts.chain(rest) {
        let path = root.path().join(path);
        fs_err::create_dir_all(path.parent().context("a folder")?)?;
        fs_err::write(path, text)?;
    }
    score(root.path(), &[spec], true, heard)
}

fn row<'s>(score: &'s Score, name: &str) -> &'s score::Row {
    score.mutators.iter().find(|row| row.name == name).expect("a mutator of this name")
}

#[test]
fn the_invented_vendor_has_no_survivor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let score = score(&root, &[root.join(ALFA)], false, |findings| findings).unwrap();
    assert_eq!(score.survived, 0, "{}", score.to_text(true));
}

/// A worse judge, and what a mutator's survivors then show.
struct Worse {
    name: &'static str,
    heard: Heard,
    mutator: &'static str,
    came: &'static [&'static str],
}

const WORSE: &[Worse] = &[
    Worse {
        name: "a rule is switched off",
        heard: |mut findings| {
            findings.retain(|finding| finding.rule != Rule::NullUnexpected);
            findings
        },
        mutator: "null",
        came: &[],
    },
    Worse {
        name: "the place is another",
        heard: |mut findings| {
            findings.iter_mut().for_each(|finding| finding.at += "/x");
            findings
        },
        mutator: "maximum",
        came: &["bound-exceeded ler_item response 200 /id/x, seen at /id"],
    },
    Worse {
        name: "the evidence is elsewhere",
        heard: |mut findings| {
            findings
                .iter_mut()
                .filter_map(|finding| finding.first.as_mut())
                .for_each(|first| first.pointer += "/x");
            findings
        },
        mutator: "null",
        came: &["null-unexpected ler_item response 200 /id, seen at /id/x"],
    },
    Worse {
        name: "the rule is another",
        heard: |mut findings| {
            findings.iter_mut().for_each(|finding| finding.rule = Rule::TypeChanged);
            findings
        },
        mutator: "field-dropped",
        came: &["type-changed ler_item response 200 /id"],
    },
    Worse {
        name: "one deviation is two findings",
        heard: |mut findings| {
            findings.extend(findings.clone());
            findings
        },
        mutator: "int-to-text",
        came: &["type-changed ler_item response 200 /id", "type-changed ler_item response 200 /id"],
    },
];

#[test]
fn a_judge_that_is_made_worse_loses_score_and_is_named() {
    for case in WORSE {
        let score = scored(&[("a.json", FIXTURE)], "", case.heard).unwrap();
        assert!(score.score < 100.0, "case `{}`", case.name);
        let survivor = score.survivors.iter().find(|survivor| survivor.mutator == case.mutator);
        let survivor = survivor.unwrap_or_else(|| panic!("case `{}`", case.name));
        assert_eq!(survivor.came, case.came, "case `{}`", case.name);
        assert_eq!(survivor.fixture, "fixtures/alfa/ler_item/a.json");
        assert!(row(&score, case.mutator).survived > 0, "case `{}`", case.name);
    }
}

#[test]
fn a_judge_that_cries_wolf_loses_score() {
    let drifting = FIXTURE.replace("\"nome\": \"x\"", "\"nome\": 1");
    let score = scored(&[("a.json", &drifting)], "", |findings| findings).unwrap();
    assert_eq!(row(&score, "none").survived, 2);
}

#[test]
fn what_is_expected_is_what_the_spec_says() {
    let score = scored(&[("a.json", FIXTURE)], "", |findings| findings).unwrap();
    assert_eq!(score.survived, 0, "{}", score.to_text(true));
    // Derived by hand from the spec above: two members, one required, only `nome` nullable.
    let applied = [
        ("null", 1),
        ("int-to-text", 1),
        ("text-to-int", 1),
        ("word-for-scalar", 2),
        ("field-dropped", 1),
        ("field-renamed", 2),
        ("field-added", 1),
        ("field-twice", 2),
        ("maximum", 1),
        ("minimum", 0),
        ("enum-value", 0),
        ("truncated", 4),
        ("request-body-dropped", 0),
    ];
    for (name, n_applied) in applied {
        assert_eq!(row(&score, name).applied, n_applied, "mutator `{name}`");
    }
    assert!(score.idle().contains(&"minimum") && !score.idle().contains(&"maximum"));
}

#[test]
fn an_argument_lets_a_survivor_live_and_is_stale_without_one() {
    let deaf: Heard = |mut findings| {
        findings.retain(|finding| finding.rule != Rule::NullUnexpected);
        findings
    };
    let argued = "fixtures/alfa/*\tnull\t/response/body/id\tfor this test\n";
    let score = scored(&[("a.json", FIXTURE)], argued, deaf).unwrap();
    assert_eq!(
        (score.argued, score.survived, score.stale.len()),
        (1, 0, 0),
        "{}",
        score.to_text(true)
    );
    let score = scored(&[("a.json", FIXTURE)], argued, |findings| findings).unwrap();
    assert_eq!(score.stale, ["line 1: null at /response/body/id in fixtures/alfa/*"]);
}

#[test]
fn what_cannot_be_mutated_is_an_error() {
    let unknown = FIXTURE.replace("ler_item", "ler_outro");
    let cases = [
        ("no fixture", vec![], "nothing was mutated: no spec named here has a fixture"),
        ("no JSON", vec![("a.json", "{")], "`fixtures/alfa/ler_item/a.json` can't be mutated"),
        (
            "no operation",
            vec![("a.json", unknown.as_str())],
            "`fixtures/alfa/ler_item/a.json` can't be mutated",
        ),
    ];
    for (name, files, said) in cases {
        let error = scored(&files, "", |findings| findings).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some(said), "case `{name}`");
    }
}

#[test]
fn every_mutator_has_a_name_of_its_own() {
    let mut names: Vec<&str> = MUTATORS.iter().map(|mutator| mutator.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
}
