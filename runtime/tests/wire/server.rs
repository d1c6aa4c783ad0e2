//! A loopback server that answers with fixed or chosen bytes, and keeps the requests.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running server, which ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<Received>>>,
}

/// A request as received over the socket.
#[derive(Clone)]
pub(crate) struct Received {
    /// Request line and headers.
    pub(crate) head: String,
    /// Everything after the head.
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// Returns the request line without the HTTP version: `GET /alfa/tickets?x=1`.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap().trim_end_matches(" HTTP/1.1")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    /// Starts a server that answers with a status, a content type and a body.
    pub(crate) async fn answering(status: u16, kind: &str, body: impl AsRef<[u8]>) -> Self {
        Self::answering_raw(answer(status, kind, body.as_ref())).await
    }

    /// Starts a server that answers with the status and JSON that `choose` returns.
    pub(crate) async fn choosing(
        choose: impl Fn(&Received) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        Self::answering_with(move |received| {
            let (status, body) = choose(received);
            answer(status, "application/json", body.as_bytes())
        })
        .await
    }

    /// Starts a server that answers with these bytes and closes the connection.
    pub(crate) async fn answering_raw(answer: Vec<u8>) -> Self {
        Self::answering_with(move |_| answer.clone()).await
    }

    async fn answering_with(choose: impl Fn(&Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                serve(socket, &choose, &keep).await;
            }
        });
        Self { base_url, requests }
    }

    /// Returns all requests so far.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns the only request.
    pub(crate) fn request(&self) -> Received {
        let [request] = <[Received; 1]>::try_from(self.requests()).ok().unwrap();
        request
    }
}

fn answer(status: u16, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

async fn serve(
    mut socket: TcpStream,
    choose: &(impl Fn(&Received) -> Vec<u8> + Sync),
    keep: &Mutex<Vec<Received>>,
) {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        if let Some(received) = complete(&bytes) {
            let answer = choose(&received);
            keep.lock().unwrap().push(received);
            let _ = socket.write_all(&answer).await;
            let _ = socket.shutdown().await;
            return;
        }
        match socket.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(n_read) => bytes.extend_from_slice(&chunk[..n_read]),
        }
    }
}

/// Returns the request once its announced body is complete.
pub(crate) fn complete(bytes: &[u8]) -> Option<Received> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let received = Received { head, body: bytes[end + 4..].to_vec() };
    assert_eq!(received.header("transfer-encoding"), None, "a length must be announced");
    let length = received.header("content-length").map_or(0, |length| length.parse().unwrap());
    (received.body.len() >= length).then_some(received)
}
