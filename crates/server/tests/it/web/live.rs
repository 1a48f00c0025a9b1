//! The stream of changes: whom it tells what, where it begins, and when it ends.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use causeway::{
    clock,
    live::{self, Topic},
    store::{
        member,
        session::{self, Session},
    },
};
use futures_util::StreamExt as _;
use http::{Request, StatusCode};
use tower::ServiceExt as _;

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    a_stream_tells_its_own_workspace_and_no_other,
    a_stream_begins_where_its_page_was_asked_for,
    whoever_has_fallen_behind_is_told_to_ask_for_everything,
    a_stream_ends_at_once_when_its_browser_is_signed_out,
    a_stream_ends_within_a_minute_when_its_session_ends_or_its_member_may_no_longer_sign_in,
    without_a_session_there_is_no_stream,
);

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A stream, read word by word.
struct Stream {
    body: BodyDataStream,
    rest: String,
}

impl Stream {
    /// The next event: its id, its word. `None`: the stream has ended.
    async fn event(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let field =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let (id, data) = (field("id:").unwrap_or_default(), field("data:"));
                let found = data.map(|data| (id.to_owned(), data.to_owned()));
                self.rest = String::from(rest);
                // A beginning and a sign of life say nothing.
                match found {
                    Some(found) => return Some(found),
                    None => continue,
                }
            }
            let some =
                clock::within(PATIENCE, self.body.next()).await.expect("something is told, or it ends")?;
            self.rest.push_str(std::str::from_utf8(&some.unwrap()).unwrap());
        }
    }

    /// The word of the next event.
    async fn word(&mut self) -> Option<String> {
        self.event().await.map(|(_, word)| word)
    }
}

impl Site {
    async fn stream(&self, cookie: &str, since: &str, last: Option<&str>) -> Stream {
        let mut request = Request::get(format!("/live?since={since}"))
            .header("cookie", cookie)
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Stream { body: answer.into_body().into_data_stream(), rest: String::new() }
    }

    /// The session behind a cookie.
    async fn session(&self, cookie: &str) -> Session {
        let token = cookie.split_once('=').unwrap().1.to_owned();
        let found =
            self.world.app.db.read(move |tx| Box::pin(async move { session::find(tx, &token).await }));
        found.await.unwrap().unwrap()
    }

    /// Lets a member in or keeps them out, and tells nobody.
    async fn activate(&self, member_id: i64, is_active: bool) {
        let workspace_id = self.world.workspace_id;
        let set = self
            .world
            .app
            .db
            .write(move |tx| Box::pin(member::set_active(tx, workspace_id, member_id, is_active)));
        assert!(set.await.unwrap());
    }

    /// The mark of a page that is asked for now.
    fn mark(&self) -> String {
        format!("{}.{}", self.world.app.node, self.world.app.live.last())
    }

    fn tell(&self, topic: Topic) {
        self.world.app.live.tell(self.world.workspace_id, &[topic]);
    }
}

async fn a_stream_tells_its_own_workspace_and_no_other(place: Place) {
    let site = Site::unconnected(place).await;
    site.stranger().await;
    let stranger_cookie = site.cookie("stranger").await;
    let app = &site.world.app;
    let other = site.session(&stranger_cookie).await.workspace.id;
    let mut own = site.stream(&site.cookie("agent").await, &site.mark(), None).await;
    let mut stranger = site.stream(&stranger_cookie, &site.mark(), None).await;
    site.tell(Topic::Conversation(5));
    app.live.tell(other, &[Topic::Notices]);
    site.tell(Topic::Deliveries);
    assert_eq!(own.word().await, Some(Topic::Conversation(5).word()));
    assert_eq!(own.word().await, Some("deliveries".into()));
    assert_eq!(stranger.word().await, Some("notices".into()));
}

