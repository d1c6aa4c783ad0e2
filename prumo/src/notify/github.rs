//! Opens, updates and closes the one issue about a drift.
//!
//! The issue is found by a mark in its text, so no state is kept here, and a second one is never opened.

use anyhow::{Context, bail, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::message::{Message, Wish};
use super::{cause, secret};

/// The mark of the issue, which Markdown does not show.
pub(super) const MARK: &str = "<!-- prumo: the issue of the night -->";

/// The label of the issue.
const LABEL: &str = "prumo-drift";

/// The variable with the token.
const TOKEN: &str = "GITHUB_TOKEN";

/// The maximum number of pages of open issues to search.
const MAX_PAGES: u32 = 10;

/// The number of issues on a page.
const PER_PAGE: usize = 100;

/// Makes the issue as the message wants it, and returns what was done.
///
/// # Errors
///
/// GitHub is not reached, or refuses.
pub(super) async fn settle(
    http: &reqwest::Client,
    repository: &str,
    message: &Message,
) -> anyhow::Result<String> {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.chars().all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one))
    };
    let is_repository = repository.split_once('/').is_some_and(|(a, b)| is_name(a) && is_name(b));
    ensure!(is_repository, "`{repository}` is no repository\n  hint: `--issue owner/name`");
    if message.wish() == Wish::Keep {
        return Ok("kept as it is".to_owned());
    }
    let server = std::env::var("GITHUB_API_URL").ok().filter(|url| !url.is_empty());
    let server = server.unwrap_or_else(|| "https://api.github.com".to_owned());
    let issues = format!("{}/repos/{repository}/issues", server.trim_end_matches('/'));
    let github = GitHub { http, token: secret(TOKEN)?, issues };
    let open = github.find().await?;
    let text = json!({"title": message.title(), "body": message.issue()});
    Ok(match (message.wish(), open) {
        (Wish::Open, Some(number)) => {
            github.send(Method::PATCH, &format!("/{number}"), Some(text)).await?;
            format!("updated #{number}")
        }
        (Wish::Open, None) => {
            let mut text = text;
            text["labels"] = json!([LABEL]);
            let made = github.send(Method::POST, "", Some(text)).await?;
            format!("opened #{}", made["number"])
        }
        (_, Some(number)) => {
            let closed = json!({"state": "closed", "state_reason": "completed"});
            let note = json!({"body": message.issue().replace(MARK, "")});
            github.send(Method::POST, &format!("/{number}/comments"), Some(note)).await?;
            github.send(Method::PATCH, &format!("/{number}"), Some(closed)).await?;
            format!("closed #{number}")
        }
        (_, None) => "no open issue".to_owned(),
    })
}

struct GitHub<'h> {
    http: &'h reqwest::Client,
    token: String,
    /// The address of the repository's issues.
    issues: String,
}

impl GitHub<'_> {
    /// Returns the number of the open issue with the mark; the oldest one if somebody copied it.
    async fn find(&self) -> anyhow::Result<Option<u64>> {
        for page in 1..=MAX_PAGES {
            let query = format!(
                "?state=open&labels={LABEL}&sort=created&direction=asc&per_page={PER_PAGE}&page={page}"
            );
            let found = self.send(Method::GET, &query, None).await?;
            let found = found.as_array().context("GitHub returned no list of issues")?;
            let has_mark = |issue: &&Value| {
                issue["body"].as_str().is_some_and(|body| body.contains(MARK))
                    && issue.get("pull_request").is_none()
            };
            if let Some(issue) = found.iter().find(has_mark) {
                return Ok(issue["number"].as_u64());
            }
            if found.len() < PER_PAGE {
                break;
            }
        }
        Ok(None)
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let request = self
            .http
            .request(method, format!("{}{path}", self.issues))
            .bearer_auth(&self.token)
            .header("accept", "application/vnd.github+json");
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request
            .send()
            .await
            .map_err(|error| anyhow::anyhow!("GitHub was not reached: {}", cause(&error)))?;
        let status = answer.status();
        if !status.is_success() {
            let hint = match status {
                StatusCode::UNAUTHORIZED => "the token in `GITHUB_TOKEN` is not valid",
                StatusCode::FORBIDDEN => "the token needs the permission `issues: write`",
                StatusCode::NOT_FOUND => "is the name right, and may the token see the repository?",
                StatusCode::GONE => "the repository has no issues; its settings turn them on",
                _ => "try again later",
            };
            bail!("GitHub answered {}\n  hint: {hint}", status.as_u16());
        }
        answer.json().await.context("GitHub returned no JSON")
    }
}
