//! Record ids in their two forms.

use causeway_simulator::salesforce::ids;

use crate::world::{World, lead};

#[test]
fn the_suffix_of_an_id_follows_its_capitals() {
    for (id, suffix) in [
        ("001D000000IRFma", "IAH"),
        ("003D000000QV9n2", "IAD"),
        ("00Q5g00000AbCdE", "EAV"),
        ("00T5g00000zZzZz", "EAK"),
        ("00D5g000001AbCd", "EAK"),
        ("0055g00000XyZ12", "AAF"),
        ("0035g00000AAAAA", "AA5"),
    ] {
        assert_eq!(ids::suffix(id), suffix, "{id}");
        assert_eq!(ids::canonical(id), Some(format!("{id}{suffix}")));
    }
}

#[test]
fn a_long_id_that_lost_its_case_is_restored() {
    assert_eq!(ids::canonical("00q5g00000abcdeeav").as_deref(), Some("00Q5g00000AbCdEEAV"));
    assert_eq!(ids::canonical("00Q5G00000ABCDEEAV").as_deref(), Some("00Q5g00000AbCdEEAV"));
    assert_eq!(ids::canonical("not-an-id"), None);
    assert_eq!(ids::canonical("001"), None);
}

#[tokio::test]
async fn a_record_is_found_by_its_short_and_by_its_long_id() {
    let world = World::new().await;
    let id = world.create("Lead", lead("Short")).await;
    assert_eq!(id.len(), 18);
    assert_eq!(world.read("Lead", &id[..15]).await["Id"], id);
    assert_eq!(world.read("lead", &id).await["LastName"], "Short");
}
