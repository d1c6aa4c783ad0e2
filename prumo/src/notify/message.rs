//! Words what a night found, for a chat and for an issue.

use anyhow::{Context, bail};
use prumo_drift::{printable, printable_lines};
use serde_json::{Value, json};

/// The maximum number of findings in a message to a chat.
const MAX_IN_CHAT: usize = 10;

/// The maximum number of findings in an issue.
const MAX_IN_ISSUE: usize = 100;

/// The longest text that every chat takes.
const MAX_CHAT_CHARS: usize = 1_900;

/// The state that the issue should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// It must be open, with this night's text.
    Open,
    /// It must be closed.
    Close,
    /// It stays as it is.
    Keep,
}

impl Wish {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open => "open or update",
            Self::Close => "close",
            Self::Keep => "keep",
        }
    }
}

/// The findings of a night, in words.
pub(super) struct Message {
    verdict: String,
    line: String,
    head: String,
    /// New and worse findings first.
    findings: Vec<String>,
    n_new: usize,
    n_gone: usize,
    n_worse: usize,
    n_vanished: usize,
    link: Option<String>,
}

impl Message {
    /// Words the `report.json` of a night.
    pub(super) fn new(night: &Value, link: Option<&str>) -> Self {
        let text = |name: &str| printable(night[name].as_str().unwrap_or_default());
        let list = |name: &str| night["changes"][name].as_array().cloned().unwrap_or_default();
        let (new, worse) = (list("new"), list("worse"));
        let is_listed = |list: &[Value], finding: &Value| {
            let key = |one: &Value| {
                ["spec", "operation", "rule", "at", "status", "case", "side"]
                    .map(|name| one[name].clone())
            };
            list.iter().any(|one| key(one) == key(finding))
        };
        let all = night["findings"].as_array().cloned().unwrap_or_default();
        let mut findings: Vec<(usize, String)> = all
            .iter()
            .filter(|finding| finding["waived"].is_null())
            .map(|finding| match () {
                () if is_listed(&new, finding) => (0, line(finding, "new")),
                () if is_listed(&worse, finding) => (1, line(finding, "worse")),
                () => (2, line(finding, "")),
            })
            .collect();
        findings.sort_by_key(|(rank, _)| *rank);
        let of_run = |name: &str| printable(night["run"][name].as_str().unwrap_or_default());
        let head = ["started", "host", "commit"].map(of_run);
        let head: Vec<String> = head.into_iter().filter(|part| !part.is_empty()).collect();
        Self {
            verdict: text("verdict"),
            line: text("line"),
            head: head.join(" · "),
            findings: findings.into_iter().map(|(_, line)| line).collect(),
            n_new: new.len(),
            n_gone: list("gone").len(),
            n_worse: worse.len(),
            n_vanished: list("vanished").len(),
            link: link.map(printable),
        }
    }

    /// Returns whether the night does not fit.
    pub(super) fn is_trouble(&self) -> bool {
        !matches!(self.verdict.as_str(), "fits" | "skipped")
    }

    /// Returns whether the night is another than the one before, or could not judge.
    pub(super) fn is_change(&self) -> bool {
        let n_changes = self.n_new + self.n_worse + self.n_gone + self.n_vanished;
        n_changes > 0 || self.verdict == "not judged"
    }

    /// Returns what becomes of the issue.
    pub(super) fn wish(&self) -> Wish {
        match self.verdict.as_str() {
            "drifts" => Wish::Open,
            "fits" => Wish::Close,
            _ => Wish::Keep,
        }
    }

    pub(super) fn title(&self) -> String {
        let n = self.findings.len();
        match self.verdict.as_str() {
            "drifts" => format!("prumo: {n} findings, {} new", self.n_new),
            verdict => format!("prumo: {verdict}"),
        }
    }

