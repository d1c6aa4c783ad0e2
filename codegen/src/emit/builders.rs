//! Emits `builder`: one builder per operation, with one line per parameter.
//!
//! progenitor's builders store each parameter and assemble the request from them. Ours pass each
//! parameter on to the runtime's `Call`, which reads the rest from the table `OPERATIONS`: a fifth
//! of the work for a user's compiler. The Rust types of parameters, bodies and responses are read
//! from progenitor's builders, so that the two can't disagree.

use std::fmt::Write;

use anyhow::{Context as _, ensure};
use syn::{ImplItem, ImplItemFn, Item, ItemStruct, ReturnType, Type};

use super::by_status;
use super::files::{Module, Piece, comment, indented};
use super::heads::{Heads, Home, Names, is_called};
use super::pages;
use super::tags::Tag;
use super::types;
use crate::names;
use crate::polish::{inner_of, module};
use crate::prepare::{Body, Draft, Operation, Parameter, RESERVED_SETTERS, Success};
use prumo_spec::openapi::ParameterPlace;

/// Emits the module of all builders.
pub(super) fn builders(
    draft: &Draft,
    tags: &[Tag<'_>],
    client: &syn::File,
    names: &Names,
) -> anyhow::Result<Module> {
    let types = module(&client.items, "types").unwrap_or(&[]);
    let mut pieces = Vec::new();
    for tag in tags {
        for operation in &tag.operations {
            let model = Model::of(client, operation)?;
            let (text, uses) = builder(operation, &model, types, names)?;
            let name = names::builder(&operation.method_name);
            pieces.push(Piece { file: tag.file.clone(), name, text, uses, ..Piece::default() });
            pieces.extend(by_status::answer(draft, operation, &tag.file, names)?);
        }
    }
    let docs = "One builder per operation: set the parameters, then send.";
    Ok(Module { path: "builder", docs, pieces, ..Module::default() })
}

/// progenitor's builder of one operation.
pub(super) struct Model<'f> {
    fields: &'f ItemStruct,
    functions: Vec<&'f ImplItemFn>,
}

impl<'f> Model<'f> {
    /// Finds the builder of `operation` in progenitor's `client`.
    pub(super) fn of(client: &'f syn::File, operation: &Operation) -> anyhow::Result<Self> {
        let known = module(&client.items, "builder").unwrap_or(&[]);
        Self::find(known, &names::builder(&operation.method_name))
            .with_context(|| format!("operation `{}`", operation.id))
    }

    fn find(items: &'f [Item], name: &str) -> anyhow::Result<Self> {
        let fields = items.iter().find_map(|item| match item {
            Item::Struct(item) if item.ident == name => Some(item),
            _ => None,
        });
        let functions = items.iter().filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() && is_called(&item.self_ty, name) => {
                Some(&item.items)
            }
            _ => None,
        });
        let functions = functions.flatten().filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        });
        let fields = fields.with_context(|| format!("progenitor made no builder `{name}`"))?;
        Ok(Self { fields, functions: functions.collect() })
    }

    /// Returns `T` of the field `name`, whose type is `Result<T, _>`.
    pub(super) fn field(&self, name: &str) -> anyhow::Result<Type> {
        let field = self
            .fields
            .fields
            .iter()
            .find(|field| field.ident.as_ref().is_some_and(|one| one == name));
        let target = field.and_then(|field| inner_of(&field.ty, "Result"));
        target.with_context(|| format!("progenitor's builder has no `{name}`"))
    }

    pub(super) fn function(&self, name: &str) -> Option<&'f ImplItemFn> {
        self.functions.iter().copied().find(|function| function.sig.ident == name)
    }

    /// Returns the type that `send` resolves to.
    pub(super) fn answer(&self) -> anyhow::Result<Type> {
        let output = self.function("send").and_then(|function| match &function.sig.output {
            ReturnType::Type(_, target) => inner_of(target, "Result"),
            ReturnType::Default => None,
        });
        let answer = output.and_then(|target| inner_of(&target, "ResponseValue"));
        answer.context("progenitor's `send` gives no `ResponseValue`")
    }
}

