//! Two workspaces never see each other's rows: every function that is told a workspace, called for one workspace,
//! with two that have the same ids throughout.

use causeway::args;
use causeway::store::{
    Result, Row, Tx, Value, api_token, attachment, audit, audit_list, call_count, connection, contact,
    contact_list, contact_word, conversation,
    conversation_list::{self, Filter},
    entry, entry_list, file, inbox, intake, integration, integration_version, item, lane, mail, member, org,
    panel, person, pin, receipt, session, sign_in, source, test_record, thread,
    ticket::{self, Kind},
    workspace,
};
use causeway_core::{
    governor::Purpose,
    lane::{HoldReason, Who},
    media::{FileRules, Trouble},
    panel::{matching::How, settings::PanelSettings},
    record::Module,
    rights::Role,
    search::Search,
    timeline::{Act, Delivery, Poison, Status},
};

use super::complete::{functions, mentions};
use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONTACT, CONVERSATION, HERE, INTEGRATION, MEMBER, THERE, a_creation, a_lead, a_member,
    a_raw, a_source, a_workspace, an_attempt, an_entry, an_integration, an_item, connection_of, phone, says,
};
use super::session::a_session;
use super::ticket::{a_ticket, an_invite};

in_a_transaction!(
    what_is_written_for_one_workspace_leaves_the_other_as_it_was,
    what_is_read_for_one_workspace_is_its_own,
    a_lane_brings_its_own_workspace_only,
);

/// Tables with rows of both workspaces, and what tells their rows apart.
const TABLES: &[&str] = &[
    "workspace",
    "member",
    "api_token",
    "source",
    "account",
    "intake",
    "quarantine",
    "contact",
    "address",
    "conversation",
    "item",
    "item_change",
    "delivery",
    "connection",
    "integration",
    "person",
    "journal",
    "entry",
    "entry_item",
    "entry_part",
    "attempt",
    "call_count",
    "test_record",
    "contact_word",
    "pin",
    "audit",
    "inbox",
    "inbox_member",
    "file",
    "attachment",
    "panel_match",
    "integration_version",
    "session",
    "ticket",
    "mail",
];

