//! The socket side: HTTP/1.1 in front of an org, with connections that can be cut without a byte.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::salesforce::Org;

/// The vendor's own limit on a request body.
const MOST_BODY_BYTES: usize = 50 * 1024 * 1024;

const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the org on that listener until `shutdown` is done.
pub async fn serve(org: Org, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    org.set_public_url_if_unset(&format!("http://{}", listener.local_addr()?));
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

async fn connection(org: Org, stream: TcpStream, mut stopped: watch::Receiver<()>) {
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

async fn answer(org: Arc<Org>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, CutOff> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MOST_BODY_BYTES).collect().await else {
        return Ok(too_large());
    };
    let request = Request::from_parts(parts, body.to_bytes());
    match org.handle(request).await {
        Ok(response) => Ok(response.map(Full::new)),
        Err(_) => Err(CutOff),
    }
}

fn too_large() -> Response<Full<Bytes>> {
    let body = r#"[{"errorCode":"EXCEEDED_MAX_SIZE_REQUEST","message":"The request is too large."}]"#;
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}
