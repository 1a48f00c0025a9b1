//! What an operator watches, as Prometheus reads it. What happens is counted here, by methods named after it, each of
//! which writes the log line of the same fact, so that the two cannot drift apart. What stands in the store is read
//! when somebody asks (`levels`).
//!
//! A label names a kind, a connection, an org, a channel: never a person, a number, a text.

mod levels;
mod process;

use std::time::Duration;

use causeway_core::{
    channels::{self, Refusal},
    lane::Verdict,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use tokio::sync::Mutex;

use crate::{app::App, id, intake::Received, store};

/// The content type of what [`text`] answers.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// For how long what was read from the store is shown again, in microseconds: whoever asks often asks memory.
const FRESH: i64 = 5_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    channel: String,
    answer: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfChannel {
    channel: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    connection: String,
    call: &'static str,
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCall {
    call: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tried {
    kind: &'static str,
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAnswer {
    answer: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfClass {
    class: &'static str,
}

/// Makes histograms of durations: from a millisecond to a minute.
#[derive(Clone)]
struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(exponential_buckets(0.001, 2.0, 17))
    }
}

/// Which try a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// To write an entry.
    Entry,
    /// To make or change a person's record.
    Person,
}

/// Where a panel's content came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelRead {
    /// It was kept, and new enough.
    Kept,
    /// Somebody was reading it already.
    Joined,
    /// The CRM was asked.
    Asked,
}

/// A connection, for as long as it is open.
pub struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The counters of this process.
pub struct Metrics {
    registry: Registry,
    connections: Gauge,
    requests: Family<OfClass, Counter>,
    webhooks: Family<Answered, Counter>,
    webhook_bytes: Family<OfChannel, Counter>,
    commit: Histogram,
    read: Counter,
    unreadable: Counter,
    calls: Family<Called, Counter>,
    call_seconds: Family<OfCall, Histogram, Seconds>,
    attempts: Family<Tried, Counter>,
    panel: Family<OfAnswer, Counter>,
    panel_seconds: Histogram,
    sign_ins: Family<OfAnswer, Counter>,
    kept: Mutex<Option<(i64, String)>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut made = Self {
            registry: Registry::default(),
            connections: Gauge::default(),
            requests: Family::default(),
            webhooks: Family::default(),
            webhook_bytes: Family::default(),
            commit: Seconds.new_metric(),
            read: Counter::default(),
            unreadable: Counter::default(),
            calls: Family::default(),
            call_seconds: Family::new_with_constructor(Seconds),
            attempts: Family::default(),
            panel: Family::default(),
            panel_seconds: Seconds.new_metric(),
            sign_ins: Family::default(),
            kept: Mutex::default(),
        };
        made.register();
        made.begin_at_nothing();
        made
    }
}

impl Metrics {
    /// The names, and what each means. A counter's name is written with `_total` behind it.
    fn register(&mut self) {
        let it = &mut self.registry;
        it.register("causeway_http_connections", "Open connections", self.connections.clone());
        it.register("causeway_http_requests", "Requests answered, by class of status", self.requests.clone());
        it.register(
            "causeway_webhook_requests",
            "Requests of providers, by what became of them",
            self.webhooks.clone(),
        );
        it.register(
            "causeway_webhook_bytes",
            "Bytes of the requests that were kept",
            self.webhook_bytes.clone(),
        );
        it.register(
            "causeway_webhook_commit_seconds",
            "How long a request waited to be on disk",
            self.commit.clone(),
        );
        it.register("causeway_intake_read", "Kept requests that were read", self.read.clone());
        it.register(
            "causeway_intake_unreadable",
            "Parts of requests that could not be read",
            self.unreadable.clone(),
        );
        it.register(
            "causeway_crm_calls",
            "Requests to CRMs, by what they were for and what their answers mean",
            self.calls.clone(),
        );
        it.register("causeway_crm_call_seconds", "How long CRMs took to answer", self.call_seconds.clone());
        it.register("causeway_attempts", "Tries to write, by their verdicts", self.attempts.clone());
        it.register(
            "causeway_panel_reads",
            "Panels shown, by where their content came from",
            self.panel.clone(),
        );
        it.register("causeway_panel_seconds", "How long reading a panel took", self.panel_seconds.clone());
        it.register("causeway_sign_ins", "Passwords given, by the answer", self.sign_ins.clone());
    }

    /// What never happened is counted too: a counter that appears with its first event hides it from whoever asks how
    /// it rose.
    fn begin_at_nothing(&self) {
        for class in ["1xx", "2xx", "3xx", "4xx", "5xx"] {
            drop(self.requests.get_or_create(&OfClass { class }));
        }
        for channel in channels::ALL.iter().map(|channel| channel.name().to_owned()) {
            for answer in ["kept", "no_source", "refused", "too_large", "not_kept", "set_up_refused"] {
                drop(self.webhooks.get_or_create(&Answered { channel: channel.clone(), answer }));
            }
            drop(self.webhook_bytes.get_or_create(&OfChannel { channel }));
        }
        for kind in ["entry", "person"] {
            for verdict in ["done", "again", "renew", "heal", "unknown", "hold"] {
                drop(self.attempts.get_or_create(&Tried { kind, verdict }));
            }
        }
        for answer in ["kept", "joined", "asked"] {
            drop(self.panel.get_or_create(&OfAnswer { answer }));
        }
        for answer in ["entered", "wrong", "wait", "failed"] {
            drop(self.sign_ins.get_or_create(&OfAnswer { answer }));
        }
    }

