//! The list of conversations.

use std::collections::HashSet;

use causeway::args;
use causeway::store::{
    Cursor, Db, Dialect, Location, Result, Tx, contact,
    conversation::{self, Spoke},
    conversation_list::{self, Assignee, Conversation, Count, Filter, PAGE, Question},
    inbox,
    item::{self, Change, NewItem},
    source, workspace,
};
use causeway_core::{
    search::Search,
    timeline::{Direction, Status, act::STATUSES},
};

use super::contact_word::many;
use super::engine::{NOW, Place, in_a_transaction, on_both_engines};
use super::scene::{
    self, ACCOUNT, CONTACT, CONVERSATION, HERE, MEMBER, THERE, a_source, an_item, phone, says,
};
use super::statements::read_whole;

in_a_transaction!(
    a_row_shows_who_where_whose_and_what_was_said_last,
    a_group_and_a_stranger_are_called_by_what_is_known,
    a_preview_is_what_was_said_last_as_it_stands_now,
    every_filter_lists_what_it_says_and_counts_the_same,
    every_conversation_is_on_one_page,
    a_search_finds_conversations_of_contacts,
    counting_ends_at_999,
    conversations_of_a_contact_come_latest_first,
);

on_both_engines!(a_search_that_finds_very_many_is_paged);

