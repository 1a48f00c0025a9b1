//! What people change in the org between any two of our requests.

use std::time::Duration;

use causeway::{holds, store::entry_list::Filter};
use causeway_core::plan::settings::ChatSync;
use futures_util::future::{Either, select};
use serde_json::{Value, json};

use super::{
    ground::Ground,
    story::{Story, calm, number},
    tally::{Chapter, Tally},
    trap::{Gate, Side},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    DeletePerson,
    MergePerson,
    ConvertLead,
    DeleteEntry,
    WithdrawPermission,
    WithdrawApi,
    HideKey,
    HideBody,
    Shorten,
    DeactivateOwner,
    AddKey,
    RemoveSource,
    Throttle,
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Self::DeletePerson => "person's record deleted",
            Self::MergePerson => "person's record merged",
            Self::ConvertLead => "lead converted",
            Self::DeleteEntry => "entry deleted",
            Self::WithdrawPermission => "permission withdrawn",
            Self::WithdrawApi => "API withdrawn from the user",
            Self::HideKey => "field of the key removed",
            Self::HideBody => "field of the text removed",
            Self::Shorten => "fields shortened",
            Self::DeactivateOwner => "owner deactivated",
            Self::AddKey => "field for the key added",
            Self::RemoveSource => "field of the lead source removed",
            Self::Throttle => "tokens throttled for hours",
        }
    }
}

const EVERYTHING: [Deed; 10] = [
    Deed::DeletePerson,
    Deed::MergePerson,
    Deed::ConvertLead,
    Deed::DeleteEntry,
    Deed::WithdrawPermission,
    Deed::WithdrawApi,
    Deed::HideKey,
    Deed::HideBody,
    Deed::Shorten,
    Deed::DeactivateOwner,
];

/// What happens to the first writing of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Comes,
    Lost,
}

on_both_engines!(
    whatever_people_change_between_two_requests_nothing_is_lost_or_repeated,
    whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated,
    a_field_for_the_key_that_is_added_after_a_lost_answer_repeats_nothing,
);

async fn whatever_people_change_between_two_requests_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, Ground::Token, Answer::Comes, &EVERYTHING).await;
}

async fn whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, Ground::Token, Answer::Lost, &EVERYTHING).await;
}

/// Everything after a lost answer, in an org with a field; under `./test --long` only.
pub async fn meddle_with_a_field(place: Place) {
    meddle(place, Ground::Field, Answer::Lost, &EVERYTHING).await;
}

async fn a_field_for_the_key_that_is_added_after_a_lost_answer_repeats_nothing(place: Place) {
    meddle(place, Ground::Token, Answer::Lost, &[Deed::AddKey]).await;
}

/// Each of these deeds before each request of a pass.
pub async fn meddle(place: Place, ground: Ground, answer: Answer, deeds: &[Deed]) {
    let name = format!("meddling-{answer:?}-{}-{}", ground.name(), deeds.len());
    let chapter = ground.chapter(Chapter::Org.keyed(ground.has_field()));
    let mut tally = Tally::open(&name, chapter, &place);
    for deed in deeds {
        let mut world = World::on(place.another().await, ground).await;
        let mut story = ground.story();
        for request in 0.. {
            eprintln!("{deed:?} {request} {answer:?}");
            let is_over = !interrupt((&mut world, ground), &mut story, *deed, answer, request).await;
            let after = if answer == Answer::Lost { "an answer was lost" } else { "the match" };
            let case = format!("between any two requests after {after}, {}", ground.words());
            tally.judge((deed.name(), &case), &story, &world).await;
            if is_over {
                assert!(request > 4, "{deed:?}: only {request} requests");
                break;
            }
        }
    }
    tally.end();
}

/// Somebody writes, and before the request of that place somebody else does it. `false`: there were fewer requests.
async fn interrupt(
    (world, ground): (&mut World, Ground),
    story: &mut Story,
    deed: Deed,
    answer: Answer,
    request: usize,
) -> bool {
    let person = story.len();
    let record = prepare(world, ground, person, deed).await;
    if answer == Answer::Lost {
        let lost = json!({"kind": "commit_then_cut", "times": 1});
        world.curtain().strike(lost, Asking::WritesEntries).await;
    }
    story.tell(world, &[person, person + 1, person]).await;
    let gate = Gate::at(world, request, Side::BeforeSending);
    let app = gate.in_front_of(&world.app);
    let resting = Box::pin(calm(world, &app, Duration::from_hours(2)));
    let was_reached = match select(resting, Box::pin(gate.reached())).await {
        Either::Left(_) => false,
        Either::Right(((), resting)) => {
            act(world, story, deed, (person, &record)).await;
            gate.open();
            resting.await;
            true
        }
    };
    drop(app);
    world.sim("DELETE", "faults", Value::Null).await;
    if was_reached {
        undo(world, deed).await;
    }
    // What the hold's own action says.
    holds::retry_all(&world.app, world.workspace_id, Filter::default(), true).await.unwrap();
    calm(world, &world.app, Duration::from_hours(2)).await;
    was_reached
}

