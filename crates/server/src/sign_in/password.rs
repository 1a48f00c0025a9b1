//! Hashing passwords: argon2id, off the threads that answer requests, and never more at once than there are cores.

use std::sync::OnceLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::clock::Nature;

/// Hashing takes 19 MiB of memory and some 25 ms each: a flood of sign-ins waits here, and nothing else does.
fn turnstile() -> &'static Semaphore {
    static TURNSTILE: OnceLock<Semaphore> = OnceLock::new();
    TURNSTILE.get_or_init(|| {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Semaphore::new(cores)
    })
}

/// The hash of a password, with its parameters and salt: what is stored. `None` only if hashing failed.
pub async fn hash(nature: &Nature, password: &str) -> Option<String> {
    let (salt, password) = (nature.bytes::<16>(), password.to_owned());
    at_the_turnstile(move || {
        let hash: PasswordHash =
            Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
        Some(hash.to_string())
    })
    .await
    .flatten()
}

/// Is this the password behind that hash? Without a hash it takes as long, and it is not: an e-mail that nobody has
/// cannot be told from a wrong password.
pub async fn verify(password: &str, hash: Option<String>) -> bool {
    /// Of no password that anybody has.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let is_known = hash.is_some();
    let (hash, password) = (hash.unwrap_or_else(|| NOBODY.to_owned()), password.to_owned());
    let fits = at_the_turnstile(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    fits.await.unwrap_or(false) && is_known
}

async fn at_the_turnstile<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = turnstile().acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_no_other() {
        let nature = Nature::system();
        let one = hash(&nature, "correct horse").await.expect("a hash");
        let other = hash(&nature, "correct horse").await.expect("a hash");
        assert!(one.starts_with("$argon2id$") && one != other);
        assert!(verify("correct horse", Some(one.clone())).await);
        assert!(!verify("Correct horse", Some(one)).await);
        assert!(!verify("correct horse", None).await);
        assert!(!verify("correct horse", Some("nonsense".into())).await);
    }
}
