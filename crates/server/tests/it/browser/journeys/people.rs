//! The first run, and people: invited, refused, kept out.

use causeway::first_run;
use causeway_core::rights::Role;

use crate::browser::{browser::By, site::Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_the_address_of_the_terminal_becomes_the_owner() {
    let site = Site::empty().await;
    let token = first_run::setup_token(&site.world.app).await.unwrap();
    let browser = site.browser().await;
    browser.open("/").await;
    browser.wait_for_path("/setup").await;
    browser.picture("setup-waiting").await;
    browser.open(&format!("/setup?token={token}")).await;
    browser.fill(By::Label("Your name"), "Nora Falk").await;
    browser.fill(By::Label("Your e-mail"), "nora@acme.test").await;
    browser.fill(By::Label("Choose a password"), "password123").await;
    browser.fill(By::Label("Name"), "Acme").await;
    browser.choose(By::Label("Time zone"), "Asia/Tokyo").await;
    browser.fill(By::Label("Country"), "Japan").await;
    browser.click(By::Text("Set up")).await;
    browser.wait_for_text("one of the first passwords").await;
    assert_eq!(browser.value_of(By::Label("Your name")).await, "Nora Falk");
    browser.picture("setup-wrong").await;
    browser.fill(By::Label("Choose a password"), "correct horse battery").await;
    browser.click(By::Text("Set up")).await;
    browser.wait_for_path("/integrations").await;
    browser.open("/settings").await;
    browser.picture("settings").await;
    browser.click(By::Text("Workspace")).await;
    assert_eq!(browser.value_of(By::Label("Name")).await, "Acme");
    assert_eq!(browser.value_of(By::Label("Country")).await, "JP");
    browser.picture("settings-workspace").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_invited_joins_in_another_browser_and_is_kept_out_again() {
    let site = Site::unconnected().await;
    let (owner, guest) = (site.browser_of(Role::Owner).await, site.browser().await);
    owner.open("/settings/people").await;
    owner.picture("settings-people").await;
    owner.fill(By::Label("E-mail"), "nia@acme.test").await;
    owner.click(By::Text("Make an invitation link")).await;
    owner.wait_for_text("The invitation link of nia@acme.test").await;
    owner.picture("settings-people-invited").await;
    let link = owner.value_of(By::Css("#once-secret")).await;
    guest.open(&link).await;
    guest.wait_for_text("You are invited as nia@acme.test").await;
    guest.picture("invitation").await;
    guest.fill(By::Label("Your name"), "Nia Okoro").await;
    guest.fill(By::Label("Choose a password"), "correct horse battery").await;
    guest.click(By::Text("Join")).await;
    guest.wait_for_path("/inbox").await;
    // An agent sees who works here, and is told who may do more.
    guest.open("/settings/people").await;
    guest.wait_for_text("Nia Okoro").await;
    guest.open("/settings/audit").await;
    guest.wait_for_text("Your role does not allow this").await;
    guest.picture("refused").await;
    owner.open("/settings/people").await;
    let nia =
        "return [...document.querySelectorAll('li.person')].find((e) => e.innerText.includes('Nia')).id";
    let nia = owner.run(nia, vec![]).await.as_str().unwrap().to_owned();
    owner.click(By::Css(&format!("#{nia} summary"))).await;
    owner.wait_for(By::Css(&format!("#{nia} select"))).await;
    owner.picture("settings-people-change").await;
    owner.click(By::Css(&format!("#{nia} a[href$=deactivate]"))).await;
    owner.wait_for_text("Deactivate Nia Okoro?").await;
    owner.picture("settings-people-deactivate").await;
    owner.click(By::Text("Deactivate")).await;
    owner.wait_for_text("signed out everywhere").await;
    guest.open("/settings/tokens").await;
    guest.wait_for_path("/sign-in?next=/settings/tokens").await;
    owner.open("/settings/audit").await;
    owner.wait_for_text("deactivated a member").await;
    owner.picture("settings-audit").await;
    owner.end().await;
    guest.end().await;
}