/// Writes the text of a builder and collects its imports.
fn builder(
    operation: &Operation,
    model: &Model<'_>,
    types: &[Item],
    names: &Names,
) -> anyhow::Result<(String, std::collections::BTreeSet<String>)> {
    let name = names::builder(&operation.method_name);
    let method = names::parameter(&operation.method_name);
    let mut heads = Heads::new(names, Home::Elsewhere);
    let client = heads.shown(&syn::parse_quote!(crate::Client));
    heads.uses.insert("prumo_runtime::operation".to_owned());
    let body = operation.body.as_ref().map(|body| BodyParts::new(body, model)).transpose()?;
    // A stream is single-use and can't be cloned.
    let is_raw = body.as_ref().is_some_and(|body| body.is_raw);
    let derives = if is_raw { "Debug" } else { "Clone, Debug" };
    let mut text = format!(
        "operation! {{\n    /// Builder of [`Client::{method}`](crate::Client::{method}).\n    \
         #[derive({derives})]\n    pub struct {name} for {client}: {method:?} {{\n"
    );
    for one in operation.parameters.iter().filter(|one| !one.secret) {
        text.push_str(&indented(&setter(one, model, &mut heads)?, 8));
        text.push('\n');
    }
    text.push_str("    }\n");
    if let Some(body) = &body {
        let kept = heads.shown(&body.kept);
        let start = match body.has_builder {
            true => format!(
                "Ok({}::default())",
                heads.shown(&syn::parse_quote!(::std::default::Default))
            ),
            false => "Err(\"the body is missing\".to_owned())".to_owned(),
        };
        let _ = writeln!(text, "    body: {kept} = {start};");
    }
    text.push_str(&indented(&send(operation, model, body.as_ref(), &mut heads)?, 4));
    text.push_str("\n}\n");
    if let Some(body) = &body {
        let _ = write!(text, "\n{}", body.setters(operation, types, &mut heads)?);
    }
    if operation.is_paged() {
        let ready = each_ready(body.as_ref(), &mut heads)
            .with_context(|| format!("`x-paging` of operation `{}`", operation.id))?;
        let _ = write!(text, "\n{}", pages::methods(operation, model, types, &ready, &mut heads)?);
    }
    Ok((text, heads.uses))
}

fn setter(
    parameter: &Parameter,
    model: &Model<'_>,
    heads: &mut Heads<'_>,
) -> anyhow::Result<String> {
    let setter = parameter.setter();
    let kept = model.field(&setter)?;
    let target = heads.shown(&inner_of(&kept, "Option").unwrap_or(kept));
    let (place, separator) = match (parameter.separator, parameter.place) {
        (Some(separator), _) => ("joined", format!(" {separator:?}")),
        (None, place @ (ParameterPlace::Path | ParameterPlace::Header)) => {
            (place.word(), String::new())
        }
        (None, _) => ("query", String::new()),
    };
    let default = format!("Sets `{setter}`.");
    let docs = if parameter.docs.is_empty() { &default } else { &parameter.docs };
    Ok(format!("{}{place} {setter}: {target} = {:?}{separator},", comment(docs), parameter.name))
}

/// How a body is set and sent.
struct BodyParts {
    /// The type that the builder stores: the body, or a builder of it.
    kept: Type,
    /// The body's type.
    target: Type,
    has_builder: bool,
    is_raw: bool,
    way: Way,
}

/// The method of `Call` that attaches a body.
enum Way {
    /// `raw`, with the media type.
    Raw(String),
    /// `json_if_any`.
    JsonIfAny,
    /// `json`, with the media type if it is not `application/json`.
    Json(Option<String>),
    /// `form`.
    Form,
}

