//! Holds the words of the reports for people in both languages: of the page, of Markdown and of the
//! screen.
//!
//! Invariants:
//!
//! * A text of each language has the same places (`{}`) in the same order.

use crate::language::{Language, Noun, Text};

/// Writes the constants, and lists them for the tests.
macro_rules! texts {
    ($($name:ident $en:literal $pt:literal;)*) => {
        $(pub(super) const $name: Text = Text { en: $en, pt: $pt };)*

        /// Every text.
        #[cfg(test)]
        pub(super) const ALL: &[Text] = &[$($name),*];
    };
}

texts! {
    FITS "fits" "confere";
    DRIFTS "drifts" "desvia";
    SKIPPED "skipped" "pulado";
    NOT_JUDGED "not judged" "não julgado";
    WAIVED "waived" "dispensado";
    GONE "gone" "sumiu";
    STALE "stale" "vencido";
    ENDS_SOON "ends soon" "termina em breve";
    EXCHANGES "exchanges" "trocas";
    UNREADABLE "unreadable" "ilegíveis";
    GAPS "coverage gaps" "lacunas de cobertura";
    OPERATIONS_SEEN "operations seen" "operações vistas";
    FINDINGS "Findings" "Desvios";
    NO_FINDINGS "No findings." "Nenhum desvio.";
    NO_MATCH "No finding matches the search and the filters." "Nenhum desvio corresponde à busca e aos filtros.";
    SHOWN "shown" "à vista";
    SEARCH "Search" "Busca";
    SEVERITY "Severity" "Gravidade";
    SPEC "Spec" "Especificação";
    PLACE "where" "onde";
    PROMISED "promised" "prometido";
    SEEN "seen" "visto";
    HOW_OFTEN "how often" "quantas vezes";
    OF "of" "de";
    FIRST "first seen" "visto primeiro";
    SINCE "since" "desde";
    REASON "reason" "motivo";
    WHAT_TO_DO "What to do" "O que fazer";
    EXPLAIN "More about the rule" "Mais sobre a regra";
    EDIT "The spec's line" "A linha da especificação";
    WAIVE "Or accept it: write this below <code>waivers:</code> in" "Ou aceite: escreva isto abaixo de <code>waivers:</code> em";
    COPY "Copy" "Copiar";
    TREND "Trend" "Tendência";
    NO_TREND "No earlier night is known." "Nenhuma noite anterior é conhecida.";
    NIGHT "night" "noite";
    NIGHTS "nights" "noites";
    NOTES "Notes" "Notas";
    COVERAGE "Coverage" "Cobertura";
    FIELD "field" "campo";
    STATE "state" "estado";
    CELL_SEEN "seen" "visto";
    CELL_PARTLY "seen at times" "visto às vezes";
    CELL_NEVER "never seen" "nunca visto";
    CELL_DRIFTED "drifted" "desviou";
    NEVER_SEEN "operations never seen" "operações nunca vistas";
    MORE_FIELDS "fields more, which <code>prumo judge --coverage</code> lists" "campos a mais, que <code>prumo judge --coverage</code> lista";
    MORE_FINDINGS "findings more, which <code>report.json</code> lists" "desvios a mais, que <code>report.json</code> lista";
    // The names of lines on the screen, of at most ten letters.
    WHERE "where" "onde";
    LINE_PROMISED "promised" "prometido";
    LINE_SEEN "seen" "visto";
    LINE_HOW_OFTEN "how often" "vezes";
    LINE_FIRST "first" "primeiro";
    LINE_SINCE "since" "desde";
    LINE_REASON "reason" "motivo";
    LINE_PLACES "places" "lugares";
    LINE_EXPLAIN "explain" "explicar";
    LINE_EDIT "edit" "editar";
    LINE_WAIVE "or waive" "dispensar";
    // The screen.
    RUN "run: {}" "execução: {}";
    SPECS "specs: {}" "especificações: {}";
    AND_MORE "and {} more, which `--format markdown` and `json` list" "e mais {}, que `--format markdown` e `json` listam";
    IN_WAIVERS "in {}, below `waivers:`" "em {}, abaixo de `waivers:`";
    NO_OPERATION "(no operation)" "(sem operação)";
    THE_WHOLE "the whole" "o corpo inteiro";
    OTHERS "others" "outros";
    COUNT_OF "{} of {}" "{} de {}";
    SINCE_THEN "{}, since {}" "{}, desde {}";
    SINCE_LAST_NIGHT "Since the last night: {}." "Desde a última noite: {}.";
    NEVER_SEEN_YET "never seen" "nunca visto";
    SEEN_EXTENTS "seen {}" "vistos {}";
    NEVER_IN "{}, never in {}" "{}, nunca em {}";
    EXTENT_FIELDS "{} of {} fields" "{} de {} campos";
    EXTENT_STATUSES "{} of {} statuses" "{} de {} status";
    EXTENT_CASES "{} of {} cases" "{} de {} casos";
    EXTENT_VALUES "{} of {} enum values" "{} de {} valores de enum";
    SEEN_OF "{} of {} seen" "{} de {} vistas";
    // What was not judged.
    WITHOUT_BODY "{} with a body that was not recorded; the rest of each was judged" "{} com um corpo que não foi gravado; o resto de cada uma foi julgado";
    GIVEN_UP "{} given up before an answer" "{} com desistência antes da resposta";
    PREFLIGHT "{} a preflight of a browser" "{} de preflight de navegador";
    OTHER_HOSTS "{} to other hosts than the servers': {}" "{} com outros hosts que não os dos servidores: {}";
    // Markdown.
    SPECS_SENTENCE "Specs: {}." "Especificações: {}.";
    MORE_SPECS "and {} more" "e mais {}";
    STEPS_HEAD "| step | verdict | what | took |" "| passo | veredito | o quê | levou |";
    FINDINGS_HEAD "| severity | operation | rule | where | promised | seen | how often | first seen |" "| gravidade | operação | regra | onde | prometido | visto | quantas vezes | visto primeiro |";
    SINCE_HEAD " since |" " desde |";
    PLACES_HEAD "| operation | where | seen | how often | first seen |" "| operação | onde | visto | quantas vezes | visto primeiro |";
    WHAT_TO_DO_ABOUT "What to do: {} {} {}" "O que fazer: {} {} {}";
    SPEC_LINE "spec: {}" "especificação: {}";
    WAIVER_LINE "waiver: {}" "dispensa: {}";
    ACCEPT_BELOW "or accept it, below `waivers:` in {}:" "ou aceite, abaixo de `waivers:` em {}:";
    ACCEPT_NEW_FILE "or accept it, in a new file, {}:" "ou aceite, em um arquivo novo, {}:";
    GONE_TITLE "Gone" "Sumiram";
    GONE_HEAD "| severity | operation | rule | where | since |" "| gravidade | operação | regra | onde | desde |";
    WAIVED_TITLE "Waived" "Dispensados";
    WAIVED_HEAD "| operation | rule | where | how often | reason |" "| operação | regra | onde | quantas vezes | motivo |";
    NEVER_SEEN_LISTED "{}, which `prumo judge --coverage` lists." "{}, que `prumo judge --coverage` lista.";
    GAPS_HEAD "| operation | rule | where | promised | never in | waived |" "| operação | regra | onde | prometido | nunca em | dispensado |";
    LEFT_OUT "_Left out, to keep this page short: {}. `report.json` or `prumo judge --format json` has all of them._" "_Ficaram de fora, para que a página seja curta: {}. `report.json` ou `prumo judge --format json` tem tudo._";
    LEFT_FINDINGS "{} findings" "{} desvios";
    LEFT_REMEDIES "{} remedies" "{} remédios";
    LEFT_WAIVERS "{} waivers to paste" "{} dispensas para colar";
    LEFT_PLACES "{} places" "{} lugares";
    LEFT_GONE "{} gone findings" "{} desvios que sumiram";
    LEFT_WAIVED "{} waived findings" "{} desvios dispensados";
    LEFT_GAPS "{} coverage gaps" "{} lacunas de cobertura";
    LEFT_NOTES "{} notes" "{} notas";
}

