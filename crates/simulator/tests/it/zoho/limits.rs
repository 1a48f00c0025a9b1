//! Credits and requests in flight.

use serde_json::{Value, json};

use super::world::World;

async fn used(world: &World) -> u64 {
    world.get("/_sim/counters").await.body["credits_used"].as_u64().expect("credits")
}

#[tokio::test]
async fn ten_records_cost_a_credit_and_what_is_left_is_told_from_half_way_on() {
    let world = World::new().await;
    let records: Vec<Value> = (0..25).map(|_| json!({"Last_Name": "Ng"})).collect();
    let before = used(&world).await;
    let reply = world.post("Contacts", json!({"data": records})).await;
    assert_eq!((used(&world).await - before, reply.header("x-api-credits-remaining")), (3, ""));
    world.option("daily_credits", json!(6)).await;
    assert_eq!(world.get("org").await.header("x-api-credits-remaining"), "2");
}

#[tokio::test]
async fn a_day_without_credits_is_429_until_the_oldest_are_a_day_old() {
    let mut world = World::new().await;
    world.option("daily_credits", json!(100)).await;
    world.sim("usage", json!({"used": 100})).await;
    let refused = world.get("org").await;
    assert_eq!((refused.status, refused.code()), (429, "TOO_MANY_REQUESTS"));
    world.org.advance_clock(86_460.0);
    world.token = world.refresh().await.body["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(world.get("org").await.status, 200);
}

#[tokio::test]
async fn credits_follow_the_edition_and_its_users() {
    let world = World::new().await;
    for (edition, credits) in
        [("free", 5_000), ("standard", 51_000), ("enterprise", 54_000), ("ultimate", 58_000)]
    {
        world.option("edition", json!(edition)).await;
        assert_eq!(world.get("/_sim/counters").await.body["credits_daily"], credits, "{edition}");
    }
}

#[tokio::test]
async fn too_many_requests_in_flight_are_429_and_heavy_ones_have_a_limit_of_their_own() {
    let world = World::new().await;
    world.sim("options", json!({"concurrency": 3, "sub_concurrency": 1, "latency_ms": 20})).await;
    let plain = || world.get("org");
    let (a, b, c, d) = tokio::join!(plain(), plain(), plain(), plain());
    let mut statuses = [a.status, b.status, c.status, d.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 429]);
    let heavy = || world.query("select id from Contacts where id is not null");
    let (a, b, c) = tokio::join!(heavy(), heavy(), plain());
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 204, 429]);
    assert_eq!(world.get("org").await.status, 200);
}
