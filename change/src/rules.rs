//! Decides the name of each rule, and the effect of its changes on callers.
//!
//! A rule is one row of `table`: name, effect for what callers send, effect for what they receive,
//! sentence and remedy. Only the row decides severity and version.

mod table;

pub use table::Rule;

use crate::effect::{Effect, Side};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// The rule.
    pub rule: Rule,
    /// Its name in reports, in kebab case.
    pub name: &'static str,
    /// The effect on callers who send the value; `None` if they notice nothing, and the change is not
    /// reported.
    pub sent: Option<Effect>,
    /// The effect on callers who receive the value in a response of success.
    pub received: Option<Effect>,
    /// The rule in one sentence.
    pub sentence: &'static str,
    /// The remedy, for a caller of the client or the keeper of the crate.
    pub remedy: &'static str,
}

impl RuleRow {
    /// Returns the effect on one side, or `None` if callers notice nothing there.
    ///
    /// The client has no types for refusals, so their changes never break its compilation, and a
    /// call that is refused fails anyway.
    pub fn effect(&self, side: Side) -> Option<Effect> {
        match side {
            Side::Sent => self.sent,
            Side::Received => self.received,
            Side::Refused => self.received.map(Effect::of_refusal),
        }
    }
}

impl Rule {
    /// Returns the name in reports.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the rule of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}
