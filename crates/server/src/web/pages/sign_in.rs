//! Signing in and out; links that let somebody in.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Extension, Form,
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use causeway_core::sign_in::{PasswordRefused, SHORTEST_PASSWORD, check_password, next_place};
use causeway_pages::{
    Words, args,
    message::Message,
    part::Tone,
    sign_in::{self as view, Invitation, SignIn},
};
use serde::Deserialize;

use super::super::{
    Web,
    render::{self, words},
    session,
};
use crate::{
    sign_in::{self, EnterRefused, Entered, TicketRefused},
    store::{session as sessions, ticket::Kind, workspace},
};

/// The first page: where one works, or where one signs in, or where the server is set up.
pub(in crate::web) async fn start(State(web): State<Web>, headers: HeaderMap) -> Response {
    match session::visitor(&web, &headers).await {
        Ok(Some(_)) => Redirect::to("/inbox").into_response(),
        Ok(None) => {
            let first = web.app.db.read(|tx| Box::pin(workspace::first(tx))).await;
            match first {
                Ok(Some(_)) => Redirect::to("/sign-in").into_response(),
                Ok(None) => Redirect::to("/setup").into_response(),
                Err(error) => render::fault(&error),
            }
        }
        Err(error) => render::fault(&error),
    }
}

#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    next: Option<String>,
    #[serde(default)]
    out: bool,
}

pub(in crate::web) async fn form(Query(asked): Query<Asked>) -> Response {
    let words = words();
    let said = if asked.out {
        Some(words.say("sign-in-out"))
    } else {
        asked.next.as_deref().filter(|next| *next != "/inbox").map(|_| words.say("sign-in-again"))
    };
    let next = next_place(asked.next.as_deref().unwrap_or_default()).to_owned();
    view::sign_in(words, &SignIn { said, next, ..SignIn::default() }).into_response()
}

#[derive(Deserialize)]
pub(in crate::web) struct Given {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

pub(in crate::web) async fn enter(
    State(web): State<Web>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    Form(given): Form<Given>,
) -> Response {
    let words = words();
    let network = network(&headers, peer.map(|peer| peer.0.0.ip()));
    let entered =
        sign_in::sign_in(&web.app, &given.email, &given.password, &browser(&headers), &network).await;
    let (status, error) = match entered {
        Ok(entered) => return welcome(&web, &entered, next_place(&given.next)),
        Err(EnterRefused::Wrong) => (StatusCode::UNPROCESSABLE_ENTITY, words.say("sign-in-wrong")),
        Err(EnterRefused::Wait(wait)) => {
            let minutes = wait.as_secs().div_ceil(60);
            (StatusCode::TOO_MANY_REQUESTS, words.with("sign-in-slow", args!["minutes" => minutes]))
        }
        Err(EnterRefused::Store(error)) => return render::fault(&error),
    };
    let form = SignIn {
        email: given.email,
        error: Some(error),
        said: None,
        next: next_place(&given.next).to_owned(),
    };
    (status, view::sign_in(words, &form)).into_response()
}

/// Into the application, with the cookie.
pub(super) fn welcome(web: &Web, entered: &Entered, next: &str) -> Response {
    let cookie = session::begun(web, &entered.token);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(next)).into_response()
}

/// Ends the session, here and in the browser.
pub(in crate::web) async fn leave(State(web): State<Web>, headers: HeaderMap) -> Response {
    match session::visitor(&web, &headers).await {
        Ok(Some(found)) => {
            let ended = web
                .app
                .db
                .write(move |tx| Box::pin(async move { sessions::end(tx, &found.digest).await }))
                .await;
            if let Err(error) = ended {
                return render::fault(&error);
            }
        }
        Ok(None) => {}
        Err(error) => return render::fault(&error),
    }
    let cookie = session::ended(&web);
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/sign-in?out=true")).into_response()
}

