//! Turns the words after the operation's name into parameters and a body.
//!
//! `name=value` is a parameter or, if no parameter has that name, a field of the body. A repeated
//! name makes a list.
//!
//! Invariants:
//!
//! * A credential is never taken from the command line.
//! * An error names the argument, never its value.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use prumo_drift::exchange::compacted;
use prumo_runtime::{BodyKind, Parameter};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::catalogue::{Catalogue, Chosen, Field};
use super::kind::Kind;
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
    /// Parameters with their values, in the spec's order.
    pub(crate) parameters: Vec<(&'static Parameter, Value)>,
    pub(crate) body: Option<Given>,
}

/// A request body.
pub(crate) enum Given {
    /// JSON, and its text with the numbers as they were spelled.
    Json(Value, Box<RawValue>),
    /// A body that is sent unchanged.
    Raw(Vec<u8>),
    /// The members of a form, and its files by field.
    Form(Map<String, Value>, Vec<(String, PathBuf)>),
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
    let mut parameters: Vec<(&'static Parameter, Value)> = Vec::new();
    let mut members = Map::new();
    let mut spelled = Spelled::new();
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
            let value = kind.read(text).with_context(|| format!("`{name}`"))?;
            let known =
                parameters.iter_mut().find(|(one, _)| one.name == name).map(|(_, known)| known);
            match known {
                Some(known) => add(name, &kind, known, value)?,
                None => parameters.push((row, as_list(&kind, value))),
            }
        } else if let Some(field) = fields.iter().find(|field| field.name == name) {
            let value = field.kind.read(text).with_context(|| format!("`{name}`"))?;
            spelled.entry(name.to_owned()).or_default().push(field.kind.spelled(text, &value));
            match members.get_mut(name) {
                Some(known) => add(name, &field.kind, known, value)?,
                None => drop(members.insert(name.to_owned(), as_list(&field.kind, value))),
            }
        } else {
            bail!("{}", no_place(chosen, &fields, name));
        }
    }
    let body = body(chosen, &fields, words, (members, spelled))?;
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

fn as_list(kind: &Kind<'_>, value: Value) -> Value {
    if matches!(kind, Kind::ListOf(_)) { Value::Array(vec![value]) } else { value }
}

fn add(name: &str, kind: &Kind<'_>, known: &mut Value, value: Value) -> anyhow::Result<()> {
    match (kind, known) {
        (Kind::ListOf(_), Value::Array(items)) => items.push(value),
        _ => bail!("`{name}` is given twice, and is no list"),
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
    (members, spelled): (Map<String, Value>, Spelled),
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
    let mut whole: Value = match &bytes {
        Some(bytes) => {
            serde_json::from_slice(bytes).map_err(|error| anyhow::anyhow!("{}", no_json(&error)))?
        }
        None => Value::Object(Map::new()),
    };
    let own_text = bytes.as_deref().filter(|_| members.is_empty());
    if !members.is_empty() || is_form {
        let object = whole.as_object_mut().context("the body is no JSON object")?;
        object.extend(members);
    }
    if !is_form {
        let text = match own_text {
            Some(bytes) => serde_json::from_slice(bytes)?,
            None => as_spelled(&whole, bytes.as_deref(), &spelled)?,
        };
        return Ok(Some(Given::Json(whole, compacted(&text))));
    }
    let files = words
        .files
        .iter()
        .map(|word| file(chosen, fields, word))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let Value::Object(members) = whole else { bail!("the body is no JSON object") };
    Ok(Some(Given::Form(members, files)))
}

/// The JSON texts of the values of each field.
type Spelled = BTreeMap<String, Vec<String>>;

/// Returns the text of an object whose members come from `body` or from words of the command line.
/// Their numbers stay as they are spelled.
fn as_spelled(
    whole: &Value,
    body: Option<&[u8]>,
    words: &Spelled,
) -> anyhow::Result<Box<RawValue>> {
    let own: BTreeMap<String, &RawValue> = match body {
        Some(body) => serde_json::from_slice(body)?,
        None => BTreeMap::new(),
    };
    let mut members = Vec::new();
    for (name, value) in whole.as_object().into_iter().flatten() {
        let text = match (words.get(name), own.get(name)) {
            (Some(items), _)
                if value.is_array() && !items.iter().any(|item| item.starts_with('[')) =>
            {
                format!("[{}]", items.join(","))
            }
            (Some(items), _) => items.concat(),
            (None, Some(raw)) => raw.get().to_owned(),
            (None, None) => value.to_string(),
        };
        members.push(format!("{}:{text}", Value::from(name.as_str())));
    }
    Ok(RawValue::from_string(format!("{{{}}}", members.join(",")))?)
}

/// Returns where a body stops being JSON, never its text.
fn no_json(error: &serde_json::Error) -> String {
    let what = match error.is_eof() {
        true => "it ends too early",
        false => "something else is expected there",
    };
    format!("the body is no JSON at line {}, column {}: {what}", error.line(), error.column())
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

fn missing_parameters(chosen: Chosen<'_>, given: &[(&'static Parameter, Value)]) -> Vec<String> {
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
            members.contains_key(name) || files.iter().any(|(field, _)| field == name)
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
