//! What every channel promises, whoever its provider is. A channel joins by its line in [`REHEARSED`].

use damage::Chance;

use super::{ALL, Channel, RawRequest, Refusal, Secrets, named, whatsapp};
use crate::timeline::{Chat, Event, Inbound, Parsed, Party};

mod damage;

/// What the suite needs to know of a channel beside [`Channel`]: real payloads, and how its provider signs.
pub(super) trait Rehearsal: Sync {
    fn channel(&self) -> &'static dyn Channel;
    /// Published payloads, by file name.
    fn fixtures(&self) -> Vec<(&'static str, &'static str)>;
    /// The body as the provider would send it under this secret.
    fn signed(&self, body: &[u8], secret: &str) -> RawRequest;
}

static REHEARSED: &[&dyn Rehearsal] = &[&whatsapp::Rehearsed];

fn secrets(signing: &[&str]) -> Secrets {
    Secrets {
        signing: signing.iter().map(ToString::to_string).collect(),
        verify_token: "word".into(),
        access_token: None,
    }
}

fn unsigned(body: &[u8]) -> RawRequest {
    RawRequest { body: body.to_vec(), ..RawRequest::default() }
}

#[test]
fn every_channel_is_rehearsed() {
    let rehearsed: Vec<_> = REHEARSED.iter().map(|rehearsal| rehearsal.channel().name()).collect();
    let all: Vec<_> = ALL.iter().map(|channel| channel.name()).collect();
    assert_eq!(rehearsed, all);
}

