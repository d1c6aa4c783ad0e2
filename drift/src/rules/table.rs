//! Holds the table of rules, the source of `docs/rules.md`.

use super::example::{Came, Example, Promised};
use super::{Decoding, RuleRow, Scope, Severity, Weight};
use crate::language::Text;
use serde::{Deserialize, Serialize};

/// Writes the enum of rules and its rows. A row is the rule, its name, its weight, its scope, its
/// sentence and its advice, each in English and in Portuguese, and an example: the place of the
/// finding, the promise there, and the traffic.
macro_rules! rules {
    ($(
        $rule:ident $name:literal $weight:ident($default:ident) $scope:ident $sentence:literal $sentence_in_portuguese:literal $advice:literal $advice_in_portuguese:literal
        at $at:literal: $promise:ident $promised:literal, $kind:ident $(($came:literal))? $(, waived by $waivers:literal)?;
    )*) => {
        /// The name of a rule, from the closed vocabulary of all reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule {
            $(#[doc = $sentence] $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// Returns the row of the table.
            pub fn row(self) -> &'static RuleRow {
                match self {
                    $(Self::$rule => &RuleRow {
                        rule: Self::$rule,
                        name: $name,
                        weight: rules!(@$weight $default),
                        scope: Scope::$scope,
                        sentence: Text { en: $sentence, pt: $sentence_in_portuguese },
                        advice: Text { en: $advice, pt: $advice_in_portuguese },
                        example: Example {
                            promised: Promised::$promise($promised),
                            came: Came::$kind $(($came))?,
                            waivers: concat!("" $(, $waivers)?),
                            at: $at,
                        },
                    },)*
                }
            }
        }
    };
    (@Always $severity:ident) => { Weight::Always(Severity::$severity) };
    (@$weight:ident $decoding:ident) => { Weight::$weight(Decoding::$decoding) };
}

