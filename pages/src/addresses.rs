//! Decides from the blocks of a page which operations it documents, and where each one begins.
//!
//! A page names an operation several times: by its route, its whole address, and commands of
//! examples. They contradict each other where somebody copied a line. A command outranks an
//! address, because it names the method too.

use std::collections::BTreeMap;

use crate::block::Block;
use crate::curl::{self, Curl};
use crate::draft::Draft;
use crate::plain::{folded, plain};
use crate::route::{self, Route};
use crate::words::ADDRESS;

/// The operations of a page, in order.
pub(crate) struct Operations {
    pub(crate) drafts: Vec<Draft>,
    /// The block from which on a page speaks of some operations only.
    pub(crate) starts: BTreeMap<usize, Vec<usize>>,
}

/// A place that names an address, a method, or both.
struct Mention {
    block: usize,
    line: usize,
    method: Option<String>,
    route: Option<Route>,
    source: Source,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Curl,
    /// `GET /users`.
    Definition,
    /// An address on a line of its own.
    Address,
    /// A method that is set apart: a heading, or after the label `Método`.
    Label,
    /// A method within a sentence.
    Sentence,
}

/// Finds the operations of a page.
pub(crate) fn operations(blocks: &[Block]) -> Operations {
    let mentions = mentions(blocks);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut firsts: Vec<(usize, Source)> = Vec::new();
    for mention in &mentions {
        let explicit = [Source::Curl, Source::Definition].contains(&mention.source);
        if let (true, Some(method), Some(route)) = (explicit, &mention.method, &mention.route) {
            add(&mut drafts, &mut firsts, method, route, mention);
        }
    }
    let n_explicit = drafts.len();
    for mention in addresses(&mentions) {
        let Some(route) = &mention.route else { continue };
        let mut same =
            drafts.iter_mut().filter(|draft| route::key(&draft.path) == route::key(&route.path));
        let mut is_known = false;
        for draft in same.by_ref() {
            is_known = true;
            if Route::variables(&route.path).count() > Route::variables(&draft.path).count() {
                draft.path.clone_from(&route.path);
            }
            route.query.iter().for_each(|(name, _)| draft.query(name, mention.line));
        }
        if is_known {
            continue;
        }
        if let Some(at) = slip(&drafts[..n_explicit], route, &mentions) {
            outvote(&mut drafts[at], route, &mentions);
            continue;
        }
        for method in methods(&mentions, mention) {
            add(&mut drafts, &mut firsts, &method, route, mention);
        }
    }
    let starts = starts(blocks, &mentions, &drafts, &firsts);
    Operations { drafts, starts }
}

fn add(
    drafts: &mut Vec<Draft>,
    firsts: &mut Vec<(usize, Source)>,
    method: &str,
    route: &Route,
    mention: &Mention,
) {
    let key = route::key(&route.path);
    let found = drafts.iter().position(|one| one.method == method && route::key(&one.path) == key);
    let at = found.unwrap_or_else(|| {
        drafts.push(Draft::new(method, &route.path, mention.line));
        firsts.push((mention.block, mention.source));
        drafts.len() - 1
    });
    let draft = &mut drafts[at];
    if Route::variables(&route.path).count() > Route::variables(&draft.path).count() {
        draft.path.clone_from(&route.path);
    }
    for (name, _) in &route.query {
        draft.query(name, mention.line);
    }
}

/// Returns the addresses that are no beginnings of others.
fn addresses(mentions: &[Mention]) -> Vec<&Mention> {
    let all: Vec<&Mention> = mentions.iter().filter(|one| one.source == Source::Address).collect();
    let path = |mention: &Mention| mention.route.as_ref().map(|route| route.path.clone());
    let is_beginning = |one: &Mention| {
        let is_whole = one.route.as_ref().is_some_and(|route| route.is_whole);
        let beginning = format!("{}/", path(one).unwrap_or_default());
        let mut longer = mentions.iter().filter_map(path);
        !is_whole && longer.any(|other| other.starts_with(&beginning))
    };
    all.into_iter().filter(|one| !is_beginning(one)).collect()
}

