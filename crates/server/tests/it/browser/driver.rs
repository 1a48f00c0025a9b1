//! The one chromedriver of a test run: started by the first journey, shared by all, ended with the process.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio, id},
    sync::OnceLock,
    thread,
};

use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Journeys that have browsers open at the same time.
const AT_ONCE: usize = 2;

/// Runs the driver and outlives it: when its input ends, because the tests ended in whatever way, it ends the driver,
/// every browser of it, and their profiles.
const WATCH: &str = r#"
trap : TERM
mkdir -p "$TMPDIR"
"$1" --port=0 &
read -r end
kill -TERM 0
wait
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$TMPDIR" && break; sleep 0.1; done
"#;

/// What the browser is started with. It knows no host but this machine, so that a page which asks another shows it.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-crash-reporter",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--lang=en-US",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

struct Driver {
    url: String,
    /// Holds the pipe that the watch reads.
    _watch: Child,
}

/// The driver's address.
pub fn url() -> &'static str {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    &DRIVER.get_or_init(start).url
}

/// Waits until this journey may open its browsers.
pub async fn turn() -> SemaphorePermit<'static> {
    static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
    TURNS.acquire().await.unwrap()
}

/// What a new browser is asked to be.
pub fn wishes() -> Value {
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": FLAGS, "perfLoggingPrefs": { "enableNetwork": true, "enablePage": false } },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "timeouts": { "pageLoad": 20_000, "script": 20_000 },
        "unhandledPromptBehavior": "ignore",
    })
}

fn start() -> Driver {
    let program = env::var("CAUSEWAY_TEST_CHROMEDRIVER").expect(
        "CAUSEWAY_TEST_CHROMEDRIVER is not set: run ./test, which installs Chromium and its driver for the tests",
    );
    let profiles = env::temp_dir().join(format!("causeway-browsers-{}", id()));
    let mut watch = Command::new("sh")
        .args(["-c", WATCH, "watch", &program])
        .env("TMPDIR", &profiles)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap());
    let mut said = String::new();
    let port = loop {
        let from = said.len();
        assert!(lines.read_line(&mut said).unwrap() > 0, "{program} does not start: {said}");
        if let Some((_, port)) = said[from..].split_once("started successfully on port ") {
            break port.trim().trim_end_matches('.').to_owned();
        }
    };
    // What it says later is thrown away, or it would wait for a reader.
    thread::spawn(move || {
        let mut rest = Vec::new();
        while lines.get_mut().take(65_536).read_to_end(&mut rest).is_ok_and(|read| read > 0) {
            rest.clear();
        }
    });
    Driver { url: format!("http://127.0.0.1:{port}"), _watch: watch }
}
