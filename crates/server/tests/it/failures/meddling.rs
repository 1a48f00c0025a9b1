//! What people change in the org between any two of our requests.

use std::time::Duration;

use causeway::{holds, store::entry_list::Filter};
use causeway_core::plan::settings::ChatSync;
use futures_util::future::{Either, select};
use serde_json::{Value, json};

use super::{
    story::{Story, calm, number},
    tally::{Chapter, Tally},
    trap::{Gate, Side},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
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
enum Answer {
    Comes,
    Lost,
}

on_both_engines!(
    whatever_people_change_between_two_requests_nothing_is_lost_or_repeated,
    whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated,
    a_field_for_the_key_that_is_added_after_a_lost_answer_repeats_nothing,
);

async fn whatever_people_change_between_two_requests_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, false, Answer::Comes, &EVERYTHING).await;
}

async fn whatever_people_change_after_a_lost_answer_nothing_is_lost_or_repeated(place: Place) {
    meddle(place, false, Answer::Lost, &EVERYTHING).await;
}

/// Everything after a lost answer, in an org with a field; under `./test --long` only.
pub async fn meddle_with_a_field(place: Place) {
    meddle(place, true, Answer::Lost, &EVERYTHING).await;
}

async fn a_field_for_the_key_that_is_added_after_a_lost_answer_repeats_nothing(place: Place) {
    meddle(place, false, Answer::Lost, &[Deed::AddKey]).await;
}

async fn meddle(place: Place, has_external_id: bool, answer: Answer, deeds: &[Deed]) {
    let key = if has_external_id { "a field" } else { "a token" };
    let name = format!("meddling-{answer:?}-{key}-{}", deeds.len()).replace(' ', "-");
    let mut tally = Tally::open(&name, Chapter::Org.keyed(has_external_id), &place);
    for deed in deeds {
        let setting = Setting { has_external_id, ..Setting::default() };
        let mut world = World::with(place.another().await, setting).await;
        let mut story = Story::default();
        for request in 0.. {
            eprintln!("{deed:?} {request} {answer:?}");
            let is_over = !interrupt(&mut world, &mut story, *deed, answer, request).await;
            let after = if answer == Answer::Lost { "an answer was lost" } else { "the match" };
            let case = format!("between any two requests after {after}, {key}");
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
async fn interrupt(world: &mut World, story: &mut Story, deed: Deed, answer: Answer, request: usize) -> bool {
    let person = story.len();
    let record = prepare(world, person, deed).await;
    if answer == Answer::Lost {
        let lost =
            json!({"kind": "commit_then_cut", "path": "composite/sobjects", "object": "Task", "times": 1});
        world.sim("POST", "faults", lost).await;
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
async fn prepare(world: &World, person: usize, deed: Deed) -> String {
    match deed {
        Deed::ConvertLead => {
            let lead = json!({"LastName": format!("Person {person}"), "Company": "-", "Phone": format!("+{}", number(person))});
            world.seed("Lead", lead).await
        }
        Deed::DeactivateOwner => {
            let jonas = world.user("jonas").await;
            world.sim("POST", "users", json!({"id": jonas, "active": true})).await;
            let settings = ChatSync { default_owner: Some(jonas.clone()), ..ChatSync::default() };
            world.change_settings(settings).await;
            jonas
        }
        _ => Story::know(world, person).await,
    }
}

async fn act(world: &World, story: &mut Story, deed: Deed, (person, record): (usize, &str)) {
    let hide = |field: &str| json!({"user": "*", "hidden_fields": [field]});
    match deed {
        Deed::DeletePerson => world.delete("Contact", record).await,
        Deed::MergePerson => {
            let winner = world.seed("Contact", json!({"LastName": "Winner"})).await;
            world.sim("POST", "merge", json!({"winner": winner, "loser": record})).await;
            world.edit("Contact", &winner, json!({"Phone": format!("+{}", number(person))})).await;
        }
        Deed::ConvertLead => {
            world.sim("POST", "convert", json!({"lead": record})).await;
        }
        Deed::DeleteEntry => {
            for task in world.records("Task").await.iter().rev().take(1) {
                story.take_away(task["Description"].as_str().unwrap());
                world.delete("Task", task["Id"].as_str().unwrap()).await;
            }
        }
        Deed::WithdrawPermission => {
            let withdrawn =
                json!({"user": "*", "no_create": ["Task", "Lead"], "no_edit": ["Contact", "Lead", "Task"]});
            world.sim("POST", "permissions", withdrawn).await;
        }
        Deed::WithdrawApi => {
            world.sim("POST", "permissions", json!({"user": "*", "api_disabled": true})).await;
        }
        Deed::HideKey => {
            let fields = json!({"user": "*", "hidden_fields": ["Task.CallObject", "Task.Causeway_Key__c"]});
            world.sim("POST", "permissions", fields).await;
        }
        Deed::HideBody => {
            world.sim("POST", "permissions", hide("Task.Description")).await;
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
    }
}

async fn undo(world: &World, deed: Deed) {
    match deed {
        Deed::WithdrawPermission | Deed::WithdrawApi | Deed::HideKey | Deed::HideBody => {
            world.sim("POST", "permissions", json!({"user": "*"})).await;
        }
        Deed::Shorten => lengths(world, 255, 32_000).await,
        _ => {}
    }
}

async fn lengths(world: &World, subject: u32, body: u32) {
    for (name, length) in [("Subject", subject), ("Description", body)] {
        world.sim("POST", "fields", json!({"object": "Task", "name": name, "length": length})).await;
    }
}
