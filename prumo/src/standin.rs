//! `prumo standin`: serves vendors and specs on loopback, in this process, until ctrl-c.
//!
//! It prints each address with its credentials. All credentials are made up, so they may be shown.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use prumo_spec::nearest;
use prumo_standin::{Fault, Running, StandIn};

use crate::project::Location;
use crate::{screen, specs};

/// The width of the column of names, unless a name is longer.
const NAME_WIDTH: usize = 14;

const AFTER_HELP: &str = "\
A fault is [OPERATION:]KIND[=ARGUMENT][,after][,times=N][,chance=P][,retry-after=S].
Kinds: latency=MS, status=CODE, page, cut-unread, cut, cut-body, truncate, redirect=URL,
refuse=WHY, rename=POINTER>NAME, retype=POINTER, drop=POINTER, add=POINTER and
value=POINTER>TEXT. To add one later: curl --data LINE URL/__standin/faults
To begin anew:     curl --data 'seed=7 tickets=20' URL/__standin/reset
To send a webhook: curl --data '{\"to\": \"http://…\"}' URL/__standin/webhooks/NAME";

/// Serves vendors and specs on loopback, until ctrl-c.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The vendors or specs to serve; by default the project's specs, and outside a project the
    /// three vendors.
    ///
    /// `hubsoft`, `tomticket-v1` and `tomticket-v2` are vendors with state. Any other word is a
    /// spec of the project, by its name, or an OpenAPI file; its responses come from the spec
    /// alone.
    #[arg(value_name = "SPEC|FILE")]
    specs: Vec<String>,
    /// The port of the first; the others get the following ports. 0 picks free ones.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The seed of ids, made-up responses and random faults.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The initial number of tickets; for a spec, the number of items in a paged list.
    #[arg(long, value_name = "N")]
    tickets: Option<usize>,
    /// The number of items per page if the request does not say it.
    #[arg(long, value_name = "N")]
    page_size: Option<u64>,
    /// The lifetime of HubSoft's tokens, in seconds.
    #[arg(long, value_name = "SECONDS")]
    token_lifetime: Option<u64>,
    /// The receiver of webhooks; TomTicket v2 posts what changes, signed.
    #[arg(long, value_name = "URL")]
    webhooks_to: Option<String>,
    /// Lifts the rate limits of the specs.
    #[arg(long)]
    unlimited: bool,
    /// A fault, in one line; may be repeated.
    #[arg(long = "fault", value_name = "LINE")]
    faults: Vec<Fault>,
}

pub(crate) fn run(location: &Location, args: &Args) -> anyhow::Result<ExitCode> {
    let words = match args.specs.is_empty() {
        true => by_default(location)?,
        false => args.specs.clone(),
    };
    let named = words.iter().map(|word| found(location, word));
    let named: Vec<(String, StandIn)> = named.collect::<anyhow::Result<_>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut running = Vec::new();
        for (index, (name, stand_in)) in named.into_iter().enumerate() {
            let started = args.configured(stand_in, index)?.start().await;
            running
                .push((name.clone(), started.with_context(|| format!("`{name}` did not start"))?));
        }
        args.add_faults(&running)?;
        screen::print(&told(&running))?;
        std::future::pending::<()>().await;
        Ok(ExitCode::SUCCESS)
    })
}

impl Args {
    fn configured(&self, stand_in: StandIn, index: usize) -> anyhow::Result<StandIn> {
        let port = match self.port {
            0 => 0,
            first => u16::try_from(index)
                .ok()
                .and_then(|offset| first.checked_add(offset))
                .with_context(|| {
                    format!("`--port {first}` leaves no port for stand-in number {}", index + 1)
                })?,
        };
        let mut stand_in = stand_in.controlled().port(port).seed(self.seed);
        if let Some(n_tickets) = self.tickets {
            stand_in = stand_in.tickets(n_tickets);
        }
        if let Some(size) = self.page_size {
            stand_in = stand_in.page_size(size);
        }
        if let Some(seconds) = self.token_lifetime {
            stand_in = stand_in.token_lifetime(Duration::from_secs(seconds));
        }
        if let Some(url) = &self.webhooks_to {
            stand_in = stand_in.webhooks_to(url);
        }
        Ok(if self.unlimited { stand_in.unlimited() } else { stand_in })
    }

    /// Adds every fault to every stand-in, where it applies to operations of its name.
    fn add_faults(&self, running: &[(String, Running)]) -> anyhow::Result<()> {
        let is_unknown = |id: &&str| !running.iter().any(|(_, running)| running.has_operation(id));
        if let Some(id) = self.faults.iter().filter_map(Fault::operation).find(is_unknown) {
            let names: Vec<&str> = running.iter().map(|(name, _)| name.as_str()).collect();
            bail!("`--fault`: none of {} has an operation `{id}`", names.join(", "));
        }
        for (_, running) in running {
            self.faults.iter().for_each(|fault| running.faults().add(fault.clone()));
        }
        Ok(())
    }
}

