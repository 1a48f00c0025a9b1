//! The set-up request: Meta asks once, with `GET`, whether an endpoint is ours.
//!
//! `hub.mode=subscribe`, `hub.verify_token` (the word given in the app's settings) and `hub.challenge`, which is sent
//! back byte for byte: it need not be a number, and some are longer than 64 bits. Proxies that dislike a dot in a
//! name send `hub_mode` and so on.
//! <https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests>

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::channels::Refusal;

/// The text to send back, or a refusal. Without a verify token of our own nothing is accepted.
pub fn answer(query: &[(String, String)], verify_token: &str) -> Result<String, Refusal> {
    let value = |name: &str| {
        query.iter().find_map(|(key, value)| {
            let named = key.strip_prefix("hub.").or_else(|| key.strip_prefix("hub_"));
            (named == Some(name)).then_some(value.as_str())
        })
    };
    let (Some("subscribe"), Some(token), Some(challenge)) =
        (value("mode"), value("verify_token"), value("challenge"))
    else {
        return Err(Refusal::WrongSetup);
    };
    if verify_token.is_empty() || !is_same(token, verify_token) {
        return Err(Refusal::WrongSetup);
    }
    Ok(challenge.to_owned())
}

/// Compares in a time that does not depend on where the two differ.
fn is_same(claimed: &str, ours: &str) -> bool {
    let digest =
        |text: &str| Hmac::<Sha256>::new_from_slice(ours.as_bytes()).map(|mac| mac.chain_update(text));
    let (Ok(claimed), Ok(ours)) = (digest(claimed), digest(ours)) else { return false };
    claimed.verify(&ours.finalize().into_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &[(&str, &str)], verify_token: &str) -> Result<String, Refusal> {
        let query: Vec<_> = query.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        answer(&query, verify_token)
    }

    #[test]
    fn the_challenge_comes_back_byte_for_byte() {
        for challenge in ["1158201444", "184467440737095516150", "007", "a b+c/ä", ""] {
            let query =
                [("hub.mode", "subscribe"), ("hub.challenge", challenge), ("hub.verify_token", "word")];
            assert_eq!(ask(&query, "word"), Ok(challenge.into()));
        }
    }

    #[test]
    fn underscores_do_as_well_as_dots() {
        let query = [("hub_mode", "subscribe"), ("hub_challenge", "42"), ("hub_verify_token", "word")];
        assert_eq!(ask(&query, "word"), Ok("42".into()));
    }

    #[test]
    fn another_word_another_mode_or_a_missing_part_is_refused() {
        let right = [("hub.mode", "subscribe"), ("hub.challenge", "42"), ("hub.verify_token", "word")];
        for (index, wrong) in [(0, "unsubscribe"), (2, "Word"), (2, "word "), (2, "")] {
            let mut query = right;
            query[index].1 = wrong;
            assert_eq!(ask(&query, "word"), Err(Refusal::WrongSetup), "{query:?}");
        }
        for index in 0..3 {
            let mut query = right.to_vec();
            query.remove(index);
            assert_eq!(ask(&query, "word"), Err(Refusal::WrongSetup), "{query:?}");
        }
    }

    #[test]
    fn without_a_word_of_our_own_nothing_is_accepted() {
        let query = [("hub.mode", "subscribe"), ("hub.challenge", "42"), ("hub.verify_token", "")];
        assert_eq!(ask(&query, ""), Err(Refusal::WrongSetup));
    }
}
