//! Asks for one page and decides what became of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use reqwest::header::{
    ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, Url};

use super::Fate;
use super::cache::Cache;
use super::robots::Robots;

/// The largest page.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The largest `robots.txt`; what is beyond has no effect.
const MAX_ROBOTS: usize = 512 * 1024;

/// The longest time that a host may ask to wait; beyond it the page is left for another day.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// How often a host that is busy is asked again.
const MAX_RETRIES: u32 = 3;

/// How many redirects to the same page are followed.
const MAX_HOPS: usize = 3;

/// The time for one request.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Who asks.
const USER_AGENT: &str = concat!("prumo/", env!("CARGO_PKG_VERSION"), " (reads API docs)");

/// Asks for pages, one at a time.
pub(super) struct Asking {
    http: Client,
    pause: Duration,
    last: Option<Instant>,
    /// The rules of each host, `None` where it could not say them.
    robots: HashMap<String, Option<Robots>>,
}

impl Asking {
    pub(super) fn new(pause: Duration) -> anyhow::Result<Self> {
        let no_redirect = reqwest::redirect::Policy::none();
        let http = Client::builder().redirect(no_redirect).timeout(TIMEOUT).user_agent(USER_AGENT);
        Ok(Self { http: http.build()?, pause, last: None, robots: HashMap::new() })
    }

    /// Asks for a page and keeps it in the cache.
    pub(super) async fn page(&mut self, url: &str, cache: &mut Cache) -> anyhow::Result<Fate> {
        let mut address = match checked(url) {
            Ok(address) => address,
            Err(reason) => return Ok(Fate::Failed(reason)),
        };
        for _ in 0..=MAX_HOPS {
            match self.may_read(&address).await {
                Some(true) => (),
                Some(false) => return Ok(Fate::Closed),
                None => return Ok(Fate::Failed("its robots.txt was not read".to_owned())),
            }
            let answer = match self.ask(&address, validators(url, cache)).await {
                Ok(answer) => answer,
                Err(reason) => return Ok(Fate::Failed(reason)),
            };
            let Some(target) = redirect(&address, &answer) else {
                return settled(url, answer, cache).await;
            };
            if !is_same_page(&address, &target) {
                return Ok(if is_login(&target) {
                    Fate::AsksForLogin
                } else {
                    Fate::Moved(shown(target))
                });
            }
            match checked(target.as_str()) {
                Ok(target) => address = target,
                Err(reason) => return Ok(Fate::Failed(reason)),
            }
        }
        Ok(Fate::Failed("it redirects in a circle".to_owned()))
    }

    async fn may_read(&mut self, address: &Url) -> Option<bool> {
        let origin = address.origin().ascii_serialization();
        if !self.robots.contains_key(&origin) {
            let rules = self.rules(address).await;
            self.robots.insert(origin.clone(), rules);
        }
        let path = match address.query() {
            Some(query) => format!("{}?{query}", address.path()),
            None => address.path().to_owned(),
        };
        self.robots.get(&origin)?.as_ref().map(|robots| robots.allows(&path))
    }

    /// Reads the rules of a host; without a file, everything may be read.
    async fn rules(&mut self, address: &Url) -> Option<Robots> {
        let file = address.join("/robots.txt").ok()?;
        let answer = self.ask(&file, HeaderMap::new()).await.ok()?;
        match answer.status() {
            status if status.is_success() => {
                let bytes = body(answer, MAX_ROBOTS).await.unwrap_or_else(|(_, read)| read);
                Some(Robots::parse(&String::from_utf8_lossy(&bytes)))
            }
            status if status.is_server_error() => None,
            _ => Some(Robots::default()),
        }
    }

