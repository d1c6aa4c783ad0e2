//! Holds the state that all connections of a stand-in share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::arguments::Arguments;
use crate::courier::{Delivery, Outbox};
use crate::setup::{Setup, Start};
use crate::world::World;

/// State that all connections share.
pub(crate) struct Shared {
    pub(crate) setup: Setup,
    world: Mutex<World>,
    outbox: Mutex<Outbox>,
}

impl Shared {
    pub(crate) fn new(setup: Setup, world: World, outbox: Outbox) -> Self {
        Self { setup, world: Mutex::new(world), outbox: Mutex::new(outbox) }
    }

    pub(crate) fn has_operation(&self, id: &str) -> bool {
        self.setup.subject.prepared().contract.operations.contains_key(id)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets records, tokens, requests, faults and deliveries, and begins anew.
    pub(crate) fn reset(&self, start: Start) {
        *self.world() = World::new(&self.setup, start);
        self.outbox().clear();
    }

    pub(crate) fn keep_delivery(&self, webhook: &str, status: Option<u16>) {
        self.outbox().keep(Delivery { webhook: webhook.to_owned(), status });
    }

    /// Queues the webhooks that an operation caused, if there is a receiver.
    ///
    /// * `world`: the one that did the work, still locked, so that webhooks keep the order of the
    ///   work.
    /// * `operation`: empty for those that registering the receiver causes.
    pub(crate) fn notify(
        &self,
        world: &mut World,
        operation: &str,
        arguments: &Arguments,
        answer: &Value,
    ) {
        let Some(to) = &self.setup.webhooks_to else { return };
        let posts = world.notices(&self.setup, operation, arguments, answer);
        posts.into_iter().for_each(|post| self.outbox().add(post, to.clone()));
    }
}
