//! Chat sync: its settings as a draft that is kept while one changes it, and what one does with it.

mod gather;
mod given;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::{
    plan::{places::Source, settings::ChatSync},
    rights::Right,
};
use causeway_pages::{
    Here, args,
    chat_sync::{self as view, ChatSyncPage, Tried},
    part::Tone,
};
use serde::Deserialize;

use self::{
    gather::{Known, known},
    given::{Given, Unread},
};
use super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, sentence, words},
        session::Visitor,
    },
    Routes,
};
use crate::{
    crm::Failure,
    lane, settings,
    settings::{Applied, ChangeRefused, FieldRefused, Wish},
    store::integration,
};

pub(super) fn routes(routes: Routes) -> Routes {
    let right = Right::ConnectSync;
    routes
        .get("/integrations/chat-sync/{id}", right, show)
        .post("/integrations/chat-sync/{id}/draft", right, keep)
        .post("/integrations/chat-sync/{id}/apply", right, apply)
        .post("/integrations/chat-sync/{id}/link-field", right, link_field)
        .post("/integrations/chat-sync/{id}/discard", right, discard)
        .post("/integrations/chat-sync/{id}/rebase", right, rebase)
        .post("/integrations/chat-sync/{id}/pause", right, pause)
        .post("/integrations/chat-sync/{id}/resume", right, resume)
        .post("/integrations/chat-sync/{id}/test", right, test)
        .get("/integrations/chat-sync/{id}/versions", right, versions)
        .post("/integrations/chat-sync/{id}/versions/{revision}/restore", right, restore)
}

#[derive(Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
    /// What else there is to say.
    #[serde(default)]
    also: String,
}

async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Done>,
) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    answer(&web, &visitor, &known, known.page(&Unread::default(), said(&known, &query)), StatusCode::OK).await
}

/// What became of the last deed.
fn said(known: &Known, query: &Done) -> Option<(Tone, String)> {
    let (tone, key) = match query.done.as_str() {
        "applied" => (Tone::Good, "said-applied"),
        "activated" => (Tone::Good, "said-activated"),
        "kept" => (Tone::Good, "said-kept"),
        "same" => (Tone::Plain, "said-same"),
        "discarded" => (Tone::Plain, "said-discarded"),
        "paused" => (Tone::Warning, "said-paused"),
        "resumed" => (Tone::Good, "said-resumed"),
        "restored" => (Tone::Plain, "said-restored"),
        "rebased" => (Tone::Plain, "said-rebased"),
        "conflict" => (Tone::Warning, "said-conflict"),
        "link-made" => (Tone::Good, "said-link-made"),
        "overlap" => (Tone::Bad, "said-overlap"),
        _ => return None,
    };
    // words: said-*
    let also = query.also.split(',').filter_map(|also| match also {
        "source-raw" => Some("said-source-raw"),
        "source-left-out" => Some("said-source-left-out"),
        "left-over" => Some("said-left-over"),
        _ => None,
    });
    let also: Vec<String> = also.map(|key| words().with(key, args!["crm" => known.crm_title()])).collect();
    let tone = if also.is_empty() { tone } else { Tone::Warning };
    Some((tone, std::iter::once(words().say(key)).chain(also).collect::<Vec<_>>().join(" ")))
}

async fn answer(
    web: &Web,
    visitor: &Visitor,
    known: &Known,
    page: ChatSyncPage,
    status: StatusCode,
) -> Shown {
    let facts = known.facts(web, visitor, None).await?;
    let content = view::chat_sync(&render::clock(web, visitor), &facts, &page);
    Ok(Page::new(Here::Integrations, &words().say("use-sync"))
        .with(status)
        .around(web, visitor, &content)
        .await)
}

fn back(known: &Known, done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", known.address())).into_response()
}

fn who(visitor: &Visitor) -> (i64, i64) {
    (visitor.workspace_id(), visitor.member.id)
}

/// Keeps what was typed as the draft. Answers how it stands then, and what could not be read.
async fn kept(web: &Web, visitor: &Visitor, id: &str, given: &Given) -> Result<(Known, Unread), Trouble> {
    let before = known(web, visitor, id).await?;
    let (wanted, unread) = given.settings(before.wanted(), &visitor.workspace.zone);
    let base = match (&before.draft, given.number("base")) {
        (_, Some(base)) if base <= before.present.revision => base,
        (Some(draft), _) => draft.base,
        (None, _) => before.present.revision,
    };
    match settings::save(&web.app, who(visitor), before.present.id, wanted, base).await {
        Ok(_) => Ok((known(web, visitor, id).await?, unread)),
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(_) => Err(Trouble::Nothing),
    }
}

