//! As many schedules by chance as a night has time for. `CAUSEWAY_TEST_SEEDS=500000..502000` plays others than the usual.

use std::ops::Range;

use super::is_wanted;
use crate::{
    failures::schedules::{run::play_all, stage::Arena},
    world::crm::{SALESFORCE, ZOHO},
};

#[tokio::test]
async fn two_thousand_on_sqlite() {
    if is_wanted() {
        play_all("long-schedules", &mut Arena::sqlite(SALESFORCE), seeds(100_000)).await;
    }
}

#[tokio::test]
async fn two_thousand_on_postgres() {
    if is_wanted() {
        play_all("long-schedules", &mut Arena::postgres(SALESFORCE), seeds(200_000)).await;
    }
}

#[tokio::test]
async fn two_thousand_on_zoho_on_sqlite() {
    if is_wanted() {
        play_all("long-schedules", &mut Arena::sqlite(ZOHO), seeds(100_000)).await;
    }
}

#[tokio::test]
async fn two_thousand_on_zoho_on_postgres() {
    if is_wanted() {
        play_all("long-schedules", &mut Arena::postgres(ZOHO), seeds(200_000)).await;
    }
}

/// Two thousand from that one on, or those that are asked for.
fn seeds(usual: u64) -> Range<u64> {
    let Ok(asked) = std::env::var("CAUSEWAY_TEST_SEEDS") else { return usual..usual + 2_000 };
    let ends = asked.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    ends.expect("seeds are asked for as 500000..502000")
}
