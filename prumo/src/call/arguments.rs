//! Turns the words after the operation's name into parameters and a body.
//!
//! `name=value` is a parameter or, if no parameter has that name, a field of the body. A repeated
//! name makes a list.
//!
//! Invariants:
//!
//! * A credential is never taken from the command line.
//! * A number is sent as it is spelled.
//! * An error names the argument, never its value.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use prumo_drift::exchange::compacted;
use prumo_runtime::{BodyKind, Parameter};
use serde_json::Value;
use serde_json::value::RawValue;

use super::catalogue::{Catalogue, Chosen, Field};
use super::kind::Kind;
use super::spelled::Members;
use prumo_spec::nearest;

/// Maximum size of a body that is read from a file or standard input.
const MAX_BODY_BYTES: u64 = 64 << 20;

/// The arguments of the command line.
pub(crate) struct Words<'w> {
    /// `name=value`.
    pub(crate) pairs: &'w [String],
    /// JSON, `@file` or `-`.
    pub(crate) body: Option<&'w str>,
    /// `name=@path`.
    pub(crate) files: &'w [String],
    /// Whether required fields of the body may be absent, to test the vendor's reaction.
    pub(crate) may_lack_fields: bool,
}

/// The parsed arguments of a call.
pub(crate) struct Arguments {
    /// Parameters with their values, in the order of the words.
    pub(crate) parameters: Vec<(&'static Parameter, Box<RawValue>)>,
    pub(crate) body: Option<Given>,
}

/// A request body.
pub(crate) enum Given {
    /// JSON, and its text with the numbers as they were spelled.
    Json(Value, Box<RawValue>),
    /// A body that is sent unchanged.
    Raw(Vec<u8>),
    /// The members of a form, and its files by field.
    Form(Members, Vec<(String, PathBuf)>),
}

/// The values that words give to one parameter or field.
struct Values<N> {
    key: N,
    is_list: bool,
    /// The JSON text of each word.
    texts: Vec<String>,
}

impl<N> Values<N> {
    fn json(&self) -> serde_json::Result<Box<RawValue>> {
        let text = self.texts.join(",");
        RawValue::from_string(if self.is_list { format!("[{text}]") } else { text })
    }
}

/// Parses the words as arguments of the operation `chosen`.
///
/// # Errors
///
/// A word matches no parameter or field, a value has the wrong type, or something is missing.
pub(crate) fn read(
    catalogue: &Catalogue,
    chosen: Chosen<'_>,
    words: &Words<'_>,
) -> anyhow::Result<Arguments> {
    let fields = catalogue.fields(chosen.drafted);
    let mut parameters: Vec<Values<&'static Parameter>> = Vec::new();
    let mut members: Vec<Values<&str>> = Vec::new();
    for word in words.pairs {
        let (name, text) = word.split_once('=').with_context(|| no_pair(word))?;
        if let Some(index) = chosen.row.parameters.iter().position(|one| one.name == name) {
            let (row, drafted) = (&chosen.row.parameters[index], &chosen.drafted.parameters[index]);
            ensure!(
                !row.secret,
                "`{name}` is a credential: {} `{}`",
                if catalogue.credentials_command().is_some() {
                    "the command prints"
                } else {
                    "set"
                },
                catalogue.credential_name(name)
            );
            let kind = Kind::of(&catalogue.draft, &drafted.schema);
            give(&mut parameters, row, &kind, (name, text))?;
        } else if let Some(field) = fields.iter().find(|field| field.name == name) {
            give(&mut members, name, &field.kind, (name, text))?;
        } else {
            bail!("{}", no_place(chosen, &fields, name));
        }
    }
    let parameters = parameters.into_iter().map(|one| Ok((one.key, one.json()?)));
    let parameters = parameters.collect::<serde_json::Result<Vec<_>>>()?;
    let body = body(chosen, &fields, words, &members)?;
    let mut missing = missing_parameters(chosen, &parameters);
    if !words.may_lack_fields {
        missing.extend(missing_fields(chosen, &fields, body.as_ref()));
    }
    ensure!(
        missing.is_empty(),
        "`{}` needs {}\n  hint: `--describe` shows what each is",
        chosen.row.id,
        missing.join(", ")
    );
    Ok(Arguments { parameters, body })
}

/// Explains that a word lacks its `=`. The word may be a secret value, so it is not shown.
fn no_pair(word: &str) -> String {
    match word.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        true => format!("`{word}` is no `name=value`"),
        false => "an argument is no `name=value`".to_owned(),
    }
}

/// Adds the value of a word to those that are already given.
fn give<N: PartialEq>(
    given: &mut Vec<Values<N>>,
    key: N,
    kind: &Kind<'_>,
    (name, word): (&str, &str),
) -> anyhow::Result<()> {
    let text = kind.json(word).with_context(|| format!("`{name}`"))?;
    match given.iter_mut().find(|one| one.key == key) {
        Some(known) if known.is_list => known.texts.push(text),
        Some(_) => bail!("`{name}` is given twice, and is no list"),
        None => {
            let is_list = matches!(kind, Kind::ListOf(_));
            given.push(Values { key, is_list, texts: vec![text] });
        }
    }
    Ok(())
}