async fn keep(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(given): Form<Vec<(String, String)>>,
) -> Shown {
    let given = Given(given);
    let (known, unread) = kept(&web, &visitor, &id, &given).await?;
    if visitor.wants_fragment {
        let facts = known.facts(&web, &visitor, Some(&given)).await?;
        let page = known.page(&unread, None);
        return Ok(render::fragment(view::fragment(&render::clock(&web, &visitor), &facts, &page)));
    }
    if unread == Unread::default() {
        return Ok(back(&known, "kept"));
    }
    let page = known.page(&unread, Some((Tone::Bad, words().say("said-problems"))));
    answer(&web, &visitor, &known, page, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn apply(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(given): Form<Vec<(String, String)>>,
) -> Shown {
    let (before, unread) = kept(&web, &visitor, &id, &Given(given)).await?;
    if unread != Unread::default() {
        let page = before.page(&unread, Some((Tone::Bad, words().say("said-problems"))));
        return answer(&web, &visitor, &before, page, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    // A task of its own: a test record is removed although the browser goes away.
    let (app, who, id_of) = (web.app.clone(), who(&visitor), before.present.id);
    let applied = tokio::spawn(async move { settings::activate(&app, who, id_of).await }).await;
    let Ok(applied) = applied else { return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response()) };
    let refused = match applied {
        Ok(applied) => return Ok(back(&before, &happened(&before, &applied))),
        Err(ChangeRefused::Store(error)) => return Err(error.into()),
        Err(ChangeRefused::NotTried { cause, .. }) => {
            let is_new = before.present.state == integration::State::Draft;
            let key = if is_new { "said-not-tried" } else { "said-change-not-tried" };
            let said = words().with(key, args!["cause" => sentence(&cause)]);
            let page = known(&web, &visitor, &id).await?.page(&Unread::default(), Some((Tone::Bad, said)));
            return answer(&web, &visitor, &before, page, StatusCode::CONFLICT).await;
        }
        Err(refused) => refused,
    };
    let (status, key) = match refused {
        ChangeRefused::Conflict(_) => (StatusCode::CONFLICT, "said-conflict"),
        ChangeRefused::Overlap(_) => (StatusCode::CONFLICT, "said-overlap"),
        ChangeRefused::NotConnected => (StatusCode::CONFLICT, "said-not-connected"),
        ChangeRefused::Problems(_) => (StatusCode::UNPROCESSABLE_ENTITY, "said-problems"),
        _ => return Err(Trouble::Nothing),
    };
    let now = known(&web, &visitor, &id).await?;
    let page = now.page(&Unread::default(), Some((Tone::Bad, words().say(key))));
    answer(&web, &visitor, &now, page, status).await
}

/// What there is to say of it, as the query has it.
fn happened(before: &Known, applied: &Applied) -> String {
    let done = match before.present.state {
        _ if applied.stored.revision == before.present.revision => "same",
        integration::State::Draft => "activated",
        _ => "applied",
    };
    let source = applied.prepared.refused.map(|stands| match stands {
        Source::LeftOut => "source-left-out",
        _ => "source-raw",
    });
    let also: Vec<&str> =
        source.into_iter().chain(applied.prepared.is_left_over.then_some("left-over")).collect();
    if also.is_empty() { done.to_owned() } else { format!("{done}&also={}", also.join(",")) }
}

/// Makes a field for the link in the CRM, and chooses it.
async fn link_field(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(given): Form<Vec<(String, String)>>,
) -> Shown {
    let (before, unread) = kept(&web, &visitor, &id, &Given(given)).await?;
    let (app, who, present) = (web.app.clone(), who(&visitor), before.present.clone());
    let wanted = before.wanted().clone();
    let made = tokio::spawn(async move {
        let name = settings::make_link_field(&app, who, &present, &wanted).await?;
        Ok::<_, FieldRefused>(ChatSync { link_field: Some(name), ..wanted })
    });
    let wanted = match made.await {
        Ok(Ok(wanted)) => wanted,
        Ok(Err(FieldRefused::Store(error))) => return Err(error.into()),
        Ok(Err(FieldRefused::Refused(cause))) => {
            let said = words().with("said-link-not-made", args!["cause" => sentence(&cause)]);
            let page = before.page(&unread, Some((Tone::Bad, said)));
            return answer(&web, &visitor, &before, page, StatusCode::CONFLICT).await;
        }
        Err(_) => return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    };
    let base = before.draft.as_ref().map_or(before.present.revision, |draft| draft.base);
    match settings::save(&web.app, who, before.present.id, wanted, base).await {
        Ok(_) => Ok(back(&before, "link-made")),
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(_) => Err(Trouble::Nothing),
    }
}

async fn discard(State(web): State<Web>, visitor: Visitor, Path(id): Path<String>) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    settings::discard(&web.app, who(&visitor), known.present.id).await?;
    Ok(back(&known, "discarded"))
}

async fn rebase(State(web): State<Web>, visitor: Visitor, Path(id): Path<String>) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    match settings::rebase(&web.app, who(&visitor), known.present.id).await {
        Ok(_) => Ok(back(&known, "rebased")),
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(_) => Err(Trouble::Nothing),
    }
}

#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    revision: i64,
}

