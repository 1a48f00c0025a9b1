//! One endpoint: shown, changed, its secrets rotated, its numbers given to members, removed.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{plan::wording, time::Timestamp};
use causeway_pages::{
    Here,
    channels::{self as view, Account, Edit, Endpoint},
    form::Field,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    super::deed::deed,
    Done, channel_title,
    fresh::{name_error, text_error},
    name_of,
};
use crate::{
    audit::Deed,
    id,
    intake::{self, EndpointRefused, SealedSecrets},
    live::Topic,
    store::{
        audit, inbox,
        source::{self, Named, Placed},
        workspace::{self, Member},
    },
};

/// App secrets that are active at once: the present one and the one that takes its place.
const MOST_SECRETS: usize = 2;

/// What was typed into the forms, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    name: Option<String>,
    name_error: Option<String>,
    token: Option<String>,
    token_error: Option<String>,
    secret: String,
    secret_error: Option<String>,
    access_error: Option<String>,
}

impl Typed {
    /// What is wrong with an access token; the token itself is not shown again.
    pub(super) fn with_wrong_access(error: String) -> Self {
        Self { access_error: Some(error), ..Self::default() }
    }
}

/// The endpoint of that key in the visitor's workspace.
pub(super) async fn find(web: &Web, visitor: &Visitor, key: &str) -> Result<Named, Trouble> {
    let workspace_id = visitor.workspace_id();
    let sources = web.app.db.read(move |tx| Box::pin(source::named(tx, workspace_id))).await?;
    sources.into_iter().find(|source| source.key == key).ok_or(Trouble::Nothing)
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(done): Query<Done>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let said = done.said(&source.channel);
    page(&web, &visitor, source, StatusCode::OK, said, Typed::default()).await
}

pub(super) async fn page(
    web: &Web,
    visitor: &Visitor,
    source: Named,
    status: StatusCode,
    said: Option<String>,
    typed: Typed,
) -> Shown {
    let workspace_id = visitor.workspace_id();
    let (placed, members, inboxes) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let placed = source::placed(tx, workspace_id).await?;
                let members = workspace::members(tx, workspace_id).await?;
                Ok((placed, members, inbox::all(tx, workspace_id).await?))
            })
        })
        .await?;
    let secrets = intake::secrets(&web.app, workspace_id, &source.key).await?;
    let token = secrets.as_ref().map(|secrets| secrets.verify_token.clone());
    let url = intake::Endpoint::of(&web.app, &source.channel, &source.key).url;
    let shown = Endpoint {
        said,
        name: name_of(&source),
        channel: (source.channel.clone(), channel_title(&source.channel)),
        url,
        has_access: secrets.as_ref().is_some_and(|secrets| secrets.access_token.is_some()),
        secrets: secrets.map_or(0, |secrets| secrets.signing.len()),
        last: source.last_at.map(Timestamp),
        accounts: accounts(&source, &placed),
        members: members.iter().map(|member: &Member| (id::member(member.id), member.name.clone())).collect(),
        inboxes: inboxes.into_iter().map(|inbox| (id::inbox(inbox.id), inbox.name)).collect(),
        edit: edit(&source, token.clone().unwrap_or_default(), typed),
        token,
        key: source.key,
    };
    let clock = render::clock(web, visitor);
    if visitor.wants_fragment && status == StatusCode::OK {
        return Ok(render::fragment(view::live_parts(&clock, &shown)));
    }
    let content = view::endpoint(&clock, &shown);
    Ok(Page::new(Here::Channels, &shown.name).with(status).around(web, visitor, &content).await)
}

fn accounts(source: &Named, placed: &[Placed]) -> Vec<Account> {
    let mine = placed.iter().filter(|one| one.source_key == source.key);
    mine.map(|one| Account {
        id: id::account(one.account.id),
        name: wording::account_name(&one.account.display),
        external: one.account.external_id.clone(),
        owner: one.account.owner_id.map(id::member).unwrap_or_default(),
        inbox: one.inbox_id.map(id::inbox).unwrap_or_default(),
    })
    .collect()
}

fn edit(source: &Named, token: String, typed: Typed) -> Edit {
    let words = words();
    Edit {
        name: Field::new("name", words.say("channel-name"))
            .value(typed.name.unwrap_or_else(|| source.name.clone()))
            .error(typed.name_error)
            .required(),
        token: Field::new("token", words.say("channel-token"))
            .hint(words.of(&source.channel, "token-change", &[]))
            .value(typed.token.unwrap_or(token))
            .error(typed.token_error)
            .required(),
        secret: Field::new("secret", words.say("channel-secret-new"))
            .hint(words.of(&source.channel, "secret-hint", &[]))
            .value(typed.secret)
            .error(typed.secret_error)
            .required(),
        access: Field::new("access", words.say("channel-access"))
            .hint(words.of(&source.channel, "access-hint", &[]))
            .error(typed.access_error)
            .required(),
    }
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    name: String,
    #[serde(default)]
    token: String,
}

/// Changes name and verify token.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(wish): Form<Change>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let name_error = name_error(&wish.name);
    let token_error = text_error(&wish.token, &source.channel, "token-empty");
    if name_error.is_some() || token_error.is_some() {
        let typed = Typed {
            name: Some(wish.name),
            name_error,
            token: Some(wish.token),
            token_error,
            ..Typed::default()
        };
        return page(&web, &visitor, source, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await;
    }
    let workspace_id = visitor.workspace_id();
    let secrets = intake::secrets(&web.app, workspace_id, &key).await?.unwrap_or_default();
    let (token, name) = (wish.token.trim().to_owned(), wish.name.trim().to_owned());
    let deed = deed(&visitor, "channel.change", json!({ "before": source.name, "after": name }));
    if secrets.verify_token != token && !secrets.signing.is_empty() {
        let secrets = SealedSecrets { verify_token: token, ..secrets };
        put(&web, workspace_id, &source, (Some(name), &secrets), deed).await?;
    } else {
        intake::rename(&web.app, workspace_id, &key, name, deed).await?;
    }
    Ok(Redirect::to(&format!("/channels/{key}?done=saved")).into_response())
}

