//! Holds the words that give a page's tables, lists and sentences their meaning, as data.
//!
//! All words are folded: small letters, no accents, no markup. A vendor of another language needs
//! rows here, and no code.

use crate::facts::{Kind, Place};

/// The meaning of a column of a table for the parameter or field of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Description,
    Type,
    Required,
    Default,
    Values,
    MaxLength,
    Place,
}

/// The header words of columns.
pub(crate) const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "atributo",
            "campo",
            "coluna",
            "chave",
            "parametro",
            "nome",
            "variavel",
            "propriedade",
            "nome do campo",
            "nome do parametro",
            "cabecalho",
            "attribute",
            "field",
            "key",
            "name",
            "parameter",
            "property",
            "variable",
            "header",
            "argument",
        ],
    ),
    (
        Column::Description,
        &[
            "descricao",
            "descricao da coluna",
            "descricao do campo",
            "detalhe",
            "detalhes",
            "observacao",
            "observacoes",
            "significado",
            "description",
            "details",
            "notes",
            "meaning",
        ],
    ),
    (
        Column::Type,
        &[
            "tipo",
            "tipo de dado",
            "tipo do campo",
            "tipo de valor",
            "type",
            "data type",
            "datatype",
        ],
    ),
    (
        Column::Required,
        &[
            "obrigatorio",
            "obrigatoria",
            "obrigatoriedade",
            "requerido",
            "required",
            "mandatory",
            "required?",
        ],
    ),
    (Column::Default, &["valor default", "valor padrao", "default", "padrao", "default value"]),
    (
        Column::Values,
        &[
            "valores",
            "valores possiveis",
            "valores aceitos",
            "opcoes",
            "values",
            "allowed values",
            "possible values",
            "enum",
            "valor",
        ],
    ),
    (
        Column::MaxLength,
        &[
            "tamanho maximo",
            "tamanho",
            "tamanho max",
            "max length",
            "maximum length",
            "length",
            "size",
            "max size",
        ],
    ),
    (Column::Place, &["local", "localizacao", "in", "location", "enviado em"]),
];

/// A type of a parameter: the word of a report, and the words of pages.
pub(crate) const TYPES: &[(&str, &[&str])] = &[
    ("string", &["string", "texto", "text", "char", "varchar", "alfanumerico", "str"]),
    ("integer", &["integer", "inteiro", "int", "numero inteiro", "long", "int32", "int64"]),
    ("number", &["number", "numerico", "numero", "float", "double", "decimal", "numeric", "moeda"]),
    ("boolean", &["boolean", "booleano", "bool", "logico"]),
    ("array", &["array", "lista", "list", "vetor", "arranjo"]),
    ("object", &["object", "objeto", "json", "map"]),
    ("date", &["date", "data", "datetime", "data e hora", "timestamp", "data/hora"]),
    ("file", &["file", "arquivo", "files"]),
];

/// The type words as a flattened page spells them, longest first where one begins another.
pub(crate) const FLAT_TYPES: &[&str] = &[
    "String",
    "Integer",
    "Int",
    "Boolean",
    "Bool",
    "Array",
    "Timestamp",
    "DateTime",
    "Date",
    "Float",
    "Double",
    "Decimal",
    "Char",
    "Object",
    "Number",
    "File",
    "Texto",
    "Inteiro",
];

/// Lines that end a flattened table.
pub(crate) const FLAT_LABELS: &[&str] = &[
    "endpoint",
    "metodo",
    "metodo http",
    "content-type",
    "content type",
    "parametros",
    "retorno",
    "observacoes",
    "autenticacao",
    "exemplo",
    "exemplos",
    "resposta",
    "este artigo",
    "was this article",
    "headers",
    "agradecemos sua",
];

/// A kind of JSON values for a type of a documented field.
pub(crate) const KINDS: &[(&str, Kind)] = &[
    ("string", Kind::String),
    ("integer", Kind::Number),
    ("number", Kind::Number),
    ("boolean", Kind::Boolean),
    ("array", Kind::Array),
    ("object", Kind::Object),
    ("date", Kind::String),
    ("file", Kind::String),
];

