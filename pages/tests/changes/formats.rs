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

/// A help page of which only the text is left: cells run together, or stand on lines of their own.
fn flat(required: &str, optional: &str, response: &str) -> String {
    format!(
        "Criar um Pedido\n\nCria um pedido.\n\n\nEndpoint\n\nhttps://api.example.com/criar_pedido/{{token}}/{{id_cliente}}\n\n\nColuna\nDescrição\ntokenToken de acesso.\nid_clienteIdentificador do cliente.\n\n\nMétodo\n\nPOST\n\nContent-Type\n\nForm-data\n\n\nParâmetros\n\nColunaDescrição\nTipo\nTamanho Máximo\nParâmetros Obrigatórios\n{required}Parâmetros Opcionais\n{optional}\nRetorno\n\nO retorno é feito no formato JSON.\n\nColuna\nDescrição\nTipo\n{response}\n\nEste artigo foi útil?\n"
    )
}

#[test]
fn flattened_text() {
    let required =
        "titulo\nTítulo do pedido.\nString\n250\nmensagemMensagem do pedido.String1024\n";
    let optional = "prioridade\nDefine a prioridade.\n\n1 - Baixa (Padrão)\n2 - Normal\n\nInt1\n";
    let response = "erroInforma se ocorreu um erro.Boolean\nitensLista de itens.Array\nitens\nnome\nNome do item.\nString\n";
    check(&[
        Case {
            name: "cells on lines of their own run together, and the wording changes",
            file: "a.txt",
            old: flat(required, optional, response),
            new: flat(
                "tituloO título.String250\nmensagem\nA mensagem.\nString\n1024\n",
                "prioridadeA prioridade.\n\n1 - Baixo (Padrão)\n2 - Médio\nInt\n1\n",
                "erro\nHouve erro.\nBoolean\nitens\nOs itens.\nArray\nitens\nnome\nNome.String\n",
            ),
            expect: &[],
        },
        Case {
            name: "a row moves to the required ones, a size grows, a field and a value are new",
            file: "a.txt",
            old: flat(required, optional, response),
            new: flat(
                &format!("{}id_setorO setor.Int-\n", required.replace("1024", "2048")),
                &optional.replace("2 - Normal", "2 - Normal\n3 - Alta"),
                &format!("{response}itens\nvalor\nValor do item.\nFloat\n"),
            ),
            expect: &[
                "constraint-changed POST /criar_pedido/{token}/{id_cliente} mensagem constraint=\"maxLength\" from=\"1024\" to=\"2048\"",
                "param-added POST /criar_pedido/{token}/{id_cliente} id_setor in=\"body\" type=\"integer\" required=true",
                "enum-value-added POST /criar_pedido/{token}/{id_cliente} prioridade value=\"3\"",
                "response-field-added POST /criar_pedido/{token}/{id_cliente} itens.valor type=\"number\"",
            ],
        },
        Case {
            name: "six columns say required and default",
            file: "a",
            old: "Consultar\n\nEndpoint\n\nhttps://api.example.com/v2.0/list\n\n\nMétodo HTTP\n\nGET\n\n\nChaveDescriçãoObrigatórioValor PadrãoTipoTamanho Máximo\npageÍndice da página.Não1Int-\nidIdentificador.\nNão-String250\n".to_owned(),
            new: "Consultar\n\nEndpoint\n\nhttps://api.example.com/v2.0/list\n\n\nMétodo HTTP\n\nGET\n\n\nChaveDescriçãoObrigatórioValor PadrãoTipoTamanho Máximo\npage\nÍndice da página.\nNão\n0\nInt\n-\nidIdentificador.\nSim-String250\n".to_owned(),
            expect: &[
                "default-changed GET /v2.0/list page from=\"1\" to=\"0\"",
                "required-changed GET /v2.0/list id from=false to=true",
            ],
        },
        Case {
            name: "an article in a list of articles moves",
            file: "a.txt",
            old: "Este método verifica.Endpointhttps://api.example.com/v2.0/customers/existsMétodo HTTPGETContent Typeform-data…\n\nEste cria.Endpointhttps://api.example.com/v2.0/customer/createMétodo HTTPPOSTContent…\n".to_owned(),
            new: "Este método verifica.Endpointhttps://api.example.com/v2.0/customer/existsMétodo HTTPGETContent Typeform-data…\n\nEste cria.Endpointhttps://api.example.com/v2.0/customer/createMétodo HTTPPOSTContent…\n".to_owned(),
            expect: &[
                "path-changed GET /v2.0/customers/exists from=\"/v2.0/customers/exists\" to=\"/v2.0/customer/exists\"",
            ],
        },
    ]);
}

#[test]
fn piped_text() {
    let page = |row: &str| {
        format!(
            "Avalia um pedido.\nhttps://api.example.com/v2.0/order/rate\nMétodo\nPOST\nContent-Type\nform-data\nParâmetros Obrigatórios via POST\nParâmetros que são obrigatórios.\nColuna | Descrição da Coluna | Tipo | Tamanho |\n---|---|---|---|\nid | Identificador | String | 250 |\nParâmetros Opcionais via POST\nColuna | Descrição da Coluna | Tipo | Tamanho |\n---|---|---|---|\n{row}\nRetorno\nDetalhes do retorno.\nColuna | Descrição da Coluna | Tipo |\n---|---|---|---|\nerror | Se houve erro. | Boolean |\n"
        )
    };
    check(&[Case {
        name: "values in a sentence, between required parameters and the response",
        file: "a.txt",
        old: page("nota | Nota: 2 - Bom, 1 - Ruim | Int | 1 |"),
        new: page(
            "nota | Nota: 3 - Ótimo, 2 - Bom, 1 - Ruim | Int | 1 |\ntexto | Comentário. | String | 99 |",
        ),
        expect: &[
            "enum-value-added POST /v2.0/order/rate nota value=\"3\"",
            "param-added POST /v2.0/order/rate texto in=\"body\" type=\"string\" required=false",
        ],
    }, Case {
        name: "a parameter moves to the required ones, and a value follows a quote",
        file: "a.txt",
        old: page("texto | Texto, separado por \",\"1 - Um 2 - Dois | String | 9 |"),
        new: page("nota | Nota | Int | - |").replace("| 250 |\n", "| 250 |\ntexto | Texto, separado por \",\"0 - Zero 1 - Um 2 - Dois | String | 9 |\n"),
        expect: &[
            "required-changed POST /v2.0/order/rate texto from=false to=true",
            "enum-value-added POST /v2.0/order/rate texto value=\"0\"",
            "param-added POST /v2.0/order/rate nota in=\"body\" type=\"integer\" required=false",
        ],
    }]);
}
