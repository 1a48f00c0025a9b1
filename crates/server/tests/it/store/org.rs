//! Orgs, as pages name them.

use causeway::store::{
    Result, Tx,
    connection::{self, State},
    org,
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, HERE};

in_a_transaction!(an_org_is_named_as_it_was_described_and_by_its_id_before);

async fn an_org_is_named_as_it_was_described_and_by_its_id_before(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let here = connection::find(tx, CONNECTION).await?.unwrap();
    let named = |orgs: Vec<org::Org>| {
        let org = orgs.into_iter().next().unwrap();
        (org.connection_id, org.name, org.is_sandbox, org.state)
    };
    connection::forget_profile(tx, CONNECTION).await?;
    let before = named(org::of_workspace(tx, HERE).await?);
    assert_eq!(before, (CONNECTION, here.org_id.clone(), here.environment == "sandbox", State::Connected));
    let mut profile = super::connection::profile();
    (profile.org_name, profile.is_sandbox) = ("Acme".into(), true);
    assert!(connection::put_profile(tx, CONNECTION, here.token_revision, &profile, NOW).await?);
    let after = named(org::of_workspace(tx, HERE).await?);
    assert_eq!(after, (CONNECTION, "Acme".to_owned(), true, State::Connected));
    connection::disconnect(tx, CONNECTION).await?;
    assert_eq!(org::of_workspace(tx, HERE).await?[0].state, State::Disconnected);
    assert!(org::of_workspace(tx, HERE + 7).await?.is_empty());
    Ok(())
}