/// The org knows the person as the deed needs it; answers the record's id.
async fn prepare(world: &World, ground: Ground, person: usize, deed: Deed) -> String {
    match deed {
        Deed::ConvertLead => {
            let ([_, leads], [_, last, phone, ..]) =
                (world.org.crm().people(), world.org.crm().person_fields());
            let lead = json!({(last): format!("Person {person}"), "Company": "-", (phone): format!("+{}", number(person))});
            world.seed(leads, lead).await
        }
        Deed::DeactivateOwner => {
            let jonas = world.user("jonas").await;
            world.sim("POST", "users", json!({"id": jonas, "active": true})).await;
            let settings = ChatSync { default_owner: Some(jonas.clone()), ..ground.setting().settings };
            world.change_settings(settings).await;
            jonas
        }
        _ => Story::know(world, person).await,
    }
}

async fn act(world: &World, story: &mut Story, deed: Deed, (person, record): (usize, &str)) {
    let crm = world.org.crm();
    let ([contacts, leads], [_, last, phone, .., source, _]) = (crm.people(), crm.person_fields());
    let hide = |fields: &[String]| json!({"user": "*", "hidden_fields": fields});
    match deed {
        Deed::DeletePerson => {
            let before = world.entries().await;
            world.delete(contacts, record).await;
            // Where entries go with their person, nobody has to write them again.
            let after = world.entries().await;
            before
                .iter()
                .filter(|entry| !after.contains(entry))
                .for_each(|entry| story.take_away(&entry.body));
        }
        Deed::MergePerson => {
            let winner = world.seed(contacts, json!({(last): "Winner"})).await;
            world.sim("POST", "merge", json!({"winner": winner, "loser": record})).await;
            world.edit(contacts, &winner, json!({(phone): format!("+{}", number(person))})).await;
        }
        Deed::ConvertLead => {
            world.sim("POST", "convert", json!({"lead": record})).await;
        }
        Deed::DeleteEntry => {
            for entry in world.entries().await.iter().rev().take(1) {
                story.take_away(&entry.body);
                world.delete(entry.module, &entry.id).await;
            }
        }
        Deed::WithdrawPermission => {
            let entries = crm.entries()[0];
            let new = if crm.name() == "zoho" { contacts } else { leads };
            let withdrawn =
                json!({"user": "*", "no_create": [entries, new], "no_edit": [contacts, leads, entries]});
            world.sim("POST", "permissions", withdrawn).await;
        }
        Deed::WithdrawApi => {
            world.sim("POST", "permissions", json!({"user": "*", "api_disabled": true})).await;
        }
        Deed::HideKey => {
            let fields = hide(&["Task.CallObject".into(), "Task.Causeway_Key__c".into()]);
            world.sim("POST", "permissions", fields).await;
        }
        Deed::HideBody => {
            let entries = crm.entries()[0];
            let [_, body, _] = crm.entry_fields(entries);
            world.sim("POST", "permissions", hide(&[format!("{entries}.{body}")])).await;
        }
        Deed::Shorten => lengths(world, 60, 300).await,
        Deed::DeactivateOwner => {
            world.sim("POST", "users", json!({"id": record, "active": false})).await;
        }
        Deed::AddKey => {
            let field = json!({"object": "Task", "name": "Causeway_Key__c", "external_id": true});
            world.sim("POST", "fields", field).await;
            // The day's description is due.
            let id = world.connection_id;
            let forget =
                world.app.db.write(move |tx| Box::pin(causeway::store::connection::forget_profile(tx, id)));
            forget.await.unwrap();
        }
        Deed::RemoveSource => {
            world.sim("DELETE", &format!("fields?module={contacts}&name={source}"), Value::Null).await;
        }
        Deed::Throttle => {
            world.expire_sessions().await;
            world.curtain().strike(json!({"kind": "token_throttled"}), Asking::Renews).await;
        }
    }
}

async fn undo(world: &World, deed: Deed) {
    match deed {
        Deed::WithdrawPermission | Deed::WithdrawApi | Deed::HideKey | Deed::HideBody => {
            world.sim("POST", "permissions", json!({"user": "*"})).await;
        }
        Deed::Shorten => lengths(world, 255, 32_000).await,
        Deed::RemoveSource => {
            let field = json!({"object": "Contacts", "name": "Lead_Source", "data_type": "picklist"});
            world.sim("POST", "fields", field).await;
        }
        _ => {}
    }
}

async fn lengths(world: &World, subject: u32, body: u32) {
    for (name, length) in [("Subject", subject), ("Description", body)] {
        world.sim("POST", "fields", json!({"object": "Task", "name": name, "length": length})).await;
    }
}
