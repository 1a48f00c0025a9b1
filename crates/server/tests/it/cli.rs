//! The built program at the command line: what it does in an empty folder, and one sentence for every bad input.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
    time::Duration,
};

use causeway::http::{Access, Sockets, Transport as _};
use causeway_core::crm::{Request, Response};
use serde_json::{Value, json};

use crate::store::engine::{Folder, Place};

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_causeway"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAUSEWAY_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(args).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

/// The one sentence with which it was refused.
fn refusal(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = said.trim_end();
    for word in ["panicked", "RUST_BACKTRACE", "Error {", "Err("] {
        assert!(!said.contains(word), "{said}");
    }
    said.strip_prefix("causeway: ").unwrap().to_owned()
}

fn refused(folder: &Path, args: &[&str]) -> String {
    refusal(&run(folder, args))
}

/// A server, ended when it is dropped.
struct Server {
    child: Child,
    lines: BufReader<ChildStderr>,
    url: String,
    token: Option<String>,
    /// The address at which it is set up, if nothing is.
    setup: Option<String>,
}

impl Server {
    /// Starts one on a free port and waits until it listens.
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut args = vec!["serve", "--listen", "127.0.0.1:0"];
        args.extend(more);
        let mut child = command(folder, &args).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap());
        let mut server = Self { child, lines, url: String::new(), token: None, setup: None };
        server.await_listening();
        server
    }

    fn await_listening(&mut self) {
        let mut said = String::new();
        while self.url.is_empty() {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended: {said}");
            if let Some((_, secret)) = line.split_once("shown this once: ") {
                self.token = Some(secret.trim().to_owned());
            }
            if line.contains("/setup?token=") {
                self.setup = Some(line.trim().to_owned());
            }
            if let Some((_, rest)) = line.split_once("reached at ") {
                rest.split(';').next().unwrap().clone_into(&mut self.url);
            }
            said.push_str(&line);
        }
    }

    /// Tells it to stop; answers its exit code.
    fn stop(&mut self) -> Option<i32> {
        // The shell's own word: a program of that name is not on every machine.
        let told =
            Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(told.success());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.lines, &mut rest).unwrap();
        self.child.wait().unwrap().code()
    }

    /// A form as a browser sends it; answers the status and where it leads.
    async fn form(&self, path: &str, fields: &str, cookie: &str) -> (u16, Response) {
        let headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
            ("cookie", cookie.to_owned()),
        ];
        let url = format!("{}{path}", self.url);
        let request = Request { method: "POST", url, headers, body: fields.as_bytes().to_vec() };
        let sent = Sockets::new().unwrap().send(&request, None, Duration::from_secs(20)).await.unwrap();
        (sent.status, sent)
    }

    async fn page(&self, path: &str, cookie: &str) -> (u16, String) {
        let headers = vec![("cookie", cookie.to_owned())];
        let request =
            Request { method: "GET", url: format!("{}{path}", self.url), headers, body: Vec::new() };
        let sent = Sockets::new().unwrap().send(&request, None, Duration::from_secs(20)).await.unwrap();
        (sent.status, String::from_utf8(sent.body).unwrap())
    }

    async fn api(&self, method: &'static str, path: &str, body: Value) -> (u16, Value) {
        let request = Request {
            method,
            url: format!("{}/api/v1/{path}", self.url),
            headers: Vec::new(),
            body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        };
        let sockets = Sockets::new().unwrap();
        let sent =
            sockets.send(&request, self.token.as_deref().map(Access::bearer), Duration::from_secs(20)).await;
        let Response { status, body, .. } = sent.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_wrong_word_at_the_command_line_is_answered_with_the_right_one() {
    let folder = Folder::new();
    assert!(refused(&folder.0, &["serve", "--lisen", "x"]).contains("'--listen'"));
    assert!(refused(&folder.0, &["serv"]).contains("'serve'"));
    assert!(refused(&folder.0, &["serve", "--listen", "nowhere"]).contains("'nowhere'"));
    assert!(refused(&folder.0, &["sim", "telegraph"]).contains("'telegraph'"));
    assert!(refused(&folder.0, &["trace"]).contains("<ID>"));
    let help = run(&folder.0, &["--help"]);
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("serve"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_configuration_that_cannot_be_used_is_named_with_its_place() {
    let folder = Folder::new();
    let with = |text: &str| {
        fs::write(folder.0.join("c.toml"), text).unwrap();
        refused(&folder.0, &["serve", "--config", "c.toml"])
    };
    let said = with("lisen = \"127.0.0.1:1\"");
    assert_eq!(said, "c.toml: there is no setting `lisen`; did you mean `listen`?");
    assert!(with("data = \"x\"\n\nlisten = = 3").contains("c.toml is not valid TOML: line 3"));
    assert!(with("keep_raw_days = \"many\"").contains("`keep_raw_days` takes a whole number"));
    assert!(with("listen = \"nowhere\"").contains("listen"));
    assert!(with("log = \"causeway=loud\"").contains("`log` takes a level"));
    assert!(with("database_url = \"mysql://x\"").contains("postgres://"));
    let missing = refused(&folder.0, &["serve", "--config", "none.toml"]);
    assert!(missing.contains("none.toml cannot be read"), "{missing}");
    let output = command(&folder.0, &["serve"]).env("CAUSEWAY_LISEN", "x").output().unwrap();
    assert!(refusal(&output).contains("CAUSEWAY_LISEN: there is no setting `lisen`"));
}

#[test]
fn what_the_machine_does_not_give_is_said_with_what_to_do() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(&folder.0, &["serve", "--listen", &address]);
    assert!(said.contains("is in use") && said.contains("--listen"), "{said}");
    let said = refused(&folder.0, &["sim", "salesforce", "--listen", &address]);
    assert!(said.contains("cannot listen") && said.contains("--listen"), "{said}");
    // A file where a folder should be cannot be written into, whoever runs this.
    fs::write(folder.0.join("file"), "x").unwrap();
    let said = refused(&folder.0, &["serve", "--listen", "127.0.0.1:0", "--data", "file/data"]);
    assert!(said.contains("file/data cannot be used") && said.contains("--data"), "{said}");
    let url = "postgres://nobody:hush@127.0.0.1:1/none";
    let said = refused(&folder.0, &["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    assert!(said.contains("database is unavailable") && said.contains("`database_url`"), "{said}");
    assert!(!said.contains("hush"));
    let said = refused(&folder.0, &["serve", "--zone", "Mars/Olympus"]);
    assert!(said.contains("no time zone Mars/Olympus"), "{said}");
    for args in [&["trace", "wamid.1"][..], &["replay"]] {
        assert!(refused(&folder.0, args).contains("there is no database at"));
    }
    assert!(refused(&folder.0, &["replay", "--since", "3x"]).contains("`3x` is no time"));
    let said = refused(&folder.0, &["sim", "whatsapp", "--to", "x", "--secret", "s"]);
    assert!(said.contains("http://HOST:PORT/PATH"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_left_alone() {
    let place = Place::sqlite();
    drop(place.open().await.unwrap());
    place.age().await;
    let Place::Sqlite(folder) = &place else { unreachable!("it was made so") };
    for args in [&["serve", "--listen", "127.0.0.1:0", "--data", "."][..], &["trace", "x", "--data", "."]] {
        let said = refused(&folder.0, args);
        assert!(said.contains("schema 9999") && said.contains("use a newer Causeway"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_an_empty_folder_the_first_start_is_usable_and_the_key_is_guarded() {
    let folder = Folder::new();
    let first = ["--workspace-name", "Acme", "--zone", "Asia/Tokyo", "--region", "JP"];
    let mut server = Server::start(&folder.0, &first);
    let (status, said) = server.api("GET", "status", Value::Null).await;
    assert_eq!((status, &said["workspace"]), (200, &json!("Acme")));
    let alone = refused(&folder.0, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(alone.contains("another causeway serves from data"), "{alone}");
    assert_eq!(server.stop(), Some(0));
    let mut again = Server::start(&folder.0, &[]);
    assert_eq!(again.token, None, "the workspace is there already");
    let fresh = run(&folder.0, &["token"]);
    let fresh = String::from_utf8(fresh.stdout).unwrap().trim().to_owned();
    assert_ne!(Some(&fresh), server.token.as_ref());
    again.token = Some(fresh);
    assert_eq!(again.api("GET", "members", Value::Null).await.0, 200);
    assert!(refused(&folder.0, &["token", "--email", "no@body"]).contains("no member is no@body"));
    again.token = server.token.take();
    assert_eq!(again.api("GET", "members", Value::Null).await.0, 200);
    assert_eq!(again.stop(), Some(0));
    let key = folder.0.join("data/secret.key");
    let kept = fs::read(&key).unwrap();
    fs::write(&key, "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").unwrap();
    assert!(refused(&folder.0, &["serve", "--listen", "127.0.0.1:0"]).contains("put the right key back"));
    fs::write(&key, "short").unwrap();
    assert!(refused(&folder.0, &["trace", "x"]).contains("32 bytes in base64"));
    fs::remove_file(&key).unwrap();
    let said = refused(&folder.0, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(said.contains("secret.key is missing"), "{said}");
    assert!(!key.exists(), "no other key was put in its place");
    fs::write(&key, kept).unwrap();
    let doctor = run(&folder.0, &["doctor"]);
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_nothing_set_up_the_server_prints_an_address_that_makes_the_owner_once() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0, &[]);
    assert_eq!(server.token, None, "nobody is there who could have one");
    let first = server.setup.clone().expect("the address");
    assert!(server.page("/setup", "").await.1.contains("one-time token"));
    assert!(first.starts_with(&server.url), "{first}");
    assert_eq!(server.stop(), Some(0));
    // Whoever lost the address starts again and gets another; the first is no longer good.
    let mut server = Server::start(&folder.0, &[]);
    let token = |address: &str| address.split_once("token=").unwrap().1.to_owned();
    let (old, token) = (token(&first), token(server.setup.as_ref().unwrap()));
    assert_ne!(old, token);
    let you = "name=Nora&email=nora%40acme.test&password=correct+horse+battery";
    let fields = format!("{you}&workspace=Acme&zone=Asia%2FTokyo&region=JP");
    assert_eq!(server.form("/setup", &format!("token={old}&{fields}"), "").await.0, 403);
    let (status, answer) = server.form("/setup", &format!("token={token}&{fields}"), "").await;
    assert_eq!(status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let cookie = |answer: &Response| {
        let set = answer.headers.iter().find(|(name, _)| name == "set-cookie").unwrap();
        set.1.split(';').next().unwrap().to_owned()
    };
    let entered = cookie(&answer);
    let (status, mine) = server.page("/settings/me", &entered).await;
    assert!(status == 200 && mine.contains("nora@acme.test"), "{mine}");
    assert_eq!(server.form("/sign-out", "", &entered).await.0, 303);
    assert_eq!(server.page("/settings/me", &entered).await.0, 303);
    let (status, answer) =
        server.form("/sign-in", "email=nora%40acme.test&password=correct+horse+battery", "").await;
    assert_eq!(status, 303);
    assert_eq!(server.page("/settings/people", &cookie(&answer)).await.0, 200);
    assert_eq!(server.stop(), Some(0));
    let mut again = Server::start(&folder.0, &[]);
    assert_eq!((again.setup.clone(), again.token.clone()), (None, None), "it is set up");
    assert_eq!(again.page("/setup", "").await.0, 410);
    assert_eq!(again.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simulated_messages_are_traced_and_replaying_changes_nothing() {
    let folder = Folder::new();
    let mut server = Server::start(&folder.0, &["--workspace-name", "Acme"]);
    let source = json!({
        "channel": "whatsapp", "key": "main", "signing_secrets": ["secret"], "verify_token": "word"
    });
    let (status, made) = server.api("POST", "sources", source).await;
    assert_eq!(status, 201);
    let to = made["webhook_url"].as_str().unwrap();
    let traffic = ["sim", "whatsapp", "--to", to, "--secret", "secret", "--verify-token", "word"];
    let more =
        ["--messages", "40", "--customers", "3", "--burst", "--shuffled", "--twice", "50", "--seed", "9"];
    let sent = run(&folder.0, &[&traffic[..], &more[..]].concat());
    let said = String::from_utf8(sent.stderr).unwrap();
    assert!(sent.status.success() && said.contains("given up: 0"), "{said}");
    let there = run(&folder.0, &["replay"]);
    let said = String::from_utf8(there.stderr).unwrap();
    assert!(there.status.success() && said.contains("the running server has read them all"), "{said}");
    assert_eq!(server.stop(), Some(0));
    let alone = run(&folder.0, &["replay", "--since", "1h", "--source", "main"]);
    let said = String::from_utf8(alone.stderr).unwrap();
    assert!(said.contains(" 0 new, 0 changed, ") && said.contains("; 0 parts"), "{said}");
    assert!(refused(&folder.0, &["replay", "--source", "other"]).contains("there is no source other"));
    let traced = run(&folder.0, &["trace", "wamid.sim.9.7", "--json"]);
    let receipts: Value = serde_json::from_slice(&traced.stdout).unwrap();
    assert_eq!(receipts["receipts"].as_array().unwrap().len(), 1);
    let id = receipts["receipts"][0]["message"].as_str().unwrap();
    let text = String::from_utf8(run(&folder.0, &["trace", id]).stdout).unwrap();
    assert!(text.contains("wamid.sim.9.7") && text.contains("no integration asks for it"), "{text}");
    let unknown = refused(&folder.0, &["trace", "wamid.none"]);
    assert!(unknown.contains("no message of the id wamid.none has been read"), "{unknown}");
}

#[test]
fn what_can_be_configured_is_printed_as_a_file_that_can_be_used() {
    let folder = Folder::new();
    let printed = command(&folder.0, &["config", "reference"]).output().unwrap();
    let text = String::from_utf8(printed.stdout).unwrap();
    for part in
        ["# Where the server listens", "listen = \"127.0.0.1:8080\"", "\n[salesforce]\n# ", "\n[mail]\n"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    fs::write(folder.0.join("c.toml"), text).unwrap();
    let shown = command(&folder.0, &["config", "show", "--config", "c.toml"]).output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
}

#[test]
fn the_configuration_is_shown_without_its_secrets() {
    let folder = Folder::new();
    fs::write(folder.0.join("c.toml"), "[salesforce]\nclient_secret = \"hush\"\n").unwrap();
    let shown = command(&folder.0, &["config", "show", "--config", "c.toml", "--data", "here"])
        .env("CAUSEWAY_DATABASE_URL", "postgres://u:hush@h/n")
        .output()
        .unwrap();
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.status.success() && !text.contains("hush"), "{text}");
    assert!(text.contains("salesforce.client_secret = (hidden)") && text.contains("# c.toml"), "{text}");
    assert!(text.contains("data = \"here\""), "{text}");
}
