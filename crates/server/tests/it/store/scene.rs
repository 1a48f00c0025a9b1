//! A small stage for the tests of the store: one of everything, by fixed ids, in as many workspaces as are wanted.

use causeway::args;
use causeway::store::{
    Result, Row, Tx, Value,
    connection::{self, Connection},
    contact, conversation,
    entry::{self, NewEntry},
    intake::Raw,
    integration::{self, Integration, State},
    item::{self, NewItem},
    lane::{self, NewAttempt},
    person::{self, Person},
    source::{self, Source},
    workspace::{self, Member, Workspace},
};
use causeway_core::{
    address::Address,
    channels::RawRequest,
    lane::{HoldReason, Who},
    plan::settings::{ChatSync, Shape},
    record::{EntryKind, Module, RecordRef},
    time::Zone,
    timeline::{Content, Direction, Part},
};

use super::engine::NOW;

/// The workspace of most tests.
pub const HERE: i64 = 1;
/// Another one, whose rows have the same ids wherever the schema lets them.
pub const THERE: i64 = 2;
pub const MEMBER: i64 = 10;
pub const ACCOUNT: i64 = 11;
pub const CONTACT: i64 = 12;
pub const CONVERSATION: i64 = 13;
pub const INTEGRATION: i64 = 14;
/// The connection of [`HERE`]. A connection belongs to one workspace, so its id is known only there.
pub const CONNECTION: i64 = 101;

pub fn connection_of(workspace_id: i64) -> i64 {
    100 + workspace_id
}

/// One of everything in [`HERE`].
pub async fn set(tx: &mut Tx<'_>) -> Result<()> {
    set_in(tx, HERE).await
}

/// One of everything in a workspace: no item, and nothing to write, yet.
pub async fn set_in(tx: &mut Tx<'_>, workspace_id: i64) -> Result<()> {
    workspace::create(tx, &a_workspace(workspace_id), "Asia/Tokyo", NOW).await?;
    workspace::put_member(tx, workspace_id, &a_member(), NOW).await?;
    source::put(tx, &a_source(workspace_id), NOW).await?;
    source::ensure_account(tx, &a_source(workspace_id), "555", Some("Sales"), ACCOUNT, NOW).await?;
    contact::create(tx, workspace_id, CONTACT, NOW).await?;
    contact::give(tx, workspace_id, CONTACT, &[phone("14155550123")], NOW).await?;
    conversation::ensure(tx, workspace_id, ACCOUNT, CONTACT, CONVERSATION, NOW).await?;
    connection::insert(tx, &a_connection(workspace_id), MEMBER, NOW).await?;
    integration::insert(tx, &an_integration(workspace_id), NOW).await
}

pub fn a_workspace(id: i64) -> Workspace {
    let zone = Zone::named("Asia/Tokyo").unwrap();
    Workspace { id, name: format!("Workspace {id}"), zone, region: "JP".parse().ok() }
}

pub fn a_member() -> Member {
    Member {
        id: MEMBER,
        name: "Ann".into(),
        email: "ann@acme.test".into(),
        role: causeway_core::rights::Role::Owner,
    }
}

pub fn a_source(workspace_id: i64) -> Source {
    let key = format!("source-{workspace_id}");
    Source { key, workspace_id, channel: "whatsapp".into(), secrets: b"sealed".to_vec() }
}

pub fn a_connection(workspace_id: i64) -> Connection {
    Connection {
        workspace_id,
        id: connection_of(workspace_id),
        crm: "salesforce".into(),
        environment: "production".into(),
        login_url: "https://login.example".into(),
        instance_url: "https://acme.example".into(),
        version: "v60.0".into(),
        org_id: "00D".into(),
        user_id: "005".into(),
        state: connection::State::Connected,
        detail: String::new(),
        access_token: Some(b"access".to_vec()),
        refresh_token: Some(b"refresh".to_vec()),
        token_revision: 1,
        profile: None,
        profile_at: None,
        usage: None,
        wait_until: None,
        wait_reason: None,
        followed_until: None,
        budget: connection::Budget::default(),
        follow_at: None,
        scopes: vec!["api".into(), "refresh_token".into()],
    }
}

pub fn an_integration(workspace_id: i64) -> Integration {
    Integration {
        workspace_id,
        id: INTEGRATION,
        connection_id: connection_of(workspace_id),
        state: State::Active,
        settings: ChatSync::default(),
        revision: 1,
    }
}

pub fn a_raw(id: i64) -> Raw {
    Raw {
        id,
        workspace_id: HERE,
        source_key: a_source(HERE).key,
        channel: "whatsapp".into(),
        received_at: NOW + id,
        request: RawRequest { headers: vec![("x-id".into(), id.to_string())], body: b"{}".to_vec() },
    }
}

