//! A person's browser: opens, looks, clicks, types, and waits for what is to appear. Nothing sleeps: every step tries
//! again until it works or the patience ends, and then the test says what the page showed instead.

use std::{cell::RefCell, thread};

use base64::Engine as _;
use causeway::{
    http::{Sockets, Transport as _},
    sign_in,
    store::workspace::Member,
};
use causeway_core::crm::Request;
use fantoccini::{
    Client, ClientBuilder,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::{Element, ElementRef},
    error::CmdError,
    key::Key,
    wd::WebDriverCompatibleCommand,
};
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::{
    album, driver,
    look::{DESKTOP, Look},
    patience::{PATIENCE, eventually},
    site::Site,
};

/// How WebDriver names an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What is meant on a page: the one thing that is shown and fits.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// The first for that selector.
    Css(&'a str),
    /// The button, link or the like with that text, or the only one whose text has it.
    Text(&'a str),
    /// The field with that label.
    Label(&'a str),
}

/// A browser. It must be ended, since only then it is known that nothing went wrong behind the page.
pub struct Browser {
    /// Where the site is.
    pub site: String,
    /// Where the org is.
    pub org: String,
    pub(super) client: Client,
    /// The session's address at the driver.
    session: String,
    pub(super) look: RefCell<Look>,
    pub(super) expected: RefCell<Vec<String>>,
    is_ended: bool,
}

impl Browser {
    pub(super) async fn open_at(site: &str, org: &str) -> Self {
        let Value::Object(wishes) = driver::wishes() else { unreachable!("it is an object") };
        let mut building = ClientBuilder::rustls().unwrap();
        let client = building.capabilities(wishes).connect(driver::url()).await.unwrap();
        let id = client.session_id().await.unwrap().unwrap();
        let look = Look { size: DESKTOP, scheme: "light", is_calm: false, has_scripts: true };
        let browser = Self {
            site: site.to_owned(),
            org: org.to_owned(),
            client,
            session: format!("{}/session/{id}", driver::url()),
            look: RefCell::new(look),
            expected: RefCell::default(),
            is_ended: false,
        };
        browser.show_again().await;
        browser
    }

    /// Signs that member in, as the sign-in page would.
    pub async fn sign_in(&self, site: &Site, member: &Member) {
        let cookie = session_cookie(site, member).await;
        let cookie = json!({ "url": self.site, "name": "causeway_session", "value": cookie, "path": "/",
            "httpOnly": true, "sameSite": "Lax" });
        self.devtools("Network.setCookie", cookie).await;
    }

    // ---- going places

    /// Opens a path of the site, or an address.
    pub async fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.site) } else { path.to_owned() };
        self.client.goto(&url).await.unwrap();
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    /// The back button.
    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Where the browser is.
    pub async fn url(&self) -> String {
        self.client.current_url().await.unwrap().into()
    }

    /// Turns to the window or tab that was opened as number `n`, from 0, once it is there.
    pub async fn turn_to_window(&self, n: usize) {
        let what = format!("window {n}");
        let window = self.eventually(&what, async || {
            let windows = self.client.windows().await.map_err(|error| error.to_string())?;
            windows.get(n).cloned().ok_or_else(|| format!("there are {}", windows.len()))
        });
        self.client.switch_to_window(window.await).await.unwrap();
        self.show_again().await;
    }

    /// Waits until so many windows and tabs are open.
    pub async fn wait_for_windows(&self, count: usize) {
        self.eventually(&format!("{count} windows"), async || {
            let windows = self.client.windows().await.map_err(|error| error.to_string())?;
            if windows.len() == count { Ok(()) } else { Err(format!("there are {}", windows.len())) }
        })
        .await;
    }

    // ---- looking

    /// What the page says, as far as it is shown.
    pub async fn text(&self) -> String {
        self.text_of(By::Css("body")).await
    }

    /// What a part of the page says.
    pub async fn text_of(&self, what: By<'_>) -> String {
        self.with(what, async |element| element.text().await).await
    }

    /// What stands in a field.
    pub async fn value_of(&self, what: By<'_>) -> String {
        self.with(what, async |element| element.prop("value").await).await.unwrap_or_default()
    }

    /// An attribute, if it is there.
    pub async fn attribute(&self, what: By<'_>, name: &str) -> Option<String> {
        self.with(what, async |element| element.attr(name).await).await
    }

    /// How many elements fit that selector, shown or not, now.
    pub async fn count(&self, css: &str) -> usize {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let count = self.run(script, vec![json!(css)]).await.as_u64().unwrap();
        usize::try_from(count).unwrap()
    }

    /// Waits until it is shown.
    pub async fn wait_for(&self, what: By<'_>) {
        self.with(what, async |_| Ok(())).await;
    }

    /// Waits until nothing that fits the selector is shown.
    pub async fn wait_until_gone(&self, css: &str) {
        self.eventually(&format!("{css} gone"), async || match self.find(By::Css(css)).await {
            Ok(_) => Err("it is still there".to_owned()),
            Err(_) => Ok(()),
        })
        .await;
    }

    /// Waits until the page says this somewhere.
    pub async fn wait_for_text(&self, text: &str) {
        self.eventually(&format!("the text {text:?}"), async || {
            let script = "return document.body?.innerText.replace(/\\s+/g, ' ').includes(arguments[0])";
            match self.client.execute(script, vec![json!(text)]).await {
                Ok(Value::Bool(true)) => Ok(()),
                _ => Err("it is not there".to_owned()),
            }
        })
        .await;
    }

    /// Waits until the address, without the site's own, is this.
    pub async fn wait_for_path(&self, path: &str) {
        self.eventually(&format!("the address {path}"), async || {
            let url = self.client.current_url().await.map_err(|error| error.to_string())?;
            if url.as_str().strip_prefix(&self.site) == Some(path) { Ok(()) } else { Err(url.into()) }
        })
        .await;
    }

    /// Which element has the focus: its tag, and its name or text.
    pub async fn focus(&self) -> String {
        let script = "const e = document.activeElement; const name = e.labels?.[0]?.innerText || \
                      e.getAttribute('aria-label') || (e === document.body ? '' : e.innerText); \
                      return `${e.localName} ${name.replace(/\\s+/g, ' ')}`.trim()";
        self.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    // ---- doing

    /// Clicks; waits until it can be clicked, and until a page that it leads to is loaded.
    pub async fn click(&self, what: By<'_>) {
        self.with(what, async |element| match element.click().await {
            // It lies behind what stays at the window's edge: a person would scroll.
            Err(error) if error.to_string().contains("click intercepted") => {
                let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
                self.client.execute(middle, vec![serde_json::to_value(&element)?]).await?;
                element.click().await
            }
            clicked => clicked,
        })
        .await;
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, what: By<'_>, text: &str) {
        self.with(what, async |element| {
            element.clear().await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Chooses an option of a select by its text.
    pub async fn choose(&self, what: By<'_>, option: &str) {
        self.with(what, async |element| element.select_by_label(option).await).await;
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        let pressed = text.chars().fold(KeyActions::new("keys".into()), |keys, value| {
            keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(pressed).await.unwrap();
    }

    /// Presses a key, with others held: `Tab`, `Shift+Tab`, `Control+k`, `j`, `Escape`.
    pub async fn press(&self, chord: &str) {
        let keys: Vec<char> = chord.split('+').map(key).collect();
        let down = keys
            .iter()
            .fold(KeyActions::new("keys".into()), |actions, &value| actions.then(KeyAction::Down { value }));
        let all = keys.iter().rev().fold(down, |actions, &value| actions.then(KeyAction::Up { value }));
        self.client.perform_actions(all).await.unwrap();
    }

    // ---- what the steps stand on

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, with: Vec<Value>) -> Value {
        self.client.execute(script, with).await.unwrap()
    }

    /// A command of the browser's own developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Vendor { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// What the browser noted since it was asked last, of `browser` (the console) or `performance` (the network).
    pub(super) async fn notes(&self, kind: &str) -> Vec<Value> {
        let asked = Vendor { path: "se/log", body: json!({ "type": kind }) };
        self.client.issue_cmd(asked).await.unwrap().as_array().cloned().unwrap_or_default()
    }

    async fn find(&self, what: By<'_>) -> Result<Element, String> {
        let (how, name) = match what {
            By::Css(css) => ("css", css),
            By::Text(text) => ("text", text),
            By::Label(label) => ("label", label),
        };
        let found = self.client.execute(include_str!("find.js"), vec![json!(how), json!(name)]).await;
        let found = found.map_err(|error| error.to_string())?;
        match found[ELEMENT].as_str() {
            Some(id) => Ok(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))),
            None => Err(found.as_str().unwrap_or_default().to_owned()),
        }
    }

    /// Finds it and does something with it, again and again until that works: a page may still be changing.
    async fn with<T>(&self, what: By<'_>, act: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        self.eventually(&format!("{what:?}"), async || {
            act(self.find(what).await?).await.map_err(|error| error.to_string())
        })
        .await
    }

    pub(super) async fn eventually<T>(&self, what: &str, check: impl AsyncFn() -> Result<T, String>) -> T {
        let why = match eventually(check).await {
            Ok(value) => return value,
            Err(why) => why,
        };
        let text = self.run("return document.body?.innerText", vec![]).await;
        panic!("{what}: {why}\n{} shows:\n{}", self.url().await, text.as_str().unwrap_or_default());
    }

    /// Closes it.
    pub(super) async fn close(mut self) {
        self.is_ended = true;
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    /// A test that failed leaves a picture of what the browser showed; one that forgot to end its browser fails.
    fn drop(&mut self) {
        if self.is_ended {
            return;
        }
        let has_failed = thread::panicking();
        let session = self.session.clone();
        let test = thread::current().name().unwrap_or("test").replace("::", "-");
        let name = format!("{test}-{}", &session[session.len() - 4..]);
        // A thread, because the test's own runtime may be ending.
        let leaving = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(leave(&session, has_failed.then_some(&name)));
        });
        drop(leaving.join());
        assert!(
            has_failed,
            "a journey ends with browser.end(), which looks at what happened behind the pages"
        );
    }
}

async fn leave(session: &str, picture: Option<&String>) {
    let http = Sockets::new().unwrap();
    let ask = async |method, url: String| {
        let request = Request { method, url, headers: Vec::new(), body: Vec::new() };
        http.send(&request, None, PATIENCE).await
    };
    if let Some(name) = picture
        && let Ok(answer) = ask("GET", format!("{session}/screenshot")).await
    {
        let answer: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        album::keep(&format!("failed-{name}"), answer["value"].as_str().unwrap_or_default());
    }
    drop(ask("DELETE", session.to_owned()).await);
}

/// A session of that member: what their browser's cookie holds.
async fn session_cookie(site: &Site, member: &Member) -> String {
    let world = &site.world;
    let name = "Chromium on Linux";
    sign_in::begin(&world.app, world.workspace_id, member.clone(), name).await.unwrap().token
}

/// The key of that name.
fn key(name: &str) -> char {
    let key = match name {
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        "Meta" => Key::Meta,
        "Tab" => Key::Tab,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Space" => return ' ',
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        one => return one.chars().next().filter(|_| one.chars().count() == 1).expect("a key's name"),
    };
    key.into()
}

/// A command that only this driver knows.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Base64, as the driver hands out pictures.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default()
}