    /// Sends a request after the pause, and again while the host is busy.
    async fn ask(&mut self, address: &Url, headers: HeaderMap) -> Result<Response, String> {
        let mut n_retries = 0;
        loop {
            if let Some(last) = self.last {
                tokio::time::sleep(self.pause.saturating_sub(last.elapsed())).await;
            }
            let request = self.http.get(address.clone()).headers(headers.clone());
            let answer = request.send().await;
            self.last = Some(Instant::now());
            let answer = answer.map_err(|error| crate::notify::cause(&error).to_owned())?;
            let status = answer.status();
            let is_busy = status == StatusCode::TOO_MANY_REQUESTS
                || matches!(status.as_u16(), 500 | 502 | 503 | 504);
            if !is_busy {
                return Ok(answer);
            }
            let wait = retry_after(&answer).unwrap_or(self.pause * 2_u32.pow(n_retries));
            if n_retries >= MAX_RETRIES || wait > MAX_WAIT {
                return Err(format!("the host answered {} each time", status.as_u16()));
            }
            tokio::time::sleep(wait).await;
            n_retries += 1;
        }
    }
}

/// Reads an address, which must be https unless it is of this machine.
fn checked(url: &str) -> Result<Url, String> {
    let address = Url::parse(url).map_err(|_| "its address is no URL".to_owned())?;
    let host = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    match address.scheme() {
        "https" => Ok(address),
        "http" if is_here => Ok(address),
        _ => Err("its address is not https".to_owned()),
    }
}

fn validators(url: &str, cache: &Cache) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(entry) = cache.entry(url) else { return headers };
    let mut add = |name, value: &Option<String>| {
        let value = value.as_ref().and_then(|value| value.parse().ok());
        value.map(|value| headers.insert(name, value))
    };
    add(IF_NONE_MATCH, &entry.etag);
    add(IF_MODIFIED_SINCE, &entry.last_modified);
    headers
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

fn redirect(address: &Url, answer: &Response) -> Option<Url> {
    let is_redirect = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let target = answer.headers().get(LOCATION).filter(|_| is_redirect)?;
    address.join(target.to_str().ok()?).ok()
}

/// Tells whether an address is another spelling of the same page.
fn is_same_page(from: &Url, to: &Url) -> bool {
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
        (host, url.path().trim_end_matches('/').to_owned(), url.query().map(str::to_owned))
    };
    bare(from) == bare(to) && from != to
}

fn is_login(to: &Url) -> bool {
    const WORDS: [&str; 8] =
        ["login", "signin", "sign-in", "sign_in", "entrar", "auth", "sso", "oauth"];
    let parts = to.path().split('/').map(|part| part.split('.').next().unwrap_or_default());
    let mut parts = parts.map(str::to_ascii_lowercase);
    parts.any(|part| WORDS.contains(&part.as_str()))
}

/// Returns an address without its query, which may hold a secret.
fn shown(mut url: Url) -> String {
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// Decides by the answer what became of a page, and keeps it if it is one.
async fn settled(url: &str, answer: Response, cache: &mut Cache) -> anyhow::Result<Fate> {
    let status = answer.status().as_u16();
    match status {
        304 => return Ok(Fate::Unchanged),
        404 | 410 => return Ok(Fate::Gone(status)),
        401 | 403 | 407 => return Ok(Fate::AsksForLogin),
        200..300 => (),
        _ => return Ok(Fate::Failed(format!("the host answered {status}"))),
    }
    let header = |name| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
    let said = (header(ETAG), header(LAST_MODIFIED));
    let bytes = match body(answer, MAX_BYTES).await {
        Ok(bytes) => bytes,
        Err((reason, _)) => return Ok(Fate::Failed(reason)),
    };
    let text = String::from_utf8_lossy(&bytes);
    if prumo_pages::read(url, &text).is_err() {
        return Ok(if has_login_form(&text) { Fate::AsksForLogin } else { Fate::Empty });
    }
    cache.put(url, &text, said)?;
    Ok(Fate::Fetched)
}

fn has_login_form(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["type=\"password\"", "type='password'", "type=password"].iter().any(|form| text.contains(form))
}

/// Reads a body up to a size; beyond it, returns the reason and what was read.
async fn body(mut answer: Response, most: usize) -> Result<Vec<u8>, (String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(bytes),
            Ok(Some(chunk)) if bytes.len() + chunk.len() > most => {
                return Err((format!("it has more than {most} bytes"), bytes));
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Err(error) => return Err((crate::notify::cause(&error).to_owned(), bytes)),
        }
    }
}
