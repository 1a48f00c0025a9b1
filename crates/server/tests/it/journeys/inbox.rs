//! What members do in a conversation, what is unread, and that none of it reaches a CRM.

use causeway::{
    inbox::{self, ActRefused, By, Change},
    serve,
    store::{
        conversation_list::{self, Conversation},
        thread::{self, Item, What},
    },
};
use causeway_core::{
    plan::settings::{ChatSync, Shape},
    timeline::{Act, Memo, MemoRefused, Status},
};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    store::engine::{Place, on_both_engines},
    world::{START, World},
};

on_both_engines!(
    what_the_customer_writes_is_unread_until_somebody_looks,
    late_messages_are_unread_and_repeats_and_history_are_not,
    an_answer_of_the_team_is_looking_too_unless_it_is_older,
    a_memo_is_an_item_of_whoever_wrote_it,
    a_text_that_is_no_memo_is_refused_and_leaves_nothing,
    an_assignment_says_from_whom_to_whom_and_only_when_it_changes,
    a_status_says_from_what_to_what_and_a_customers_message_opens_again,
    a_change_that_is_refused_changes_nothing,
    memos_assignments_and_statuses_never_reach_the_crm,
    contacts_of_before_are_found_after_a_start,
);

async fn conversation(world: &World, message: &str) -> Conversation {
    let (workspace_id, id) = (world.workspace_id, world.message(message).await.conversation_id);
    let found = world.app.db.read(move |tx| Box::pin(conversation_list::find(tx, workspace_id, id)));
    found.await.unwrap().unwrap()
}

async fn unread(world: &World) -> i64 {
    conversation(world, "wamid.1").await.unread
}

async fn items(world: &World) -> Vec<Item> {
    let (workspace_id, id) = (world.workspace_id, world.message("wamid.1").await.conversation_id);
    let page = world.app.db.read(move |tx| Box::pin(thread::page(tx, workspace_id, id, None)));
    page.await.unwrap().items
}

async fn acts(world: &World) -> Vec<Act> {
    let acts = items(world).await.into_iter().filter_map(|item| match item.what {
        What::Act(act) => Some(act),
        _ => None,
    });
    acts.collect()
}

async fn by(world: &World, member_id: i64) -> By {
    let conversation_id = world.message("wamid.1").await.conversation_id;
    By { workspace_id: world.workspace_id, member_id, conversation_id }
}

/// The team answered from the phone; the provider echoes it.
async fn answer(world: &World, id: &str, at_seconds: i64) {
    let echo = json!({"from": "81312345678", "to": "819012345678", "id": id,
        "timestamp": at_seconds.to_string(), "type": "text", "text": {"body": "we are on it"}});
    world.post(vec![world.sender.change("smb_message_echoes", json!({"message_echoes": [echo]}))]).await;
    world.digest().await;
}

