//! The built program as processes of its own: the server, which can be killed, and a simulated org.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use causeway::{
    clock,
    http::{Access, Sockets, Transport as _},
};
use causeway_core::crm::{Request, Response};
use serde_json::Value;
use tokio::sync::Notify;

/// A process of ours, killed when it is dropped.
pub struct Process {
    child: Child,
    folder: PathBuf,
    args: Vec<String>,
    environment: Vec<(String, String)>,
    /// What it said until it was ready.
    pub said: String,
}

impl Process {
    /// Starts the program and waits until it says `ready`.
    pub fn start(folder: &Path, args: &[String], environment: &[(String, String)], ready: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_causeway"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAUSEWAY_")) {
            command.env_remove(name);
        }
        command.current_dir(folder).args(args).envs(environment.iter().cloned());
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains(ready) {
            assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
        }
        // What it says later is thrown away, or it would wait for a reader.
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            while lines.get_mut().take(65_536).read_to_end(&mut rest).is_ok_and(|read| read > 0) {
                rest.clear();
            }
        });
        let (args, environment) = (args.to_vec(), environment.to_vec());
        Self { child, folder: folder.to_owned(), args, environment, said }
    }

    /// Kills it where it stands (SIGKILL), and starts it again.
    pub fn kill_and_start(&mut self, ready: &str) {
        self.kill();
        self.start_again(ready);
    }

    /// Kills it where it stands (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again after it was killed.
    pub fn start_again(&mut self, ready: &str) {
        *self = Self::start(&self.folder, &self.args, &self.environment, ready);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// One request; `None` if no answer came.
pub async fn ask(
    http: &Sockets,
    method: &'static str,
    url: &str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
) -> Option<Response> {
    let request = Request { method, url: url.to_owned(), headers, body };
    http.send(&request, None, Duration::from_secs(30)).await.ok()
}

/// One request with JSON in and out that must go well.
pub async fn json(
    http: &Sockets,
    method: &'static str,
    url: &str,
    token: Option<&str>,
    body: &Value,
) -> Value {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = Request {
        method,
        url: url.to_owned(),
        headers: vec![("content-type", "application/json".to_owned())],
        body,
    };
    let answer = http.send(&request, token.map(Access::bearer), Duration::from_mins(1)).await.unwrap();
    assert!(
        answer.status < 300,
        "{method} {url}: {} {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    );
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// Lets that much real time pass.
pub async fn pass(time: Duration) {
    clock::wait(&Notify::new(), time).await;
}
