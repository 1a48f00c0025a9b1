//! Files that are due are fetched, a few at a time. What came of a try is stored; a node that stops in between leaves the
//! file due again after a while.

use std::time::Duration;

use causeway_core::{
    channels::{
        self,
        files::{Ask, Found},
    },
    exchange::Response,
    media::{FileRules, Trouble, next_try},
};
use futures_util::{StreamExt as _, stream::FuturesUnordered};

use super::{
    digest::{Passed, Passing},
    shelf::ShelfError,
};
use crate::{
    app::App,
    clock,
    http::{Access, Body, Reach, Unopened},
    intake,
    live::Topic,
    store::{
        self,
        attachment::{self, Due},
        file::{self, File},
        lease, workspace,
    },
};

/// How many files are fetched at a time: each needs some memory for what is under way.
const AT_ONCE: usize = 3;

/// Longest wait for the head of an answer, and for each piece of it.
const PIECE_LIMIT: Duration = Duration::from_secs(30);

/// Longest time for one file.
const FILE_LIMIT: Duration = Duration::from_mins(15);

/// For how long a node may fetch alone, in microseconds, and how often it says that it still does.
const LEASE: i64 = 60_000_000;
const RENEW: Duration = Duration::from_secs(15);

/// Most requests for one file: an id, an address, and where that leads.
const MOST_STEPS: usize = 5;

/// The largest answer that only says where a file is.
const LARGEST_WORD: usize = 64 * 1024;

/// How long the file store is left alone after it failed.
const SHELF_REST: Duration = Duration::from_mins(1);

/// What a try came to.
enum Came {
    /// The bytes are on the shelf, under this id.
    Here(i64, Passed),
    /// Not this time; not before, if the provider said so.
    Later(Duration, String),
    /// Not as things are.
    Not(Trouble, String),
    /// The file store failed. It was not the file's fault.
    Ours(String),
}

/// Fetches for ever: at every bell, and by itself once a second.
pub async fn run(app: App) {
    loop {
        if let Err(error) = fetch_due(&app).await {
            tracing::error!(%error, "files.fetch");
        }
        clock::wait(&app.bells.files, Duration::from_secs(1)).await;
    }
}

/// Fetches until nothing is due, one node at a time. Answers how many files were tried.
pub async fn fetch_due(app: &App) -> store::Result<usize> {
    let now = app.now();
    // Looking is cheap and nearly always in vain; only what is there is worth a write.
    if !app.db.read(move |tx| Box::pin(attachment::is_due(tx, now))).await? || !begin(app).await? {
        return Ok(0);
    }
    let (mut tried, mut under_way) = (0, FuturesUnordered::new());
    loop {
        let free = AT_ONCE - under_way.len();
        let Some(due) = take(app, free).await? else { return Ok(tried) };
        tried += due.len();
        under_way.extend(due.into_iter().map(|due| settle(app, due)));
        if under_way.is_empty() {
            return Ok(tried);
        }
        if let Some(Some(done)) = clock::within(RENEW, under_way.next()).await {
            done?;
        }
    }
}

/// Is it for this node to fetch? Then what was in hand when somebody stopped, this node or another, is in nobody's.
async fn begin(app: &App) -> store::Result<bool> {
    let (holder, now) = (app.node.clone(), app.now());
    let begin = app.db.write(move |tx| {
        let holder = holder.clone();
        Box::pin(async move {
            if lease::take(tx, "files", &holder, now, now + LEASE).await?.is_none() {
                return Ok(false);
            }
            attachment::put_back(tx, now).await?;
            Ok(true)
        })
    });
    begin.await
}

/// Takes up to so many files in hand. `None`: another node fetches now, and what is under way here is its.
async fn take(app: &App, most: usize) -> store::Result<Option<Vec<Due>>> {
    let (holder, now, turn) = (app.node.clone(), app.now(), app.nature.id());
    let most = i64::try_from(most).unwrap_or(0);
    let take = app.db.write(move |tx| {
        let holder = holder.clone();
        Box::pin(async move {
            if lease::take(tx, "files", &holder, now, now + LEASE).await? != Some(false) {
                return Ok(None);
            }
            attachment::take(tx, now, most, turn).await.map(Some)
        })
    });
    take.await
}

