//! Leaves out what an error of a foreign document concerns, so that it does not cost the rest: a
//! schema becomes untyped JSON, and an operation has no method.
//!
//! Invariants:
//!
//! * A house document is not spared: there an error is to be mended.
//! * An error inside a schema costs the innermost schema around it, and no operation unless that
//!   cannot do without.
//! * Each error becomes a warning at its own place that names every operation that it costs.
//! * An error that can't be assigned to operations, or concerns all of them, stays an error.

use std::collections::{BTreeMap, BTreeSet};

use prumo_spec::complaint::{Complaint, Complaints, Loss, Severity};
use prumo_spec::grammar::{ObjectKind, walk};
use prumo_spec::openapi::{Node, is_annotation};
use prumo_spec::pointer::{percent_decoded, unescaped};
use prumo_spec::{Method, OpenApi, below};
use serde_json::{Value, json};

use crate::spec::Spec;

/// Maximum number of times that the rest of a document is tried.
const MAX_TRIES: usize = 16;

/// Makes something of a spec, or of the part of it that has no error. Returns the complaints about
/// it, and `None` if errors remain.
pub(crate) fn spared<T>(
    spec: &Spec,
    mut make: impl FnMut(&Spec, &mut Complaints<'_>) -> anyhow::Result<Option<T>>,
) -> anyhow::Result<(Vec<Complaint>, Option<T>)> {
    let is_house = spec.is_house();
    let mut attempt = |spec: &Spec| -> anyhow::Result<(Vec<Complaint>, Option<T>)> {
        let mut complaints = Complaints::new(&spec.document, is_house);
        let made = make(spec, &mut complaints)?;
        Ok((complaints.finish(), made))
    };
    let (errors, made) = attempt(spec)?;
    if made.is_some() || is_house {
        return Ok((errors, made));
    }
    let (mut rest, mut told, mut left_out) = (spec.clone(), errors.clone(), Vec::new());
    for _ in 0..MAX_TRIES {
        let Some(warnings) = leave_out(&mut rest, &told) else { break };
        left_out.extend(warnings);
        let (mut again, made) = attempt(&rest)?;
        if made.is_some() {
            again.extend(left_out);
            again.sort_by_key(|one| (one.line, one.column));
            return Ok((again, made));
        }
        told = again;
    }
    // The errors are reported as such, not as warnings about a client that does not exist.
    Ok((errors, None))
}

/// Removes everything that the errors concern, and returns a warning for each of them. Returns
/// `None`, without a change, if the errors concern the whole document.
fn leave_out(spec: &mut Spec, complaints: &[Complaint]) -> Option<Vec<Complaint>> {
    let users = Users::of(spec.api());
    let schemas = schemas(spec);
    let (mut gone, mut untyped, mut dead) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut warnings = Vec::new();
    for error in complaints.iter().filter(|one| one.severity == Severity::Error) {
        if let Some((at, cost, loss)) = dead_part(spec, &error.pointer) {
            let (severity, loss) = (Severity::Warning, Some(loss));
            let message = format!("{}: {cost}", error.message);
            warnings.push(Complaint { severity, message, loss, ..error.clone() });
            dead.push(at);
            continue;
        }
        if let Some(at) = innermost(&schemas, &error.pointer) {
            let (severity, loss) = (Severity::Warning, Some(Loss::Type));
            let message = format!("{}: it is untyped JSON", error.message);
            warnings.push(Complaint { severity, message, loss, ..error.clone() });
            untyped.insert(at);
            continue;
        }
        let concerned = users.concerned(&error.pointer)?;
        let named = concerned.iter().filter_map(|at| users.operations.get(at));
        let costs: Vec<String> = named.cloned().collect();
        let named: Vec<String> = costs.iter().map(|id| format!("`{id}`")).collect();
        let cost = match named.as_slice() {
            [] => "no operation needs it".to_owned(),
            [one] => format!("the operation {one} is left out"),
            all => format!("the operations {} are left out", all.join(", ")),
        };
        warnings.push(Complaint {
            severity: Severity::Warning,
            message: format!("{}: {cost}", error.message),
            costs,
            ..error.clone()
        });
        gone.extend(concerned);
    }
    if users.operations.keys().all(|at| gone.contains(at)) {
        return None;
    }
    spec.forget(&untyped);
    spec.unlink(dead);
    spec.remove(&gone);
    Some(warnings)
}

/// Returns the pointer to a parameter or a response, and what it costs, if a reference instead of it
/// leads nowhere.
fn dead_part(spec: &Spec, at: &str) -> Option<(String, &'static str, Loss)> {
    let part = at.strip_suffix("/$ref")?;
    let (list, _) = part.rsplit_once('/')?;
    match list.rsplit_once('/')?.1 {
        "responses" => Some((part.to_owned(), "its answer may be anything", Loss::Answer)),
        "parameters" if spec.value.pointer(list)?.is_array() => {
            Some((part.to_owned(), "the parameter is left out", Loss::Parameter))
        }
        _ => None,
    }
}

/// Returns the pointers to the schemas of a spec that say something.
fn schemas(spec: &Spec) -> BTreeSet<String> {
    let objects = walk(spec.api(), &mut Complaints::new(&spec.document, false));
    let schemas = objects.into_iter().filter(|object| object.kind == ObjectKind::Schema);
    let says = |node: &Node<'_>| node.named_children().any(|(name, _)| !is_annotation(name));
    schemas.filter(|object| says(&object.node)).map(|object| object.node.at().to_owned()).collect()
}

/// Returns the innermost schema around a pointer.
fn innermost(schemas: &BTreeSet<String>, at: &str) -> Option<String> {
    let mut holder = Some(at);
    while let Some(at) = holder {
        if schemas.contains(at) {
            return Some(at.to_owned());
        }
        holder = at.rsplit_once('/').map(|(holder, _)| holder);
    }
    None
}

/// The operations and components of a document, and the components that each refers to.
struct Users {
    /// The names of operations and webhooks, by pointer.
    operations: BTreeMap<String, String>,
    /// The components that each operation or component refers to, by pointer.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Users {
    fn of(api: OpenApi<'_>) -> Self {
        let mut users = Self { operations: BTreeMap::new(), uses: BTreeMap::new() };
        for list in ["paths", "x-webhooks"] {
            for (_, item) in api.node().entries(list, "").into_iter().flatten() {
                let shared: BTreeSet<String> = ["parameters", "$ref"]
                    .into_iter()
                    .filter_map(|name| item.child(name))
                    .flat_map(|node| targets(&node))
                    .collect();
                for (name, operation) in
                    item.named_children().filter(|(name, _)| Method::is_key(name))
                {
                    let id = operation.words("operationId");
                    let id = match id.is_empty() {
                        true => format!("{} {}", name.to_uppercase(), item.at()),
                        false => id.to_owned(),
                    };
                    users.operations.insert(operation.at().to_owned(), id);
                    let used = targets(&operation).into_iter().chain(shared.iter().cloned());
                    users.uses.insert(operation.at().to_owned(), used.collect());
                }
            }
        }
        let components = api.node().child("components");
        for kind in components.iter().flat_map(Node::children) {
            for component in kind.children() {
                users.uses.insert(component.at().to_owned(), targets(&component));
            }
        }
        users
    }

    /// Returns everything that can't be without the value at a pointer, or `None` if that is the
    /// whole document.
    fn concerned(&self, at: &str) -> Option<BTreeSet<String>> {
        let holds = |holder: &String| is_within(at, holder);
        let mut concerned: BTreeSet<String> =
            self.uses.keys().filter(|at| holds(at)).cloned().collect();
        if concerned.is_empty() {
            // A path concerns all of its operations.
            let is_item = at.starts_with("/paths/") || at.starts_with("/x-webhooks/");
            let item: Vec<&str> = at.splitn(4, '/').take(3).collect();
            let item = item.join("/");
            let all = self.operations.keys().filter(|at| is_item && is_within(at, &item));
            concerned.extend(all.cloned());
        }
        if concerned.is_empty() {
            return None;
        }
        loop {
            let is_new = |(at, uses): &(&String, &BTreeSet<String>)| {
                !concerned.contains(*at) && uses.iter().any(|used| concerned.contains(used))
            };
            let more: Vec<String> =
                self.uses.iter().filter(is_new).map(|(at, _)| at.clone()).collect();
            if more.is_empty() {
                return Some(concerned);
            }
            concerned.extend(more);
        }
    }
}

/// Returns whether a pointer is `holder` or leads inside it.
fn is_within(at: &str, holder: &str) -> bool {
    at.strip_prefix(holder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the components that a value refers to.
fn targets(node: &Node<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in node.references() {
        let pointer = percent_decoded(text.strip_prefix('#').unwrap_or(text)).into_owned();
        let steps: Vec<&str> = pointer.splitn(5, '/').take(4).collect();
        found.insert(match pointer.starts_with('/') {
            true => steps.join("/"),
            false => below("/components/schemas", text),
        });
    }
    found
}

impl Spec {
    /// Leaves only the annotations of the schemas at these pointers.
    fn forget(&mut self, untyped: &BTreeSet<String>) {
        for at in untyped {
            if let Some(Value::Object(members)) = self.value.pointer_mut(at) {
                members.retain(|name, _| is_annotation(name) && name != "example");
            }
        }
    }

    /// Replaces responses by any, and removes parameters from their lists, the last first.
    fn unlink(&mut self, mut dead: Vec<String>) {
        dead.sort_by_cached_key(|at| std::cmp::Reverse((at.len(), at.clone())));
        for at in dead {
            let Some((list, name)) = at.rsplit_once('/') else { continue };
            match self.value.pointer_mut(list) {
                Some(Value::Array(items)) => {
                    if let Some(index) = name.parse().ok().filter(|index| *index < items.len()) {
                        items.remove(index);
                    }
                }
                Some(Value::Object(answers)) => {
                    let any = json!({"description": "", "content": {"*/*": {}}});
                    answers.insert(unescaped(name), any);
                }
                _ => {}
            }
        }
    }

    /// Removes the values at these pointers.
    fn remove(&mut self, gone: &BTreeSet<String>) {
        for at in gone {
            let Some((holder, name)) = at.rsplit_once('/') else { continue };
            let name = unescaped(name);
            if let Some(Value::Object(members)) = self.value.pointer_mut(holder) {
                members.shift_remove(&name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::spec::Spec;
    use crate::{Material, client};

    /// Returns the complaints and the operations of a foreign document in which the operation `b`
    /// answers a `B`, `a` has no schema and `c` refers to `b`'s.
    fn rendered(b: &Value) -> (Vec<String>, Vec<String>) {
        let answer = |schema: Value| json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "Alfa", "version": "1"},
            "servers": [{"url": "https://alfa.example"}],
            "paths": {
                "/a": {"get": {"operationId": "a", "responses": {"204": {"description": ""}}}},
                "/b": {"get": {"operationId": "b", "responses": answer(json!({"$ref": "#/components/schemas/B"}))}},
                "/c": {"get": {"operationId": "c", "responses": answer(json!({"type": "array", "items": {"$ref": "#/components/schemas/C"}}))}},
            },
            "components": {"schemas": {"B": b, "C": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}}}},
        });
        let spec = Spec::of_text("alfa", "a.json", &format!("{document:#}")).unwrap();
        let (complaints, client) = client(&spec, &Material::default()).unwrap();
        let operations = client.into_iter().flat_map(|client| client.files);
        let operations = operations.filter(|file| file.name == "operations.rs");
        let named = |text: &str| -> Vec<String> {
            let ids = text.split("Operation::new(").skip(1).filter_map(|row| row.split('"').nth(1));
            ids.map(str::to_owned).collect()
        };
        let operations = operations.flat_map(|file| named(&file.text)).collect();
        let told = complaints
            .iter()
            .filter(|one| !one.costs.is_empty() || !one.message.starts_with("a foreign document"));
        (told.map(|one| one.message.clone()).collect(), operations)
    }

    #[test]
    fn a_bad_schema_is_untyped_and_costs_no_operation() {
        let cases = [
            ("a list of types", json!({"type": ["string", "null"]})),
            ("an unknown type", json!({"type": "moment"})),
            ("a reference that leads nowhere", json!({"$ref": "#/components/schemas/X"})),
            ("parts that disagree", json!({"allOf": [{"type": "string"}, {"type": "integer"}]})),
        ];
        for (name, bad) in cases {
            let (told, operations) = rendered(&bad);
            assert_eq!(operations, ["a", "b", "c"], "case `{name}`: {told:?}");
            let cost = ": it is untyped JSON";
            assert!(told.iter().any(|one| one.ends_with(cost)), "case `{name}`: {told:?}");
        }
        let (told, operations) = rendered(&json!([]));
        assert_eq!(operations, ["a"], "no schema: {told:?}");
        let cost = ": the operations `b`, `c` are left out";
        assert!(told.iter().any(|one| one.ends_with(cost)), "no schema: {told:?}");
        let (told, operations) = rendered(&json!({"type": "string"}));
        assert_eq!((told, operations), (vec![], ["a", "b", "c"].map(str::to_owned).to_vec()));
    }

    /// Many warnings of one kind that cost nothing are told as one; those that cost an operation are
    /// told each.
    #[test]
    fn a_complaint_says_what_it_costs_whatever_its_words() {
        let cookie =
            json!([{"name": "s", "in": "cookie", "required": true, "schema": {"type": "string"}}]);
        let answers = json!({"204": {"description": null}});
        let mut paths =
            json!({"/a": {"get": {"operationId": "description", "responses": answers}}});
        for n in 1..=7 {
            let operation = json!({"operationId": format!("op{n}"), "parameters": cookie, "responses": answers});
            paths[format!("/{n}")] = json!({"get": operation});
        }
        let document =
            json!({"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": paths});
        let spec = Spec::of_text("alfa", "a.json", &document.to_string()).unwrap();
        let (complaints, draft) = crate::draft(&spec).unwrap();
        assert_eq!(draft.unwrap().operations.len(), 1);
        let costs = complaints.iter().map(|one| one.costs.join(" ")).filter(|one| !one.is_empty());
        assert_eq!(costs.collect::<Vec<_>>(), ["op1", "op2", "op3", "op4", "op5", "op6", "op7"]);
        let told = complaints.iter().filter(|one| one.message.contains("left out"));
        assert_eq!(told.count(), 8, "eight descriptions that are null are one: {complaints:?}");
    }

    #[test]
    fn a_reference_to_nothing_costs_its_parameter_or_its_answer() {
        let text = r##"{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get":
            {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/x"},
            {"name": "q", "in": "query", "schema": {"type": "string"}}, {"$ref": "#/components/parameters/y"}],
            "responses": {"204": {"description": ""}, "404": {"$ref": "#/components/responses/x"}}}}}}"##;
        let spec = Spec::of_text("alfa", "a.json", text).unwrap();
        let (complaints, draft) = crate::draft(&spec).unwrap();
        let parameters: Vec<String> = draft.unwrap().operations[0]
            .parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect();
        assert_eq!(parameters, ["q"]);
        let told = complaints.iter().map(|one| one.message.rsplit(": ").next().unwrap_or_default());
        let told: Vec<&str> =
            told.filter(|one| one.starts_with("the parameter") || one.starts_with("its")).collect();
        assert_eq!(
            told,
            [
                "the parameter is left out",
                "the parameter is left out",
                "its answer may be anything"
            ]
        );
    }

    #[test]
    fn errors_stay_errors_where_no_operation_is_left() {
        let text = r#"{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get":
            {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json":
            {"schema": "moment"}}}}}}}}"#;
        let spec = Spec::of_text("alfa", "a.json", text).unwrap();
        let (complaints, client) = client(&spec, &Material::default()).unwrap();
        assert!(client.is_none());
        let errors = complaints.iter().filter(|one| one.severity == super::Severity::Error);
        let errors: Vec<&str> = errors.map(|one| one.message.as_str()).collect();
        assert_eq!(errors, ["`schema` must be a mapping"]);
    }
}
