//! A member links somebody by hand while the lane is at work on that very person: what the member chose stands.

use std::time::Duration;

use causeway::{
    holds::{self, LinkWish},
    lane,
};
use causeway_core::record::{Module, RecordRef};
use futures_util::future::{Either, select};
use serde_json::json;

use super::{
    ground::Ground,
    story::{Findings, calm, number, set_clocks},
    trap::{Gate, Side},
};
use crate::{
    store::engine::{Place, on_both_engines},
    world::World,
};

on_both_engines!(
    a_link_made_by_hand_during_any_request_stands,
    a_link_made_by_hand_during_any_request_of_an_org_with_a_field_stands,
);

async fn a_link_made_by_hand_during_any_request_stands(place: Place) {
    link_at_every_request(place, Ground::Token).await;
}

async fn a_link_made_by_hand_during_any_request_of_an_org_with_a_field_stands(place: Place) {
    link_at_every_request(place, Ground::Field).await;
}

/// The lane stands still at each of its requests in turn, for somebody whom the org knows as a lead and for somebody
/// whom nobody knows; meanwhile a member links them to a contact.
pub async fn link_at_every_request(place: Place, ground: Ground) {
    let world = World::on(place, ground).await;
    let mut story = ground.story();
    let ([contacts, leads], [_, last, phone, ..]) =
        (world.org.crm().people(), world.org.crm().person_fields());
    let mut superfluous = 0;
    for side in [Side::BeforeSending, Side::BeforeHearing] {
        for request in 0.. {
            let when = format!("at request {request}, {side:?}");
            let before = story.len();
            let customers = [before, before + 1];
            let lead = json!({(last): "Known", "Company": "Acme", (phone): format!("+{}", number(before))});
            world.seed(leads, lead).await;
            story.tell(&world, &[customers[0], customers[1], customers[0], customers[1]]).await;
            world.digest().await;
            let gate = Gate::at(&world, request, side);
            let app = gate.in_front_of(&world.app);
            let pass = Box::pin(lane::pass(&app, world.connection_id));
            let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else { break };
            let mut chosen = Vec::new();
            for place in 1..=2 {
                // Nothing but the member's choice leads to this one.
                let id = world.seed(contacts, json!({(last): "Chosen"})).await;
                chosen.push(RecordRef { module: Module::Contact, id });
                link(&world, &format!("wamid.{}", before + place), &chosen[place - 1]).await;
            }
            gate.open();
            pass.await.unwrap();
            calm(&world, &world.app, Duration::from_hours(1)).await;
            if story.is_grouped {
                // What has begun stays where it is; the next day's goes to the record of choice.
                set_clocks(&world, world.app.now() + 86_400_000_000);
            }
            story.tell(&world, &customers).await;
            calm(&world, &world.app, Duration::from_hours(1)).await;
            for (place, record) in chosen.iter().enumerate() {
                let stands = world.person_of(&format!("wamid.{}", before + 1 + place)).await;
                assert_eq!(stands.record.as_ref(), Some(record), "{when}");
                let rules = stands.trace.unwrap_or_default().rules.join("; ");
                assert!(rules.contains("linked by Owner"), "{when}: {rules}");
                superfluous += usize::from(rules.contains("is not used"));
                let entries = world.entries().await;
                let told = format!("message {};", before + 5 + place);
                let entry = entries.iter().find(|entry| entry.body.contains(&told)).unwrap();
                assert_eq!(entry.on, record.id, "{when}");
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
