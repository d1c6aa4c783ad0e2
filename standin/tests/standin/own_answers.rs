//! Calls every operation of every spec; the judge must have no finding about the answers.

use std::collections::BTreeMap;

use crate::support::{Ask, Field, URLENCODED, contract, judged, lines, start};
use prumo_drift::contract::{Contract, Operation};
use prumo_drift::{Kind, Shape, sample_request};
use prumo_standin::Running;
use serde_json::{Map, Value};

/// The token of a stand-in.
const TOKEN: &str = "standin-token";

/// The number of operations of the three specs, without the webhook.
const N_OPERATIONS: usize = 235;

/// Values by the name of the parameter or field; all others are drawn from the promise.
pub(crate) type Known = BTreeMap<&'static str, String>;

/// Operations that need earlier calls, and these calls.
const BEFORE: &[(&str, &[&str])] = &[
    ("ticket_evaluation", &["ticket_finish"]),
    ("encerrar_status_chamado", &["iniciar_status_chamado"]),
    ("consultar_avaliacao", &["avaliar_atendimento"]),
    ("adicionar_retorno_estoque_usuario", &["adicionar_saida_estoque_usuario"]),
    ("adicionar_retorno_estoque_pop_conexao", &["adicionar_saida_estoque_pop_conexao"]),
    (
        "adicionar_retorno_estoque_projeto_mapeamento",
        &["adicionar_saida_estoque_projeto_mapeamento"],
    ),
    ("adicionar_retorno_estoque_cliente_servico", &["adicionar_saida_estoque_cliente_servico"]),
    ("listar_produtos_usuario", &["adicionar_saida_estoque_usuario"]),
    ("listar_produtos_pop_conexao", &["adicionar_saida_estoque_pop_conexao"]),
    ("listar_produtos_projeto_mapeamento", &["adicionar_saida_estoque_projeto_mapeamento"]),
    ("listar_produtos_cliente_servico", &["adicionar_saida_estoque_cliente_servico"]),
];

/// Values for single operations, whose record must not exist yet.
const NEW: &[(&str, &[(&str, &str)])] = &[
    ("customer_new", &[("customer_id", "9001"), ("email", "nova@example.com")]),
    ("criar_cliente", &[("identificador", "9001"), ("email", "nova@example.com")]),
    ("adicionar_saida_estoque_usuario", &[("solicitar_confirmacao", "false")]),
    ("reservar_porta_atendimento", &[("reservado", "false")]),
];

