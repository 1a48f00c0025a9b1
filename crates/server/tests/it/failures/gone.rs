//! The database goes away while the lane is at work and webhooks come in, and comes back: a PostgreSQL of the test's own,
//! stopped at once, as a machine that loses its power.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use causeway::{
    intake::{self, Received},
    lane,
};
use futures_util::future::{Either, select};

use super::{
    story::{Story, calm, set_clocks},
    tally::{Chapter, Tally},
    trap::{Gate, Side},
};
use crate::{
    long::process::{free_port, pass},
    postgres::fresh_database_on,
    store::engine::{Folder, Place},
    world::World,
};

/// A PostgreSQL server of its own, stopped with this value.
pub struct Server {
    bin: PathBuf,
    folder: Folder,
    port: u16,
    /// Whom it runs as, where we are root: it refuses root.
    user: Option<(String, String)>,
}

/// How a server ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It stops at once and recovers from its log when it starts again.
    Immediate,
    /// SIGKILL, for the server and every process of it: one that serves a connection would else end its transaction.
    Killed,
}

impl Server {
    /// Makes one and starts it.
    pub async fn start() -> Self {
        let server = Self { bin: binaries(), folder: Folder::new(), port: free_port(), user: user() };
        let home = server.folder.0.to_str().unwrap();
        if let Some((user, _)) = &server.user {
            assert!(Command::new("chown").args([user, home]).status().unwrap().success());
        }
        let made = server.run("initdb", &["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
        assert!(made, "initdb in {home}");
        server.go_on().await;
        server
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts again, as soon as whatever was left of it is gone.
    pub async fn go_on(&self) {
        let log = self.folder.0.join("log");
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        for _ in 0..100 {
            if self.run("pg_ctl", &["start", "-w", "-t", "60", "-l", log.to_str().unwrap(), "-o", &options]) {
                return;
            }
            pass(Duration::from_millis(200)).await;
        }
        panic!("it does not start again: {}", fs::read_to_string(log).unwrap_or_default());
    }

    /// Ends it.
    pub fn end(&self, how: End) {
        match how {
            End::Immediate => assert!(self.run("pg_ctl", &["stop", "-w", "-m", "immediate"])),
            End::Killed => {
                let pid = fs::read_to_string(self.folder.0.join("data/postmaster.pid")).unwrap();
                let pid = pid.lines().next().unwrap();
                let kill = |signal: &str, pids: &[&str]| Command::new("kill").arg(signal).args(pids).status();
                // Stopped first, it starts no more of them.
                assert!(kill("-STOP", &[pid]).unwrap().success());
                let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
                let all: Vec<&str> = std::iter::once(pid).chain(children.split_whitespace()).collect();
                assert!(kill("-KILL", &all).unwrap().success());
            }
        }
    }

    fn run(&self, program: &str, args: &[&str]) -> bool {
        let (program, data) = (self.bin.join(program), self.folder.0.join("data"));
        let mut command = match &self.user {
            Some((user, group)) => {
                let mut command = Command::new("setpriv");
                command.args([&format!("--reuid={user}"), &format!("--regid={group}")]).arg("--clear-groups");
                command.arg(program);
                command
            }
            None => Command::new(program),
        };
        let (out, err) = (std::process::Stdio::null(), std::process::Stdio::null());
        command.args(args).arg("-D").arg(data).current_dir("/").stdout(out).stderr(err);
        command.status().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate"]);
    }
}

/// The newest PostgreSQL of this machine.
fn binaries() -> PathBuf {
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed.map(|entry| entry.path()).max_by_key(|path| version(path));
    newest.map_or_else(PathBuf::new, |path| path.join("bin"))
}

fn user() -> Option<(String, String)> {
    let id = |args: &[&str]| {
        let said = Command::new("id").args(args).output().unwrap();
        said.status.success().then(|| String::from_utf8(said.stdout).unwrap().trim().to_owned())
    };
    if id(&["-u"])? != "0" {
        return None;
    }
    ["postgres", "nobody"].into_iter().find_map(|user| Some((user.to_owned(), id(&["-g", user])?)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_stops_at_any_request_and_comes_back_loses_and_repeats_nothing() {
    let mut tally = Tally::open_on("gone-stopped", Chapter::Store, "PostgreSQL");
    let case =
        ("database stops at once and comes back", "between any request and its answer, and as webhooks come");
    go_away(&mut tally, case, End::Immediate, &[Side::BeforeHearing]).await;
    tally.end();
}

/// Ends the database at every request of a pass, and judges what came of it.
pub async fn go_away(tally: &mut Tally, case: (&str, &str), how: End, sides: &[Side]) {
    let server = Server::start().await;
    let world = World::new(Place::Postgres(fresh_database_on(&server.url()).await)).await;
    let mut story = Story::default();
    for side in sides {
        for request in 0.. {
            let person = story.len();
            Story::know(&world, person).await;
            story.tell(&world, &[person, person + 1, person]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, *side);
            let app = gate.in_front_of(&world.app);
            let working = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), working)) = select(working, Box::pin(gate.reached())).await else {
                assert!(request > 4, "a pass makes more requests than {request}");
                break;
            };
            let (body, told) = story.compose(&world, &[person, person + 1]);
            server.end(how);
            assert_eq!(world.post_raw(body.clone()).await, Received::NotKept);
            gate.open();
            assert!(working.await.is_err() || *side == Side::BeforeSending);
            drop(intake::drain(&world.app).await);
            server.go_on().await;
            // Nobody restarts the server: its connections are made anew when they are needed.
            assert_eq!(world.post_raw(body).await, Received::Kept);
            story.take(told);
            set_clocks(&world, world.app.now() + 6 * 60_000_000);
            calm(&world, &world.app, Duration::from_hours(1)).await;
            tally.judge(case, &story, &world).await;
        }
    }
}
