//! Tests responses that are too long, incomplete or missing.

use std::time::Duration;

use crate::client::{Client, TOKEN, client, setup};
use crate::server::Server;
use crate::{classes, everything_printed};

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read() {
    let announced = b"HTTP/1.1 200 X\r\ncontent-length: 1001\r\n\r\n{".to_vec();
    let unannounced = [b"HTTP/1.1 200 X\r\n\r\n{".as_slice(), &vec![b' '; 1001]].concat();
    for answer in [announced, unannounced] {
        let server = Server::answering_raw(answer).await;
        let setup = setup(&server.base_url).credential("token", TOKEN).max_answer_bytes(1000);
        let error = Client::with(setup).unwrap().read_ticket("7", None).await.unwrap_err();
        assert_eq!(classes(&error), ["decode", "maybe"]);
        assert!(error.to_string().ends_with("over the limit of 1000 bytes"), "{error}");
    }
}

#[tokio::test]
async fn a_refusal_keeps_at_most_64_kib() {
    let page = vec![b'x'; 200_000];
    let server = Server::answering(503, "text/html", &page).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!(error.body().unwrap().len(), 64 * 1024);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let cut = |status| {
        format!("HTTP/1.1 {status} X\r\ncontent-length: 99\r\n\r\n{{\"erro\"").into_bytes()
    };
    let server = Server::answering_raw(cut(200)).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!(error.to_string(), "`readTicket`: the transfer broke off: unexpected end of file");
    assert_eq!((classes(&error), error.status()), (vec!["maybe"], Some(200)));

    // The status of a refusal counts, whatever happens to the body.
    let server = Server::answering_raw(cut(503)).await;
    let error = client(&server).read_ticket("7", None).await.unwrap_err();
    assert_eq!((classes(&error), error.status()), (vec!["vendor", "maybe"], Some(503)));
}

#[tokio::test]
async fn no_connection_and_no_answer_are_told_apart() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/s3cr3t", closed.local_addr().unwrap());
    drop(closed);
    let gone = Client::with(setup(&base_url).credential("token", TOKEN)).unwrap();
    let error = gone.read_ticket("7", None).await.unwrap_err();
    assert_eq!(classes(&error), ["connect"]);
    assert_eq!(error.to_string(), "`readTicket`: no connection: connection refused");
    assert!(!everything_printed(&error).contains("s3cr3t"), "{}", everything_printed(&error));

    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", silent.local_addr().unwrap());
    let setup = setup(&base_url).credential("token", TOKEN).timeout(Duration::from_millis(50));
    let error = Client::with(setup).unwrap().read_ticket("7", None).await.unwrap_err();
    assert_eq!(classes(&error), ["timeout", "maybe"]);
    assert_eq!(error.to_string(), "`readTicket`: no response in time");
    assert!(!everything_printed(&error).contains("s3cr3t"), "{}", everything_printed(&error));
}
