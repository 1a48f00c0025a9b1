//! Words that the whole database holds once.

use causeway::store::{Result, Tx, meta};

use super::engine::in_a_transaction;

in_a_transaction!(the_first_word_under_a_key_stands);

async fn the_first_word_under_a_key_stands(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(meta::get(tx, "proof").await?, None);
    assert_eq!(meta::put_first(tx, "proof", "one").await?, "one");
    assert_eq!(meta::put_first(tx, "proof", "two").await?, "one");
    assert_eq!(meta::get(tx, "proof").await?, Some("one".into()));
    Ok(())
}