/// Writes the nouns.
macro_rules! nouns {
    ($($name:ident $en:literal $en_many:literal $pt:literal $pt_many:literal;)*) => {
        $(pub(super) const $name: Noun = Noun {
            one: Text { en: $en, pt: $pt },
            many: Text { en: $en_many, pt: $pt_many },
        };)*
    };
}

nouns! {
    FINDING "finding" "findings" "desvio" "desvios";
    EXCHANGE "exchange" "exchanges" "troca" "trocas";
    ON_PAGES "operation on the pages" "operations on the pages" "operação nas páginas" "operações nas páginas";
    OPERATION "operation" "operations" "operação" "operações";
    COVERAGE_GAP "coverage gap" "coverage gaps" "lacuna de cobertura" "lacunas de cobertura";
    PLACES "place" "places" "lugar" "lugares";
    ANSWER "answer" "answers" "resposta" "respostas";
    OBJECT "object" "objects" "objeto" "objetos";
    VALUE "value" "values" "valor" "valores";
    OPERATION_NEVER_SEEN "operation never seen" "operations never seen" "operação nunca vista" "operações nunca vistas";
    // Participles, which agree with their number in Portuguese.
    N_BREAKING "breaking" "breaking" "que quebra" "que quebram";
    N_RISKY "risky" "risky" "arriscado" "arriscados";
    N_COMPATIBLE "compatible" "compatible" "compatível" "compatíveis";
    N_STALE "stale" "stale" "vencido" "vencidos";
    N_WAIVED "waived" "waived" "dispensado" "dispensados";
    N_UNREADABLE "unreadable" "unreadable" "ilegível" "ilegíveis";
    N_NEW "new" "new" "novo" "novos";
    N_WORSE "worse" "worse" "que piorou" "que pioraram";
    N_KNOWN "known" "known" "conhecido" "conhecidos";
    N_GONE "gone" "gone" "que sumiu" "que sumiram";
}

