//! Parses the text of a `prumo.toml` into a [`Config`], or into complaints.
//!
//! | key | value | used by |
//! |---|---|---|
//! | `specs` | the folder of `<name>.yaml`, its parts and waivers | every verb that takes a spec by name |
//! | `fixtures` | the folder of recorded exchanges | `judge`, `nightly`, `new-vendor`, `new-operation` |
//! | `generated` | the folder of the clients; optional | `generate`, `nightly` |
//! | `every_client` | the folder of a crate with a table of every client; optional | `generate` |
//! | `out` | the folder of reports | `nightly` |
//! | `history` | the file of all nights; by default `history.sqlite` in `out` | `nightly`, `history` |
//! | `redact_key` | a file outside of the repository with the key of the redaction; optional | `redact`, `call` |
//! | `runtime` | how a generated manifest gets `prumo-runtime`: `version`, `path`, or `git` with `rev`, `tag` or `branch` | `generate` |
//! | `[vendor.<name>] base_url` | where the API is: a URL, or `env:VARIABLE` | `call` |
//! | `[vendor.<name>] credentials` | `env:PREFIX`, or `{ command = "…" }`, which prints `name=value` lines | `call` |
//! | `[vendor.<name>] traffic` | patterns of files with recorded exchanges | `judge`, `nightly` |
//! | `[vendor.<name>] probe` | `budget`, a number of requests, `seconds` for all of them, and the `writes` that may be sent | `probe`, `nightly` |
//! | `[vendor.<name>.rename]` | `operations`, `types`, `fields`, `values`: a part of the client and its Rust name | `generate`, `lint` |
//! | `[vendor.<name>] docs` | the addresses of the vendor's pages, https | `docs fetch`, `docs lock`, `nightly` |
//! | `[[step]] name`, `run` | an additional command of the project | `nightly` |
//!
//! A key of a planned verb is checked, too.

use std::collections::BTreeMap;
use std::path::{Component, PathBuf};

use prumo_codegen::{Rename, Renamed, Revision, RuntimeSource};
use prumo_spec::complaint::Complaint;
use toml::de::{DeTable, DeValue};

use super::reader::{Located, Place, Reader, Table};

/// The top-level keys of the file.
const KEYS: [&str; 10] = [
    "specs",
    "fixtures",
    "generated",
    "every_client",
    "out",
    "history",
    "redact_key",
    "runtime",
    "vendor",
    "step",
];

/// The names of `nightly`'s own steps.
const BUILT_IN_STEPS: [&str; 7] =
    ["lint", "generated", "fixtures", "traffic", "docs", "probes", "waivers"];

/// The content of a `prumo.toml`.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) specs: Located<PathBuf>,
    pub(super) fixtures: Located<PathBuf>,
    pub(super) generated: Option<PathBuf>,
    pub(super) every_client: Option<PathBuf>,
    pub(super) out: PathBuf,
    pub(super) history: Option<PathBuf>,
    pub(super) redact_key: Option<PathBuf>,
    pub(super) runtime: Located<RuntimeSource>,
    pub(super) vendors: BTreeMap<String, Located<Vendor>>,
    pub(super) steps: Vec<Step>,
}

/// A project's settings for one vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vendor {
    /// The URL of the API, if the spec does not have it.
    pub base_url: Option<BaseUrl>,
    /// The source of credentials, if not variables that are named after the spec.
    pub credentials: Option<Credentials>,
    /// Patterns of files with recorded exchanges, relative to the project's root.
    pub traffic: Vec<String>,
    /// Limits for calls to the live vendor.
    pub probe: Option<Probe>,
    /// The vendor's pages.
    pub docs: Vec<String>,
    /// Names for parts of the client.
    pub renames: Vec<LocatedRename>,
}

/// A name for a part of a client, and its place in `prumo.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedRename {
    /// The part and its name.
    pub rename: Rename,
    pub(super) place: Place,
}

/// The URL of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrl {
    /// The name of the environment variable that holds it.
    Env(String),
    /// The URL itself.
    Url(String),
}

/// The source of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Variables whose names start with this prefix.
    Env(String),
    /// From the lines `name=value` that a command prints.
    Command(String),
}

/// Limits for calls to a live vendor in one night.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// The maximum number of requests, logins included, if there is one.
    pub budget: Option<u64>,
    /// The time for all requests in seconds, if there is a limit.
    pub seconds: Option<u64>,
    /// Operations that may be called although they change something.
    pub writes: Vec<String>,
}

/// A command that a night runs after the built-in steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The step's name in the report.
    pub name: String,
    /// The command line, for the shell.
    pub run: String,
}

impl Config {
    /// Reads the text of `file`.
    ///
    /// # Errors
    ///
    /// The list of all faults of the text.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, Vec<Complaint>> {
        let mut reader = Reader::new(file, text);
        let config = reader.parse().map(|members| config(&mut reader, &members));
        match config {
            Some(config) if reader.complaints.is_empty() => Ok(config),
            _ => {
                reader.complaints.sort_by_key(|one| (one.line, one.column));
                Err(reader.complaints)
            }
        }
    }
}

