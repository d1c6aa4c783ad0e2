//! Turns a field's name into a text that a Brazilian helpdesk might have there.
//!
//! The persons and companies are made up.

use crate::chance::Chance;

/// Words in names, and the kind of text for each; the first match counts.
const LOOKS: &[(&str, Look)] = &[
    ("url", Look::Link),
    ("email", Look::Address),
    ("mimetype", Look::Phrase(&["text/html"])),
    (
        "nomeorganizacao",
        Look::Phrase(&["Provedor Exemplo Ltda", "Comunicações São João", "Escola Modelo"]),
    ),
    ("nomecliente", Look::Phrase(PERSONS)),
    ("atendente", Look::Phrase(PERSONS)),
    ("operator", Look::Phrase(PERSONS)),
    ("nome", Look::Phrase(&["foto do roteador.png", "relatório.pdf", "medição às 14h.csv"])),
    (
        "status",
        Look::Phrase(&["Em análise", "Aguardando peça", "Agendado com o cliente", "Resolvido"]),
    ),
    (
        "descsituacao",
        Look::Phrase(&["Respondido, aguardando resposta do cliente", "Finalizado", "Em atenção"]),
    ),
    ("categoria", Look::Phrase(&["Rede sem fio", "Instalação", "Cobrança & faturas"])),
    ("departamento", Look::Phrase(&["Suporte N1", "Suporte N2", "Financeiro"])),
    ("label", Look::Phrase(&["Modelo do roteador", "Endereço de instalação", "Andar"])),
    (
        "titulo",
        Look::Phrase(&["Sem sinal no segundo andar", "Lentidão à noite", "2ª via do boleto"]),
    ),
    ("mensagem", Look::Markup),
    ("id", Look::Key),
    ("", Look::Sentences),
];

const PERSONS: &[&str] =
    &["Ana Modelo", "Bruno Exemplo", "João Fictício de Araújo", "Conceição Inventada"];

const SENTENCES: &[&str] = &[
    "O roteador do segundo andar parou de responder.",
    "Já foi reiniciado três vezes, sem solução.",
    "A luz \"LOS\" está acesa desde ontem à tarde.",
    "Peço retorno o quanto antes, é urgente!",
    "Medição no local: 12 Mbps de 300 contratados.",
    "Técnico agendado para amanhã, entre 8h e 12h.",
];

enum Look {
    /// One of these phrases.
    Phrase(&'static [&'static str]),
    /// Sentences as HTML, with quotes and line breaks.
    Markup,
    /// Sentences.
    Sentences,
    /// Returns 32 hexadecimal digits.
    Key,
    Link,
    Address,
}

/// Returns a text for the field `name`.
pub fn text(chance: &mut Chance, name: &str) -> String {
    let look = LOOKS
        .iter()
        .find(|(word, _)| name.contains(word))
        .map_or(&Look::Sentences, |(_, look)| look);
    match look {
        Look::Phrase(all) => chance.pick(all).copied().unwrap_or_default().to_owned(),
        Look::Markup => {
            let paragraphs: Vec<String> = (0..=chance.below(2))
                .map(|_| format!("<p class=\"texto\">{}</p>", sentences(chance)))
                .collect();
            paragraphs.join("\n")
        }
        Look::Sentences => sentences(chance),
        Look::Key => key(chance),
        Look::Link => format!("https://files.example.com/{}/anexo.png", key(chance)),
        Look::Address => format!("cliente{}@example.com", chance.below(1000)),
    }
}

/// Returns 32 hexadecimal digits.
pub fn key(chance: &mut Chance) -> String {
    format!("{:016x}{:016x}", chance.number(), chance.number())
}

fn sentences(chance: &mut Chance) -> String {
    let all: Vec<&str> =
        (0..=chance.below(2)).filter_map(|_| chance.pick(SENTENCES).copied()).collect();
    all.join(" ")
}
