//! Words that the whole database holds once.

use causeway::store::{Result, Tx, meta};

use super::engine::in_a_transaction;

in_a_transaction!(the_first_word_under_a_key_stands, a_word_gives_way_to_a_newer_one);

async fn the_first_word_under_a_key_stands(tx: &mut Tx<'_>) -> Result<()> {
    assert_eq!(meta::get(tx, "proof").await?, None);
    assert_eq!(meta::put_first(tx, "proof", "one").await?, "one");
    assert_eq!(meta::put_first(tx, "proof", "two").await?, "one");
    assert_eq!(meta::get(tx, "proof").await?, Some("one".into()));
    Ok(())
}

async fn a_word_gives_way_to_a_newer_one(tx: &mut Tx<'_>) -> Result<()> {
    for word in ["one", "two"] {
        meta::put(tx, "clock", word).await?;
        assert_eq!(meta::get(tx, "clock").await?, Some(word.into()));
    }
    Ok(())
}