pub(super) async fn put(
    web: &Web,
    workspace_id: i64,
    source: &Named,
    (name, secrets): (Option<String>, &SealedSecrets),
    deed: Deed,
) -> Result<(), Trouble> {
    let wish = intake::Wish { channel: &source.channel, key: Some(source.key.clone()), name, secrets };
    match intake::add(&web.app, workspace_id, wish, deed).await {
        Ok(_) => Ok(()),
        Err(EndpointRefused::Store(error)) => Err(Trouble::Store(error)),
        Err(_) => Err(Trouble::Nothing),
    }
}

#[derive(Deserialize)]
pub(super) struct Rotate {
    #[serde(default)]
    what: String,
    #[serde(default)]
    secret: String,
}

/// Adds an app secret beside the present one, or retires the older of two.
pub(super) async fn secrets(
    State(web): State<Web>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(wish): Form<Rotate>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let workspace_id = visitor.workspace_id();
    let mut secrets = intake::secrets(&web.app, workspace_id, &key).await?.unwrap_or_default();
    if wish.what == "retire" {
        if secrets.signing.len() < 2 {
            // There is no older one, or they do not open: what is stored stays.
            return Ok(Redirect::to(&format!("/channels/{key}")).into_response());
        }
        secrets.signing.truncate(1);
        let deed = deed(&visitor, "channel.secret_retire", json!({}));
        put(&web, workspace_id, &source, (None, &secrets), deed).await?;
        return Ok(Redirect::to(&format!("/channels/{key}?done=retired")).into_response());
    }
    let fresh = wish.secret.trim().to_owned();
    let error = text_error(&fresh, &source.channel, "secret-empty")
        .or_else(|| secrets.signing.contains(&fresh).then(|| words().say("channel-secret-known")));
    if error.is_some() {
        let typed = Typed { secret: wish.secret, secret_error: error, ..Typed::default() };
        return page(&web, &visitor, source, StatusCode::UNPROCESSABLE_ENTITY, None, typed).await;
    }
    if secrets.verify_token.is_empty() {
        // The old ones do not open any more (the server's key has changed): both begin anew.
        secrets.verify_token = web.app.nature.secret();
    }
    secrets.signing.insert(0, fresh);
    secrets.signing.truncate(MOST_SECRETS);
    let deed = deed(&visitor, "channel.secret_add", json!({ "active": secrets.signing.len() }));
    put(&web, workspace_id, &source, (None, &secrets), deed).await?;
    Ok(Redirect::to(&format!("/channels/{key}?done=secret")).into_response())
}

#[derive(Deserialize)]
pub(super) struct Owner {
    #[serde(default)]
    owner: String,
    inbox: Option<String>,
}

/// Gives a number to a member, or to nobody; and to an inbox, if that was asked.
pub(super) async fn own(
    State(web): State<Web>,
    visitor: Visitor,
    Path((key, account)): Path<(String, String)>,
    Form(wish): Form<Owner>,
) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let account_id = id::read("acc", &account).ok_or(Trouble::Nothing)?;
    let owner_id = match wish.owner.as_str() {
        "" => None,
        owner => Some(id::read("mem", owner).ok_or(Trouble::Nothing)?),
    };
    let inbox_id = match wish.inbox.as_deref() {
        None | Some("") => None,
        Some(inbox) => Some(id::read("ibx", inbox).ok_or(Trouble::Nothing)?),
    };
    let is_for_inbox = wish.inbox.is_some();
    let workspace_id = visitor.workspace_id();
    let detail = json!({ "after": owner_id.map(id::member) });
    let line = deed(&visitor, "account.owner", detail).to(&web.app, account);
    let is_done = web
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if let Some(owner_id) = owner_id
                    && workspace::member(tx, workspace_id, owner_id).await?.is_none()
                {
                    return Ok(false);
                }
                if let Some(inbox_id) = inbox_id
                    && inbox::find(tx, workspace_id, inbox_id).await?.is_none()
                {
                    return Ok(false);
                }
                if is_for_inbox {
                    inbox::give_account(tx, workspace_id, account_id, inbox_id).await?;
                }
                let is_done = source::set_account_owner(tx, workspace_id, account_id, owner_id).await?;
                if is_done {
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(is_done)
            })
        })
        .await?;
    if !is_done {
        return Err(Trouble::Nothing);
    }
    Ok(Redirect::to(&format!("/channels/{}?done=owner", source.key)).into_response())
}

/// Asks before an endpoint is removed.
pub(super) async fn question(State(web): State<Web>, visitor: Visitor, Path(key): Path<String>) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let name = name_of(&source);
    let content = view::removal(words(), &source.channel, &source.key, &name);
    Ok(Page::new(Here::Channels, &name).around(&web, &visitor, &content).await)
}

/// Removes an endpoint. What came through it stays.
pub(super) async fn remove(State(web): State<Web>, visitor: Visitor, Path(key): Path<String>) -> Shown {
    let source = find(&web, &visitor, &key).await?;
    let (workspace_id, name) = (visitor.workspace_id(), name_of(&source));
    let deed = deed(&visitor, "channel.remove", json!({ "name": name }));
    intake::remove(&web.app, workspace_id, &source.key, deed).await?;
    web.app.live.tell(workspace_id, &[Topic::Requests]);
    Ok(Redirect::to("/channels?done=removed").into_response())
}
