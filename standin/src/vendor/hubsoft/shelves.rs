//! Lists HubSoft's shelves: products, tasks, alerts, leads, passwords, packages, notes.

use crate::shelf::{Known, Shelf, Verb};

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        kind: "produto",
        key: "id_produto",
        unknown: "Produto não encontrado.",
        known: &[],
        verbs: &[
            ("adicionar_produto", Verb::Add("produto")),
            ("consultar_produto", Verb::Read("produto")),
            ("listar_produtos", Verb::List("produtos")),
            ("editar_produto", Verb::Change("produto")),
            ("apagar_produto", Verb::Remove("")),
        ],
    },
    Shelf {
        kind: "produto_item",
        key: "id_produto_item",
        unknown: "Item não encontrado.",
        known: &[],
        verbs: &[
            ("consultar_item_produto", Verb::Read("produto")),
            ("buscar_item_produto", Verb::List("produto")),
            ("listar_itens_produto", Verb::List("produto_itens")),
            ("editar_item_produto", Verb::Change("produto_item")),
        ],
    },
    Shelf {
        kind: "local_estoque",
        key: "id_local_estoque",
        unknown: "Local de estoque não encontrado.",
        known: &[],
        verbs: &[
            ("consultar_local_estoque", Verb::Read("local_estoque")),
            ("listar_locais_estoque", Verb::List("locais_estoque")),
        ],
    },
    Shelf {
        kind: "tarefa",
        key: "id_tarefa",
        unknown: "Tarefa não encontrada.",
        known: &[
            ("status", Known::Text("aguardando")),
            ("data_inicio", Known::Null),
            ("data_conclusao", Known::Null),
            ("deleted_at", Known::Null),
        ],
        verbs: &[
            ("adicionar_tarefa", Verb::Add("tarefa")),
            ("editar_tarefa", Verb::Change("tarefa")),
            ("apagar_tarefa", Verb::Remove("tarefa")),
            (
                "iniciar_tarefa",
                Verb::Set(
                    "tarefa",
                    &[("status", Known::Text("em_execucao")), ("data_inicio", Known::Now)],
                ),
            ),
            ("cancelar_tarefa", Verb::Set("tarefa", &[("status", Known::Text("aguardando"))])),
            ("retomar_tarefa", Verb::Set("tarefa", &[("status", Known::Text("em_execucao"))])),
            (
                "concluir_tarefa",
                Verb::Set(
                    "tarefa",
                    &[("status", Known::Text("concluido")), ("data_conclusao", Known::Now)],
                ),
            ),
        ],
    },
    Shelf {
        kind: "alerta",
        key: "id_alerta",
        unknown: "Alerta não encontrado.",
        known: &[("ativo", Known::Yes), ("deleted_at", Known::Null)],
        verbs: &[
            ("adicionar_alerta", Verb::Add("alerta")),
            ("editar_alerta", Verb::Change("alerta")),
            ("consultar_alertas", Verb::List("alertas/data")),
            ("remover_alerta", Verb::Remove("alerta")),
        ],
    },
    Shelf {
        kind: "prospecto",
        key: "id_prospecto",
        unknown: "Prospecto não encontrado.",
        known: &[],
        verbs: &[
            ("adicionar_prospecto", Verb::Add("prospecto")),
            ("buscar_prospectos", Verb::List("prospectos")),
            ("consultar_todos_prospectos", Verb::List("prospectos")),
            ("editar_prospecto", Verb::Change("")),
            ("editar_prospecto_put", Verb::Change("")),
        ],
    },
    Shelf {
        kind: "cliente_servico_senha",
        key: "id_cliente_servico_senha",
        unknown: "Senha não encontrada.",
        known: &[],
        verbs: &[
            ("adicionar_senha_cliente_servico", Verb::Add("cliente_servico_senha")),
            ("consultar_senhas_cliente_servico", Verb::List("cliente_servico_senha")),
            ("editar_senha_cliente_servico", Verb::Change("cliente_servico_senha")),
            ("remover_senha_cliente_servico", Verb::Remove("")),
        ],
    },
    Shelf {
        kind: "cliente_servico_contrato",
        key: "id_cliente_servico_contrato",
        unknown: "Contrato não encontrado.",
        known: &[("aceito", Known::No), ("data_aceito", Known::Null)],
        verbs: &[
            ("adicionar_contrato", Verb::Add("cliente_servico_contrato")),
            ("remover_contrato", Verb::Remove("cliente_servico_contrato")),
        ],
    },
    Shelf {
        kind: "cliente_servico_pacote",
        key: "id_cliente_servico_pacote",
        unknown: "Pacote não encontrado.",
        known: &[("status", Known::Text("ativo")), ("deleted_at", Known::Null)],
        verbs: &[
            ("adicionar_pacote", Verb::Add("cliente_servico_pacote")),
            ("consultar_pacotes", Verb::List("pacotes")),
            ("atualizar_pacote", Verb::Change("cliente_servico_pacote")),
            (
                "ativar_pacote",
                Verb::Set(
                    "cliente_servico_pacote",
                    &[("status", Known::Text("ativo")), ("deleted_at", Known::Null)],
                ),
            ),
            (
                "inativar_pacote",
                Verb::Set(
                    "cliente_servico_pacote",
                    &[("status", Known::Text("inativo")), ("deleted_at", Known::Now)],
                ),
            ),
        ],
    },
    Shelf {
        kind: "nfse",
        key: "id_nfse",
        unknown: "NFS-e não encontrada.",
        known: &[("status", Known::Text("pendente")), ("id_externo2", Known::Null)],
        verbs: &[
            ("listar_nfses", Verb::List("nfses")),
            ("editar_nfse", Verb::Change("nfse")),
            ("atualizar_id_externo2_nfse", Verb::Change("nfse")),
        ],
    },
    Shelf {
        kind: "nota_fiscal",
        key: "id_nota_fiscal",
        unknown: "Nota fiscal não encontrada.",
        known: &[("id_externo2", Known::Null)],
        verbs: &[
            ("listar_notas_telecom", Verb::List("notas_fiscais")),
            ("atualizar_id_externo2_nota_telecom", Verb::Change("nota_fiscal")),
        ],
    },
    Shelf {
        kind: "nfcom",
        key: "id_nfcom",
        unknown: "NFCom não encontrada.",
        known: &[("id_externo", Known::Null)],
        verbs: &[
            ("listar_nfcoms", Verb::List("nfcoms")),
            ("atualizar_id_externo_nfcom", Verb::Change("nfcom")),
        ],
    },
    Shelf {
        kind: "nfe",
        key: "id_nfe",
        unknown: "NF-e não encontrada.",
        known: &[],
        verbs: &[
            ("listar_nfes", Verb::List("nfes")),
            ("atualizar_id_externo_nfe", Verb::Change("nfe")),
        ],
    },
];
