//! API calls run out: who still gets some, what is foreseen, what people are told, what is put together meanwhile.

use std::time::Duration;

use causeway::{
    governor::{self, Look},
    panel::{self, Ask, Freshness},
    store::connection,
};
use causeway_core::{
    governor::{Outlook, Purpose},
    panel::view::View,
    plan::settings::{ChatSync, Shape},
    rights::Role,
    time::Timestamp,
};
use causeway_simulator::whatsapp::Customer;
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    failures::story::Story,
    store::engine::{Place, on_both_engines},
    world::{Setting, World},
};

on_both_engines!(
    an_org_with_twenty_calls_left_gets_what_unknown_people_said_after_the_reset,
    the_share_of_a_connection_stops_its_lane_and_not_its_panel,
    several_workspaces_on_one_org_spend_one_share,
    what_was_old_when_it_came_stops_before_what_is_new,
    looking_for_changes_stops_first_and_stops_nothing_else,
    short_calls_put_messages_together_where_that_is_allowed,
    short_calls_put_nothing_together_where_that_is_not_allowed,
    a_panel_that_finds_calls_wakes_the_lane,
    a_larger_share_is_used_at_once,
    asking_whether_there_are_calls_again_leaves_calls_to_panels,
);

const MINUTE: Duration = Duration::from_mins(1);

async fn look(world: &World) -> Look {
    governor::look(&world.app, &world.connection().await).await.unwrap()
}

/// Others make so many calls.
async fn others(world: &World, calls: u64) {
    world.sim("POST", "usage", json!({"more": calls})).await;
}

async fn used(world: &World) -> u64 {
    // A word of the control plane that sets nothing tells how many there are.
    world.sim("POST", "usage", json!({"more": 0})).await["used"].as_u64().unwrap()
}

async fn is_stopped(world: &World) -> bool {
    governor::is_stopped(&world.connection().await, world.app.now())
}

/// Somebody looks at that person's panel, and wants what is there now.
async fn panel(world: &World, contact_id: i64) -> View {
    let (workspace_id, connection_id) = (world.workspace_id, world.connection_id);
    let ask = Ask { workspace_id, contact_id, connection_id, role: Role::Agent };
    panel::view(&world.app, ask, Freshness::Fresh).await.unwrap()
}

fn at(outlook: Outlook) -> Timestamp {
    let Outlook::At(at) = outlook else { panic!("it is foreseen: {outlook:?}") };
    at
}

/// What came is as far from the forecast as a tenth of the time ahead at most.
fn assert_foreseen(told: Outlook, asked_at: i64, came: i64, what: &str) {
    let told = at(told).0;
    let off = (told - came).abs();
    assert!(off * 10 <= came - asked_at, "{what}: told {told}, came {came}, asked at {asked_at}");
}

/// R3.36, R3.37, X17
async fn an_org_with_twenty_calls_left_gets_what_unknown_people_said_after_the_reset(place: Place) {
    // The full size runs among the long tests.
    let people = if matches!(place, Place::Postgres(_)) { 300 } else { 2_000 };
    show(place, people).await;
}

/// The show: others use the org up within hours, 20 calls are left, so many unknown people write, and a day later
/// everything is written. Answers what it took.
pub async fn show(place: Place, people: usize) -> String {
    const LIMIT: u64 = 100_000;
    let world = World::new(place).await;
    let mut story = Story::default();
    // The morning: others make 16,000 calls an hour; one customer writes now and then.
    story.tell(&world, &[people]).await;
    world.settle().await;
    let contact_id = world.message("wamid.1").await.contact_id.unwrap();
    let (mut told, mut steps) = (None, 0);
    while !is_stopped(&world).await {
        others(&world, 16_000 / 12).await;
        story.tell(&world, &[people]).await;
        world.after(5 * MINUTE).await;
        steps += 1;
        if steps == 36 {
            told = Some((look(&world).await.forecast.reached, world.app.now()));
        }
        assert!(steps < 12 * 24, "the lane leaves a reserve");
    }
    let (told, asked_at) = told.unwrap();
    assert_foreseen(told, asked_at, world.app.now(), "when calls run out");
    // Others go on until 20 are left.
    others(&world, LIMIT - 20 - used(&world).await).await;
    // Everybody writes.
    for from in (0..people).step_by(500) {
        story.tell(&world, &(from..people.min(from + 500)).collect::<Vec<_>>()).await;
        world.settle().await;
    }
    let waiting = look(&world).await.waiting.0;
    assert!(waiting >= people as u64, "nothing is dropped: {waiting} wait");
    assert_eq!(world.records("Lead").await.len(), 1, "nothing is written");
    // Somebody looks at a panel now and then, and sees it each time.
    for _ in 0..6 {
        world.after(30 * MINUTE).await;
        assert!(matches!(panel(&world, contact_id).await, View::Matched(_)), "the panel answers");
    }
    let (ahead, asked_at) = (look(&world).await, world.app.now());
    assert!(used(&world).await < LIMIT, "the lane has not taken what panels need");
    let before = calls(&world).await;
    while is_stopped(&world).await || look(&world).await.waiting.0 > 0 {
        world.after(15 * MINUTE).await;
        assert!(world.app.now() - asked_at < 30 * 3_600_000_000, "it drains by itself");
    }
    assert_foreseen(ahead.forecast.goes_on, asked_at, world.app.now(), "when the lane goes on");
    assert_foreseen(ahead.forecast.written, asked_at, world.app.now(), "when all is written");
    world.settle().await;
    story.check_all_written(&world, "after the reset").await;
    assert_eq!(world.records("Lead").await.len(), people + 1);
    let took = calls(&world).await - before;
    let foreseen = ahead.waiting.1;
    assert!(took <= foreseen + foreseen / 5 + 20, "{took} calls, {foreseen} were foreseen");
    assert!(took * 20 >= foreseen * 10, "{took} calls, {foreseen} were foreseen");
    format!(
        "{people} unknown people were found, made and written to with {took} calls; {foreseen} were foreseen"
    )
}

