//! Reads `x-paging` of an operation, and the calls in `x-webhooks`.

use std::collections::BTreeMap;

use prumo_spec::below;
use prumo_spec::openapi::{self, ParameterPlace};

use super::{Reader, SpecError, SpecFault};
use crate::contract::{Contract, PageSize, Paging, Parameter, Webhook};

/// The places that a parameter of paging may have.
const PLACES: [ParameterPlace; 2] = [ParameterPlace::Query, ParameterPlace::Path];

impl Reader<'_> {
    /// Returns the paging of an operation's list, if it has one.
    pub(super) fn paging(
        &self,
        operation: &openapi::Operation<'_>,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Result<Option<Paging>, SpecError> {
        let Some(paging) = operation.paging()? else {
            return Ok(None);
        };
        let parameter = |name: &str, called: &str| {
            let mut pointers =
                PLACES.into_iter().map(|place| super::parameters::pointer(place, called));
            let known = pointers.find(|pointer| parameters.contains_key(pointer));
            let expected = "a parameter of the path or the query";
            known.ok_or_else(|| {
                self.fault(&below(&paging.at, name), SpecFault::Expected { expected })
            })
        };
        let size = match &paging.size {
            None => PageSize::Unsaid,
            Some(openapi::PageSize::Parameter(name)) => PageSize::Asked(parameter("size", name)?),
            Some(openapi::PageSize::Fixed(size)) => PageSize::Fixed(*size),
        };
        Ok(Some(Paging {
            page: paging.page.as_deref().map(|name| parameter("page", name)).transpose()?,
            first: paging.first,
            size,
            items: paging.items,
            total: paging.total,
            current: paging.current,
            last: paging.last,
            next: paging.next,
        }))
    }
}

impl<'d> Reader<'d> {
    /// Reads the webhooks, which are operations without a path.
    pub(super) fn webhooks(&mut self, contract: &mut Contract) -> Result<(), SpecError> {
        for webhook in self.api.webhooks()? {
            let Some(webhook) = self.if_read(webhook)? else { continue };
            let mut promised = self.operation(&webhook.operation)?;
            let signature = self.or_default(webhook.signature())?;
            let signature = signature.and_then(|signature| signature.header);
            promised.webhook = Some(Box::new(Webhook { signature }));
            let id = webhook.operation.id().to_owned();
            if contract.operations.insert(id.clone(), promised).is_some() {
                return Err(webhook.operation.node().fault(SpecFault::DuplicateOperation { id }));
            }
        }
        Ok(())
    }
}