fn ids(rows: &[Conversation]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

async fn the_one(tx: &mut Tx<'_>) -> Result<Conversation> {
    Ok(conversation_list::find(tx, HERE, CONVERSATION).await?.unwrap())
}

async fn a_row_shows_who_where_whose_and_what_was_said_last(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::rename(tx, HERE, CONTACT, Some("Bo"), Some("bo77"), NOW).await?;
    item::insert(tx, &an_item(1)).await?;
    conversation::touch(tx, HERE, CONVERSATION, NOW + 1, Spoke::Customer).await?;
    conversation::assign(tx, HERE, CONVERSATION, Some(MEMBER)).await?;
    conversation::set_status(tx, HERE, CONVERSATION, Status::Pending).await?;
    let row = the_one(tx).await?;
    let contact = row.contact.as_ref().unwrap();
    assert_eq!((contact.contact_id, contact.name.as_deref()), (CONTACT, Some("Bo")));
    assert_eq!(contact.address, Some(phone("14155550123")));
    assert_eq!((row.account_id, row.channel.as_str(), row.account.as_str()), (ACCOUNT, "whatsapp", "Sales"));
    assert_eq!((row.status, row.assignee.clone()), (Status::Pending, Some((MEMBER, "Ann".into()))));
    assert_eq!((row.unread, row.created_at, row.last_at), (1, NOW, NOW + 1));
    let preview = row.preview.as_ref().unwrap();
    assert_eq!((preview.item_id, preview.kind.as_str(), preview.direction), (1, "message", Direction::In));
    assert_eq!((preview.at, &preview.content, preview.is_revoked), (NOW, &says("hello"), false));
    assert_eq!(conversation_list::page(tx, HERE, &Filter::default(), None).await?.rows, [row]);
    Ok(())
}

async fn a_group_and_a_stranger_are_called_by_what_is_known(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    conversation::ensure_group(tx, HERE, ACCOUNT, ("g", Some("Team")), 50, NOW + 1).await?;
    contact::create(tx, HERE, 99, NOW).await?;
    conversation::ensure(tx, HERE, ACCOUNT, 99, 51, NOW + 2).await?;
    let rows = conversation_list::of_ids(tx, HERE, &[50, 51, CONVERSATION, 1234]).await?;
    assert_eq!(ids(&rows), [50, 51, CONVERSATION]);
    assert_eq!((rows[0].subject.as_deref(), &rows[0].contact), (Some("Team"), &None));
    assert_eq!(rows[1].contact.as_ref().unwrap().address, None);
    assert_eq!(rows[1].preview, None);
    let called = conversation_list::called(tx, HERE, &[CONTACT]).await?;
    assert_eq!((&called[&CONTACT].name, &called[&CONTACT].address), (&None, &Some(phone("14155550123"))));
    Ok(())
}

async fn a_preview_is_what_was_said_last_as_it_stands_now(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    item::insert(tx, &NewItem { at: NOW + 5, content: says("last"), ..an_item(1) }).await?;
    item::insert(tx, &NewItem { at: NOW + 4, content: says("late"), ..an_item(2) }).await?;
    item::insert(tx, &NewItem { at: NOW + 6, kind: "reaction", ..an_item(3) }).await?;
    assert_eq!(the_one(tx).await?.preview.unwrap().content, says("last"));
    let edit = Change {
        workspace_id: HERE,
        account_id: ACCOUNT,
        provider_id: "e".into(),
        target: "wamid.1".into(),
        at: NOW + 7,
        content: Some(says("edited")),
    };
    item::apply_change(tx, &edit, 1).await?;
    assert_eq!(the_one(tx).await?.preview.unwrap().content, says("edited"));
    item::apply_change(tx, &Change { content: None, ..edit }, 1).await?;
    assert!(the_one(tx).await?.preview.unwrap().is_revoked);
    item::insert(tx, &NewItem { at: NOW + 8, kind: "notice", content: says("moved"), ..an_item(4) }).await?;
    assert_eq!(the_one(tx).await?.preview.unwrap().kind, "notice");
    Ok(())
}

/// Accounts 11 and 12 on WhatsApp, 13 on a channel of another name; 12 belongs to inbox 1.
async fn accounts(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    tx.execute("DELETE FROM conversation", args![]).await?;
    source::ensure_account(tx, &a_source(HERE), "556", None, ACCOUNT + 1, NOW).await?;
    let other = source::Source { key: "o".into(), channel: "line".into(), ..a_source(HERE) };
    source::ensure_account(tx, &other, "557", None, ACCOUNT + 2, NOW).await?;
    inbox::put(tx, HERE, &inbox::Inbox { id: 1, name: "Sales".into() }, NOW).await?;
    inbox::give_account(tx, HERE, ACCOUNT + 1, Some(1)).await?;
    let colleague = workspace::Member { id: 20, email: "bo@acme.test".into(), ..scene::a_member() };
    workspace::put_member(tx, HERE, &colleague, NOW).await?;
    Ok(())
}

/// One conversation of every sort, as (id, account, status, assignee, is unread); later ids are later.
async fn one_of_each(tx: &mut Tx<'_>) -> Result<Vec<(i64, i64, Status, Option<i64>, bool)>> {
    accounts(tx).await?;
    let mut all = Vec::new();
    for account in [ACCOUNT, ACCOUNT + 1, ACCOUNT + 2] {
        for status in STATUSES {
            for assignee in [None, Some(MEMBER), Some(20)] {
                for is_unread in [false, true] {
                    let id = 100 + i64::try_from(all.len()).unwrap();
                    contact::create(tx, HERE, id, NOW).await?;
                    contact::rename(tx, HERE, id, Some("Ann"), None, NOW).await?;
                    conversation::ensure(tx, HERE, account, id, id, NOW + id / 3).await?;
                    if is_unread {
                        conversation::touch(tx, HERE, id, NOW, Spoke::Customer).await?;
                    }
                    conversation::assign(tx, HERE, id, assignee).await?;
                    conversation::set_status(tx, HERE, id, *status).await?;
                    all.push((id, account, *status, assignee, is_unread));
                }
            }
        }
    }
    Ok(all)
}

fn places() -> Vec<(conversation_list::Place, Vec<i64>)> {
    use conversation_list::Place;
    vec![
        (Place::Anywhere, vec![ACCOUNT, ACCOUNT + 1, ACCOUNT + 2]),
        (Place::Account(ACCOUNT + 2), vec![ACCOUNT + 2]),
        (Place::Channel("whatsapp".into()), vec![ACCOUNT, ACCOUNT + 1]),
        (Place::Channel("telegraph".into()), vec![]),
        (Place::Inbox(1), vec![ACCOUNT + 1]),
        (Place::Inbox(2), vec![]),
    ]
}

async fn every_filter_lists_what_it_says_and_counts_the_same(tx: &mut Tx<'_>) -> Result<()> {
    let all = one_of_each(tx).await?;
    let searches = [None, Search::read("ann", None), Search::read("bo", None)];
    for status in [None, Some(Status::Open), Some(Status::Pending), Some(Status::Closed)] {
        for assignee in [Assignee::Any, Assignee::Nobody, Assignee::Member(MEMBER)] {
            for (place, accounts) in places() {
                for is_unread in [false, true] {
                    for search in &searches {
                        let (place, search) = (place.clone(), search.clone());
                        let nobody = search == searches[2];
                        let filter = Filter { status, assignee, place, is_unread, search };
                        let fits = |row: &&(i64, i64, Status, Option<i64>, bool)| {
                            let (_, account, stands, whose, unread) = **row;
                            let is_theirs = match assignee {
                                Assignee::Any => true,
                                Assignee::Nobody => whose.is_none(),
                                Assignee::Member(id) => whose == Some(id),
                            };
                            let is_wanted = unread || !is_unread;
                            status.is_none_or(|status| status == stands)
                                && accounts.contains(&account)
                                && is_theirs
                                && is_wanted
                                && !nobody
                        };
                        let mut expected: Vec<i64> = all.iter().filter(fits).map(|row| row.0).collect();
                        expected.reverse();
                        let count = conversation_list::count(tx, HERE, &filter).await?;
                        let number = i64::try_from(expected.len()).unwrap();
                        assert_eq!(count, Count { number, is_more: false }, "{filter:?}");
                        expected.truncate(PAGE);
                        let page = conversation_list::page(tx, HERE, &filter, None).await?;
                        assert_eq!(ids(&page.rows), expected, "{filter:?}");
                    }
                }
            }
        }
    }
    Ok(())
}

async fn every_conversation_is_on_one_page(tx: &mut Tx<'_>) -> Result<()> {
    let mut expected: Vec<i64> = one_of_each(tx).await?.iter().map(|row| row.0).collect();
    expected.reverse();
    assert!(expected.len() > PAGE);
    let first = conversation_list::page(tx, HERE, &Filter::default(), None).await?;
    // What comes meanwhile stands before the first page, not on the second.
    conversation::touch(tx, HERE, first.rows[9].id, NOW + 9_000, Spoke::Customer).await?;
    let second = conversation_list::page(tx, HERE, &Filter::default(), first.next).await?;
    assert_eq!(second.next, None);
    assert_eq!([ids(&first.rows), ids(&second.rows)].concat(), expected);
    Ok(())
}

async fn a_search_finds_conversations_of_contacts(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::rename(tx, HERE, CONTACT, Some("José García"), None, NOW).await?;
    conversation::ensure(tx, HERE, ACCOUNT + 1, CONTACT, 88, NOW + 1).await?;
    source::ensure_account(tx, &a_source(HERE), "556", None, ACCOUNT + 1, NOW).await?;
    for (text, found) in [
        ("garcia jose", vec![88, CONVERSATION]),
        ("0123", vec![88, CONVERSATION]),
        ("415 555", vec![88, CONVERSATION]),
        ("garcia ann", vec![]),
        ("!", vec![]),
    ] {
        let filter = Filter { search: Search::read(text, None), ..Filter::default() };
        assert_eq!(ids(&conversation_list::page(tx, HERE, &filter, None).await?.rows), found, "{text}");
        assert!(conversation_list::page(tx, THERE, &filter, None).await?.rows.is_empty());
    }
    Ok(())
}

async fn counting_ends_at_999(tx: &mut Tx<'_>) -> Result<()> {
    for id in 0..=1_001 {
        if id >= 999 {
            let count = conversation_list::count(tx, HERE, &Filter::default()).await?;
            assert_eq!(count, Count { number: 999, is_more: id > 999 }, "{id}");
        }
        conversation::ensure(tx, HERE, ACCOUNT, id, id, NOW).await?;
    }
    Ok(())
}

async fn conversations_of_a_contact_come_latest_first(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    source::ensure_account(tx, &a_source(HERE), "556", None, ACCOUNT + 1, NOW).await?;
    conversation::ensure(tx, HERE, ACCOUNT + 1, CONTACT, 88, NOW + 1).await?;
    assert_eq!(ids(&conversation_list::of_contact(tx, HERE, CONTACT).await?), [88, CONVERSATION]);
    assert!(conversation_list::of_contact(tx, HERE, 99).await?.is_empty());
    Ok(())
}

/// Conversation and contact of every fiftieth word of [`many`].
async fn talk(db: &Db) {
    let made = "INSERT INTO conversation (workspace_id, id, account_id, contact_id, status, created_at, last_at) \
                SELECT workspace_id, contact_id, 11, contact_id, 'open', $1, $1 FROM contact_word \
                WHERE word = 'ann' AND contact_id % 50 = 0";
    db.write(move |tx| {
        Box::pin(async move {
            source::ensure_account(tx, &a_source(HERE), "555", None, ACCOUNT, NOW).await?;
            tx.execute(made, args![NOW]).await
        })
    })
    .await
    .unwrap();
}

async fn a_search_that_finds_very_many_is_paged(place: Place) {
    let db = place.open().await.unwrap();
    many(&db, 12_000).await;
    talk(&db).await;
    let pages = db.read(|tx| {
        Box::pin(async move {
            let filter = Filter { search: Search::read("ann", None), ..Filter::default() };
            let first = conversation_list::page(tx, HERE, &filter, None).await?;
            let second = conversation_list::page(tx, HERE, &filter, first.next).await?;
            let count = conversation_list::count(tx, HERE, &filter).await?;
            Ok((ids(&first.rows), ids(&second.rows), count.number))
        })
    });
    let (first, second, count) = pages.await.unwrap();
    let expected: Vec<i64> = (1..=240).rev().map(|n| n * 50).collect();
    assert_eq!([first, second].concat(), expected[..100]);
    assert_eq!(count, 240);
}

/// Every way in which the statement is put together.
fn questions(dialect: Dialect) -> Vec<Question> {
    let mut all = Vec::new();
    let terms = Search::read("ann 0901", None).unwrap().terms;
    for statuses in [vec![Status::Open], STATUSES.to_vec()] {
        for assignee in [Assignee::Any, Assignee::Nobody, Assignee::Member(MEMBER)] {
            for accounts in [None, Some(vec![ACCOUNT]), Some(vec![11, 12]), Some((0..200).collect())] {
                for is_unread in [false, true] {
                    for (contacts, terms) in
                        [(None, vec![]), (Some(vec![CONTACT]), vec![]), (None, terms.clone())]
                    {
                        all.push(Question {
                            dialect,
                            workspace_id: HERE,
                            statuses: statuses.clone(),
                            assignee,
                            accounts: accounts.clone(),
                            is_unread,
                            contacts,
                            terms,
                            from: Cursor::START,
                            most: PAGE + 1,
                        });
                    }
                }
            }
        }
    }
    all
}

#[tokio::test]
async fn whatever_is_asked_no_table_is_read_whole_and_no_stream_is_sorted() {
    let place = Place::sqlite();
    drop(place.open().await.unwrap());
    let Location::Sqlite(path) = place.location() else { unreachable!() };
    let connection = rusqlite::Connection::open(path).unwrap();
    for question in questions(Dialect::Sqlite) {
        for (sql, _) in [question.statement(), question.counting()] {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut steps = plan.raw_query();
            let mut streams = HashSet::new();
            while let Some(step) = steps.next().unwrap() {
                let (id, parent): (i64, i64) = (step.get("id").unwrap(), step.get("parent").unwrap());
                let step: String = step.get("detail").unwrap();
                assert_eq!(read_whole(&step, &sql), None, "{step}: {sql}");
                if step.starts_with("CO-ROUTINE s") {
                    streams.insert(id);
                }
                // What is merged at last is a page of each stream; a stream itself has the order of its index.
                let is_sorted = step.contains("TEMP B-TREE") && streams.contains(&parent);
                assert!(!is_sorted, "{step}: {sql}");
                let is_in_order = question.contacts.is_some() || !step.starts_with("SEARCH c ");
                assert!(is_in_order || step.ends_with("AND (last_at,id)<(?,?))"), "{step}: {sql}");
            }
            let is_walked = question.contacts.is_none();
            assert_eq!(streams.is_empty(), !is_walked, "the plan of the streams was not found: {sql}");
        }
    }
}

#[tokio::test]
async fn postgres_understands_whatever_is_asked() {
    let place = Place::postgres().await;
    drop(place.open().await.unwrap());
    let Location::Postgres(url) = place.location() else { unreachable!() };
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    for question in questions(Dialect::Postgres) {
        for (sql, args) in [question.statement(), question.counting()] {
            let statement = client.prepare(&sql).await.unwrap_or_else(|error| panic!("{error:?}: {sql}"));
            assert_eq!(statement.params().len(), args.len(), "{sql}");
            for kind in statement.params() {
                assert!(["int8", "text"].contains(&kind.name()), "{kind}: {sql}");
            }
        }
    }
}
