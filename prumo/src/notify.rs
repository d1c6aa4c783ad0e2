//! `prumo notify`: tells people what the last night found, by a webhook or as an issue on GitHub.
//!
//! Invariants:
//!
//! * One drift is one issue: it is updated while the drift lasts and closed when it is gone.
//! * The address of a webhook and the token are secrets: they come from variables, and no message has
//!   them.
//! * A night that could not judge changes no issue: it is unknown whether the drift lasts.

mod github;
mod message;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::project::{Location, Project};
use crate::screen;
use message::{Message, Template};

/// The time for one request.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Tells people what the last night found.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The variable with the address of a webhook, such as `SLACK_WEBHOOK_URL`.
    #[arg(long, value_name = "VARIABLE")]
    webhook: Option<String>,
    /// The form of the webhook's JSON: `slack`, `discord`, `teams`, or a file in which `{{title}}`,
    /// `{{text}}`, `{{verdict}}` and `{{link}}` are replaced.
    #[arg(long, value_name = "NAME|FILE", default_value = "slack")]
    template: String,
    /// When the webhook is called.
    #[arg(long, value_enum, default_value_t = When::Change)]
    when: When,
    /// The repository on GitHub with the issue, whose token is in `GITHUB_TOKEN`; `GITHUB_API_URL`
    /// names another server.
    #[arg(long, value_name = "OWNER/NAME")]
    issue: Option<String>,
    /// A link to the run or the report, which every message shows.
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// The folder with the night's report; by default `out` of `prumo.toml`.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Prints what would be sent; sends nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum When {
    /// When something is new, worse or gone, or a night could not judge.
    Change,
    /// After every night that does not fit.
    Trouble,
    /// After every night.
    Always,
}

/// Runs the verb: 0 if everybody was told, also if there was nothing to tell.
pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let project = location.project()?;
    let night = read(&project, args)?;
    let message = Message::new(&night, args.link.as_deref());
    let folder = folder(&project, args);
    crate::write::at_once(&folder.join("issue.md"), message.issue().as_bytes())?;
    screen::print(&format!("issue: {}\n", project.shown(&folder.join("issue.md"))))?;
    if args.webhook.is_none() && args.issue.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let http = reqwest::Client::builder().timeout(TIMEOUT).user_agent("prumo").build()?;
    if let Some(variable) = &args.webhook {
        let body = Template::named(&args.template)?.fill(&message)?;
        let is_due = args.when.is_due(&message);
        match () {
            () if !is_due => screen::print("webhook: nothing to tell\n")?,
            () if args.dry_run => screen::print(&format!("{body:#}\n"))?,
            () => {
                runtime.block_on(post(&http, variable, &body))?;
                screen::print("webhook: told\n")?;
            }
        }
    }
    if let Some(repository) = &args.issue {
        let done = match args.dry_run {
            true => format!("{} the issue in {repository}", message.wish().name()),
            false => runtime.block_on(github::settle(&http, repository, &message))?,
        };
        screen::print(&format!("github: {done}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn folder(project: &Project, args: &Args) -> PathBuf {
    project.root().join(args.out.as_deref().unwrap_or(project.out()))
}

fn read(project: &Project, args: &Args) -> anyhow::Result<Value> {
    let path = folder(project, args).join("report.json");
    if !path.is_file() {
        let shown = project.shown(&path);
        bail!("there is no report `{shown}`\n  hint: `prumo nightly` writes it");
    }
    let text = fs_err::read_to_string(&path)?;
    serde_json::from_str(&text)
        .with_context(|| format!("`{}` is no report of `prumo nightly`", project.shown(&path)))
}

impl When {
    fn is_due(self, message: &Message) -> bool {
        match self {
            Self::Always => true,
            Self::Trouble => message.is_trouble(),
            Self::Change => message.is_change(),
        }
    }
}

async fn post(http: &reqwest::Client, variable: &str, body: &Value) -> anyhow::Result<()> {
    let address = secret(variable)?;
    let request = http.post(&address).json(body);
    let answer = request.send().await.map_err(|error| {
        // The error would show the address.
        anyhow::anyhow!("the webhook in `{variable}` was not reached: {}", cause(&error))
    })?;
    let status = answer.status();
    if !status.is_success() {
        bail!(
            "the webhook in `{variable}` answered {}\n  hint: is its address still valid, and the template its own?",
            status.as_u16()
        );
    }
    Ok(())
}

/// Reads a variable that must be set.
fn secret(variable: &str) -> anyhow::Result<String> {
    match std::env::var(variable).ok().filter(|value| !value.is_empty()) {
        Some(value) => Ok(value),
        None => bail!("the variable `{variable}` is not set"),
    }
}

/// Says what is wrong with a connection, without its address.
pub(crate) fn cause(error: &reqwest::Error) -> &'static str {
    match () {
        () if error.is_timeout() => "no answer in time",
        () if error.is_builder() => "its address is no URL",
        () if error.is_connect() => "no connection",
        () => "the connection broke",
    }
}
