//! The pages. Each has a file here and its view in `causeway-pages`; every one names the right that it takes.

mod account;
mod assets;
mod inbox;
mod live;
pub(super) mod notices;
mod setup;
mod sign_in;

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use causeway_core::rights::Right;

use super::{Web, session};

/// Pages with the rights that they take. A page cannot be added without one.
pub(super) struct Routes {
    web: Web,
    router: Router<Web>,
    access: Vec<(Method, &'static str, Right)>,
}

impl Routes {
    fn new(web: Web) -> Self {
        Self { web, router: Router::new(), access: Vec::new() }
    }

    /// A page to look at.
    pub(super) fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::GET, path, right, axum::routing::get(handler))
    }

    /// A form to send.
    pub(super) fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.add(Method::POST, path, right, axum::routing::post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, right: Right, to: MethodRouter<Web>) -> Self {
        let guarded = to.layer(from_fn_with_state((self.web.clone(), right), session::needs));
        self.router = self.router.route(path, guarded);
        self.access.push((method, path, right));
        self
    }
}

/// Every page behind a sign-in.
fn guarded(web: Web) -> Routes {
    let routes = Routes::new(web);
    let routes = account::routes(routes);
    let routes = inbox::routes(routes);
    live::routes(routes)
}

/// Every page behind a sign-in, with the right that it takes: what the table of rights is asked.
pub(super) fn access(web: Web) -> Vec<(Method, &'static str, Right)> {
    guarded(web).access
}

/// Every page.
pub(super) fn router(web: Web) -> Router<Web> {
    let open = Router::new()
        .route("/", get(sign_in::start))
        .route("/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/sign-out", axum::routing::post(sign_in::leave))
        .route("/enter/{token}", get(sign_in::link).post(sign_in::by_link))
        .route("/join/{token}", get(sign_in::invitation).post(sign_in::join))
        .route("/setup", get(setup::form).post(setup::found))
        .route("/assets/{digest}/{*path}", get(assets::serve));
    open.merge(guarded(web).router)
}
