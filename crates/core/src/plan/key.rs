//! Keys of entries: fixed before the first attempt, stable under retry, and safe in a URL.

use sha2::{Digest, Sha256};

/// What makes an entry the entry it is. No attempt number, no time of ours.
#[derive(Clone, Copy, Debug)]
pub struct Seed<'a> {
    /// The workspace.
    pub workspace_id: i64,
    /// The integration that writes.
    pub integration_id: i64,
    /// The conversation.
    pub conversation_id: i64,
    /// The first message, or the day's start: what opens the slice.
    pub opened_by: &'a str,
}

impl Seed<'_> {
    /// The key of the whole entry.
    pub fn key(&self) -> String {
        digest(&format!(
            "{}/{}/{}/{}",
            self.workspace_id, self.integration_id, self.conversation_id, self.opened_by
        ))
    }
}

/// The key of one numbered part of an entry. The first part carries the entry's own key.
pub fn part_key(entry_key: &str, part: u32) -> String {
    if part <= 1 { entry_key.to_owned() } else { digest(&format!("{entry_key}/part/{part}")) }
}

/// A short digest of what an entry says, to see whether it must be written again.
pub fn content_hash(pieces: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update((piece.len() as u64).to_be_bytes());
        hasher.update(piece.as_bytes());
    }
    base32(&hasher.finalize()[..10])
}

fn digest(text: &str) -> String {
    // 130 bits in 26 letters: enough that two never meet, short enough for any field.
    let mut letters = base32(&Sha256::digest(text.as_bytes())[..17]);
    letters.truncate(26);
    format!("cx1-{letters}")
}

/// Lower-case base 32 without padding (RFC 4648 alphabet).
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(LETTERS[(buffer >> bits) as usize & 31]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(LETTERS[(buffer << (5 - bits)) as usize & 31]));
    }
    out
}
