//! The org on a real socket.

use causeway_simulator::salesforce::{Options, Org};
use causeway_simulator::serve::serve;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts an org on a free port; it stops when the sender is dropped.
async fn start() -> (std::net::SocketAddr, Org, tokio::sync::oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let org = Org::open(Options::default()).expect("an org");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = org.clone();
    tokio::spawn(async move {
        serve(served, listener, async {
            let _ = stopped.await;
        })
        .await
    });
    (address, org, stop)
}

async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn a_chunked_form_is_read_and_the_org_knows_its_address() {
    let (address, _org, _stop) = start().await;
    let form = "grant_type=client_credentials&client_id=causeway-sim&client_secret=causeway-sim-secret";
    let request = format!(
        "POST //services/oauth2/token/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{:x}\r\n{form}\r\n0\r\n\r\n",
        form.len()
    );
    let answer = exchange(address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains(&format!("\"instance_url\":\"http://{address}\"")), "{answer}");
}

#[tokio::test]
async fn a_cut_connection_closes_without_a_byte() {
    let (address, org, _stop) = start().await;
    let fault = json!({"kind": "commit_then_cut", "times": 1}).to_string();
    let request = http::Request::post("/_sim/faults").body(fault.into()).expect("a request");
    org.handle(request).await.expect("an answer");
    let request = "GET /services/data HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(address, request).await, "");
    assert!(exchange(address, request).await.starts_with("HTTP/1.1 200 OK"));
}
