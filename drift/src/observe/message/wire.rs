//! Turns the texts of parameters and forms into the JSON that they stand for.
//!
//! `12` becomes a number where an integer is promised, and a text elsewhere; repeated names become
//! lists, `name[member]` an object, and further brackets the values within.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::route::is_place_holder;
use crate::contract::{Parameter, Style};
use crate::exchange::FormPart;
use crate::observe::body::visit::Pass;
use crate::observe::counts::plan::{Members, PlanRef};
use crate::observe::counts::record::NodeId;
use prumo_spec::Kind;
use prumo_spec::document::below;
use prumo_spec::formats::Format;

/// The most brackets of a name that are read as nested.
const MAX_BRACKETS: usize = 16;

/// The way in which the texts of one name belong together.
enum Grouping {
    One,
    List,
    Members,
}

/// A text, with the brackets of its name.
pub(crate) type Text<'a> = (Option<&'a str>, &'a str);

/// Splits a name: `campos[abc]` into `campos` and `abc`, `anexos[]` into `anexos` and an
/// empty text.
pub(crate) fn split_name(name: &str) -> (&str, Option<&str>) {
    match name.split_once('[') {
        Some((base, rest)) if !base.is_empty() => {
            (base, Some(rest.strip_suffix(']').unwrap_or(rest)))
        }
        _ => (name, None),
    }
}

