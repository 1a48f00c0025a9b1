//! The stream of changes that open pages listen to.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use causeway_core::rights::Right;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{
    super::{Web, session::Visitor},
    Routes,
};
use crate::live::Change;

/// How often a silent stream shows that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/live", Right::Read, listen)
}

async fn listen(State(web): State<Web>, visitor: Visitor) -> Response {
    let live = Arc::clone(&web.app.live);
    let changes =
        words(web.app.live.listen(), visitor.workspace_id()).take_until(async move { live.stopped().await });
    let mut response = Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // A proxy that waits for more would keep the news to itself.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    response
}

/// The changes of one workspace, as words. Whoever has fallen behind is told to ask for everything.
fn words(changes: Receiver<Change>, workspace_id: i64) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(changes, move |mut changes| async move {
        loop {
            let word = match changes.recv().await {
                Ok(change) if change.workspace_id == workspace_id => change.topic.word(),
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => "*".to_owned(),
                Err(RecvError::Closed) => return None,
            };
            return Some((Ok(Event::default().data(word)), changes));
        }
    })
}