async fn a_stream_begins_where_its_page_was_asked_for(place: Place) {
    let site = Site::unconnected(place).await;
    let cookie = site.cookie("agent").await;
    let page = site.page("agent", "/inbox").await.text();
    let mark = page.split_once("data-mark=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    assert_eq!(mark, site.mark());
    site.tell(Topic::Conversations);
    let mut stream = site.stream(&cookie, &mark, None).await;
    let (id, word) = stream.event().await.unwrap();
    assert_eq!((id.as_str(), word.as_str()), (site.mark().as_str(), "conversations"));
    site.tell(Topic::Deliveries);
    // A stream that broke off goes on behind the last word that was heard, whatever its page knew.
    let mut again = site.stream(&cookie, &mark, Some(&id)).await;
    assert_eq!(again.word().await, Some("deliveries".into()));
    for unknown in ["", "another-node.1", "node-1.999999", "node-1.x"] {
        let mut stream = site.stream(&cookie, unknown, None).await;
        assert_eq!(stream.word().await, Some("*".into()), "{unknown:?}");
    }
}

async fn whoever_has_fallen_behind_is_told_to_ask_for_everything(place: Place) {
    let site = Site::unconnected(place).await;
    let mut stream = site.stream(&site.cookie("agent").await, &site.mark(), None).await;
    for _ in 0..3_000 {
        site.tell(Topic::Conversations);
    }
    assert_eq!(stream.word().await, Some("*".into()));
}

async fn a_stream_ends_at_once_when_its_browser_is_signed_out(place: Place) {
    let site = Site::unconnected(place).await;
    let (one, two) = (site.cookie("agent").await, site.cookie("agent").await);
    let mut first = site.stream(&one, &site.mark(), None).await;
    let mut second = site.stream(&two, &site.mark(), None).await;
    let request = Request::post("/sign-out").header("cookie", &one).header("sec-fetch-site", "same-origin");
    site.send(request.body(Body::empty()).unwrap()).await;
    site.tell(Topic::Conversations);
    assert_eq!(first.word().await, None, "nothing more is told");
    assert_eq!(second.word().await, Some("conversations".into()), "the other browser stays");
}

async fn a_stream_ends_within_a_minute_when_its_session_ends_or_its_member_may_no_longer_sign_in(
    place: Place,
) {
    let site = Site::unconnected(place).await;
    let cookie = site.cookie("agent").await;
    let member_id = site.session(&cookie).await.member.id;
    let mut stream = site.stream(&cookie, &site.mark(), None).await;
    site.world.clock.advance(Duration::from_secs(31));
    site.tell(Topic::Conversations);
    assert_eq!(stream.word().await, Some("conversations".into()), "its session stands");
    // Behind the program's back: nobody tells.
    site.activate(member_id, false).await;
    site.world.clock.advance(Duration::from_secs(31));
    site.tell(Topic::Conversations);
    assert_eq!(stream.word().await, None);
    site.activate(member_id, true).await;
    let mut stream = site.stream(&cookie, &site.mark(), None).await;
    site.world.clock.advance(Duration::from_hours(24 * 15));
    site.tell(Topic::Conversations);
    assert_eq!(stream.word().await, None, "a stream alone does not keep a session");
}

async fn without_a_session_there_is_no_stream(place: Place) {
    let site = Site::unconnected(place).await;
    let request = Request::get("/live").header("accept", "text/event-stream").body(Body::empty()).unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_over_one_database_tell_each_other() {
    let site = Site::unconnected(Place::postgres().await).await;
    let one = site.world.app.clone();
    let mut two = one.clone();
    two.db = site.world.place.open().await.unwrap();
    two.live = std::sync::Arc::default();
    two.node = "node-2".into();
    for app in [&one, &two] {
        tokio::spawn(live::send(app.clone()));
        tokio::spawn(live::hear(app.clone()));
    }
    let workspace_id = site.world.workspace_id;
    let mut heard = two.live.listen();
    // What is told before the other listens is lost: it begins by asking for everything anyhow.
    let telling = async {
        loop {
            one.live.tell(workspace_id, &[Topic::Conversation(7)]);
            if let Some(change) = clock::within(Duration::from_millis(200), heard.recv()).await {
                return change.unwrap();
            }
        }
    };
    let change = clock::within(PATIENCE, telling).await.unwrap();
    assert_eq!((change.workspace_id, change.topic), (Some(workspace_id), Topic::Conversation(7)));
    // One's own words are not taken for another's, and come to each once.
    let mut own = one.live.listen();
    let mut heard = two.live.listen();
    two.live.tell(workspace_id, &[Topic::Deliveries]);
    let change = clock::within(PATIENCE, own.recv()).await.unwrap().unwrap();
    assert_eq!((change.topic, change.is_from_elsewhere), (Topic::Deliveries, true));
    one.live.tell(workspace_id, &[Topic::Notices]);
    let mut topics = Vec::new();
    while topics.last() != Some(&Topic::Notices) {
        topics.push(clock::within(PATIENCE, heard.recv()).await.unwrap().unwrap().topic);
    }
    topics.retain(|topic| *topic != Topic::Conversation(7));
    assert_eq!(topics, [Topic::Deliveries, Topic::Notices]);
    // A connection that was lost may have lost something.
    let mut own = one.live.listen();
    site.world.place.cut_listeners().await;
    let change = clock::within(PATIENCE, own.recv()).await.unwrap().unwrap();
    assert_eq!((change.workspace_id, change.topic), (None, Topic::Everything));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_database_has_one_node_and_nobody_to_tell() {
    let site = Site::unconnected(Place::sqlite()).await;
    for ended in [live::send(site.world.app.clone()).await, live::hear(site.world.app.clone()).await] {
        assert_eq!(ended, ());
    }
}