/// Everything that the functions write, in one workspace: the same ids wherever it is called.
async fn write_everything(tx: &mut Tx<'_>, here: i64) -> Result<()> {
    let connection_id = connection_of(here);
    scene::set_in(tx, here).await?;
    workspace::put_token(tx, &format!("token {here}"), here, MEMBER, NOW).await?;
    intake::append(tx, &intake::Raw { workspace_id: here, ..a_raw(here) }).await?;
    let poison = Poison { path: "a".into(), reason: "r".into(), raw: "x".into() };
    intake::quarantine(tx, &intake::Raw { workspace_id: here, ..a_raw(here) }, &poison, NOW).await?;
    conversation::ensure_group(tx, here, ACCOUNT, ("g", None), 50, NOW).await?;
    contact::create(tx, here, 60, NOW).await?;
    contact::give(tx, here, 60, &[phone("4930123456")], NOW).await?;
    for id in 1..=3 {
        let new = entry::NewEntry { workspace_id: here, connection_id, ..an_entry(id) };
        scene::put_entry(tx, &new).await?;
    }
    lane::begin(tx, here, connection_id, &[an_attempt(1, 1), a_creation(2, CONTACT)], NOW).await?;
    lane::part_written(tx, here, (2, 1), "00T", "hash", NOW).await?;
    let person = person::Person { contact_id: CONTACT, record: Some(a_lead("00Q")), ..Default::default() };
    person::put(tx, here, connection_id, &person, NOW).await?;
    let gone = person::Person { contact_id: 60, unknown_since: Some(NOW), ..Default::default() };
    person::put(tx, here, connection_id, &gone, NOW).await?;
    let change = person::Change {
        contact_id: 60,
        record: a_lead("00Q"),
        field: "Status".into(),
        before: None,
        after: "Open".into(),
    };
    person::note_change(tx, here, connection_id, 1, &change, NOW).await?;
    item::keep_change(tx, &edit(here), None, NOW).await?;
    let reported = item::Reported { delivery: Delivery::Sent, at: NOW, error: None };
    item::report_delivery(tx, here, ACCOUNT, "m", "", &reported).await?;
    call_count::count(tx, (here, connection_id), 1, Purpose::Message, "write").await?;
    let detail = serde_json::json!({});
    let new = |id| mail::NewMail {
        id,
        member_id: MEMBER,
        kind: "calls_near",
        subject: "con_1".into(),
        detail: detail.clone(),
    };
    mail::put(tx, here, &new(1), NOW).await?;
    mail::put(tx, here, &new(2), NOW).await?;
    integration::save_draft(tx, here, INTEGRATION, &a_draft(1)).await?;
    integration_version::keep(tx, &an_integration(here), Some(MEMBER), NOW).await?;
    test_record::begin(tx, here, 1, connection_id, "marker", Module::Lead, NOW).await?;
    contact::rename(tx, here, CONTACT, Some("Bo Berg"), None, NOW - 1).await?;
    contact_word::refresh(tx, here, CONTACT).await?;
    item::insert_act(tx, &an_act(here)).await?;
    assert!(pin::add(tx, here, CONVERSATION, &a_pin(connection_id)).await?);
    let other = pin::Pin { id: 2, record_id: "500".into(), ..a_pin(connection_id) };
    assert!(pin::add(tx, here, CONVERSATION, &other).await?);
    audit::append(tx, here, &a_line()).await?;
    assert_eq!(file::keep(tx, here, &super::attachment::content(70, "aa"), NOW).await?, 70);
    for id in 1..=5 {
        attachment::put(tx, here, &super::attachment::a_file(id), NOW).await?;
    }
    let turn = super::attachment::TURN;
    // Whoever fetches does so for all.
    attachment::take(tx, NOW, 99, turn).await?;
    attachment::hold(tx, here, (5, turn), (Trouble::NoAccess, "no token")).await?;
    inbox::put(tx, here, &inbox::Inbox { id: 5, name: "Sales".into() }, NOW).await?;
    inbox::put(tx, here, &inbox::Inbox { id: 6, name: "Help".into() }, NOW).await?;
    for id in [5, 6, 7] {
        inbox::put_member(tx, here, id, MEMBER, false).await?;
    }
    assert!(inbox::give_account(tx, here, ACCOUNT, Some(5)).await?);
    let chosen = panel::Chosen { is_on: true, settings: PanelSettings::default(), revision: 0 };
    assert!(panel::choose(tx, here, connection_id, &chosen, None, NOW).await?);
    for contact_id in [70, 71] {
        panel::remember(tx, here, connection_id, contact_id, &a_match("00Q")).await?;
    }
    api_token::make(tx, here, MEMBER, (&format!("export {here}"), "Export"), NOW).await?;
    let in_browser = |name: &str| a_session(here, &format!("{name} {here}"));
    for name in ["one", "other"] {
        assert!(session::begin(tx, &in_browser(name), NOW).await?);
    }
    for (name, kind) in [
        ("invite", an_invite("a@b.test")),
        ("second", an_invite("c@d.test")),
        ("link", Kind::SignIn { member_id: MEMBER }),
    ] {
        ticket::put(tx, &a_ticket(here, &format!("{name} {here}"), kind), NOW).await?;
    }
    Ok(())
}

fn an_act(workspace_id: i64) -> item::NewAct {
    item::NewAct {
        id: 90,
        workspace_id,
        conversation_id: CONVERSATION,
        account_id: ACCOUNT,
        member_id: MEMBER,
        at: NOW + 1,
        act: Act::Status { before: Status::Open, after: Status::Closed },
    }
}

fn a_pin(connection_id: i64) -> pin::Pin {
    pin::Pin {
        id: 1,
        connection_id,
        module: "Opportunity".into(),
        record_id: "006".into(),
        label: "Big deal".into(),
        created_by: MEMBER,
        created_at: NOW,
    }
}

fn a_line() -> audit::NewLine {
    audit::NewLine {
        id: 1,
        at: NOW,
        member_id: Some(MEMBER),
        action: "connection.disconnect",
        subject: "con_1".into(),
        detail: serde_json::json!({}),
    }
}

fn a_match(id: &str) -> panel::Remembered {
    let how = How::Email { address: "a@b.test".into() };
    panel::Remembered { record: a_lead(id), searched: "digest".into(), how, at: NOW }
}

fn a_draft(base: i64) -> integration::Draft {
    integration::Draft { settings: an_integration(HERE).settings, base, by: Some(MEMBER), at: NOW }
}

fn edit(workspace_id: i64) -> item::Change {
    item::Change {
        workspace_id,
        account_id: ACCOUNT,
        provider_id: "e".into(),
        target: "wamid.1".into(),
        at: NOW,
        content: Some(says("edit")),
    }
}