#[test]
fn a_name_is_one_plain_word_and_finds_its_channel() {
    for channel in ALL {
        let name = channel.name();
        assert!(
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
        assert_eq!(named(name).map(Channel::title), Some(channel.title()));
        assert!(!channel.title().is_empty() && channel.largest_body() > 0);
    }
    assert!(named("no such channel").is_none());
}

#[test]
fn a_request_is_accepted_under_any_of_its_secrets_and_under_no_other() {
    for rehearsal in REHEARSED {
        for (name, body) in rehearsal.fixtures() {
            let request = rehearsal.signed(body.as_bytes(), "ours");
            let verify = |signing: &[&str]| rehearsal.channel().verify(&request, &secrets(signing));
            assert_eq!(verify(&["ours"]), Ok(()), "{name}");
            assert_eq!(verify(&["an older one", "ours", "a newer one"]), Ok(()), "{name}");
            assert_eq!(verify(&["theirs"]), Err(Refusal::WrongSignature), "{name}");
            assert_eq!(verify(&[]), Err(Refusal::WrongSignature), "{name}");
        }
    }
}

#[test]
fn an_empty_secret_opens_nothing() {
    for rehearsal in REHEARSED {
        let request = rehearsal.signed(b"{}", "");
        assert_eq!(rehearsal.channel().verify(&request, &secrets(&[""])), Err(Refusal::WrongSignature));
    }
}

#[test]
fn a_request_without_a_signature_is_refused() {
    for rehearsal in REHEARSED {
        for (name, body) in rehearsal.fixtures() {
            let refusal = rehearsal.channel().verify(&unsigned(body.as_bytes()), &secrets(&["ours"]));
            assert_eq!(refusal, Err(Refusal::Unsigned), "{name}");
        }
    }
}

#[test]
fn a_signature_of_other_bytes_is_refused() {
    for rehearsal in REHEARSED {
        for (name, body) in rehearsal.fixtures() {
            let mut request = rehearsal.signed(body.as_bytes(), "ours");
            request.body.push(b'\n');
            let refusal = rehearsal.channel().verify(&request, &secrets(&["ours"]));
            assert_eq!(refusal, Err(Refusal::WrongSignature), "{name}");
        }
    }
}

#[test]
fn what_is_needed_to_verify_again_is_kept() {
    for rehearsal in REHEARSED {
        let mut request = rehearsal.signed(b"{}", "ours");
        let kept = rehearsal.channel().kept_headers();
        request.headers.retain(|(name, _)| kept.contains(&name.as_str()));
        assert_eq!(rehearsal.channel().verify(&request, &secrets(&["ours"])), Ok(()));
    }
}

#[test]
fn a_set_up_request_without_our_word_is_refused() {
    for channel in ALL {
        assert!(channel.challenge(&[], &secrets(&["ours"])).is_err());
        assert!(channel.challenge(&[], &Secrets::default()).is_err());
    }
}

#[test]
fn every_published_payload_tells_something_and_all_of_it_is_read() {
    for rehearsal in REHEARSED {
        assert!(!rehearsal.fixtures().is_empty());
        for (name, body) in rehearsal.fixtures() {
            let parsed = rehearsal.channel().inbound(&unsigned(body.as_bytes()));
            assert!(!parsed.events.is_empty(), "{name}");
            assert_eq!(parsed.poison, [], "{name}");
            check(&parsed, name);
        }
    }
}

#[test]
fn what_is_no_payload_at_all_is_kept_as_poison() {
    let deep = "[".repeat(200_000);
    let garbage: [&[u8]; 12] = [
        b"",
        b"null",
        b"42",
        b"\"text\"",
        b"[]",
        b"{}",
        b"{",
        b"{\"a\":1}{",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b"from=1&to=2",
        deep.as_bytes(),
    ];
    for channel in ALL {
        for body in garbage {
            let parsed = channel.inbound(&unsigned(body));
            assert_eq!((parsed.events.len(), parsed.poison.len()), (0, 1), "{}", body.escape_ascii());
            check(&parsed, "garbage");
        }
    }
}

#[test]
fn no_damage_to_a_payload_makes_a_channel_panic_or_waver() {
    for rehearsal in REHEARSED {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        for (name, body) in rehearsal.fixtures() {
            for round in 0..600 {
                let mut damaged = body.as_bytes().to_vec();
                for _ in 0..=chance.below(3) {
                    if round % 2 == 0 {
                        chance.damage_bytes(&mut damaged);
                    } else {
                        chance.damage_values(&mut damaged);
                    }
                }
                let parsed = rehearsal.channel().inbound(&unsigned(&damaged));
                assert_eq!(parsed, rehearsal.channel().inbound(&unsigned(&damaged)), "{name}");
                check(&parsed, name);
            }
        }
    }
}

/// What holds of everything that any channel ever tells.
fn check(parsed: &Parsed, name: &str) {
    let places: Vec<u32> = parsed.events.iter().map(|event| event.position).collect();
    assert!(places.is_sorted_by(|one, next| one < next), "{name}: {places:?}");
    for poison in &parsed.poison {
        assert!(!poison.path.is_empty() && !poison.reason.is_empty(), "{name}: {poison:?}");
        assert!(poison.raw.len() <= 200_000 && !poison.raw.contains('\0'), "{name}");
    }
    for event in &parsed.events {
        assert!(!event.account.is_empty(), "{name}");
        if let Some(party) = people(event) {
            assert!(!party.addresses.is_empty(), "{name}: a person without an address");
            assert!(party.addresses.iter().all(|address| !address.value.is_empty()), "{name}");
        }
        let ids: Vec<&String> = match &event.event {
            Event::Message(message) => vec![&message.id],
            Event::Edit { id, target, .. }
            | Event::Revoke { id, target }
            | Event::Reaction { id, target, .. } => vec![id, target],
            Event::Status { target, .. } => vec![target],
            Event::NewAddresses { id, addresses, .. } => {
                assert!(!addresses.is_empty(), "{name}: no new address");
                vec![id]
            }
            Event::Notice { id, kind, .. } => {
                assert!(!kind.is_empty(), "{name}");
                id.iter().collect()
            }
        };
        assert!(ids.iter().all(|id| !id.is_empty()), "{name}: an empty id");
        let written = serde_json::to_string(event).expect("an event can be stored");
        assert!(!written.contains("\\u0000"), "{name}: U+0000 in {written}");
    }
}

fn people(event: &Inbound) -> Option<&Party> {
    match &event.chat {
        Chat::Person(party) | Chat::Group { author: Some(party), .. } => Some(party),
        Chat::Group { author: None, .. } | Chat::Account => None,
    }
}
