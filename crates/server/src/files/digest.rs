//! What is learned of a file while its bytes pass: how many they are, their digest, how they begin. Nothing of it is kept in
//! memory but the beginning.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use causeway_core::media::{self, HEAD};
use sha2::{Digest as _, Sha256};

/// A file whose bytes are passing.
#[derive(Default)]
pub struct Passing {
    hasher: Sha256,
    size: u64,
    head: Vec<u8>,
}

/// What a file was when it had passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// What it is, by its first bytes.
    pub media_type: String,
}

impl Passing {
    /// The next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
        let room = HEAD - self.head.len();
        self.head.extend_from_slice(&bytes[..room.min(bytes.len())]);
    }

    /// How many there were so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it is, once enough has passed to tell.
    pub fn told(&self, declared: Option<&str>) -> Option<String> {
        (self.head.len() == HEAD).then(|| media::of_bytes(&self.head, declared))
    }

    /// There are no more.
    pub fn end(self, declared: Option<&str>) -> Passed {
        let digest = self.hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Passed { digest, size: self.size, media_type: media::of_bytes(&self.head, declared) }
    }
}

impl Passed {
    /// Is it what the provider announced? Digests are written in base64 or hexadecimal; one that is neither says nothing.
    pub fn is_as_announced(&self, bytes: Option<u64>, sha256: Option<&str>) -> Result<(), String> {
        if let Some(bytes) = bytes.filter(|bytes| *bytes != self.size) {
            return Err(format!("{bytes} bytes were announced, and {} came", self.size));
        }
        match sha256.and_then(hexadecimal) {
            Some(announced) if announced != self.digest => Err("its digest is not the announced one".into()),
            _ => Ok(()),
        }
    }
}

fn hexadecimal(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    Some(bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(bytes: &[u8]) -> Passed {
        let mut passing = Passing::default();
        for piece in bytes.chunks(3) {
            passing.take(piece);
        }
        passing.end(None)
    }

    #[test]
    fn a_file_is_told_by_its_digest_its_size_and_its_first_bytes() {
        let file = passed(b"%PDF-1.7\n...");
        assert_eq!((file.size, file.media_type.as_str()), (12, "application/pdf"));
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(passed(b"").digest, empty);
    }

    #[test]
    fn what_was_announced_is_compared_in_either_spelling() {
        let file = passed(b"abc");
        let hex = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
        let base64 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        for digest in [None, Some(hex), Some(base64), Some("nonsense")] {
            assert_eq!(file.is_as_announced(Some(3), digest), Ok(()), "{digest:?}");
        }
        let other = hex.replace("BA", "BB");
        assert!(file.is_as_announced(None, Some(&other)).is_err());
        let short = file.is_as_announced(Some(4), None).expect_err("it is short");
        assert_eq!(short, "4 bytes were announced, and 3 came");
    }
}
