//! What orgs told of their limits.

use causeway::store::{Result, Tx, usage_reading};
use causeway_core::{
    call::Usage,
    governor::{Reading, SLOT, slot},
    time::Timestamp,
};

use super::engine::{NOW, in_a_transaction};

in_a_transaction!(the_last_word_of_each_quarter_of_an_hour_is_kept, old_readings_are_forgotten,);

fn usage(used: u64) -> Usage {
    Usage { used, limit: 15_000 }
}

/// The beginning of the quarter of an hour of [`NOW`].
fn begin() -> i64 {
    slot(Timestamp(NOW)) * SLOT
}

async fn the_last_word_of_each_quarter_of_an_hour_is_kept(tx: &mut Tx<'_>) -> Result<()> {
    for (at, used) in [(0, 5), (SLOT - 1, 9), (SLOT, 12), (3 * SLOT, 20)] {
        usage_reading::keep(tx, "salesforce", "00D", usage(used), begin() + at).await?;
    }
    usage_reading::keep(tx, "salesforce", "00E", usage(7), begin()).await?;
    let reading = |at, used| Reading { at: Timestamp(begin() + at), used };
    let wanted = [reading(SLOT - 1, 9), reading(SLOT, 12), reading(3 * SLOT, 20)];
    assert_eq!(usage_reading::since(tx, "salesforce", "00D", begin()).await?, wanted);
    assert_eq!(usage_reading::since(tx, "salesforce", "00D", begin() + 2 * SLOT).await?, wanted[2..]);
    assert_eq!(usage_reading::since(tx, "zoho", "00D", 0).await?, []);
    Ok(())
}

async fn old_readings_are_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    for at in [0, SLOT, 2 * SLOT] {
        usage_reading::keep(tx, "salesforce", "00D", usage(1), begin() + at).await?;
    }
    assert_eq!(usage_reading::prune(tx, begin() + SLOT).await?, 1);
    assert_eq!(usage_reading::since(tx, "salesforce", "00D", 0).await?.len(), 2);
    Ok(())
}