impl Pass<'_> {
    /// Judges the value of a parameter's texts.
    pub(crate) fn parameter(
        &mut self,
        node: NodeId,
        promised: &Parameter,
        texts: &[Text<'_>],
    ) -> Result<(), serde_json::Error> {
        match self.parameter_value(node, promised, texts) {
            // A text that is judged as text need not become JSON first.
            Literal::Text(text) if !self.plan(node).needs_raw => {
                self.text(node, text);
                Ok(())
            }
            value => self.judge(node, &value.into_json()),
        }
    }

    fn parameter_value<'t>(
        &self,
        node: NodeId,
        promised: &Parameter,
        texts: &[Text<'t>],
    ) -> Literal<'t> {
        let at = self.nodes.plan(node);
        if let &[(None, text)] = texts {
            if promised.style == Style::Json {
                return Literal::Json(text.into());
            }
            if let Some(json) = self.styled(at, promised.style, &promised.name, text) {
                return Literal::Json(json.into());
            }
            // Most parameters are a single text.
            if !self.plans.get(at).allows(Kind::Array) {
                return self.meant(Some(at), text);
            }
        }
        let texts = texts
            .iter()
            .map(|(member, text)| (member.map(str::to_owned), Leaf::Text(text)))
            .collect();
        let mut json = String::new();
        self.grow(Some(at), texts, 0).write(&mut json, "", &mut BTreeSet::new());
        Literal::Json(json.into())
    }

    /// Decides whether texts are one value, a list, or an object.
    ///
    /// `name[]` and `name[0]` are a list, unless the index may be the name of a member; `name[x]`
    /// is a member of an object.
    fn grouping(&self, at: Option<PlanRef>, texts: &[Named<'_>]) -> Grouping {
        let allows = |kind: Kind| at.is_some_and(|at| self.plans.get(at).allows(kind));
        let heads = || {
            texts
                .iter()
                .filter_map(|(member, _)| member.as_deref())
                .map(|member| split_member(member).0)
        };
        let has_brackets = heads().next().is_some();
        let is_empty = heads().all(str::is_empty);
        let is_listed =
            heads().all(is_index) && (is_empty || allows(Kind::Array) || !allows(Kind::Object));
        match texts {
            _ if has_brackets && !is_listed => Grouping::Members,
            [_] if !has_brackets && !allows(Kind::Array) => Grouping::One,
            _ => Grouping::List,
        }
    }

    /// Builds the value of the texts of one name.
    fn grow(&self, at: Option<PlanRef>, texts: Vec<Named<'_>>, depth: usize) -> Grown {
        let layout = self.grouping(at, &texts);
        if let (Grouping::One, [(_, leaf)]) = (&layout, texts.as_slice()) {
            return self.spelled(at, *leaf);
        }
        let is_list = matches!(layout, Grouping::List);
        let mut grown = Vec::new();
        for Group { head, inner } in grouped(texts, is_list, depth) {
            let plan =
                at.and_then(|at| if is_list { self.item(at) } else { self.member(at, &head) });
            let value = match inner.as_slice() {
                [(None, leaf)] => self.spelled(plan, *leaf),
                // A map of texts does not describe values within its entries.
                [(_, leaf), ..] if !is_list && self.is_flat_entry(at, &head) => {
                    self.spelled(plan, *leaf)
                }
                _ => self.grow(plan, inner, depth + 1),
            };
            grown.push((head, value));
        }
        if is_list {
            return Grown::List(grown.into_iter().map(|(_, value)| value).collect());
        }
        Grown::Members(grown)
    }

    fn spelled(&self, plan: Option<PlanRef>, leaf: Leaf<'_>) -> Grown {
        let is_binary =
            || plan.is_some_and(|at| self.plans.get(at).format.is_some_and(Format::is_file));
        let (json, is_file) = match leaf {
            Leaf::Text(text) if is_file_mark(text) && is_binary() => ("\"\"".to_owned(), true),
            Leaf::Text(text) => (self.literal(plan, text), false),
            Leaf::PlaceHolder => ("\"\"".to_owned(), is_binary()),
            Leaf::File => ("\"\"".to_owned(), true),
        };
        Grown::Leaf { json, is_file }
    }

    fn item(&self, at: PlanRef) -> Option<PlanRef> {
        self.plans.get(at).item
    }

    pub(crate) fn member(&self, at: PlanRef, name: &str) -> Option<PlanRef> {
        let plan = self.plans.get(at);
        match (plan.field(name).and_then(|index| plan.fields.get(index)), plan.members) {
            (Some(field), _) => Some(field.plan),
            (None, Members::Entries(entries)) => Some(entries),
            (None, _) => None,
        }
    }

    /// Returns whether this is an entry of a map whose entries are neither lists nor objects.
    fn is_flat_entry(&self, at: Option<PlanRef>, name: &str) -> bool {
        let Some(plan) = at.map(|at| self.plans.get(at)).filter(|plan| plan.field(name).is_none())
        else {
            return false;
        };
        let Members::Entries(entries) = plan.members else {
            return false;
        };
        let entry = self.plans.get(entries);
        !entry.allows(Kind::Array) && !entry.allows(Kind::Object)
    }

    /// Returns the JSON of a text where `plan` is promised.
    pub(crate) fn literal(&self, plan: Option<PlanRef>, text: &str) -> String {
        self.meant(plan, text).into_json().into_owned()
    }

    fn meant<'t>(&self, plan: Option<PlanRef>, text: &'t str) -> Literal<'t> {
        let Some(at) = plan else {
            return Literal::Text(text);
        };
        let allows =
            |kind: Kind| (kind == Kind::Null && at.or_null) || self.plans.get(at).allows(kind);
        let is_json = match Kind::of_text(text) {
            Kind::IntText if allows(Kind::Int) && is_json_number(text) => true,
            Kind::IntText | Kind::NumberText | Kind::Text
                if allows(Kind::Number) && is_json_number(text) =>
            {
                true
            }
            Kind::Text if allows(Kind::Bool) && (text == "true" || text == "false") => true,
            Kind::EmptyText if allows(Kind::Null) && !allows(Kind::Text) => {
                return Literal::Json("null".into());
            }
            // An object or a list in a form is JSON.
            Kind::Text if (allows(Kind::Object) || allows(Kind::Array)) && !allows(Kind::Text) => {
                is_json(text)
            }
            _ => false,
        };
        if is_json { Literal::Json(text.into()) } else { Literal::Text(text) }
    }

    /// Returns the value of a form's field with its own style.
    fn encoded(
        &self,
        plan: Option<PlanRef>,
        style: Option<Style>,
        name: &str,
        texts: &[Named<'_>],
    ) -> Option<Grown> {
        let [(None, Leaf::Text(text))] = texts else {
            return None;
        };
        let json = match style? {
            Style::Json if is_json(text) => (*text).to_owned(),
            style => self.styled(plan?, style, name, text)?,
        };
        Some(Grown::Leaf { json, is_file: false })
    }

    /// Returns the object of a form's parts, and the pointers of members that are files, of which
    /// only the presence is known.
    pub(crate) fn form_json(
        &self,
        node: NodeId,
        styles: &BTreeMap<String, Style>,
        parts: &[FormPart<'_>],
    ) -> (String, BTreeSet<String>) {
        let at = self.nodes.plan(node);
        let plan = self.plans.get(at);
        let mut members: Vec<(&str, Vec<Named<'_>>)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for part in parts {
            let whole = part.name();
            let (base, member) = match split_name(whole) {
                _ if plan.field(whole).is_some() => (whole, None),
                (base, member) => (base, member),
            };
            let leaf = match part {
                FormPart::Text { value, .. } if is_place_holder(value) => Leaf::PlaceHolder,
                FormPart::Text { value, .. } => Leaf::Text(value),
                FormPart::File { .. } => Leaf::File,
            };
            let value = (member.map(str::to_owned), leaf);
            let position = *positions.entry(base).or_insert(members.len());
            match members.get_mut(position) {
                Some((_, values)) => values.push(value),
                None => members.push((base, vec![value])),
            }
        }
        let grown = members
            .into_iter()
            .map(|(name, texts)| {
                let plan = self.member(at, name);
                let encoded = self.encoded(plan, styles.get(name).copied(), name, &texts);
                (name.to_owned(), encoded.unwrap_or_else(|| self.grow(plan, texts, 0)))
            })
            .collect();
        let (mut json, mut files) = (String::new(), BTreeSet::new());
        Grown::Members(grown).write(&mut json, "", &mut files);
        (json, files)
    }
}

/// The value of a text.
enum Literal<'t> {
    /// The text itself.
    Text(&'t str),
    /// JSON.
    Json(Cow<'t, str>),
}

impl<'t> Literal<'t> {
    fn into_json(self) -> Cow<'t, str> {
        match self {
            Self::Text(text) => Value::from(text).to_string().into(),
            Self::Json(json) => json,
        }
    }
}

/// One text of a form or parameter.
#[derive(Clone, Copy)]
enum Leaf<'a> {
    Text(&'a str),
    PlaceHolder,
    File,
}

/// A leaf, with the brackets of its name.
type Named<'a> = (Option<String>, Leaf<'a>);

