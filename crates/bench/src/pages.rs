//! What memory open pages take: each is a stream on a socket of its own.

use std::{future::pending, time::Duration};

use anyhow::{Context as _, Result};
use causeway::{clock, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use crate::{figures::Figures, stage::Stage};

/// How many pages are open.
const PAGES: usize = 2_000;

pub async fn measure(figures: &mut Figures) -> Result<()> {
    let stage = Stage::set("pages", None).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(serve::until(stage.app.clone(), listener, pending()));
    let before = resident()?;
    let mut open = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let mut page = TcpStream::connect(address).await?;
        let request = format!("GET /live HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\n\r\n", stage.cookie());
        page.write_all(request.as_bytes()).await?;
        let mut head = [0; 64];
        let read = page.read(&mut head).await?;
        anyhow::ensure!(String::from_utf8_lossy(&head[..read]).contains("200"), "a stream was refused");
        open.push(page);
    }
    // What the allocator still holds of opening them counts too; a moment for what was begun to end.
    clock::wait(&Notify::new(), Duration::from_secs(1)).await;
    let after = resident()?;
    figures.add(
        "memory of 2,000 open pages (server and, in the same process, the clients' ends)",
        format!(
            "{:.0} MiB more ({:.0} MiB in all, {:.0} MiB before)",
            (after - before) as f64 / 1024.0,
            after as f64 / 1024.0,
            before as f64 / 1024.0
        ),
        "under 200 MiB",
    );
    drop(open);
    serving.abort();
    Ok(())
}

/// Resident memory of this process, in KiB.
fn resident() -> Result<i64> {
    let status = std::fs::read_to_string("/proc/self/status").context("the system tells no memory")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no resident memory")?;
    Ok(line.split_whitespace().nth(1).context("no figure")?.parse()?)
}
