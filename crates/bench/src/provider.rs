//! The provider as a load: requests that are made and signed beforehand, poured over connections that stay open.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use causeway_simulator::whatsapp::{Customer, Sender};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::stage::SOURCE;

/// What requests are signed with.
pub const SECRET: &str = "bench-secret";

/// The provider's time of messages that come from now on: what a chat sync covers that has just begun.
pub fn from_now_on() -> i64 {
    causeway::clock::Nature::system().now().seconds() + 2
}

/// The business number of the stage.
pub fn sender() -> Sender {
    Sender {
        secret: SECRET.into(),
        waba_id: "102290129340398".into(),
        phone_number_id: "106540352242922".into(),
        display_number: "15550783881".into(),
    }
}

/// The number of a person.
pub fn number(person: usize) -> String {
    format!("8190{person:08}")
}

/// The body of a request in which one person writes one message.
pub fn message(sender: &Sender, person: usize, id: &str, at: i64) -> Vec<u8> {
    let customer = Customer::with_number(&number(person), &format!("Person {person}"));
    let text = format!("This is the message {id} of a customer who asks about an order.");
    sender.wrap(vec![sender.text(&customer, id, at, &text)])
}

/// Whole requests as they go over the wire: `count` messages, each of the person that `who` names.
pub fn requests(name: &str, count: usize, at: i64, who: impl Fn(usize) -> usize) -> Arc<Vec<Vec<u8>>> {
    let sender = sender();
    let request = |place: usize| {
        let second = at + i64::try_from(place / 100).unwrap_or(0);
        let body = message(&sender, who(place), &format!("wamid.{name}.{place}"), second);
        let head = format!(
            "POST /hooks/whatsapp/{SOURCE} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
             x-hub-signature-256: {}\r\ncontent-length: {}\r\n\r\n",
            sender.sign(&body),
            body.len()
        );
        [head.as_bytes(), &body].concat()
    };
    Arc::new((0..count).map(request).collect())
}

/// Sends all of them over so many connections, each as soon as the one before is answered with 200. Answers how long that
/// took.
pub async fn pour(host: &str, requests: &Arc<Vec<Vec<u8>>>, connections: usize) -> Result<Duration> {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut pouring = JoinSet::new();
    for _ in 0..connections {
        let (requests, next) = (Arc::clone(requests), Arc::clone(&next));
        let mut stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        pouring.spawn(async move {
            let mut buffer = Vec::with_capacity(1024);
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                stream.write_all(request).await?;
                let status = answer(&mut stream, &mut buffer).await?;
                ensure!(status == 200, "a webhook was answered {status}");
            }
            Ok(())
        });
    }
    while let Some(poured) = pouring.join_next().await {
        poured??;
    }
    Ok(begun.elapsed())
}

/// Reads one answer whole; answers its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the connection ended");
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(Ok(0), |length| length.trim().parse())?;
        if buffer.len() >= end + 4 + length {
            let status = head.split(' ').nth(1).context("no status")?;
            return Ok(status.parse()?);
        }
    }
}
