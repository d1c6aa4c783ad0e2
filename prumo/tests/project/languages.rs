//! Tests that a person reads Portuguese if the option or the locale says so, and that machines read
//! the same as ever.

use crate::{project_with_alfa, prumo_with};

const FIXTURE: &str = "fixtures/alfa/read_item/good_answer.json";

#[test]
fn a_language_changes_texts_and_neither_json_nor_exit_codes() {
    let folder = project_with_alfa();
    let root = folder.path();
    let fixture = fs_err::read_to_string(root.join(FIXTURE)).expect("a fixture");
    fs_err::write(root.join(FIXTURE), fixture.replace("\"id\": \"7\"", "\"id\": 7"))
        .expect("a file");
    let locale = ("LC_ALL", "pt_BR.UTF-8");
    let judged = |format, variable| prumo_with(root, &["judge", "--format", format], &[variable]);

    let (english, portuguese) = (judged("text", ("LC_ALL", "C")), judged("text", locale));
    assert_eq!((english.code, portuguese.code), (Some(4), Some(4)), "{}", portuguese.told);
    assert!(english.last().starts_with("drifts: 1 finding ("), "{}", english.out);
    assert!(portuguese.last().starts_with("desvia: 1 desvio ("), "{}", portuguese.out);

    for format in ["sarif", "junit", "github"] {
        let [one, other] = [("LC_ALL", "C"), locale].map(|variable| judged(format, variable));
        // The time of the run differs.
        let lines = |text: &str| {
            let lines = text.lines().filter(|line| !line.contains("202"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(lines(&one.out), lines(&other.out), "{format}");
    }
    let findings = |variable| {
        let run = judged("json", variable);
        let document: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        (document["findings"].clone(), document["totals"].clone())
    };
    assert_eq!(findings(("LC_ALL", "C")), findings(locale));
}

#[test]
fn the_option_comes_before_the_locale() {
    let folder = project_with_alfa();
    let explain = |words: &[&str], locale| {
        prumo_with(folder.path(), words, &[("LC_ALL", locale)])
            .out
            .lines()
            .next()
            .map(str::to_owned)
    };
    let (en, pt) = ("type-changed  (breaking)", "type-changed  (quebra)");
    let rows: [(&[&str], &str, &str); 4] = [
        (&["explain", "type-changed"], "C", en),
        (&["explain", "type-changed"], "pt_BR.UTF-8", pt),
        (&["--lang", "en", "explain", "type-changed"], "pt_BR.UTF-8", en),
        (&["explain", "type-changed", "--lang=pt"], "C", pt),
    ];
    for (words, locale, expected) in rows {
        assert_eq!(explain(words, locale).as_deref(), Some(expected), "{words:?} {locale}");
    }
}