#[tokio::test]
async fn own_answers_have_no_finding() {
    let mut wrong = Vec::new();
    let mut n_called = 0;
    for spec in ["hubsoft", "tomticket-v1", "tomticket-v2"] {
        let contract = contract(spec);
        let mut exchanges = Vec::new();
        for (id, operation) in contract.operations.iter().filter(|(_, it)| it.webhook.is_none()) {
            n_called += 1;
            for is_full in [false, true] {
                // A ticket that one operation closes is closed for the next, so each has its own
                // stand-in.
                let server = start(spec).await;
                let known = known(&server, spec).await;
                let before =
                    BEFORE.iter().find(|(of, _)| of == id).map_or(&[][..], |(_, before)| before);
                for id in before {
                    call(&server, &contract, id, &contract.operations[*id], &known, false).await;
                }
                let exchange = call(&server, &contract, id, operation, &known, is_full).await;
                if server.n_done(id) == 0 && !is_full {
                    wrong.push(format!("{id}: refused {}", exchange["response"]));
                }
                exchanges.push(exchange);
            }
        }
        wrong.extend(lines(&judged(&contract, &exchanges)));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(n_called, N_OPERATIONS);
}

/// Values that are the same in every stand-in: the spec, the names, the value.
const CONSTANT: &[(&str, &[&str], &str)] = &[
    ("hubsoft", &["grant_type"], "password"),
    ("hubsoft", &["client_id"], "7"),
    ("hubsoft", &["client_secret"], "standin-client-secret"),
    ("hubsoft", &["username"], "integracao@example.com"),
    ("hubsoft", &["password"], "standin-password"),
    ("hubsoft", &["id_cliente"], "1001"),
    ("hubsoft", &["id_cliente_servico"], "11001"),
    ("hubsoft", &["id_atendimento"], "4242"),
    ("hubsoft", &["id_ordem_servico"], "2101"),
    ("hubsoft", &["cpf_cnpj"], "39053344705"),
    (
        "hubsoft",
        &["id_produto", "id_produto_item", "id_local_estoque", "id_tarefa", "id_alerta"],
        "501",
    ),
    (
        "hubsoft",
        &["id_prospecto", "id_cliente_servico_senha", "id_cliente_servico_contrato"],
        "501",
    ),
    ("hubsoft", &["id_cliente_servico_pacote", "id_nfse", "id_nota_fiscal"], "501"),
    ("hubsoft", &["ids_produto_item", "ids_cliente_servico_contrato"], "501"),
    // Invoices of the first service: the second is paid, the third is not.
    ("hubsoft", &["id_fatura", "ids_faturas"], "503"),
    ("hubsoft", &["id_avaliacao"], "1"),
    ("hubsoft", &["id_fornecedor", "id_porta_atendimento", "id_nfcom", "id_nfe"], "501"),
    (
        "hubsoft",
        &["id_local_estoque_retorno", "id_local_estoque_origem", "id_local_estoque_destino"],
        "501",
    ),
    ("hubsoft", &["id_usuario", "id_pop", "id_mapeamento_projeto"], "12"),
    ("hubsoft", &["tipo_utilizacao"], "uso_proprio"),
    ("hubsoft", &["quantidade"], "1"),
    // No list: drawn items do not exist.
    ("hubsoft", &["patrimonios"], ""),
    // The movement that was made through the API before the first request.
    ("hubsoft", &["id_movimento_estoque"], "3002"),
    ("tomticket-v1", &["identificador_cliente", "identificador", "cliente", "idcliente"], "4242"),
    ("tomticket-v1", &["tipo_identificador", "tipo_identificacao"], "I"),
    ("tomticket-v1", &["token"], "standin-token"),
    ("tomticket-v1", &["pagina"], "1"),
    ("tomticket-v2", &["customer_id"], "4242"),
    ("tomticket-v2", &["customer_type_id", "customer_id_type"], "I"),
    ("tomticket-v2", &["page"], "1"),
];

/// Values from another answer: the spec, the names, the request, and the place in the answer.
const TOLD: &[(&str, &[&str], &str, &str)] = &[
    (
        "tomticket-v1",
        &["ticket_id", "id", "identificador_chamado"],
        "/chamados/standin-token/1",
        "/data/0/idchamado",
    ),
    (
        "tomticket-v1",
        &["id_departamento", "departament_id"],
        "/departamentos/standin-token",
        "/data/0/id",
    ),
    (
        "tomticket-v1",
        &["id_tipoassunto"],
        "/departamentos/standin-token",
        "/data/0/categorias/0/id",
    ),
    ("tomticket-v2", &["ticket_id"], "/v2.0/ticket/list", "/data/0/id"),
    ("tomticket-v2", &["department_id"], "/v2.0/department/list", "/data/0/id"),
    (
        "tomticket-v2",
        &["category_id"],
        "/v2.0/department/list?show_nested_items=1",
        "/data/0/categories/0/id",
    ),
    (
        "tomticket-v2",
        &["operator_id"],
        "/v2.0/department/list?show_nested_items=1",
        "/data/0/operators/0/id",
    ),
    ("tomticket-v2", &["organization_id"], "/v2.0/organization/list", "/data/0/id"),
];

/// Returns ids of existing records.
async fn known(server: &Running, spec: &str) -> Known {
    let mut known = Known::new();
    for (_, names, value) in CONSTANT.iter().filter(|(of, ..)| *of == spec) {
        known.extend(names.iter().map(|name| (*name, (*value).to_owned())));
    }
    for (_, names, path, place) in TOLD.iter().filter(|(of, ..)| *of == spec) {
        let told = Ask::new("GET", path)
            .bearer(&server.token())
            .send(server)
            .await
            .expect("an answer")
            .json();
        let value = told.pointer(place).and_then(Value::as_str).expect("an id").to_owned();
        known.extend(names.iter().map(|name| (*name, value.clone())));
    }
    known
}

/// Calls an operation as it is promised, and returns the exchange.
pub(crate) async fn call(
    server: &Running,
    contract: &Contract,
    id: &str,
    operation: &Operation,
    known: &Known,
    is_full: bool,
) -> Value {
    let mut known = known.clone();
    for (_, values) in NEW.iter().filter(|(of, _)| *of == id) {
        known.extend(values.iter().map(|(name, value)| (*name, (*value).to_owned())));
    }
    let ask = Ask::new(&operation.method, &operation.path);
    let mut ask = match known.get("authorization") {
        Some(user) => ask.header("authorization", user),
        None => ask.bearer(&server.token()),
    };
    for (pointer, parameter) in &operation.parameters {
        let text = known.get(parameter.name.as_str()).cloned();
        let text = text.unwrap_or_else(|| plain(&drawn(contract, &parameter.shape)));
        let text = if parameter.is_secret { TOKEN.to_owned() } else { text };
        match pointer.split('/').nth(1) {
            Some("path") => ask.path = ask.path.replace(&format!("{{{}}}", parameter.name), &text),
            Some("query") if (parameter.required || is_full) && !text.is_empty() => {
                ask.query.push((parameter.name.clone(), text));
            }
            Some("header") if parameter.required || is_full || parameter.is_secret => {
                ask.headers.push((parameter.name.clone(), text));
            }
            Some("cookie") if parameter.is_secret => {
                ask.headers.push(("cookie".to_owned(), format!("{}={text}", parameter.name)));
            }
            _ => (),
        }
    }
    if let Some(media) = operation.request.as_ref().and_then(|body| body.media.first_key_value()) {
        let (kind, media) = media;
        match kind.as_str() {
            URLENCODED => {
                let fields = fields(contract, &media.shape, &known, is_full);
                let pairs = fields.iter().map(|(name, value)| format!("{name}={}", plain(value)));
                ask.text = Some((kind.clone(), pairs.collect::<Vec<_>>().join("&")));
            }
            "multipart/form-data" => {
                let fields = fields(contract, &media.shape, &known, is_full);
                ask.form =
                    Some(fields.into_iter().map(|it| field(contract, &media.shape, it)).collect());
            }
            "application/json" if is_plain_object(contract, &media.shape) => {
                ask.body = Some(Value::Object(fields(contract, &media.shape, &known, is_full)));
            }
            "application/json" => ask.body = Some(drawn(contract, &media.shape)),
            kind => ask.text = Some((kind.to_owned(), plain(&drawn(contract, &media.shape)))),
        }
    }
    let told = ask.send(server).await.expect("an answer");
    ask.recorded(&told)
}

/// Returns whether the spec names the members of an object, without alternatives.
fn is_plain_object(contract: &Contract, shape: &Shape) -> bool {
    let (shape, _) = contract.resolve(shape);
    shape.alternatives.is_none() && !shape.fields.is_empty()
}

/// Makes a field of a form.
fn field(contract: &Contract, form: &Shape, (name, value): (String, Value)) -> (String, Field) {
    let is_closed = contract
        .resolve(form)
        .0
        .fields
        .get(&name)
        .is_some_and(|it| is_plain_object(contract, &it.shape));
    match (is_file(contract, form, &name), &value) {
        (true, _) => (name, Field::File("nota.txt".to_owned(), b"texto".to_vec())),
        (false, Value::Object(_)) if is_closed => (name, Field::Text(value.to_string())),
        (false, Value::Object(_)) => (format!("{name}[a1]"), Field::Text("azul".to_owned())),
        (false, value) => (name, Field::Text(plain(value))),
    }
}

fn fields(contract: &Contract, shape: &Shape, known: &Known, is_full: bool) -> Map<String, Value> {
    let (shape, _) = contract.resolve(shape);
    // A form without fields would be no body.
    let is_full = is_full || shape.fields.values().all(|field| !field.required);
    let wanted = shape.fields.iter().filter(|(_, field)| field.required || is_full);
    let wanted = wanted.filter(|(_, field)| !field.is_read_only);
    let value = |(name, field): (&String, &prumo_drift::shape::Field)| {
        (name.clone(), placed(drawn(contract, &field.shape), name, known))
    };
    wanted.map(value).collect()
}

/// Replaces drawn values by known ones, by their names.
fn placed(drawn: Value, name: &str, known: &Known) -> Value {
    let within = |drawn: Value| match drawn {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, drawn)| {
                let value = placed(drawn, &name, known);
                (name, value)
            });
            Value::Object(members.collect())
        }
        drawn => drawn,
    };
    match (known.get(name), drawn) {
        (Some(text), Value::Array(_)) => Value::from_iter(text.parse::<i64>()),
        (Some(text), Value::Bool(_)) => Value::from(text == "true"),
        (Some(text), drawn) if drawn.is_number() => text.parse::<i64>().map_or(drawn, Value::from),
        (Some(text), _) => Value::from(text.as_str()),
        (None, Value::Array(items)) => items.into_iter().map(within).collect(),
        (None, drawn) => within(drawn),
    }
}

fn is_file(contract: &Contract, shape: &Shape, name: &str) -> bool {
    let (shape, _) = contract.resolve(shape);
    let Some(field) = shape.fields.get(name) else { return false };
    let is_binary = |shape: &Shape| shape.format.as_deref() == Some("binary");
    is_binary(&field.shape) || field.shape.item.as_deref().is_some_and(is_binary)
}

/// Draws a promised value that is not null.
fn drawn(contract: &Contract, shape: &Shape) -> Value {
    let mut shape = contract.resolve(shape).0.clone();
    if shape.kinds.len() > 1 {
        shape.kinds.remove(&Kind::Null);
    }
    let is_some = |value: &Value| {
        let is_empty =
            value.as_str().map(str::is_empty).or_else(|| value.as_array().map(Vec::is_empty));
        !is_empty.unwrap_or_default()
    };
    (0..20)
        .find_map(|seed| sample_request(contract, &shape, seed).filter(is_some))
        .expect("a value")
}

/// Writes a value as in a query or a form.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.first().map(plain).unwrap_or_default(),
        Value::Object(_) => String::new(),
        value => value.to_string(),
    }
}