    /// Returns the text for a chat.
    fn chat(&self) -> String {
        let mut text = format!("{}\n", self.line);
        for part in [&self.head].into_iter().chain(&self.link).filter(|part| !part.is_empty()) {
            text += &format!("{part}\n");
        }
        text += &listed(&self.findings, MAX_IN_CHAT);
        if self.n_gone > 0 {
            text += &format!("gone: {}\n", self.n_gone);
        }
        let mut text = printable_lines(&text);
        if text.chars().count() > MAX_CHAT_CHARS {
            text = text.chars().take(MAX_CHAT_CHARS).collect::<String>() + "…";
        }
        text
    }

    /// Returns the text of the issue, in Markdown.
    pub(super) fn issue(&self) -> String {
        let mut text = format!("{}\n\n**{}**\n\n", super::github::MARK, self.line);
        for part in [&self.head].into_iter().chain(&self.link).filter(|part| !part.is_empty()) {
            text += &format!("{part}\n\n");
        }
        if !self.findings.is_empty() {
            let lines = listed(&self.findings, MAX_IN_ISSUE).replace("```", "'''");
            text += &format!("```text\n{lines}```\n\n");
        }
        text += "`prumo explain RULE` explains a rule. This issue is updated every night and closed when \
                 the drift is gone.\n";
        printable_lines(&text)
    }
}

fn listed(findings: &[String], most: usize) -> String {
    let mut text: String = findings.iter().take(most).map(|line| format!("{line}\n")).collect();
    if findings.len() > most {
        text += &format!("and {} more\n", findings.len() - most);
    }
    text
}

fn line(finding: &Value, word: &str) -> String {
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let operation = match text("operation") {
        operation if operation.is_empty() => text("seen"),
        operation => operation,
    };
    let status = finding["status"].as_u64().map(|status| format!(" {status}")).unwrap_or_default();
    let word = if word.is_empty() { String::new() } else { format!("{word}: ") };
    let line = format!(
        "{word}{} {} {} {operation}{status} {}: promised {}, seen {} ({} of {})",
        text("severity"),
        text("rule"),
        text("spec"),
        text("at"),
        text("promised"),
        text("seen"),
        finding["count"],
        finding["of"],
    );
    printable(&line)
}

/// The form of a webhook's JSON.
pub(super) enum Template {
    Slack,
    Discord,
    Teams,
    /// JSON whose texts have words to replace.
    Own(Value),
}

impl Template {
    /// Finds a template by its name, or reads it from a file.
    ///
    /// # Errors
    ///
    /// There is no such template, or its file is no JSON.
    pub(super) fn named(name: &str) -> anyhow::Result<Self> {
        Ok(match name {
            "slack" => Self::Slack,
            "discord" => Self::Discord,
            "teams" => Self::Teams,
            file if std::path::Path::new(file).is_file() => {
                let text = fs_err::read_to_string(file)?;
                let json = serde_json::from_str(&text);
                Self::Own(json.with_context(|| format!("`{file}` is no JSON"))?)
            }
            other => bail!(
                "there is no template `{other}`\n  hint: `slack`, `discord`, `teams`, or a file with JSON"
            ),
        })
    }

    /// Returns the JSON with the message.
    ///
    /// # Errors
    ///
    /// A text of an own template has an unknown word in braces.
    pub(super) fn fill(&self, message: &Message) -> anyhow::Result<Value> {
        let (title, text) = (message.title(), message.chat());
        Ok(match self {
            Self::Slack => json!({"text": format!("*{title}*\n{text}")}),
            // Nobody is called by a name that a vendor chose.
            Self::Discord => {
                json!({"content": format!("**{title}**\n{text}"), "allowed_mentions": {"parse": []}})
            }
            Self::Teams => json!({
                "type": "message",
                "attachments": [{
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": {
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard",
                        "version": "1.4",
                        "body": [
                            {"type": "TextBlock", "text": title, "weight": "Bolder", "wrap": true},
                            {"type": "TextBlock", "text": text, "wrap": true},
                        ],
                    },
                }],
            }),
            Self::Own(json) => filled(json, &|word| match word {
                "title" => Some(title.clone()),
                "text" => Some(text.clone()),
                "verdict" => Some(message.verdict.clone()),
                "link" => Some(message.link.clone().unwrap_or_default()),
                _ => None,
            })?,
        })
    }
}

