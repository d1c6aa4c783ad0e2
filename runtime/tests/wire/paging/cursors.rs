//! Tests where reading starts and how it resumes.

use prumo_runtime::call::Call;
use prumo_runtime::{Cursor, Pages};

use super::{ONE_BAD, Row, all, client, pages, vendor};

#[tokio::test]
async fn reading_is_taken_up_where_it_stopped() {
    let server = vendor(ONE_BAD).await;
    let client = client(&server);
    let mut items = pages(&client, "by_next").items();
    assert_eq!(items.cursor().unwrap().to_string(), "v1:byNext:1");
    for _ in 0..3 {
        items.next().await;
        assert_eq!(items.cursor().unwrap().page(), 1, "the page's last item may not be stored yet");
    }
    items.next().await;
    let stored = serde_json::to_string(&items.cursor()).unwrap();
    assert_eq!(stored, r#""v1:byNext:2""#);

    let stored: Cursor = serde_json::from_str(&stored).unwrap();
    assert_eq!(all(pages(&client, "by_next").resume(&stored)).await, ["2: 4 of ? then end"]);
    items.next().await;
    assert_eq!(items.cursor(), None, "nothing is left");
}

#[tokio::test]
async fn a_cursor_stays_at_the_page_that_failed() {
    let server = vendor(&[(1, 200, r#"{"data":[{"id":1}],"next_page":2}"#)]).await;
    let client = client(&server);
    let mut pages = pages(&client, "by_next");
    pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert!(pages.next().await.is_none(), "an outage is not asked again and again");
    assert_eq!(pages.cursor().unwrap().to_string(), "v1:byNext:2");
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused_before_anything_is_sent() {
    let server = vendor(&[]).await;
    let client = client(&server);
    let sized = |each: Option<u32>| {
        let mut call = Call::new(&client, "by_last");
        call.query("each", Some(each));
        Pages::<Row>::new(call, Call::ready)
    };
    let cases = [
        (
            pages(&client, "by_next"),
            "v1:byLast:7",
            "`byNext`: the cursor belongs to another operation",
        ),
        (
            sized(Some(50)),
            "v1:byLast:7/100",
            "`byLast`: the cursor has pages of 100 items, the call pages of 50 items",
        ),
        (
            sized(None),
            "v1:byLast:7/100",
            "`byLast`: the cursor has pages of 100 items, the call pages of the default size",
        ),
    ];
    for (pages, cursor, expect) in cases {
        let cursor = cursor.parse().unwrap();
        assert_eq!(all(pages.resume(&cursor)).await, [expect]);
    }
    assert!(server.requests().is_empty());
    let page = sized(Some(50)).resume(&"v1:byLast:7/50".parse().unwrap()).next().await;
    assert_eq!(page.unwrap().unwrap_err().status(), Some(500));
    assert_eq!(server.request().line(), "GET /list?each=50&page=7");
}

#[tokio::test]
async fn the_caller_chooses_the_first_page() {
    let server = vendor(&[(3, 200, r#"{"data":[{"id":9}],"next_page":null}"#)]).await;
    let client = client(&server);
    let from = |page: i64| {
        let mut call = Call::new(&client, "by_next");
        call.query("page", Some(page));
        Pages::<Row>::new(call, Call::ready)
    };
    assert_eq!(all(from(3)).await, ["3: 9 of ? then end"]);
    assert_eq!(all(from(-1)).await, ["`byNext`: parameter `page` is not a page number"]);
}