/// Everything that the functions change of it.
async fn change_everything(tx: &mut Tx<'_>, here: i64) -> Result<()> {
    let connection_id = connection_of(here);
    let hold = (HoldReason::DeletedInCrm, Who::Agent, "gone");
    workspace::put_member(tx, here, &workspace::Member { name: "Other".into(), ..a_member() }, NOW).await?;
    assert!(connection::put_rules(tx, here, connection_id, Some(1), Some(2)).await?);
    assert!(!connection::put_rules(tx, here, connection_of(HERE + THERE - here), Some(1), None).await?);
    mail::sent(tx, here, 1, NOW).await?;
    mail::refused(tx, here, 2, "refused", None).await?;
    source::put(tx, &source::Source { secrets: vec![9], ..a_source(here) }, NOW).await?;
    source::set_account_owner(tx, here, ACCOUNT, Some(MEMBER)).await?;
    source::rename(tx, here, &a_source(here).key, "Support").await?;
    let theirs = a_source(HERE + THERE - here).key;
    assert!(!source::rename(tx, here, &theirs, "Mine").await?);
    assert!(!source::remove(tx, here, &theirs).await?);
    intake::concluded(tx, here, intake::Outcome::default(), NOW).await?;
    intake::one_again(tx, here, here).await?;
    assert!(!intake::one_again(tx, here, HERE + THERE - here).await?);
    contact::rename(tx, here, CONTACT, Some("Bo"), Some("bo"), NOW).await?;
    conversation::mark_read(tx, here, CONVERSATION).await?;
    conversation::touch(tx, here, CONVERSATION, NOW + 9, conversation::Spoke::Customer).await?;
    conversation::set_status(tx, here, CONVERSATION, Status::Pending).await?;
    let turn = super::attachment::TURN;
    assert!(attachment::is_in_hand(tx, here, (1, turn)).await?);
    assert!(attachment::kept(tx, here, (1, turn), 70, "image/jpeg").await?);
    attachment::later(tx, here, (2, turn), NOW + 9, "no answer").await?;
    attachment::not_tried(tx, here, (3, turn), NOW + 9, "full").await?;
    attachment::hold(tx, here, (4, turn), (Trouble::Gone, "gone")).await?;
    assert!(attachment::retry(tx, here, 4, NOW).await?);
    assert_eq!(attachment::retry_for_access(tx, here, &a_source(here).key, NOW).await?, 1);
    assert!(pin::remove(tx, here, CONVERSATION, 1).await?);
    workspace::hold(tx, here).await?;
    assert!(workspace::set_file_rules(tx, here, &FileRules::default()).await?);
    let changed = workspace::Workspace { name: "Changed".into(), ..a_workspace(here) };
    assert!(workspace::change(tx, &changed, "UTC").await?);
    assert!(sign_in::put_password(tx, here, MEMBER, "hash").await?);
    assert!(member::set_role(tx, here, MEMBER, Role::Manager).await?);
    let own = api_token::of_member(tx, here, MEMBER).await?;
    assert!(api_token::revoke(tx, here, MEMBER, &own[0].digest).await?);
    assert_eq!(api_token::revoke_all(tx, here, MEMBER).await?, 1);
    api_token::make(tx, here, MEMBER, (&format!("third {here}"), ""), NOW).await?;
    assert_eq!(session::end_all(tx, here, MEMBER, Some("none")).await?, 2);
    assert!(session::begin(tx, &a_session(here, &format!("third {here}")), NOW).await?);
    assert_eq!(ticket::withdraw_links(tx, here, MEMBER).await?, 1);
    let pending = ticket::invitations(tx, here, NOW).await?;
    assert!(ticket::withdraw(tx, here, &pending[0].digest).await?);
    assert!(member::set_active(tx, here, MEMBER, false).await?);
    assert!(member::set_active(tx, here, MEMBER, true).await?);
    assert!(inbox::remove_member(tx, here, 6, MEMBER).await?);
    assert!(inbox::remove(tx, here, 5).await?);
    conversation::assign(tx, here, CONVERSATION, Some(MEMBER)).await?;
    conversation::ensure_group(tx, here, ACCOUNT, ("g", Some("Team")), 51, NOW).await?;
    integration::change(
        tx,
        &integration::Integration { state: integration::State::Paused, ..an_integration(here) },
    )
    .await?;
    integration_version::keep(
        tx,
        &integration::Integration { revision: 2, ..an_integration(here) },
        Some(MEMBER),
        NOW,
    )
    .await?;
    assert!(integration::drop_draft(tx, here, INTEGRATION).await?);
    integration::save_draft(tx, here, INTEGRATION, &a_draft(2)).await?;
    let off = panel::Chosen { is_on: false, settings: PanelSettings::default(), revision: 1 };
    assert!(panel::choose(tx, here, connection_id, &off, None, NOW).await?);
    panel::remember(tx, here, connection_id, 70, &a_match("00R")).await?;
    panel::forget(tx, here, connection_id, 71).await?;
    item::unpark(tx, here, ACCOUNT, "wamid.1", 1).await?;
    item::apply_change(tx, &edit(here), 1).await?;
    item::apply_change(tx, &item::Change { content: None, ..edit(here) }, 1).await?;
    let reported = item::Reported { delivery: Delivery::Read, at: NOW, error: None };
    item::report_delivery(tx, here, ACCOUNT, "m", "", &reported).await?;
    entry::raise(tx, here, 2, (NOW - 5, 0), NOW).await?;
    entry::raise_covering(tx, here, 2, NOW).await?;
    entry::hold(tx, here, 2, hold, false).await?;
    entry::retry(tx, here, 2, true, NOW).await?;
    lane::part_unknown(tx, here, (1, 1), NOW).await?;
    lane::part_looked(tx, here, (1, 1)).await?;
    lane::settle_open(tx, connection_id, NOW).await?;
    assert!(lane::overtaking(tx, here, connection_id, &[1, 2, 3]).await?.is_empty());
    lane::judge(tx, here, 1, "done", "", NOW).await?;
    assert!(lane::judge_done(tx, here, &[1], NOW).await?.is_empty(), "it was judged");
    let written = lane::PartWritten { part: (1, 1), record_id: "00T".into(), hash: "h".into() };
    lane::parts_written(tx, here, &[written], NOW).await?;
    lane::found(tx, here, (1, 1), NOW, NOW).await?;
    lane::part_found(tx, here, (1, 1), "00T").await?;
    lane::part_moved(tx, here, (1, 1)).await?;
    lane::part_absent(tx, here, (1, 1)).await?;
    lane::entry_later(tx, here, 1, NOW + 5, true).await?;
    test_record::left_over(tx, here, connection_id, (0, NOW), 0).await?;
    lane::entries_written(tx, here, &[(1, 1)], NOW).await?;
    test_record::made(tx, here, 1, "00Q").await?;
    test_record::removed(tx, here, 1).await?;
    entry::loosen(tx, here, INTEGRATION).await?;
    contact::merge(tx, here, 60, CONTACT).await?;
    let bare = person::Person { contact_id: CONTACT, ..Default::default() };
    person::put(tx, here, connection_id, &bare, NOW).await?;
    let stored = person::of_contacts(tx, connection_id, &[60]).await?;
    let learned = stored.into_values().next().expect("the contact that it became has it");
    assert!(person::put_if_unchanged(tx, here, connection_id, &learned, NOW + 1).await?);
    Ok(())
}

