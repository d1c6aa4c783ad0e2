//! A path of a document, and invented names for the operations and webhooks without an id.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::{Node, OpenApi, Operation, Server, SpecError, server};
use crate::method::Method;
use crate::names::{RESERVED_METHODS, invented_name, method_key};

/// The keyword of the calls that the vendor makes.
pub(super) const WEBHOOKS: &str = "x-webhooks";

/// Invented names of operations, by keyword of the list, path or webhook, and method.
#[derive(Debug, Default)]
pub(super) struct Invented(BTreeMap<(&'static str, String, &'static str), String>);

impl Invented {
    /// Returns the name of an operation of a path.
    pub(super) fn operation(&self, path: &str, method: Method) -> String {
        self.of("paths", path, method)
    }

    /// Returns the name of a call of a webhook.
    pub(super) fn webhook(&self, name: &str, method: Method) -> String {
        self.of(WEBHOOKS, name, method)
    }

    fn of(&self, list: &'static str, name: &str, method: Method) -> String {
        self.0.get(&(list, name.to_owned(), method.key())).cloned().unwrap_or_default()
    }
}

/// A path and its operations.
#[derive(Clone, Debug)]
pub struct PathItem<'d> {
    path: &'d str,
    node: Node<'d>,
    names: Rc<Invented>,
}

impl<'d> PathItem<'d> {
    pub(super) fn read(
        path: &'d str,
        node: &Node<'d>,
        names: &Rc<Invented>,
    ) -> Result<Self, SpecError> {
        if !path.starts_with('/') {
            let expected = "a path that starts with `/`";
            return Err(node.fault(super::SpecFault::Expected { expected }));
        }
        Ok(Self { path, node: node.followed()?, names: Rc::clone(names) })
    }

    /// Returns the template: `/chamado/{token}`.
    pub fn path(&self) -> &'d str {
        self.path
    }

    /// Returns the object.
    pub fn node(&self) -> &Node<'d> {
        &self.node
    }

    /// Returns its operations in the order of [`Method::ALL`].
    pub fn operations(&self) -> impl Iterator<Item = Result<Operation<'d>, SpecError>> + use<'d> {
        let Self { path, node, names } = self.clone();
        Method::ALL.into_iter().filter_map(move |method| {
            let operation = node.child(method.key())?;
            let name = || names.operation(path, method);
            Some(Operation::read(operation, &node, method, path, name))
        })
    }

    /// Returns its own servers.
    ///
    /// # Errors
    ///
    /// Fails if `servers` is not a list of servers.
    pub fn servers(&self) -> Result<Vec<Server>, SpecError> {
        server::servers(&self.node)
    }
}

/// Returns the operation of a path item whose reference was followed.
pub(super) fn operation<'d>(
    path: &'d str,
    item: &Node<'d>,
    method: Method,
) -> Option<Operation<'d>> {
    let name = || invented(item.api()).operation(path, method);
    Operation::read(item.child(method.key())?, item, method, path, name).ok()
}

/// Returns the call of a webhook whose reference was followed.
pub(super) fn webhook<'d>(name: &'d str, item: &Node<'d>, method: Method) -> Option<Operation<'d>> {
    let invented = || invented(item.api()).webhook(name, method);
    Operation::read(item.child(method.key())?, item, method, name, invented).ok()
}

/// Invents a name for each operation and webhook without an id: method and path as words.
///
/// A name that is taken gets a number. The generated client has the same names.
pub(super) fn invented(api: OpenApi<'_>) -> Invented {
    let mut taken: BTreeSet<String> = RESERVED_METHODS.map(method_key).into();
    let mut open = Vec::new();
    for list in ["paths", WEBHOOKS] {
        let items = api.root().get(list).and_then(Value::as_object).into_iter().flatten();
        for (name, item) in items.filter(|(name, _)| !name.starts_with("x-")) {
            let Ok(item) = Node::new(api, String::new(), item).followed() else { continue };
            // In document order, in which a client's names are given, too.
            for (member, operation) in item.value().as_object().into_iter().flatten() {
                let Some(method) = Method::ALL.into_iter().find(|method| method.key() == member)
                else {
                    continue;
                };
                let id = operation.get("operationId").and_then(Value::as_str);
                match id.filter(|id| !id.is_empty()) {
                    Some(id) => drop(taken.insert(method_key(id))),
                    None => open.push((list, name.clone(), method.key())),
                }
            }
        }
    }
    let mut names = Invented::default();
    for (list, path, method) in open {
        let name = invented_name(method, &path);
        let numbered = (2_u32..).map(|count| format!("{name}_{count}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| taken.insert(method_key(name)));
        names.0.insert((list, path, method), free.unwrap_or(name));
    }
    names
}