/// Lists what is served if no word says it.
fn by_default(location: &Location) -> anyhow::Result<Vec<String>> {
    let specs = location.spec_names()?;
    if specs.is_empty() { Ok(StandIn::names().map(str::to_owned).collect()) } else { Ok(specs) }
}

/// Returns the stand-in that a word names, and its name on screen.
fn found(location: &Location, word: &str) -> anyhow::Result<(String, StandIn)> {
    if let Some(stand_in) = StandIn::named(word) {
        return Ok((word.to_owned(), stand_in));
    }
    let path = location.spec(Path::new(word)).or_else(|error| {
        let known: Vec<&str> = StandIn::names().collect();
        match nearest(word, &known) {
            Some(near) => {
                bail!("`{word}` is no vendor and no spec\n  hint: did you mean `{near}`?")
            }
            None => Err(error),
        }
    })?;
    let document = specs::document(&location.base()?, &specs::parts_of(&path)?)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stand_in =
        StandIn::of_spec(&document).map_err(|error| screen::hinted(&error, error.hint()))?;
    for error in stand_in.taken_out() {
        screen::note(&format!("warning: {error}; any value stands there"));
    }
    Ok((name, stand_in))
}

/// Returns the addresses and credentials of the stand-ins.
fn told(running: &[(String, Running)]) -> String {
    let longest =
        running.iter().map(|(name, _)| name.chars().count() + 2).max().unwrap_or_default();
    let width = longest.max(NAME_WIDTH);
    let mut told = String::new();
    for (name, running) in running {
        told += &format!("{name:<width$}{}\n", running.url());
        for line in running.opened_by() {
            told += &format!("{:width$}{line}\n", "");
        }
    }
    told + "ctrl-c ends it\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_are_told_in_a_column_with_what_opens_them() {
        let mut running = Vec::new();
        for name in ["tomticket-v1", "hubsoft"] {
            running.push((name.to_owned(), StandIn::named(name).unwrap().start().await.unwrap()));
        }
        let told = told(&running);
        let urls = running.iter().map(|(_, running)| running.url());
        let shown = urls.fold(told, |told, url| told.replace(&url, "URL"));
        let lines: Vec<&str> =
            shown.lines().filter(|line| !line.starts_with("              token ")).collect();
        assert_eq!(
            lines,
            [
                "tomticket-v1  URL",
                "hubsoft       URL",
                "              client_id 7, client_secret standin-client-secret",
                "              username integracao@example.com, password standin-password",
                "ctrl-c ends it",
            ]
        );
    }

    #[test]
    fn a_word_is_a_vendor_a_spec_of_the_project_or_a_file() {
        let location = Location::default();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../codegen/tests-data/odd-names.yaml");
        for (word, name) in [("hubsoft", "hubsoft"), (file, "odd-names")] {
            assert_eq!(found(&location, word).unwrap().0, name);
        }
        let error = found(&location, "hubsof").unwrap_err().to_string();
        assert_eq!(error, "`hubsof` is no vendor and no spec\n  hint: did you mean `hubsoft`?");
    }

    #[test]
    fn a_project_is_served_before_the_vendors() {
        let folder = tempfile::tempdir().unwrap();
        let names = || by_default(&Location::new(Some(folder.path().to_owned()), None)).unwrap();
        let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).unwrap();
        fs_err::create_dir(folder.path().join("specs")).unwrap();
        fs_err::create_dir(folder.path().join("fixtures")).unwrap();
        write("prumo.toml", "specs = \"specs\"\nfixtures = \"fixtures\"\n");
        assert_eq!(names(), StandIn::names().collect::<Vec<_>>(), "a project without specs");
        write("specs/beta.yaml", "");
        write("specs/alfa.yaml", "");
        write("specs/alfa.waivers.yaml", "");
        assert_eq!(names(), ["alfa", "beta"]);
    }

    #[tokio::test]
    async fn a_fault_of_no_operation_is_refused() {
        let running = [("hubsoft".to_owned(), StandIn::hubsoft().start().await.unwrap())];
        let args = Args {
            specs: Vec::new(),
            port: 0,
            seed: 1,
            tickets: None,
            page_size: None,
            token_lifetime: None,
            webhooks_to: None,
            unlimited: false,
            faults: vec![Fault::cut().on("ticket_new")],
        };
        let error = args.add_faults(&running).unwrap_err().to_string();
        assert_eq!(error, "`--fault`: none of hubsoft has an operation `ticket_new`");
    }
}
