//! Whoever is slow is let go, and the others are answered meanwhile. The limits are short here; nobody waits but for the
//! server to do something.

use std::{net::SocketAddr, time::Duration};

use causeway::{
    app::{App, Limits},
    clock,
    http::{Sockets, Transport as _},
    live::Topic,
    serve,
};
use causeway_core::crm::Request;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use super::super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    whoever_does_not_finish_a_head_is_let_go,
    whoever_does_not_finish_a_form_or_a_webhook_is_let_go,
    whoever_reads_nothing_is_let_go,
    whoever_reads_nothing_of_a_stream_is_let_go,
    when_every_place_is_taken_the_next_waits_and_is_answered,
);

/// How long the machine may take to do what is to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server with little patience.
struct Serving {
    app: App,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    async fn of(site: &Site, connections: usize) -> Self {
        let short = Duration::from_millis(400);
        let limits = Limits { head: short, form: short, stalled: short, connections };
        let app = App { limits, ..site.world.app.clone() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve::until(app.clone(), listener, async { drop(stopped.await) }));
        Self { app, address, stop: Some(stop), task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Somebody else is answered.
    async fn answers(&self) {
        let url = format!("http://{}/healthz", self.address);
        let asked = Request { method: "GET", url, headers: Vec::new(), body: Vec::new() };
        let answer = Sockets::new().unwrap().send(&asked, None, PATIENCE).await.unwrap();
        assert_eq!(answer.status, 200);
    }

    /// Stops it, and fails if anybody is still connected who should not be.
    async fn end(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        clock::within(PATIENCE, self.task).await.expect("it ends").unwrap().unwrap();
    }
}

/// Everything that is said until the server closes.
async fn heard(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let read = clock::within(PATIENCE, stream.read_to_end(&mut said)).await;
    read.expect("the server closes the connection").ok();
    String::from_utf8_lossy(&said).into_owned()
}

async fn whoever_does_not_finish_a_head_is_let_go(place: Place) {
    let site = Site::unconnected(place).await;
    let serving = Serving::of(&site, 64).await;
    let mut slow = Vec::new();
    for begun in ["", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n"] {
        let mut stream = serving.connect().await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    // One that was answered and then says nothing is the same.
    let mut stream = serving.connect().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    slow.push(stream);
    serving.answers().await;
    for mut stream in slow {
        let said = heard(&mut stream).await;
        assert!(said.is_empty() || said.contains(" 408 ") || said.ends_with("ok\n"), "{said}");
    }
    serving.end().await;
}

async fn whoever_does_not_finish_a_form_or_a_webhook_is_let_go(place: Place) {
    let site = Site::unconnected(place).await;
    let serving = Serving::of(&site, 64).await;
    for path in ["/sign-in", "/hooks/whatsapp/main"] {
        let mut stream = serving.connect().await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n\r\na"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        serving.answers().await;
        let said = heard(&mut stream).await;
        assert!(said.starts_with("HTTP/1.1 408 "), "{path}: {said}");
    }
    serving.end().await;
}

/// A connection whose end takes little.
async fn narrow(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(address).await.unwrap()
}

/// Until nobody is connected to that server any more; `meanwhile` is done again and again.
async fn until_nobody_is_there(serving: &Serving, meanwhile: impl Fn()) {
    let gone = async {
        while serving.app.metrics.connections() > 0 {
            meanwhile();
            clock::wait(&tokio::sync::Notify::new(), Duration::from_millis(5)).await;
        }
    };
    clock::within(PATIENCE, gone).await.expect("the server closes the connection");
}

async fn whoever_reads_nothing_is_let_go(place: Place) {
    let site = Site::unconnected(place).await;
    let serving = Serving::of(&site, 64).await;
    let mut stream = narrow(serving.address).await;
    let path = causeway_pages::assets::url("css/app.css");
    let asked = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").repeat(500);
    // The server may stop reading before all is said.
    let _ = clock::within(Duration::from_millis(300), stream.write_all(asked.as_bytes())).await;
    serving.answers().await;
    until_nobody_is_there(&serving, || {}).await;
    drop(stream);
    serving.end().await;
}

async fn whoever_reads_nothing_of_a_stream_is_let_go(place: Place) {
    let site = Site::unconnected(place).await;
    let serving = Serving::of(&site, 64).await;
    let mut stream = narrow(serving.address).await;
    let cookie = site.cookie("agent").await;
    let asked = format!("GET /live HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut begins = [0; 15];
    stream.read_exact(&mut begins).await.unwrap();
    assert_eq!(&begins, b"HTTP/1.1 200 OK");
    let workspace_id = site.world.workspace_id;
    let topics: Vec<Topic> = (0..900).map(Topic::Conversation).collect();
    until_nobody_is_there(&serving, || serving.app.live.tell(workspace_id, &topics)).await;
    assert_eq!(serving.app.live.streams(), 0, "what it was told from is gone, too");
    serving.answers().await;
    drop(stream);
    serving.end().await;
}

async fn when_every_place_is_taken_the_next_waits_and_is_answered(place: Place) {
    let site = Site::unconnected(place).await;
    let serving = Serving::of(&site, 3).await;
    let mut slow = Vec::new();
    for _ in 0..12 {
        slow.push(serving.connect().await);
    }
    serving.answers().await;
    assert!(serving.app.metrics.connections() <= 3);
    drop(slow);
    serving.end().await;
}
