//! Making an endpoint known to which a provider posts.

use causeway_core::channels;

use super::{SealedSecrets, seal_place};
use crate::{
    app::App,
    audit::Deed,
    store::{
        self, attachment, audit,
        source::{self, Source},
    },
};

/// Most characters of a key.
const LONGEST_KEY: usize = 64;

/// Where a provider is told to post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The channel's name.
    pub channel: String,
    /// The key in the address.
    pub key: String,
    /// The address.
    pub url: String,
}

impl Endpoint {
    /// The endpoint of a source.
    pub fn of(app: &App, channel: &str, key: &str) -> Self {
        let url = format!("{}/hooks/{channel}/{key}", app.config.public_url);
        Self { channel: channel.to_owned(), key: key.to_owned(), url }
    }
}

/// Why an endpoint was not made.
#[derive(Debug, thiserror::Error)]
pub enum EndpointRefused {
    /// No such channel.
    #[error("no channel is called `{0}`; known are: {1}")]
    UnknownChannel(String, String),
    /// The key cannot stand in an address.
    #[error("a source's key is made of letters, digits, `-` and `_`, at most {LONGEST_KEY} of them")]
    Key,
    /// Nothing to check signatures with.
    #[error("a source needs at least one signing secret that is not empty")]
    NoSecret,
    /// Nothing to answer the set-up request with.
    #[error("a source needs a verify token: any word that you also give to the provider")]
    NoVerifyToken,
    /// The key is in use elsewhere.
    #[error("the key `{0}` is taken; choose another, or leave it out to be given one")]
    Taken(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Can it stand in an endpoint's address?
pub(super) fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// An endpoint as somebody wants it.
pub struct Wish<'a> {
    /// The channel's name.
    pub channel: &'a str,
    /// Which one; without a key a new one is made, whose key nobody can guess.
    pub key: Option<String>,
    /// What it is called, if that changes.
    pub name: Option<String>,
    /// Its secrets.
    pub secrets: &'a SealedSecrets,
}

/// Makes an endpoint known, or replaces its secrets.
pub async fn add(
    app: &App,
    workspace_id: i64,
    wish: Wish<'_>,
    deed: Deed,
) -> Result<Endpoint, EndpointRefused> {
    let Some(channel) = channels::named(wish.channel) else {
        let known: Vec<&str> = channels::ALL.iter().map(|channel| channel.name()).collect();
        return Err(EndpointRefused::UnknownChannel(wish.channel.to_owned(), known.join(", ")));
    };
    let key = wish.key.unwrap_or_else(|| app.nature.secret());
    if !is_key(&key) {
        return Err(EndpointRefused::Key);
    }
    let secrets = wish.secrets;
    if secrets.signing.is_empty() || secrets.signing.iter().any(|secret| secret.trim().is_empty()) {
        return Err(EndpointRefused::NoSecret);
    }
    if secrets.verify_token.trim().is_empty() {
        return Err(EndpointRefused::NoVerifyToken);
    }
    let text = serde_json::to_string(secrets).expect("texts can be written as JSON");
    let new = Source {
        key: key.clone(),
        workspace_id,
        channel: channel.name().to_owned(),
        secrets: app.sealer.seal(&seal_place(&key), &text),
    };
    let (now, name, line) = (app.now(), wish.name, deed.to(app, &key));
    let has_access = secrets.access_token.is_some();
    let is_ours = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if !source::put(tx, &new, now).await? {
                    return Ok(false);
                }
                if has_access {
                    // What was held for want of a token, or for one that was not taken, is tried with this one.
                    attachment::retry_for_access(tx, new.workspace_id, &new.key, now).await?;
                }
                if let Some(name) = name {
                    source::rename(tx, workspace_id, &new.key, &name).await?;
                }
                audit::append(tx, workspace_id, &line).await?;
                Ok(true)
            })
        })
        .await?;
    app.bells.files.notify_one();
    app.endpoints.forget(&key);
    if is_ours { Ok(Endpoint::of(app, channel.name(), &key)) } else { Err(EndpointRefused::Taken(key)) }
}

/// Calls an endpoint of that workspace otherwise.
pub async fn rename(app: &App, workspace_id: i64, key: &str, name: String, deed: Deed) -> store::Result<()> {
    let (key, line) = (key.to_owned(), deed.to(app, key));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                source::rename(tx, workspace_id, &key, &name).await?;
                audit::append(tx, workspace_id, &line).await
            })
        })
        .await
}

/// Removes an endpoint of that workspace. What came through it stays. `false`: there is none of that key.
pub async fn remove(app: &App, workspace_id: i64, key: &str, deed: Deed) -> store::Result<bool> {
    let (wanted, line) = (key.to_owned(), deed.to(app, key));
    let removed = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                let removed = source::remove(tx, workspace_id, &wanted).await?;
                if removed {
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(removed)
            })
        })
        .await?;
    app.endpoints.forget(key);
    Ok(removed)
}
