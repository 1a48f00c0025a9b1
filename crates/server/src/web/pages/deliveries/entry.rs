//! One entry: its receipt, and what can be done about it.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect},
};
use causeway_core::{
    crm,
    governor::wording::WIDENED,
    lane::Action,
    receipt::{Delivery, State as Stands},
    record::{Module, RecordRef},
    rights::Right,
    time::Timestamp,
    timeline::Direction,
};
use causeway_pages::{
    Here, args,
    deliveries::entry::{self as view, Covered, Link},
    part::Tone,
};
use serde::Deserialize;

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, Trouble, words},
        session::Visitor,
    },
    acts, said,
};
use crate::{
    holds::{self, LinkWish, WishRefused},
    id,
    panel::{self, PointerRefused},
    receipts::{self, Whole},
};

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entry): Path<String>,
    Query(done): Query<Done>,
) -> Shown {
    let said = match done.done.as_str() {
        "retried" => Some((Tone::Good, words().say("entry-retried"))),
        "linked" => Some((Tone::Good, words().say("entry-linked"))),
        "not-held" => Some((Tone::Plain, words().say("entry-not-held"))),
        _ => None,
    };
    let whole = find(&web, &visitor, &entry).await?;
    page(&web, &visitor, &whole, StatusCode::OK, said, Link::default()).await
}

async fn find(web: &Web, visitor: &Visitor, entry: &str) -> Result<Whole, Trouble> {
    let entry_id = id::read("ent", entry).ok_or(Trouble::Nothing)?;
    receipts::entry(&web.app, visitor.workspace_id(), entry_id).await?.ok_or(Trouble::Nothing)
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    whole: &Whole,
    status: StatusCode,
    said: Option<(Tone, String)>,
    link: Link,
) -> Shown {
    let listed = &whole.entry.listed;
    let entry_id = id::entry(listed.id);
    let name = listed.name.clone().unwrap_or_else(|| words().say("deliveries-nameless"));
    let contact = listed.contact_id.map(|contact| format!("/contacts/{}", id::contact(contact)));
    let reason = whole.entry.held.as_ref().map(|held| held.reason);
    let may_link = reason.is_some_and(|reason| Action::against(reason) == Action::Link)
        && listed.contact_id.is_some()
        && visitor.may(Right::Work);
    let modules = if may_link { holds::modules(&web.app, listed.connection_id).await? } else { Vec::new() };
    let first = modules.first().map(|(module, _)| module.name().to_owned()).unwrap_or_default();
    let link = Link {
        module: if link.module.is_empty() { first } else { link.module },
        modules: modules.into_iter().map(|(module, label)| (module.name().to_owned(), label)).collect(),
        ..link
    };
    let content = view::page(
        &render::clock(web, visitor),
        &view::Page {
            said,
            id: &entry_id,
            delivery: &delivery(whole),
            name: &name,
            contact: contact.as_deref(),
            chat: &format!("/inbox/{}", id::conversation(listed.conversation_id)),
            org: &whole.entry.org,
            messages: listed.messages,
            covers: covered(whole),
            tries: listed.tries,
            candidate_urls: &whole.candidate_urls,
            acts: &acts(visitor, vec![entry_id.clone()], format!("/deliveries/{entry_id}")),
            link: may_link.then_some(link),
        },
    );
    if visitor.wants_fragment && status == StatusCode::OK {
        return Ok(render::fragment(content));
    }
    let title = words().with("entry-title", args!["name" => name.as_str()]);
    Ok(Page::new(Here::Deliveries, &title).with(status).around(web, visitor, &content).await)
}

fn covered(whole: &Whole) -> Vec<Covered> {
    let one = |first: &crate::store::entry_list::First| Covered {
        id: id::message(first.item_id),
        words: said(first),
        at: Timestamp(first.at),
        is_in: first.direction == Direction::In,
    };
    whole.messages.iter().map(one).collect()
}

/// As a receipt says it.
fn delivery(whole: &Whole) -> Delivery {
    let entry = &whole.entry;
    let waits = matches!(entry.state, Stands::Received | Stands::Matched | Stands::Checking);
    Delivery {
        integration: id::integration(entry.listed.integration_id),
        crm: entry.crm.clone(),
        state: entry.state,
        sentence: entry.sentence.clone(),
        person: entry.listed.person.clone(),
        person_url: entry.person_url.clone(),
        trace: whole.trace.clone(),
        written: entry.written.clone(),
        held: entry.held.clone(),
        grouped_because: entry.listed.is_widened.then(|| WIDENED.to_owned()),
        due_at: waits.then_some(Timestamp(entry.listed.due_at)),
        attempts: whole.attempts.clone(),
    }
}

