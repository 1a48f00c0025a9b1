//! What happens elsewhere is seen at once: nobody loads a page again.

use causeway_core::rights::Role;
use serde_json::{Value, json};

use super::{Talk, hanako, holds, ravi};
use crate::browser::{
    browser::{Browser, By},
    patience::eventually,
    site::Site,
};

/// Remembers that this very page is open; `is_the_same` says whether it still is.
async fn remember(browser: &Browser) {
    browser.run("window.isTheSame = true", vec![]).await;
}

async fn is_the_same(browser: &Browser) -> bool {
    browser.run("return window.isTheSame === true", vec![]).await == Value::Bool(true)
}

/// Waits until so many streams are open.
async fn streams(site: &Site, count: usize) {
    let open = eventually(async || match site.world.app.live.listeners() {
        open if open == count => Ok(()),
        open => Err(format!("there are {open}")),
    });
    open.await.unwrap_or_else(|why| panic!("{count} streams: {why}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_appears_by_itself_and_is_read_when_it_is_looked_at() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    talk.says(&hanako(), "Is anybody there?").await;
    let conversation = talk.conversation("Sato", 1).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    remember(&browser).await;
    browser.wait_until_gone("#rows .unread").await;
    talk.says(&hanako(), "I can wait").await;
    browser.wait_for(By::Css("#items li:nth-of-type(3)")).await;
    assert!(browser.text_of(By::Css("#items")).await.contains("I can wait"));
    holds(&browser, "return document.querySelector('#rows').innerText.includes('I can wait')").await;
    let announced = "return document.querySelector('#announcer').innerText.includes('I can wait')";
    holds(&browser, announced).await;
    let unread = "status=all&unread=1";
    talk.conversations(unread, 0).await;
    talk.says(&ravi(), "One").await;
    talk.says(&ravi(), "Two").await;
    browser.wait_for_text("2 unread messages").await;
    let rows = browser.text_of(By::Css("#rows")).await;
    assert!(rows.find("Ravi") < rows.find("Sato"), "the latest is first: {rows}");
    assert!(is_the_same(&browser).await);
    browser.click(By::Text("Ravi Shankar")).await;
    browser.wait_for_text("Two").await;
    browser.wait_until_gone("#rows .unread").await;
    talk.conversations(unread, 0).await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_members_see_what_the_other_does() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    talk.says(&hanako(), "My machine leaks").await;
    let conversation = talk.conversation("Sato", 1).await;
    let (agent, admin) = (site.browser_of(Role::Agent).await, site.browser_of(Role::Admin).await);
    for browser in [&agent, &admin] {
        browser.open(&format!("/inbox/{conversation}")).await;
        browser.wait_for_text("My machine leaks").await;
        remember(browser).await;
    }
    agent.fill(By::Label("Memo"), "Still under warranty").await;
    agent.click(By::Text("Save memo")).await;
    for browser in [&agent, &admin] {
        browser.wait_for_text("Aiko Tan Memo").await;
        browser.wait_for_text("Still under warranty").await;
    }
    assert_eq!(agent.value_of(By::Label("Memo")).await, "");
    admin.choose(By::Css("#assignee"), "Aiko Tan").await;
    agent.wait_for_text("Adam Reyes assigned this to Aiko Tan").await;
    holds(&agent, "return document.querySelector('#assignee').selectedOptions[0].text === 'Me'").await;
    agent.click(By::Css("button[value=closed]")).await;
    admin.wait_for_text("Aiko Tan marked this as closed").await;
    admin.wait_for(By::Css("button[value=closed][aria-pressed=true]")).await;
    admin.wait_for_text("All done").await;
    for browser in [agent, admin] {
        assert!(is_the_same(&browser).await);
        browser.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_reactions_deletions_and_delivery_are_seen_as_they_come() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let (who, sender) = (hanako(), &site.world.sender);
    let asked = talk.says(&who, "Are you open on sunday?").await;
    let answer = talk.answers(&who, "We are.").await;
    let conversation = talk.conversation("Sato", 2).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("We are.").await;
    remember(&browser).await;
    talk.post(vec![sender.edit(&who, &talk.fresh(), talk.now(), &asked, "Are you open on Sunday?")]).await;
    browser.wait_for_text("Are you open on Sunday?").await;
    browser.click(By::Text("edited")).await;
    browser.wait_for_text("Are you open on sunday?").await;
    talk.post(vec![sender.reaction(&who, &talk.fresh(), talk.now(), &answer, Some("👍"))]).await;
    browser.wait_for(By::Css(".reactions")).await;
    for (word, shown) in [("sent", "Sent"), ("delivered", "Delivered"), ("read", "Read")] {
        talk.post(vec![sender.status(&who, &answer, talk.now(), word)]).await;
        browser.wait_for(By::Css(&format!(".delivery[title={shown}]"))).await;
    }
    browser.wait_for(By::Css("[title^='In the CRM']")).await;
    talk.post(vec![sender.revoke(&who, &talk.fresh(), talk.now(), &asked)]).await;
    browser.wait_for_text("This message was deleted for everyone").await;
    let failed = talk.answers(&who, "From nine").await;
    browser.wait_for_text("From nine").await;
    talk.post(vec![sender.failure(&who, &failed, talk.now())]).await;
    browser.wait_for_text("Not delivered").await;
    assert!(is_the_same(&browser).await);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_tabs_of_a_browser_share_one_stream() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    talk.says(&hanako(), "Hello").await;
    let conversation = talk.conversation("Sato", 1).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open("/inbox").await;
    browser.wait_for_text("Sato").await;
    for tab in [1, 2] {
        browser.run("window.open(arguments[0])", vec![json!(format!("/inbox/{conversation}"))]).await;
        browser.wait_for_windows(tab + 1).await;
        browser.turn_to_window(tab).await;
        browser.wait_for(By::Css("#items")).await;
    }
    streams(&site, 1).await;
    talk.says(&hanako(), "In every tab").await;
    for tab in [0, 1, 2] {
        browser.turn_to_window(tab).await;
        browser.wait_for_text("In every tab").await;
    }
    streams(&site, 1).await;
    browser.open("/no/such/page").await;
    streams(&site, 1).await;
    let other = site.browser_of(Role::Admin).await;
    other.open("/inbox").await;
    streams(&site, 2).await;
    for browser in [browser, other] {
        browser.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_catches_up_after_the_server_was_away() {
    let mut site = Site::new().await;
    let talk = Talk::on(&site);
    talk.says(&hanako(), "Before").await;
    let conversation = talk.conversation("Sato", 1).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("Before").await;
    streams(&site, 1).await;
    remember(&browser).await;
    site.stop().await;
    let meanwhile =
        site.world.sender.text(&hanako(), "wamid.away", site.world.app.now() / 1_000_000, "Meanwhile");
    site.world.post(vec![meanwhile]).await;
    site.start().await;
    browser.wait_for_text("Meanwhile").await;
    assert!(is_the_same(&browser).await);
    Talk { told: 10.into(), ..Talk::on(&site) }.says(&hanako(), "And on").await;
    browser.wait_for_text("And on").await;
    assert!(is_the_same(&browser).await);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_in_one_tab_is_out_in_the_others_and_comes_back_to_where_they_were() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    talk.says(&hanako(), "Hello").await;
    let conversation = talk.conversation("Sato", 1).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    streams(&site, 1).await;
    browser.run("window.open('/settings/me')", vec![]).await;
    browser.wait_for_windows(2).await;
    browser.turn_to_window(1).await;
    browser.wait_for_text("agent@acme.test").await;
    browser.click(By::Css(".rail__me > summary")).await;
    browser.click(By::Text("Sign out")).await;
    browser.wait_for(By::Label("E-mail")).await;
    browser.turn_to_window(0).await;
    browser.wait_for_path(&format!("/sign-in?next=/inbox/{conversation}")).await;
    streams(&site, 0).await;
    browser.end().await;
}
