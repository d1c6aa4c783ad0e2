//! An observer that writes a line for each event.

use std::sync::{Arc, Mutex};

use prumo_runtime::{Answer, Attempt, CallEnd, Observer};

#[derive(Clone, Default)]
pub(crate) struct Watcher(Arc<Mutex<Vec<String>>>);

impl Watcher {
    /// Returns all lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Observer for Watcher {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let id = attempt.operation.id;
        let class = attempt.error.map_or("answered", |error| error.class_name());
        let status =
            attempt.status.map_or_else(|| "no status".to_owned(), |status| status.to_string());
        let pause = attempt
            .pause
            .map_or_else(String::new, |pause| format!(", pause {}", pause.as_secs_f64()));
        let waited = attempt.waited.as_secs_f64();
        self.write(format!("{id} {}: {class}, {status}, waited {waited}{pause}", attempt.number));
    }

    fn answer(&self, answer: &Answer<'_>) {
        self.write(format!(
            "{} answer {}: {} bytes",
            answer.operation.id,
            answer.status,
            answer.body.len()
        ));
    }

    fn call(&self, call: &CallEnd<'_>) {
        let class = call.error.map_or("fine", |error| error.class_name());
        self.write(format!("{} ended: {class}, {} attempts", call.operation.id, call.n_attempts));
    }
}