fn config(reader: &mut Reader<'_>, members: &DeTable<'_>) -> Config {
    let table = Table { members, place: Place::default() };
    reader.only(&table, &KEYS);
    let mut folder = |key: &str| folder(reader, &table, key);
    let or = |found: Option<Located<PathBuf>>, default: &str| {
        found.unwrap_or_else(|| default_of(default))
    };
    let (specs, fixtures) = (or(folder("specs"), "specs"), or(folder("fixtures"), "fixtures"));
    let generated = folder("generated").map(|folder| folder.value);
    let every_client = folder("every_client").map(|folder| folder.value);
    let out = or(folder("out"), "target/prumo").value;
    let history = reader.text(&table, "history").map(|file| PathBuf::from(file.value));
    let redact_key = redact_key(reader, &table);
    let runtime = runtime(reader, &table);
    let vendors = vendors(reader, &table);
    let steps = steps(reader, &table);
    Config {
        specs,
        fixtures,
        generated,
        every_client,
        out,
        history,
        redact_key,
        runtime,
        vendors,
        steps,
    }
}

/// Returns a folder of the project.
fn folder(reader: &mut Reader<'_>, table: &Table<'_>, key: &str) -> Option<Located<PathBuf>> {
    let folder = reader.text(table, key)?.map(PathBuf::from);
    let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !folder.value.components().all(is_inside) {
        let message = format!("`{}` leads out of the project", folder.value.display());
        reader.complain(&folder.place, &message, "name a folder below this file, without `..`");
    }
    Some(folder)
}

