//! Help, made of what the program can do.

use axum::extract::{Path, State};
use causeway_core::{crm, lane::HOLD_REASONS, panel::settings::PanelSettings, plan::wording, rights::Right};
use causeway_pages::{
    Here,
    help::{self as view, Able, Topic},
};

use super::super::{
    Web,
    access::Routes,
    render::{Page, Shown, Trouble, sentence, words},
    session::Visitor,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/help", Right::Read, overview).get("/help/{topic}", Right::Read, show)
}

async fn overview(State(web): State<Web>, visitor: Visitor) -> Shown {
    let title = words().say("help-title");
    Ok(Page::new(Here::Elsewhere, &title).around(&web, &visitor, &view::overview(words())).await)
}

async fn show(State(web): State<Web>, visitor: Visitor, Path(topic): Path<String>) -> Shown {
    let topic = Topic::named(&topic).ok_or(Trouble::Nothing)?;
    let content = view::topic(words(), topic, &able());
    let title = words().say("help-title");
    Ok(Page::new(Here::Elsewhere, &title).around(&web, &visitor, &content).await)
}

/// What the program can do, asked of the parts that do it.
fn able() -> Able {
    Able {
        crms: crm::ALL.iter().map(|crm| crm.title().to_owned()).collect(),
        cache_seconds: PanelSettings::default().cache_seconds,
        // No call of a panel writes.
        can_edit_fields: false,
        holds: HOLD_REASONS
            .iter()
            .map(|reason| {
                let (because, action) = wording::hold(*reason);
                (sentence(because), sentence(action))
            })
            .collect(),
    }
}