rules! {
    FieldUndocumented "field-undocumented" Always(Compatible) Both
        "An object holds a member that the spec does not know."
        "Um objeto tem um membro que a especificação não conhece."
        "The client ignores the member. Add it to the spec if you need it."
        "O cliente ignora o membro. Inclua-o na especificação se precisar dele."
        at "/cor":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": 7, "cor": "azul"}"#);
    FieldMissing "field-missing" ByDecoding(Fails) Both
        "An object lacks a member that the spec requires."
        "Falta a um objeto um membro que a especificação exige."
        "The client cannot decode the response, unless the field is nullable or belongs to the envelope. Make the field optional in the spec and regenerate."
        "O cliente não consegue decodificar a resposta, a não ser que o campo aceite null ou pertença ao envelope. Torne o campo opcional na especificação e gere de novo."
        at "/id":
        Answer "type: object
required: [id]
properties:
  id: {type: integer}",
        Answer("{}");
    FieldMisplaced "field-misplaced" Always(Risky) Both
        "A response holds a member that is `writeOnly`, or a request one that is `readOnly`."
        "Uma resposta tem um membro que é `writeOnly`, ou uma requisição tem um que é `readOnly`."
        "A vendor that returns a secret may leak it: treat the response as one. Correct the mark in the spec if the member belongs to both sides."
        "Um fornecedor que devolve um segredo pode vazá-lo: trate a resposta como secreta. Corrija a marca na especificação se o membro pertence aos dois lados."
        at "/senha":
        Answer "type: object
properties:
  senha: {type: string, writeOnly: true}",
        Answer(r#"{"senha": "k3y"}"#);
    TypeChanged "type-changed" ByDecoding(Fails) Both
        "A value's JSON type is not the promised one."
        "O tipo JSON de um valor não é o prometido."
        "The client cannot decode the value, unless its format accepts both kinds. Correct the type in the spec and regenerate."
        "O cliente não consegue decodificar o valor, a não ser que o formato aceite os dois tipos. Corrija o tipo na especificação e gere de novo."
        at "/id":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": "7"}"#);
    NullUnexpected "null-unexpected" ByDecoding(Fails) Both
        "A value is null where the spec does not allow null."
        "Um valor é null onde a especificação não aceita null."
        "The client cannot decode null in a required field or a list; in an optional field it reads null as absent. Mark the field nullable in the spec and regenerate."
        "O cliente não consegue decodificar null em um campo obrigatório ou em uma lista; em um campo opcional, lê null como ausente. Marque o campo como anulável na especificação e gere de novo."
        at "/id":
        Answer "type: object
required: [id]
properties:
  id: {type: integer}",
        Answer(r#"{"id": null}"#);
    EnumValueUnknown "enum-value-unknown" ByDecoding(Unforeseen) Both
        "A value is outside its declared enum."
        "Um valor está fora do enum declarado."
        "An open enum keeps the value: handle the unknown variant, and add the value to the spec."
        "Um enum aberto guarda o valor: trate a variante desconhecida e inclua o valor na especificação."
        at "/estado":
        Answer "type: object
properties:
  estado: {type: string, enum: [aberto, fechado]}",
        Answer(r#"{"estado": "pausado"}"#);
    FormatViolated "format-violated" ByDecoding(Unforeseen) Both
        "A text does not have its promised format or pattern."
        "Um texto não tem o formato ou o padrão prometido."
        "The client cannot decode a typed date or number; plain text is only unexpected. Correct the format in the spec."
        "O cliente não consegue decodificar uma data ou um número com tipo; texto puro é apenas inesperado. Corrija o formato na especificação."
        at "/dia":
        Answer "type: object
properties:
  dia: {type: string, format: br-date}",
        Answer(r#"{"dia": "2018-11-16"}"#);
    BoundExceeded "bound-exceeded" ByDecoding(Unforeseen) Both
        "A number, a length or a count is outside its promised bounds."
        "Um número, um comprimento ou uma contagem está fora dos limites prometidos."
        "The client does not check bounds, but it cannot decode an integer beyond 64 bits. Check where your code relies on the bounds, and correct them in the spec."
        "O cliente não confere limites, mas não decodifica um inteiro acima de 64 bits. Veja onde o seu código conta com os limites e corrija-os na especificação."
        at "/notas":
        Answer "type: object
properties:
  notas: {type: array, maxItems: 2, items: {type: integer}}",
        Answer(r#"{"notas": [8, 9, 10]}"#);
    AlternativeAmbiguous "alternative-ambiguous" Always(Compatible) Both
        "A value fits more than one alternative of a `oneOf`."
        "Um valor cabe em mais de uma alternativa de um `oneOf`."
        "The client takes the first alternative that it can read. Give each alternative a member with a distinct value, or use `anyOf`."
        "O cliente usa a primeira alternativa que consegue ler. Dê a cada alternativa um membro com valor distinto, ou use `anyOf`."
        at "/desconto":
        Answer "type: object
properties:
  desconto:
    oneOf:
      - {type: integer, minimum: 0}
      - {type: number, maximum: 50}",
        Answer(r#"{"desconto": 7}"#);
    StatusUndocumented "status-undocumented" ByStatus(Unforeseen) Response
        "The response has a status that the operation does not list."
        "A resposta tem um status que a operação não lista."
        "The client decodes every 2XX like the promised one and returns an error for any other status. Add the status to the spec."
        "O cliente decodifica todo 2XX como o prometido e devolve um erro para qualquer outro status. Inclua o status na especificação."
        at "":
        Operation "responses:
  '200': {description: An item.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item"}, "response": {"status": 202}}"#);
    ContentTypeChanged "content-type-changed" ByDecoding(Fails) Both
        "The body's media type is not a promised one."
        "O tipo de mídia do corpo não é um dos prometidos."
        "The client decodes JSON under any media type and nothing else. Check who sent the response: often it is a proxy's error page."
        "O cliente decodifica JSON sob qualquer tipo de mídia, e nada mais. Veja quem enviou a resposta: muitas vezes é a página de erro de um proxy."
        at "":
        Answer "type: object
properties:
  id: {type: integer}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"content-type": "text/html"}, "text": "<p>Voltamos logo.</p>"}
}"#);
    BodyUnreadable "body-unreadable" ByDecoding(Fails) Both
        "The body is not valid JSON: it is cut off, not UTF-8, nested too deeply, repeats a name in one object, or is not JSON at all."
        "O corpo não é JSON válido: está cortado, não é UTF-8, tem níveis demais, repete um nome em um objeto, ou nem é JSON."
        "The client returns a decode error, except for a byte order mark, U+FFFD in a text, and repeated names that the spec does not know. Keep the exchange and ask the vendor."
        "O cliente devolve um erro de decodificação, exceto por um BOM, U+FFFD em um texto e nomes repetidos que a especificação não conhece. Guarde a troca e pergunte ao fornecedor."
        at "":
        Answer "type: object
properties:
  id: {type: integer}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"content-type": "application/json"}, "text": "{\"id\": 7"}
}"#);
    EnvelopeContradiction "envelope-contradiction" Always(Breaking) Response
        "The envelope's tag, the status and the members of the response contradict each other."
        "A marca do envelope, o status e os membros da resposta se contradizem."
        "The response does not show reliably whether the call succeeded. Handle the error, and ask the vendor."
        "A resposta não diz com certeza se a chamada deu certo. Trate o erro e pergunte ao fornecedor."
        at "/erro":
        Answer "oneOf:
  - type: object
    required: [erro, id]
    properties:
      erro: {type: boolean, enum: [false]}
      id: {type: integer}
  - type: object
    required: [erro, mensagem]
    properties:
      erro: {type: boolean, enum: [true]}
      mensagem: {type: string}",
        Answer(r#"{"erro": false, "mensagem": "Item não encontrado."}"#);
    PagingContradiction "paging-contradiction" Always(Risky) Response
        "The page numbers and totals of the response (`x-paging`) contradict its items, each other, or the requested page and size."
        "Os números de página e os totais da resposta (`x-paging`) contradizem os itens dela, uns aos outros, ou a página e o tamanho pedidos."
        "The client follows these numbers and may miss items, repeat some or never reach the end. Correct `x-paging` in the spec, or count the items yourself and ask the vendor."
        "O cliente segue estes números e pode perder itens, repeti-los ou nunca chegar ao fim. Corrija `x-paging` na especificação, ou conte os itens e pergunte ao fornecedor."
        at "/itens":
        Operation "parameters:
  - {name: pagina, in: query, schema: {type: integer}}
  - {name: por_pagina, in: query, schema: {type: integer}}
x-paging: {style: pages, page: pagina, first: 1, size: por_pagina, items: /itens, end: empty-page}
responses:
  '200':
    description: Items.
    content:
      application/json:
        schema: {type: object, properties: {itens: {type: array, items: {type: integer}}}}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item", "query": {"pagina": "1", "por_pagina": "2"}},
  "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"itens": [7, 8, 9]}}
}"#);
    HeaderMissing "header-missing" Always(Risky) Response
        "The response lacks a header that the spec requires."
        "Falta à resposta um cabeçalho que a especificação exige."
        "The client decodes no headers. Check where your code reads this one, and make it optional in the spec if the vendor omits it."
        "O cliente não decodifica cabeçalhos. Veja onde o seu código lê este, e torne-o opcional na especificação se o fornecedor o omite."
        at "/header/x-restam":
        Operation "responses:
  '200':
    description: Items.
    headers:
      X-Restam: {required: true, schema: {type: integer}}",
        Exchange(r#"{
  "request": {"method": "GET", "path": "/item"},
  "response": {"status": 200, "headers": {"server": "nginx"}}
}"#);
    ParamUndocumented "param-undocumented" Always(Compatible) Request
        "The request holds a parameter that the operation does not know."
        "A requisição tem um parâmetro que a operação não conhece."
        "Add the parameter to the spec if the vendor honours it."
        "Inclua o parâmetro na especificação se o fornecedor o aceita."
        at "/query/cor":
        Operation "parameters:
  - {name: pagina, in: query, schema: {type: integer}}
responses:
  '200': {description: Items.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item", "query": {"cor": "azul"}}, "response": {"status": 200}}"#);
    ParamMissing "param-missing" Always(Risky) Request
        "The request lacks a parameter that the spec requires."
        "Falta à requisição um parâmetro que a especificação exige."
        "Make the parameter optional in the spec if the vendor accepts the request without it."
        "Torne o parâmetro opcional na especificação se o fornecedor aceita a requisição sem ele."
        at "/query/pagina":
        Operation "parameters:
  - {name: pagina, in: query, required: true, schema: {type: integer}}
responses:
  '200': {description: Items.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item", "query": {}}, "response": {"status": 200}}"#);
    OperationUnknown "operation-unknown" Always(Risky) Request
        "No operation of the spec has this method and path."
        "Nenhuma operação da especificação tem este método e este caminho."
        "Add the operation to the spec, or waive the endpoint: its waiver has what `seen` says (`GET /item/*`) as `operation`."
        "Inclua a operação na especificação, ou dispense o endereço: a dispensa tem o que foi visto (`GET /item/*`) como `operation`."
        at "":
        Operation "responses:
  '200': {description: An item.}",
        Exchange(r#"{"request": {"method": "DELETE", "path": "/item"}, "response": {"status": 200}}"#);
    OperationNeverSeen "operation-never-seen" Always(Compatible) Coverage
        "No exchange of this operation was seen."
        "Nenhuma troca desta operação foi vista."
        "Record one: until then the operation is unverified."
        "Grave uma troca: até lá, a operação não está verificada."
        at "":
        Operation "responses:
  '200': {description: An item.}",
        Nothing;
    StatusNeverSeen "status-never-seen" Always(Compatible) Coverage
        "No response had this promised status."
        "Nenhuma resposta teve este status prometido."
        "Record a response with this status: until then its body is unverified."
        "Grave uma resposta com este status: até lá, o corpo dela não está verificado."
        at "":
        Operation "responses:
  '200': {description: An item.}
  '404': {description: No such item.}",
        Exchange(r#"{"request": {"method": "GET", "path": "/item"}, "response": {"status": 200}}"#);
    FieldNeverSeen "field-never-seen" Always(Compatible) Coverage
        "No object had this promised field, or no response had this promised header."
        "Nenhum objeto teve este campo prometido, ou nenhuma resposta teve este cabeçalho prometido."
        "Record a response that has it, or remove it from the spec."
        "Grave uma resposta que o tenha, ou retire-o da especificação."
        at "/nome":
        Answer "type: object
properties:
  id: {type: integer}
  nome: {type: string}",
        Answer(r#"{"id": 7}"#);
    CaseNeverSeen "case-never-seen" Always(Compatible) Coverage
        "This case of the envelope was never seen."
        "Este caso do envelope nunca foi visto."
        "Record a response of this case."
        "Grave uma resposta deste caso."
        at "":
        Answer "oneOf:
  - type: object
    required: [erro, id]
    properties:
      erro: {type: boolean, enum: [false]}
      id: {type: integer}
  - type: object
    required: [erro, mensagem]
    properties:
      erro: {type: boolean, enum: [true]}
      mensagem: {type: string}",
        Answer(r#"{"erro": false, "id": 7}"#);
    EnumValueNeverSeen "enum-value-never-seen" Always(Compatible) Coverage
        "This value of a declared enum was never seen."
        "Este valor de um enum declarado nunca foi visto."
        "Record a response that has it, or remove it from the spec."
        "Grave uma resposta que o tenha, ou retire-o da especificação."
        at "/estado":
        Answer "type: object
properties:
  estado: {type: string, enum: [aberto, fechado]}",
        Answer(r#"{"estado": "aberto"}"#);
    WaiverStale "waiver-stale" Always(Risky) Waivers
        "A waiver silences nothing because its place was seen and fits, or its last day has passed."
        "Uma dispensa não silencia nada, porque o lugar foi visto e confere, ou porque o último dia dela passou."
        "Remove the waiver, or set a new last day."
        "Retire a dispensa, ou dê a ela um novo último dia."
        at "/id":
        Answer "type: object
properties:
  id: {type: integer}",
        Answer(r#"{"id": 7}"#),
        waived by "waivers:
  - witness: wire
    rule: type-changed
    operation: ler_item
    side: response
    at: /id
    reason: every answer of last week carried a text
    date: 2026-11-15";
}
