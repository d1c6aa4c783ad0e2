//! reStructuredText: field lists, list-tables, drawn tables, commands and examples.

use crate::{Case, check};

const HEAD: &str = "Clientes\n========\n\nO endereço completo::\n\n    https://servidor/api/v1/clientes\n\n**GET**\n\n";

fn list_table(header: [&str; 3], rows: &[[&str; 3]]) -> String {
    let row = |cells: &[&str; 3]| {
        format!("   *  -  {}\n      -  {}\n      -  {}\n\n", cells[0], cells[1], cells[2])
    };
    let rows: String = rows.iter().map(row).collect();
    format!(".. list-table::\n   :header-rows: 1\n\n{}{rows}", row(&header))
}

fn required(rows: &[[&str; 3]]) -> String {
    format!("{HEAD}{}", list_table(["Atributo", "Descrição", "Obrigatório"], rows))
}

fn values(rows: &[[&str; 3]]) -> String {
    let lead = "Os atributos podem conter os seguintes valores:\n\n";
    format!("{HEAD}{lead}{}", list_table(["Atributo", "Descrição", "Valor Default"], rows))
}

fn answer(json: &str) -> String {
    format!("{HEAD}Retorno da requisição GET::\n\n{json}\n")
}

#[test]
fn requirements() {
    check(&[
        Case {
            name: "a required parameter becomes optional",
            file: "a.rst",
            old: required(&[["limit", "Limite", "**Sim**"]]),
            new: required(&[["limit", "Limite", "Não"]]),
            expect: &["required-changed GET /api/v1/clientes limit from=true to=false"],
        },
        Case {
            name: "a field list becomes a table and says the same",
            file: "a.rst",
            old: format!(
                "{HEAD}:busca: (OBRIGATÓRIO) Tipo de busca\n:limit: Limite. Valor Default: 20 (Ao não preencher)\n"
            ),
            new: required(&[["busca", "Tipo de busca", "Sim"], ["limit", "Limite", "Não"]])
                + &list_table(
                    ["Atributo", "Descrição", "Valor Default"],
                    &[["busca", "Livre", "Nehum"], ["limit", "Limite", "20"]],
                ),
            expect: &[],
        },
        Case {
            name: "a condition is dropped",
            file: "a.rst",
            old: required(&[[
                "id",
                "Identificador",
                "**(Obrigatório caso o telefone não seja informado)**",
            ]]),
            new: required(&[["id", "Identificador", "**(Opcional)**"]]),
            expect: &[
                "required-changed GET /api/v1/clientes id from=\"conditional: when telefone is not given\" to=false",
            ],
        },
        Case {
            name: "the order of the rows and the wording change",
            file: "a.rst",
            old: required(&[["a", "Um", "Sim"], ["b", "Dois", "Não"]]),
            new: required(&[["b", "O segundo", "Nao"], ["a", "O primeiro", "sim"]]),
            expect: &[],
        },
    ]);
}

#[test]
fn values_and_limits() {
    check(&[
        Case {
            name: "a value joins a list that ends in a full stop",
            file: "a.rst",
            old: values(&[["ordem", "nome,valor.", "nome"]]),
            new: values(&[["ordem", "nome,data_cadastro,valor.", "nome"]]),
            expect: &["enum-value-added GET /api/v1/clientes ordem value=\"data_cadastro\""],
        },
        Case {
            name: "a lone word becomes a list",
            file: "a.rst",
            old: values(&[["busca", "login", "Nenhum"]]),
            new: values(&[["busca", "login, mac", "`NULL`"]]),
            expect: &["enum-value-added GET /api/v1/clientes busca value=\"mac\""],
        },
        Case {
            name: "a limit and a default move",
            file: "a.rst",
            old: values(&[["limit", "Valor mínimo 1, Valor máximo 50", "20"]]),
            new: values(&[["limit", "Valor mínimo 1, Valor máximo 100", "25"]]),
            expect: &[
                "default-changed GET /api/v1/clientes limit from=\"20\" to=\"25\"",
                "constraint-changed GET /api/v1/clientes limit constraint=\"maximum\" from=\"50\" to=\"100\"",
            ],
        },
        Case {
            name: "a new parameter is in one table only",
            file: "a.rst",
            old: values(&[["limit", "Valor numérico", "20"]]),
            new: values(&[
                ["limit", "Valor numérico", "20"],
                ["dia", "Campo no formato DateTime (YYYY-MM-DD)", "Nenhum"],
            ]),
            expect: &[
                "param-added GET /api/v1/clientes dia in=\"query\" type=\"string, date (YYYY-MM-DD)\"",
            ],
        },
    ]);
}