/// Returns the operation that an address and a command spell differently: the page has one address
/// and one command, and they differ in one segment, or one is the beginning of the other.
fn slip(explicit: &[Draft], route: &Route, mentions: &[Mention]) -> Option<usize> {
    let mut keys: Vec<String> = mentions
        .iter()
        .filter(|one| one.source == Source::Address)
        .filter_map(|one| one.route.as_ref().filter(|route| route.is_whole))
        .map(|route| route::key(&route.path))
        .collect();
    keys.sort();
    keys.dedup();
    if keys.len() > explicit.len() {
        return None;
    }
    let segments: Vec<&str> = route.path.split('/').skip(1).collect();
    explicit.iter().position(|draft| {
        let other: Vec<&str> = draft.path.split('/').skip(1).collect();
        let shared = segments.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let is_near = segments.len() == other.len()
            && segments.iter().zip(&other).filter(|(a, b)| a != b).count() == 1;
        let (short, long) = (segments.len().min(other.len()), segments.len().max(other.len()));
        let ending = segments.iter().rev().zip(other.iter().rev());
        let shared_ending = ending.take_while(|(a, b)| a == b).count();
        let has_one_more = long == short + 1 && shared + shared_ending >= short;
        let is_near = is_near && short > 1 && (shared > 0 || shared_ending > 0);
        is_near || has_one_more || shared == short
    })
}

/// Gives an operation the other spelling of its address if the page has it more often.
fn outvote(draft: &mut Draft, route: &Route, mentions: &[Mention]) {
    let votes = |path: &str| {
        let key = route::key(path);
        let is_same =
            |one: &&Mention| one.route.as_ref().is_some_and(|r| route::key(&r.path) == key);
        mentions.iter().filter(is_same).count()
    };
    let is_longer = route.path.split('/').count() >= draft.path.split('/').count();
    if is_longer && votes(&route.path) > votes(&draft.path) {
        draft.other_path = Some(std::mem::replace(&mut draft.path, route.path.clone()));
    }
}

/// Returns the methods of an address: those that are set apart, or else the nearest one.
fn methods(mentions: &[Mention], address: &Mention) -> Vec<String> {
    if let Some(method) = &address.method {
        return vec![method.clone()];
    }
    let n_addresses = addresses(mentions).len();
    let of = |source: Source| -> Vec<&Mention> {
        mentions.iter().filter(|one| one.source == source && one.method.is_some()).collect()
    };
    for source in [Source::Label, Source::Sentence] {
        let found = of(source);
        let name = |mention: &&Mention| mention.method.clone();
        if n_addresses == 1 && source == Source::Label && !found.is_empty() {
            let mut names: Vec<String> = found.iter().filter_map(name).collect();
            let mut seen = Vec::new();
            names.retain(|one| {
                !seen.contains(one) && {
                    seen.push(one.clone());
                    true
                }
            });
            return names;
        }
        // The label stands after the address on help pages, and before it elsewhere.
        let after = found.iter().find(|one| one.block >= address.block).and_then(name);
        let before = found.iter().rev().find(|one| one.block <= address.block).and_then(name);
        if let Some(method) = after.or(before) {
            return vec![method];
        }
    }
    vec!["GET".to_owned()]
}

/// Returns where the page begins to speak of an operation, if it has several.
fn starts(
    blocks: &[Block],
    mentions: &[Mention],
    drafts: &[Draft],
    firsts: &[(usize, Source)],
) -> BTreeMap<usize, Vec<usize>> {
    let mut starts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    if drafts.len() < 2 {
        return starts;
    }
    let heading_before = |block: usize| {
        blocks[..=block]
            .iter()
            .rposition(|one| matches!(one, Block::Heading { level, .. } if *level > 0))
    };
    let mut by_block: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (n, (block, _)) in firsts.iter().enumerate() {
        by_block.entry(heading_before(*block)).or_default().push(n);
    }
    let is_sectioned = by_block.len() == drafts.len();
    for (n, (block, source)) in firsts.iter().enumerate() {
        if is_sectioned {
            starts.entry(heading_before(*block).unwrap_or(0)).or_default().push(n);
        } else if *source != Source::Curl {
            starts.entry(*block).or_default().push(n);
        }
    }
    // `**GET**` and `**POST**` as headings of one address.
    for mention in mentions.iter().filter(|one| one.source == Source::Label && !is_sectioned) {
        let of_method =
            (0..drafts.len()).filter(|n| Some(&drafts[*n].method) == mention.method.as_ref());
        let of_method: Vec<usize> = of_method.collect();
        if !of_method.is_empty() && of_method.len() < drafts.len() {
            starts.insert(mention.block, of_method);
        }
    }
    starts
}

