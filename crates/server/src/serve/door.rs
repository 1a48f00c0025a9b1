//! Connections: taken, served with limits, brought to their end. Whoever is slow is let go; the others are answered
//! meanwhile.

use std::{future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::Service as _;

use super::patient::Patient;
use crate::{app::App, clock};

/// How much of a request's head is read. What providers and browsers send takes a few kilobytes.
const LARGEST_HEAD: usize = 32 * 1024;

/// How long the door rests when the system has no connection to give.
const REST: Duration = Duration::from_secs(1);

/// Serves what comes, until `stop` is done and what is under way has come to its end.
pub(super) async fn open(listener: TcpListener, router: Router, app: App, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(app.limits.connections));
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        while connections.try_join_next().is_some() {}
        let (stream, peer, place) = tokio::select! {
            taken = take(&listener, &places) => taken,
            () = &mut stop => break,
        };
        connections.spawn(serve(stream, peer, router.clone(), app.clone(), stopped.clone(), place));
    }
    drop(listener);
    stopping.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn take(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // Nobody closes the semaphore.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) => {
                tracing::error!(%error, "serve.accept");
                clock::wait(&Notify::new(), REST).await;
            }
        }
    }
}

async fn told(stopped: &mut watch::Receiver<bool>) {
    // A sender that is gone has stopped, too.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    app: App,
    mut stopped: watch::Receiver<bool>,
    _place: Option<OwnedSemaphorePermit>,
) {
    let _open = app.metrics.connected();
    // Answers are small, and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Patient::new(stream, app.limits.stalled));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.limits.head)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(io, service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Whoever goes away in the middle does no harm, and anybody can.
        tracing::debug!(%error, "serve.connection");
    }
}
