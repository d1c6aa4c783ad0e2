//! Turns the reason of a refusal into the answer that the spec promises for it.

use prumo_drift::contract::{Contract, Envelope, Operation};
use prumo_drift::judge_value;
use prumo_spec::MediaType;
use serde_json::Value;

use super::make::{self, concrete};
use crate::answer::{Answer, Body};
use crate::envelope;
use crate::fact::{Fact, Facts};
use crate::fault::Refused;
use crate::store::Store;
use crate::tell::{Gap, Teller};

/// Members that usually hold the message of a refusal.
const SENTENCES: &[&str] = &[
    "message",
    "mensagem",
    "msg",
    "detail",
    "detalhe",
    "title",
    "titulo",
    "description",
    "descricao",
    "error_description",
    "error",
    "erro",
    "reason",
    "razao",
    "motivo",
];

/// Members that usually hold its status.
const STATUSES: &[&str] = &["status", "statusCode", "status_code", "code", "codigo"];

/// Members that usually hold an object, or a list of objects, with these.
const AROUND: &[&str] = &["error", "erro", "errors", "erros", "violacoes", "violations", "details"];

/// The reason of a refusal.
pub(crate) struct Denial {
    /// Statuses for this reason, the best first.
    statuses: &'static [u16],
    pub(super) sentence: String,
}

impl From<Refused> for Denial {
    fn from(why: Refused) -> Self {
        let (statuses, sentence): (&[u16], _) = match why {
            Refused::Forbidden => (&[403], "the account lacks the permission"),
            Refused::NotFound => (&[404, 410], "the resource does not exist"),
            Refused::Invalid => (&[400, 422], "the request is not valid"),
            Refused::Token => (&[401, 403], "the credential is not valid"),
            Refused::Expired => (&[401, 403], "the credential has expired"),
            Refused::TooMany => (&[429], "more requests than the rate limit allows"),
            Refused::Broken => (&[500, 502, 503], "the server crashed"),
        };
        Self::new(statuses, sentence.to_owned())
    }
}

impl Denial {
    pub(super) fn new(statuses: &'static [u16], sentence: String) -> Self {
        Self { statuses, sentence }
    }

    /// Returns the status of a refusal that the spec does not promise.
    pub(super) fn status(&self) -> u16 {
        self.statuses.first().copied().unwrap_or(400)
    }

    /// Returns the promised answer for this reason; `None` if no promise fits.
    pub(super) fn promised(&self, contract: &Contract, operation: &Operation) -> Option<Answer> {
        let is_named =
            |status: &&u16| operation.response_key(**status).is_some_and(|key| key != "default");
        if let Some(status) = self.statuses.iter().find(is_named) {
            return self.of_status(contract, operation, *status);
        }
        let in_envelope = || {
            let envelope = operation.envelope.as_ref()?;
            envelope::failure(operation, envelope)?;
            self.of_status(contract, operation, 200)
        };
        let by_default = || {
            operation.responses.get("default")?;
            self.of_status(contract, operation, self.status())
        };
        in_envelope().or_else(by_default)
    }

    fn of_status(&self, contract: &Contract, operation: &Operation, status: u16) -> Option<Answer> {
        let promise = operation.response(status)?;
        let Some(key) = super::media_of(promise, None) else {
            return Some(Answer::new(status, Body::Absent));
        };
        let shape = &promise.media.get(key)?.shape;
        let media_type = concrete(key, shape);
        if !MediaType::new(&media_type).is_json() {
            return Some(Answer::new(
                status,
                Body::Bytes(media_type, self.sentence.clone().into()),
            ));
        }
        let teller = Teller { contract, store: &Store::default(), about: &Facts::new(), seed: 1 };
        let known = Fact::Either(vec![
            self.facts(status, operation.envelope.as_ref().zip(envelope_failure(operation))).into(),
            self.sentence.as_str().into(),
        ]);
        let told = teller.any(shape, &known, Gap::Bare);
        let fits = |value: &Value| judge_value(contract, shape, &value.to_string()).is_empty();
        let told = told.filter(fits).or_else(|| make::sampled(contract, shape, 1, |_| true))?;
        Some(Answer::new(status, Body::Json(media_type, told)))
    }

    /// Returns the facts of a refusal, under every name that a spec may use for them.
    fn facts(&self, status: u16, envelope: Option<(&Envelope, Value)>) -> Facts {
        let sentence = || Fact::from(self.sentence.as_str());
        let mut within = Facts::new();
        for name in SENTENCES {
            within.set(*name, sentence());
        }
        for name in STATUSES {
            within.set(
                *name,
                Fact::Either(vec![u64::from(status).into(), status.to_string().into()]),
            );
        }
        let mut facts = within.clone();
        for name in AROUND {
            let one = || Fact::Either(vec![within.clone().into(), sentence()]);
            facts.set(
                *name,
                Fact::Either(vec![within.clone().into(), vec![one()].into(), sentence()]),
            );
        }
        if let Some((envelope, tag)) = envelope {
            facts.set("success", false);
            if let Some(name) = &envelope.message {
                facts.set(name.clone(), sentence());
            }
            facts.set(envelope.tag.clone(), tag);
        }
        facts
    }
}

fn envelope_failure(operation: &Operation) -> Option<Value> {
    envelope::failure(operation, operation.envelope.as_ref()?)
}
