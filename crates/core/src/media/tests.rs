//! Files by their bytes, names and rules.

use std::time::Duration;

use super::*;
use crate::timeline::{Attachment, AttachmentKind};

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0];
const PROGRAM: &[u8] = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00";

fn named(kind: AttachmentKind, name: Option<&str>) -> Attachment {
    Attachment { kind, id: None, media_type: None, name: name.map(str::to_owned), sha256: None, url: None }
}

#[test]
fn the_bytes_decide_and_not_what_was_declared() {
    assert_eq!(of_bytes(JPEG, Some("application/pdf")), "image/jpeg");
    assert_eq!(of_bytes(b"%PDF-1.7\n", Some("image/jpeg")), "application/pdf");
    assert_eq!(of_bytes(PROGRAM, Some("image/png")), "application/vnd.microsoft.portable-executable");
    assert_eq!(of_bytes(b"<html><script>alert(1)</script>", Some("image/png")), "text/html");
    assert_eq!(of_bytes(b"no mark at all", Some("image/png")), UNKNOWN, "a picture would have told");
}

#[test]
fn where_the_bytes_do_not_tell_the_declared_type_stands() {
    assert_eq!(of_bytes(b"a,b\n1,2\n", Some("Text/CSV; charset=utf-8")), "text/csv");
    assert_eq!(of_bytes(b"", Some("text/plain")), "text/plain");
    assert_eq!(of_bytes(b"", None), UNKNOWN);
    assert_eq!(of_bytes(b"x", Some("no type")), UNKNOWN);
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    assert_eq!(of_bytes(b"PK\x03\x04\x14\x00\x00\x00", Some(word)), word, "a ZIP file by its bytes");
}

#[test]
fn only_what_cannot_carry_a_script_is_shown_in_place() {
    assert_eq!(showing("image/jpeg"), Showing::Picture);
    assert_eq!(showing("audio/ogg"), Showing::Sound);
    assert_eq!(showing("video/mp4"), Showing::Film);
    for kind in
        ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "text/xml", UNKNOWN]
    {
        assert_eq!(showing(kind), Showing::Download, "{kind}");
    }
}

#[test]
fn a_name_has_no_folder_no_control_sign_and_an_ending() {
    let document = |name| file_name(&named(AttachmentKind::Document, Some(name)), "application/pdf", 1);
    assert_eq!(document("offer.pdf"), "offer.pdf");
    assert_eq!(document("../../etc/passwd"), "passwd.pdf");
    assert_eq!(document("C:\\Users\\a\\b?.pdf"), "b_.pdf");
    assert_eq!(document("gpj.\u{202e}exe"), "gpj.exe");
    assert_eq!(document(".htaccess\r\n"), "htaccess.pdf");
    assert_eq!(document("  "), "document.pdf");
    assert_eq!(document("見積書"), "見積書.pdf");
    let long = document(&format!("{}.docx", "x".repeat(400)));
    assert_eq!((long.chars().count(), long.rsplit('.').next()), (120, Some("docx")));
    assert_eq!(file_name(&named(AttachmentKind::Image, None), "image/png", 2), "image-2.png");
    assert_eq!(file_name(&named(AttachmentKind::Voice, None), UNKNOWN, 1), "voice-message");
}

#[test]
fn a_workspace_keeps_what_its_rules_say() {
    let rules = FileRules { refused: ["video/*".into(), "text/html".into()].into(), ..FileRules::default() };
    assert_eq!(rules.check_size(rules.most_bytes), Ok(()));
    assert_eq!(rules.check_size(rules.most_bytes + 1), Err(Refused::TooLarge { most: rules.most_bytes }));
    assert_eq!(rules.check_type("image/jpeg"), Ok(()));
    assert_eq!(rules.check_type("video/mp4"), Err(Refused::Type("video/mp4".into())));
    assert!(rules.check_type("text/html").is_err() && rules.check_type("text/htmlx").is_ok());
    let programs = of_bytes(PROGRAM, None);
    assert!(
        FileRules::default().check_type(&programs).is_err(),
        "a program is not kept unless somebody wants it"
    );
}

#[test]
fn a_file_is_asked_for_ever_more_seldom_and_given_up_after_days() {
    let waits: Vec<_> = (1..20).map_while(|failed| next_try(failed, 0.0)).collect();
    assert!(waits.is_sorted());
    let in_an_hour = waits.iter().scan(Duration::ZERO, |at, wait| {
        Some({
            *at += *wait;
            *at
        })
    });
    assert!(in_an_hour.take_while(|at| *at <= Duration::from_hours(1)).count() <= 3);
    let all: Duration = waits.iter().sum();
    assert!(all > Duration::from_hours(72) && all < Duration::from_hours(7 * 24), "{all:?}");
    assert_eq!(next_try(0, 0.0), None);
    assert!(next_try(1, 0.9) > next_try(1, 0.0));
}
