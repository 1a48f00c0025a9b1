//! Help belongs to a place, follows from what the program can do, and leads on.

use http::StatusCode;

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(help_lists_its_neighbours_and_says_what_the_program_does);

async fn help_lists_its_neighbours_and_says_what_the_program_does(place: Place) {
    let site = Site::unconnected(place).await;
    let overview = site.page("agent", "/help").await.text();
    for topic in ["panel", "connecting", "chat-sync", "holds"] {
        let address = format!("/help/{topic}");
        assert!(overview.contains(&address));
        let page = site.page("agent", &address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Read next"), "{topic}");
    }
    let panel = site.page("agent", "/help/panel").await.text();
    assert!(panel.contains("60 seconds") && panel.contains("read-only"), "{panel}");
    let holds = site.page("agent", "/help/holds").await.text();
    assert!(
        holds.contains("nobody in the CRM matches") || holds.contains("Nobody in the CRM matches"),
        "{holds}"
    );
    assert_eq!(site.page("agent", "/help/nothing").await.status, StatusCode::NOT_FOUND);
}