#[test]
fn layouts_and_slips() {
    check(&[
        Case {
            name: "values and their default leave a sentence for a table",
            file: "a.rst",
            old: format!(
                "{HEAD}Valores:\n\n:ordem: asc,desc. Valor default: asc (Ao não preencher)\n"
            ),
            new: values(&[["ordem", "asc, desc", "asc"]]),
            expect: &[],
        },
        Case {
            name: "a table without its header gets one",
            file: "a.rst",
            old: required(&[["ordem", "Ordem", "Não"]])
                + "Os atributos podem conter os seguintes valores:\n\n"
                + &list_table(["ordem", "asc,desc", "asc"], &[]),
            new: required(&[["ordem", "Ordem", "Não"]])
                + "Os atributos podem conter os seguintes valores:\n\n"
                + &list_table(
                    ["Atributo", "Descrição", "Valor Default"],
                    &[["ordem", "asc,desc", "asc"]],
                ),
            expect: &[],
        },
        Case {
            name: "a yes slips into the column of defaults",
            file: "a.rst",
            old: values(&[["termo", "Campo livre", "Nenhum"]]),
            new: values(&[["termo", "Campo livre", "Sim"]]),
            expect: &[],
        },
        Case {
            name: "a simple table gets another type",
            file: "a.rst",
            old: format!(
                "{HEAD}======  ========\nCampo   Tipo\n======  ========\nvalor   Texto\n======  ========\n"
            ),
            new: format!(
                "{HEAD}======  ========\nCampo   Tipo\n======  ========\nvalor   Numérico\n======  ========\n"
            ),
            expect: &["type-changed GET /api/v1/clientes valor from=\"string\" to=\"number\""],
        },
        Case {
            name: "a grid table loses a row",
            file: "a.rst",
            old: format!(
                "{HEAD}+-------+---------+\n| Campo | Tipo    |\n+=======+=========+\n| valor | Texto   |\n+-------+---------+\n| dia   | Data    |\n+-------+---------+\n"
            ),
            new: format!(
                "{HEAD}+-------+---------+\n| Campo | Tipo    |\n+=======+=========+\n| valor | Texto   |\n+-------+---------+\n"
            ),
            expect: &["param-removed GET /api/v1/clientes dia in=\"query\" type=\"string, date\""],
        },
    ]);
}

#[test]
fn examples() {
    check(&[
        Case {
            name: "a field joins some rows of an answer",
            file: "a.rst",
            old: answer("    {\"itens\": [{\"id\": 1}, {\"id\": 2}]}"),
            new: answer(
                "    {\"itens\": [{\"id\": 7, \"plano\": {\"nome\": \"x\"}}, {\"id\": 8}]}",
            ),
            expect: &[
                "response-field-added GET /api/v1/clientes itens[].plano type=\"object\" children=[\"nome\"]",
            ],
        },
        Case {
            name: "null becomes a text, and a number another number",
            file: "a.rst",
            old: answer("    {\"link\": null, \"valor\": 10}"),
            new: answer("    {\"link\": \"x\", \"valor\": 9.5}"),
            expect: &[],
        },
        Case {
            name: "a number becomes a text",
            file: "a.rst",
            old: answer("    {\"valor\": 10}"),
            new: answer("    {\"valor\": \"10\"}"),
            expect: &[
                "response-type-changed GET /api/v1/clientes valor from=\"number\" to=\"string\"",
            ],
        },
        Case {
            name: "broken JSON is mended",
            file: "a.rst",
            old: answer(
                "    {\"a\": 1 \"b\": [1, 2,], // why\n     \"c\": {\"d\": \"x\",\n     \"e\": 2}",
            ),
            new: answer("    {\"a\": 1, \"b\": [1, 2], \"c\": {\"d\": \"x\", \"e\": 2}}"),
            expect: &[],
        },
        Case {
            name: "an example that was not indented is indented",
            file: "a.rst",
            old: answer("{\n    \"a\": 1\n}"),
            new: answer("    {\n        \"a\": 1\n    }"),
            expect: &[],
        },
        Case {
            name: "a command is broken into lines, and sends one more header",
            file: "a.rst",
            old: format!(
                "{HEAD}Exemplo::\n\n    curl -X GET --header \"Accept:application/json\" https://servidor/api/v1/clientes -k\n"
            ),
            new: format!(
                "{HEAD}Exemplo::\n\n\tcurl -X GET\n    -H 'X-Empresa: 1'\n    --header \"Accept:application/json\"\n    https://servidor/api/v1/clientes -k\n"
            ),
            expect: &["request-header-added GET /api/v1/clientes X-Empresa"],
        },
    ]);
}

#[test]
fn addresses() {
    let spelled = |route: &str, address: &str, command: &str| {
        format!(
            "Tipos\n=====\n\nA rota::\n\n    /api/v1/{route}\n\nO endereço::\n\n    https://servidor/api/v1/{address}\n\n**GET**\n\nExemplo::\n\n    curl -X GET -H \"Accept: a/b\" https://servidor/api/v1/{command}\n"
        )
    };
    let at = |path: &str| format!("Clientes\n========\n\nA rota::\n\n    {path}\n\n**GET**\n");
    check(&[
        Case {
            name: "the address of the only operation changes",
            file: "a.rst",
            old: at("/api/v1/clientes"),
            new: at("/api/v2/clientes"),
            expect: &[
                "path-changed GET /api/v1/clientes from=\"/api/v1/clientes\" to=\"/api/v2/clientes\"",
            ],
        },
        Case {
            name: "a variable is spelled in another way",
            file: "a.rst",
            old: at("/api/v1/clientes/<id>"),
            new: at("/api/v1/clientes/{id_cliente}"),
            expect: &[],
        },
        Case {
            name: "route and address move, and the command is forgotten",
            file: "a.rst",
            old: spelled("tipos", "tipos", "tipos"),
            new: spelled("configuracao/tipos", "configuracao/tipos", "tipos"),
            expect: &[
                "path-changed GET /api/v1/tipos from=\"/api/v1/tipos\" to=\"/api/v1/configuracao/tipos\"",
            ],
        },
        Case {
            name: "an address that contradicts the command is put right",
            file: "a.rst",
            old: spelled("", "faturas", "clientes"),
            new: spelled("", "clientes", "clientes"),
            expect: &[],
        },
        Case {
            name: "the method changes",
            file: "a.rst",
            old: at("/api/v1/clientes"),
            new: at("/api/v1/clientes").replace("GET", "POST"),
            expect: &["method-changed GET /api/v1/clientes from=\"GET\" to=\"POST\""],
        },
    ]);
}
