//! Keys: fixed by what an entry is, and by nothing else.

use std::collections::BTreeSet;

use super::kit::Dice;
use crate::plan::key::{Seed, content_hash, part_key};

const SEED: Seed<'_> = Seed { workspace_id: 1, integration_id: 2, conversation_id: 3, opened_by: "wamid.1" };

#[test]
fn a_key_never_changes_between_versions() {
    assert_eq!(SEED.key(), "cx1-zsv6suak6jtcrtuxmleuhyqdup");
}

#[test]
fn two_entries_never_share_a_key() {
    let mut keys = BTreeSet::from([SEED.key()]);
    let others = [
        Seed { workspace_id: 2, ..SEED },
        Seed { integration_id: 1, ..SEED },
        Seed { conversation_id: 4, ..SEED },
        Seed { opened_by: "wamid.2", ..SEED },
        Seed { workspace_id: 12, integration_id: 3, conversation_id: 3, opened_by: "wamid.1" },
        Seed { workspace_id: 1, integration_id: 23, conversation_id: 3, opened_by: "wamid.1" },
        Seed { conversation_id: 33, opened_by: "/wamid.1", ..SEED },
        Seed { opened_by: "day/0", ..SEED },
        Seed { opened_by: "", ..SEED },
    ];
    for other in others {
        assert!(keys.insert(other.key()), "{other:?}");
    }
    for part in 2..100 {
        assert!(keys.insert(part_key(&SEED.key(), part)), "part {part}");
    }
}

#[test]
fn a_key_is_at_most_40_characters_and_safe_in_urls_and_queries_whatever_opened_it() {
    let mut dice = Dice(7);
    for _ in 0..500 {
        let opened_by: String = (0..dice.below(60))
            .filter_map(|_| char::from_u32(u32::try_from(dice.below(0x11_0000)).unwrap_or(0)))
            .collect();
        let key = Seed { opened_by: &opened_by, ..SEED }.key();
        for key in [part_key(&key, 7), key] {
            assert_eq!(key.len(), 30);
            assert!(
                key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
        }
    }
}

#[test]
fn a_digest_knows_where_one_piece_ends_and_the_next_begins() {
    assert_ne!(content_hash(&["ab", "c"]), content_hash(&["a", "bc"]));
    assert_ne!(content_hash(&["ab"]), content_hash(&["ab", ""]));
    assert_eq!(content_hash(&["ab", "c"]), content_hash(&["ab", "c"]));
}
