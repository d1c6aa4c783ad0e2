//! Names operations without an id, as the generated client does.
//!
//! The name is method and path as words (`get_a_id`), with a number if it is taken. Two names are
//! equal if they are equal as Rust types, where underscores do not count.

use heck::ToSnakeCase;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Names that an operation of a client can't have: the generated code calls these methods.
pub const RESERVED_METHODS: [&str; 8] =
    ["new", "builder", "with", "undocumented", "pre", "exec", "post", "api_version"];

/// The most letters of a name that is made from a path.
const MAX_LETTERS: usize = 60;

/// Returns the name of an operation without an id: its method and path as words.
///
/// A long path gives its last segments, without its parameters unless there is room for them.
pub fn invented_name(method: &str, path: &str) -> String {
    let words = if path == "/" { "root" } else { path };
    let mut segments: Vec<&str> = words.split('/').filter(|segment| !segment.is_empty()).collect();
    let mut name = rust_name(&format!("{method} {words}"));
    if name.chars().count() > MAX_LETTERS {
        segments.retain(|segment| !segment.starts_with('{'));
        name = rust_name(&format!("{method} {}", segments.join("/")));
    }
    while name.chars().count() > MAX_LETTERS && segments.len() > 1 {
        segments.remove(0);
        name = rust_name(&format!("{method} {}", segments.join("/")));
    }
    let short: String = name.chars().take(MAX_LETTERS).collect();
    short.trim_end_matches('_').to_owned()
}

/// Returns the part of a name that must differ between two operations: builders have PascalCase
/// names, where underscores do not count.
pub fn method_key(name: &str) -> String {
    rust_name(name).replace('_', "")
}

/// Replaces each letter of Latin script that has a mark by the letter without it.
pub fn without_marks(name: &str) -> String {
    name.chars().map(without_mark).collect()
}

fn without_mark(letter: char) -> char {
    const ROWS: [(&str, char); 16] = [
        ("áàâãäåāăą", 'a'),
        ("çćĉċč", 'c'),
        ("ďđð", 'd'),
        ("éèêëēĕėęě", 'e'),
        ("ĝğġģ", 'g'),
        ("íìîïĩīĭįı", 'i'),
        ("ķ", 'k'),
        ("ĺļľł", 'l'),
        ("ñńņň", 'n'),
        ("óòôõöøōŏőº", 'o'),
        ("ŕŗř", 'r'),
        ("śŝşšș", 's'),
        ("ţťŧț", 't'),
        ("úùûüũūŭůűų", 'u'),
        ("ýÿŷ", 'y'),
        ("źżž", 'z'),
    ];
    if letter.is_ascii() {
        return letter;
    }
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let row = ROWS.iter().find(|(marked, _)| marked.contains(lower));
    match row {
        Some((_, plain)) if letter == lower => *plain,
        Some((_, plain)) => plain.to_ascii_uppercase(),
        None if letter == 'ª' => 'a',
        None => letter,
    }
}

/// Returns the name of a method; a name of several words is never a keyword.
fn rust_name(name: &str) -> String {
    let name = without_marks(&name.replace('\'', ""));
    let words = name.replace(|c: char| !is_xid_continue(c), "-").to_snake_case();
    match words.chars().next() {
        None => "x".to_owned(),
        Some(first) if is_xid_start(first) => words,
        Some(_) => format!("_{words}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{invented_name, without_marks};

    #[test]
    fn a_name_is_made_of_the_verb_and_the_end_of_the_path() {
        let rows = [
            ("get", "/", "get_root"),
            ("put", "/cob/{txid}", "put_cob_txid"),
            ("get", "/cobranças/automáticas", "get_cobrancas_automaticas"),
            (
                "get",
                "/cobrancas/{idCobranca}/recorrencias/{idRecorrencia}/tentativas/{idTentativa}",
                "get_cobrancas_recorrencias_tentativas",
            ),
            (
                "post",
                "/plataformas/integradas/cobrancas/recorrencias/tentativas/agendadas",
                "post_integradas_cobrancas_recorrencias_tentativas_agendadas",
            ),
            (
                "get",
                "/consultaDeNotasFiscaisDeConsumidorEletronicasEmitidasNoPeriodoInformado",
                "get_consulta_de_notas_fiscais_de_consumidor_eletronicas_emit",
            ),
        ];
        for (method, path, expected) in rows {
            assert_eq!(invented_name(method, path), expected, "{method} {path}");
            assert!(expected.len() <= super::MAX_LETTERS, "{expected}");
        }
    }

    #[test]
    fn letters_lose_their_marks_and_other_scripts_stay() {
        assert_eq!(without_marks("Situação Nº 2ª ÀÉÎÕÜ ñ 日本"), "Situacao No 2a AEIOU n 日本");
    }
}
