//! What is outside: a copy of the database, and hosts that a CRM's answers name.

use std::time::Duration;

use causeway::{
    http::{Access, Sockets, Transport as _},
    people, sign_in as entrance,
    store::connection,
};
use causeway_core::{crm::Request, rights::Role};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::super::Site;
use crate::{store::engine::Place, world::APP_SECRET};

/// Everything that opens something is sealed, or only its digest is kept.
#[tokio::test]
async fn no_secret_stands_in_a_copied_database() {
    let site = Site::new(Place::sqlite()).await;
    let (world, app) = (&site.world, &site.world.app);
    let id = world.connection_id;
    let found = app.db.read(move |tx| Box::pin(connection::find(tx, id))).await.unwrap().unwrap();
    let mut secrets = vec![APP_SECRET.to_owned(), "causeway-sim-secret".to_owned()];
    for (what, sealed) in [("access_token", found.access_token), ("refresh_token", found.refresh_token)] {
        let opened = app.sealer.open(&connection::seal_place(id, what), &sealed.unwrap()).unwrap();
        secrets.push(opened.expose().to_owned());
    }
    let owner = site.actor("owner").await;
    secrets.push(people::invite(app, &owner, "new@acme.test", Role::Agent).await.unwrap());
    secrets.push(entrance::link_for(app, owner.workspace_id, owner.member.id, None).await.unwrap());
    let cookie = site.cookie("agent").await;
    secrets.push(cookie.split_once('=').unwrap().1.to_owned());
    let Place::Sqlite(folder) = &world.place else { panic!("this is about the file") };
    let mut copy = Vec::new();
    for file in std::fs::read_dir(&folder.0).unwrap() {
        copy.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let stands = |text: &str| copy.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(stands("owner@acme.test"), "this is not the database");
    for secret in secrets {
        assert!(secret.len() > 8 && !stands(&secret), "{secret} stands in the database");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 4096];
        let read = stream.read(&mut asked).await.unwrap();
        let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
        assert!(asked.to_ascii_lowercase().contains("authorization: some-token secret"), "{asked}");
        let head = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{address}/elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        drop(stream);
        // Nobody comes again.
        causeway::clock::within(Duration::from_millis(300), listener.accept()).await.is_none()
    });
    let asked = Request {
        method: "POST",
        url: format!("http://{address}/"),
        headers: Vec::new(),
        body: b"x".to_vec(),
    };
    let access = Some(Access { scheme: "some-token", token: "secret" });
    let answer = Sockets::new().unwrap().send(&asked, access, Duration::from_secs(20)).await.unwrap();
    assert_eq!(answer.status, 307);
    assert!(serving.await.unwrap(), "the token was taken elsewhere");
}