/// Our calls.
async fn calls(world: &World) -> u64 {
    let id = world.connection_id;
    let calls = world.app.db.read(move |tx| Box::pin(connection::calls(tx, id))).await.unwrap();
    calls.iter().map(|(_, calls)| u64::try_from(*calls).unwrap()).sum()
}

async fn allow(world: &World, share: Option<i64>, reserve: Option<i64>) {
    governor::change(&world.app, (world.workspace_id, 1), world.connection_id, share, reserve).await.unwrap();
}

/// X17, R5.23
async fn the_share_of_a_connection_stops_its_lane_and_not_its_panel(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    let contact_id = world.message("wamid.0").await.contact_id.unwrap();
    allow(&world, Some(1), None).await;
    for number in 1..=12 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    let here = look(&world).await;
    assert_eq!(here.standing.ours, 10, "one in a hundred of a thousand");
    assert!(is_stopped(&world).await && here.waiting.0 > 0);
    let detail = world.hold_of("wamid.12").await.unwrap().1;
    assert!(detail.contains("Causeway may spend 1 % of the org's 1,000 calls a day"), "{detail}");
    assert!(matches!(panel(&world, contact_id).await, View::Matched(_)));
    world.rest(Duration::from_mins(30), Duration::from_hours(26)).await;
    assert_eq!(world.texts().await.len(), 13);
}

