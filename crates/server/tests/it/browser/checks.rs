//! What holds on every page: nothing on the console, nothing against the content policy, no request to a stranger, nothing
//! that fails to load, no barrier that axe finds serious, and nothing wider than a phone.

use serde_json::{Value, json};

use super::{
    browser::Browser,
    look::{Look, PHONE},
};

const AXE: &str = include_str!("axe/axe.min.js");

/// Answers what axe finds serious or worse: the rule, what it means, and where.
const RUN_AXE: &str = "
const [done] = arguments;
axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => done(violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) =>
    `${html} ${any.map(({ message }) => message).join(' ')}`).join(' · ')}`)), (error) => done([`axe: ${error}`]));
";

/// Answers what reaches further to the right than the page may, the innermost first.
const STANDING_OUT: &str = "
const [width] = arguments;
if (document.documentElement.scrollWidth <= width) return [];
const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 0.5);
return [`${document.documentElement.scrollWidth} px wide`, ...out.reverse().slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
";

/// Answers that a script reads for itself; the journey looks at what the page makes of them.
const READ_BY_SCRIPTS: &[&str] = &["Document", "XHR", "Fetch", "EventSource"];

impl Browser {
    /// Ends the browser: fails if anything went wrong behind the pages since it began.
    pub async fn end(self) {
        let found = self.faults().await;
        let expected = self.expected.take();
        let (url, mut wrong) = (self.url().await, Vec::new());
        for fault in &found {
            if !expected.iter().any(|part| fault.contains(part)) {
                wrong.push(fault.clone());
            }
        }
        for part in &expected {
            if !found.iter().any(|fault| fault.contains(part)) {
                wrong.push(format!("expected, but did not happen: {part}"));
            }
        }
        self.close().await;
        assert!(wrong.is_empty(), "behind the pages, last at {url}:\n{}", wrong.join("\n"));
    }

    /// A fault with this in its text belongs to the journey; it must happen.
    pub fn expects(&self, part: &str) {
        self.expected.borrow_mut().push(part.to_owned());
    }

    /// Fails if the page has barriers that axe finds serious, or stands out at the width of a phone.
    pub async fn check(&self) {
        let mut found = self.barriers().await;
        found.extend(self.overflow().await);
        assert!(found.is_empty(), "{}:\n{}", self.url().await, found.join("\n"));
    }

    /// What went wrong behind the pages since it was asked last.
    pub(super) async fn faults(&self) -> Vec<String> {
        let console = self.notes("browser").await;
        let mut found: Vec<String> = console.iter().filter_map(console_fault).collect();
        for note in self.notes("performance").await {
            let Some(text) = note["message"].as_str() else { continue };
            let event: Value = serde_json::from_str(text).unwrap();
            found.extend(self.network_fault(&event["message"]));
        }
        found
    }

    fn network_fault(&self, event: &Value) -> Option<String> {
        let about = &event["params"];
        match event["method"].as_str()? {
            "Network.requestWillBeSent" => {
                let url = about["request"]["url"].as_str()?;
                let of = |origin: &String| {
                    url.strip_prefix(origin.as_str()).is_some_and(|rest| rest.starts_with('/'))
                };
                let is_known =
                    of(&self.site) || of(&self.org) || !url.starts_with("http") && !url.starts_with("ws");
                (!is_known).then(|| format!("a request to a stranger: {url}"))
            }
            "Network.responseReceived" => {
                let (url, kind) = (about["response"]["url"].as_str()?, about["type"].as_str()?);
                let status = about["response"]["status"].as_u64()?;
                let least = if READ_BY_SCRIPTS.contains(&kind) { 500 } else { 400 };
                (url.starts_with(&self.site) && status >= least)
                    .then(|| format!("{kind} {url} answered {status}"))
            }
            _ => None,
        }
    }

    /// Barriers for people that axe finds serious or critical.
    pub(super) async fn barriers(&self) -> Vec<String> {
        // axe waits for itself, which a page without scripts never does. The page's own are past their time.
        let look = self.look();
        self.show(Look { has_scripts: true, ..look }).await;
        if self.run("return typeof axe", vec![]).await == json!("undefined") {
            self.run(AXE, vec![]).await;
        }
        let found = self.client.execute_async(RUN_AXE, vec![]).await.unwrap();
        self.show(look).await;
        strings(&found)
    }

    /// What makes the page scroll sideways, at the width of a phone; nothing at other widths.
    pub(super) async fn overflow(&self) -> Vec<String> {
        if self.look().size != PHONE {
            return Vec::new();
        }
        let found = strings(&self.run(STANDING_OUT, vec![json!(PHONE.0)]).await);
        if found.is_empty() { found } else { vec![format!("scrolls sideways: {}", found.join(" · "))] }
    }
}

/// The status of what was loaded is judged with the request.
fn console_fault(note: &Value) -> Option<String> {
    let text = note["message"].as_str()?;
    let is_fault = note["level"] == "SEVERE" && !text.contains("the server responded with a status of");
    is_fault.then(|| format!("console: {text}"))
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
