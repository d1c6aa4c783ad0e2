//! Explains the rules of `prumo diff` and the kinds of change of `prumo docs diff`.
//!
//! Both are vocabularies of their own: a rule of the judge may have the same name, because a type
//! can change on the wire, in a spec and on a page. Only English has words for them.

use prumo_change::{Effect, RuleRow};
use prumo_pages::ChangeKind as Kind;

/// The head of the list of rules of `prumo diff`.
const OF_SPECS: &str =
    "Changes of a spec (`prumo diff`), with the effect on a caller and the version of the client:";

/// The head of the list of kinds of `prumo docs diff`.
const OF_PAGES: &str = "Changes of a vendor's pages (`prumo docs diff`):";

/// Lists all of them, one on each line.
pub(super) fn list() -> String {
    let mut text = format!("\n{OF_SPECS}\n\n");
    for row in rows() {
        let (severity, version) = in_words(row);
        text += &format!("{:<33}  {severity:<10}  {version:<5}  {}\n", row.name, row.sentence);
    }
    text += &format!("\n{OF_PAGES}\n\n");
    for kind in Kind::ALL {
        text += &format!("{:<33}  {}\n", kind.name(), kind.sentence());
    }
    text
}

/// Returns the names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    rows().map(|row| row.name).chain(Kind::ALL.iter().map(|kind| kind.name()))
}

/// Explains what has this name; `None` if nothing has it.
pub(super) fn explained(name: &str) -> Option<String> {
    let spec = rows().find(|row| row.name == name).map(of_spec);
    let page = Kind::ALL.iter().copied().find(|kind| kind.name() == name).map(of_page);
    let found: Vec<String> = spec.into_iter().chain(page).collect();
    (!found.is_empty()).then(|| found.join("\n"))
}

fn of_spec(row: &RuleRow) -> String {
    let mut text = format!("{}  (change of a spec, `prumo diff`)\n\n", row.name);
    text += &format!("{}\n{}\n\n", row.sentence, row.remedy);
    for (side, effect) in [("sends", row.sent), ("receives", row.received)] {
        text += &format!("    who {side} the value: {}\n", effect_in_words(effect));
    }
    text
}

fn of_page(kind: Kind) -> String {
    let name = kind.name();
    format!("{name}  (change of a vendor's page, `prumo docs diff`)\n\n{}\n", kind.sentence())
}

/// Renders the last part of the page of rules.
pub(super) fn page() -> String {
    let mut page = "
# The rules of `prumo diff`

A change of a spec has an effect on callers who send the value, and on callers who receive it. The version is the least
that the generated client needs; `–` means that callers notice nothing, and nothing is reported.

| rule | sent | received | what it says | what to do |
|---|---|---|---|---|
"
    .to_owned();
    for row in rows() {
        let [sent, received] = [row.sent, row.received].map(effect_in_words);
        let RuleRow { name, sentence, remedy, .. } = row;
        page += &format!("| `{name}` | {sent} | {received} | {sentence} | {remedy} |\n");
    }
    page += "
# The changes of `prumo docs diff`

| change | what it says |
|---|---|
";
    for kind in Kind::ALL {
        page += &format!("| `{}` | {} |\n", kind.name(), kind.sentence());
    }
    page
}

fn rows() -> impl Iterator<Item = &'static RuleRow> {
    prumo_change::Rule::ALL.iter().map(|rule| rule.row())
}

/// Names the worse severity of both sides, and the greater version.
fn in_words(row: &RuleRow) -> (&'static str, &'static str) {
    let effects = || [row.sent, row.received].into_iter().flatten();
    let severity = effects().map(|effect| effect.severity).min();
    let version = effects().map(|effect| effect.semver).max();
    (severity.map_or("–", |one| one.name()), version.map_or("–", |one| one.name()))
}

fn effect_in_words(effect: Option<Effect>) -> String {
    effect.map_or_else(
        || "–".to_owned(),
        |effect| format!("{}, {}", effect.severity.name(), effect.semver.name()),
    )
}