fn history(world: &World, id: &str) -> Value {
    let text = json!({"from": "819012345678", "id": id, "timestamp": (START - 9_000_000).to_string(),
        "type": "text", "text": {"body": "last year"}, "history_context": {"status": "READ"}});
    let thread = json!({"id": "819012345678", "messages": [text]});
    let piece = json!({"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [thread]});
    world.sender.change("history", json!({"history": [piece]}))
}

async fn what_the_customer_writes_is_unread_until_somebody_looks(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.receive(&hanako(), "wamid.2", "are you there?").await;
    assert_eq!(unread(&world).await, 2);
    let by = by(&world, world.member("Kenji", "kenji@acme.test").await).await;
    assert!(inbox::mark_read(&world.app, by).await.unwrap());
    assert!(!inbox::mark_read(&world.app, by).await.unwrap());
    assert_eq!(unread(&world).await, 0);
    let elsewhere = By { workspace_id: world.workspace_id + 1, ..by };
    assert!(matches!(inbox::mark_read(&world.app, elsewhere).await, Err(ActRefused::NoConversation)));
}

async fn late_messages_are_unread_and_repeats_and_history_are_not(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    assert_eq!(unread(&world).await, 1, "a repeat");
    world.post(vec![history(&world, "wamid.0")]).await;
    world.post(vec![world.sender.reaction(&hanako(), "wamid.r", START, "wamid.1", Some("👍"))]).await;
    world.post(vec![world.sender.edit(&hanako(), "wamid.e", START + 1, "wamid.1", "hi")]).await;
    world.digest().await;
    assert_eq!(unread(&world).await, 1, "history, a reaction, an edit");
    world.receive_at(&hanako(), "wamid.2", START - 60, "first of all").await;
    assert_eq!(unread(&world).await, 2, "it was sent before and came after");
}

async fn an_answer_of_the_team_is_looking_too_unless_it_is_older(place: Place) {
    let world = World::new(place).await;
    world.receive_at(&hanako(), "wamid.1", START, "hello").await;
    answer(&world, "wamid.a", START - 30).await;
    assert_eq!(unread(&world).await, 1, "what was sent before answers nothing");
    answer(&world, "wamid.b", START + 30).await;
    assert_eq!(unread(&world).await, 0);
}

async fn a_memo_is_an_item_of_whoever_wrote_it(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let kenji = world.member("Kenji", "kenji@acme.test").await;
    let id = inbox::write_memo(&world.app, by(&world, kenji).await, " call back\r\nat nine ").await.unwrap();
    let items = items(&world).await;
    let memo = items.last().unwrap();
    assert_eq!(memo.id, id);
    assert_eq!(memo.what, What::Act(Act::Memo(Memo::new("call back\nat nine").unwrap())));
    assert_eq!((memo.at, memo.member.clone()), (world.app.now(), Some((kenji, "Kenji".into()))));
    let last_at = conversation(&world, "wamid.1").await.last_at;
    assert_eq!(last_at, START * 1_000_000, "the list is ordered by what was said");
}

async fn a_text_that_is_no_memo_is_refused_and_leaves_nothing(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let by = by(&world, 1).await;
    let long = "x".repeat(Memo::LONGEST + 1);
    for (text, why) in [
        (" \n", MemoRefused::Empty),
        (long.as_str(), MemoRefused::TooLong(Memo::LONGEST + 1)),
        ("a\0b", MemoRefused::Nul),
    ] {
        let refused = inbox::write_memo(&world.app, by, text).await.unwrap_err();
        assert!(matches!(refused, ActRefused::Memo(found) if found == why), "{refused}");
    }
    let elsewhere = By { workspace_id: world.workspace_id + 1, ..by };
    let refused = inbox::write_memo(&world.app, elsewhere, "text").await.unwrap_err();
    assert!(matches!(refused, ActRefused::NoConversation));
    assert_eq!(items(&world).await.len(), 1);
}

async fn an_assignment_says_from_whom_to_whom_and_only_when_it_changes(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let (kenji, yuki) =
        (world.member("Kenji", "kenji@acme.test").await, world.member("Yuki", "yuki@acme.test").await);
    let by = by(&world, kenji).await;
    for (assignee, changes) in
        [(Some(kenji), true), (Some(kenji), false), (Some(yuki), true), (None, true), (None, false)]
    {
        let item = inbox::assign(&world.app, by, assignee).await.unwrap();
        assert_eq!(item.is_some(), changes, "{assignee:?}");
        let theirs = conversation(&world, "wamid.1").await.assignee.map(|(id, _)| id);
        assert_eq!(theirs, assignee);
    }
    let expected = [(None, Some(kenji)), (Some(kenji), Some(yuki)), (Some(yuki), None)];
    let expected = expected.map(|(before, after)| Act::Assignment { before, after });
    assert_eq!(acts(&world).await, expected);
}

async fn a_status_says_from_what_to_what_and_a_customers_message_opens_again(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let by = by(&world, 1).await;
    assert_eq!(inbox::set_status(&world.app, by, Status::Open).await.unwrap(), None);
    for status in [Status::Pending, Status::Closed] {
        assert!(inbox::set_status(&world.app, by, status).await.unwrap().is_some());
        assert_eq!(conversation(&world, "wamid.1").await.status, status);
    }
    let expected = [(Status::Open, Status::Pending), (Status::Pending, Status::Closed)];
    assert_eq!(acts(&world).await, expected.map(|(before, after)| Act::Status { before, after }));
    world.receive(&hanako(), "wamid.2", "one more thing").await;
    assert_eq!(conversation(&world, "wamid.1").await.status, Status::Open);
}

async fn a_change_that_is_refused_changes_nothing(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let by = by(&world, 1).await;
    let wish = Change { assignee: Some(Some(77)), status: Some(Status::Closed) };
    let refused = inbox::change(&world.app, by, wish).await.unwrap_err();
    assert!(matches!(refused, ActRefused::NoMember));
    let elsewhere = By { workspace_id: world.workspace_id + 1, ..by };
    let wish = Change { status: Some(Status::Closed), ..Change::default() };
    let refused = inbox::change(&world.app, elsewhere, wish).await.unwrap_err();
    assert!(matches!(refused, ActRefused::NoConversation));
    assert_eq!(conversation(&world, "wamid.1").await.status, Status::Open);
    assert!(acts(&world).await.is_empty());
}

/// Neither when it is done, nor when what waits is sliced again.
async fn memos_assignments_and_statuses_never_reach_the_crm(place: Place) {
    let world = World::new(place).await;
    world.change_settings(ChatSync { shape: Shape::Hour, ..ChatSync::default() }).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let kenji = world.member("Kenji", "kenji@acme.test").await;
    let by = by(&world, kenji).await;
    inbox::write_memo(&world.app, by, "a secret of the house").await.unwrap();
    inbox::assign(&world.app, by, Some(kenji)).await.unwrap();
    inbox::set_status(&world.app, by, Status::Pending).await.unwrap();
    world.change_settings(ChatSync { shape: Shape::PerMessage, ..ChatSync::default() }).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
    inbox::write_memo(&world.app, by, "another secret").await.unwrap();
    world.settle().await;
    assert_eq!(world.records("Task").await.len(), 1);
    assert_eq!(acts(&world).await.len(), 4);
    let marks = items(&world).await.into_iter().filter_map(|item| match item.what {
        What::Message(message) => Some(message.entries),
        _ => None,
    });
    let states: Vec<String> = marks.flatten().map(|mark| mark.state).collect();
    assert_eq!(states, ["written"]);
}

async fn contacts_of_before_are_found_after_a_start(place: Place) {
    let world = World::new(place).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    world.place.forget_words().await;
    assert_eq!(serve::word_old(&world.app).await.unwrap(), 1);
    assert_eq!(serve::word_old(&world.app).await.unwrap(), 0);
    let search = causeway_core::search::Search::read("hanako 090 1234", "JP".parse().ok());
    let (workspace_id, filter) =
        (world.workspace_id, conversation_list::Filter { search, ..Default::default() });
    let page = world.app.db.read(move |tx| {
        Box::pin(async move { conversation_list::page(tx, workspace_id, &filter, None).await })
    });
    assert_eq!(page.await.unwrap().rows.len(), 1);
}
