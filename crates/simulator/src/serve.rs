//! The socket side: HTTP/1.1 in front of an org, with connections that can be cut without a byte.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::answer::Answer;

const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The connection is dropped without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Nothing was done.
    BeforeWork,
    /// Everything was done, or will be: only the answer is missing.
    AfterCommit,
}

/// What can be put on a socket.
pub trait Serve: Clone + Send + Sync + 'static {
    /// The vendor's own limit on a request body.
    const MOST_BODY_BYTES: usize;

    /// Says where it was found, for who has no address of its own.
    fn found_at(&self, url: &str);
    /// One request in, one answer out; `Err` means that the connection is to be dropped without a byte.
    fn handle(&self, request: Request<Bytes>) -> impl Future<Output = Result<Response<Bytes>, Cut>> + Send;
    /// The answer to a request whose body is larger than any may be.
    fn too_large(&self) -> Answer;
}

/// Serves the org on that listener until `shutdown` is done.
pub async fn serve(
    org: impl Serve,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    org.found_at(&format!("http://{}", listener.local_addr()?));
    let (stop, stopped) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(connection(org.clone(), stream, stopped.clone()));
                } else {
                    // Most often there are no file descriptors left; some connection has to end first.
                    crate::clock::pause(ACCEPT_PAUSE).await;
                }
            }
        }
    }
    drop(stop);
    Ok(())
}

async fn connection(org: impl Serve, stream: TcpStream, mut stopped: watch::Receiver<()>) {
    // Small answers are not to wait for a delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let org = Arc::new(org);
    let service = service_fn(move |request| answer(Arc::clone(&org), request));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // An error here is a cut, by the script or by the client.
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// The error that makes hyper close the socket without writing.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
struct CutOff;

async fn answer<Org: Serve>(
    org: Arc<Org>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, CutOff> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, Org::MOST_BODY_BYTES).collect().await else {
        return Ok(org.too_large().into_response(false).map(Full::new));
    };
    let request = Request::from_parts(parts, body.to_bytes());
    match org.handle(request).await {
        Ok(response) => Ok(response.map(Full::new)),
        Err(_) => Err(CutOff),
    }
}