/// Cells that say yes.
pub(crate) const YES: &[&str] =
    &["sim", "yes", "true", "obrigatorio", "obrigatoria", "required", "x", "s", "y", "requerido"];

/// Cells that say no.
pub(crate) const NO: &[&str] =
    &["nao", "no", "false", "opcional", "optional", "n", "nao obrigatorio", "facultativo"];

/// Cells that say that there is no value.
pub(crate) const NO_VALUE: &[&str] = &[
    "",
    "-",
    "--",
    "—",
    "–",
    "/",
    "nenhum",
    "nehum",
    "nenhuma",
    "nenhun",
    "null",
    "none",
    "n/a",
    "nao ha",
    "nao possui",
    "nulo",
    "vazio",
    "sem valor",
    "nenhum valor",
];

/// Words of a heading or sentence after which the response is described.
pub(crate) const RESPONSE: &[&str] = &[
    "retorno",
    "retornad",
    "retorna ",
    "resposta",
    "resultado",
    "response",
    "returns",
    "respond",
    "casos de sucesso",
    "casos de erro",
    "caso de sucesso",
    "caso de erro",
];

/// Words of a sentence after which the request is described.
pub(crate) const REQUEST: &[&str] = &[
    "corpo da",
    "corpo (",
    "body",
    "payload",
    "enviado",
    "enviar",
    "requisicao",
    "request",
    "parametro",
    "paramentro",
    "atributo",
    "obrigatoriedade",
    "query",
];

/// Words of a sentence that introduces the values of one example.
pub(crate) const ONE_EXAMPLE: &[&str] =
    &["foi feito", "foi feita", "foi realizad", "foram enviad", "foram utilizad", "foram passad"];

/// Words of a heading or sentence that say where the parameters below it are.
pub(crate) const PLACES: &[(&str, Place)] = &[
    ("query string", Place::Query),
    ("querystring", Place::Query),
    ("query param", Place::Query),
    ("parametros de query", Place::Query),
    ("url params", Place::Query),
    ("path param", Place::Path),
    ("parametros de rota", Place::Path),
    ("parametros da rota", Place::Path),
    ("headers", Place::Header),
    ("cabecalho", Place::Header),
    ("via post", Place::Body),
    ("via put", Place::Body),
    ("body param", Place::Body),
    ("request body", Place::Body),
    ("parametros do corpo", Place::Body),
    ("form-data", Place::Body),
    ("data params", Place::Body),
];

/// Rows and headings that say whether the parameters below them are required.
pub(crate) const SECTIONS: &[(&str, bool)] = &[
    ("parametros obrigatorios", true),
    ("campos obrigatorios", true),
    ("atributos obrigatorios", true),
    ("obrigatorios", true),
    ("required parameters", true),
    ("required fields", true),
    ("parametros opcionais", false),
    ("campos opcionais", false),
    ("atributos opcionais", false),
    ("opcionais", false),
    ("optional parameters", false),
    ("optional fields", false),
];

/// Words before an address that is the operation's own.
pub(crate) const ADDRESS: &[&str] =
    &["rota", "endereco", "endpoint", "url", "route", "address", "requisicao", "request"];

/// The methods that pages name.
pub(crate) const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Numbers that pages write in words.
pub(crate) const NUMBERS: &[(&str, &str)] = &[
    ("um", "1"),
    ("uma", "1"),
    ("dois", "2"),
    ("duas", "2"),
    ("tres", "3"),
    ("quatro", "4"),
    ("cinco", "5"),
    ("seis", "6"),
    ("sete", "7"),
    ("oito", "8"),
    ("nove", "9"),
    ("dez", "10"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
];

/// Words before a colon after which no list of values stands.
pub(crate) const NO_LIST: &[&str] = &[
    "ex",
    "ex.",
    "exemplo",
    "exemplos",
    "example",
    "e.g",
    "obs",
    "obs.",
    "observacao",
    "nota",
    "note",
    "importante",
];
