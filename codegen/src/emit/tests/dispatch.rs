//! Calls by operation name.

use super::{excerpt, file};
use crate::Client;
use crate::tests::{SPEC, rendered_crate};

#[test]
fn dispatch_reads_each_argument_by_its_type() {
    let text = file(&rendered_crate(SPEC), "dispatch.rs");
    insta::assert_snapshot!(excerpt(&text, "pub(super) async fn call_criar_item", "}"), @r###"
    pub(super) async fn call_criar_item(
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
    insta::assert_snapshot!(excerpt(&text, "let finders", "}"), @r###"
        let finders = [find_call_item_1];
        let found = finders.iter().find_map(|find| find(client, operation, arguments, body));
        found.ok_or_else(|| read::unknown_operation(operation))?.await
    }
    "###);
    insta::assert_snapshot!(excerpt(&text, "match operation", "    }"), @r###"
    match operation {
        "criar_item" => Some(Box::pin(call_criar_item(client, arguments, body))),
        _ => None,
    }
    "###);
    assert_eq!(text.matches("let finders").count(), 1);
    // Without an operation there is no search, and no argument is unused.
    let none = rendered_crate("{openapi: 3.0.3, info: {title: Alfa, version: '1'}, paths: {}}");
    insta::assert_snapshot!(excerpt(&file(&none, "dispatch.rs"), "let _ =", "}"), @r###"
        let _ = (client, arguments, body);
        Err(read::unknown_operation(operation))
    }
    "###);
}

/// Returns the files of a document with `n` operations below one path, half of them in a tag.
fn rendered_operations(n: usize) -> Client {
    let paths: String = (0..n)
        .map(|number| {
            let tags = if number % 2 == 0 { "" } else { "tags: [Straße], " };
            format!(
                "  /v1/{number}: {{get: {{operationId: ler_{number}, {tags}responses: {{'204': {{description: ''}}}}}}}}\n"
            )
        })
        .collect();
    rendered_crate(&format!(
        "openapi: 3.0.3\ninfo: {{title: Alfa, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths:\n{paths}"
    ))
}

#[test]
fn no_file_grows_with_the_whole_api() {
    let client = rendered_operations(1_200);
    let longest = client.files.iter().max_by_key(|file| file.text.lines().count()).unwrap();
    assert!(longest.text.lines().count() < 3_000, "{}", longest.name);
    for name in ["dispatch/v1.rs", "dispatch/stra_e.rs", "operations/v1.rs"] {
        assert!(client.files.iter().any(|file| file.name == name), "{name}");
    }
    let finders = file(&client, "dispatch.rs");
    assert!(
        finders.contains("find_call_v1_6,") && !finders.contains("find_call_v1_7"),
        "{finders}"
    );
}
