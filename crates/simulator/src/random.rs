//! Chance that repeats: the same seed gives the same ids, tokens and faults.

use sha2::{Digest, Sha256};

/// A stream of numbers that depends on its seed only (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of that seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// True in that share of calls (0.0 to 1.0).
    pub fn chance(&mut self, share: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a coin needs no more than 53 bits")]
        let draw = (self.draw() >> 11) as f64 / (1u64 << 53) as f64;
        draw < share
    }
}

/// Letters and digits that follow from a seed, a purpose and a count: tokens, codes, secrets.
pub fn letters(seed: u64, purpose: &str, count: u64, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(length);
    let mut block = 0u64;
    while text.len() < length {
        let digest = Sha256::digest(format!("{seed}/{purpose}/{count}/{block}"));
        text.extend(
            digest
                .iter()
                .take(length - text.len())
                .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])),
        );
        block += 1;
    }
    text
}

/// Hexadecimal digits that follow from a seed, a purpose and a count; 64 at most.
pub fn hex(seed: u64, purpose: &str, count: u64, length: usize) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(format!("{seed}/{purpose}/{count}"));
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.take(length).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
