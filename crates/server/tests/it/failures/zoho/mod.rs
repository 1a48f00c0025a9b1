//! The same on Zoho CRM: it has no key by which a write could be repeated, its search lags, half a batch may fail, and a
//! note that grows is written again and again.

mod again;
mod meddled;

use std::time::Duration;

use causeway::store::connection::State;
use serde_json::{Value, json};

use super::{
    crashes::die_at_every_request,
    every_fault::{strike, strike_as_only_zoho_does},
    grants::refuse_at_every_request,
    ground::Ground,
    lost_answers::lose,
    nodes::{outlive, two_at_once},
    story::{Story, calm},
    tally::{Chapter, Tally},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{World, crm::Asking},
};

on_both_engines!(
    any_fault_of_any_request_once,
    any_fault_of_its_own_of_any_request_once,
    refusals_of_tokens_that_come_with_status_200_pass_and_end_as_they_say,
    answers_that_are_lost_one_by_one,
    answers_that_are_lost_by_sevens,
    answers_that_are_lost_by_sevens_with_a_note_for_each_message,
    a_node_that_dies_at_any_request,
    a_node_that_outlives_its_lease,
    two_nodes_at_once,
    a_grant_that_is_refused_at_any_request,
    what_people_do_in_the_org_meanwhile,
    a_search_that_lags_behind_lost_answers,
);

async fn any_fault_of_any_request_once(place: Place) {
    strike(place, Ground::Days, 1).await;
}

async fn any_fault_of_its_own_of_any_request_once(place: Place) {
    strike_as_only_zoho_does(place, Ground::Days, 1).await;
}

/// One word ends the grant, and says so; all others are asked again.
async fn refusals_of_tokens_that_come_with_status_200_pass_and_end_as_they_say(place: Place) {
    let mut tally = Tally::open("zoho-token-words", Chapter::Zoho, &place);
    let mut world = World::on(place, Ground::Days).await;
    let mut story = Ground::Days.story();
    for (status, code) in [(400, "Access Denied"), (200, "Access Denied")] {
        world.sim("POST", "options", json!({"throttle_status": status})).await;
        world.expire_sessions().await;
        world.curtain().strike(json!({"kind": "token_throttled", "times": 1}), Asking::Renews).await;
        let before = world.token_requests().await;
        story.tell(&world, &[0, 1, 0]).await;
        calm(&world, &world.app, Duration::from_mins(14)).await;
        assert_eq!(world.token_requests().await, before + 1, "{code} with {status}: left alone for a while");
        calm(&world, &world.app, Duration::from_hours(2)).await;
        tally.judge((&format!("{status} with {code}"), "renewing the token"), &story, &world).await;
    }
    for code in ["unsupported_grant_type", "invalid_redirect_uri", "invalid_code"] {
        world.expire_sessions().await;
        let refused = json!({"kind": "token_refused", "code": code, "times": 1});
        world.curtain().strike(refused, Asking::Renews).await;
        story.tell(&world, &[2, 3, 2]).await;
        calm(&world, &world.app, Duration::from_secs(40)).await;
        let is_lost = world.connection().await.state == State::Lost;
        assert_eq!(is_lost, code == "invalid_code", "{code}");
        if is_lost {
            world.reconnect().await.unwrap();
            calm(&world, &world.app, Duration::from_hours(2)).await;
        }
        tally.judge((&format!("200 with {code}"), "renewing the token"), &story, &world).await;
    }
    tally.end();
}

async fn answers_that_are_lost_one_by_one(place: Place) {
    lose(place, Ground::Days, (1, 30)).await;
}

async fn answers_that_are_lost_by_sevens(place: Place) {
    lose(place, Ground::Days, (7, 30)).await;
}

async fn answers_that_are_lost_by_sevens_with_a_note_for_each_message(place: Place) {
    lose(place, Ground::Notes, (7, 30)).await;
}

async fn a_node_that_dies_at_any_request(place: Place) {
    die_at_every_request(place, Ground::Days, true).await;
}

