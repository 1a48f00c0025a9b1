//! The list of conversations.

use axum::extract::{Query, State};
use causeway_core::{channels, plan::wording, timeline::act::STATUSES};
use causeway_pages::{
    Here,
    inbox::{self as view, Choice, Filters, List},
};

use super::{
    super::super::{
        Web,
        render::{self, Page, Shown, words},
        session::Visitor,
    },
    asked::Asked,
    shown,
};
use crate::{
    id,
    store::{
        self, Tx,
        conversation_list::{self, Count, Filter},
        inbox::{self, Inbox},
        source,
        workspace::{self, Member},
    },
};

pub(super) async fn show(State(web): State<Web>, visitor: Visitor, Query(asked): Query<Asked>) -> Shown {
    let open = id::read("cnv", &asked.open);
    let list = read(&web, &visitor, &asked, open).await?;
    let clock = render::clock(&web, &visitor);
    if visitor.wants_fragment {
        return Ok(render::fragment(view::fresh(&clock, &list)));
    }
    let content = view::page(words(), &view::list(&clock, &list), None);
    let title = words().say("nav-inbox");
    Ok(Page::full(Here::Inbox, &title).around(&web, &visitor, &content).await)
}

/// The list as it is asked for, beside the conversation that is open.
pub(super) async fn read(
    web: &Web,
    visitor: &Visitor,
    asked: &Asked,
    open: Option<i64>,
) -> store::Result<List> {
    let (filter, from, workspace_id) = (asked.filter(visitor), asked.cursor(), visitor.workspace_id());
    let found = web.app.db.read(move |tx| {
        Box::pin(async move {
            let page = conversation_list::page(tx, workspace_id, &filter, from).await?;
            let counts = counts(tx, workspace_id, &filter).await?;
            let members = workspace::members(tx, workspace_id).await?;
            let accounts = source::accounts(tx, workspace_id).await?;
            let inboxes = inbox::all(tx, workspace_id).await?;
            Ok((page, counts, members, accounts, inboxes))
        })
    });
    let (page, counts, members, accounts, inboxes) = found.await?;
    let accounts: Vec<(i64, String)> = accounts
        .into_iter()
        .map(|account| {
            let label =
                format!("{} · {}", shown::channel(&account.channel), wording::account_name(&account.display));
            (account.id, label)
        })
        .collect();
    let here = Asked { open: open.map(id::conversation).unwrap_or_default(), ..asked.clone() };
    Ok(List {
        filters: filters(
            asked,
            &counts,
            &choices(asked, visitor, &members),
            &places(asked, &accounts, &inboxes),
        ),
        rows: page.rows.iter().map(|row| shown::row(row, asked, open)).collect(),
        older: page.next.map(|next| Asked { from: next.to_string(), ..asked.first() }.address("/inbox")),
        newest: from.map(|_| asked.first().address("/inbox")),
        address: here.address("/inbox"),
    })
}

/// How many there are of each status, under the same choices. Of a search they are not counted: three more searches
/// for three numbers.
async fn counts(tx: &mut Tx<'_>, workspace_id: i64, filter: &Filter) -> store::Result<Vec<Option<Count>>> {
    if filter.search.is_some() {
        return Ok(vec![None; STATUSES.len()]);
    }
    let mut counts = Vec::with_capacity(STATUSES.len());
    for status in STATUSES {
        let one = Filter { status: Some(*status), ..filter.clone() };
        counts.push(Some(conversation_list::count(tx, workspace_id, &one).await?));
    }
    Ok(counts)
}

fn filters(asked: &Asked, counts: &[Option<Count>], assignees: &[Choice], places: &[Choice]) -> Filters {
    let tab = |word: &str| Asked { status: word.into(), ..asked.first() }.address("/inbox");
    let mut tabs: Vec<_> = STATUSES
        .iter()
        .zip(counts)
        .map(|(status, count)| {
            let shown =
                count.map(|count| format!("{}{}", count.number, if count.is_more { "+" } else { "" }));
            (Some(*status), tab(status.word()), shown.unwrap_or_default())
        })
        .collect();
    tabs.push((None, tab("all"), String::new()));
    let clear = Asked { status: asked.status.clone(), ..Asked::default() };
    Filters {
        tabs,
        status: asked.status(),
        assignees: assignees.to_vec(),
        places: places.to_vec(),
        is_unread: asked.unread == "1",
        search: asked.q.clone(),
        is_narrowed: asked.is_narrowed(),
        clear: clear.address("/inbox"),
    }
}

fn choice(value: &str, label: String, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label, is_chosen: value == chosen }
}

fn choices(asked: &Asked, visitor: &Visitor, members: &[Member]) -> Vec<Choice> {
    let words = words();
    let chosen = asked.assignee.as_str();
    let fixed = [("", "inbox-anybody"), ("me", "inbox-me"), ("nobody", "inbox-nobody")];
    let mut choices: Vec<_> =
        fixed.into_iter().map(|(value, key)| choice(value, words.say(key), chosen)).collect();
    let others = members.iter().filter(|member| member.id != visitor.member.id);
    choices.extend(others.map(|member| choice(&id::member(member.id), member.name.clone(), chosen)));
    choices
}

fn places(asked: &Asked, accounts: &[(i64, String)], inboxes: &[Inbox]) -> Vec<Choice> {
    let chosen = asked.place.as_str();
    let mut choices = vec![choice("", words().say("inbox-anywhere"), chosen)];
    choices.extend(inboxes.iter().map(|inbox| choice(&id::inbox(inbox.id), inbox.name.clone(), chosen)));
    if channels::ALL.len() > 1 {
        let all = channels::ALL.iter();
        choices.extend(all.map(|channel| choice(channel.name(), channel.title().to_owned(), chosen)));
    }
    choices.extend(
        accounts.iter().map(|(account, label)| choice(&id::account(*account), label.clone(), chosen)),
    );
    choices
}