/// Every row of a workspace, as text.
async fn dump(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for table in TABLES {
        let column = if *table == "workspace" { "id" } else { "workspace_id" };
        let sql = format!("SELECT * FROM {table} WHERE {column} = $1");
        let found: Vec<Row> = tx.rows(&sql, args![workspace_id]).await?;
        assert!(!found.is_empty(), "{table} has nothing to lose");
        let mut texts: Vec<String> = found.iter().map(|row| format!("{table}: {row:?}")).collect();
        texts.sort();
        rows.append(&mut texts);
    }
    Ok(rows)
}

async fn what_is_written_for_one_workspace_leaves_the_other_as_it_was(tx: &mut Tx<'_>) -> Result<()> {
    write_everything(tx, THERE).await?;
    let before = dump(tx, THERE).await?;
    write_everything(tx, HERE).await?;
    assert_eq!(dump(tx, THERE).await?, before);
    let written = dump(tx, HERE).await?;
    change_everything(tx, HERE).await?;
    assert_eq!(dump(tx, THERE).await?, before);
    assert_ne!(dump(tx, HERE).await?, written);
    Ok(())
}

/// With all rows in the other workspace, nothing is there to be read.
async fn what_is_read_for_one_workspace_is_its_own(tx: &mut Tx<'_>) -> Result<()> {
    write_everything(tx, THERE).await?;
    assert!(workspace::members(tx, HERE).await?.is_empty());
    assert!(source::all(tx, HERE).await?.is_empty());
    assert!(source::accounts(tx, HERE).await?.is_empty());
    assert_eq!(intake::waiting(tx, Some(HERE)).await?, 0);
    assert!(intake::quarantined(tx, HERE, 10).await?.is_empty());
    assert_eq!(intake::quarantined_count(tx, HERE).await?, 0);
    assert_eq!(workspace::member(tx, HERE, MEMBER).await?, None);
    assert!(contact::find(tx, HERE, CONTACT).await?.is_none());
    assert!(entry::standing(tx, HERE, 1).await?.is_none());
    assert!(entry::totals(tx, Some(HERE)).await?.is_empty());
    let all = entry_list::Filter::default();
    assert!(entry_list::page(tx, HERE, &all, 10).await?.is_empty());
    assert!(
        entry_list::ids(tx, HERE, &entry_list::Filter { contact_id: Some(CONTACT), ..all }, 10)
            .await?
            .is_empty()
    );
    assert!(entry_list::find(tx, HERE, 1).await?.is_none());
    assert!(entry_list::covered(tx, HERE, 1, 10).await?.is_empty());
    assert_eq!(entry_list::causes(tx, HERE).await?, (vec![], 0));
    assert_eq!(entry_list::waiting(tx, HERE, connection_of(THERE), None).await?, 0);
    assert!(source::named(tx, HERE).await?.is_empty());
    assert!(source::placed(tx, HERE).await?.is_empty());
    assert!(intake::recent(tx, HERE, &a_source(THERE).key, None, 10).await?.is_empty());
    assert!(intake::find(tx, HERE, THERE).await?.is_none());
    assert!(contact::acquaintances(tx, HERE, &[phone("14155550123")]).await?.is_empty());
    assert!(contact::addresses_of(tx, HERE, CONTACT).await?.is_empty());
    assert_eq!(contact::present(tx, HERE, CONTACT).await?, CONTACT);
    assert_eq!(conversation::ensure(tx, HERE, ACCOUNT, CONTACT, 70, NOW).await?, 70);
    assert!(connection::all(tx, Some(HERE)).await?.is_empty());
    assert!(integration::of_workspace(tx, HERE).await?.is_empty());
    assert_eq!(integration::find(tx, HERE, INTEGRATION).await?, None);
    assert_eq!(integration::draft(tx, HERE, INTEGRATION).await?, None);
    assert!(!integration::drop_draft(tx, HERE, INTEGRATION).await?);
    assert!(integration_version::all(tx, HERE, INTEGRATION).await?.is_empty());
    assert_eq!(integration_version::find(tx, HERE, INTEGRATION, 1).await?, None);
    assert!(connection::origins(tx, HERE).await?.is_empty());
    assert!(connection::short(tx, HERE).await?.is_empty());
    assert!(mail::troubles(tx, HERE, 0).await?.is_empty());
    assert!(panel::of_workspace(tx, HERE).await?.is_empty());
    assert_eq!(panel::find(tx, HERE, connection_of(THERE)).await?, None);
    assert_eq!(panel::remembered(tx, HERE, connection_of(THERE), 70).await?, None);
    assert!(!item::is_known(tx, HERE, ACCOUNT, "message", "wamid.1").await?);
    assert_eq!(item::message(tx, HERE, ACCOUNT, "wamid.1").await?, None);
    assert_eq!(item::unpark(tx, HERE, ACCOUNT, "wamid.1", 1).await?, []);
    assert_eq!(entry::of_key(tx, HERE, INTEGRATION, "key-1").await?, None);
    assert!(entry::taking(tx, HERE, INTEGRATION, (CONVERSATION, CONTACT), NOW).await?.is_empty());
    assert!(entry::cover(tx, HERE, INTEGRATION, 1, 1).await?);
    assert!(receipt::messages(tx, Some(HERE), "wamid.1", 1).await?.is_empty());
    assert!(receipt::covering(tx, HERE, 1).await?.is_empty());
    assert!(receipt::parts(tx, HERE, 2).await?.is_empty());
    assert!(receipt::attempts(tx, HERE, 1).await?.is_empty());
    let all = Filter::default();
    // What was just made here has neither account nor name.
    assert!(conversation_list::page(tx, HERE, &all, None).await?.rows.is_empty());
    assert_eq!(conversation_list::count(tx, HERE, &all).await?.number, 1);
    assert_eq!(conversation_list::find(tx, HERE, CONVERSATION).await?, None);
    assert!(conversation_list::of_ids(tx, HERE, &[CONVERSATION]).await?.is_empty());
    assert!(conversation_list::of_contact(tx, HERE, 60).await?.is_empty());
    assert!(conversation_list::called(tx, HERE, &[CONTACT]).await?.is_empty());
    assert_eq!(conversation::standing(tx, HERE, CONVERSATION).await?, None);
    let search = Search::read("bo", None).unwrap();
    assert_eq!(contact_word::find(tx, HERE, &search).await?, contact_word::Found::Few(Vec::new()));
    assert!(contact_list::page(tx, HERE, None, None).await?.rows.is_empty());
    assert!(contact_list::marks(tx, HERE, &[CONTACT]).await?.is_empty());
    assert!(thread::page(tx, HERE, CONVERSATION, None).await?.items.is_empty());
    assert!(thread::items_since(tx, HERE, CONVERSATION, 0).await?.items.is_empty());
    assert!(thread::of_ids(tx, HERE, CONVERSATION, &[1]).await?.is_empty());
    assert!(attachment::of_items(tx, HERE, "[30]").await?.is_empty());
    assert_eq!(attachment::find(tx, HERE, 1).await?, None);
    assert!(pin::of_conversation(tx, HERE, CONVERSATION).await?.is_empty());
    assert!(pin::of_contact(tx, HERE, CONTACT).await?.is_empty());
    assert!(org::of_workspace(tx, HERE).await?.is_empty());
    assert!(audit::page(tx, HERE, None).await?.rows.is_empty());
    assert!(inbox::all(tx, HERE).await?.is_empty());
    assert_eq!(inbox::find(tx, HERE, 5).await?, None);
    assert!(inbox::members(tx, HERE, 5).await?.is_empty());
    assert!(inbox::of_accounts(tx, HERE).await?.is_empty());
    assert!(member::all(tx, HERE).await?.is_empty());
    assert_eq!(member::find(tx, HERE, MEMBER).await?, None);
    assert_eq!(member::of_email(tx, HERE, &a_member().email).await?, None);
    assert_eq!(member::owners(tx, HERE).await?, 0);
    assert!(api_token::of_member(tx, HERE, MEMBER).await?.is_empty());
    assert!(session::of_member(tx, HERE, MEMBER).await?.is_empty());
    assert!(ticket::invitations(tx, HERE, NOW).await?.is_empty());
    assert_eq!(sign_in::password_of(tx, HERE, MEMBER).await?, None);
    assert!(audit_list::page(tx, HERE, &audit_list::Wanted::default(), None).await?.rows.is_empty());
    assert!(audit_list::actions(tx, HERE).await?.is_empty());
    assert!(item::insert(tx, &an_item(1)).await?);
    Ok(())
}

