//! Settings: the page that leads to the others, and what each role may do.

mod audit;
mod inboxes;
mod people;
mod tokens;
mod workspace;

use axum::extract::State;
use causeway_core::rights::Right;
use causeway_pages::{Here, settings as view};

use super::{
    super::{
        Web,
        render::{Page, Shown, words},
        session::Visitor,
    },
    Routes,
};

pub(super) fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/settings", Right::Read, overview).get("/settings/roles", Right::Read, roles);
    let routes = workspace::routes(routes);
    let routes = people::routes(routes);
    let routes = inboxes::routes(routes);
    let routes = audit::routes(routes);
    tokens::routes(routes)
}

async fn overview(State(web): State<Web>, visitor: Visitor) -> Shown {
    let content = view::overview(words(), visitor.member.role);
    Ok(Page::new(Here::Settings, &words().say("nav-settings")).around(&web, &visitor, &content).await)
}

async fn roles(State(web): State<Web>, visitor: Visitor) -> Shown {
    let content = view::roles::roles(words(), visitor.member.role);
    Ok(Page::new(Here::Settings, &words().say("settings-roles")).around(&web, &visitor, &content).await)
}
