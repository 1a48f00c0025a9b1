//! The pages. Each has a file here and its view in `causeway-pages`; every one names the right that it takes.

mod account;
mod assets;
mod channels;
mod chat_sync;
mod contacts;
mod deed;
mod deliveries;
mod help;
mod inbox;
mod integrations;
mod live;
pub(super) mod notices;
mod panel;
mod receipts;
mod settings;
mod setup;
mod sign_in;

use axum::{Router, http::Method, routing::get};
use causeway_core::rights::Right;

use super::{Web, access::Routes, render};

/// Every page behind a sign-in.
fn guarded(web: Web) -> Routes {
    let routes = Routes::pages(web);
    let routes = account::routes(routes);
    let routes = contacts::routes(routes);
    let routes = help::routes(routes);
    let routes = panel::routes(routes);
    let routes = inbox::routes(routes);
    let routes = channels::routes(routes);
    let routes = deliveries::routes(routes);
    let routes = notices::routes(routes);
    let routes = receipts::routes(routes);
    let routes = settings::routes(routes);
    let routes = integrations::routes(routes);
    let routes = chat_sync::routes(routes);
    live::routes(routes)
}

/// Every page behind a sign-in, with the right that it takes: what the table of rights is asked.
pub(super) fn access(web: Web) -> Vec<(Method, &'static str, Right)> {
    guarded(web).into_access()
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
    open.merge(guarded(web).into_router()).method_not_allowed_fallback(render::nothing_to_see)
}