/// Replaces the words in braces in every text of a value.
fn filled(json: &Value, value_of: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Value> {
    Ok(match json {
        Value::String(text) => {
            let (mut filled, mut rest) = (String::new(), text.as_str());
            while let Some((before, behind)) = rest.split_once("{{") {
                let (word, behind) = behind.split_once("}}").context("`{{` without `}}`")?;
                let value = value_of(word.trim()).with_context(|| {
                    format!(
                        "the template has an unknown word `{word}`\n  hint: `title`, `text`, `verdict` or `link`"
                    )
                })?;
                filled += before;
                filled += &value;
                rest = behind;
            }
            Value::from(filled + rest)
        }
        Value::Array(items) => {
            items.iter().map(|item| filled(item, value_of)).collect::<anyhow::Result<_>>()?
        }
        Value::Object(members) => {
            let each = members.iter().map(|(name, one)| Ok((name.clone(), filled(one, value_of)?)));
            Value::Object(each.collect::<anyhow::Result<_>>()?)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(verdict: &str) -> Value {
        let finding = |at: &str| {
            json!({"spec": "alfa", "operation": "listar", "rule": "type-changed", "severity": "breaking",
                "status": 200, "case": null, "side": "response", "at": at, "promised": "int", "seen": "text",
                "count": 3, "of": 4, "waived": null})
        };
        json!({"verdict": verdict, "line": format!("{verdict}: 7 steps"), "run": {"started": "2026-11-30T03:00:00Z"},
            "findings": [finding("/a"), finding("/b\u{202e}```")],
            "changes": {"new": [finding("/b\u{202e}```")], "worse": [], "gone": [], "vanished": []}})
    }

    #[test]
    fn new_findings_come_first_and_nothing_hostile_gets_through() {
        let message = Message::new(&night("drifts"), Some("https://ci.example/1"));
        assert_eq!(message.title(), "prumo: 2 findings, 1 new");
        let chat = message.chat();
        assert!(
            chat.lines().nth(3).is_some_and(|line| line.starts_with("new: breaking")),
            "{chat}"
        );
        let issue = message.issue();
        assert!(!issue.contains('\u{202e}') && issue.matches("```").count() == 2, "{issue}");
        assert!(issue.contains("https://ci.example/1"), "{issue}");
    }

    #[test]
    fn an_issue_lasts_as_long_as_the_drift_and_is_kept_where_that_is_unknown() {
        let cases = [
            ("drifts", Wish::Open, true, true),
            ("fits", Wish::Close, false, true),
            ("not judged", Wish::Keep, true, true),
            ("skipped", Wish::Keep, false, true),
        ];
        for (verdict, wish, is_trouble, is_change) in cases {
            let message = Message::new(&night(verdict), None);
            let got = (message.wish(), message.is_trouble(), message.is_change());
            assert_eq!(got, (wish, is_trouble, is_change), "verdict `{verdict}`");
        }
        let calm = Message::new(&json!({"verdict": "fits"}), None);
        assert!(!calm.is_change());
    }

    #[test]
    fn a_template_is_filled_and_an_unknown_word_is_an_error() {
        let message = Message::new(&night("drifts"), None);
        let own = Template::Own(json!({"a": ["{{title}} ({{ verdict }})"], "n": 1}));
        let filled = own.fill(&message).expect("a body");
        assert_eq!(filled, json!({"a": ["prumo: 2 findings, 1 new (drifts)"], "n": 1}));
        let error = Template::Own(json!("{{nada}}")).fill(&message).expect_err("an error");
        assert!(
            error.to_string().starts_with("the template has an unknown word `nada`"),
            "{error}"
        );
        for (template, at) in [
            (Template::Slack, "/text"),
            (Template::Discord, "/content"),
            (Template::Teams, "/attachments/0/content/body/1/text"),
        ] {
            let body = template.fill(&message).expect("a body");
            let text = body.pointer(at).and_then(Value::as_str).unwrap_or_default();
            assert!(text.contains("type-changed alfa listar 200 /a"), "{body}");
        }
    }
}