async fn pause(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(seen): Form<Seen>,
) -> Shown {
    turn(&web, &visitor, &id, &seen, integration::State::Paused).await
}

async fn resume(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(seen): Form<Seen>,
) -> Shown {
    turn(&web, &visitor, &id, &seen, integration::State::Active).await
}

async fn turn(web: &Web, visitor: &Visitor, id: &str, seen: &Seen, state: integration::State) -> Shown {
    let known = known(web, visitor, id).await?;
    let wish =
        Wish { state: Some(state), revision: seen.revision, by: Some(visitor.member.id), ..Wish::default() };
    match settings::change(&web.app, visitor.workspace_id(), known.present.id, wish).await {
        Ok(_) if state == integration::State::Paused => Ok(back(&known, "paused")),
        Ok(_) => Ok(back(&known, "resumed")),
        Err(ChangeRefused::Store(error)) => Err(error.into()),
        Err(ChangeRefused::Overlap(_)) => Ok(back(&known, "overlap")),
        Err(_) => Ok(back(&known, "conflict")),
    }
}

/// Makes a record with the settings of the form, and removes it again.
async fn test(State(web): State<Web>, visitor: Visitor, Path(id): Path<String>) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    // A task of its own: what was made is removed although the browser goes away.
    let (app, connection_id, settings) = (web.app.clone(), known.connection.id, known.wanted().clone());
    let tested = tokio::spawn(async move { lane::test_record(&app, connection_id, &settings).await }).await;
    let tried = match tested {
        Ok(Ok(tried)) => Tried { is_good: tried.is_removed, sentence: sentence(&tried.sentence) },
        Ok(Err(Failure::Store(error))) => return Err(error.into()),
        Ok(Err(failure)) => Tried { is_good: false, sentence: sentence(&failure.to_string()) },
        Err(_) => return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    };
    if visitor.wants_fragment {
        return Ok(render::fragment(view::tried(Some(&tried))));
    }
    let page = ChatSyncPage { tried: Some(tried), ..known.page(&Unread::default(), None) };
    answer(&web, &visitor, &known, page, StatusCode::OK).await
}

async fn versions(State(web): State<Web>, visitor: Visitor, Path(id): Path<String>) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    let facts = known.facts(&web, &visitor, None).await?;
    let clock = render::clock(&web, &visitor);
    let content = view::versions(&clock, &facts, &known.address(), &known.shown_versions());
    Ok(Page::new(Here::Integrations, &words().say("versions-title")).around(&web, &visitor, &content).await)
}

async fn restore(
    State(web): State<Web>,
    visitor: Visitor,
    Path((id, revision)): Path<(String, String)>,
) -> Shown {
    let known = known(&web, &visitor, &id).await?;
    let revision = revision.parse::<i64>().map_err(|_| Trouble::Nothing)?;
    settings::restore(&web.app, who(&visitor), known.present.id, revision).await?.ok_or(Trouble::Nothing)?;
    Ok(back(&known, "restored"))
}
