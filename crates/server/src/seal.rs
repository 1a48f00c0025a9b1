//! Secrets at rest: XChaCha20-Poly1305 under a key that is never in the database.
//!
//! A sealed value is bound to the place where it is stored, so a value moved to another row does not open.

use std::{fmt, path::Path};

use base64::Engine as _;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};

use crate::clock::Nature;

/// The first byte of every sealed value: the format.
const FORMAT: u8 = 1;

/// Text that must not be shown: no `Display`, and a `Debug` that hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the moment of use.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a value does not open, or a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Another key sealed it, or it was changed or moved.
    #[error(
        "a stored secret does not open with this key: the key file is not the one this database was used with; \
         put the right key back (`secret_key_file` in the configuration)"
    )]
    WrongKey,
    /// The key file is unreadable or no key.
    #[error("the key file {path} {what}")]
    KeyFile {
        /// The file.
        path: String,
        /// What is wrong and what to do.
        what: String,
    },
}

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    nature: Nature,
}

impl Sealer {
    /// With this key.
    pub fn new(key: &[u8; 32], nature: Nature) -> Self {
        Self { cipher: XChaCha20Poly1305::new(key.into()), nature }
    }

    /// With the key in `path`: 32 bytes in base64. A missing file is made, readable by its owner alone.
    pub fn from_file(path: &Path, nature: Nature) -> Result<Self, SealError> {
        let refuse = |what: String| SealError::KeyFile { path: path.display().to_string(), what };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let made = base64::engine::general_purpose::STANDARD.encode(nature.bytes::<32>());
                write_private(path, &made).map_err(|error| {
                    refuse(format!(
                        "cannot be made ({error}); make its folder writable, or name another file"
                    ))
                })?;
                made
            }
            Err(error) => {
                return Err(refuse(format!("cannot be read ({error}); make it readable for this user")));
            }
        };
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).unwrap_or_default();
        let key: [u8; 32] = bytes
            .try_into()
            .map_err(|_| refuse("does not hold 32 bytes in base64; restore it from a copy".into()))?;
        Ok(Self::new(&key, nature))
    }

    /// Seals `text` for `place` ("connection.refresh_token/17").
    pub fn seal(&self, place: &str, text: &str) -> Vec<u8> {
        let nonce = self.nature.bytes::<24>();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a message shorter than 256 GiB can be sealed");
        [&[FORMAT], nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Secret, SealError> {
        let (format, rest) = sealed.split_first().ok_or(SealError::WrongKey)?;
        if *format != FORMAT || rest.len() < 24 {
            return Err(SealError::WrongKey);
        }
        let (nonce, body) = rest.split_at(24);
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| SealError::WrongKey)?;
        let payload = Payload { msg: body, aad: place.as_bytes() };
        let text = self.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::WrongKey)?;
        String::from_utf8(text).map(Secret).map_err(|_| SealError::WrongKey)
    }
}

/// Writes a file that only its owner can read, and that exists whole or not at all.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let fresh = path.with_extension("new");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_where_it_was_sealed() {
        let sealer = Sealer::new(&[9; 32], Nature::system());
        let kept = sealer.seal("connection.refresh_token/17", "hush");
        let opens = |sealer: &Sealer, place: &str, bytes: &[u8]| sealer.open(place, bytes).is_ok();
        assert!(opens(&sealer, "connection.refresh_token/17", &kept));
        assert!(!opens(&sealer, "connection.refresh_token/18", &kept));
        assert!(!opens(&Sealer::new(&[8; 32], Nature::system()), "connection.refresh_token/17", &kept));
        for at in 0..kept.len() {
            let mut damaged = kept.clone();
            damaged[at] ^= 1;
            assert!(!opens(&sealer, "connection.refresh_token/17", &damaged), "byte {at}");
            assert!(!opens(&sealer, "connection.refresh_token/17", &kept[..at]), "cut at {at}");
        }
    }
}
