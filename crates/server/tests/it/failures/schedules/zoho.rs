//! The same seeds on Zoho CRM: notes that grow, notes and tasks of their own, contacts, leads or both.

use super::{play_twice, run::play_all, stage::Arena, tell};
use crate::world::crm::ZOHO;

#[tokio::test]
async fn a_hundred_on_sqlite() {
    play_all("schedules", &mut Arena::sqlite(ZOHO), 0..100).await;
}

#[tokio::test]
async fn a_hundred_on_postgres() {
    play_all("schedules", &mut Arena::postgres(ZOHO), 10_000..10_100).await;
}

/// The one that `CAUSEWAY_TEST_SEED` names, told step by step.
#[tokio::test]
async fn one() {
    tell(&mut Arena::sqlite(ZOHO)).await;
}

#[tokio::test]
async fn the_same_seed_asks_the_org_the_same_and_leaves_the_same() {
    play_twice(&mut Arena::sqlite(ZOHO)).await;
}
