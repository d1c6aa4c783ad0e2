//! Asks for, stores and reads the ratings of HubSoft's tickets (avaliações).

use serde_json::Value;

use super::must_find;
use super::tickets::{self, TICKET};
use crate::fact::{Fact, Facts, plain};
use crate::refusal::Refusal;
use crate::turn::Turn;

/// The sentence of a refusal where the ticket has no rating.
const UNKNOWN: &str = "Avaliação não encontrada.";

/// The questions about every ticket: number, subject, words.
const QUESTIONS: &[(u64, &str, &str)] = &[
    (1, "empresa", "Que nota dá à EMPRESA EXEMPLO?"),
    (2, "usuario_abertura", "Que nota dá ao atendimento de Bruno Exemplo?"),
];

fn question(number: u64, about: &'static str, words: &'static str) -> Facts {
    Facts::new().with("id_avaliacao", number).with("tipo_avaliacao", about).with("questao", words)
}

pub(super) fn ask(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let ticket = must_find(turn, TICKET, "id_atendimento", tickets::UNKNOWN)?;
    let asked =
        QUESTIONS.iter().map(|(number, about, words)| Fact::Own(question(*number, about, words)));
    Ok(Facts::new().with("atendimento", ticket).with("questoes", asked.collect::<Vec<_>>()))
}

pub(super) fn answer(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let ticket = must_find(turn, TICKET, "id_atendimento", tickets::UNKNOWN)?;
    let sent =
        turn.arguments.json("questoes").and_then(Value::as_array).cloned().unwrap_or_default();
    if sent.is_empty() {
        return Err(Refusal::Missing("questoes".to_owned()));
    }
    if turn.store.get(ticket).is_some_and(|facts| facts.get("avaliacao").is_some()) {
        return Err(Refusal::Rule("O atendimento já foi avaliado."));
    }
    let mut answers = Vec::new();
    let mut sum = 0.0;
    for answer in &sent {
        let number = answer.get("id_avaliacao").and_then(Value::as_u64);
        let asked = QUESTIONS.iter().find(|(asked, ..)| Some(*asked) == number);
        let (number, about, words) =
            asked.ok_or_else(|| Refusal::Invalid("id_avaliacao".to_owned()))?;
        let mark = answer.get("avaliacao");
        sum += mark.and_then(Value::as_f64).unwrap_or_default();
        let told = question(*number, about, words).with("avaliacao", mark.and_then(plain));
        answers.push(Fact::Own(told.with("data_cadastro", turn.now)));
    }
    let n_answers = u32::try_from(answers.len()).unwrap_or(u32::MAX);
    let rating = Facts::new()
        .with("avaliacoes", answers)
        .with("media", sum / f64::from(n_answers))
        .with("comentario", turn.text("comentario"));
    if let Some(facts) = turn.store.get_mut(ticket) {
        facts.set("avaliacao", rating);
    }
    read(turn)
}

pub(super) fn read(turn: &mut Turn<'_>) -> Result<Facts, Refusal> {
    let ticket = must_find(turn, TICKET, "id_atendimento", tickets::UNKNOWN)?;
    let rating = turn.store.get(ticket).and_then(|facts| facts.get("avaliacao")).cloned();
    let rating = rating.ok_or(Refusal::Unknown(UNKNOWN))?;
    Ok(Facts::new().with("atendimento", ticket).with("avaliacao", rating))
}
