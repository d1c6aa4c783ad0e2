//! `prumo call`: turns an operation and its arguments into a call, or into a curl command.
//!
//! No client is compiled: the tables come from the spec, and the call goes through the clients'
//! runtime, with its login, rate limit, retries and time limits. The response is judged.
//!
//! Invariants:
//!
//! * Credentials come from the environment or from the project's command, and are printed nowhere.
//! * A call that may change something is not sent without `--yes`.
//!
//! Exit codes: 0 fine, 1 the call was not sent or was refused, 4 the response deviates from the
//! spec.

pub(crate) mod arguments;
mod catalogue;
pub(crate) mod credentials;
mod curl;
mod describe;
mod form;
mod indent;
mod kind;
pub(crate) mod request;
pub(crate) mod send;
mod spelled;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use prumo_drift::printable_json;
use prumo_runtime::{CallOptions, ClientSetup, Error};

use crate::project::Location;
use crate::{language, screen};
use arguments::{Arguments, Words};
pub(crate) use catalogue::Catalogue;
pub(crate) use catalogue::Chosen;
use credentials::{Given, Remembering};
pub(crate) use kind::{Kind, spellings};
use request::Prepared;
use send::{Line, Outcome, Pages};
use table::Layout;

/// Calls an operation of a spec, or shows how to call it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The spec, by its file or by its name in the project, such as `hubsoft`.
    #[arg(value_name = "FILE|NAME")]
    spec: PathBuf,
    /// The operation; with `--list`, a text to search for.
    operation: Option<String>,
    /// Parameters, and fields of the body; a repeated name makes a list.
    #[arg(value_name = "NAME=VALUE")]
    pairs: Vec<String>,
    /// The body: JSON, `@file`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    body: Option<String>,
    /// A file for a form.
    #[arg(long = "file", value_name = "NAME=@PATH")]
    files: Vec<String>,
    /// Lists the operations; sends nothing.
    #[arg(long)]
    list: bool,
    /// Shows the operation's parameters, body and credentials; sends nothing.
    #[arg(long, alias = "help-operation")]
    describe: bool,
    /// Prints an equivalent curl command; sends nothing and needs no credentials.
    #[arg(long)]
    dry_run: bool,
    /// Sends a call that may change something.
    #[arg(long)]
    yes: bool,
    /// Sends the call even if it deviates from the spec.
    #[arg(long)]
    unchecked: bool,
    /// The URL of the API; by default `<SPEC>_BASE_URL`, then `prumo.toml`, then the spec.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// An additional header, `name: value`.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The time limit of an attempt, in seconds.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Never retries.
    #[arg(long)]
    no_retry: bool,
    /// Sends a secret in the path to this host over plain `http`.
    #[arg(long, value_name = "HOST")]
    allow_plain_http: Vec<String>,
    /// A file in PEM with the caller's certificate and its private key, for mutual TLS.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// A file in PEM with certificates of authorities to trust, in addition to the system's.
    #[arg(long, value_name = "FILE")]
    root_certificate: Vec<PathBuf>,
    /// Follows a paged list and prints its items: this many pages, or `all`.
    #[arg(long, value_name = "N|all")]
    pages: Option<Pages>,
    /// The format of the printed response.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    output: Format,
    /// The columns of the table, in this order; `cliente.nome` is the member of a member.
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    columns: Vec<String>,
    /// The file for the response; by default the screen.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Also writes the exchange as a fixture, without personal data and secrets.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Prints each attempt to standard error.
    #[arg(long)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The response without its envelope.
    Json,
    /// A row for each item.
    Table,
    /// The unchanged body.
    Raw,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::read(location, &args.spec)?;
    ensure!(
        args.columns.is_empty() || args.output == Format::Table,
        "`--columns` names the columns of a table\n  hint: add `--output table`"
    );
    let name = match &args.operation {
        Some(name) if !args.list => name,
        text => {
            screen::print(&describe::list(&catalogue, text.as_deref()))?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let chosen = catalogue.find(name)?;
    if args.describe {
        screen::print(&describe::operation(&catalogue, chosen))?;
        return Ok(ExitCode::SUCCESS);
    }
    let arguments = args.arguments(&catalogue, chosen)?;
    let options = args.options()?;
    let prepared = request::prepare(&catalogue, chosen, &arguments, &options)?;
    let faults = verdict::faults(&catalogue, chosen, &prepared)?;
    ensure!(
        args.unchecked || faults.is_empty(),
        "the request leaves the spec\n  {}\n  hint: `--unchecked` sends it all the same",
        faults.join("\n  ")
    );
    if args.dry_run {
        let base_url = args.base_url(&catalogue);
        screen::print(&curl::command(&catalogue, chosen, base_url.as_deref(), &prepared))?;
        return Ok(ExitCode::SUCCESS);
    }
    if chosen.is_write() && !args.yes {
        bail!(
            "`{name}` may change something ({}), so nothing was sent\n  \
             hint: `--yes` sends it, `--dry-run` shows it",
            chosen.row.method
        );
    }
    let given = Given::default();
    Sending { args, catalogue: &catalogue, chosen, prepared, given }.run(&arguments, &options)
}

impl Args {
    fn arguments(&self, catalogue: &Catalogue, chosen: Chosen<'_>) -> anyhow::Result<Arguments> {
        let mut pairs = self.pairs.clone();
        if self.pages.is_some() {
            let paging = chosen.row.paging.and_then(|paging| Some((paging.page?, paging.first)));
            let (page, first) =
                paging.with_context(|| format!("`{}` does not come in pages", chosen.row.id))?;
            if !pairs.iter().any(|pair| pair.split('=').next() == Some(page)) {
                pairs.push(format!("{page}={first}"));
            }
        }
        let words = Words {
            pairs: &pairs,
            body: self.body.as_deref(),
            files: &self.files,
            may_lack_fields: self.unchecked,
        };
        arguments::read(catalogue, chosen, &words)
    }

    fn options(&self) -> anyhow::Result<CallOptions> {
        let mut options = CallOptions::new();
        for header in &self.headers {
            let (name, value) =
                header.split_once(':').context("a header is given as `name: value`")?;
            options = options.header(name.trim(), value.trim());
        }
        if let Some(seconds) = self.timeout {
            options = options.timeout(Duration::from_secs(seconds));
        }
        Ok(if self.no_retry { options.no_retry() } else { options })
    }

    fn certificates(&self, mut setup: ClientSetup) -> anyhow::Result<ClientSetup> {
        for path in &self.root_certificate {
            setup = setup.root_certificate(fs_err::read(path)?);
        }
        Ok(match &self.identity {
            Some(path) => setup.identity(fs_err::read(path)?),
            None => setup,
        })
    }

    fn base_url(&self, catalogue: &Catalogue) -> Option<String> {
        let url = self.base_url.clone().or_else(|| catalogue.base_url())?;
        Some(catalogue.with_base_path(url))
    }
}

/// A call to send.
struct Sending<'s> {
    args: &'s Args,
    catalogue: &'s Catalogue,
    chosen: Chosen<'s>,
    prepared: Prepared,
    given: Given,
}

