//! The list and its causes.

use axum::extract::{Query, State};
use causeway_core::{
    lane::{Action, HOLD_REASONS},
    plan::wording,
    receipt,
    rights::Right,
    time::Timestamp,
};
use causeway_pages::{
    Here, args,
    deliveries::{self as view, Act, Chosen, Deliveries, Line},
    part::Tone,
};

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    asked::Asked,
    first_words,
};
use crate::{
    id,
    receipts::{self, Cause, Entry, Place},
    store::{
        connection::{self, Connection},
        contact, entry_list,
        person::word,
        source::{self, Account},
    },
};

/// Entries on a page.
const MOST: i64 = 50;

pub(super) async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let filter = asked.filter()?;
    let workspace_id = visitor.workspace_id();
    let causes = receipts::causes(&web.app, workspace_id).await?;
    let mut entries = receipts::entries(&web.app, workspace_id, filter, MOST + 1).await?;
    let is_more = i64::try_from(entries.len()).is_ok_and(|count| count > MOST);
    entries.truncate(usize::try_from(MOST).unwrap_or(0));
    let older = entries
        .last()
        .filter(|_| is_more)
        .map(|last| Asked { before: id::entry(last.listed.id), ..asked.newest() }.address("/deliveries"));
    let newest = asked.newest();
    let mut deliveries = Deliveries {
        said: said(&asked),
        causes: causes.iter().enumerate().map(|(place, cause)| card(&visitor, place, cause)).collect(),
        states: states(&asked),
        chosen: Chosen { is_narrow: asked.is_narrow(), ..Chosen::default() },
        lines: entries.iter().map(|entry| line(&visitor, &asked, entry)).collect(),
        older,
        newest: (!asked.before.is_empty()).then(|| newest.address("/deliveries")),
        here: Asked { done: String::new(), ..asked.clone() }.address("/deliveries"),
        export: visitor.may(Right::WorkInBulk).then(|| newest.address("/deliveries.csv")),
    };
    if visitor.wants_fragment {
        return Ok(render::fragment(view::parts(&render::clock(&web, &visitor), &deliveries)));
    }
    deliveries.chosen = chosen(&web, workspace_id, &asked).await?;
    let content = view::list(&render::clock(&web, &visitor), &deliveries);
    let title = words().say("deliveries-title");
    Ok(Page::new(Here::Deliveries, &title).around(&web, &visitor, &content).await)
}

/// What was just done, in words.
fn said(asked: &Asked) -> Option<(Tone, String)> {
    let key = match (asked.done.as_str(), asked.count, asked.more) {
        ("retried", 0, _) => return Some((Tone::Plain, words().say("deliveries-retried-none"))),
        ("retried", _, false) => "deliveries-retried",
        ("retried", _, true) => "deliveries-retried-more",
        _ => return None,
    };
    Some((Tone::Good, words().with(key, args!["count" => asked.count])))
}

fn states(asked: &Asked) -> Vec<(String, String, bool)> {
    let all = ["", "held", "due", "checking", "written", "skipped"];
    let tab = |state: &str| {
        // A cause is one of what is held.
        let cause = if matches!(state, "" | "held") { asked.cause.clone() } else { String::new() };
        let address = Asked { state: state.to_owned(), cause, ..asked.newest() }.address("/deliveries");
        let name = if state.is_empty() { "all" } else { state };
        (name.to_owned(), address, asked.state == state)
    };
    all.into_iter().map(tab).collect()
}

/// What can be chosen. People are chosen from where they are.
async fn chosen(web: &Web, workspace_id: i64, asked: &Asked) -> Result<Chosen, render::Trouble> {
    let contact_id = id::read("ctc", &asked.contact);
    let (connections, accounts, name) = web
        .app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let connections = connection::all(tx, Some(workspace_id)).await?;
                let accounts = source::accounts(tx, workspace_id).await?;
                let name = match contact_id {
                    Some(id) => contact::find(tx, workspace_id, id).await?.and_then(|contact| contact.name),
                    None => None,
                };
                Ok((connections, accounts, name))
            })
        })
        .await?;
    let any = |key: &str| (String::new(), words().say(key));
    let causes = HOLD_REASONS.iter().filter(|reason| Action::against(**reason).right() == Some(Right::Work));
    // words: cause-*
    let causes = causes.map(|reason| (word(reason), words().say(&format!("cause-{}", word(reason)))));
    let connection = |one: &Connection| {
        let org = one.profile.as_ref().map_or(&one.org_id, |org| &org.org_name);
        (id::connection(one.id), org.clone())
    };
    let account = |one: &Account| (id::account(one.id), wording::account_name(&one.display));
    let without = Asked { contact: String::new(), ..asked.newest() };
    Ok(Chosen {
        state: asked.state.clone(),
        causes: (asked.cause.clone(), [any("deliveries-any-cause")].into_iter().chain(causes).collect()),
        connections: (
            asked.connection.clone(),
            [any("deliveries-any-connection")]
                .into_iter()
                .chain(connections.iter().map(connection))
                .collect(),
        ),
        accounts: (
            asked.account.clone(),
            [any("deliveries-any-account")].into_iter().chain(accounts.iter().map(account)).collect(),
        ),
        contact: (!asked.contact.is_empty()).then(|| {
            let name = name.unwrap_or_else(|| asked.contact.clone());
            (asked.contact.clone(), name, without.address("/deliveries"))
        }),
        is_narrow: asked.is_narrow(),
    })
}

