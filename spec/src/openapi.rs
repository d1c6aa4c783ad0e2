//! Turns an OpenAPI 3.0 document into typed views: operations, schemas, security, extensions.
//!
//! A view is a place in the document and reads members on demand. So a document is held once,
//! members that are not requested are never read, and a fault elsewhere stops no reader.
//!
//! Invariants:
//!
//! * Every view has the JSON Pointer to its place, from which the document finds file and line.
//! * A value of the wrong kind is a [`SpecError`] from the accessor that reads it.
//! * All references are followed by the same code, at most [`MAX_HOPS`] in a row.

mod body;
mod envelope;
mod error;
mod extensions;
mod keywords;
mod mend;
mod node;
mod operation;
mod paging;
mod parameter;
mod path;
mod references;
mod schema;
mod security;
mod server;

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::document::{Document, Mend};
use crate::method::Method;
use crate::pointer::{below, unescaped};
use crate::version::Version;

pub use body::{Encoding, Media, RequestBody, Response, read_status};
pub use envelope::{Envelope, EnvelopeMember, Outcome};
pub use error::{SpecError, SpecFault};
pub use extensions::{Evidence, Pii, Probe, ProbeSource, RateLimit, Signature, Source};
pub use keywords::{Combination, FOREIGN_KEYWORDS, TYPES, is_annotation};
pub use node::Node;
pub use operation::{Operation, Webhook, template_names};
pub use paging::{PageBehind, PageSize, Paging, PagingEnd, PagingStyle};
pub use parameter::{Parameter, ParameterPlace, ParameterStyle};
pub use path::PathItem;
pub use references::{MAX_HOPS, is_mapped_to, resolve, schema_name, schema_pointer};
pub use schema::{AdditionalProperties, Discriminator, Schema};
pub use security::{Login, OAuthFlow, Placement, SecurityScheme};
pub use server::{Server, ServerTemplate, ServerVariable, behind_scheme, host_of_url, path_of_url};

/// A document, read as OpenAPI.
#[derive(Clone, Copy, Debug)]
pub struct OpenApi<'d> {
    document: &'d Document,
    root: &'d Value,
}

impl<'d> OpenApi<'d> {
    /// Reads a document. Slips of a foreign one are mended; [`Self::mends`] lists them.
    pub fn new(document: &'d Document) -> Self {
        let mended = document.mended(mend::mended);
        Self { document, root: mended.value.as_ref().unwrap_or_else(|| document.value()) }
    }

    /// Reads `root`, a corrected copy of the document, and takes positions from the document.
    pub fn corrected(document: &'d Document, root: &'d Value) -> Self {
        Self { document, root }
    }