/// What a sign-in link is for; looking at it does not use it up.
pub(in crate::web) async fn link(State(web): State<Web>, Path(token): Path<String>) -> Response {
    match sign_in::look_at(&web.app, &token).await {
        Ok((_, workspace, Some(member))) => {
            let action = format!("/enter/{token}");
            view::by_link(words(), &action, &member.name, &workspace.name).into_response()
        }
        Ok(_) => gone(),
        Err(refused) => ticket_refused(&refused),
    }
}

pub(in crate::web) async fn by_link(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    match sign_in::by_link(&web.app, &token, &browser(&headers)).await {
        Ok(entered) => welcome(&web, &entered, "/inbox"),
        Err(refused) => ticket_refused(&refused),
    }
}

/// The page of an invitation.
pub(in crate::web) async fn invitation(State(web): State<Web>, Path(token): Path<String>) -> Response {
    match sign_in::look_at(&web.app, &token).await {
        Ok((ticket, workspace, _)) => match ticket.kind {
            Kind::Invite { email, .. } => {
                let form = Invitation {
                    action: format!("/join/{token}"),
                    workspace: workspace.name,
                    email,
                    ..Invitation::default()
                };
                view::invitation(words(), &form).into_response()
            }
            _ => gone(),
        },
        Err(refused) => ticket_refused(&refused),
    }
}

#[derive(Deserialize)]
pub(in crate::web) struct Joining {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

pub(in crate::web) async fn join(
    State(web): State<Web>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(given): Form<Joining>,
) -> Response {
    let words = words();
    let (workspace, email) = match sign_in::look_at(&web.app, &token).await {
        Ok((ticket, workspace, _)) => match ticket.kind {
            Kind::Invite { email, .. } => (workspace.name, email),
            _ => return gone(),
        },
        Err(refused) => return ticket_refused(&refused),
    };
    let name_error = given.name.trim().is_empty().then(|| words.say("name-empty"));
    let password_error = password_error(words, &given.password, &email);
    if name_error.is_some() || password_error.is_some() {
        let action = format!("/join/{token}");
        let form = Invitation { action, workspace, email, name: given.name, name_error, password_error };
        return (StatusCode::UNPROCESSABLE_ENTITY, view::invitation(words, &form)).into_response();
    }
    match sign_in::accept(&web.app, &token, &given.name, &given.password, &browser(&headers)).await {
        Ok(entered) => welcome(&web, &entered, "/inbox"),
        Err(refused) => ticket_refused(&refused),
    }
}

/// What is wrong with a password, in words.
pub(super) fn password_error(words: &Words, password: &str, email: &str) -> Option<String> {
    match check_password(password, email) {
        Ok(()) => None,
        Err(PasswordRefused::Short(count)) => {
            Some(words.with("password-short", args!["count" => count, "least" => SHORTEST_PASSWORD]))
        }
        Err(PasswordRefused::Long) => Some(words.say("password-long")),
        Err(PasswordRefused::Guessable) => Some(words.say("password-known")),
    }
}

fn ticket_refused(refused: &TicketRefused) -> Response {
    match refused {
        TicketRefused::Gone => gone(),
        TicketRefused::Store(error) => render::fault(error),
    }
}

fn gone() -> Response {
    let words = words();
    let message = Message {
        title: words.say("link-title"),
        tone: Tone::Warning,
        says: vec![words.say("link-used")],
        next: Some(("/sign-in".into(), words.say("sign-in-title"))),
        ..Message::default()
    };
    render::plain(StatusCode::GONE, &message)
}

/// The browser, as it calls itself.
pub(super) fn browser(headers: &HeaderMap) -> String {
    let told = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    told.unwrap_or_default().to_owned()
}

/// Where a request comes from: the other end of the connection. If that is this machine, a proxy of the operator's
/// stands before us, and the last address that it saw counts; from anybody else such a header says nothing.
fn network(headers: &HeaderMap, peer: Option<IpAddr>) -> String {
    let Some(peer) = peer.filter(|peer| !peer.is_loopback()) else {
        let told = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        return told.rsplit(',').next().unwrap_or_default().trim().to_owned();
    };
    match peer {
        IpAddr::V4(address) => address.to_string(),
        // A /64 is one household.
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}
