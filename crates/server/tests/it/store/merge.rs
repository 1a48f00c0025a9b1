//! Two contacts become one.

use causeway::args;
use causeway::store::{Result, Tx, contact, conversation, entry, lane, person, person::Person};

use super::engine::{NOW, in_a_transaction};
use super::scene::{
    self, ACCOUNT, CONNECTION, CONTACT, HERE, a_creation, a_lead, an_entry, no_record, person_of, phone,
    put_person,
};

in_a_transaction!(
    everything_passes_over,
    a_name_passes_over_only_where_there_is_none,
    a_contact_merged_with_itself_stays_as_it_is,
    an_absorbed_contact_is_followed_to_the_one_it_became,
    the_link_of_the_one_that_stays_wins,
    a_link_that_only_the_absorbed_has_passes_over,
    a_creation_whose_answer_was_lost_is_not_forgotten,
    what_was_held_with_the_absorbed_goes_on,
    what_was_held_for_want_of_the_link_goes_on,
    what_is_held_with_the_one_that_stays_stays_held,
    what_a_lane_learned_of_an_absorbed_contact_reaches_the_one_it_became,
    what_a_lane_learned_of_an_absorbed_contact_does_not_unseat_a_link,
);

const GONE: i64 = 99;
const THEIRS: i64 = 98;

/// Two contacts, each with an address, a conversation and a due entry.
async fn two(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::create(tx, HERE, GONE, NOW).await?;
    contact::give(tx, HERE, GONE, &[phone("4930123456")], NOW).await?;
    conversation::ensure(tx, HERE, ACCOUNT, GONE, THEIRS, NOW).await?;
    scene::put_entry(tx, &an_entry(1)).await?;
    let theirs = entry::NewEntry { contact_id: Some(GONE), conversation_id: THEIRS, ..an_entry(2) };
    scene::put_entry(tx, &theirs).await
}

async fn merge(tx: &mut Tx<'_>) -> Result<()> {
    contact::merge(tx, HERE, CONTACT, GONE).await
}

fn held(contact_id: i64) -> Person {
    Person { contact_id, hold: Some(no_record()), ..Person::default() }
}

/// As it stands under the other contact: a lane that goes by what was known of that one notices.
fn passed_over(person: Person) -> Person {
    Person { revision: person.revision + 1, ..person }
}

fn linked(contact_id: i64, id: &str) -> Person {
    Person { contact_id, record: Some(a_lead(id)), ..Person::default() }
}

fn unknown(contact_id: i64, since: i64) -> Person {
    Person { contact_id, unknown_since: Some(since), ..Person::default() }
}

async fn hold_with(tx: &mut Tx<'_>, contact_id: i64) -> Result<()> {
    put_person(tx, &held(contact_id)).await?;
    let (reason, who, detail) = no_record();
    lane::hold_with_person(tx, CONNECTION, contact_id, (reason, who, &detail)).await
}

async fn everything_passes_over(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    put_person(tx, &linked(GONE, "00Q")).await?;
    let change = person::Change {
        contact_id: GONE,
        record: a_lead("00Q"),
        field: "Status".into(),
        before: None,
        after: "Open".into(),
    };
    person::note_change(tx, HERE, CONNECTION, 1, &change, NOW).await?;
    lane::begin(tx, HERE, CONNECTION, &[a_creation(1, GONE)], NOW).await?;
    merge(tx).await?;
    for table in ["address", "conversation", "entry", "person", "journal", "attempt"] {
        let sql = format!("SELECT count(*) AS n FROM {table} WHERE workspace_id = $1 AND contact_id = $2");
        assert_eq!(scene::ask(tx, &sql, args![HERE, GONE]).await?.int("n")?, 0, "{table}");
        assert!(scene::ask(tx, &sql, args![HERE, CONTACT]).await?.int("n")? > 0, "{table}");
    }
    assert_eq!(contact::addresses_of(tx, HERE, CONTACT).await?.len(), 2);
    assert_eq!(scene::due_ids(tx, NOW).await?, [1, 2]);
    Ok(())
}

async fn a_name_passes_over_only_where_there_is_none(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    contact::rename(tx, HERE, CONTACT, Some("Bo"), None, NOW).await?;
    contact::rename(tx, HERE, GONE, Some("B."), Some("bo77"), NOW).await?;
    merge(tx).await?;
    let sql = "SELECT name, username FROM contact WHERE workspace_id = $1 AND id = $2";
    let kept = scene::ask(tx, sql, args![HERE, CONTACT]).await?;
    assert_eq!((kept.text("name")?, kept.text("username")?), ("Bo".into(), "bo77".into()));
    Ok(())
}

