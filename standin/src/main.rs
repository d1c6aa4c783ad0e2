//! `prumo-standin [SPEC]…`: the vendors of these specs on loopback, until it is stopped.
//!
//! It prints where each listens and what its account logs in with, all of it made up.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use prumo_standin::{Fault, Running, StandIn};

const HELP: &str = "\
Usage: prumo-standin [OPTION]... [SPEC]...

Stands in for the vendors of these specs on loopback until it is stopped; for all
three (hubsoft, tomticket-v1, tomticket-v2) if none is named.

  --port N               the first one's port; the others get those behind it
  --seed N               what everything that is drawn depends on
  --tickets N            how many tickets are there from the start
  --page-size N          how many items a page has where the request does not say
  --token-lifetime S     how many seconds a token of HubSoft's is good
  --unlimited            takes as many requests a second as come
  --fault LINE           what shall go wrong, as often as you like; more of it:
                         curl --data LINE URL/__standin/faults

A fault is [OPERATION:]KIND[=ARGUMENT][,after][,times=N][,chance=P][,retry-after=S],
and its kinds are latency=MS, status=CODE, page, cut-unread, cut, cut-body, truncate,
redirect=URL, refuse=WHY, rename=POINTER>NAME, retype=POINTER, drop=POINTER, add=POINTER and
value=POINTER>TEXT.
";

const SPECS: [&str; 3] = ["hubsoft", "tomticket-v1", "tomticket-v2"];

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    specs: Vec<String>,
    port: u16,
    seed: Option<u64>,
    n_tickets: Option<usize>,
    page_size: Option<u64>,
    token_lifetime: Option<Duration>,
    is_unlimited: bool,
    faults: Vec<Fault>,
    is_help: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to say it with when the screen itself is gone.
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let wanted = Wanted::read(std::env::args().skip(1))?;
    if wanted.is_help {
        return say(HELP);
    }
    let mut running = Vec::new();
    for (index, spec) in wanted.specs.iter().enumerate() {
        let stand_in = wanted.stand_in(spec, index).ok_or_else(|| format!("no spec `{spec}`; see --help"))?;
        let started = stand_in.start().await.map_err(|error| format!("`{spec}` did not start: {error}"))?;
        wanted.faults.iter().for_each(|fault| started.faults().add(fault.clone()));
        say(&told(spec, &started))?;
        running.push(started);
    }
    let mut named = wanted.faults.iter().filter_map(Fault::operation);
    if let Some(id) = named.find(|id| !running.iter().any(|vendor| vendor.has_operation(id))) {
        return Err(format!("`--fault`: none of {} has an operation `{id}`", wanted.specs.join(", ")));
    }
    say("ctrl-c ends it\n")?;
    std::future::pending().await
}

impl Wanted {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` takes a value; see --help"));
            match word.as_str() {
                "--help" | "-h" => wanted.is_help = true,
                "--unlimited" => wanted.is_unlimited = true,
                "--port" => wanted.port = number(&word, &value()?)?,
                "--seed" => wanted.seed = Some(number(&word, &value()?)?),
                "--tickets" => wanted.n_tickets = Some(number(&word, &value()?)?),
                "--page-size" => wanted.page_size = Some(number(&word, &value()?)?),
                "--token-lifetime" => {
                    wanted.token_lifetime = Some(Duration::from_secs(number(&word, &value()?)?));
                }
                "--fault" => {
                    wanted.faults.push(value()?.parse().map_err(|error| format!("`--fault`: {error}"))?);
                }
                _ if word.starts_with('-') => return Err(format!("no option `{word}`; see --help")),
                _ => wanted.specs.push(word),
            }
        }
        if wanted.specs.is_empty() {
            wanted.specs = SPECS.map(str::to_owned).to_vec();
        }
        Ok(wanted)
    }

    fn stand_in(&self, spec: &str, index: usize) -> Option<StandIn> {
        let offset = u16::try_from(index).unwrap_or_default();
        let port = if self.port == 0 { 0 } else { self.port.saturating_add(offset) };
        let mut stand_in = StandIn::named(spec)?.controlled().port(port);
        if let Some(seed) = self.seed {
            stand_in = stand_in.seed(seed);
        }
        if let Some(n_tickets) = self.n_tickets {
            stand_in = stand_in.tickets(n_tickets);
        }
        if let Some(size) = self.page_size {
            stand_in = stand_in.page_size(size);
        }
        if let Some(lifetime) = self.token_lifetime {
            stand_in = stand_in.token_lifetime(lifetime);
        }
        Some(if self.is_unlimited { stand_in.unlimited() } else { stand_in })
    }
}

fn number<N: std::str::FromStr>(option: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("`{option}` takes a whole number"))
}

/// Where a stand-in is, and what opens it. All of that is made up, so that it may be shown.
fn told(spec: &str, running: &Running) -> String {
    let url = running.url();
    let credentials = running.credentials();
    if spec != "hubsoft" {
        return format!("{spec:<14}{url}\n{:14}token {}\n", "", credentials.token);
    }
    format!(
        "{spec:<14}{url}\n{0:14}client_id {1}, client_secret {2}\n{0:14}username {3}, password {4}\n{0:14}token {5}\n",
        "",
        credentials.client_id,
        credentials.client_secret,
        credentials.username,
        credentials.password,
        running.token(),
    )
}

fn say(text: &str) -> Result<(), String> {
    let mut screen = std::io::stdout();
    screen.write_all(text.as_bytes()).and_then(|()| screen.flush()).map_err(|error| error.to_string())
}
