//! Kept requests are parsed and folded into the timeline, in order. What cannot be read is put aside alone.

use std::collections::{BTreeMap, BTreeSet};

use causeway_core::{channels, timeline::Poison};

use crate::{
    app::{App, Safety},
    clock,
    live::Topic,
    store::{
        self,
        intake::{self, Outcome, Raw},
        lease, source,
    },
    timeline::{Context, Folded, Origin, fold},
};

/// How many requests are read in one transaction.
const BATCH: i64 = 64;

/// How many while others wait to write: requests that are to be acknowledged go first, and share the commit.
const BATCH_BESIDES: i64 = 8;

/// For how long a node may read alone, in microseconds.
const LEASE: i64 = 30_000_000;

/// What a drain came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digested {
    /// Requests read.
    pub requests: u64,
    /// What they brought.
    pub folded: Folded,
    /// Parts that could not be read.
    pub poison: u64,
    /// Workspaces whose requests wait because their settings cannot be read.
    pub waiting: u64,
    /// Another node is reading; nothing was done here.
    pub is_elsewhere: bool,
}

impl Digested {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.folded.new += other.folded.new;
        self.folded.changed += other.folded.changed;
        self.folded.repeated += other.folded.repeated;
        self.poison += other.poison;
    }
}

/// Reads until nothing is left that can be read.
pub async fn drain(app: &App) -> store::Result<Digested> {
    let (mut total, mut waiting, mut is_ours) = (Digested::default(), BTreeSet::new(), false);
    loop {
        // Each batch renews the lease as it is read.
        if !is_ours && !take_lease(app).await? {
            return Ok(Digested { is_elsewhere: true, ..total });
        }
        is_ours = true;
        let besides = waiting.clone();
        let most = if app.db.load().writes_waiting > 0 { BATCH_BESIDES } else { BATCH };
        let take = app.db.read(move |tx| {
            let besides = besides.clone();
            Box::pin(async move { intake::take(tx, most, &besides).await })
        });
        let batch = take.await?;
        if batch.is_empty() {
            return Ok(total);
        }
        let workspaces: BTreeSet<i64> = batch.iter().map(|raw| raw.workspace_id).collect();
        match digest_all(app, batch.clone()).await {
            Ok(Some(digested)) => add(app, &mut total, &digested),
            // The lease ended in between: what waits now may be less.
            Ok(None) => is_ours = false,
            Err(store::Error::NotYetReadable { .. }) => {
                add(app, &mut total, &digest_each(app, batch, &mut waiting).await?);
            }
            // The store is at fault, and no request: each is still there when it has recovered.
            Err(error) if !error.is_of_the_work() => return Err(error),
            // One of them does what it should not. Alone, it harms nobody.
            Err(_) => add(app, &mut total, &digest_each(app, batch, &mut waiting).await?),
        }
        total.waiting = u64::try_from(waiting.len()).unwrap_or(u64::MAX);
        for workspace_id in workspaces {
            app.live.tell(workspace_id, &[Topic::Requests, Topic::Deliveries]);
        }
        app.bells.lanes.notify_one();
        app.bells.files.notify_one();
    }
}

/// Reads requests one by one, in order. A workspace whose settings cannot be read keeps all of its requests: the next
/// ones may be about the same people.
async fn digest_each(app: &App, batch: Vec<Raw>, waiting: &mut BTreeSet<i64>) -> store::Result<Digested> {
    let mut total = Digested::default();
    for raw in batch {
        let workspace_id = raw.workspace_id;
        if waiting.contains(&workspace_id) {
            continue;
        }
        match digest_alone(app, raw).await {
            Ok(Some(digested)) => total.add(&digested),
            Ok(None) => break,
            Err(error @ store::Error::NotYetReadable { .. }) => {
                tracing::error!(workspace.id = workspace_id, %error, "intake.waits_for_settings");
                waiting.insert(workspace_id);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(total)
}

fn add(app: &App, total: &mut Digested, digested: &Digested) {
    app.metrics.read(digested.requests, digested.poison);
    total.add(digested);
}

async fn take_lease(app: &App) -> store::Result<bool> {
    let (holder, now) = (app.node.clone(), app.now());
    let taken = app.db.write(move |tx| Box::pin(async move { take(tx, &holder, now).await })).await?;
    Ok(taken.is_some())
}

async fn take(tx: &mut store::Tx<'_>, holder: &str, now: i64) -> store::Result<Option<bool>> {
    lease::take(tx, "intake", holder, now, now + LEASE).await
}

/// Reads requests in the transaction that renews the lease: two readers at once would make two people of one. `None`:
/// the lease had ended, and who else has read these meanwhile is not known.
async fn digest_all(app: &App, batch: Vec<Raw>) -> store::Result<Option<Digested>> {
    let (nature, safety, holder) = (app.nature.clone(), app.safety, app.node.clone());
    let done = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if take(tx, &holder, nature.now().0).await? != Some(false) {
                    return Ok(None);
                }
                let (mut total, mut touched) = (Digested::default(), BTreeSet::new());
                let mut contexts = BTreeMap::new();
                for raw in &batch {
                    if !contexts.contains_key(&raw.source_key) {
                        let context = context(tx, &raw.source_key, (&nature, safety)).await?;
                        contexts.insert(raw.source_key.clone(), context);
                    }
                    let context = contexts.get(&raw.source_key).and_then(Option::as_ref);
                    total.add(&digest(tx, raw, context, nature.now().0, &mut touched).await?);
                }
                Ok(Some((total, touched)))
            })
        })
        .await?;
    Ok(done.map(|(total, touched)| {
        tell(app, &touched);
        total
    }))
}

