//! The words that go into a CRM, and those that a receipt says.

use super::kit::{at, zone};
use crate::{
    lane::HoldReason,
    plan::wording,
    timeline::{Attachment, AttachmentKind, Content, Part},
};

fn said(parts: Vec<Part>) -> String {
    wording::content(&Content { parts })
}

fn text(text: &str) -> Part {
    Part::Text(text.into())
}

fn file(kind: AttachmentKind, name: Option<&str>) -> Part {
    Part::Attachment(Attachment {
        kind,
        id: None,
        media_type: None,
        name: name.map(Into::into),
        sha256: None,
        url: None,
    })
}

#[test]
fn text_stands_as_it_was_written() {
    assert_eq!(said(vec![text(" *bold* \n\n<b>&amp;\t")]), " *bold* \n\n<b>&amp;\t");
}

#[test]
fn every_kind_of_content_says_what_it_is() {
    let location = |name: Option<&str>| Part::Location {
        latitude: "52.23".into(),
        longitude: "21.01".into(),
        name: name.map(Into::into),
        address: None,
        url: None,
    };
    let choice = |value: Option<&str>| Part::Choice { title: "Yes".into(), value: value.map(Into::into) };
    let unsupported =
        |reason: Option<&str>| Part::Unsupported { kind: "poll".into(), reason: reason.map(Into::into) };
    for (part, expected) in [
        (file(AttachmentKind::Image, None), "[image]"),
        (file(AttachmentKind::Video, None), "[video]"),
        (file(AttachmentKind::Audio, None), "[audio]"),
        (file(AttachmentKind::Voice, None), "[voice message]"),
        (file(AttachmentKind::Sticker, None), "[sticker]"),
        (file(AttachmentKind::Document, Some("offer.pdf")), "[document: offer.pdf]"),
        (location(None), "[location: 52.23, 21.01]"),
        (location(Some("Office")), "[location: Office, 52.23, 21.01]"),
        (choice(None), "[chose: Yes]"),
        (choice(Some("Yes")), "[chose: Yes]"),
        (choice(Some("yes-1")), "[chose: Yes (yes-1)]"),
        (
            Part::Card {
                name: "Jan".into(),
                phones: vec!["+48 1".into(), String::new()],
                emails: vec!["j@x.pl".into()],
            },
            "[contact card: Jan, +48 1, j@x.pl]",
        ),
        (
            Part::Order { lines: vec![("Tea".into(), "2".into(), "3.50 EUR".into())] },
            "[order]\n2 × Tea at 3.50 EUR",
        ),
        (unsupported(None), "[a message of a kind the channel does not pass on: poll]"),
        (unsupported(Some("too new")), "[a message of a kind the channel does not pass on: poll — too new]"),
    ] {
        assert_eq!(said(vec![part]), expected);
    }
}

#[test]
fn parts_stand_below_each_other_and_nothing_is_ever_nothing() {
    assert_eq!(said(vec![file(AttachmentKind::Image, None), text("a caption")]), "[image]\na caption");
    assert_eq!(said(vec![]), "[empty message]");
    assert_eq!(said(vec![text("")]), "[empty message]");
}

#[test]
fn a_moment_has_date_full_time_and_offset() {
    let instant = at("2026-01-02T03:04:05Z");
    assert_eq!(wording::moment(instant, &zone("Asia/Tokyo")), "2026-01-02 12:04:05 +09:00");
    assert_eq!(wording::moment(instant, &zone("America/Sao_Paulo")), "2026-01-02 00:04:05 -03:00");
    assert_eq!(wording::day(instant, &zone("America/Los_Angeles")), "2026-01-01");
}

#[test]
fn a_number_that_a_channel_tells_bears_its_plus_and_nothing_else_does() {
    for (told, shown) in [
        ("15550783881", "+15550783881"),
        ("81312345678", "+81312345678"),
        ("+81 3 1234 5678", "+81 3 1234 5678"),
        ("106540352242922", "106540352242922"),
        ("Sales", "Sales"),
        ("123", "123"),
        ("", ""),
    ] {
        assert_eq!(wording::account_name(told), shown, "{told}");
    }
}

#[test]
fn every_hold_has_a_reason_and_one_action_in_words() {
    use HoldReason as Why;
    let all = [
        Why::NoRecord,
        Why::NoAddress,
        Why::SeveralCandidates,
        Why::ValueRefused,
        Why::RuleRefused,
        Why::NoPermission,
        Why::NoApiAccess,
        Why::NoApiForUser,
        Why::RequiredField,
        Why::NoOwner,
        Why::RecordLocked,
        Why::StorageFull,
        Why::GrantLost,
        Why::Disconnected,
        Why::LimitReached,
        Why::Paused,
        Why::DeletedInCrm,
        Why::EditedInCrm,
        Why::OtherOrg,
        Why::Unreachable,
        Why::Unexpected,
    ];
    let mut reasons: Vec<_> = all.iter().map(|reason| wording::hold(*reason)).collect();
    assert!(reasons.iter().all(|(because, action)| because.len() > 10 && action.len() > 10));
    reasons.sort_unstable();
    reasons.dedup_by_key(|(because, _)| *because);
    assert_eq!(reasons.len(), all.len(), "no two say the same");
}
