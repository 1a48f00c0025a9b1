//! Many at once: every entry of a cause is tried again.

use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect},
};
use causeway_core::lane::Action;
use causeway_pages::{Here, deliveries as view};

use super::{
    super::super::{
        Web,
        render::{Page, Shown, Trouble, words},
        session::Visitor,
    },
    asked::Asked,
};
use crate::{holds, receipts, store::person::word};

/// Asks before much that people deleted or edited in the CRM is written anew.
pub(super) async fn question(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let reason = asked.reason()?.filter(|reason| Action::against(*reason) == Action::Recreate);
    let reason = reason.ok_or(Trouble::Nothing)?;
    let causes = receipts::causes(&web.app, visitor.workspace_id()).await?;
    let cause = causes.iter().find(|cause| cause.reason == reason).ok_or(Trouble::Nothing)?;
    let word = word(&reason);
    let fields = [("cause", word.as_str()), ("recreate", "on")];
    let content = view::question(words(), &word, cause.count, cause.is_more, &fields);
    let title = words().say("recreate-title");
    Ok(Page::new(Here::Deliveries, &title).around(&web, &visitor, &content).await)
}

/// Tries them again, and says how many that were. Without a cause it is not known what is meant.
pub(super) async fn retry(State(web): State<Web>, visitor: Visitor, Form(asked): Form<Asked>) -> Shown {
    let filter = asked.filter()?;
    if filter.reason.is_none() {
        return Err(Trouble::Nothing);
    }
    let who = (visitor.workspace_id(), Some(visitor.member.id));
    let retried = holds::retry_all_by(&web.app, who, filter, asked.recreate == "on").await?;
    let more = if retried.is_more { "&more=true" } else { "" };
    let to = format!("/deliveries?done=retried&count={}{more}", retried.entries);
    Ok(Redirect::to(&to).into_response())
}
