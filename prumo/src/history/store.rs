//! Keeps the nights of a project in one SQLite file.
//!
//! Invariants:
//!
//! * A night is written in one transaction, so the file is whole after a kill at any time.
//! * The file knows the version of its schema. An older one is brought up to date when it is opened; a
//!   newer one is refused.
//! * No vendor's value is in it: findings, counts, and contracts of what was observed.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use prumo_drift::Finding;
use prumo_drift::compare::Presence;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

/// The steps from one version of the schema to the next; the last one is the current version.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE night (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        host TEXT NOT NULL,
        revision TEXT,
        verdict TEXT NOT NULL,
        line TEXT NOT NULL,
        is_live INTEGER NOT NULL,
        counts TEXT NOT NULL,
        live BLOB NOT NULL
    );
    CREATE TABLE finding (
        night INTEGER NOT NULL REFERENCES night (id) ON DELETE CASCADE,
        since TEXT NOT NULL,
        is_live INTEGER NOT NULL,
        is_carried INTEGER NOT NULL,
        body TEXT NOT NULL
    );
    CREATE INDEX finding_night ON finding (night);
    CREATE TABLE contract (
        night INTEGER NOT NULL REFERENCES night (id) ON DELETE CASCADE,
        body BLOB NOT NULL
    );
    CREATE TABLE probe (
        night INTEGER NOT NULL REFERENCES night (id) ON DELETE CASCADE,
        spec TEXT NOT NULL,
        operation TEXT NOT NULL,
        outcome TEXT NOT NULL,
        is_asked INTEGER NOT NULL
    );
    CREATE INDEX probe_operation ON probe (spec, operation);
"];

/// The longest time to wait for another process that writes, in milliseconds.
const MAX_WAIT_MS: u64 = 10_000;

/// The file of a project's nights.
pub(crate) struct Store {
    db: Connection,
}

/// One night, as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Night {
    pub(crate) id: i64,
    /// When it ended, in UTC.
    pub(crate) at: String,
    pub(crate) host: String,
    /// The commit of the project, if it is known.
    pub(crate) commit: Option<String>,
    pub(crate) verdict: String,
    /// The last line.
    pub(crate) line: String,
    /// Whether a live source was judged.
    pub(crate) is_live: bool,
    pub(crate) counts: Counts,
}

/// The numbers of a night.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    pub(crate) breaking: u64,
    pub(crate) risky: u64,
    pub(crate) compatible: u64,
    pub(crate) waived: u64,
    pub(crate) exchanges: u64,
    /// The operations that were seen.
    pub(crate) operations: u64,
    pub(crate) new: usize,
    pub(crate) gone: usize,
    pub(crate) worse: usize,
    pub(crate) vanished: usize,
}

/// The observations of the live sources in one night.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Live {
    /// The number of exchanges of each operation, by spec and operation.
    pub(crate) operations: BTreeMap<String, BTreeMap<String, u64>>,
    /// The members of the responses, by spec.
    pub(crate) members: BTreeMap<String, Vec<Presence>>,
}

/// A finding of a night, and the night in which it was first there without a break.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dated {
    pub(crate) since: String,
    /// Whether a live source showed it.
    pub(crate) is_live: bool,
    /// Whether it is one of an earlier night whose operation was not seen since.
    pub(crate) is_carried: bool,
    pub(crate) finding: Finding,
}

