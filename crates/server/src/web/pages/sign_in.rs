//! Signing in and out; links that let somebody in.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Extension, Form,
    extract::{ConnectInfo, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use causeway_core::sign_in::{
    LONGEST_NAME, NameRefused, PasswordRefused, SHORTEST_PASSWORD, check_name, check_password, next_place,
};
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
    store::{ticket::Kind, workspace},
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
        sign_in::sign_in(&web.app, &given.email, &given.password, &browser(&headers), network.as_deref())
            .await;
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
            if let Err(error) = sign_in::leave(&web.app, &found).await {
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
    let name_error = name_error(words, &given.name);
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

/// What is wrong with a name, in words.
pub(super) fn name_error(words: &Words, name: &str) -> Option<String> {
    match check_name(name) {
        Ok(_) => None,
        Err(NameRefused::Empty) => Some(words.say("name-empty")),
        Err(NameRefused::Long) => Some(words.with("name-long", args!["most" => LONGEST_NAME])),
        Err(NameRefused::Unreadable) => Some(words.say("name-unreadable")),
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
        TicketRefused::Unhashed => render::our_fault("join"),
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

/// Where a request comes from: the other end of the connection. Where that is this machine or a private network, a proxy
/// of the operator's may stand before us, and the last address that it saw counts; from anybody else such a header says
/// nothing. `None`: nobody knows, and nothing is counted by it.
fn network(headers: &HeaderMap, peer: Option<IpAddr>) -> Option<String> {
    let peer = peer.map(|peer| peer.to_canonical());
    if peer.is_none_or(may_be_a_proxy) {
        // A proxy adds to the last line of that name.
        let mut lines = headers.get_all("x-forwarded-for").into_iter();
        let told = lines.next_back().and_then(|line| line.to_str().ok()).unwrap_or_default();
        let last: Option<IpAddr> = told.rsplit(',').next().and_then(|last| last.trim().parse().ok());
        if let Some(last) = last {
            return Some(household(last.to_canonical()));
        }
    }
    peer.filter(|peer| !peer.is_loopback()).map(household)
}

fn may_be_a_proxy(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(peer) => peer.is_loopback() || peer.is_private() || peer.is_link_local(),
        IpAddr::V6(peer) => peer.is_loopback() || peer.is_unique_local() || peer.is_unicast_link_local(),
    }
}

fn household(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        // A /64 is one household.
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: Option<&str>, told: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in told {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        network(&headers, peer.map(|peer| peer.parse().expect("an address")))
    }

    #[test]
    fn a_fault_of_ours_is_not_called_a_used_up_link() {
        assert_eq!(ticket_refused(&TicketRefused::Gone).status(), StatusCode::GONE);
        let fault = ticket_refused(&TicketRefused::Unhashed);
        assert_eq!(fault.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn the_network_is_the_other_end_unless_a_proxy_of_the_operators_tells_another() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(seen(Some("203.0.113.7"), &["198.51.100.1"]), some("203.0.113.7"));
        assert_eq!(seen(Some("127.0.0.1"), &["198.51.100.1, 203.0.113.9"]), some("203.0.113.9"));
        assert_eq!(seen(Some("::ffff:10.1.2.3"), &["198.51.100.1", "203.0.113.9"]), some("203.0.113.9"));
        assert_eq!(seen(Some("10.1.2.3"), &[]), some("10.1.2.3"));
        assert_eq!(seen(Some("127.0.0.1"), &["nonsense"]), None);
        assert_eq!(seen(None, &[]), None);
    }

    #[test]
    fn neighbours_of_one_sixty_four_are_one_and_old_addresses_in_new_clothes_are_not() {
        assert_eq!(seen(Some("2001:db8::1"), &[]), seen(Some("2001:db8::ffff:2"), &[]));
        assert_ne!(seen(Some("2001:db8::1"), &[]), seen(Some("2001:db8:0:1::1"), &[]));
        assert_ne!(seen(Some("::ffff:203.0.113.7"), &[]), seen(Some("::ffff:203.0.113.8"), &[]));
    }
}
