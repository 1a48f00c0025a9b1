//! `X-Hub-Signature-256`: is a body Meta's?
//!
//! The header holds `sha256=` and, in hex, the HMAC-SHA256 of the body under the **app** secret. It is of the
//! bytes on the wire: Meta escapes what is not ASCII, so a body that was parsed and written anew no longer fits. The
//! older `X-Hub-Signature` (SHA-1) may stand beside it and counts for nothing.
//! <https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads>

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::channels::Refusal;

/// The header, in lower case.
pub const HEADER: &str = "x-hub-signature-256";

/// Is `header` a signature of `body` under one of the secrets? Constant time for each secret, and every secret is
/// tried. An empty secret signs nothing, or anybody could.
pub fn verify(header: Option<&str>, body: &[u8], secrets: &[String]) -> Result<(), Refusal> {
    let claimed = decode(header.ok_or(Refusal::Unsigned)?).ok_or(Refusal::WrongSignature)?;
    let fits = secrets.iter().filter(|secret| !secret.is_empty()).fold(false, |fits, secret| {
        let fits_this = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .is_ok_and(|mac| mac.chain_update(body).verify_slice(&claimed).is_ok());
        fits | fits_this
    });
    if fits { Ok(()) } else { Err(Refusal::WrongSignature) }
}

/// The 32 bytes behind `sha256=` and 64 hex digits of either case.
fn decode(header: &str) -> Option<[u8; 32]> {
    let digits = header.trim().strip_prefix("sha256=")?.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let pairs: &[[u8; 2]; 32] = pairs.try_into().ok().filter(|_| rest.is_empty())?;
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "app_secret_123";
    const BODY: &str = r#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"text":"\u00e4\u00f6\u00e5"}}]}]}"#;
    const SIGNATURE: &str = "sha256=5b8763057ebb03581b9b4821611a0d8f50f19d32e8e153b94d45254ab85a1384";

    fn check(header: &str, body: &str, secrets: &[&str]) -> Result<(), Refusal> {
        let secrets: Vec<String> = secrets.iter().map(ToString::to_string).collect();
        verify(Some(header), body.as_bytes(), &secrets)
    }

    #[test]
    fn a_body_with_escapes_verifies_as_it_came() {
        assert_eq!(check(SIGNATURE, BODY, &[SECRET]), Ok(()));
    }

    #[test]
    fn the_same_text_written_anew_has_another_signature() {
        let rewritten = BODY.replace("\\u00e4\\u00f6\\u00e5", "äöå");
        assert_eq!(check(SIGNATURE, &rewritten, &[SECRET]), Err(Refusal::WrongSignature));
        let of_rewritten = "sha256=52e56a01d32c8a9f96ef67499fbfff955c0976aa5144981068c1f75f1469a061";
        assert_eq!(check(of_rewritten, &rewritten, &[SECRET]), Ok(()));
        assert_eq!(check(of_rewritten, BODY, &[SECRET]), Err(Refusal::WrongSignature));
    }

    #[test]
    fn hex_counts_in_any_case() {
        let upper = format!("sha256={}", SIGNATURE[7..].to_uppercase());
        assert_eq!(check(&upper, BODY, &[SECRET]), Ok(()));
    }

    #[test]
    fn any_of_several_secrets_will_do() {
        assert_eq!(check(SIGNATURE, BODY, &["an old one", SECRET, "a new one"]), Ok(()));
        assert_eq!(check(SIGNATURE, BODY, &["an old one", "a new one"]), Err(Refusal::WrongSignature));
        assert_eq!(check(SIGNATURE, BODY, &[]), Err(Refusal::WrongSignature));
    }

    #[test]
    fn a_blank_secret_signs_nothing() {
        let mac = Hmac::<Sha256>::new_from_slice(b"").expect("any length").chain_update(BODY).finalize();
        let hex = mac.into_bytes().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(check(&format!("sha256={hex}"), BODY, &[""]), Err(Refusal::WrongSignature));
    }

    #[test]
    fn what_is_not_a_signature_is_refused() {
        assert_eq!(verify(None, BODY.as_bytes(), &[SECRET.into()]), Err(Refusal::Unsigned));
        let hex = &SIGNATURE[7..];
        let not_hex = format!("sha256={}", hex.replacen('5', "+", 1));
        let too_long = format!("sha256={hex}00");
        let odd = format!("sha256={hex}0");
        let sha1 = format!("sha1={hex}");
        for header in [
            "",
            "sha256=",
            hex,
            &hex[..8],
            &not_hex,
            &too_long,
            &odd,
            &sha1,
            "sha256=日本語日本語日本語日本語日本語日本語ab",
        ] {
            assert_eq!(check(header, BODY, &[SECRET]), Err(Refusal::WrongSignature), "{header}");
        }
    }
}