    /// Somebody is connected; counted until this is dropped.
    pub fn connected(&self) -> Connected {
        self.connections.inc();
        Connected(self.connections.clone())
    }

    /// How many are connected.
    pub fn connections(&self) -> i64 {
        self.connections.get()
    }

    /// A request was answered with that status.
    pub fn answered(&self, status: u16) {
        let class = match status {
            100..=199 => "1xx",
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&OfClass { class }).inc();
    }

    /// A webhook request came to its end; `channel` is one that exists.
    pub fn webhook(&self, channel: &str, source: &str, bytes: usize, received: &Received) {
        let answer = match received {
            Received::Kept => "kept",
            Received::NoSource => "no_source",
            Received::Refused(_) => "refused",
            Received::TooLarge => "too_large",
            Received::NotKept => "not_kept",
        };
        let channel = channel.to_owned();
        self.webhooks.get_or_create(&Answered { channel: channel.clone(), answer }).inc();
        if *received == Received::Kept {
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            self.webhook_bytes.get_or_create(&OfChannel { channel }).inc_by(bytes);
        }
        // Anybody can send what is refused, so it is logged for those who look for it only; and no word of it.
        let source =
            matches!(received, Received::Kept | Received::NotKept | Received::Refused(_)).then_some(source);
        tracing::debug!(source, answer, bytes, "intake.request");
    }

    /// Somebody who is not the provider asked, or set an endpoint up with a wrong word. Anybody can send such a
    /// request, so it is logged for those who look for it only.
    pub fn set_up_refused(&self, channel: &str, source: &str, refusal: &Refusal) {
        self.webhooks
            .get_or_create(&Answered { channel: channel.to_owned(), answer: "set_up_refused" })
            .inc();
        tracing::debug!(source, %refusal, "intake.setup_refused");
    }

    /// A request is on disk after that time.
    pub fn committed(&self, took: Duration) {
        self.commit.observe(took.as_secs_f64());
    }

    /// Kept requests were read.
    pub fn read(&self, requests: u64, unreadable: u64) {
        self.read.inc_by(requests);
        self.unreadable.inc_by(unreadable);
        if unreadable > 0 {
            tracing::warn!(parts = unreadable, "intake.unreadable");
        }
    }

    /// A call to a CRM has its verdict: what, how long, what came. Never what was in it.
    pub fn called(
        &self,
        connection_id: i64,
        call: &'static str,
        status: u16,
        verdict: Option<&Verdict>,
        took: Duration,
    ) {
        let verdict = verdict.map_or("ok", Verdict::word);
        self.calls.get_or_create(&Called { connection: id::connection(connection_id), call, verdict }).inc();
        self.call_seconds.get_or_create(&OfCall { call }).observe(took.as_secs_f64());
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(connection.id = connection_id, call, status, verdict, millis, "crm.call");
    }

    /// Tries were judged.
    pub fn judged<'v>(
        &self,
        connection_id: i64,
        tries: Tries,
        verdicts: impl IntoIterator<Item = &'v Verdict>,
    ) {
        let kind = match tries {
            Tries::Entry => "entry",
            Tries::Person => "person",
        };
        for verdict in verdicts {
            let verdict = verdict.word();
            self.attempts.get_or_create(&Tried { kind, verdict }).inc();
            tracing::trace!(connection.id = connection_id, kind, verdict, "lane.judged");
        }
    }

    /// A panel was shown.
    pub fn panel_shown(&self, connection_id: i64, read: PanelRead) {
        let answer = match read {
            PanelRead::Kept => "kept",
            PanelRead::Joined => "joined",
            PanelRead::Asked => "asked",
        };
        self.panel.get_or_create(&OfAnswer { answer }).inc();
        tracing::trace!(connection.id = connection_id, answer, "panel.shown");
    }

    /// A panel was read from its CRM.
    pub fn panel_read(&self, took: Duration) {
        self.panel_seconds.observe(took.as_secs_f64());
    }

    /// Somebody gave a password; `answer` is `entered`, `wrong` or `wait`.
    pub fn signed_in(&self, answer: &'static str) {
        self.sign_ins.get_or_create(&OfAnswer { answer }).inc();
        tracing::debug!(answer, "sign_in");
    }

    /// As Prometheus reads it, with what stands in the store.
    async fn text(&self, app: &App) -> store::Result<String> {
        // Whoever asks at the same time waits for the one reading.
        let mut kept = self.kept.lock().await;
        let now = app.now();
        let is_fresh = kept.as_ref().is_some_and(|(at, _)| (0..FRESH).contains(&(now - at)));
        if !is_fresh {
            *kept = Some((now, written(&levels::read(app).await?)));
        }
        let levels = kept.as_ref().map_or("", |(_, text)| text);
        let mut here = Registry::default();
        levels::register_here(&mut here, app);
        process::register(&mut here);
        let counters = written(&self.registry);
        // Three registries are one text, and a text ends once.
        let parts = [counters.as_str(), levels, &written(&here)];
        let parts = parts.map(|part| part.strip_suffix(END).unwrap_or(part));
        Ok(format!("{}{END}", parts.concat()))
    }
}

/// The end of a text.
const END: &str = "# EOF\n";

fn written(registry: &Registry) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = encode(&mut text, registry);
    text
}

/// Everything, as Prometheus reads it. Fails with the store: then the process is there and its store is not.
pub async fn text(app: &App) -> store::Result<String> {
    app.metrics.text(app).await
}