fn mentions(blocks: &[Block]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut label = String::new();
    for (n, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading { text, line, .. } => {
                mentions.extend(of_text(text, *line, n, &label, true));
                label = folded(text);
            }
            Block::Paragraph { text, line } => {
                for (k, one) in text.lines().enumerate() {
                    mentions.extend(of_text(one, line + k, n, &label, false));
                    if !one.trim().is_empty() {
                        label = folded(one);
                    }
                }
                label = folded(text);
            }
            Block::Items(items) => {
                for item in items {
                    mentions.extend(of_text(&item.text, item.line, n, &label, false));
                }
                label = items.last().map(|item| folded(&item.text)).unwrap_or_default();
            }
            Block::Code { text, origin } => {
                for (at, command) in commands(text) {
                    mentions.extend(of_command(&command, origin.line(at), n));
                }
                for (k, line) in text.lines().enumerate() {
                    mentions.extend(of_code_line(line, origin.line(k), n, &label));
                }
            }
            Block::Table(_) | Block::Entries(_) => (),
        }
    }
    mentions
}

/// Returns the `curl` commands of a code block, each with its first line counted from 0.
pub(crate) fn commands(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (n, line) in text.lines().enumerate() {
        let trimmed = line.trim_start().trim_start_matches("$ ");
        if trimmed.starts_with("curl ") || trimmed == "curl" {
            found.push((n, trimmed.to_owned()));
            is_open = true;
        } else if let Some((_, command)) = found.last_mut().filter(|_| is_open) {
            // Without a quote that is open, a blank line ends the command.
            let is_quoted = command.matches('\'').count() % 2 == 1;
            is_open = is_quoted || !trimmed.is_empty();
            command.push('\n');
            command.push_str(line);
        }
    }
    found
}

fn of_command(command: &str, line: usize, block: usize) -> Option<Mention> {
    let Curl { method, url, .. } = curl::read(command)?;
    let route = Route::parse(&url)?;
    Some(Mention { block, line, method: Some(method), route: Some(route), source: Source::Curl })
}

fn of_code_line(line: &str, number: usize, block: usize, label: &str) -> Option<Mention> {
    let text = line.trim();
    if text.starts_with(['{', '"', '}', '[']) || text.starts_with("curl") {
        return None;
    }
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let (method, address) = match route::method(first) {
        Some(method) => (Some(method.to_owned()), words.next()?),
        None => (None, first),
    };
    let is_alone = words.next().is_none_or(|rest| rest.starts_with("HTTP/"));
    let route = Route::parse(address).filter(|_| is_alone)?;
    if method.is_some() {
        let source = Source::Definition;
        return Some(Mention { block, line: number, method, route: Some(route), source });
    }
    is_api(&route, label).then_some(Mention {
        block,
        line: number,
        method: None,
        route: Some(route),
        source: Source::Address,
    })
}

/// Tells whether an address on its own line is one of the API, not of a page elsewhere.
fn is_api(route: &Route, label: &str) -> bool {
    let path = route.path.to_lowercase();
    let is_page = [".html", ".htm", ".asp", ".php", ".png", ".jpg", ".pdf"]
        .iter()
        .any(|end| path.ends_with(end));
    let is_labelled = ADDRESS.iter().any(|word| label.contains(word));
    let is_versioned = path.split('/').any(|one| {
        one == "api"
            || one
                .strip_prefix('v')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    !is_page && (is_labelled || is_versioned)
}

fn of_text(
    text: &str,
    line: usize,
    block: usize,
    label: &str,
    is_heading: bool,
) -> Option<Mention> {
    let text = plain(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mention = |method: Option<&str>, route: Option<Route>, source: Source| {
        Some(Mention { block, line, method: method.map(str::to_owned), route, source })
    };
    // `GET /users`, also behind a number or name.
    for pair in words.windows(2) {
        let method = route::method(pair[0].trim_matches(|c: char| !c.is_ascii_alphabetic()));
        let address = pair[1].trim_end_matches(['.', ':', ')']);
        let route = Route::parse(address).filter(|_| address.contains('/') && words.len() <= 6);
        if let (Some(method), Some(route)) = (method, route) {
            return mention(Some(method), Some(route), Source::Definition);
        }
    }
    let last = words.last().copied().unwrap_or_default();
    let is_address_line = words.len() == 1 || (words.len() == 2 && words[0].ends_with(':'));
    if let Some(route) = Route::parse(last).filter(|route| is_address_line && is_api(route, label))
    {
        return mention(None, Some(route), Source::Address);
    }
    let methods = || {
        words
            .iter()
            .filter_map(|word| route::method(word.trim_matches(|c: char| !c.is_ascii_uppercase())))
    };
    let is_short = words.len() <= 3;
    let is_labelled = label.starts_with("metodo")
        || label.starts_with("method")
        || folded(&text).starts_with("metodo");
    if let Some(method) = methods().next() {
        let is_set_apart = is_short && (is_heading || words.len() == 1 || is_labelled);
        return mention(
            Some(method),
            None,
            if is_set_apart { Source::Label } else { Source::Sentence },
        );
    }
    None
}