impl Sending<'_> {
    fn run(&self, arguments: &Arguments, options: &CallOptions) -> anyhow::Result<ExitCode> {
        let (args, catalogue) = (self.args, self.catalogue);
        let base_url = args.base_url(catalogue).with_context(|| {
            format!("no base URL: set `{}`, or give `--base-url`", catalogue.base_url_variable())
        })?;
        let setup = ClientSetup::new(catalogue.rows, catalogue.schemes, None)
            .base_url(base_url)
            .credentials(Remembering::new(catalogue.store(), self.given.clone()));
        let setup = args.allow_plain_http.iter().fold(setup, ClientSetup::allow_plain_http);
        let setup = args.certificates(setup)?;
        let mut line = Line::open(setup, self.chosen, args.verbose, self.given.clone())
            .map_err(|error| self.told(&error, None))?;
        line.client.inner = line.client.inner.with(options);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let outcome = runtime.block_on(self.outcome(&line, arguments));
        let drifts = self.judge(&line)?;
        match outcome {
            Ok(outcome) => {
                self.print(&line, outcome)?;
                Ok(if drifts { ExitCode::from(screen::DRIFTING) } else { ExitCode::SUCCESS })
            }
            Err(error) if error.is_decode() && drifts => {
                screen::error(format!("{:#}", self.told(&error, line.page())));
                Ok(ExitCode::from(screen::DRIFTING))
            }
            Err(error) => Err(self.told(&error, line.page())),
        }
    }

    async fn outcome(&self, line: &Line, arguments: &Arguments) -> Result<Outcome, Error> {
        let call = request::call(self.chosen, arguments, &line.client);
        let finish = request::finish(self.chosen, &self.prepared.body);
        let Some(wanted) = self.args.pages else {
            return send::once(self.chosen, finish(call)).await;
        };
        // The judge decides whether a response may lack the list.
        line.follow(prumo_runtime::Pages::new(call, finish).or_none(), wanted).await
    }

    /// Judges each response, prints deviations from the spec, and records the last response if
    /// asked to.
    fn judge(&self, line: &Line) -> anyhow::Result<bool> {
        let (mut drifts, answers) = (false, line.answers());
        for seen in &answers {
            let mut exchange = verdict::exchange(self.chosen, &self.prepared, Some(seen))?;
            verdict::keep_bytes(&mut exchange, seen);
            let report = verdict::judged(self.catalogue, &exchange)?;
            if report.is_drifting() {
                drifts = true;
                screen::note(&line.shown(&language::for_reader(&report).to_text()));
            }
        }
        // Without a response there is an error, which says more.
        if let (Some(path), Some(seen)) = (&self.args.record, answers.last()) {
            verdict::record(
                self.catalogue,
                (&line.client.inner, &self.given),
                verdict::exchange(self.chosen, &self.prepared, Some(seen))?,
                path,
            )?;
        }
        Ok(drifts)
    }

    fn print(&self, line: &Line, outcome: Outcome) -> anyhow::Result<()> {
        let Outcome { value, text, raw } = outcome;
        let clean = |value| verdict::without_credentials(&line.client.inner, value);
        let text = match self.args.output {
            // A download has no other form.
            _ if value.is_null() => return self.write_raw(&raw),
            Format::Raw => return self.write_raw(&raw),
            Format::Json => match text.and_then(|text| indent::readable(&text)) {
                Some(text) => printable_json(&(line.shown(&text) + "\n")),
                None => printable_json(&format!("{:#}\n", clean(value))),
            },
            Format::Table => {
                let items = self.chosen.row.paging.map(|paging| paging.items);
                let layout = Layout {
                    items,
                    columns: &self.args.columns,
                    width: screen::width(),
                    is_bold: self.args.out.is_none() && screen::is_coloured(&std::io::stdout()),
                };
                table::table(&clean(value), layout)?
            }
        };
        self.write(text.as_bytes())
    }

    /// Writes a body as it came, but escaped on a terminal.
    fn write_raw(&self, bytes: &[u8]) -> anyhow::Result<()> {
        match self.args.out {
            Some(_) => self.write(bytes),
            None => screen::print_foreign(bytes),
        }
    }

    fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        match &self.args.out {
            Some(path) => Ok(fs_err::write(path, bytes)?),
            None => screen::print_bytes(bytes),
        }
    }

    /// Returns the error with the page that it is about, and a hint.
    fn told(&self, error: &Error, page: Option<u64>) -> anyhow::Error {
        let mut told = page.map(|page| format!("page {page}: ")).unwrap_or_default();
        told += &error.to_string();
        for sentence in error.errors() {
            told += &format!("\n  {sentence}");
        }
        if error.is_outcome_unknown() {
            told += "\n  hint: it may have happened; look before you send it again";
        } else if error.is_auth() || (error.is_invalid_request() && told.contains("credential")) {
            // Command-line users have no client builder, so the hint must not name it.
            if let Some(end) = told.find(": call `.") {
                told.truncate(end);
            }
            // Without a status nothing was answered: the store failed. Its error names the variable
            // or the command, and never contains a secret.
            let of_store = std::error::Error::source(error).filter(|_| error.status().is_none());
            if let Some(cause) = of_store.filter(|_| error.is_auth()) {
                told += &format!(": {cause}");
            }
            let variables = describe::credentials(self.catalogue, self.chosen).join("`, or `");
            told += &match self.catalogue.credentials_command() {
                Some(_) => format!(
                    "\n  hint: the command of `credentials` in `prumo.toml` prints lines `name=value`, \
                     here `{variables}`"
                ),
                None => format!("\n  hint: credentials are read from `{variables}`"),
            };
        } else if let Some(end) = told.find(" with `.allow_plain_http(") {
            told.truncate(end);
            told += "\n  hint: `--allow-plain-http HOST` allows it";
        } else if error.is_invalid_request() && told.contains("without TLS") {
            told += "\n  hint: install prumo with its default features, of which `tls` is one";
        }
        anyhow::Error::msg(told)
    }
}
