//! Addresses with the rights that they take: pages and API alike are registered here, and none without its right.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware::from_fn_with_state,
    routing::{self, MethodRouter},
};
use causeway_core::rights::Right;

use super::{Web, api, session};

/// Who stands at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// The session of a browser.
    Session,
    /// The token of a program.
    Token,
}

/// Addresses with the rights that they take.
pub(super) struct Routes {
    web: Web,
    door: Door,
    router: Router<Web>,
    access: Vec<(Method, &'static str, Right)>,
}

impl Routes {
    /// Pages: behind a session.
    pub(super) fn pages(web: Web) -> Self {
        Self { web, door: Door::Session, router: Router::new(), access: Vec::new() }
    }

    /// The API: behind a token.
    pub(super) fn api(web: Web) -> Self {
        Self { door: Door::Token, ..Self::pages(web) }
    }

    /// Something to look at.
    pub(super) fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::GET, path, right, routing::get(handler))
    }

    /// Something to do; of a page, a form to send.
    pub(super) fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::POST, path, right, routing::post(handler))
    }

    /// Something to put in its place.
    pub(super) fn put<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::PUT, path, right, routing::put(handler))
    }

    /// Something to change.
    pub(super) fn patch<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::PATCH, path, right, routing::patch(handler))
    }

    /// Something to end.
    pub(super) fn delete<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::DELETE, path, right, routing::delete(handler))
    }

    fn add(mut self, method: Method, path: &'static str, right: Right, to: MethodRouter<Web>) -> Self {
        let state = (self.web.clone(), right);
        let guarded = match self.door {
            Door::Session => to.route_layer(from_fn_with_state(state, session::needs)),
            Door::Token => to.route_layer(from_fn_with_state(state, api::needs)),
        };
        self.router = self.router.route(path, guarded);
        self.access.push((method, path, right));
        self
    }

    /// What answers there.
    pub(super) fn into_router(self) -> Router<Web> {
        self.router
    }

    /// Method, address and right of each: what the table of rights is asked.
    pub(super) fn into_access(self) -> Vec<(Method, &'static str, Right)> {
        self.access
    }
}
