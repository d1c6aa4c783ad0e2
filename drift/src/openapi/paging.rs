//! `x-paging` of an operation, and the calls in `x-webhooks`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::operations::METHODS;
use super::{Reader, SpecError, SpecFault};
use crate::contract::{Contract, PageSize, Paging, Parameter, Webhook};
use prumo_spec::document::below;

/// Where a parameter of paging may be.
const PLACES: [&str; 2] = ["/query", "/path"];

impl Reader<'_> {
    /// How the list of an operation comes in pages, if it says so.
    pub(super) fn paging(
        &self,
        at: &str,
        operation: &Map<String, Value>,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Result<Option<Paging>, SpecError> {
        let Some(paging) = operation.get("x-paging") else {
            return Ok(None);
        };
        let at = below(at, "x-paging");
        let members = self.object(&at, paging, "a mapping")?;
        let place = |name: &str| match self.text(&at, members, name)? {
            Some(pointer) if !pointer.starts_with('/') => {
                Err(self.fault(&below(&at, name), SpecFault::Expected { expected: "a JSON Pointer" }))
            }
            pointer => Ok(pointer.map(str::to_owned)),
        };
        let Some(items) = place("items")? else {
            return Err(self.fault(&at, SpecFault::Expected { expected: "`items`" }));
        };
        let parameter = |name: &str, called: &str| {
            let pointers = PLACES.map(|place| below(place, called));
            let known = pointers.into_iter().find(|pointer| parameters.contains_key(pointer));
            let expected = "a parameter of the path or the query";
            known.ok_or_else(|| self.fault(&below(&at, name), SpecFault::Expected { expected }))
        };
        let size = match members.get("size") {
            None => PageSize::Unsaid,
            Some(Value::String(name)) => PageSize::Asked(parameter("size", name)?),
            Some(Value::Number(size)) if size.as_u64() > Some(0) => {
                PageSize::Fixed(size.as_u64().unwrap_or_default())
            }
            Some(_) => {
                let expected = "the name of a parameter, or a number";
                return Err(self.fault(&below(&at, "size"), SpecFault::Expected { expected }));
            }
        };
        Ok(Some(Paging {
            page: self.text(&at, members, "page")?.map(|name| parameter("page", name)).transpose()?,
            first: members.get("first").and_then(Value::as_u64).unwrap_or_default(),
            size,
            items,
            total: place("total")?,
            current: place("current")?,
            last: place("last")?,
            next: place("next")?,
        }))
    }

    /// The calls that the vendor makes: operations without a path.
    pub(super) fn webhooks(&mut self, contract: &mut Contract) -> Result<(), SpecError> {
        let root = self.root;
        let Some(webhooks) = root.get("x-webhooks") else {
            return Ok(());
        };
        for (name, item) in self.object("/x-webhooks", webhooks, "an object of webhooks")? {
            let (at, item) = self.follow(&below("/x-webhooks", name), item)?;
            for method in METHODS {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let at = below(&at, method);
                let object = self.object(&at, operation, "an operation object")?;
                let (id, mut promised) = self.operation(&at, "", method, item, object)?;
                let Some(id) = id else {
                    return Err(self.fault(&at, SpecFault::Expected { expected: "`operationId`" }));
                };
                let signature = match object.get("x-signature") {
                    Some(signature) => {
                        let at = below(&at, "x-signature");
                        let signature = self.object(&at, signature, "a mapping")?;
                        self.text(&at, signature, "header")?.map(str::to_owned)
                    }
                    None => None,
                };
                promised.webhook = Some(Box::new(Webhook { signature }));
                if contract.operations.insert(id.clone(), promised).is_some() {
                    return Err(self.fault(&at, SpecFault::DuplicateOperation { id }));
                }
            }
        }
        Ok(())
    }
}
