//! The list of contacts, and one of them.

use causeway::{id, store::contact};
use causeway_core::address::Address;
use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::{
    store::engine::{Place, on_both_engines},
    world::START,
};

on_both_engines!(
    contacts_are_listed_searched_and_turned_by_pages,
    a_contact_shows_what_is_known_and_why_it_is_linked,
    a_contact_that_became_another_leads_to_it,
);

fn phone(number: &str) -> Address {
    Address::phone_from_international(number).unwrap()
}

async fn contacts_are_listed_searched_and_turned_by_pages(place: Place) {
    let site = Site::unconnected(place).await;
    assert!(site.page("agent", "/contacts").await.text().contains("No contacts yet"));
    for number in 0..53 {
        site.world.clock.advance(std::time::Duration::from_secs(1));
        let address = phone(&format!("8190123400{number:02}"));
        site.world.contact(&format!("Person <{number:02}>"), vec![address]).await;
    }
    let first = site.page("agent", "/contacts").await.text();
    assert!(first.contains("Person &lt;52&gt;") && first.contains("+81 90-1234-0052"), "{first}");
    assert!(!first.contains("Person &lt;02&gt;") && !first.contains("To the newest"));
    let next = first.split("href=\"").find_map(|rest| {
        rest.split('"')
            .next()
            .filter(|address| address.contains("cursor="))
            .map(|address| address.replace("&amp;", "&"))
    });
    let second = site.page("agent", &next.unwrap()).await.text();
    assert!(second.contains("Person &lt;00&gt;") && second.contains("To the newest"), "{second}");
    let found = site.page("agent", "/contacts?search=090-1234-0007").await.text();
    assert!(found.contains("Person &lt;07&gt;") && !found.contains("Person &lt;08&gt;"), "{found}");
    let none = site.page("agent", "/contacts?search=%3Cnobody%3E").await.text();
    assert!(none.contains("Nobody is found for “&lt;nobody&gt;”"), "{none}");
    for odd in ["/contacts?cursor=x", "/contacts?search=%00", "/contacts?search="] {
        assert_eq!(site.page("agent", odd).await.status, StatusCode::OK, "{odd}");
    }
}

/// R1.15, R2.57
async fn a_contact_shows_what_is_known_and_why_it_is_linked(place: Place) {
    let site = Site::new(place).await;
    site.world.seed("Contact", json!({"LastName": "Sato", "Phone": "090-1234-5678"})).await;
    let customer = Customer::with_number("819012345678", "Hana <b>");
    let message = site.world.sender.text(&customer, "wamid.1", START, "Is it still there?");
    site.world.post(vec![message]).await;
    site.world.settle().await;
    let listed = site.api("agent", "GET", "contacts", Value::Null).await.json();
    let contact = listed["contacts"][0]["id"].as_str().unwrap().to_owned();
    let list = site.page("agent", "/contacts").await.text();
    for text in ["Hana &lt;b&gt;", "+81 90-1234-5678", "WhatsApp", "linked", "1 conversation"] {
        assert!(list.contains(text), "{text}: {list}");
    }
    let page = site.page("agent", &format!("/contacts/{contact}")).await.text();
    for text in [
        "Hana &lt;b&gt;",
        "+81 90-1234-5678",
        "Received as 819012345678",
        "Is it still there?",
        "open",
        "href=\"/inbox/cnv_",
        "Searched for",
        "chosen",
        "Rules, in order",
        "/lightning/r/Contact/",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

async fn a_contact_that_became_another_leads_to_it(place: Place) {
    let site = Site::unconnected(place).await;
    let kept = site.world.contact("Hana", vec![phone("819012345678")]).await;
    let absorbed = site.world.contact("Hana S", vec![phone("819012345679")]).await;
    let workspace_id = site.world.workspace_id;
    let merge = site.world.app.db.write(move |tx| Box::pin(contact::merge(tx, workspace_id, kept, absorbed)));
    merge.await.unwrap();
    let answer = site.page("agent", &format!("/contacts/{}", id::contact(absorbed))).await;
    let place = format!("/contacts/{}", id::contact(kept));
    assert_eq!((answer.status, answer.header("location")), (StatusCode::PERMANENT_REDIRECT, place.as_str()));
    assert_eq!(site.page("agent", &place).await.status, StatusCode::OK);
    for nothing in ["/contacts/ctc_zzz", "/contacts/cnv_1", "/contacts/1"] {
        assert_eq!(site.page("agent", nothing).await.status, StatusCode::NOT_FOUND);
    }
}