#[derive(Deserialize)]
pub(super) struct Retry {
    #[serde(default)]
    recreate: String,
    #[serde(default)]
    back: String,
}

/// Lets it be tried again. Whoever comes too late is told that it no longer waits.
pub(super) async fn retry(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entry): Path<String>,
    Form(wish): Form<Retry>,
) -> Shown {
    let entry_id = id::read("ent", &entry).ok_or(Trouble::Nothing)?;
    let done = holds::retry_entry(&web.app, visitor.workspace_id(), entry_id, wish.recreate == "on").await;
    let code = match done {
        Ok(()) => "retried",
        Err(WishRefused::NotHeld) => "not-held",
        Err(WishRefused::Store(error)) => return Err(error.into()),
        Err(_) => return Err(Trouble::Nothing),
    };
    let to = back(&wish.back).map_or_else(
        || format!("/deliveries/{entry}?done={code}"),
        |back| {
            let joint = if back.contains('?') { '&' } else { '?' };
            format!("{back}{joint}done={code}&count=1")
        },
    );
    Ok(Redirect::to(&to).into_response())
}

/// An address of ours to lead back to.
fn back(address: &str) -> Option<&str> {
    let is_ours =
        ["/deliveries", "/receipts/", "/inbox/", "/contacts/"].iter().any(|page| address.starts_with(page));
    (is_ours && !address.contains(['\r', '\n', '\\'])).then_some(address)
}

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    module: String,
    #[serde(default)]
    record: String,
}

/// Links the person to a record by hand. What is wrong with it is said at the field, and what was typed stays.
pub(super) async fn link(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entry): Path<String>,
    Form(wish): Form<Wish>,
) -> Shown {
    let whole = find(&web, &visitor, &entry).await?;
    let contact_id = whole.entry.listed.contact_id.ok_or(Trouble::Nothing)?;
    let error = if wish.record.trim().is_empty() {
        words().say("link-record-empty")
    } else {
        match linked(&web, &visitor, &whole, contact_id, &wish).await {
            Ok(()) => return Ok(Redirect::to(&format!("/deliveries/{entry}?done=linked")).into_response()),
            Err(PointerRefused::Store(error) | PointerRefused::Wish(WishRefused::Store(error))) => {
                return Err(error.into());
            }
            Err(refused) => refused.to_string(),
        }
    };
    let link = Link { module: wish.module, record: wish.record, error: Some(error), ..Link::default() };
    page(&web, &visitor, &whole, StatusCode::UNPROCESSABLE_ENTITY, None, link).await
}

/// Links to the record that was named. Its address tells of which kind it is; a bare id that does not is of the kind
/// that was chosen.
async fn linked(
    web: &Web,
    visitor: &Visitor,
    whole: &Whole,
    contact_id: i64,
    wish: &Wish,
) -> Result<(), PointerRefused> {
    let (workspace_id, connection_id) = (visitor.workspace_id(), whole.entry.listed.connection_id);
    let chosen = wish.module.parse().unwrap_or(Module::Contact);
    let record = match panel::point(&web.app, workspace_id, connection_id, &wish.record).await {
        Ok((org, pointer)) => {
            let told = crm::named(&org.crm).and_then(|crm| crm.module_named(&pointer.kind));
            RecordRef { module: told.unwrap_or(chosen), id: pointer.id }
        }
        // The CRM says what it makes of it.
        Err(PointerRefused::NoRecord) => RecordRef { module: chosen, id: wish.record.trim().to_owned() },
        Err(refused) => return Err(refused),
    };
    let wish = LinkWish { contact_id, connection_id, record };
    holds::link(&web.app, workspace_id, &visitor.member, wish).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_a_page_of_ours_only() {
        assert_eq!(back("/receipts/msg_1"), Some("/receipts/msg_1"));
        for bad in ["//evil.example", "https://evil.example", "", "/sign-out", "/inbox/\r\nx"] {
            assert_eq!(back(bad), None, "{bad:?}");
        }
    }
}
