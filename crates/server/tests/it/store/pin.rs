//! Pinned records.

use causeway::store::{
    Result, Tx,
    pin::{self, Pin},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, CONTACT, CONVERSATION, HERE, MEMBER};

in_a_transaction!(
    a_record_is_pinned_once_and_taken_off,
    a_pin_belongs_to_its_conversation,
    the_pins_of_a_contact_are_those_of_its_conversations,
);

fn a_pin(id: i64, record: &str) -> Pin {
    Pin {
        id,
        connection_id: CONNECTION,
        module: "Opportunity".into(),
        record_id: record.into(),
        label: format!("Deal {record}"),
        created_by: MEMBER,
        created_at: NOW,
    }
}

async fn a_record_is_pinned_once_and_taken_off(tx: &mut Tx<'_>) -> Result<()> {
    assert!(pin::add(tx, HERE, CONVERSATION, &a_pin(1, "006a")).await?);
    assert!(pin::add(tx, HERE, CONVERSATION, &a_pin(2, "006b")).await?);
    assert!(!pin::add(tx, HERE, CONVERSATION, &a_pin(3, "006a")).await?);
    let pins = pin::of_conversation(tx, HERE, CONVERSATION).await?;
    assert_eq!(pins, [a_pin(1, "006a"), a_pin(2, "006b")]);
    assert!(pin::remove(tx, HERE, CONVERSATION, 1).await?);
    assert!(!pin::remove(tx, HERE, CONVERSATION, 1).await?);
    assert_eq!(pin::of_conversation(tx, HERE, CONVERSATION).await?, [a_pin(2, "006b")]);
    Ok(())
}

async fn a_pin_belongs_to_its_conversation(tx: &mut Tx<'_>) -> Result<()> {
    assert!(pin::add(tx, HERE, CONVERSATION, &a_pin(1, "006a")).await?);
    assert!(pin::add(tx, HERE, CONVERSATION + 1, &a_pin(2, "006a")).await?);
    assert!(!pin::remove(tx, HERE, CONVERSATION + 1, 1).await?);
    assert_eq!(pin::of_conversation(tx, HERE, CONVERSATION).await?.len(), 1);
    Ok(())
}

async fn the_pins_of_a_contact_are_those_of_its_conversations(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert!(pin::add(tx, HERE, CONVERSATION, &a_pin(1, "006a")).await?);
    assert!(pin::add(tx, HERE, CONVERSATION + 1, &a_pin(2, "006b")).await?);
    assert_eq!(pin::of_contact(tx, HERE, CONTACT).await?, [(CONVERSATION, a_pin(1, "006a"))]);
    assert!(pin::of_contact(tx, HERE, CONTACT + 1).await?.is_empty());
    Ok(())
}
