//! HTML and Markdown, and pages that yield no operation.

use prumo_pages::{PageError, read};

use crate::{Case, check};

#[test]
fn html() {
    let page = |rows: &str| {
        format!(
            "<html><head><title>x</title></head><body><h1>Clientes</h1><p>Endpoint</p><p>https://api.example.com/v2/customer/list</p><p>Método HTTP</p><p>GET</p><h2>Parâmetros Query String</h2><table><thead><tr><th>Chave<th>Descrição<th>Obrigatório<th>Valor Padrão<th>Tipo<th>Tamanho Máximo</thead>{rows}</table></body></html>"
        )
    };
    check(&[Case {
        name: "a size, a default and a type change in a table without end tags",
        file: "a.html",
        old: page("<tr><td>page<td>Índice<td>Não<td>1<td>Int<td>-"),
        new: page("<tr><td>page<td>Índice<td>Não<td>0<td>String<td>10"),
        expect: &[
            "default-changed GET /v2/customer/list page from=\"1\" to=\"0\"",
            "type-changed GET /v2/customer/list page from=\"integer\" to=\"string\"",
            "constraint-added GET /v2/customer/list page constraint=\"maxLength\" value=\"10\"",
        ],
    }]);
}

#[test]
fn markdown() {
    let page = |second: &str| {
        format!(
            "# API\n\n## List\n\n`GET /v1/users`\n\n- `limit` (optional): how many, maximum 50\n\nResponse:\n\n```json\n{{\"users\": []}}\n```\n\n## Create\n\n`POST /v1/users`\n\n{second}"
        )
    };
    check(&[
        Case {
            name: "a fact belongs to the operation of its section",
            file: "a.md",
            old: page("- `name` (required): the name\n"),
            new: page("- `name` (required): the name\n- `mail` (required): the address\n"),
            expect: &["param-added POST /v1/users mail in=\"body\" required=true"],
        },
        Case {
            name: "required parameters move to a section of their own",
            file: "a.md",
            old: page(
                "| Field | Description | Required |\n|---|---|---|\n| name | the name | yes |\n",
            ),
            new: page(
                "### Required parameters\n\n| Field | Description |\n|---|---|\n| name | the full name |\n",
            ),
            expect: &[],
        },
    ]);
}

#[test]
fn pages_without_operations() {
    let rows = [
        ("an empty page", "a.rst", " \n", PageError::Empty),
        (
            "an index",
            "index.rst",
            "API\n===\n\n.. toctree::\n\n   clientes\n",
            PageError::NoOperation,
        ),
        (
            "a login page",
            "a.html",
            "<html><body><form>Login</form></body></html>",
            PageError::NoOperation,
        ),
        ("JSON of another kind", "a.json", "{\"openapi\": \"3.0.0\"}", PageError::NotACollection),
        (
            "a collection without requests",
            "a.json",
            "{\"info\": {}, \"item\": []}",
            PageError::NoOperation,
        ),
    ];
    for (name, file, text, expect) in rows {
        assert_eq!(read(file, text).err(), Some(expect), "case `{name}`");
    }
}