fn card(visitor: &Visitor, place: usize, cause: &Cause) -> view::Cause {
    let (because, advice) = wording::hold(cause.reason);
    let action = Action::against(cause.reason).in_bulk();
    let reason = word(&cause.reason);
    let narrowed = match &cause.place {
        Place::Entries => Asked { state: "held".into(), cause: reason.clone(), ..Asked::default() },
        Place::Connection { id, .. } | Place::Integration { connection_id: id, .. } => {
            Asked { state: "due".into(), connection: id::connection(*id), ..Asked::default() }
        }
    };
    let act = match action {
        Action::Retry if visitor.may(Right::WorkInBulk) => {
            Act::Form("/deliveries/retry".into(), action.word(), vec![("cause", reason)])
        }
        Action::Recreate if visitor.may(Right::WorkInBulk) => {
            Act::Page(narrowed.address("/deliveries/recreate"), action.word())
        }
        Action::Reconnect | Action::Resume if visitor.may(Right::ConnectSync) => {
            Act::Page("/integrations".into(), action.word())
        }
        _ => Act::Nothing,
    };
    view::Cause {
        reason: word(&cause.reason),
        id: format!("cause-{place}"),
        org: match &cause.place {
            Place::Entries => None,
            Place::Connection { org, .. } | Place::Integration { org, .. } => Some(org.clone()),
        },
        because,
        who: wording::who(cause.who),
        advice,
        count: cause.count,
        is_more: cause.is_more,
        until: cause.until,
        see: narrowed.address("/deliveries"),
        act,
        is_grave: matches!(cause.place, Place::Connection { .. }) && action == Action::Reconnect,
    }
}

fn line(visitor: &Visitor, asked: &Asked, entry: &Entry) -> Line {
    let listed = &entry.listed;
    let name = listed.name.clone().unwrap_or_else(|| words().say("deliveries-nameless"));
    let waits =
        matches!(entry.state, receipt::State::Received | receipt::State::Matched | receipt::State::Checking);
    Line {
        id: id::entry(listed.id),
        state: entry.state,
        sentence: entry.sentence.clone(),
        who: entry.held.as_ref().map(|held| wording::who(held.who)),
        act: entry.held.as_ref().map_or(Act::Nothing, |held| act(visitor, asked, listed, held.reason)),
        name,
        contact: listed.contact_id.map(|contact| format!("/contacts/{}", id::contact(contact))),
        chat: format!("/inbox/{}", id::conversation(listed.conversation_id)),
        words: listed.first.as_ref().map(first_words).unwrap_or_default(),
        messages: listed.messages,
        at: Timestamp(listed.at),
        tries: listed.tries,
        due_at: waits.then_some(Timestamp(listed.due_at)),
        record: entry.written.first().map(|part| part.url.clone()),
        org: format!("{} {}", entry.crm, entry.org),
    }
}

fn act(
    visitor: &Visitor,
    asked: &Asked,
    listed: &entry_list::Listed,
    reason: causeway_core::lane::HoldReason,
) -> Act {
    let action = Action::against(reason);
    if !action.right().is_some_and(|right| visitor.may(right)) {
        return Act::Nothing;
    }
    let entry = id::entry(listed.id);
    match action {
        Action::Link => Act::Page(format!("/deliveries/{entry}#link"), action.word()),
        Action::Retry | Action::Recreate => {
            let mut fields = vec![("back", asked.address("/deliveries"))];
            if action == Action::Recreate {
                fields.push(("recreate", "on".into()));
            }
            Act::Form(format!("/deliveries/{entry}/retry"), action.word(), fields)
        }
        Action::Reconnect | Action::Resume => Act::Page("/integrations".into(), action.word()),
        Action::Wait => Act::Nothing,
    }
}
