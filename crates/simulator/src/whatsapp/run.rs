//! Sending a schedule as the provider does: again, at growing distance, until it is accepted or given up.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinError, JoinSet},
};

use super::{Post, socket::Target};
use crate::clock::{self, Stopwatch};

/// How a schedule is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The path of the webhook.
    pub path: String,
    /// Whether each request waits for its time; otherwise they leave as fast as they are taken, in their order.
    pub is_paced: bool,
    /// Most requests under way at once.
    pub most_at_once: usize,
    /// How often a request is tried before it is given up.
    pub most_attempts: u32,
    /// The wait before the second try; each further wait is twice as long. The real provider goes on for seven days.
    pub first_wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: "/".into(),
            is_paced: true,
            most_at_once: 16,
            most_attempts: 8,
            first_wait: Duration::from_millis(100),
        }
    }
}

/// No answer came: the connection failed or was cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct Unreachable(pub String);

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many answers of each status there were.
    pub answers: BTreeMap<u16, u64>,
    /// How many tries had no answer.
    pub unanswered: u64,
    /// Requests that were accepted (2xx) in the end.
    pub accepted: u64,
    /// Requests that were given up.
    pub given_up: u64,
    /// How long each accepting answer took, shortest first.
    pub latencies: Vec<Duration>,
}

impl Report {
    /// The time within which `percent` of the accepting answers came.
    pub fn latency(&self, percent: usize) -> Option<Duration> {
        let last = self.latencies.len().checked_sub(1)?;
        self.latencies.get(last * percent.min(100) / 100).copied()
    }

    fn add(&mut self, other: Self) {
        for (status, count) in other.answers {
            *self.answers.entry(status).or_default() += count;
        }
        self.unanswered += other.unanswered;
        self.accepted += other.accepted;
        self.given_up += other.given_up;
        self.latencies.extend(other.latencies);
    }
}

/// Sends every request with `post`, which returns the status of the answer.
pub async fn run<F, A>(posts: Vec<Post>, options: Options, post: F) -> Report
where
    F: Fn(Request<Bytes>) -> A + Send + Sync + 'static,
    A: Future<Output = Result<StatusCode, Unreachable>> + Send,
{
    let post = Arc::new(post);
    let room = Arc::new(Semaphore::new(options.most_at_once.max(1)));
    let options = Arc::new(options);
    let start = Stopwatch::start();
    let mut under_way = JoinSet::new();
    let mut report = Report::default();
    for one in posts {
        if options.is_paced {
            start.reach(Duration::from_millis(one.after_ms)).await;
        }
        let Ok(mine) = Arc::clone(&room).acquire_owned().await else { break };
        let (post, options, room) = (Arc::clone(&post), Arc::clone(&options), Arc::clone(&room));
        under_way.spawn(async move { deliver(&one, &options, &*post, room, mine).await });
        while let Some(done) = under_way.try_join_next() {
            report.add(finished(done));
        }
    }
    while let Some(done) = under_way.join_next().await {
        report.add(finished(done));
    }
    report.latencies.sort_unstable();
    report
}

/// The same over HTTP. The path is the target's.
pub async fn run_over_socket(posts: Vec<Post>, options: Options, target: Target) -> Report {
    let options = Options { path: target.path().to_owned(), ..options };
    let target = Arc::new(target);
    run(posts, options, move |request| {
        let target = Arc::clone(&target);
        async move { target.send(request).await.map_err(|error| Unreachable(error.to_string())) }
    })
    .await
}

/// A panic in `post` is the caller's: it goes on there.
fn finished(done: Result<Report, JoinError>) -> Report {
    done.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Report::default(),
    })
}

/// One request, until it is accepted or given up. It gives way to others while it waits.
async fn deliver<F, A>(
    one: &Post,
    options: &Options,
    post: &F,
    room: Arc<Semaphore>,
    mine: OwnedSemaphorePermit,
) -> Report
where
    F: Fn(Request<Bytes>) -> A,
    A: Future<Output = Result<StatusCode, Unreachable>>,
{
    let mut report = Report::default();
    let mut mine = Some(mine);
    let mut wait = options.first_wait;
    for attempt in 1..=options.most_attempts.max(1) {
        let start = Stopwatch::start();
        match post(one.request(&options.path)).await {
            Ok(status) => {
                *report.answers.entry(status.as_u16()).or_default() += 1;
                if status.is_success() {
                    report.accepted = 1;
                    report.latencies.push(start.elapsed());
                    return report;
                }
            }
            Err(Unreachable(_)) => report.unanswered += 1,
        }
        if attempt < options.most_attempts {
            drop(mine.take());
            clock::pause(wait).await;
            wait = wait.saturating_mul(2);
            mine = Arc::clone(&room).acquire_owned().await.ok();
        }
    }
    report.given_up = 1;
    report
}
