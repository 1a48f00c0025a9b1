//! The first page of the integrations.

use axum::{extract::State, response::Response};
use causeway_core::crm::{self, Crm};
use causeway_pages::{
    Here,
    integrations::{self as view, Catalogue, Offer, Standing},
};

use super::{
    super::super::{
        Web,
        render::{self, Page, Trouble, words},
        session::Visitor,
    },
    standing,
};

pub(super) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Trouble> {
    let connections = standing::all(&web, &visitor).await?;
    let clock = render::clock(&web, &visitor);
    if visitor.wants_fragment {
        return Ok(render::fragment(view::connections(&clock, &connections)));
    }
    let offer = |crm: &&dyn Crm| Offer {
        name: crm.name().to_owned(),
        title: crm.title().to_owned(),
        connected: connections
            .iter()
            .filter(|one| one.crm.0 == crm.name() && one.state != Standing::Disconnected)
            .count(),
    };
    let catalogue = Catalogue { offers: crm::ALL.iter().map(offer).collect(), connections };
    let content = view::catalogue(&clock, &catalogue);
    Ok(Page::new(Here::Integrations, &words().say("integrations-title"))
        .around(&web, &visitor, &content)
        .await)
}
