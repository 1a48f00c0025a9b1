//! Who looks at a page: the cookie, the session behind it, and the right that the page takes.

use axum::{
    extract::{FromRequestParts, OriginalUri, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use causeway_core::{
    rights::Right,
    sign_in::{NOTED_EVERY, SESSION_LIMIT, next_place, session_stands},
    time::Timestamp,
};

use causeway_pages::part::in_address;

use super::{Web, cookie, render};
use crate::store::{
    self,
    session::{self, Session},
    workspace::{Member, Workspace},
};

/// The cookie of a session; under https with the prefix that keeps others from setting it.
const NAME: &str = "causeway_session";

/// Asks for a fragment instead of a page.
pub(super) const FRAGMENT: &str = "x-fragment";

/// A member whose session came with the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visitor {
    /// Their workspace.
    pub(super) workspace: Workspace,
    /// The member.
    pub(super) member: Member,
    /// By which their session is known.
    pub(super) session: String,
    /// Our script asks: it wants a fragment.
    pub(super) wants_fragment: bool,
    /// How far changes had been told when this was asked; what is read for it is as new, or newer.
    pub(super) mark: String,
}

impl Visitor {
    /// May they do that?
    pub(super) fn may(&self, right: Right) -> bool {
        self.member.role.has(right)
    }

    /// Their workspace.
    pub(super) fn workspace_id(&self) -> i64 {
        self.workspace.id
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // Every page is behind `needs`, which puts it there; a route without it shows nothing.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| StatusCode::UNAUTHORIZED.into_response())
    }
}

/// Lets those through who are signed in and have the right; says to the others what they can do.
pub(super) async fn needs(
    State((web, right)): State<(Web, Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    let wants_fragment = request.headers().contains_key(FRAGMENT);
    let mark = format!("{}.{}", web.app.node, web.app.live.last());
    match visitor(&web, request.headers()).await {
        Ok(Some(session)) => {
            let visitor = Visitor {
                workspace: session.workspace,
                member: session.member,
                session: session.digest,
                wants_fragment,
                mark,
            };
            if !visitor.may(right) {
                return render::refused(&visitor, right);
            }
            request.extensions_mut().insert(visitor);
            next.run(request).await
        }
        // A script cannot sign in; it says so to the person, or waits.
        Ok(None) if wants_fragment || wants_stream(&request) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(None) => to_sign_in(&request),
        Err(error) => render::fault(&error),
    }
}

/// The session of a request, if it stands. Its use is noted once a minute.
pub(super) async fn visitor(web: &Web, headers: &HeaderMap) -> store::Result<Option<Session>> {
    let Some(token) = cookie::read(headers, &name(web)) else { return Ok(None) };
    let found = web.app.db.read(move |tx| Box::pin(async move { session::find(tx, &token).await })).await?;
    let now = web.app.nature.now();
    let Some(found) = found else { return Ok(None) };
    if !session_stands(Timestamp(found.created_at), Timestamp(found.seen_at), now) {
        return Ok(None);
    }
    if now.since(Timestamp(found.seen_at)) >= NOTED_EVERY {
        let digest = found.digest.clone();
        web.app.db.write(move |tx| Box::pin(async move { session::touch(tx, &digest, now.0).await })).await?;
    }
    Ok(Some(found))
}

/// Does a page ask for the stream of changes?
fn wants_stream(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT);
    accepted.is_some_and(|accepted| accepted.as_bytes() == b"text/event-stream")
}

/// To the page where one signs in, and from there back to the same place.
fn to_sign_in(request: &Request) -> Response {
    let asked = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri(), |uri| &uri.0);
    let asked = asked.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    // A form cannot be sent again by itself: back to the page it stood on.
    let place = if matches!(*request.method(), Method::GET | Method::HEAD) {
        asked
    } else {
        let referer = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
        referer
            .and_then(|referer| referer.parse::<axum::http::Uri>().ok())
            .and_then(|referer| referer.path_and_query().map(ToString::to_string))
            .filter(|place| next_place(place) == place)
            .unwrap_or_default()
    };
    Redirect::to(&format!("/sign-in?next={}", in_address(&place))).into_response()
}

fn is_https(web: &Web) -> bool {
    web.app.config.public_url.starts_with("https://")
}

fn name(web: &Web) -> String {
    if is_https(web) { format!("__Host-{NAME}") } else { NAME.to_owned() }
}

/// The header that begins a session in the browser.
pub(super) fn begun(web: &Web, token: &str) -> HeaderValue {
    set(web, token, SESSION_LIMIT.as_secs())
}

/// The header that ends it.
pub(super) fn ended(web: &Web) -> HeaderValue {
    set(web, "", 0)
}

/// Lax: the cookie has to come along when the CRM sends the browser back.
fn set(web: &Web, value: &str, age: u64) -> HeaderValue {
    let secure = if is_https(web) { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}", name(web));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
