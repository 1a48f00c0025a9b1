//! Mails about API calls, taken and refused by a mail server that speaks the protocol over a socket.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use causeway::{
    config::MailSecurity,
    mail,
    store::mail::{self as outbox, Trouble},
};
use causeway_core::rights::Role;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    owners_and_admins_get_one_mail_near_the_end_and_one_at_the_stop,
    a_cause_that_recovered_and_came_again_is_told_again,
    a_mail_server_that_refuses_is_tried_again_and_shown,
    a_mail_server_without_encryption_gets_no_password,
    without_a_mail_server_nothing_is_recorded,
);

/// What a mail server answers to who a mail is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Takes,
    Refuses,
}

/// A mail server on a port of its own.
struct Server {
    port: u16,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Vec<String>>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            mood: Arc::new(Mutex::new(Mood::Takes)),
            heard: Arc::default(),
            taken: Arc::default(),
        };
        let (mood, heard, taken) = (server.mood.clone(), server.heard.clone(), server.taken.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, mood.clone(), heard.clone(), taken.clone()));
            }
        });
        server
    }

    /// What was taken, with lines as they were before they were broken for the wire.
    fn taken(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap();
        taken.iter().map(|mail| mail.replace("=\n", "").replace("=3D", "=").replace("\n ", " ")).collect()
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

/// One conversation: RFC 5321, as far as one mail needs it.
async fn talk(
    socket: TcpStream,
    mood: Arc<Mutex<Mood>>,
    heard: Arc<Mutex<Vec<String>>>,
    taken: Arc<Mutex<Vec<String>>>,
) {
    let (read, mut write) = socket.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
    let mut data: Option<String> = None;
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(text) = &mut data {
            if line == "." {
                taken.lock().unwrap().push(data.take().unwrap());
                write.write_all(b"250 taken\r\n").await.unwrap();
            } else {
                text.push_str(&line);
                text.push('\n');
            }
            continue;
        }
        heard.lock().unwrap().push(line.clone());
        let is_refused = *mood.lock().unwrap() == Mood::Refuses;
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => b"250-mail.test\r\n250 AUTH PLAIN\r\n",
            "RCPT" if is_refused => b"450 4.2.1 not now\r\n",
            "DATA" => {
                data = Some(String::new());
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        if write.write_all(answer).await.is_err() {
            return;
        }
    }
}

/// A world that sends mails there, on an org of a thousand calls a day.
async fn world(place: Place, server: &Server, security: MailSecurity) -> World {
    let mut world = World::new(place).await;
    let mut config = (*world.app.config).clone();
    config.mail.server = "127.0.0.1".into();
    config.mail.port = server.port;
    config.mail.security = security;
    config.mail.from = "Causeway <causeway@chat.test>".into();
    world.app.config = Arc::new(config);
    for (name, role) in [("ada", Role::Admin), ("max", Role::Manager)] {
        let member = causeway::store::workspace::Member {
            id: world.app.nature.id(),
            name: name.to_uppercase(),
            email: format!("{name}@acme.test"),
            role,
        };
        world.member_with_token(name, member).await;
    }
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    world
}

async fn uses(world: &World, used: u64, number: usize) {
    world.sim("POST", "usage", json!({"used": used})).await;
    world.hear(&hanako(), &format!("wamid.{number}"), "hello").await;
    world.after(Duration::from_mins(2)).await;
}

async fn troubles(world: &World) -> Vec<Trouble> {
    let id = world.workspace_id;
    world.app.db.read(move |tx| Box::pin(outbox::troubles(tx, id, 0))).await.unwrap()
}

fn to(mails: &[String], address: &str) -> usize {
    mails.iter().filter(|mail| mail.contains(&format!("<{address}>"))).count()
}

/// R5.24
async fn owners_and_admins_get_one_mail_near_the_end_and_one_at_the_stop(place: Place) {
    let server = Server::start().await;
    let world = world(place, &server, MailSecurity::None).await;
    uses(&world, 800, 1).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 2);
    let taken = server.taken();
    assert_eq!((to(&taken, "owner@acme.test"), to(&taken, "ada@acme.test")), (1, 1));
    assert!(taken[0].contains("Subject: API calls of") && taken[0].contains("/integrations/connection/con_"));
    assert!(taken[0].contains("Message-ID: <causeway-"), "{}", taken[0]);
    uses(&world, 820, 2).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 0, "once for each cause");
    uses(&world, 950, 3).await;
    uses(&world, 950, 4).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 2);
    assert!(server.taken()[2].contains("Subject: Messages wait"), "{}", server.taken()[2]);
    assert_eq!(to(&server.taken(), "max@acme.test"), 0, "a manager can change nothing about it");
}

async fn a_cause_that_recovered_and_came_again_is_told_again(place: Place) {
    let server = Server::start().await;
    let world = world(place, &server, MailSecurity::None).await;
    uses(&world, 800, 1).await;
    uses(&world, 100, 2).await;
    world.after(Duration::from_mins(2)).await;
    uses(&world, 800, 3).await;
    world.after(Duration::from_mins(2)).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 4);
}

async fn a_mail_server_that_refuses_is_tried_again_and_shown(place: Place) {
    let server = Server::start().await;
    let world = world(place, &server, MailSecurity::None).await;
    server.is(Mood::Refuses);
    uses(&world, 800, 1).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 0);
    let told = troubles(&world).await;
    assert_eq!(told.len(), 2);
    assert!(told[0].reason.contains("not now") && !told[0].is_given_up && told[0].tries == 1, "{told:?}");
    assert!(told[0].due_at > world.app.now());
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 0, "not at once again");
    // The lane went on all the while.
    world.hear(&hanako(), "wamid.2", "text 2").await;
    assert_eq!(world.state_of("wamid.2").await, "written");
    server.is(Mood::Takes);
    world.after(Duration::from_mins(2)).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 2);
    assert_eq!(troubles(&world).await, []);
    server.is(Mood::Refuses);
    uses(&world, 950, 3).await;
    uses(&world, 950, 4).await;
    for _ in 0..40 {
        world.after(Duration::from_hours(1)).await;
        mail::send_due(&world.app).await.unwrap();
    }
    assert!(troubles(&world).await.iter().all(|mail| mail.is_given_up), "a day is enough");
}

async fn a_mail_server_without_encryption_gets_no_password(place: Place) {
    let server = Server::start().await;
    let world = world(place, &server, MailSecurity::Starttls).await;
    uses(&world, 800, 1).await;
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 0);
    let heard = server.heard.lock().unwrap().clone();
    assert!(heard.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")), "{heard:?}");
    assert!(!troubles(&world).await.is_empty());
}

async fn without_a_mail_server_nothing_is_recorded(place: Place) {
    let server = Server::start().await;
    let mut world = world(place, &server, MailSecurity::None).await;
    let mut config = (*world.app.config).clone();
    config.mail.server = String::new();
    world.app.config = Arc::new(config);
    uses(&world, 800, 1).await;
    assert!(world.connection().await.budget.near_since.is_some(), "the page says it all the same");
    assert_eq!(mail::send_due(&world.app).await.unwrap(), 0);
    assert!(server.taken().is_empty());
}
