//! The harness itself: checks that cannot fail check nothing.

use std::time::Duration;

use causeway_core::rights::Role;
use causeway_simulator::whatsapp::Customer;
use serde_json::Value;

use crate::{
    browser::{browser::By, site::Site},
    world::START,
};

/// Breaks every rule that the checks know.
const BAD: &str = "data:text/html,<!doctype html><html lang=en><title>Bad</title>\
    <meta http-equiv=Content-Security-Policy content=\"style-src 'none'\"><style>p { margin: 0 }</style>\
    <h1>Bad</h1><img src=http://stranger.example/a.png width=900 height=10>\
    <script>console.error('a bug of ours')</script>";

/// Says whether scripts run, and has something for the keyboard.
const PLAIN: &str = "data:text/html,<!doctype html><html lang=en><title>Plain</title>\
    <meta name=viewport content=width=device-width><h1>Plain</h1>\
    <noscript>Without scripts</noscript><script>document.write('With scripts')</script>\
    <label>Name <input></label><button onclick=\"document.querySelector('h1').innerText = 'Pressed'\">Press</button>\
    <label>Colour <select><option>Red<option value=g>Green</select></label>\
    <button onclick=this.remove() id=once>Remove me</button>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_behind_a_page_is_found() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.phone().await;
    browser.open("/no/such/page").await;
    let picture =
        "Object.assign(new Image(), { src: '/none.png', alt: 'none', onerror() { this.id = 'missed' } })";
    browser.run(&format!("document.body.append({picture})"), vec![]).await;
    browser.wait_for(By::Css("#missed")).await;
    browser.open(BAD).await;
    browser.wait_for_text("Bad").await;
    let faults = browser.faults().await.join("\n");
    for part in [
        "a bug of ours",
        "Content Security Policy",
        "to a stranger: http://stranger.example/",
        "/none.png answered 404",
    ] {
        assert!(faults.contains(part), "{part} is not among:\n{faults}");
    }
    assert!(browser.barriers().await.join("\n").contains("image-alt"));
    assert!(browser.overflow().await.join("\n").contains("900"));
    assert!(browser.faults().await.is_empty(), "looking leaves nothing behind");
    browser.expects("a second bug");
    browser.run("console.error('a second bug')", vec![]).await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[should_panic(expected = "expected, but did not happen: a bug")]
async fn a_fault_that_is_expected_must_happen() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.expects("a bug");
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[should_panic(expected = "a journey ends with browser.end()")]
async fn a_browser_that_is_not_ended_fails_its_test() {
    let site = Site::unconnected().await;
    drop(site.browser().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_goes_by_keyboard_without_scripts_and_in_any_look() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.open(PLAIN).await;
    browser.wait_for_text("With scripts").await;
    browser.press("Tab").await;
    assert_eq!(browser.focus().await, "input Name");
    browser.type_text("Ada").await;
    assert_eq!(browser.value_of(By::Label("Name")).await, "Ada");
    browser.press("Tab").await;
    browser.press("Enter").await;
    browser.wait_for_text("Pressed").await;
    browser.press("Shift+Tab").await;
    assert_eq!(browser.focus().await, "input Name");
    let matches =
        async |query: &str| browser.run(&format!("return matchMedia('({query})').matches"), vec![]).await;
    assert_eq!(matches("prefers-color-scheme: dark").await, false);
    browser.dark().await;
    browser.calm().await;
    assert_eq!(matches("prefers-color-scheme: dark").await, true);
    assert_eq!(matches("prefers-reduced-motion: reduce").await, true);
    browser.without_scripts().await;
    browser.open(PLAIN).await;
    browser.wait_for_text("Without scripts").await;
    browser.check().await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_finds_what_a_person_would_point_at() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.open("/no/such/page").await;
    browser.open(PLAIN).await;
    browser.fill(By::Label("Name"), "Ada").await;
    browser.fill(By::Label("Name"), "Bea").await;
    assert_eq!(browser.value_of(By::Css("input")).await, "Bea");
    browser.choose(By::Label("Colour"), "Green").await;
    assert_eq!(browser.value_of(By::Label("Colour")).await, "g");
    assert_eq!(browser.attribute(By::Text("Remove"), "id").await, Some("once".into()));
    browser.click(By::Text("Remove me")).await;
    browser.wait_until_gone("#once").await;
    assert_eq!(browser.count("button").await, 1);
    browser.reload().await;
    browser.wait_for(By::Text("Remove me")).await;
    browser.check().await;
    browser.phone().await;
    browser.check().await;
    browser.desktop().await;
    browser.back().await;
    browser.wait_for_path("/no/such/page").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_browsers_share_nothing_and_each_has_its_windows() {
    let site = Site::unconnected().await;
    let (one, two) = (site.browser().await, site.browser().await);
    for browser in [&one, &two] {
        browser.open("/no/such/page").await;
    }
    one.run("document.cookie = 'one=1; path=/'; window.open('/another')", vec![]).await;
    one.wait_for_windows(2).await;
    one.turn_to_window(1).await;
    one.wait_for_path("/another").await;
    assert_eq!(one.run("return document.cookie", vec![]).await, "one=1");
    one.run("window.close()", vec![]).await;
    one.wait_for_windows(1).await;
    one.turn_to_window(0).await;
    one.wait_for_path("/no/such/page").await;
    assert_eq!(two.run("return document.cookie", vec![]).await, "");
    one.end().await;
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_works_while_a_page_is_open_and_time_passes_by_hand() {
    let site = Site::new().await;
    let browser = site.browser().await;
    let customer = Customer::with_number("819012345678", "Sato Hanako");
    site.world.post(vec![site.world.sender.text(&customer, "wamid.1", START, "hello there")]).await;
    let task = site.records("Task", 1).await.remove(0);
    browser.open(&format!("{}/lightning/r/Task/{}/view", site.org_url, task["Id"].as_str().unwrap())).await;
    browser.wait_for_text("hello there").await;
    browser.picture_of_stranger("org-task").await;
    site.advance(Duration::from_mins(1));
    site.world.post(vec![site.world.sender.text(&customer, "wamid.2", START + 60, "and again")]).await;
    let tasks = site.records("Task", 2).await;
    let made: Vec<_> = tasks.iter().map(|task| task["CreatedDate"].as_str().unwrap()).collect();
    assert_eq!(made, ["2026-01-02T03:04:05.000+0000", "2026-01-02T03:05:05.000+0000"]);
    let status = site.api(Role::Agent, "GET", "status", &Value::Null).await;
    assert!(status.is_object(), "{status}");
    browser.end().await;
}
