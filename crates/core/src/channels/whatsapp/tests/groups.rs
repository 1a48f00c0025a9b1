//! Groups: who wrote in which, and what became of them.

use super::*;

fn group(author: Option<Party>) -> Chat {
    Chat::Group { id: "120363418770915618@g.us".into(), subject: None, author }
}

#[test]
fn a_message_in_a_group_names_group_and_author() {
    let mut message = message("text", json!({"text": {"body": "x"}, "group_id": "120363418770915618@g.us"}));
    let author = Party { addresses: vec![number(CUSTOMER)], ..Party::default() };
    assert_eq!(told("messages", json!({"messages": [message]}))[0].chat, group(Some(author)));
    message.as_object_mut().expect("an object").remove("from");
    assert_eq!(told("messages", json!({"messages": [message]}))[0].chat, group(None));
}

#[test]
fn a_status_in_a_group_says_whose_copy_it_is() {
    let status = json!({"id": "wamid.0", "status": "read", "recipient_type": "group", "recipient_id": "120363418770915618@g.us",
        "recipient_participant_id": CUSTOMER, "recipient_participant_user_id": USER});
    let events = told("messages", json!({"statuses": [status]}));
    assert_eq!(events[0].chat, group(None));
    assert!(matches!(&events[0].event, Event::Status { participant: Some(whose), .. } if whose == USER));
}

#[test]
fn each_affair_of_a_group_is_a_notice_in_its_thread() {
    let affairs = [
        ("group_lifecycle_update", json!({"type": "group_create"}), "The group was created"),
        ("group_lifecycle_update", json!({"type": "group_delete"}), "The group was deleted"),
        (
            "group_lifecycle_update",
            json!({"type": "group_create", "errors": [{"code": 131_201, "title": "No"}]}),
            "group create failed: 131201 No",
        ),
        (
            "group_participants_update",
            json!({"type": "group_participants_add", "added_participants": [{"wa_id": "1"}, {"username": "@a"}]}),
            "1, @a joined",
        ),
        (
            "group_settings_update",
            json!({"type": "group_settings_update", "group_subject": {"text": "New", "update_successful": true}}),
            "group_subject.text: New",
        ),
        ("group_status_update", json!({"type": "group_suspend"}), "group_suspend"),
    ];
    for (field, mut affair, expected) in affairs {
        affair["group_id"] = json!("120363418770915618@g.us");
        affair["timestamp"] = json!(1_751_210_000);
        let events = told(field, json!({"groups": [affair.clone()]}));
        assert_eq!(events[0].chat, group(None));
        let Event::Notice { id: Some(_), kind, text } = &events[0].event else { panic!("{events:?}") };
        assert_eq!(kind.as_str(), affair["type"]);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn an_echo_in_a_group_has_no_author_among_the_customers() {
    let mut echo = message("text", json!({"text": {"body": "x"}, "group_id": "120363418770915618@g.us"}));
    echo["from"] = json!(BUSINESS);
    assert_eq!(told("smb_message_echoes", json!({"message_echoes": [echo]}))[0].chat, group(None));
}
