//! The provider's files on a socket. Bodies go out piece by piece, slowly if that is their trouble, and break off where
//! they are to.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::media::{Provider, Reply};
use crate::clock;

/// Serves the files until `shutdown` is done.
pub async fn serve_media(
    provider: Provider,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    provider.found_at(&format!("http://{}", listener.local_addr()?));
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let provider = provider.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(provider.clone(), request));
                    // An error here is a cut, by the script or by the client.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        }
    }
}

async fn answer(provider: Provider, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let authorization = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let reply = provider.answer(request.method().as_str(), path, authorization);
    if reply.is_silent {
        std::future::pending::<()>().await;
    }
    Ok(respond(reply))
}

fn respond(reply: Reply) -> Response<Body> {
    let Reply { answer, pieces, cut_after, pause, .. } = reply;
    let Some(pieces) = pieces else { return answer.into_response(false).map(Body::from) };
    let (sender, receiver) = mpsc::channel::<Result<Frame<Bytes>, io::Error>>(1);
    tokio::spawn(async move {
        let mut sent = 0;
        for piece in pieces {
            if !pause.is_zero() {
                clock::pause(pause).await;
            }
            let room = cut_after.map_or(u64::MAX, |cut| cut.saturating_sub(sent));
            let fits = piece.slice(..piece.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
            let is_cut = fits.len() < piece.len();
            sent += fits.len() as u64;
            if sender.send(Ok(Frame::data(fits))).await.is_err() {
                return;
            }
            if is_cut {
                let _ = sender.send(Err(io::Error::other("the connection is cut"))).await;
                return;
            }
        }
    });
    let mut response = Response::new(Body::new(Channel(receiver).boxed()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// A body that comes through a channel.
struct Channel(mpsc::Receiver<Result<Frame<Bytes>, io::Error>>);

impl hyper::body::Body for Channel {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.0.poll_recv(context)
    }
}
