//! Words between the nodes that share a database: one says something on a channel, the others hear it on a connection
//! of their own. What is said while nobody listens is lost.

use std::future::poll_fn;

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::AsyncMessage;

use super::{Pg, connect::Way, connection, error, fault};
use crate::store::{Error, Result};

/// How many words may wait for their reader; then the connection waits.
const WAITING: usize = 256;

const LISTEN: &str = "LISTEN causeway_live";

impl Pg {
    /// Says something to every node that listens; fewer than 8000 bytes.
    pub(in crate::store) async fn announce(&self, text: String) -> Result<()> {
        let sql = "SELECT pg_notify('causeway_live', $1)";
        let client = connection(&self.pool).await?;
        let said = client.execute(sql, &[&text]).await;
        said.map(drop).map_err(|error| fault::from_postgres(error::running(sql), &error))
    }

    /// What nodes say from now on, until the connection is lost.
    pub(in crate::store) async fn hear(&self) -> Result<mpsc::Receiver<String>> {
        hear(&self.way).await
    }
}

async fn hear(way: &Way) -> Result<mpsc::Receiver<String>> {
    let connected = way.config.connect(way.tls.clone()).await;
    let doing = || "connecting to the database".to_owned();
    let (client, mut connection) = connected.map_err(|error| fault::from_postgres(doing(), &error))?;
    let (said, heard) = mpsc::channel(WAITING);
    let (ready, listening) = oneshot::channel();
    tokio::spawn(async move {
        let listen = async {
            // Nobody waits for the answer any more: then nobody hears either.
            let _ = ready.send(client.batch_execute(LISTEN).await);
            // The connection ends with its client, which therefore stays until whoever listens has gone.
            said.closed().await;
        };
        let speak = async {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(word) = message
                    && said.send(word.payload().to_owned()).await.is_err()
                {
                    return;
                }
            }
        };
        tokio::select! {
            () = listen => {}
            () = speak => {}
        }
    });
    match listening.await {
        Ok(Ok(())) => Ok(heard),
        Ok(Err(error)) => Err(fault::from_postgres(error::running(LISTEN), &error)),
        Err(_) => Err(Error::closed()),
    }
}
