//! Finding a person, and what is known of them.

use causeway_core::{address::Address, rights::Role};
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use crate::{
    browser::{browser::By, site::Site},
    world::START,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_found_and_their_page_shows_all_that_is_known() {
    let site = Site::new().await;
    site.world
        .seed("Contact", json!({"FirstName": "Hana", "LastName": "Sato", "Phone": "090-1234-5678"}))
        .await;
    let people = [
        ("819012345678", "佐藤 花子"),
        ("14155550123", "Maria Lindqvist"),
        ("4915112345678", "Jörg Müller-Lüdenscheidt"),
    ];
    for (place, (number, name)) in people.iter().enumerate() {
        let customer = Customer::with_number(number, name);
        let text = "Could you tell me whether the blue one with the long handle is still in stock, and when it ships?";
        let id = format!("wamid.{place}");
        site.world.post(vec![site.world.sender.text(&customer, &id, START, text)]).await;
    }
    site.records("Task", 3).await;
    let email = vec![Address::email("a.person.with.a.long.address@subsidiary.example.com").unwrap()];
    site.world.contact("Somebody who never wrote", email).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open("/contacts").await;
    browser.wait_for_text("Maria Lindqvist").await;
    browser.picture("contacts").await;
    browser.press("/").await;
    browser.type_text("090-1234-5678").await;
    browser.press("Enter").await;
    browser.wait_for_path("/contacts?search=090-1234-5678").await;
    assert_eq!(browser.count(".people__one").await, 1);
    browser.click(By::Text("佐藤 花子")).await;
    browser.wait_for_text("View in Salesforce").await;
    browser.wait_for_text("Could you tell me").await;
    browser.click(By::Css("#contact-links ~ * summary")).await;
    browser.picture("contact").await;
    browser.open("/contacts?search=nobody+at+all").await;
    browser.wait_for_text("Nobody is found for").await;
    browser.picture("contacts-nobody").await;
    browser.end().await;
}