impl BodyParts {
    fn new(body: &Body, model: &Model<'_>) -> anyhow::Result<Self> {
        let kept = model.field("body")?;
        let has_builder = model.function("body_map").is_some();
        let is_raw = is_called(&kept, "Body");
        let target = match &kept {
            Type::Path(path) if has_builder => {
                let last = path.path.segments.last().context("a type without a name")?;
                syn::parse_quote!(types::#last)
            }
            other => other.clone(),
        };
        let way = match body.media.as_str() {
            media if is_raw => Way::Raw(body.content_type.as_deref().unwrap_or(media).to_owned()),
            "application/json" if body.may_be_absent => Way::JsonIfAny,
            "application/json" => Way::Json(body.content_type.clone()),
            _ => Way::Form,
        };
        Ok(Self { kept, target, has_builder, is_raw, way })
    }

    /// Returns the expression that attaches `body` to `call`.
    fn ready(&self, body: &str, heads: &mut Heads<'_>) -> String {
        let target = heads.shown(&self.target);
        match &self.way {
            Way::Raw(media) => format!("call.raw({media:?}, {body})"),
            Way::JsonIfAny => format!("call.json_if_any::<{target}, _>({body})"),
            Way::Json(None) => format!("call.json::<{target}, _>({body})"),
            Way::Json(Some(media)) => {
                format!("call.json::<{target}, _>({body}).content_type({media:?})")
            }
            Way::Form => format!("call.form::<{target}, _>({body})"),
        }
    }

    /// Writes how the body, or a field of it, is set on the operation's builder.
    fn setters(
        &self,
        operation: &Operation,
        types: &[Item],
        heads: &mut Heads<'_>,
    ) -> anyhow::Result<String> {
        heads.uses.insert("prumo_runtime::body_of".to_owned());
        let name = names::builder(&operation.method_name);
        let (kept, target) = (heads.shown(&self.kept), heads.shown(&self.target));
        Ok(match (self.has_builder, self.is_raw) {
            (true, _) => {
                let fields = self.fields(operation, types, heads)?;
                format!(
                    "body_of! {{\n    {name}: {target}, built by {kept} {{\n{fields}    }}\n}}\n"
                )
            }
            (false, true) => format!("body_of!({name}: bytes {target});\n"),
            (false, false) => format!("body_of!({name}: {target});\n"),
        })
    }

    /// Writes a line for each field whose setter has no other meaning on the operation's builder.
    fn fields(
        &self,
        operation: &Operation,
        types: &[Item],
        heads: &mut Heads<'_>,
    ) -> anyhow::Result<String> {
        let item = types.iter().find_map(|item| match item {
            Item::Struct(item) if is_called(&self.target, &item.ident.to_string()) => Some(item),
            _ => None,
        });
        let taken = setters_of(operation);
        let is_free = |name: &str| !taken.iter().any(|other| other == name);
        let mut lines = String::new();
        for mut setter in item.map(types::setters).transpose()?.into_iter().flatten() {
            if !is_free(&setter.name.to_string()) {
                continue;
            }
            setter.null.take_if(|null| !is_free(null));
            let first = setter.docs.split("\n\n").next().unwrap_or_default();
            let line = format!("{}{}", comment(first), setter.shown(heads));
            let _ = writeln!(lines, "{}", indented(&line, 8));
        }
        Ok(lines)
    }
}

/// Returns the names that an operation's builder has for other purposes than fields of the body.
pub(super) fn setters_of(operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().filter(|one| !one.secret).map(Parameter::setter);
    let reserved = RESERVED_SETTERS.into_iter().chain(["body", "body_map", "send_blocking"]);
    parameters.chain(reserved.map(str::to_owned)).collect()
}

/// Returns the parameters and the expression that prepare the call of each page.
fn each_ready(
    body: Option<&BodyParts>,
    heads: &mut Heads<'_>,
) -> anyhow::Result<(&'static str, String)> {
    let Some(body) = body else {
        return Ok(("call", "call.ready()".to_owned()));
    };
    ensure!(
        !body.is_raw,
        "the body is a stream that can be sent once, and every page's request needs it"
    );
    Ok(("call body", body.ready("body.clone()", heads)))
}

fn send(
    operation: &Operation,
    model: &Model<'_>,
    body: Option<&BodyParts>,
    heads: &mut Heads<'_>,
) -> anyhow::Result<String> {
    let answer = match operation.success {
        // progenitor uses the bare name, which a type of the document may have, too.
        Success::Stream => syn::parse_quote!(::prumo_runtime::ByteStream),
        Success::ByStatus(_) => by_status::name(operation, heads.names),
        Success::Optional(..) => {
            let answer = model.answer()?;
            syn::parse_quote!(::std::option::Option<#answer>)
        }
        Success::Json(_) | Success::Empty => model.answer()?,
    };
    let answer = heads.shown(&answer);
    let docs = comment(&format!("Sends the request: `{} {}`.", operation.method, operation.path));
    let (given, ready) = match body {
        None => ("call", "call.ready()".to_owned()),
        Some(body) => ("call body", body.ready("body", heads)),
    };
    let read = match &operation.success {
        Success::Json(_) => "read()".to_owned(),
        Success::Empty | Success::Stream => "unread()".to_owned(),
        Success::Optional(_, empty) => format!("optional(&{empty:?})"),
        Success::ByStatus(_) => "by_status()".to_owned(),
    };
    Ok(format!("{docs}send({given}) -> {answer} {{ {ready}.{read} }}"))
}
