//! Contacts and their addresses.

use causeway::args;
use causeway::store::{Result, Tx, contact};
use causeway_core::address::Address;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONTACT, HERE, THERE, phone};

in_a_transaction!(
    an_address_leads_to_its_contact_with_all_of_its_addresses,
    a_number_leads_to_its_variants_too,
    several_contacts_come_oldest_first_and_once,
    an_address_of_another_passes_over,
    addresses_come_newest_first,
    a_name_that_is_not_told_overwrites_nothing,
    a_late_name_only_fills_what_nobody_told,
);

async fn an_address_leads_to_its_contact_with_all_of_its_addresses(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let mail = Address::email("Bo@Example.org").unwrap();
    contact::give(tx, HERE, CONTACT, std::slice::from_ref(&mail), NOW + 1).await?;
    let found = contact::acquaintances(tx, HERE, &[phone("14155550123")]).await?;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].contact_id, &found[0].addresses), (CONTACT, &vec![mail, phone("14155550123")]));
    let strangers = [Address::handle("line", "14155550123"), phone("4930123456")];
    assert_eq!(contact::acquaintances(tx, HERE, &strangers).await?, []);
    assert_eq!(contact::acquaintances(tx, THERE, &[phone("14155550123")]).await?, []);
    Ok(())
}

/// What was stored before a country changed its numbers is found by the new number.
async fn a_number_leads_to_its_variants_too(tx: &mut Tx<'_>) -> Result<()> {
    let mobile = phone("5215512345678");
    let variant = mobile.phone().unwrap().match_keys.into_iter().find(|key| *key != mobile.value).unwrap();
    contact::create(tx, HERE, CONTACT, NOW).await?;
    contact::give(tx, HERE, CONTACT, &[Address { value: variant, ..mobile.clone() }], NOW).await?;
    assert_eq!(contact::acquaintances(tx, HERE, &[mobile]).await?[0].contact_id, CONTACT);
    Ok(())
}

async fn several_contacts_come_oldest_first_and_once(tx: &mut Tx<'_>) -> Result<()> {
    let addresses = ["a", "b", "c"].map(|id| Address::handle("line", id));
    for (id, address) in [(7, 0), (5, 1), (7, 2)] {
        contact::give(tx, HERE, id, &addresses[address..=address], NOW).await?;
    }
    let found = contact::acquaintances(tx, HERE, &addresses).await?;
    assert_eq!(found.iter().map(|one| one.contact_id).collect::<Vec<_>>(), [5, 7]);
    Ok(())
}

async fn an_address_of_another_passes_over(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    let number = [phone("14155550123")];
    assert_eq!(contact::give(tx, HERE, CONTACT, &number, NOW).await?, 0);
    contact::create(tx, HERE, 99, NOW).await?;
    assert_eq!(contact::give(tx, HERE, 99, &number, NOW).await?, 1);
    assert_eq!(contact::addresses_of(tx, HERE, CONTACT).await?, []);
    assert_eq!(contact::addresses_of(tx, HERE, 99).await?, number);
    assert_eq!(contact::addresses_of(tx, THERE, CONTACT).await?, number);
    Ok(())
}

async fn addresses_come_newest_first(tx: &mut Tx<'_>) -> Result<()> {
    let [a, b, c] = ["a", "B", "+"].map(|id| Address::handle("line", id));
    contact::give(tx, HERE, CONTACT, &[a.clone(), b.clone()], NOW).await?;
    contact::give(tx, HERE, CONTACT, std::slice::from_ref(&c), NOW + 1).await?;
    assert_eq!(contact::addresses_of(tx, HERE, CONTACT).await?, [c, b, a]);
    Ok(())
}

async fn a_name_that_is_not_told_overwrites_nothing(tx: &mut Tx<'_>) -> Result<()> {
    contact::create(tx, HERE, CONTACT, NOW).await?;
    contact::create(tx, THERE, CONTACT, NOW).await?;
    contact::rename(tx, HERE, CONTACT, Some("Bo"), None, NOW).await?;
    contact::rename(tx, HERE, CONTACT, None, Some("bo77"), NOW).await?;
    let sql = "SELECT name, username FROM contact WHERE workspace_id = $1 AND id = $2";
    let here = scene::ask(tx, sql, args![HERE, CONTACT]).await?;
    assert_eq!((here.text("name")?, here.text("username")?), ("Bo".into(), "bo77".into()));
    assert_eq!(scene::ask(tx, sql, args![THERE, CONTACT]).await?.opt_text("name")?, None);
    Ok(())
}

async fn a_late_name_only_fills_what_nobody_told(tx: &mut Tx<'_>) -> Result<()> {
    contact::create(tx, HERE, CONTACT, NOW).await?;
    contact::rename(tx, HERE, CONTACT, Some("Bo"), None, NOW).await?;
    contact::rename(tx, HERE, CONTACT, None, None, NOW + 9).await?;
    for (name, at, stands) in [("B.", NOW - 1, "Bo"), ("Bob", NOW, "Bob"), ("Bobby", NOW + 1, "Bobby")] {
        contact::rename(tx, HERE, CONTACT, Some(name), None, at).await?;
        assert_eq!(contact::find(tx, HERE, CONTACT).await?.unwrap().name.as_deref(), Some(stands));
    }
    contact::rename(tx, HERE, CONTACT, Some("B."), Some("bo77"), NOW - 1).await?;
    let sql = "SELECT name, username, named_at FROM contact WHERE workspace_id = $1 AND id = $2";
    let row = scene::ask(tx, sql, args![HERE, CONTACT]).await?;
    assert_eq!((row.text("name")?, row.text("username")?), ("Bobby".into(), "bo77".into()));
    assert_eq!(row.int("named_at")?, NOW + 1);
    Ok(())
}