/// Returns the file with the key of the redaction.
fn redact_key(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<PathBuf> {
    let file = reader.text(table, "redact_key")?.map(PathBuf::from);
    let leads_out = |part: Component<'_>| !matches!(part, Component::Normal(_) | Component::CurDir);
    let is_outside = file.value.components().next().is_some_and(leads_out);
    if !is_outside && !file.value.starts_with("~") {
        let message = format!("`{}` is in the project", file.value.display());
        let hint = "keep the key outside of the repository, as in `~/.config/prumo/redact.key`";
        reader.complain(&file.place, &message, hint);
    }
    Some(file.value)
}

fn default_of(folder: &str) -> Located<PathBuf> {
    Located {
        value: PathBuf::from(folder),
        place: Place { key: folder.to_owned(), ..Place::default() },
    }
}

fn runtime(reader: &mut Reader<'_>, table: &Table<'_>) -> Located<RuntimeSource> {
    const HINT: &str =
        "write `runtime = { version = \"0.1\" }`, or `path` or `git` in place of `version`";
    let Some(table) = reader.table(table, "runtime", HINT) else { return Located::default() };
    reader.only(&table, &["version", "path", "git", "rev", "tag", "branch"]);
    let version = reader.text(&table, "version").map(|text| text.map(RuntimeSource::Version));
    let path = reader.text(&table, "path").map(|text| text.map(RuntimeSource::Path));
    let git = reader.text(&table, "git");
    let revision = revision(reader, &table, git.is_some());
    let git = git.map(|url| url.map(|url| RuntimeSource::Git(url, revision)));
    let n_sources = [&version, &path, &git].into_iter().flatten().count();
    if n_sources > 1 {
        reader.complain(&table.place, "more than one source of the runtime", HINT);
    } else if table.members.is_empty() {
        reader.complain(&table.place, "an empty table", HINT);
    }
    version.or(path).or(git).unwrap_or_default()
}

/// Returns the revision of the Git repository: its default branch unless the table names another.
fn revision(reader: &mut Reader<'_>, table: &Table<'_>, is_git: bool) -> Revision {
    const HINT: &str =
        "write `runtime = { git = \"…\", rev = \"…\" }`, or `tag` or `branch` in place of `rev`";
    type Make = fn(String) -> Revision;
    let kinds: [(&str, Make); 3] =
        [("rev", Revision::Rev), ("tag", Revision::Tag), ("branch", Revision::Branch)];
    let mut found = Revision::Head;
    for (key, revision) in kinds {
        let Some(Located { value, place }) = reader.text(table, key) else { continue };
        if !is_git {
            reader.complain(&place, "a revision without `git`", HINT);
        } else if found != Revision::Head {
            reader.complain(&place, "a second revision", HINT);
        }
        found = revision(value);
    }
    found
}

fn vendors(reader: &mut Reader<'_>, table: &Table<'_>) -> BTreeMap<String, Located<Vendor>> {
    const HINT: &str = "write a table for each vendor, `[vendor.alfa]`";
    let Some(table) = reader.table(table, "vendor", HINT) else { return BTreeMap::new() };
    let mut vendors = BTreeMap::new();
    for name in table.members.keys() {
        let Some(of_it) = reader.table(&table, name.get_ref(), HINT) else { continue };
        let place = reader.place_of(&table, name);
        vendors
            .insert(name.get_ref().to_string(), Located { value: vendor(reader, &of_it), place });
    }
    vendors
}

fn vendor(reader: &mut Reader<'_>, table: &Table<'_>) -> Vendor {
    reader.only(table, &["base_url", "credentials", "traffic", "probe", "docs", "rename"]);
    Vendor {
        base_url: base_url(reader, table),
        credentials: credentials(reader, table),
        traffic: traffic(reader, table),
        probe: probe(reader, table),
        docs: reader.texts(table, "docs").into_iter().map(|page| page.value).collect(),
        renames: renames(reader, table),
    }
}

fn renames(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<LocatedRename> {
    const HINT: &str = "write `rename.types = { OldName = \"NewName\" }`";
    let Some(table) = reader.table(table, "rename", HINT) else { return Vec::new() };
    reader.only(&table, &Renamed::ALL.map(Renamed::table));
    let mut renames = Vec::new();
    for kind in Renamed::ALL {
        let Some(of_kind) = reader.table(&table, kind.table(), HINT) else { continue };
        for part in of_kind.members.keys() {
            let part = part.get_ref().to_string();
            let Some(Located { value: name, place }) = reader.text(&of_kind, &part) else {
                continue;
            };
            renames.push(LocatedRename { rename: Rename { kind, part, name }, place });
        }
    }
    renames
}

fn base_url(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<BaseUrl> {
    let Located { value, place } = reader.text(table, "base_url")?;
    if let Some(variable) = value.strip_prefix("env:") {
        return variable_name(reader, &place, variable).map(BaseUrl::Env);
    }
    if value.starts_with("http://") || value.starts_with("https://") {
        return Some(BaseUrl::Url(value));
    }
    let hint = "write `env:VARIABLE`, or a URL that starts with `https://` or `http://`";
    reader.complain(&place, "neither a URL nor a variable", hint);
    None
}

fn credentials(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Credentials> {
    const HINT: &str = "write `env:PREFIX`, or `{ command = \"…\" }`";
    if let Some((DeValue::Table(_), _)) = reader.member(table, "credentials") {
        let table = reader.table(table, "credentials", HINT)?;
        reader.only(&table, &["command"]);
        let command = reader.text(&table, "command")?;
        return Some(Credentials::Command(command.value));
    }
    let Located { value, place } = reader.text(table, "credentials")?;
    match value.strip_prefix("env:") {
        Some(prefix) => variable_name(reader, &place, prefix).map(Credentials::Env),
        None => {
            reader.complain(&place, "neither a prefix of variables nor a command", HINT);
            None
        }
    }
}

fn variable_name(reader: &mut Reader<'_>, place: &Place, name: &str) -> Option<String> {
    let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_name =
        name.starts_with(is_start) && name.chars().all(|c| is_start(c) || c.is_ascii_digit());
    if !is_name {
        let hint = "a name has letters, digits and `_`, as in `env:ALFA_BASE_URL`";
        reader.complain(place, "no name of a variable behind `env:`", hint);
    }
    is_name.then(|| name.to_owned())
}

fn traffic(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<String> {
    let mut patterns = Vec::new();
    for Located { value, place } in reader.texts(table, "traffic") {
        match glob::Pattern::new(&value) {
            Ok(_) => patterns.push(value),
            Err(error) => reader.complain(&place, error.msg, "a pattern is like `inbox/*.ndjson`"),
        }
    }
    patterns
}

fn probe(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Probe> {
    let table = reader.table(table, "probe", "write `probe = { budget = 40, writes = [] }`")?;
    reader.only(&table, &["budget", "seconds", "writes"]);
    let (budget, seconds) = (reader.count(&table, "budget"), reader.count(&table, "seconds"));
    let writes = reader.texts(&table, "writes").into_iter().map(|one| one.value).collect();
    Some(Probe { budget, seconds, writes })
}

fn steps(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Step> {
    const HINT: &str = "write a `[[step]]` with `name = \"…\"` and `run = \"…\"`";
    let mut steps: Vec<Step> = Vec::new();
    for table in reader.tables(table, "step", HINT) {
        reader.only(&table, &["name", "run"]);
        for key in ["name", "run"] {
            if reader.member(&table, key).is_none() {
                reader.complain(&table.place, &format!("a step without `{key}`"), HINT);
            }
        }
        let (name, run) = (reader.text(&table, "name"), reader.text(&table, "run"));
        let (Some(name), Some(run)) = (name, run) else { continue };
        let is_taken = steps.iter().any(|step| step.name == name.value)
            || BUILT_IN_STEPS.contains(&name.value.as_str());
        if is_taken {
            let hint = "give the step another name: a report tells steps apart by it";
            reader.complain(&name.place, &format!("a second step `{}`", name.value), hint);
        }
        steps.push(Step { name: name.value, run: run.value });
    }
    steps
}
