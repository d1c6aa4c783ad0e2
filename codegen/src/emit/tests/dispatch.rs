//! Calls by operation name.

use super::{excerpt, file};
use crate::tests::{SPEC, rendered_crate};

#[test]
fn dispatch_reads_each_argument_by_its_type() {
    let text = file(&rendered_crate(SPEC), "dispatch.rs");
    insta::assert_snapshot!(excerpt(&text, "async fn call_criar_item", "}"), @r###"
    async fn call_criar_item(
        client: &Client,
        arguments: &Map<String, Value>,
        body: Option<&Value>,
    ) -> Result<Dispatched, Error> {
        #[allow(unused_mut)]
        let mut call = client.criar_item();
        call = call.id(read::required::<String>(arguments, "id")?);
        if let Some(value) = read::argument::<BrDate>(arguments, "dia")? {
            call = call.dia(value);
        }
        call = call.body(read::body::<types::Novo>(body)?);
        Dispatched::typed(call.send().await?)
    }
    "###);
}

#[test]
fn dispatch_chooses_an_operation_before_it_waits() {
    let text = file(&rendered_crate(SPEC), "dispatch.rs");
    insta::assert_snapshot!(excerpt(&text, "let answer", "    };"), @r###"
    let answer: ::std::pin::Pin<Box<Answer<'_>>> = match operation {
        "criar_item" => Box::pin(call_criar_item(client, arguments, body)),
        other => return Err(read::unknown_operation(other)),
    };
    "###);
    assert_eq!(text.matches("let answer").count(), 1);
    // Without an operation there is no `match`, and no argument is unused.
    let none = rendered_crate("{openapi: 3.0.3, info: {title: Alfa, version: '1'}, paths: {}}");
    insta::assert_snapshot!(excerpt(&file(&none, "dispatch.rs"), "let _ =", "}"), @r###"
        let _ = (client, arguments, body);
        Err(read::unknown_operation(operation))
    }
    "###);
}