/// A message; its provider id follows from its id.
pub fn an_item(id: i64) -> NewItem {
    NewItem {
        id,
        workspace_id: HERE,
        conversation_id: CONVERSATION,
        account_id: ACCOUNT,
        kind: "message",
        provider_id: format!("wamid.{id}"),
        direction: Direction::In,
        at: NOW,
        position: 0,
        author: Some("Bo".into()),
        content: says("hello"),
        reply_to: None,
        is_history: false,
        intake_id: 1,
        received_at: NOW,
    }
}

pub fn says(text: &str) -> Content {
    Content { parts: vec![Part::Text(text.into())] }
}

/// An entry that is due at once; its key follows from its id.
pub fn an_entry(id: i64) -> NewEntry {
    NewEntry {
        kind: EntryKind::Task,
        workspace_id: HERE,
        id,
        connection_id: CONNECTION,
        integration_id: INTEGRATION,
        conversation_id: CONVERSATION,
        contact_id: Some(CONTACT),
        key: format!("key-{id}"),
        shape: Shape::PerMessage,
        order: (NOW, 0),
        slice: (NOW, NOW),
        due: Ok(NOW),
        is_widened: false,
        is_backfill: false,
    }
}

/// An entry with one message of the same id and order, which it covers.
pub async fn put_entry(tx: &mut Tx<'_>, entry: &NewEntry) -> Result<()> {
    let item = NewItem {
        workspace_id: entry.workspace_id,
        conversation_id: entry.conversation_id,
        at: entry.order.0,
        position: entry.order.1,
        ..an_item(entry.id)
    };
    assert!(item::insert(tx, &item).await?);
    assert!(entry::insert(tx, entry, NOW).await?);
    assert!(entry::cover(tx, entry.workspace_id, entry.integration_id, item.id, entry.id).await?);
    Ok(())
}

/// A first attempt on part 1 of an entry.
pub fn an_attempt(id: i64, entry_id: i64) -> NewAttempt {
    NewAttempt {
        id,
        entry: Some((entry_id, 1)),
        contact_id: None,
        revision: 1,
        action: "create",
        key: format!("key-{entry_id}"),
        on: None,
        crm_at: NOW,
        pieces: [(entry_id, vec![1])].into(),
    }
}

/// An attempt to make a record for a person.
pub fn a_creation(id: i64, contact_id: i64) -> NewAttempt {
    NewAttempt { entry: None, contact_id: Some(contact_id), pieces: [].into(), ..an_attempt(id, 0) }
}

/// Attempts part 1 of an entry, and writes it.
pub async fn write_entry(tx: &mut Tx<'_>, entry_id: i64) -> Result<()> {
    lane::begin(tx, HERE, CONNECTION, &[an_attempt(1000 + entry_id, entry_id)], NOW).await?;
    lane::judge(tx, HERE, 1000 + entry_id, "done", "", NOW).await?;
    lane::part_written(tx, HERE, (entry_id, 1), "00T", "hash", NOW).await?;
    lane::entries_written(tx, HERE, &[(entry_id, 1)], NOW).await
}

pub fn phone(digits: &str) -> Address {
    Address::phone_from_international(digits).unwrap()
}

pub fn a_lead(id: &str) -> RecordRef {
    RecordRef { module: Module::Lead, id: id.into() }
}

pub fn no_record() -> (HoldReason, Who, String) {
    (HoldReason::NoRecord, Who::CrmUser, "nobody has that number".into())
}

pub async fn put_person(tx: &mut Tx<'_>, person: &Person) -> Result<()> {
    let is_kept = person::put_if_unchanged(tx, HERE, CONNECTION, person, NOW).await?;
    assert!(is_kept, "nobody has changed the contact {}", person.contact_id);
    Ok(())
}

/// The person of a contact, as stored.
pub async fn person_of(tx: &mut Tx<'_>, contact_id: i64) -> Result<Option<Person>> {
    Ok(person::of_contacts(tx, CONNECTION, &[contact_id]).await?.remove(&contact_id))
}

/// The one row of a query.
pub async fn ask(tx: &mut Tx<'_>, sql: &str, args: &[Value]) -> Result<Row> {
    Ok(tx.row(sql, args).await?.expect("there is such a row"))
}

/// An entry's row.
pub async fn entry_row(tx: &mut Tx<'_>, id: i64) -> Result<Row> {
    ask(tx, "SELECT * FROM entry WHERE workspace_id = $1 AND id = $2", args![HERE, id]).await
}

/// The state of an entry.
pub async fn entry_state(tx: &mut Tx<'_>, id: i64) -> Result<String> {
    entry_row(tx, id).await?.text("state")
}

/// The ids of the entries that a lane would take now, in their order.
pub async fn due_ids(tx: &mut Tx<'_>, now: i64) -> Result<Vec<i64>> {
    let batch = lane::due(tx, CONNECTION, now, 100).await?;
    Ok(batch.entries.iter().map(|entry| entry.id).collect())
}
