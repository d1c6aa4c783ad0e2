//! Retypes every recorded request of every operation as a command line, and compares the result.

use std::collections::BTreeSet;
use std::path::Path;

use prumo_runtime::{CallOptions, Place};
use serde_json::{Map, Value};

use super::arguments::{self, Words};
use super::catalogue::{Catalogue, Chosen};
use super::curl;
use super::form::Part;
use super::request::{Prepared, Sent, prepare};
use crate::project::Location;

/// The command line that makes a recorded request again.
#[derive(Default)]
struct Typed {
    pairs: Vec<String>,
    body: Option<String>,
    files: Vec<String>,
}

impl Typed {
    fn words(&self) -> Words<'_> {
        let body = self.body.as_deref();
        Words { pairs: &self.pairs, body, files: &self.files, may_lack_fields: false }
    }
}

#[test]
fn what_is_typed_wrong_is_named_with_its_remedy() {
    let catalogue = Catalogue::read(&Location::default(), Path::new("hubsoft")).unwrap();
    let complaint = |operation: &str, body: &str, file: &str, may_lack_fields: bool| {
        let files: Vec<String> =
            [file.to_owned()].into_iter().filter(|file| !file.is_empty()).collect();
        let words = Words { pairs: &[], body: Some(body), files: &files, may_lack_fields };
        let read = arguments::read(&catalogue, catalogue.find(operation).unwrap(), &words);
        read.err().map(|error| error.to_string())
    };
    let new = "criar_atendimento";
    let lacks = "`criar_atendimento` needs id_cliente_servico (body), descricao (body), telefone (body)\n  \
                 hint: `--describe` shows what each is";
    assert_eq!(complaint(new, r#"{"nome": "Ana"}"#, "", false).as_deref(), Some(lacks));
    assert_eq!(
        complaint(new, r#"{"nome": "Ana"}"#, "", true),
        None,
        "the vendor says what it lacks"
    );
    let cut = "the body is no JSON at line 1, column 9: it ends too early";
    assert_eq!(complaint(new, r#"{"nome": "#, "", false).as_deref(), Some(cut));
    let here = format!("filez=@{}", file!());
    let no_field = "`adicionar_anexo_cliente` takes no `filez`\n  hint: did you mean `files`?";
    assert_eq!(complaint("adicionar_anexo_cliente", "{}", &here, false).as_deref(), Some(no_field));
}

#[test]
fn every_recorded_request_can_be_typed_and_is_sent_as_it_was() {
    let root = Location::default().base().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    fs_err::write(&file, "png").unwrap();
    let mut called = BTreeSet::new();
    let mut n_operations = 0;
    for spec in ["hubsoft", "tomticket-v1", "tomticket-v2"] {
        let catalogue = Catalogue::read(&Location::default(), Path::new(spec)).unwrap();
        n_operations += catalogue.rows.len();
        for (path, request) in recorded(&root.join("fixtures").join(spec)) {
            let operation = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
            let Ok(chosen) = catalogue.find(operation) else { continue };
            let typed = typed(chosen, &request, &file);
            let words = typed.words();
            let case = path.display();
            // A request that was refused because something is missing can't be made again.
            let Ok(arguments) = arguments::read(&catalogue, chosen, &words) else { continue };
            let prepared = prepare(&catalogue, chosen, &arguments, &CallOptions::new())
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            assert_eq!(sent(chosen, &prepared), as_recorded(chosen, &request), "{case}");
            assert!(
                curl::command(&catalogue, chosen, None, &prepared).starts_with("curl "),
                "{case}"
            );
            called.insert(format!("{spec} {operation}"));
        }
        let missing: Vec<&str> = catalogue
            .rows
            .iter()
            .map(|row| row.id)
            .filter(|id| !called.contains(&format!("{spec} {id}")))
            .collect();
        assert_eq!(missing, [""; 0], "never called of `{spec}`");
    }
    assert_eq!(called.len(), n_operations);
}

/// Lists the recorded requests below a folder, with their files.
fn recorded(folder: &Path) -> Vec<(std::path::PathBuf, Value)> {
    let mut found = Vec::new();
    for operation in fs_err::read_dir(folder).unwrap() {
        for file in fs_err::read_dir(operation.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let exchange: Value = serde_json::from_slice(&fs_err::read(&path).unwrap()).unwrap();
            found.push((path, exchange["request"].clone()));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn typed(chosen: Chosen<'_>, request: &Value, file: &Path) -> Typed {
    let mut typed = Typed::default();
    let template = chosen.row.path.split('/');
    for (wanted, segment) in template.zip(request["path"].as_str().unwrap().split('/')) {
        let name = wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let row = chosen.row.parameters.iter().find(|one| Some(one.name) == name);
        if let Some(row) = row.filter(|row| !row.secret) {
            let text = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
            typed.pairs.push(format!("{}={text}", row.name));
        }
    }
    for (name, value) in request["query"].as_object().into_iter().flatten() {
        let separator = chosen
            .drafted
            .parameters
            .iter()
            .find(|one| one.name == *name)
            .and_then(|one| one.separator);
        for text in texts(value) {
            match separator {
                Some(separator) => {
                    typed.pairs.extend(text.split(separator).map(|item| format!("{name}={item}")))
                }
                None => typed.pairs.push(format!("{name}={text}")),
            }
        }
    }
    for row in chosen.row.parameters.iter().filter(|row| row.place == Place::Header) {
        if let Some(value) = request["headers"].get(row.name.to_lowercase()).and_then(Value::as_str)
        {
            typed.pairs.push(format!("{}={value}", row.name));
        }
    }
    if let Some(form) = request["form"].as_array() {
        let mut members = Map::new();
        for part in form {
            type_part(&mut typed, &mut members, part, file);
        }
        typed.body = Some(Value::Object(members).to_string());
    } else if !request["body"].is_null() {
        typed.body = Some(request["body"].to_string());
    }
    typed
}

/// Adds a part: `campos[a]` is the member `a` of `campos`, `anexos[]` and `anexos[0]` are items of
/// `anexos`.
fn type_part(typed: &mut Typed, members: &mut Map<String, Value>, part: &Value, file: &Path) {
    let name = part["name"].as_str().unwrap();
    let (base, key) =
        name.strip_suffix(']').and_then(|name| name.split_once('[')).unwrap_or((name, "-"));
    let Some(text) = part["value"].as_str() else {
        typed.files.push(format!("{base}=@{}", file.display()));
        return;
    };
    if key == "-" {
        members.insert(base.to_owned(), text.into());
    } else if key.is_empty() || key.parse::<u64>().is_ok() {
        let items = members.entry(base).or_insert_with(|| Value::Array(Vec::new()));
        items.as_array_mut().unwrap().push(text.into());
    } else {
        members.entry(base).or_insert_with(|| Value::Object(Map::new()))[key] = text.into();
    }
}

/// Returns the method, the path, the names in the query, and the names of a form's fields.
fn sent(
    chosen: Chosen<'_>,
    prepared: &Prepared,
) -> (String, String, BTreeSet<String>, Vec<String>) {
    let pairs = prepared.pairs.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let decoded = percent_encoding::percent_decode_str(&prepared.path).decode_utf8_lossy();
    let mut path = decoded.into_owned();
    for secret in chosen.row.parameters.iter().filter(|one| one.secret) {
        path = path.replace(&format!("__{}__", secret.name), &format!("{{{}}}", secret.name));
    }
    let mut parts: Vec<String> = match &prepared.body {
        Sent::Form(_, parts) => {
            parts.iter().map(|(name, part)| part_in_words(name, part)).collect()
        }
        Sent::Nothing | Sent::Json(..) | Sent::Raw(_) => Vec::new(),
    };
    parts.sort();
    (prepared.method.clone(), path, pairs, parts)
}

fn part_in_words(name: &str, part: &Part) -> String {
    match part {
        Part::Text(text, _) => format!("{name}={text}"),
        Part::File(..) => format!("{name}=@"),
    }
}

fn as_recorded(
    chosen: Chosen<'_>,
    request: &Value,
) -> (String, String, BTreeSet<String>, Vec<String>) {
    let query = request["query"].as_object().into_iter().flatten();
    let pairs = query.flat_map(|(name, value)| {
        texts(value).into_iter().map(move |text| format!("{name}={text}"))
    });
    let form = request["form"].as_array().into_iter().flatten();
    let mut parts: Vec<String> = form
        .map(|part| {
            let name = part["name"].as_str().unwrap();
            part["value"]
                .as_str()
                .map_or_else(|| format!("{name}=@"), |text| format!("{name}={text}"))
        })
        .collect();
    parts.sort();
    let path = percent_encoding::percent_decode_str(request["path"].as_str().unwrap());
    let path = path.decode_utf8_lossy().into_owned();
    (chosen.row.method.to_owned(), path, pairs.collect(), parts)
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        value => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

/// A price of 119.90 that arrives as 119.9 is another text to many servers.
#[test]
fn a_number_is_sent_as_it_is_spelled_wherever_it_goes() {
    const SPEC: &str = "openapi: 3.0.3
info: {title: Alfa, version: '1'}
servers: [{url: 'https://a.example'}]
paths:
  /a/{p}:
    parameters:
      - {name: p, in: path, required: true, schema: {type: number}}
      - {name: q, in: query, schema: {type: number}}
      - {name: l, in: query, schema: {type: array, items: {type: number}}}
      - {name: h, in: header, schema: {type: number}}
    post:
      operationId: form
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {n: {type: number}, l: {type: array, items: {type: number}}, j: {type: object, properties: {x: {type: number}}}}}}}}
      responses: {'204': {description: ok}}
    put:
      operationId: json
      requestBody: {content: {application/json: {schema: {type: object, properties: {n: {type: number}, l: {type: array, items: {type: number}}, o: {type: object}}}}}}
      responses: {'204': {description: ok}}
";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alfa.yaml");
    fs_err::write(&file, SPEC).unwrap();
    let catalogue = Catalogue::read(&Location::default(), &file).unwrap();
    let prepared = |operation: &str, pairs: &[&str], body: Option<&str>| {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        let words = Words { pairs: &pairs, body, files: &[], may_lack_fields: false };
        let chosen = catalogue.find(operation).unwrap();
        let arguments = arguments::read(&catalogue, chosen, &words).unwrap();
        prepare(&catalogue, chosen, &arguments, &CallOptions::new()).unwrap()
    };
    let all = ["p=1.50", "q=119.90", "l=1E3", "l=2.0", "h=-0"];
    let sent = prepared("form", &[&all[..], &["n=119.90", "j={\"x\": 7.70}"]].concat(), None);
    assert_eq!(sent.path, "/a/1.50");
    assert_eq!(sent.query.as_deref(), Some("l=1E3&l=2.0&q=119.90"));
    assert!(sent.headers.contains(&("h".to_owned(), Some("-0".to_owned()))), "{:?}", sent.headers);
    let Sent::Form(_, parts) = &sent.body else { panic!("no form") };
    let parts: Vec<String> = parts.iter().map(|(name, part)| part_in_words(name, part)).collect();
    assert_eq!(parts, ["n=119.90", "j={\"x\":7.70}"]);
    let body = Some("{\"z\": 123456789012345678901, \"n\": 1, \"l\": [1.0, 2]}");
    let sent = prepared("json", &["p=1", "n=119.90", "o={\"x\": 1e2}"], body);
    let Sent::Json(_, text) = &sent.body else { panic!("no JSON") };
    let expect = r#"{"z":123456789012345678901,"n":119.90,"l":[1.0,2],"o":{"x":1e2}}"#;
    assert_eq!(text.get(), expect);
}