/// Fills the places (`{}`) of a text in order.
pub(super) fn filled(text: Text, language: Language, values: &[&dyn std::fmt::Display]) -> String {
    let mut parts = text.of(language).split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (value, part) in values.iter().zip(parts) {
        filled += &value.to_string();
        filled += part;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{ALL, filled};
    use crate::language::Language;
    use crate::rules::{Rule, Severity};

    #[test]
    fn every_text_is_in_both_languages_with_the_same_places() {
        for text in ALL {
            assert!(!text.en.is_empty() && !text.pt.is_empty(), "{} / {}", text.en, text.pt);
            assert_ne!(text.en, text.pt);
            let places = |text: &str| text.matches("{}").count();
            assert_eq!(places(text.en), places(text.pt), "{}", text.en);
            let codes = |text: &str| text.matches('`').count();
            assert_eq!(codes(text.en), codes(text.pt), "{}", text.en);
            let columns = |text: &str| text.matches('|').count();
            assert_eq!(columns(text.en), columns(text.pt), "{}", text.en);
        }
    }

    #[test]
    fn every_rule_is_in_both_languages_with_the_same_names() {
        for rule in Rule::ALL {
            for text in [rule.row().sentence, rule.row().advice] {
                assert!(!text.pt.is_empty() && text.en != text.pt, "`{}`", rule.name());
                let names = |text: &str| {
                    let spans = text.split('`').skip(1).step_by(2).map(str::to_owned);
                    spans.collect::<std::collections::BTreeSet<String>>()
                };
                // The label `seen` is translated.
                assert!(names(text.pt).is_subset(&names(text.en)), "`{}`", rule.name());
            }
        }
    }

    #[test]
    fn places_are_filled_in_order() {
        let text = Severity::Risky.text();
        assert_eq!(filled(text, Language::Portuguese, &[]), "arriscado");
        let often = super::COUNT_OF;
        assert_eq!(filled(often, Language::Portuguese, &[&3, &17]), "3 de 17");
    }
}
