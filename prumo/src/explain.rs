//! `prumo explain`: turns the tables of rules into explanations.
//!
//! It explains one rule, or lists all, on the screen, or writes all of them to `docs/rules.md`. The
//! page is rendered in memory and then compared, so `--check` and a real run cannot disagree.

mod changes;
mod page;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use prumo_drift::rules::RuleRow;
use prumo_drift::rules::example::{Came, Example, Promised};
use prumo_drift::{Language, Report, Rule, Text};

use prumo_spec::nearest;

use crate::project::Location;
use crate::{language, screen};

/// The path of the page.
const PAGE: &str = "docs/rules.md";

/// Explains a rule of the judge, or a change of a spec or of a vendor's pages.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The rule; without it, all rules are listed.
    #[arg(value_name = "RULE", conflicts_with = "markdown")]
    rule: Option<String>,
    /// Writes all rules to `docs/rules.md`.
    #[arg(long)]
    markdown: bool,
    /// Writes nothing; exits with 4 if `docs/rules.md` is out of date.
    #[arg(long, requires = "markdown")]
    check: bool,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    if args.markdown {
        return write_page(&location.base()?, args.check);
    }
    let text = match &args.rule {
        Some(name) => explained(name, language::current())?,
        None => list(language::current()),
    };
    screen::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn write_page(root: &Path, is_check: bool) -> anyhow::Result<ExitCode> {
    let file = root.join(PAGE);
    let page = page::page()?;
    if fs_err::read_to_string(&file).is_ok_and(|old| old == page) {
        screen::print(&format!("fresh    {PAGE}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    if is_check {
        screen::print(&format!("stale    {PAGE}\n`prumo explain --markdown` makes it fresh\n"))?;
        return Ok(ExitCode::from(screen::DRIFTING));
    }
    if let Some(folder) = file.parent() {
        fs_err::create_dir_all(folder)?;
    }
    fs_err::write(&file, page)?;
    screen::print(&format!("updated  {PAGE}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn list(language: Language) -> String {
    let mut text = String::new();
    for row in Rule::ALL.iter().map(|rule| rule.row()) {
        let severity = row.usual_severity().text().of(language);
        text += &format!("{:<22}  {severity:<10}  {}\n", row.name, row.sentence.of(language));
    }
    text + &changes::list() + "\n" + EXAMPLE_OF_ONE.of(language) + "\n"
}

const EXAMPLE_OF_ONE: Text = Text {
    en: "`prumo explain RULE` shows an example of one",
    pt: "`prumo explain REGRA` mostra um exemplo de uma",
};

const WAIVERS: Text = Text { en: "With these waivers", pt: "Com estas dispensas" };

const SAYS: Text = Text { en: "The judge says", pt: "O juiz diz" };

/// Explains what has this name: a rule of the judge, a change, or both.
fn explained(name: &str, language: Language) -> anyhow::Result<String> {
    let rule = Rule::parse(name).map(|rule| of_judge(rule.row(), language)).transpose()?;
    let found: Vec<String> = rule.into_iter().chain(changes::explained(name)).collect();
    if found.is_empty() {
        let judges = Rule::ALL.iter().map(|rule| rule.name());
        let names: Vec<&str> = judges.chain(changes::names()).collect();
        match nearest(name, &names) {
            Some(near) => bail!("there is no rule `{name}`\n  hint: did you mean `{near}`?"),
            None => bail!("there is no rule `{name}`\n  hint: `prumo explain` lists them"),
        }
    }
    Ok(found.join("\n"))
}

/// Explains a rule of the judge.
fn of_judge(row: &RuleRow, language: Language) -> anyhow::Result<String> {
    let said = said(row, language)?;
    let RuleRow { name, sentence, advice, example, .. } = row;
    let blocks = [
        (promised_in_words(example), promised(example)),
        (came_in_words(example), came(example)),
        (WAIVERS, example.waivers),
        (SAYS, said.trim_end()),
    ];
    let [severity, sentence, advice] =
        [row.usual_severity().text(), *sentence, *advice].map(|text| text.of(language));
    let mut text = format!("{name}  ({severity})\n\n{sentence}\n{advice}\n");
    for (title, block) in blocks.iter().filter(|(_, block)| !block.is_empty()) {
        text += &format!("\n{}:\n\n", title.of(language));
        for line in block.lines() {
            text += format!("    {line}").trim_end();
            text.push('\n');
        }
    }
    Ok(text)
}

/// Returns the promise of the example's spec, as YAML.
fn promised(example: &Example) -> &'static str {
    match example.promised {
        Promised::Answer(text) | Promised::Operation(text) => text,
    }
}

fn promised_in_words(example: &Example) -> Text {
    match example.promised {
        Promised::Answer(_) => Text {
            en: "The spec promises of the answer to `GET /item`",
            pt: "A especificação promete da resposta a `GET /item`",
        },
        Promised::Operation(_) => Text {
            en: "The spec promises of `GET /item`",
            pt: "A especificação promete de `GET /item`",
        },
    }
}

/// Returns the example's traffic, as JSON.
fn came(example: &Example) -> &'static str {
    match example.came {
        Came::Answer(text) | Came::Exchange(text) => text,
        Came::Nothing => "",
    }
}

fn came_in_words(example: &Example) -> Text {
    match example.came {
        Came::Answer(_) => Text { en: "This came", pt: "Veio isto" },
        Came::Exchange(_) => Text { en: "This was recorded", pt: "Foi gravado isto" },
        Came::Nothing => Text { en: "Nothing was recorded", pt: "Nada foi gravado" },
    }
}

/// Returns the judge's report on the example: its only finding, or its only gap.
fn said(row: &RuleRow, language: Language) -> anyhow::Result<String> {
    let mut report: Report =
        row.rule.judge_example().map_err(|error| anyhow!("example of `{}`: {error}", row.name))?;
    report.language = language;
    let is_said = |line: &&str| line.starts_with(row.name);
    match report.coverage.is_empty() {
        true => Ok(report.to_text().split("\n\n").next().unwrap_or_default().to_owned()),
        false => Ok(report.coverage_to_text().lines().find(is_said).unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use Language::{English, Portuguese};

    use super::*;

    /// What the spec and the wire say stays as it is.
    #[test]
    fn a_rule_is_explained_in_portuguese() {
        insta::assert_snapshot!(of_judge(Rule::TypeChanged.row(), Portuguese).unwrap(), @r#"
        type-changed  (quebra)

        O tipo JSON de um valor não é o prometido.
        O cliente não consegue decodificar o valor, a não ser que o formato aceite os dois tipos. Corrija o tipo na especificação e gere de novo.

        A especificação promete da resposta a `GET /item`:

            type: object
            properties:
              id: {type: integer}

        Veio isto:

            {"id": "7"}

        O juiz diz:

            desvia      quebra      type-changed  example ler_item
                        onde        resposta 200 /id
                        prometido   int
                        visto       text that looks like an int (9)
                        vezes       1 de 1
                        primeiro    example.json:1 /id
        "#);
        assert_eq!(
            list(Portuguese).lines().count(),
            Rule::ALL.len() + changes::names().count() + 8
        );
    }

    #[test]
    fn the_page_is_fresh() {
        let file = Location::default().base().unwrap().join(PAGE);
        let written = fs_err::read_to_string(file).unwrap_or_default();
        assert_eq!(written, page::page().unwrap(), "`prumo explain --markdown` makes it fresh");
    }

    #[test]
    fn a_page_that_was_edited_is_stale_until_it_is_written() {
        let root = tempfile::tempdir().unwrap();
        let is = |code: u8, outcome: anyhow::Result<ExitCode>| {
            assert_eq!(format!("{:?}", outcome.unwrap()), format!("{:?}", ExitCode::from(code)));
        };
        is(4, write_page(root.path(), true));
        is(0, write_page(root.path(), false));
        is(0, write_page(root.path(), true));
        fs_err::write(root.path().join(PAGE), "edited").unwrap();
        is(4, write_page(root.path(), true));
    }

    #[test]
    fn a_rule_is_explained_with_an_example() {
        insta::assert_snapshot!(of_judge(Rule::TypeChanged.row(), English).unwrap(), @r#"
        type-changed  (breaking)

        A value's JSON type is not the promised one.
        The client cannot decode the value, unless its format accepts both kinds. Correct the type in the spec and regenerate.

        The spec promises of the answer to `GET /item`:

            type: object
            properties:
              id: {type: integer}

        This came:

            {"id": "7"}

        The judge says:

            drifts  breaking    type-changed  example ler_item
                    where       response 200 /id
                    promised    int
                    seen        text that looks like an int (9)
                    how often   1 of 1
                    first       example.json:1 /id
        "#);
    }

    #[test]
    fn a_change_of_a_spec_or_a_page_is_explained() {
        insta::assert_snapshot!(explained("enum-value-added", English).unwrap(), @"
        enum-value-added  (change of a spec, `prumo diff`)

        An enum has a new value, which the old client keeps as `Unknown`.
        Handle the value.

            who sends the value: compatible, minor
            who receives the value: risky, minor

        enum-value-added  (change of a vendor's page, `prumo docs diff`)

        A parameter takes one more value.
        ");
    }

    #[test]
    fn a_gap_is_explained_with_an_example() {
        insta::assert_snapshot!(explained("field-never-seen", English).unwrap().lines().last().unwrap(), @"    field-never-seen       example ler_item response 200 /nome: text, never in 1 object");
        insta::assert_snapshot!(explained("operation-never-seen", English).unwrap().lines().last().unwrap(), @"    operation-never-seen   example ler_item response: GET /item, never in 0 exchanges");
    }

    #[test]
    fn a_rule_that_is_none_is_told_with_the_nearest() {
        let rows = [
            ("type-change", "there is no rule `type-change`\n  hint: did you mean `type-changed`?"),
            (
                "parameter-add",
                "there is no rule `parameter-add`\n  hint: did you mean `parameter-added`?",
            ),
            ("x", "there is no rule `x`\n  hint: `prumo explain` lists them"),
        ];
        for (name, expect) in rows {
            assert_eq!(explained(name, English).unwrap_err().to_string(), expect);
        }
        assert_eq!(list(English).lines().count(), Rule::ALL.len() + changes::names().count() + 8);
    }
}
