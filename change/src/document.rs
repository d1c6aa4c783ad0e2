//! Compares two documents.

use std::collections::BTreeMap;

use prumo_spec::SpecError;
use prumo_spec::openapi::{OpenApi, Webhook};

use crate::change::Changes;
use crate::effect::Side;
use crate::rules::Rule;
use crate::walk::{Both, Walk};
use crate::{bodies, credentials, operations, schema};

/// Returns what changed from `old` to `new`, the worst for callers first.
///
/// # Errors
///
/// Fails if one of them is not OpenAPI 3.0, or if a place that changed can't be read.
pub fn compare(old: OpenApi<'_>, new: OpenApi<'_>) -> Result<Changes, SpecError> {
    old.check_version()?;
    new.check_version()?;
    let mut walk = Walk::new(old, new);
    servers(&mut walk)?;
    credentials::schemes(&mut walk);
    operations::compare(&mut walk)?;
    webhooks(&mut walk)?;
    schema::work_off(&mut walk)?;
    Ok(walk.finish())
}

fn servers(walk: &mut Walk<'_>) -> Result<(), SpecError> {
    walk.old.servers()?;
    walk.new.servers()?;
    let at = Both { old: "/servers", new: "/servers" };
    match (walk.old.base_url(), walk.new.base_url()) {
        (Some(old), Some(new)) if old != new => {
            walk.tell(Rule::ServerChanged, at, Both { old: &old, new: &new });
        }
        (Some(old), None) => walk.tell(Rule::ServerRemoved, at, Both { old: &old, new: "" }),
        _ => (),
    }
    Ok(())
}

/// Compares the calls that the vendor makes, whose bodies the caller receives.
fn webhooks(walk: &mut Walk<'_>) -> Result<(), SpecError> {
    let old: Vec<Webhook<'_>> = walk.old.webhooks()?.into_iter().collect::<Result<_, _>>()?;
    let new: Vec<Webhook<'_>> = walk.new.webhooks()?.into_iter().collect::<Result<_, _>>()?;
    let mut by_name: BTreeMap<&str, &Webhook<'_>> =
        new.iter().map(|one| (one.operation.id(), one)).collect();
    for one in &old {
        let name = one.operation.id();
        let Some(other) = by_name.remove(name) else {
            walk.enter(&one.operation);
            let at = Both { old: one.operation.at(), new: "/x-webhooks" };
            walk.tell(Rule::WebhookRemoved, at, Both { old: name, new: "" });
            continue;
        };
        walk.enter(&other.operation);
        let (old, new) = (one.operation.request_body()?, other.operation.request_body()?);
        if let (Some(old), Some(new)) = (old, new) {
            let at = Both { old: old.node().at(), new: new.node().at() };
            let (was, is): (Vec<_>, Vec<_>) = (old.content()?.collect(), new.content()?.collect());
            bodies::content(walk, at, Both { old: &was, new: &is }, Side::Received)?;
        }
    }
    for one in by_name.into_values() {
        walk.enter(&one.operation);
        let at = Both { old: "/x-webhooks", new: one.operation.at() };
        walk.tell(Rule::WebhookAdded, at, Both { old: "", new: one.operation.id() });
    }
    Ok(())
}