    /// Returns the document, which knows file and line of every pointer.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// Returns the whole value.
    pub fn root(self) -> &'d Value {
        self.root
    }

    /// Returns the whole document as a node.
    pub fn node(self) -> Node<'d> {
        Node::new(self, String::new(), self.root)
    }

    /// Returns the value that a pointer names, as a node.
    pub fn at(self, pointer: &str) -> Option<Node<'d>> {
        let value = self.root.pointer(pointer)?;
        Some(Node::new(self, pointer.to_owned(), value))
    }

    /// Returns a fault at the pointer `at` as an error.
    pub fn fault(self, at: &str, fault: SpecFault) -> SpecError {
        SpecError::new(self.document, at, fault)
    }

    /// Checks that the document is OpenAPI 3.0.
    ///
    /// # Errors
    ///
    /// Returns [`SpecFault::Version`] or [`SpecFault::NoVersion`], or an error if the document is
    /// not an object.
    pub fn check_version(self) -> Result<(), SpecError> {
        self.node().members("an OpenAPI document")?;
        match Version::of(self.root) {
            Some(version) if version.is_supported() => Ok(()),
            Some(version) => {
                let at =
                    if matches!(version, Version::OpenApi(_)) { "/openapi" } else { "/swagger" };
                Err(self.fault(at, SpecFault::Version { version }))
            }
            None => Err(self.fault("/openapi", SpecFault::NoVersion)),
        }
    }

    /// Returns `info`.
    pub fn info(self) -> Option<Node<'d>> {
        self.node().child("info")
    }

    /// Returns the paths in document order, references followed, without `x-` members.
    ///
    /// # Errors
    ///
    /// Fails if `paths` is not an object. A path that can't be read is an error in the list.
    pub fn paths(self) -> Result<Vec<Result<PathItem<'d>, SpecError>>, SpecError> {
        let names = Rc::new(path::invented(self));
        let entries = self.node().entries("paths", "an object of paths")?;
        let entries = entries.filter(|(path, _)| !path.starts_with("x-"));
        Ok(entries.map(|(path, node)| PathItem::read(path, &node, &names)).collect())
    }

    /// Returns the operation of a path's template.
    pub fn operation(self, path: &str, method: Method) -> Option<Operation<'d>> {
        let mut paths = self.node().entries("paths", "").ok()?;
        let (path, item) = paths.find(|(known, _)| *known == path)?;
        path::operation(path, &item.followed().ok()?, method)
    }

    /// Returns the operation that is written at a pointer: of a path, a webhook or a callback.
    pub fn operation_at(self, at: &str) -> Option<Operation<'d>> {
        let (item_at, method) = at.rsplit_once('/')?;
        let (list_at, name) = item_at.rsplit_once('/')?;
        let list = self.root.pointer(list_at)?.as_object()?;
        let (path, _) = list.get_key_value(&unescaped(name))?;
        let (item, method) = (self.at(item_at)?, Method::named(method)?);
        match list_at.strip_prefix('/') == Some(path::WEBHOOKS) {
            true => path::webhook(path, &item, method),
            false => path::operation(path, &item, method),
        }
    }

    /// Returns the operations that can be read, in document order.
    pub fn operations(self) -> impl Iterator<Item = Operation<'d>> {
        let paths = self.paths().unwrap_or_default();
        paths.into_iter().flatten().flat_map(|item| item.operations()).flatten()
    }

    /// Returns the calls that the vendor makes (`x-webhooks`), references followed.
    ///
    /// # Errors
    ///
    /// Fails if `x-webhooks` is not an object. A webhook that can't be read is an error in the
    /// list.
    pub fn webhooks(self) -> Result<Vec<Result<Webhook<'d>, SpecError>>, SpecError> {
        let names = path::invented(self);
        let entries = self.node().entries(path::WEBHOOKS, "an object of webhooks")?;
        Ok(entries.flat_map(|(name, node)| operation::webhooks(name, &node, &names)).collect())
    }

    /// Returns the named schemas, in document order.
    pub fn schemas(self) -> impl Iterator<Item = (&'d str, Schema<'d>)> {
        let components = self.root.pointer(references::SCHEMAS).and_then(Value::as_object);
        components.into_iter().flatten().map(move |(name, value)| {
            (name.as_str(), Schema::of(Node::new(self, below(references::SCHEMAS, name), value)))
        })
    }

    /// Returns the schema of this name, see [`schema_name`].
    pub fn schema(self, name: &str) -> Option<Schema<'d>> {
        self.at(&schema_pointer(name)).map(Schema::of)
    }

    /// Returns the schemas of `components` that nothing refers to.
    pub fn unused_schemas(self) -> impl Iterator<Item = Schema<'d>> {
        let referred = references::referred(self);
        self.schemas().filter(move |(name, _)| !referred.contains(*name)).map(|(_, schema)| schema)
    }

    /// Returns the security schemes by name, with references followed unless they are dead.
    pub fn security_schemes(self) -> impl Iterator<Item = SecurityScheme<'d>> {
        let components = self.node().child("components");
        let entries =
            components.and_then(|components| components.entries("securitySchemes", "").ok());
        entries.into_iter().flatten().map(|(name, node)| SecurityScheme::read(name, &node))
    }

    /// Returns the security scheme of this name.
    pub fn security_scheme(self, name: &str) -> Option<SecurityScheme<'d>> {
        self.security_schemes().find(|scheme| scheme.name() == name)
    }

    /// Returns the servers.
    ///
    /// # Errors
    ///
    /// Fails if `servers` is not a list of servers.
    pub fn servers(self) -> Result<Vec<Server>, SpecError> {
        server::servers(&self.node())
    }

    /// Returns the first server as a URL or a path with variables in braces.
    pub fn server_template(self) -> Option<ServerTemplate> {
        server::template(&self.node())
    }

    /// Returns the URL of the first server, if a client can call it: with scheme and host, with the
    /// defaults of its variables, and without a free variable in the host.
    pub fn base_url(self) -> Option<String> {
        server::base_url(&self.node())
    }

    /// Returns the path of the first server, with the defaults of its variables.
    pub fn base_path(self) -> Option<String> {
        server::base_path(&self.node())
    }

    /// Returns the document's rate limit for all operations.
    pub fn rate_limit(self) -> Option<RateLimit> {
        RateLimit::read(&self.node())
    }

    /// Returns the default credentials of operations: OR of ANDs.
    pub fn security(self) -> Vec<Vec<&'d str>> {
        security::alternatives(self.root.get("security"))
    }

    /// Returns whether some operation states its source; then the document is ours, and all must.
    pub fn is_house(self) -> bool {
        is_house(self.root)
    }

    /// Returns the slips that were mended, in document order.
    pub fn mends(self) -> &'d [Mend] {
        &self.document.mended(mend::mended).mends
    }
}

fn is_house(root: &Value) -> bool {
    let items = root.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let mut operations = items.filter_map(Value::as_object).flat_map(Map::values);
    operations.any(|operation| operation.get("x-source").is_some())
}

#[cfg(test)]
mod tests;