async fn a_contact_merged_with_itself_stays_as_it_is(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    put_person(tx, &unknown(CONTACT, NOW)).await?;
    contact::merge(tx, HERE, CONTACT, CONTACT).await?;
    assert_eq!(contact::present(tx, HERE, CONTACT).await?, CONTACT);
    assert_eq!(person_of(tx, CONTACT).await?, Some(unknown(CONTACT, NOW)));
    Ok(())
}

async fn an_absorbed_contact_is_followed_to_the_one_it_became(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    contact::create(tx, HERE, 97, NOW).await?;
    contact::merge(tx, HERE, GONE, 97).await?;
    merge(tx).await?;
    assert_eq!(contact::present(tx, HERE, 97).await?, CONTACT);
    assert_eq!(contact::present(tx, HERE, 1234).await?, 1234);
    // Even if one is kept that was absorbed before, the way ends.
    contact::merge(tx, HERE, GONE, CONTACT).await?;
    assert_eq!(contact::present(tx, HERE, CONTACT).await?, GONE);
    assert_eq!(contact::present(tx, HERE, GONE).await?, GONE);
    Ok(())
}

async fn the_link_of_the_one_that_stays_wins(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    put_person(tx, &linked(CONTACT, "kept")).await?;
    put_person(tx, &linked(GONE, "gone")).await?;
    merge(tx).await?;
    assert_eq!(person_of(tx, CONTACT).await?.unwrap().record, Some(a_lead("kept")));
    assert_eq!(person_of(tx, GONE).await?, None);
    Ok(())
}

async fn a_link_that_only_the_absorbed_has_passes_over(tx: &mut Tx<'_>) -> Result<()> {
    for kept in [held(CONTACT), unknown(CONTACT, NOW), Person { contact_id: CONTACT, ..Person::default() }] {
        tx.execute("DELETE FROM person", args![]).await?;
        put_person(tx, &kept).await?;
        put_person(tx, &linked(GONE, "gone")).await?;
        merge(tx).await?;
        assert_eq!(person_of(tx, CONTACT).await?, Some(passed_over(linked(CONTACT, "gone"))), "{kept:?}");
    }
    Ok(())
}

async fn a_creation_whose_answer_was_lost_is_not_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    put_person(tx, &unknown(GONE, NOW)).await?;
    merge(tx).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(passed_over(unknown(CONTACT, NOW))));
    tx.execute("DELETE FROM person", args![]).await?;
    put_person(tx, &held(CONTACT)).await?;
    put_person(tx, &unknown(GONE, NOW + 1)).await?;
    merge(tx).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(passed_over(unknown(CONTACT, NOW + 1))));
    Ok(())
}

async fn what_was_held_with_the_absorbed_goes_on(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    hold_with(tx, GONE).await?;
    put_person(tx, &linked(CONTACT, "kept")).await?;
    assert_eq!(scene::due_ids(tx, NOW).await?, [1]);
    merge(tx).await?;
    assert_eq!(scene::due_ids(tx, NOW).await?, [1, 2]);
    Ok(())
}

async fn what_was_held_for_want_of_the_link_goes_on(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    hold_with(tx, CONTACT).await?;
    put_person(tx, &linked(GONE, "gone")).await?;
    merge(tx).await?;
    assert_eq!(scene::due_ids(tx, NOW).await?, [1, 2]);
    Ok(())
}

async fn what_is_held_with_the_one_that_stays_stays_held(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    hold_with(tx, CONTACT).await?;
    merge(tx).await?;
    assert_eq!(scene::entry_state(tx, 1).await?, "held");
    // The lane holds what comes to a held person, when it sees it.
    assert_eq!(scene::due_ids(tx, NOW).await?, [2]);
    Ok(())
}

async fn what_a_lane_learned_of_an_absorbed_contact_reaches_the_one_it_became(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    hold_with(tx, CONTACT).await?;
    merge(tx).await?;
    put_person(tx, &Person { contact_id: GONE, ..Person::default() }).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(held(CONTACT)));
    put_person(tx, &linked(GONE, "made")).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(passed_over(linked(CONTACT, "made"))));
    assert_eq!(person_of(tx, GONE).await?, None);
    assert_eq!(scene::due_ids(tx, NOW).await?, [1, 2]);
    Ok(())
}

async fn what_a_lane_learned_of_an_absorbed_contact_does_not_unseat_a_link(tx: &mut Tx<'_>) -> Result<()> {
    two(tx).await?;
    put_person(tx, &linked(CONTACT, "kept")).await?;
    merge(tx).await?;
    put_person(tx, &linked(GONE, "made")).await?;
    assert_eq!(person_of(tx, CONTACT).await?, Some(linked(CONTACT, "kept")));
    let sql = "SELECT contact_id FROM conversation WHERE workspace_id = $1 AND id = $2";
    assert_eq!(scene::ask(tx, sql, args![HERE, THEIRS]).await?.int("contact_id")?, CONTACT);
    Ok(())
}
