//! Tests paged lists: every style and end, and the mistakes that a vendor can make.

mod bad_items;
mod cursors;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prumo_runtime::call::Call;
use prumo_runtime::{
    ClientSetup, Error, ItemError, Items, Operation, Page, PageBehind, PageSize, Pages, Paging,
    PagingEnd, PagingStyle, Parameter, Place, RetryPolicy,
};
use serde::Deserialize;

use crate::client::{Client, OWN, SCHEMES, TOKEN};
use crate::everything_printed;
use crate::server::{Received, Server};

const BY_NEXT: Paging = Paging::new(PagingStyle::Pages, "/data", PagingEnd::NextPage)
    .page("page", 1)
    .size(PageSize::Fixed(2))
    .total("/size")
    .next("/next_page");

const BY_LAST: Paging = Paging::new(PagingStyle::Pages, "/rows", PagingEnd::LastPage)
    .page("page", 0)
    .size(PageSize::Parameter("each"))
    .total("/pages/total")
    .current("/pages/current")
    .last("/pages/last");

const PAGINATOR: Paging = Paging::new(PagingStyle::Paginator, "/data/data", PagingEnd::LastPage)
    .page("page", 1)
    .total("/data/total")
    .current("/data/current_page")
    .last("/data/last_page");

const BY_EMPTY: Paging =
    Paging::new(PagingStyle::Pages, "/data", PagingEnd::EmptyPage).page("page", 1);

const BY_404: Paging = Paging::new(PagingStyle::Pages, "/data", PagingEnd::NotFound)
    .page("page", 1)
    .behind(PageBehind::NotFound);

const NEXT_OR_404: Paging = BY_NEXT.behind(PageBehind::NotFound);

const LIMIT: Paging = Paging::new(PagingStyle::Limit, "/data", PagingEnd::OnePage);

const PAGE: Parameter = Parameter::new("page", Place::Query).required();
const EACH: Parameter = Parameter::new("each", Place::Query);

const fn list(id: &'static str, rust_name: &'static str) -> Operation {
    Operation::new(id, rust_name, "GET", "/list").parameters(&[PAGE, EACH])
}

static LISTS: &[Operation] = &[
    list("byNext", "by_next").paging(BY_NEXT),
    list("byLast", "by_last").paging(BY_LAST),
    list("paginator", "paginator").paging(PAGINATOR).envelope(OWN),
    Operation::new("byEmpty", "by_empty", "GET", "/list/{page}")
        .parameters(&[Parameter::new("page", Place::Path).required()])
        .paging(BY_EMPTY),
    list("by404", "by_404").paging(BY_404),
    list("nextOr404", "next_or_404").paging(NEXT_OR_404),
    list("limit", "limit").parameters(&[EACH]).paging(LIMIT),
    list("plain", "plain"),
];

#[derive(Debug, Deserialize)]
struct Row {
    id: i64,
}

fn client(server: &Server) -> Client {
    let setup = ClientSetup::new(LISTS, SCHEMES, None)
        .base_url(&server.base_url)
        .retry(RetryPolicy::never());
    Client::with(setup.credential("token", TOKEN)).unwrap()
}

fn pages<'c>(client: &'c Client, list: &'static str) -> Pages<'c, Row> {
    Pages::new(Call::new(client, list), Call::ready)
}

/// Returns the number of the requested page, if there is one.
fn page_of(request: &Received) -> Option<u64> {
    let line = request.line();
    let number = line.rsplit_once("page=").or_else(|| line.rsplit_once("/list/"))?.1;
    number.split('&').next()?.parse().ok()
}

/// A vendor with these pages by number, which fails for any other request.
async fn vendor(answers: &'static [(u64, u16, &'static str)]) -> Server {
    Server::choosing(move |request| {
        let number = page_of(request).unwrap_or_default();
        let known = answers.iter().find(|(page, ..)| *page == number);
        known.map_or((500, "null".to_owned()), |&(_, status, body)| (status, body.to_owned()))
    })
    .await
}