/// The value that bracketed names build.
enum Grown {
    Leaf { json: String, is_file: bool },
    List(Vec<Grown>),
    Members(Vec<(String, Grown)>),
}

impl Grown {
    /// Writes the JSON and collects the pointers of files.
    fn write(&self, json: &mut String, at: &str, files: &mut BTreeSet<String>) {
        match self {
            Self::Leaf { json: leaf, is_file } => {
                json.push_str(leaf);
                if *is_file {
                    files.insert(at.to_owned());
                }
            }
            Self::List(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    item.write(json, &below(at, &index.to_string()), files);
                }
                json.push(']');
            }
            Self::Members(members) => {
                json.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    json.push_str(&Value::from(name.as_str()).to_string());
                    json.push(':');
                    member.write(json, &below(at, name), files);
                }
                json.push('}');
            }
        }
    }
}

/// The texts of one item or member; further brackets belong to `inner`.
struct Group<'a> {
    head: String,
    inner: Vec<Named<'a>>,
}

fn grouped<'a>(texts: Vec<Named<'a>>, is_list: bool, depth: usize) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    // The index of the group for the nested texts of a name.
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    // The names within the current item of `name[][x]`.
    let mut taken: HashSet<String> = HashSet::new();
    for (member, leaf) in texts {
        let member = member.unwrap_or_default();
        let (head, rest) = match split_member(&member) {
            (head, Some(rest)) if depth < MAX_BRACKETS => (head, rest),
            (head, _) if depth < MAX_BRACKETS => {
                groups.push(Group { head: head.to_owned(), inner: vec![(None, leaf)] });
                continue;
            }
            _ => {
                groups.push(Group { head: member, inner: vec![(None, leaf)] });
                continue;
            }
        };
        // A repeated `name[][x]` starts the next item.
        let is_next = is_list && head.is_empty() && !taken.insert(rest.to_owned());
        if is_next {
            taken = HashSet::from([rest.to_owned()]);
        }
        let rest = Some(rest.to_owned());
        let group = known.get(head).and_then(|&index| groups.get_mut(index));
        match group.filter(|_| !is_next) {
            Some(group) => group.inner.push((rest, leaf)),
            None => {
                known.insert(head.to_owned(), groups.len());
                groups.push(Group { head: head.to_owned(), inner: vec![(rest, leaf)] });
            }
        }
    }
    groups
}

/// Splits `0][preco` into `0` and `preco`.
fn split_member(member: &str) -> (&str, Option<&str>) {
    match member.split_once("][") {
        Some((head, rest)) => (head, Some(rest)),
        None => (member, None),
    }
}

/// Returns whether the text is `<binary>`, which recorders write in place of a file.
fn is_file_mark(text: &str) -> bool {
    let word = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    word.is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Returns whether brackets belong to a list: empty, or with an index.
fn is_index(member: &str) -> bool {
    member.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}