/// A waiting entry, an item, a name of the other workspace are none of this one's, whatever their ids.
async fn a_lane_brings_its_own_workspace_only(tx: &mut Tx<'_>) -> Result<()> {
    write_everything(tx, HERE).await?;
    let alone = lane::due(tx, connection_of(HERE), NOW, 10).await?;
    write_everything(tx, THERE).await?;
    contact::rename(tx, THERE, CONTACT, Some("Stranger"), None, NOW).await?;
    contact::give(tx, THERE, CONTACT, &[phone("4930999999")], NOW).await?;
    conversation::assign(tx, THERE, CONVERSATION, Some(MEMBER)).await?;
    item::apply_change(tx, &edit(THERE), 1).await?;
    lane::part_written(tx, THERE, (1, 1), "00X", "hash", NOW).await?;
    let later: &[Value] = args![THERE, NOW + 9];
    tx.execute("UPDATE entry SET due_at = $2, at = 0 WHERE workspace_id = $1", later).await?;
    assert_eq!(alone.entries.len(), 3);
    assert_eq!(lane::due(tx, connection_of(HERE), NOW, 10).await?, alone);
    Ok(())
}

#[test]
fn every_function_that_is_told_a_workspace_is_called_here() {
    let here = include_str!("isolation.rs");
    let told = functions().into_iter().filter(|function| function.parameters.contains("workspace_id"));
    let missing: Vec<String> =
        told.map(|function| function.name).filter(|name| !mentions(here, name)).collect();
    assert!(missing.is_empty(), "call these for one workspace and see that the other stays: {missing:?}");
}
