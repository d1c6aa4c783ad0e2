//! Turns the JSON Pointer of a value into words: `schema Pedido /itens/*/valor`.

use prumo_spec::pointer::names;

/// Names the place of a pointer for a reader who knows the API and not the document.
pub(crate) fn place(pointer: &str) -> String {
    let names: Vec<String> = names(pointer).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let words = match names.as_slice() {
        ["components", "schemas", name, rest @ ..] => format!("schema {name} {}", value(rest)),
        ["components", "responses", name, rest @ ..] => format!("response {name} {}", part(rest)),
        ["components", "requestBodies", name, rest @ ..] => format!("body {name} {}", part(rest)),
        ["components", "parameters", name, rest @ ..] => format!("parameter {name} {}", part(rest)),
        ["components", "headers", name, rest @ ..] => format!("header {name} {}", part(rest)),
        ["components", "securitySchemes", name, ..] => format!("credential {name}"),
        ["components", kind, name, rest @ ..] => format!("{kind} {name} {}", part(rest)),
        ["paths", path, "parameters", _, rest @ ..] => format!("{path} parameter {}", part(rest)),
        ["paths", path, method, rest @ ..] => {
            format!("{} {path} {}", method.to_uppercase(), of_operation(rest))
        }
        ["x-webhooks", name, _, rest @ ..] => format!("webhook {name} {}", of_operation(rest)),
        [] => "document".to_owned(),
        rest => rest.join(" "),
    };
    shown(words.trim()).replace("  ", " ")
}

fn of_operation(names: &[&str]) -> String {
    match names {
        ["parameters", _, rest @ ..] => format!("parameter {}", part(rest)),
        ["requestBody", rest @ ..] => format!("request {}", part(rest)),
        ["responses", status, rest @ ..] => format!("response {status} {}", part(rest)),
        rest => rest.join(" "),
    }
}

/// Words for what stands around a schema.
fn part(names: &[&str]) -> String {
    match names {
        ["content", media, "schema", rest @ ..] => {
            let media = if *media == "application/json" { "" } else { media };
            format!("{media} {}", value(rest)).trim().to_owned()
        }
        ["content", media, rest @ ..] => format!("{media} {}", rest.join(" ")),
        ["headers", name, rest @ ..] => format!("header {name} {}", part(rest)),
        ["schema", rest @ ..] => value(rest),
        rest => rest.join(" "),
    }
}

/// Writes the place inside a schema as a pointer into a value.
fn value(names: &[&str]) -> String {
    let mut place = String::new();
    let mut names = names.iter();
    while let Some(name) = names.next() {
        match *name {
            "properties" => place.extend(names.next().map(|name| format!("/{name}"))),
            "items" | "additionalProperties" => place.push_str("/*"),
            "allOf" => drop(names.next()),
            "oneOf" | "anyOf" => {
                let index = names.next().and_then(|index| index.parse::<usize>().ok());
                place.extend(index.map(|index| format!("|{}", index + 1)));
            }
            other => place.extend([" ", other]),
        }
    }
    place
}

/// Shortens a text of a document, and replaces what a terminal would obey.
pub(crate) fn shown(text: &str) -> String {
    const MAX_CHARS: usize = 300;
    let is_hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_plain = |c: char| !c.is_control() && !is_hidden(c);
    let mut short: String =
        text.chars().take(MAX_CHARS).map(|c| if is_plain(c) { c } else { '?' }).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_pointer_becomes_words() {
        let rows = [
            ("/components/schemas/Pedido", "schema Pedido"),
            (
                "/components/schemas/Pedido/properties/itens/items/properties/valor",
                "schema Pedido /itens/*/valor",
            ),
            ("/components/schemas/A/allOf/1/properties/x/oneOf/0", "schema A /x|1"),
            (
                "/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/properties/x",
                "GET /a/{id} response 200 /x",
            ),
            ("/paths/~1a/post/requestBody/content/text~1csv/schema", "POST /a request text/csv"),
            ("/paths/~1a/get", "GET /a"),
            ("/components/securitySchemes/token/name", "credential token"),
            ("", "document"),
        ];
        for (pointer, words) in rows {
            assert_eq!(place(pointer), words, "{pointer}");
        }
    }
}
