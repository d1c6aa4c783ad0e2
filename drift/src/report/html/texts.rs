//! Holds the texts of the page in both languages.

use super::write_to;

/// A text in both languages.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) en: &'static str,
    pub(super) pt: &'static str,
}

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
    BREAKING "breaking" "quebra";
    RISKY "risky" "arriscado";
    COMPATIBLE "compatible" "compatível";
    WAIVED "waived" "dispensado";
    NEW "new" "novo";
    WORSE "worse" "piorou";
    KNOWN "known" "conhecido";
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
}

/// Returns both texts, of which the style hides one.
pub(super) fn both(text: &Text) -> String {
    let mut spans = String::new();
    for (language, text) in [("en", text.en), ("pt-BR", text.pt)] {
        write_to(&mut spans, format_args!("<span lang=\"{language}\">{text}</span>"));
    }
    spans
}