/// Limits are the org's: whoever is connected to it counts.
async fn several_workspaces_on_one_org_spend_one_share(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    let org = world.connection().await;
    let now = world.app.now();
    let elsewhere = connection::Connection { workspace_id: 9, id: 9, ..org.clone() };
    let slot = causeway_core::governor::slot(Timestamp(now));
    world
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                connection::insert(tx, &elsewhere, 1, now).await?;
                for _ in 0..50 {
                    causeway::store::call_count::count(tx, (9, 9), slot, Purpose::Message, "write").await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    allow(&world, Some(5), None).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    assert!(is_stopped(&world).await, "the other workspace has spent the five in a hundred");
    assert_eq!(world.texts().await, ["text 0"]);
}

/// Right of way: what is new goes on while what was old waits.
async fn what_was_old_when_it_came_stops_before_what_is_new(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    others(&world, 850).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    let taro = Customer::with_number("819055555555", "Suzuki Taro");
    let old = world.seconds() - 3 * 86_400;
    world.receive_at(&taro, "wamid.old", old, "an old one").await;
    world.settle().await;
    assert_eq!(world.state_of("wamid.old").await, "due");
    assert!(!is_stopped(&world).await);
    world.hear(&hanako(), "wamid.2", "text 2").await;
    assert_eq!(world.texts().await, ["text 0", "text 1", "text 2"]);
    world.sim("POST", "usage", json!({"used": 10})).await;
    world.hear(&hanako(), "wamid.3", "text 3").await;
    world.settle().await;
    assert_eq!(world.state_of("wamid.old").await, "written");
    let by: Vec<_> = look(&world).await.in_window.iter().map(|(purpose, _)| *purpose).collect();
    assert!(by.contains(&Purpose::Backfill) && by.contains(&Purpose::Message), "{by:?}");
}

async fn looking_for_changes_stops_first_and_stops_nothing_else(place: Place) {
    let settings = ChatSync { create: causeway_core::plan::settings::Create::Off, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    // Somebody is held for want of a record, so changes are read each minute.
    world.hear(&hanako(), "wamid.0", "text 0").await;
    let checks = async || {
        let found = look(&world).await.in_window;
        found.iter().find(|(purpose, _)| *purpose == Purpose::Check).map_or(0, |one| one.1)
    };
    world.rest(MINUTE, 5 * MINUTE).await;
    assert!(checks().await >= 5);
    others(&world, 800).await;
    world.rest(MINUTE, 2 * MINUTE).await;
    let before = checks().await;
    world.rest(MINUTE, 10 * MINUTE).await;
    assert_eq!(checks().await, before, "85 in a hundred of what messages may use are spent");
    assert!(!is_stopped(&world).await);
    world.seed("Contact", json!({"LastName": "Suzuki", "Phone": "+819055555555"})).await;
    let taro = Customer::with_number("819055555555", "Suzuki Taro");
    world.hear(&taro, "wamid.1", "text 1").await;
    assert_eq!(world.texts().await, ["text 1"], "messages go on");
}

/// The org at which calls are near their end.
async fn short(place: Place, shape: Shape, group_when_short: bool) -> World {
    let settings = ChatSync { shape, group_when_short, ..ChatSync::default() };
    let world = World::with(place, Setting { settings, ..Setting::default() }).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    others(&world, 750).await;
    world.after(2 * MINUTE).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    world.after(2 * MINUTE).await;
    world
}

/// X17
async fn short_calls_put_messages_together_where_that_is_allowed(place: Place) {
    let world = short(place, Shape::PerMessage, true).await;
    assert!(look(&world).await.short_since.is_some());
    assert_eq!(world.texts().await, ["text 0", "text 1"]);
    for number in 2..=4 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(5 * MINUTE).await;
    }
    assert_eq!(world.texts().await.len(), 2, "they are gathered");
    let delivery = world.delivery("wamid.3").await;
    assert!(delivery.grouped_because.unwrap().contains("API calls ran short"));
    world.rest(15 * MINUTE, 75 * MINUTE).await;
    let texts = world.texts().await;
    assert_eq!(texts.len(), 3, "three messages are one entry: {texts:?}");
    assert!(["text 2", "text 3", "text 4"].iter().all(|text| texts[2].contains(text)), "{texts:?}");
    // What waits when calls are enough again is written at once, and what comes is as chosen.
    world.hear(&hanako(), "wamid.5", "text 5").await;
    assert_eq!(world.state_of("wamid.5").await, "due");
    world.sim("POST", "usage", json!({"used": 10})).await;
    assert!(matches!(
        panel(&world, world.message("wamid.5").await.contact_id.unwrap()).await,
        View::Matched(_)
    ));
    world.after(2 * MINUTE).await;
    world.settle().await;
    assert_eq!(look(&world).await.short_since, None);
    assert_eq!(world.state_of("wamid.5").await, "written");
    world.hear(&hanako(), "wamid.6", "text 6").await;
    assert_eq!(world.texts().await.len(), 5);
    assert_eq!(world.delivery("wamid.6").await.grouped_because, None);
}

async fn short_calls_put_nothing_together_where_that_is_not_allowed(place: Place) {
    let world = short(place, Shape::PerMessage, false).await;
    assert!(look(&world).await.short_since.is_some());
    for number in 2..=4 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
    }
    assert_eq!(world.texts().await.len(), 5);
}

async fn a_panel_that_finds_calls_wakes_the_lane(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    let contact_id = world.message("wamid.0").await.contact_id.unwrap();
    others(&world, 970).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    world.hear(&hanako(), "wamid.2", "text 2").await;
    assert!(is_stopped(&world).await);
    world.sim("POST", "usage", json!({"used": 10})).await;
    world.after(MINUTE).await;
    assert!(is_stopped(&world).await, "nobody has asked");
    assert!(matches!(panel(&world, contact_id).await, View::Matched(_)));
    world.settle().await;
    assert_eq!(world.texts().await, ["text 0", "text 1", "text 2"]);
}

async fn a_larger_share_is_used_at_once(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"daily_limit": 1000})).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    allow(&world, Some(0), None).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    assert!(is_stopped(&world).await);
    allow(&world, Some(50), None).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["text 0", "text 1"]);
    let refused = governor::change(&world.app, (world.workspace_id, 1), world.connection_id, Some(101), None);
    assert!(refused.await.is_err());
}

async fn asking_whether_there_are_calls_again_leaves_calls_to_panels(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    others(&world, 100_000 - 20 - used(&world).await).await;
    world.hear(&hanako(), "wamid.1", "text 1").await;
    world.sim("DELETE", "counters", Value::Null).await;
    let before = used(&world).await;
    world.rest(Duration::from_mins(10), Duration::from_hours(20)).await;
    let asked = used(&world).await - before;
    assert!((1..=6).contains(&asked), "{asked} of 20 calls were spent on asking");
}
