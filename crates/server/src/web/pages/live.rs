//! The stream of changes that open pages listen to.
//!
//! It begins where the page (or the stream before it) ended, and it ends with its session: a browser that was signed
//! out, or whose member may no longer sign in, hears nothing more.

use std::{collections::VecDeque, convert::Infallible, pin::pin, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use causeway_core::{rights::Right, sign_in::session_stands, time::Timestamp};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use tokio::sync::{
    Notify,
    broadcast::{Receiver, error::RecvError},
};

use super::{
    super::{Web, session::Visitor},
    Routes,
};
use crate::{
    clock,
    live::{Change, Streaming, Topic},
    store::{self, session},
};

/// How often a silent stream shows that it is alive, and looks at its session again.
const ALIVE: Duration = Duration::from_secs(15);

/// For how long a session that was looked at is believed, while changes are told.
const BELIEVED: Duration = Duration::from_secs(30);

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/live", Right::Read, listen)
}

/// Where a stream begins.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Since {
    /// The mark of the page that asks.
    since: String,
}

async fn listen(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Since>,
) -> Response {
    // A stream that broke off goes on where it ended, whatever its page knew.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let since = last.unwrap_or(&asked.since).to_owned();
    let live = Arc::clone(&web.app.live);
    let told = told(web, visitor, &since).take_until(async move { live.stopped().await });
    let mut response = Sse::new(told).into_response();
    // A proxy that waits for more would keep the news to itself.
    let name = HeaderName::from_static("x-accel-buffering");
    response.headers_mut().insert(name, HeaderValue::from_static("no"));
    response
}

/// What one browser is told.
struct Telling {
    web: Web,
    visitor: Visitor,
    /// What is to be told before anything is listened to.
    first: VecDeque<Event>,
    changes: Receiver<Change>,
    /// When the session was last looked at.
    seen_at: Timestamp,
    _open: Streaming,
}

fn told(web: Web, visitor: Visitor, since: &str) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let open = web.app.live.begin_stream();
    let number = since.rsplit_once('.').filter(|(node, _)| *node == &*web.app.node);
    let number = number.and_then(|(_, number)| number.parse().ok());
    let (missed, changes) = match number {
        Some(number) => web.app.live.listen_since(number),
        None => (None, web.app.live.listen()),
    };
    let mut telling =
        Telling { seen_at: web.app.nature.now(), _open: open, web, visitor, first: VecDeque::new(), changes };
    // It says where it begins, so that it can be taken up again.
    let begin = Event::default().id(telling.mark(telling.web.app.live.last()));
    telling.first.push_back(begin);
    match missed {
        None => telling.first.push_back(telling.event(telling.web.app.live.last(), Topic::Everything)),
        Some(missed) => {
            let told = missed.iter().filter(|change| telling.is_for_pages(change));
            let told: Vec<Event> = told.map(|change| telling.event(change.number, change.topic)).collect();
            telling.first.extend(told);
        }
    }
    stream::unfold(telling, |mut telling| async move {
        let event = telling.next().await?;
        Some((Ok(event), telling))
    })
}

impl Telling {
    /// The next thing to tell; `None`: the stream ends.
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.first.pop_front() {
            return Some(event);
        }
        let wake = Notify::new();
        let mut silence = pin!(clock::wait(&wake, ALIVE));
        loop {
            let heard = tokio::select! {
                heard = self.changes.recv() => heard,
                () = &mut silence => {
                    return self.may_go_on().await.then(|| Event::default().comment(""));
                }
            };
            let (number, topic) = match heard {
                Ok(change) if !change.concerns(self.visitor.workspace_id()) => continue,
                Ok(change) if change.topic == Topic::Sessions => {
                    if self.may_go_on().await {
                        continue;
                    }
                    return None;
                }
                Ok(change) => (change.number, change.topic),
                // Among what was missed may be the end of this session.
                Err(RecvError::Lagged(_)) => {
                    self.seen_at = Timestamp(0);
                    (self.web.app.live.last(), Topic::Everything)
                }
                Err(RecvError::Closed) => return None,
            };
            let is_believed = self.web.app.nature.now().since(self.seen_at) < BELIEVED;
            return (is_believed || self.may_go_on().await).then(|| self.event(number, topic));
        }
    }

    fn is_for_pages(&self, change: &Change) -> bool {
        change.concerns(self.visitor.workspace_id()) && change.topic != Topic::Sessions
    }

    fn mark(&self, number: u64) -> String {
        format!("{}.{number}", self.web.app.node)
    }

    fn event(&self, number: u64, topic: Topic) -> Event {
        Event::default().id(self.mark(number)).data(topic.word())
    }

    /// Looks at the session again. While the store cannot say, the stream goes on.
    async fn may_go_on(&mut self) -> bool {
        let now = self.web.app.nature.now();
        let stands = self.stands(now).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "web.live");
            true
        });
        self.seen_at = now;
        stands
    }

    async fn stands(&self, now: Timestamp) -> store::Result<bool> {
        let digest = self.visitor.session.clone();
        let found =
            self.web.app.db.read(move |tx| Box::pin(async move { session::known(tx, &digest).await }));
        let found = found.await?;
        Ok(found.is_some_and(|found| {
            session_stands(Timestamp(found.created_at), Timestamp(found.seen_at), now)
                && found.member.role.has(Right::Read)
        }))
    }
}