/// Fetches one file and stores what came of it.
async fn settle(app: &App, due: Due) -> store::Result<()> {
    let came = match clock::within(FILE_LIMIT, fetch(app, &due)).await {
        Some(came) => came?,
        None => Came::Later(Duration::ZERO, "it did not come to its end in time".into()),
    };
    let (workspace_id, of, now) = (due.workspace_id, (due.id, due.turn), app.nature.now());
    let failed = u32::try_from(due.tries).unwrap_or(u32::MAX);
    let written = match came {
        Came::Here(file_id, passed) => {
            let kept = keep_row(app, (workspace_id, of), file_id, passed).await?;
            // The same content lies here already, or nobody asks for it any more.
            if kept != Some(file_id)
                && let Err(error) = app.files.remove(workspace_id, file_id).await
            {
                tracing::warn!(%error, "files.remove");
            }
            Ok(())
        }
        Came::Later(at_least, detail) => match next_try(failed, app.nature.roll()) {
            Some(after) => {
                let at = now.plus(after.max(at_least)).0;
                let later = app.db.write(move |tx| {
                    Box::pin(async move { attachment::later(tx, workspace_id, of, at, &detail).await })
                });
                later.await
            }
            None => hold(app, (workspace_id, of), Trouble::Unreachable, detail).await,
        },
        Came::Not(trouble, detail) => hold(app, (workspace_id, of), trouble, detail).await,
        Came::Ours(detail) => {
            tracing::error!(detail, "files.shelf");
            let at = now.plus(SHELF_REST).0;
            let later = app.db.write(move |tx| {
                Box::pin(async move { attachment::not_tried(tx, workspace_id, of, at, &detail).await })
            });
            later.await
        }
    };
    written?;
    app.live.tell(workspace_id, &[Topic::Conversation(due.conversation_id)]);
    Ok(())
}

/// Stores that the bytes are here. Answers under which id this content lies; `None`: the try counts no more.
async fn keep_row(
    app: &App,
    (workspace_id, of): (i64, (i64, i64)),
    file_id: i64,
    passed: Passed,
) -> store::Result<Option<i64>> {
    let Passed { digest, size, media_type } = passed;
    let file = File { id: file_id, digest, size: i64::try_from(size).unwrap_or(i64::MAX) };
    let now = app.now();
    let write = app.db.write(move |tx| {
        Box::pin(async move {
            if !attachment::is_in_hand(tx, workspace_id, of).await? {
                return Ok(None);
            }
            let kept = file::keep(tx, workspace_id, &file, now).await?;
            let counts = attachment::kept(tx, workspace_id, of, kept, &media_type).await?;
            Ok(counts.then_some(kept))
        })
    });
    write.await
}

async fn hold(
    app: &App,
    (workspace_id, of): (i64, (i64, i64)),
    trouble: Trouble,
    detail: String,
) -> store::Result<()> {
    let hold = app.db.write(move |tx| {
        Box::pin(async move { attachment::hold(tx, workspace_id, of, (trouble, &detail)).await })
    });
    hold.await
}

/// What a provider said of a file on the way to it.
#[derive(Default)]
struct Announced {
    bytes: Option<u64>,
    sha256: Option<String>,
}

async fn fetch(app: &App, due: &Due) -> store::Result<Came> {
    let (channel, place) =
        (channels::named(&due.channel), app.config.files_at(&due.channel, &due.external_id));
    let Some((files, place)) = channel.and_then(causeway_core::channels::Channel::files).zip(place) else {
        return Ok(Came::Not(Trouble::Gone, format!("{} has no files that could be fetched", due.channel)));
    };
    let token = intake::access_token(app, due.workspace_id, &due.source_key).await?;
    let workspace_id = due.workspace_id;
    let rules = app.db.read(move |tx| Box::pin(workspace::file_rules(tx, workspace_id))).await?;
    let mut announced = Announced { sha256: due.declared.sha256.clone(), ..Announced::default() };
    let mut at: Option<String> = None;
    for _ in 0..MOST_STEPS {
        let ask = match files.ask(place, &due.declared, at.as_deref()) {
            Ok(ask) => ask,
            Err((trouble, detail)) => return Ok(Came::Not(trouble, detail)),
        };
        let (head, body) = match open(app, &ask, token.as_ref()).await {
            Ok(opened) => opened,
            Err(came) => return Ok(came),
        };
        match files.answer(place, &due.declared, &ask, &head) {
            Found::Here => return keep(app, due, &rules, &announced, body).await,
            Found::There { url, bytes, sha256 } => {
                announced.bytes = bytes.or(announced.bytes);
                announced.sha256 = announced.sha256.or(sha256);
                if let Some(Err(refused)) = announced.bytes.map(|bytes| rules.check_size(bytes)) {
                    return Ok(Came::Not((&refused).into(), refused.to_string()));
                }
                at = Some(url);
            }
            Found::Later { after, detail } => return Ok(Came::Later(after, detail)),
            Found::Not(trouble, detail) => return Ok(Came::Not(trouble, detail)),
        }
    }
    Ok(Came::Later(Duration::ZERO, "one address leads to another without end".into()))
}

