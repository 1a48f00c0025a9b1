//! The server on a real socket: it stops when it is told to, gives up what it holds, and forgets what is old.

use std::time::Duration;

use causeway::{
    clock,
    http::{Sockets, Transport as _},
    serve, sign_in,
    store::{intake, lease, workspace::Member},
};
use causeway_core::{crm::Request, rights::Role};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_server_ends_when_it_is_told_and_gives_up_reading,
    a_server_does_not_wait_for_pages_that_stay_open,
    what_is_older_than_it_is_kept_is_forgotten_once_read,
    leases_of_the_dead_are_ended_and_no_others,
);

async fn a_server_ends_when_it_is_told_and_gives_up_reading(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/healthz", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::until(world.app.clone(), listener, async {
        drop(stopped.await);
    }));
    let request = Request { method: "GET", url, headers: Vec::new(), body: Vec::new() };
    let answer = Sockets::new().unwrap().send(&request, None, Duration::from_secs(20)).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok\n"[..]));
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert_eq!(take(&world, "intake", "another").await, Some(true), "nobody waits for the last one's lease");
}

async fn a_server_does_not_wait_for_pages_that_stay_open(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let member = Member {
        id: world.app.nature.id(),
        name: "Aiko".into(),
        email: "aiko@acme.test".into(),
        role: Role::Agent,
    };
    let member = world.member_with_token("agent", member).await;
    let entered = sign_in::begin(&world.app, world.workspace_id, member, "a test").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::until(world.app.clone(), listener, async {
        drop(stopped.await);
    }));
    let mut page = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET /live HTTP/1.1\r\nHost: x\r\nCookie: causeway_session={}\r\n\r\n", entered.token);
    page.write_all(request.as_bytes()).await.unwrap();
    let mut told = vec![0; 17];
    page.read_exact(&mut told).await.unwrap();
    assert_eq!(told, b"HTTP/1.1 200 OK\r\n");
    stop.send(()).unwrap();
    // Requests under way are given twenty seconds; a stream would take them all.
    let ended = clock::within(Duration::from_secs(10), serving).await;
    ended.expect("it ends at once").unwrap().unwrap();
    page.read_to_end(&mut told).await.unwrap();
}

async fn what_is_older_than_it_is_kept_is_forgotten_once_read(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    world.post_raw(b"{}".to_vec()).await;
    world.clock.advance(Duration::from_hours(24 * 31));
    assert_eq!(serve::prune_once(&world.app).await.unwrap(), 0, "it is not read yet");
    world.digest().await;
    assert_eq!(serve::prune_once(&world.app).await.unwrap(), 1);
    world.post_raw(b"{}".to_vec()).await;
    world.digest().await;
    assert_eq!(serve::prune_once(&world.app).await.unwrap(), 0, "it is young");
    let again = world.app.db.write(|tx| Box::pin(intake::again(tx, 0, None))).await.unwrap();
    assert_eq!(again, 1);
}

async fn leases_of_the_dead_are_ended_and_no_others(place: Place) {
    let world = World::unconnected(place, Setting::default()).await;
    assert_eq!(take(&world, "intake", "serve-1").await, Some(true));
    assert_eq!(take(&world, "lane/1", "replay-1").await, Some(true));
    let ended = world.app.db.write(|tx| Box::pin(lease::end_all_of(tx, "serve-"))).await.unwrap();
    assert_eq!(ended, 1);
    assert_eq!(take(&world, "intake", "serve-2").await, Some(true));
    assert_eq!(take(&world, "lane/1", "serve-2").await, None);
}

async fn take(world: &World, name: &'static str, holder: &'static str) -> Option<bool> {
    let now = world.app.now();
    world
        .app
        .db
        .write(move |tx| Box::pin(async move { lease::take(tx, name, holder, now, now + 1_000_000).await }))
        .await
        .unwrap()
}