/// A night to keep.
pub(crate) struct Entry<'e> {
    /// Its `id` is chosen by the store.
    pub(crate) night: Night,
    pub(crate) findings: Vec<Dated>,
    pub(crate) live: Live,
    /// The text of a contract file with what live sources showed.
    pub(crate) contract: Option<&'e str>,
    /// The spec, operation and outcome of each probe, and whether it was asked.
    pub(crate) probes: Vec<(String, String, &'static str, bool)>,
}

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// It is no history, or one of a newer version.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder)?;
        }
        let hint = "move it away, or name another file as `history` in `prumo.toml`";
        let open = || -> rusqlite::Result<Connection> {
            let db = Connection::open(path)?;
            db.busy_timeout(std::time::Duration::from_millis(MAX_WAIT_MS))?;
            db.pragma_update(None, "foreign_keys", true)?;
            Ok(db)
        };
        let mut db = open().with_context(|| {
            format!("failed to open the history `{}`\n  hint: {hint}", path.display())
        })?;
        migrate(&mut db, path).with_context(|| {
            format!("`{}` is no history of prumo\n  hint: {hint}", path.display())
        })??;
        Ok(Self { db })
    }

    /// Adds a night.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub(crate) fn add(&mut self, entry: &Entry<'_>) -> anyhow::Result<i64> {
        let Entry { night, findings, live, contract, probes } = entry;
        let change = self.db.transaction()?;
        change.execute(
            "INSERT INTO night (at, host, revision, verdict, line, is_live, counts, live)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                night.at,
                night.host,
                night.commit,
                night.verdict,
                night.line,
                night.is_live,
                serde_json::to_string(&night.counts)?,
                packed(&serde_json::to_vec(live)?)?,
            ],
        )?;
        let id = change.last_insert_rowid();
        for Dated { since, is_live, is_carried, finding } in findings {
            let body = serde_json::to_string(finding)?;
            change.execute(
                "INSERT INTO finding (night, since, is_live, is_carried, body)
                 VALUES (?, ?, ?, ?, ?)",
                params![id, since, is_live, is_carried, body],
            )?;
        }
        if let Some(text) = contract {
            let body = packed(text.as_bytes())?;
            change
                .execute("INSERT INTO contract (night, body) VALUES (?, ?)", params![id, body])?;
        }
        for (spec, operation, outcome, is_asked) in probes {
            change.execute(
                "INSERT INTO probe (night, spec, operation, outcome, is_asked)
                 VALUES (?, ?, ?, ?, ?)",
                params![id, spec, operation, outcome, is_asked],
            )?;
        }
        change.commit()?;
        Ok(id)
    }

    /// Lists the last nights, the newest first.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub(crate) fn nights(&self, limit: usize) -> anyhow::Result<Vec<Night>> {
        let mut query = self.db.prepare(
            "SELECT id, at, host, revision, verdict, line, is_live, counts FROM night
             ORDER BY id DESC LIMIT ?",
        )?;
        let nights = query.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], night)?;
        Ok(nights.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the findings of a night.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub(crate) fn findings(&self, night: i64) -> anyhow::Result<Vec<Dated>> {
        let mut query = self.db.prepare(
            "SELECT since, is_live, is_carried, body FROM finding WHERE night = ? ORDER BY rowid",
        )?;
        let rows = query.query_map([night], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?))
        })?;
        let mut findings = Vec::new();
        for row in rows {
            let (since, is_live, is_carried, body) = row?;
            let finding = serde_json::from_str(&body)?;
            findings.push(Dated { since, is_live, is_carried, finding });
        }
        Ok(findings)
    }

    /// Returns what live sources showed in a night.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub(crate) fn live(&self, night: i64) -> anyhow::Result<Live> {
        let query = "SELECT live FROM night WHERE id = ?";
        let body: Option<Vec<u8>> =
            self.db.query_row(query, [night], |row| row.get(0)).optional()?;
        Ok(match body {
            Some(body) => serde_json::from_slice(&unpacked(&body)?)?,
            None => Live::default(),
        })
    }

    /// Returns the text of the contract file of a night, if there is one.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub(crate) fn contract(&self, night: i64) -> anyhow::Result<Option<String>> {
        let query = "SELECT body FROM contract WHERE night = ?";
        let body: Option<Vec<u8>> =
            self.db.query_row(query, [night], |row| row.get(0)).optional()?;
        body.map(|body| Ok(String::from_utf8(unpacked(&body)?)?)).transpose()
    }

    /// Lists the operations of each spec that were ever asked, the one asked longest ago first. Those
    /// with a finding of the last night are left out, so that they are asked as if for the first time.
    ///
    /// # Errors
    ///
    /// The file can't be read.
    pub(crate) fn asked(&self) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
        let mut query = self.db.prepare(
            "SELECT spec, operation FROM probe WHERE is_asked
             GROUP BY spec, operation ORDER BY max(night), min(rowid)",
        )?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let open = match self.nights(1)?.first() {
            Some(last) => self.findings(last.id)?,
            None => Vec::new(),
        };
        let is_open = |spec: &str, operation: &str| {
            let live = open.iter().filter(|one| one.is_live).map(|one| &one.finding);
            live.filter(|one| one.spec == spec)
                .any(|one| one.operation.as_deref() == Some(operation))
        };
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows {
            let (spec, operation): (String, String) = row?;
            if !is_open(&spec, &operation) {
                asked.entry(spec).or_default().push(operation);
            }
        }
        Ok(asked)
    }
}

/// Brings the schema up to date. The outer error says that the file is no database.
fn migrate(db: &mut Connection, path: &Path) -> rusqlite::Result<anyhow::Result<()>> {
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let steps = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..));
    let Some(steps) = steps else {
        let known = MIGRATIONS.len();
        return Ok(Err(anyhow::anyhow!(
            "`{}` has version {version} of the history; this program knows {known}\n  \
             hint: use the newer prumo that wrote it",
            path.display()
        )));
    };
    for step in steps {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(0))?;
    change.commit()?;
    Ok(Ok(()))
}

fn night(row: &Row<'_>) -> rusqlite::Result<Night> {
    let counts: String = row.get(7)?;
    Ok(Night {
        id: row.get(0)?,
        at: row.get(1)?,
        host: row.get(2)?,
        commit: row.get(3)?,
        verdict: row.get(4)?,
        line: row.get(5)?,
        is_live: row.get(6)?,
        counts: serde_json::from_str(&counts).unwrap_or_default(),
    })
}

fn packed(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The largest unpacked value.
const MAX_BYTES: u64 = 256 << 20;

fn unpacked(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).take(MAX_BYTES + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        bail!("a value of the history is larger than {MAX_BYTES} bytes");
    }
    Ok(text)
}