/// Sends a request. Where the answer is the file itself, its body is left to be read; else it is read into the head.
async fn open(app: &App, ask: &Ask, token: Option<&crate::seal::Secret>) -> Result<(Response, Body), Came> {
    let access = match (ask.with_token, token) {
        (false, _) => None,
        (true, Some(token)) => Some(Access::bearer(token.expose())),
        (true, None) => {
            let detail = "the endpoint has no access token; enter one on its page under Channels".into();
            return Err(Came::Not(Trouble::NoAccess, detail));
        }
    };
    let reach = if ask.is_listed { Reach::Anywhere } else { Reach::Public };
    let opened = match app.http.open(&ask.request, access, reach, PIECE_LIMIT).await {
        Ok(opened) => opened,
        Err(Unopened::Silent(silence)) => return Err(Came::Later(Duration::ZERO, silence.what)),
        Err(private @ Unopened::Private) => return Err(Came::Not(Trouble::HostRefused, private.to_string())),
    };
    let (mut head, mut body) = (opened.head, opened.body);
    if ask.is_file && (200..300).contains(&head.status) {
        return Ok((head, body));
    }
    while let Some(piece) = body.next().await {
        match piece {
            Ok(piece) if head.body.len() + piece.len() <= LARGEST_WORD => head.body.extend_from_slice(&piece),
            Ok(_) => break,
            Err(silence) => return Err(Came::Later(Duration::ZERO, silence.what)),
        }
    }
    Ok((head, body))
}

/// Writes the bytes as they come, as far as the rules of the workspace allow.
async fn keep(
    app: &App,
    due: &Due,
    rules: &FileRules,
    announced: &Announced,
    mut body: Body,
) -> store::Result<Came> {
    let declared = due.declared.media_type.as_deref();
    let file_id = app.nature.id();
    let mut filling = match app.files.begin(due.workspace_id, file_id).await {
        Ok(filling) => filling,
        Err(error) => return Ok(ours(&error)),
    };
    let (mut passing, mut is_allowed) = (Passing::default(), false);
    while let Some(piece) = body.next().await {
        let piece = match piece {
            Ok(piece) => piece,
            Err(silence) => {
                filling.give_up().await;
                return Ok(Came::Later(Duration::ZERO, silence.what));
            }
        };
        passing.take(&piece);
        let mut refused = rules.check_size(passing.size()).err();
        if let Some(told) = passing.told(declared).filter(|_| !is_allowed) {
            refused = refused.or(rules.check_type(&told).err());
            is_allowed = true;
        }
        if let Some(refused) = refused {
            filling.give_up().await;
            return Ok(Came::Not((&refused).into(), refused.to_string()));
        }
        if let Err(error) = filling.put(piece).await {
            filling.give_up().await;
            return Ok(ours(&error));
        }
    }
    let passed = passing.end(declared);
    if let Err(refused) = rules.check_type(&passed.media_type) {
        filling.give_up().await;
        return Ok(Came::Not((&refused).into(), refused.to_string()));
    }
    if let Err(detail) = passed.is_as_announced(announced.bytes, announced.sha256.as_deref()) {
        filling.give_up().await;
        // Cut on the way, perhaps. If it is so each time, it will not be otherwise.
        return Ok(match next_try(u32::try_from(due.tries).unwrap_or(u32::MAX), 0.0) {
            Some(_) => Came::Later(Duration::ZERO, detail),
            None => Came::Not(Trouble::WrongContent, detail),
        });
    }
    match filling.finish().await {
        Ok(()) => Ok(Came::Here(file_id, passed)),
        Err(error) => Ok(ours(&error)),
    }
}

fn ours(error: &ShelfError) -> Came {
    Came::Ours(error.to_string())
}
