//! A member links somebody by hand while the lane is at work on that very person: what the member chose stands.

use std::time::Duration;

use causeway::{
    holds::{self, LinkWish},
    lane,
};
use causeway_core::record::{Module, RecordRef};
use futures_util::future::{Either, select};
use serde_json::{Value, json};

use super::{
    story::{Findings, Story, calm, number},
    trap::{Gate, Side},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    a_link_made_by_hand_during_any_request_stands,
    a_link_made_by_hand_during_any_request_of_an_org_with_a_field_stands,
);

async fn a_link_made_by_hand_during_any_request_stands(place: Place) {
    link_at_every_request(place, false).await;
}

async fn a_link_made_by_hand_during_any_request_of_an_org_with_a_field_stands(place: Place) {
    link_at_every_request(place, true).await;
}

/// The lane stands still at each of its requests in turn, for somebody whom the org knows as a lead and for somebody
/// whom nobody knows; meanwhile a member links them to a contact.
async fn link_at_every_request(place: Place, has_external_id: bool) {
    let world = World::with(place, Setting { has_external_id, ..Setting::default() }).await;
    let mut story = Story::default();
    let mut superfluous = 0;
    for side in [Side::BeforeSending, Side::BeforeHearing] {
        for request in 0.. {
            let when = format!("at request {request}, {side:?}");
            let before = story.len();
            let customers = [before, before + 1];
            let lead =
                json!({"LastName": "Known", "Company": "Acme", "Phone": format!("+{}", number(before))});
            world.seed("Lead", lead).await;
            story.tell(&world, &[customers[0], customers[1], customers[0], customers[1]]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, side);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
            let mut chosen = Vec::new();
            for place in 1..=2 {
                // Nothing but the member's choice leads to this one.
                let id = world.seed("Contact", json!({"LastName": "Chosen"})).await;
                chosen.push(RecordRef { module: Module::Contact, id });
                link(&world, &format!("wamid.{}", before + place), &chosen[place - 1]).await;
            }
            gate.open();
            pass.await.unwrap();
            calm(&world, &world.app, Duration::from_hours(1)).await;
            story.tell(&world, &customers).await;
            calm(&world, &world.app, Duration::from_hours(1)).await;
            for (place, record) in chosen.iter().enumerate() {
                let stands = world.person_of(&format!("wamid.{}", before + 1 + place)).await;
                assert_eq!(stands.record.as_ref(), Some(record), "{when}");
                let rules = stands.trace.unwrap_or_default().rules.join("; ");
                assert!(rules.contains("linked by Owner"), "{when}: {rules}");
                superfluous += usize::from(rules.contains("is not used"));
                let tasks = world.records("Task").await;
                let last = format!("(wamid.{})", before + 5 + place);
                let says = |task: &&Value| task["Description"].as_str().unwrap_or_default().contains(&last);
                assert_eq!(tasks.iter().find(says).unwrap()["WhoId"], record.id, "{when}");
            }
            // What was on its way before the choice stands where it was sent to.
            let findings = story.findings(&world).await;
            let expected = Findings { misplaced: findings.misplaced.clone(), ..Findings::default() };
            assert_eq!(findings, expected, "{when}");
        }
    }
    assert!(superfluous > 0, "a lead that was made in the same moment is named");
}

async fn link(world: &World, message: &str, record: &RecordRef) {
    let by = world.members().await.remove(0);
    let contact_id = world.message(message).await.contact_id.unwrap();
    let wish = LinkWish { contact_id, connection_id: world.connection_id, record: record.clone() };
    holds::link(&world.app, world.workspace_id, &by, wish).await.unwrap();
}