/// Tells open pages which conversations (workspace, id) look different now.
fn tell(app: &App, touched: &BTreeSet<(i64, i64)>) {
    let workspaces: BTreeSet<i64> = touched.iter().map(|(workspace_id, _)| *workspace_id).collect();
    for (workspace_id, conversation_id) in touched {
        app.live.tell(*workspace_id, &[Topic::Conversation(*conversation_id)]);
    }
    for workspace_id in workspaces {
        app.live.tell(workspace_id, &[Topic::Conversations]);
    }
}

async fn digest_alone(app: &App, raw: Raw) -> store::Result<Option<Digested>> {
    match digest_all(app, vec![raw.clone()]).await {
        Err(error) if error.is_of_the_work() => {
            tracing::error!(%error, intake.id = raw.id, "intake.digest");
            let poison = Poison {
                path: "request".into(),
                reason: format!("a fault of ours: {error}"),
                raw: String::from_utf8_lossy(&raw.request.body).into_owned(),
            };
            let now = app.now();
            app.db
                .write(move |tx| {
                    Box::pin(async move {
                        intake::quarantine(tx, &raw, &poison, now).await?;
                        intake::done(tx, raw.id, now).await
                    })
                })
                .await?;
            Ok(Some(Digested { requests: 1, poison: 1, ..Digested::default() }))
        }
        other => other,
    }
}

/// What is read once for all requests of a source that are read together; `None`: no such source is known any more.
async fn context(
    tx: &mut store::Tx<'_>,
    source_key: &str,
    (nature, safety): (&clock::Nature, Safety),
) -> store::Result<Option<Context>> {
    let Some(source) = source::find(tx, source_key).await? else { return Ok(None) };
    Context::read(tx, source, nature, safety).await.map(Some)
}

async fn digest(
    tx: &mut store::Tx<'_>,
    raw: &Raw,
    context: Option<&Context>,
    now: i64,
    touched: &mut BTreeSet<(i64, i64)>,
) -> store::Result<Digested> {
    let mut digested = Digested { requests: 1, ..Digested::default() };
    let (Some(context), Some(channel)) = (context, channels::named(&raw.channel)) else {
        let reason = format!("no source {} of channel {} is known any more", raw.source_key, raw.channel);
        let poison = Poison { path: "request".into(), reason, raw: String::new() };
        intake::quarantine(tx, raw, &poison, now).await?;
        intake::done(tx, raw.id, now).await?;
        return Ok(Digested { poison: 1, ..digested });
    };
    let parsed = channel.inbound(&raw.request);
    let origin = Origin { intake_id: raw.id, received_at: raw.received_at };
    intake::release(tx, raw.id).await?;
    for event in &parsed.events {
        let (folded, conversation) = fold(tx, context, origin, event).await?;
        touched.extend(conversation.map(|conversation_id| (raw.workspace_id, conversation_id)));
        digested.folded.new += folded.new;
        digested.folded.changed += folded.changed;
        digested.folded.repeated += folded.repeated;
    }
    for poison in &parsed.poison {
        intake::quarantine(tx, raw, poison, now).await?;
        digested.poison += 1;
    }
    let Folded { new, changed, repeated } = digested.folded;
    intake::concluded(tx, raw.id, Outcome { made: new, changed, repeated }, now).await?;
    Ok(digested)
}

/// Reads for ever: at every bell, and by itself once a second.
pub async fn run(app: App) {
    loop {
        if let Err(error) = drain(&app).await {
            tracing::error!(%error, "intake.drain");
        }
        clock::wait(&app.bells.intake, std::time::Duration::from_secs(1)).await;
    }
}
