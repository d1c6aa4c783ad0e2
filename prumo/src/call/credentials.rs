//! Turns a project's setting for a vendor's credentials into a store that calls read from.
//!
//! | `credentials` | the store |
//! |---|---|
//! | `"env:ALFA"`, or left out | the variables `ALFA_TOKEN`, `ALFA_CLIENT_ID`, … |
//! | `{ command = "…" }` | the lines `token=…`, `client_id=…`, … that the command prints |
//!
//! Invariants:
//!
//! * The command runs once, in the project's root, when the first credential is read, so it does
//!   not run for a call that is not sent.
//! * No error contains the command's output. Its standard error is the screen: it may ask for a
//!   passphrase.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use prumo_runtime::{Boxed, CredentialError, Credentials, EnvCredentials, Secret};
use serde_json::Value;

use crate::shell;

/// The length of the shortest text of a login that may be a token; `bearer` is shorter.
const MIN_TOKEN: usize = 8;

/// The credentials of one vendor.
pub(crate) enum Store {
    /// In the environment.
    Env(EnvCredentials),
    /// In the output of a command.
    Command(Printed),
}

/// A store that remembers what it gave, so that a recording can be searched for it.
pub(crate) struct Remembering {
    store: Store,
    given: Given,
}

/// The secrets of a run: those that a store gave, and those that a login returned.
#[derive(Clone, Default)]
pub(crate) struct Given(Arc<Mutex<Vec<Secret>>>);

/// Credentials that a command prints.
pub(crate) struct Printed {
    line: String,
    root: PathBuf,
    found: OnceLock<Result<BTreeMap<String, Secret>, String>>,
}

impl Store {
    /// Returns the store of variables whose names start with `prefix`.
    pub(crate) fn env(prefix: &str) -> Self {
        Self::Env(EnvCredentials::new(prefix))
    }

    /// Returns the store of a command that runs in `root`.
    pub(crate) fn command(line: &str, root: PathBuf) -> Self {
        Self::Command(Printed { line: line.to_owned(), root, found: OnceLock::new() })
    }
}

impl Remembering {
    pub(crate) fn new(store: Store, given: Given) -> Self {
        Self { store, given }
    }
}

impl Given {
    pub(crate) fn add(&self, secret: Secret) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(secret);
    }

    /// Adds every text of the response of a login.
    pub(crate) fn add_login(&self, body: &[u8]) {
        let mut open = vec![serde_json::from_slice::<Value>(body).unwrap_or_default()];
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) if text.len() >= MIN_TOKEN => self.add(Secret::new(text)),
                Value::Array(items) => open.extend(items),
                Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
                _ => (),
            }
        }
    }

    /// Returns the secrets so far.
    pub(crate) fn all(&self) -> Vec<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Credentials for Remembering {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        Box::pin(async move {
            let found = self.store.credential(name).await?;
            found.iter().for_each(|secret| self.given.add(secret.clone()));
            Ok(found)
        })
    }
}

impl Credentials for Store {
    fn credential<'a>(
        &'a self,
        name: &'a str,
    ) -> Boxed<'a, Result<Option<Secret>, CredentialError>> {
        match self {
            Self::Env(variables) => variables.credential(name),
            Self::Command(printed) => Box::pin(std::future::ready(printed.credential(name))),
        }
    }
}

impl Printed {
    fn credential(&self, name: &str) -> Result<Option<Secret>, CredentialError> {
        match self.found.get_or_init(|| self.run()) {
            Ok(found) => Ok(found.get(&name.to_ascii_lowercase()).cloned()),
            Err(error) => Err(error.clone().into()),
        }
    }

    fn run(&self) -> Result<BTreeMap<String, Secret>, String> {
        let mut command = shell::command(&self.line, &self.root);
        let output = command.stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
        let output = output
            .map_err(|error| format!("the command of `credentials` did not start: {error}"))?;
        if !output.status.success() {
            return Err(match output.status.code() {
                Some(code) => format!("the command of `credentials` ended with {code}"),
                None => "the command of `credentials` was stopped by a signal".to_owned(),
            });
        }
        let printed = String::from_utf8(output.stdout);
        read(&printed.map_err(|_| "the command of `credentials` does not print UTF-8".to_owned())?)
    }
}

/// Reads lines `name=value`; skips empty ones and those that start with `#`.
fn read(printed: &str) -> Result<BTreeMap<String, Secret>, String> {
    let mut found = BTreeMap::new();
    for (index, line) in printed.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let is_name =
            |name: &str| name.chars().all(|one| one.is_ascii_alphanumeric() || "_-".contains(one));
        let Some((name, value)) = pair.filter(|(name, _)| !name.is_empty() && is_name(name)) else {
            let line = index + 1;
            return Err(format!("line {line} of the command of `credentials` is not `name=value`"));
        };
        if !value.is_empty() {
            found.insert(name.to_ascii_lowercase(), Secret::new(value));
        }
    }
    if found.is_empty() {
        return Err("the command of `credentials` prints no line `name=value`".to_owned());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_credentials_or_an_error_without_their_text() {
        let cases = [
            ("one", "token=abc", Ok(vec!["token"])),
            (
                "more, with a comment and signs",
                "# x\n\nClient_ID = 7\nbearer=a=b==\r\n",
                Ok(vec!["bearer", "client_id"]),
            ),
            ("an empty value", "token=\nbearer=b", Ok(vec!["bearer"])),
            (
                "a bare value",
                "s3cr3t\n",
                Err("line 1 of the command of `credentials` is not `name=value`"),
            ),
            (
                "a value that looks like a pair",
                "s3 cr3t==",
                Err("line 1 of the command of `credentials` is not `name=value`"),
            ),
            ("no line", "\n", Err("the command of `credentials` prints no line `name=value`")),
        ];
        for (name, printed, expected) in cases {
            let found = read(printed).map(|found| found.into_keys().collect::<Vec<_>>());
            let expected =
                expected.map(|keys| keys.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(found, expected.map_err(str::to_owned), "case `{name}`");
        }
    }
}
