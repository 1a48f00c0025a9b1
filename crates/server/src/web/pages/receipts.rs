//! The receipt of one message: as a page, and as a sheet beside the message.

use axum::extract::{Path, State};
use causeway_core::rights::Right;
use causeway_pages::{
    Here,
    receipt::{self as view, Acts},
};

use super::{
    super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    Routes, deliveries,
};
use crate::{id, receipts};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/receipts/{message}", Right::Read, show)
}

async fn show(State(web): State<Web>, visitor: Visitor, Path(message): Path<String>) -> Shown {
    let found = receipts::find(&web.app, Some(visitor.workspace_id()), &message).await?;
    let found = found.into_iter().next().ok_or(Trouble::Nothing)?;
    let entries = found.entries.iter().map(|entry| id::entry(*entry)).collect();
    let acts: Acts = deliveries::acts(&visitor, entries, format!("/receipts/{}", found.receipt.message));
    let clock = render::clock(&web, &visitor);
    let card = view::card(&clock, &found.receipt, &acts);
    if visitor.wants_fragment {
        return Ok(render::fragment(view::sheet(&clock, &card)));
    }
    let content = view::page(&clock, &found.receipt.conversation, &card);
    let title = words().say("receipt-title");
    Ok(Page::new(Here::Deliveries, &title).around(&web, &visitor, &content).await)
}
