//! Tests that items that do not fit are reported and do not affect the others.

use prumo_runtime::{ItemError, Items};

use super::{ONE_BAD, Row, all, client, pages, vendor};

const BAD: &str = "`byNext`: can't decode the response with status 200 at `/data/1/id`: expected i64, found a string";

#[tokio::test]
async fn a_page_does_not_die_of_one_bad_item() {
    let server = vendor(ONE_BAD).await;
    let client = client(&server);
    let expect = [BAD, "1: 1 3 of ? then v1:byNext:2", "2: 4 of ? then end"];
    assert_eq!(all(pages(&client, "by_next")).await, expect);

    let mut items = pages(&client, "by_next").items();
    let mut told = Vec::new();
    while let Some(item) = items.next().await {
        told.push(match item {
            Ok(row) => row.id.to_string(),
            Err(error) => {
                assert_eq!(error.body(), Some(&br#"{"id":"Ana"}"#[..]), "the item alone");
                error.to_string()
            }
        });
    }
    assert_eq!(told, ["1", BAD, "3", "4"]);
}

#[tokio::test]
async fn a_lossy_stream_gives_the_error_in_the_place_of_the_item() {
    let server = vendor(ONE_BAD).await;
    let client = client(&server);
    let page = pages(&client, "by_next").lossy().next().await.unwrap().unwrap();
    let [Ok(first), Err(bad), Ok(third)] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!((first.id, third.id), (1, 3));
    assert_eq!((bad.pointer(), bad.raw()), ("/data/1/id", &br#"{"id":"Ana"}"#[..]));
    assert_eq!(
        (bad.to_string(), bad.cursor().to_string()),
        (BAD.to_owned(), "v1:byNext:1".to_owned())
    );
    assert!(!format!("{bad} {bad:?} {page:?}").contains("Ana"), "a value is printed");

    let mut items: Items<'_, Result<Row, ItemError>> = pages(&client, "by_next").items().lossy();
    let mut n_bad = 0;
    while let Some(item) = items.next().await {
        n_bad += usize::from(item.unwrap().is_err());
    }
    assert_eq!(n_bad, 1);
}
