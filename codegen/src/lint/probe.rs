//! Complains of an `x-probe` that names something that does not exist: a night asks by it.

use serde_json::Value;

use prumo_spec::complaint::Complaints;
use prumo_spec::nearest;
use prumo_spec::openapi::{Node, Operation};

/// The members of a probe.
const MEMBERS: [&str; 4] = ["safe", "parameters", "from", "reason"];

/// The members of a source.
const OF_SOURCE: [&str; 2] = ["operation", "at"];

/// Lints the `x-probe` of an operation.
pub(super) fn lint(operation: &Operation<'_>, node: &Node<'_>, complaints: &mut Complaints<'_>) {
    super::extensions::only(node, &MEMBERS, "a probe", complaints);
    match node.get("safe") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) if node.get("reason").is_some_and(Value::is_string) => {}
        Some(Value::Bool(false)) => {
            let hint = "say in `reason` why it is not called";
            complaints.error(node.at(), "`x-probe` says `safe: false` without a `reason`", hint);
        }
        _ => complaints.error(node.at(), "`x-probe` must say `safe: true` or `safe: false`", ""),
    }
    let inputs = Inputs::of(operation);
    for (name, given) in members(node, "parameters") {
        inputs.check(name, &given, complaints);
    }
    for (name, source) in members(node, "from") {
        inputs.check(name, &source, complaints);
        if node.child("parameters").is_some_and(|given| given.has(name)) {
            let message = format!("`{name}` has a value and a source");
            complaints.error(source.at(), message, "leave one of them out");
        }
        super::extensions::only(&source, &OF_SOURCE, "a source", complaints);
        check_source(operation, &source, complaints);
    }
}

fn members<'d>(node: &Node<'d>, name: &str) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
    let member = node.child(name);
    member.map(|node| node.named_children()).into_iter().flatten()
}

/// The names that a call of the operation can set.
struct Inputs {
    /// Each with whether it is a secret.
    known: Vec<(String, bool)>,
}

impl Inputs {
    fn of(operation: &Operation<'_>) -> Self {
        let parameters = operation.parameters();
        let parameters =
            parameters.iter().flatten().map(|one| (one.name().to_owned(), one.is_secret()));
        let mut known: Vec<(String, bool)> = parameters.collect();
        let content = operation.request_body().ok().flatten().and_then(|body| body.content().ok());
        for schema in content.into_iter().flatten().filter_map(|media| media.schema()) {
            let Ok(schema) = schema.followed() else { continue };
            let fields = schema.properties().into_iter().flatten();
            known.extend(fields.map(|(name, field)| (name.to_owned(), field.is_secret())));
        }
        Self { known }
    }

    fn check(&self, name: &str, given: &Node<'_>, complaints: &mut Complaints<'_>) {
        match self.known.iter().find(|(known, _)| known == name) {
            Some((_, false)) => {}
            Some((_, true)) => {
                let hint = "it comes from the environment";
                complaints.error(given.at(), "a secret does not stand in a spec", hint);
            }
            None => {
                let names: Vec<&str> = self.known.iter().map(|(known, _)| known.as_str()).collect();
                let hint = nearest(name, &names).map(|near| format!("did you mean `{near}`?"));
                let message = format!("the operation has no parameter `{name}`");
                complaints.error(given.at(), message, &hint.unwrap_or_default());
            }
        }
    }
}

fn check_source(operation: &Operation<'_>, source: &Node<'_>, complaints: &mut Complaints<'_>) {
    let Ok(Some(id)) = source.text("operation") else {
        let hint = "write `{operation: listar_pedidos, at: /pedidos/*/id}`";
        complaints.error(source.at(), "a source without `operation`", hint);
        return;
    };
    let Some(asked) = source.api().operations().find(|one| one.id() == id) else {
        complaints.error(source.at(), format!("there is no operation `{id}`"), "");
        return;
    };
    if asked.id() == operation.id() {
        complaints.error(source.at(), "a probe can't be its own source", "");
    }
    if !asked.probe().is_some_and(|probe| probe.is_safe) {
        let hint = "mark it, or name another operation";
        complaints.error(source.at(), format!("`{id}` has no `x-probe` with `safe: true`"), hint);
    }
    match source.child("at") {
        Some(at) => drop(super::paging::place(&asked, "at", &at, complaints)),
        None => complaints.error(source.at(), "a source without `at`", ""),
    }
}