async fn a_node_that_outlives_its_lease(place: Place) {
    outlive(place, Ground::Days).await;
}

async fn two_nodes_at_once(place: Place) {
    two_at_once(place, Ground::Days).await;
}

async fn a_grant_that_is_refused_at_any_request(place: Place) {
    refuse_at_every_request(place, &[Ground::Days]).await;
}

/// What somebody does while answers are lost.
const DEEDS: [&str; 5] = [
    "person deleted",
    "person merged into another",
    "right to write withdrawn for an hour",
    "tokens throttled for an hour",
    "field of the lead source removed",
];

async fn what_people_do_in_the_org_meanwhile(place: Place) {
    let mut tally = Tally::open("zoho-meddling", Chapter::Zoho, &place);
    for deed in DEEDS {
        let world = World::on(place.another().await, Ground::Days).await;
        let mut story = Ground::Days.story();
        for person in 0..4 {
            Story::know(&world, person).await;
        }
        for round in 0..4 {
            story.tell(&world, &[round, round + 4, round]).await;
            world.digest().await;
            let lost = json!({"kind": "commit_then_cut", "times": 1});
            world.curtain().strike(lost, Asking::WritesEntries).await;
            meddle(&world, &mut story, deed, round).await;
            calm(&world, &world.app, Duration::from_hours(2)).await;
            undo(&world, deed).await;
            calm(&world, &world.app, Duration::from_hours(26)).await;
            story.tell(&world, &[round, round + 4]).await;
            calm(&world, &world.app, Duration::from_hours(2)).await;
        }
        tally.judge((deed, "while the answer of writing is lost"), &story, &world).await;
    }
    tally.end();
}

async fn meddle(world: &World, story: &mut Story, deed: &str, round: usize) {
    let people = world.people().await;
    let phone = format!("+{}", super::story::number(round));
    let known = people.iter().find(|person| person.phone == phone).unwrap().id.clone();
    match deed {
        "person deleted" => {
            // The notes of a deleted person go with it, and nobody has to write them again.
            story.take_away_all_of(round);
            world.delete("Contacts", &known).await;
        }
        "person merged into another" => {
            let winner = world.know("Winner", &phone).await;
            world.sim("POST", "merge", json!({"winner": winner, "loser": known})).await;
        }
        "right to write withdrawn for an hour" => {
            let rights =
                json!({"user": "*", "no_create": ["Notes", "Contacts"], "no_edit": ["Notes", "Contacts"]});
            world.sim("POST", "permissions", rights).await;
        }
        "tokens throttled for an hour" => {
            world.expire_sessions().await;
            world.curtain().strike(json!({"kind": "token_throttled"}), Asking::Renews).await;
        }
        _ => {
            if round == 0 {
                world.sim("DELETE", "fields?module=Contacts&name=Lead_Source", Value::Null).await;
            }
        }
    }
}

async fn undo(world: &World, deed: &str) {
    world.sim("DELETE", "faults", Value::Null).await;
    if deed.starts_with("right") {
        world.sim("POST", "permissions", json!({"user": "*"})).await;
    }
}

/// What a search does not see yet makes nobody and nothing twice.
async fn a_search_that_lags_behind_lost_answers(place: Place) {
    let mut tally = Tally::open("zoho-late-search", Chapter::Zoho, &place);
    let world = World::on(place, Ground::Days).await;
    world.sim("POST", "options", json!({"index_delay_seconds": 900})).await;
    let mut story = Ground::Days.story();
    for round in 0..10 {
        for asking in [Asking::MakesPeople, Asking::WritesEntries] {
            world.curtain().strike(json!({"kind": "commit_then_cut", "times": 1}), asking).await;
        }
        story.tell(&world, &[2 * round, 2 * round + 1, 2 * round]).await;
        calm(&world, &world.app, Duration::from_hours(1)).await;
    }
    tally
        .judge(("index of the search 15 min late", "making people and writing entries"), &story, &world)
        .await;
    tally.end();
}