fn no_place(chosen: Chosen<'_>, fields: &[Field<'_>], name: &str) -> String {
    let parameters = chosen.row.parameters.iter().filter(|one| !one.secret).map(|one| one.name);
    let known: Vec<&str> = parameters.chain(fields.iter().map(|field| field.name)).collect();
    let hint = match nearest(name, &known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "it takes none".to_owned(),
        None => format!("it takes {}", known.join(", ")),
    };
    format!("`{}` takes no `{name}`\n  hint: {hint}", chosen.row.id)
}

fn body(
    chosen: Chosen<'_>,
    fields: &[Field<'_>],
    words: &Words<'_>,
    members: &[Values<&str>],
) -> anyhow::Result<Option<Given>> {
    let is_given = words.body.is_some() || !words.files.is_empty() || !members.is_empty();
    let Some(kind) = chosen.row.body else {
        ensure!(!is_given, "`{}` takes no body", chosen.row.id);
        return Ok(None);
    };
    let is_form = matches!(kind, BodyKind::Form | BodyKind::Multipart);
    ensure!(is_form || words.files.is_empty(), "`{}` takes no files", chosen.row.id);
    if !is_given {
        return Ok(None);
    }
    let bytes = words.body.map(bytes_of).transpose()?;
    if matches!(kind, BodyKind::Text | BodyKind::Bytes) {
        return Ok(bytes.map(Given::Raw));
    }
    let bytes = bytes.as_deref().unwrap_or(b"{}");
    let text: Box<RawValue> = serde_json::from_slice(bytes).map_err(no_json)?;
    if members.is_empty() && !is_form {
        return Ok(Some(Given::Json(
            serde_json::from_slice(bytes).map_err(no_json)?,
            compacted(&text),
        )));
    }
    let mut whole = Members::of(&text).context("the body is no JSON object")?;
    for one in members {
        whole.set(one.key.to_owned(), one.json()?);
    }
    if !is_form {
        let text = RawValue::from_string(whole.json())?;
        return Ok(Some(Given::Json(serde_json::from_str(text.get())?, compacted(&text))));
    }
    let files = words
        .files
        .iter()
        .map(|word| file(chosen, fields, word))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Some(Given::Form(whole, files)))
}

/// Returns where a body stops being JSON, never its text.
fn no_json(error: serde_json::Error) -> anyhow::Error {
    let what = match error.is_eof() {
        true => "it ends too early",
        false => "something else is expected there",
    };
    anyhow!("the body is no JSON at line {}, column {}: {what}", error.line(), error.column())
}

/// Returns the JSON itself, the content of `@file`, or standard input for `-`.
fn bytes_of(word: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Reads one byte more than allowed, to detect a body that is too large.
    let most = MAX_BODY_BYTES + 1;
    match (word, word.strip_prefix('@')) {
        ("-", _) => std::io::stdin().take(most).read_to_end(&mut bytes)?,
        (_, Some(path)) => fs_err::File::open(path)?.take(most).read_to_end(&mut bytes)?,
        (_, None) => word.as_bytes().read_to_end(&mut bytes)?,
    };
    ensure!(bytes.len() as u64 <= MAX_BODY_BYTES, "the body is longer than {MAX_BODY_BYTES} bytes");
    Ok(bytes)
}

fn file(chosen: Chosen<'_>, fields: &[Field<'_>], word: &str) -> anyhow::Result<(String, PathBuf)> {
    let pair = word.split_once('=').and_then(|(name, path)| Some((name, path.strip_prefix('@')?)));
    let (name, path) = pair.context("a file is given as `--file name=@path`")?;
    ensure!(fields.iter().any(|field| field.name == name), no_place(chosen, fields, name));
    ensure!(
        Path::new(path).is_file(),
        "`{path}`, the file of `{name}` in `{}`, is no file",
        chosen.row.id
    );
    Ok((name.to_owned(), PathBuf::from(path)))
}

fn missing_parameters(
    chosen: Chosen<'_>,
    given: &[(&'static Parameter, Box<RawValue>)],
) -> Vec<String> {
    let is_open = |one: &&Parameter| one.required && !one.secret;
    let is_given = |one: &Parameter| given.iter().any(|(given, _)| given.name == one.name);
    let missing = chosen.row.parameters.iter().filter(is_open).filter(|one| !is_given(one));
    missing.map(|one| one.name.to_owned()).collect()
}

fn missing_fields(chosen: Chosen<'_>, fields: &[Field<'_>], body: Option<&Given>) -> Vec<String> {
    let is_needed = chosen.drafted.body.as_ref().is_some_and(|body| !body.may_be_absent);
    let has_field = |name: &str| match body {
        Some(Given::Json(Value::Object(members), _)) => members.contains_key(name),
        Some(Given::Form(members, files)) => {
            members.get(name).is_some() || files.iter().any(|(field, _)| field == name)
        }
        Some(_) => true,
        None => false,
    };
    if body.is_none() && !is_needed {
        return Vec::new();
    }
    let missing = fields.iter().filter(|field| field.is_required && !has_field(field.name));
    let mut missing: Vec<String> = missing.map(|field| format!("{} (body)", field.name)).collect();
    if body.is_none() && fields.is_empty() {
        missing.push("--body".to_owned());
    }
    missing
}
