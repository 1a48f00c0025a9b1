//! Getting in, and one's own account.

use causeway_core::rights::Role;

use crate::browser::{browser::By, site::Site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_signed_in_is_asked_to_and_a_wrong_password_costs_nothing_typed() {
    let site = Site::unconnected().await;
    let browser = site.browser().await;
    browser.open("/").await;
    browser.wait_for_path("/sign-in").await;
    browser.picture("sign-in").await;
    browser.fill(By::Label("E-mail"), "agent@acme.test").await;
    browser.fill(By::Label("Password"), "not the password").await;
    browser.press("Enter").await;
    browser.wait_for_text("E-mail and password do not belong together").await;
    assert_eq!(browser.value_of(By::Label("E-mail")).await, "agent@acme.test");
    browser.picture("sign-in-wrong").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_sees_their_account_and_the_browsers_they_are_signed_in_with() {
    let site = Site::unconnected().await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open("/settings/me").await;
    browser.wait_for_text("agent@acme.test").await;
    assert!(browser.text().await.contains("Chromium on Linux"));
    browser.picture("account").await;
    browser.end().await;
}