/// Returns text like `1: 7 8 of 3 then v1:byNext:2`, or the error.
fn told(page: Result<Page<Row>, Error>) -> String {
    match page {
        Ok(page) => {
            let ids: Vec<String> = page.items.iter().map(|row| row.id.to_string()).collect();
            let total = page.total.map_or("?".to_owned(), |total| total.to_string());
            let next = page.cursor.map_or("end".to_owned(), |cursor| cursor.to_string());
            format!("{}: {} of {total} then {next}", page.number, ids.join(" "))
        }
        Err(error) => error.to_string(),
    }
}

async fn all(mut pages: Pages<'_, Row>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.push(told(page));
        assert!(all.len() < 20, "it does not end: {all:?}");
    }
    assert!(pages.next().await.is_none(), "it ends once");
    all
}

/// One bad item among three, on the first of two pages.
const ONE_BAD: &[(u64, u16, &str)] = &[
    (1, 200, r#"{"data":[{"id":1},{"id":"Ana"},{"id":3}],"next_page":2}"#),
    (2, 200, r#"{"data":[{"id":4}],"next_page":null}"#),
];

struct Case {
    name: &'static str,
    list: &'static str,
    answers: &'static [(u64, u16, &'static str)],
    expect: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        name: "the answer names the next page",
        list: "by_next",
        answers: &[
            (1, 200, r#"{"data":[{"id":1},{"id":2}],"size":3,"next_page":2}"#),
            (2, 200, r#"{"data":[{"id":3}],"size":3,"next_page":null}"#),
        ],
        expect: &["1: 1 2 of 3 then v1:byNext:2", "2: 3 of 3 then end"],
    },
    Case {
        name: "the next page is not the following number",
        list: "by_next",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}],"next_page":"5"}"#),
            (5, 200, r#"{"data":[{"id":2}],"next_page":null}"#),
        ],
        expect: &["1: 1 of ? then v1:byNext:5", "5: 2 of ? then end"],
    },
    Case {
        name: "a next page that leads back",
        list: "by_next",
        answers: &[(1, 200, r#"{"data":[{"id":1}],"next_page":1}"#)],
        expect: &[
            "`byNext`: can't decode the response with status 200 at `/next_page`: expected a later page, found this one or an earlier one",
        ],
    },
    Case {
        name: "an empty first page",
        list: "by_next",
        answers: &[(1, 200, r#"{"data":[],"size":0,"next_page":null}"#)],
        expect: &["1:  of 0 then end"],
    },
    Case {
        name: "a renamed member is not the end",
        list: "by_next",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}],"proxima":2}"#),
            (2, 200, r#"{"data":[{"id":2}],"proxima":null}"#),
            (3, 200, r#"{"data":[],"proxima":null}"#),
        ],
        expect: &["1: 1 of ? then v1:byNext:2", "2: 2 of ? then v1:byNext:3", "3:  of ? then end"],
    },
    Case {
        name: "404 where the vendor has none for a page",
        list: "by_next",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}],"next_page":2}"#),
            (2, 404, r#"{"message":"no"}"#),
        ],
        expect: &["1: 1 of ? then v1:byNext:2", "`byNext`: the vendor refused with status 404: no"],
    },
    Case {
        name: "the answer names the last page, counted from 0, and the total changes",
        list: "by_last",
        answers: &[
            (0, 200, r#"{"rows":[{"id":1}],"pages":{"current":0,"last":1,"total":2}}"#),
            (1, 200, r#"{"rows":[{"id":2}],"pages":{"current":1,"last":2,"total":3}}"#),
            (2, 200, r#"{"rows":[{"id":3}],"pages":{"current":2,"last":2,"total":3}}"#),
        ],
        expect: &["0: 1 of 2 then v1:byLast:1", "1: 2 of 3 then v1:byLast:2", "2: 3 of 3 then end"],
    },
    Case {
        name: "a list that shrinks",
        list: "by_last",
        answers: &[
            (0, 200, r#"{"rows":[{"id":1}],"pages":{"current":0,"last":1,"total":2}}"#),
            (1, 200, r#"{"rows":[],"pages":{"current":1,"last":0,"total":1}}"#),
        ],
        expect: &["0: 1 of 2 then v1:byLast:1", "1:  of 1 then end"],
    },
    Case {
        name: "no last page, so up to an empty one",
        list: "by_last",
        answers: &[(0, 200, r#"{"rows":[{"id":1}]}"#), (1, 200, r#"{"rows":[]}"#)],
        expect: &["0: 1 of ? then v1:byLast:1", "1:  of ? then end"],
    },
    Case {
        name: "another page than was asked for",
        list: "by_last",
        answers: &[(0, 200, r#"{"rows":[{"id":1}],"pages":{"current":4,"last":9}}"#)],
        expect: &[
            "`byLast`: can't decode the response with status 200 at `/pages/current`: not the page that was requested by `page`",
        ],
    },
    Case {
        name: "Laravel's paginator, in an envelope",
        list: "paginator",
        answers: &[
            (
                1,
                200,
                r#"{"erro":false,"data":{"current_page":1,"data":[{"id":1}],"last_page":2,"total":2}}"#,
            ),
            (
                2,
                200,
                r#"{"erro":false,"data":{"current_page":2,"data":[{"id":2}],"last_page":2,"total":2}}"#,
            ),
        ],
        expect: &["1: 1 of 2 then v1:paginator:2", "2: 2 of 2 then end"],
    },
    Case {
        name: "a refusal in the envelope, and no list",
        list: "paginator",
        answers: &[(1, 200, r#"{"erro":true,"mensagem":"Sem acesso"}"#)],
        expect: &["`paginator`: the vendor refused with status 200: Sem acesso"],
    },
    Case {
        name: "an empty page ends, and the number is in the path",
        list: "by_empty",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}]}"#),
            (2, 200, r#"{"data":[{"id":2}]}"#),
            (3, 200, r#"{"data":[]}"#),
        ],
        expect: &[
            "1: 1 of ? then v1:byEmpty:2",
            "2: 2 of ? then v1:byEmpty:3",
            "3:  of ? then end",
        ],
    },
    Case {
        name: "the same page again",
        list: "by_empty",
        answers: &[(1, 200, r#"{"data":[{"id":1}]}"#), (2, 200, r#"{"data":[{"id":1}]}"#)],
        expect: &[
            "1: 1 of ? then v1:byEmpty:2",
            "`byEmpty`: can't decode the response with status 200 at `/data`: the same items as on the page before: the vendor may ignore `page`",
        ],
    },
    Case {
        name: "rows came in before the first, and moved a whole page",
        list: "by_next",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}],"size":1,"next_page":2}"#),
            (2, 200, r#"{"data":[{"id":1}],"size":2,"next_page":null}"#),
        ],
        expect: &["1: 1 of 1 then v1:byNext:2", "2: 1 of 2 then end"],
    },
    Case {
        name: "404 behind the last page",
        list: "by_404",
        answers: &[(1, 200, r#"{"data":[{"id":1}]}"#), (2, 404, r#"{"message":"no such page"}"#)],
        expect: &["1: 1 of ? then v1:by404:2"],
    },
    Case {
        name: "the next page is gone when it is asked for",
        list: "next_or_404",
        answers: &[
            (1, 200, r#"{"data":[{"id":1}],"next_page":2}"#),
            (2, 404, r#"{"message":"no such page"}"#),
        ],
        expect: &["1: 1 of ? then v1:nextOr404:2"],
    },
    Case {
        name: "404 at once is no end",
        list: "by_404",
        answers: &[(1, 404, r#"{"message":"no such path"}"#)],
        expect: &["`by404`: the vendor refused with status 404: no such path"],
    },
    Case {
        name: "one page that can't be asked for",
        list: "limit",
        answers: &[(0, 200, r#"{"data":[{"id":1},{"id":2}]}"#)],
        expect: &["0: 1 2 of ? then end"],
    },
    Case {
        name: "no list",
        list: "by_empty",
        answers: &[(1, 200, r#"{"dados":[]}"#)],
        expect: &[
            "`byEmpty`: can't decode the response with status 200 at `/data`: the list is missing",
        ],
    },
    Case {
        name: "something else in the place of the list",
        list: "by_empty",
        answers: &[(1, 200, r#"{"data":{"0":{"id":1}}}"#)],
        expect: &[
            "`byEmpty`: can't decode the response with status 200 at `/data`: expected a sequence, found an object",
        ],
    },
    Case {
        name: "an operation that is not paged",
        list: "plain",
        answers: &[],
        expect: &["`plain`: the list is not paged"],
    },
];

#[tokio::test]
async fn a_list_is_read_up_to_its_end_and_no_further() {
    for case in CASES {
        let server = vendor(case.answers).await;
        let client = client(&server);
        assert_eq!(all(pages(&client, case.list)).await, case.expect, "case `{}`", case.name);
        assert_eq!(server.requests().len(), case.answers.len(), "case `{}`", case.name);
    }
}

#[tokio::test]
async fn a_list_without_end_stops_at_the_guard() {
    let server = Server::choosing(|request| {
        let number = page_of(request).unwrap_or_default();
        (200, format!(r#"{{"data":[{{"id":{number}}}]}}"#))
    })
    .await;
    let client = client(&server);
    let all = all(pages(&client, "by_empty").max_pages(2)).await;
    let guard = "`byEmpty`: the list has more than 2 pages, the limit of `max_pages`";
    assert_eq!(all, ["1: 1 of ? then v1:byEmpty:2", "2: 2 of ? then v1:byEmpty:3", guard]);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_list_that_may_be_missing_is_empty() {
    for body in [r#"{"erro":false}"#, r#"{"data":null}"#] {
        let server = Server::answering(200, "application/json", body).await;
        let client = client(&server);
        assert_eq!(
            all(pages(&client, "by_empty").or_none()).await,
            ["1:  of ? then end"],
            "body {body}"
        );
        assert_eq!(all(pages(&client, "by_empty")).await.len(), 1, "body {body}");
    }
}

#[tokio::test]
async fn giving_up_the_wait_neither_loses_nor_repeats_a_page() {
    let n_asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&n_asked);
    let server = Server::choosing(move |request| {
        count.fetch_add(1, Ordering::SeqCst);
        let number = page_of(request).unwrap_or_default();
        let next = if number < 3 { (number + 1).to_string() } else { "null".to_owned() };
        (200, format!(r#"{{"data":[{{"id":{number}}}],"next_page":{next}}}"#))
    })
    .await;
    let client = client(&server);
    let mut items = pages(&client, "by_next").items();
    let mut ids = Vec::new();
    loop {
        assert!(n_asked.load(Ordering::SeqCst) < 20, "pages are asked for again");
        // The first poll of each wait is pending. The wait is dropped and started again.
        let next = tokio::select! {
            biased;
            next = items.next() => next,
            () = tokio::task::yield_now() => continue,
        };
        match next {
            Some(row) => ids.push(row.unwrap().id),
            None => break,
        }
    }
    assert_eq!((ids, n_asked.load(Ordering::SeqCst)), (vec![1, 2, 3], 3));
}

#[tokio::test]
async fn nothing_of_a_stream_prints_a_secret_or_a_person() {
    let server =
        vendor(&[(1, 200, r#"{"data":[{"id":"Ana s3cr3t/t0ken"}],"next_page":null}"#)]).await;
    let client = client(&server);
    let mut pages = pages(&client, "by_next");
    let mut text = format!("{pages:?}");
    while let Some(page) = pages.next().await {
        text.push_str(&match &page {
            Ok(page) => format!("{page:?}"),
            Err(error) => everything_printed(error),
        });
    }
    assert!(!text.contains("Ana") && !text.contains("s3cr3t"), "{text}");
}

#[test]
fn streams_can_be_sent_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Pages<'static, Row>>();
    is_send::<Items<'static, Result<Row, ItemError>>>();
    is_send::<Page<Row>>();
}
