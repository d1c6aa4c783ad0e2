//! Holds the advice of each rule in Portuguese.

use crate::rules::Rule;

/// Every rule with its remedy.
const ADVICE: &[(Rule, &str)] = &[
    (
        Rule::FieldUndocumented,
        "O cliente ignora o membro. Inclua-o na especificação se precisar dele.",
    ),
    (
        Rule::FieldMissing,
        "O cliente não consegue decodificar a resposta, a não ser que o campo aceite null ou pertença ao envelope. Torne o campo opcional na especificação e gere de novo.",
    ),
    (
        Rule::FieldMisplaced,
        "Um fornecedor que devolve um segredo pode vazá-lo: trate a resposta como secreta. Corrija a marca na especificação se o membro pertence aos dois lados.",
    ),
    (
        Rule::TypeChanged,
        "O cliente não consegue decodificar o valor, a não ser que o formato aceite os dois tipos. Corrija o tipo na especificação e gere de novo.",
    ),
    (
        Rule::NullUnexpected,
        "O cliente não consegue decodificar null em um campo obrigatório ou em uma lista; em um campo opcional, lê null como ausente. Marque o campo como anulável na especificação e gere de novo.",
    ),
    (
        Rule::EnumValueUnknown,
        "Um enum aberto guarda o valor: trate a variante desconhecida e inclua o valor na especificação.",
    ),
    (
        Rule::FormatViolated,
        "O cliente não consegue decodificar uma data ou um número com tipo; texto puro é apenas inesperado. Corrija o formato na especificação.",
    ),
    (
        Rule::BoundExceeded,
        "O cliente não confere limites, mas não decodifica um inteiro acima de 64 bits. Veja onde o seu código conta com os limites e corrija-os na especificação.",
    ),
    (
        Rule::AlternativeAmbiguous,
        "O cliente usa a primeira alternativa que consegue ler. Dê a cada alternativa um membro com valor distinto, ou use `anyOf`.",
    ),
    (
        Rule::StatusUndocumented,
        "O cliente decodifica todo 2XX como o prometido e devolve um erro para qualquer outro status. Inclua o status na especificação.",
    ),
    (
        Rule::ContentTypeChanged,
        "O cliente decodifica JSON sob qualquer tipo de mídia, e nada mais. Veja quem enviou a resposta: muitas vezes é a página de erro de um proxy.",
    ),
    (
        Rule::BodyUnreadable,
        "O cliente devolve um erro de decodificação, exceto por um BOM, U+FFFD em um texto e nomes repetidos que a especificação não conhece. Guarde a troca e pergunte ao fornecedor.",
    ),
    (
        Rule::EnvelopeContradiction,
        "A resposta não diz com certeza se a chamada deu certo. Trate o erro e pergunte ao fornecedor.",
    ),
    (
        Rule::PagingContradiction,
        "O cliente segue estes números e pode perder itens, repeti-los ou nunca chegar ao fim. Corrija `x-paging` na especificação, ou conte os itens e pergunte ao fornecedor.",
    ),
    (
        Rule::HeaderMissing,
        "O cliente não decodifica cabeçalhos. Veja onde o seu código lê este, e torne-o opcional na especificação se o fornecedor o omite.",
    ),
    (Rule::ParamUndocumented, "Inclua o parâmetro na especificação se o fornecedor o aceita."),
    (
        Rule::ParamMissing,
        "Torne o parâmetro opcional na especificação se o fornecedor aceita a requisição sem ele.",
    ),
    (
        Rule::OperationUnknown,
        "Inclua a operação na especificação, ou dispense o endereço: a dispensa tem o que foi visto (`GET /item/*`) como `operation`.",
    ),
    (Rule::OperationNeverSeen, "Grave uma troca: até lá, a operação não está verificada."),
    (
        Rule::StatusNeverSeen,
        "Grave uma resposta com este status: até lá, o corpo dela não está verificado.",
    ),
    (Rule::FieldNeverSeen, "Grave uma resposta que o tenha, ou retire-o da especificação."),
    (Rule::CaseNeverSeen, "Grave uma resposta deste caso."),
    (Rule::EnumValueNeverSeen, "Grave uma resposta que o tenha, ou retire-o da especificação."),
    (Rule::WaiverStale, "Retire a dispensa, ou dê a ela um novo último dia."),
];

/// Returns the remedy of a rule for a person who reads Portuguese.
pub(super) fn advice(rule: Rule) -> &'static str {
    ADVICE.iter().find(|(known, _)| *known == rule).map(|(_, advice)| *advice).unwrap_or_default()
}
