//! Files in a conversation: seen, heard, kept, and what becomes of those that could not be had.

use causeway_core::rights::Role;
use causeway_simulator::whatsapp::{
    media::File,
    samples::{self, PHOTO},
};

use super::{Talk, hanako, holds};
use crate::{
    browser::{browser::By, site::Site},
    world::provider::PROVIDER_TOKEN,
};

/// Hanako sends the samples of these names; answers the conversation, once all of it is there.
async fn sent(talk: &Talk<'_>, names: &[&str]) -> String {
    let who = hanako();
    for sample in samples::all().into_iter().filter(|sample| names.contains(&sample.id.as_str())) {
        let change = sample.change(&talk.site.world.sender, &who, &talk.fresh(), talk.now());
        talk.site.provider.put(&sample.id, sample.file);
        talk.post(vec![change]).await;
        talk.site.advance(std::time::Duration::from_secs(20));
    }
    talk.conversation("Sato", names.len()).await
}

/// A picture on the page has been loaded, in its own size.
const SEEN: &str = "const one = document.querySelector('.file__picture img'); \
                    return one !== null && one.complete && one.naturalWidth === 480";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_seen_a_voice_message_heard_and_a_document_kept() {
    let site = Site::new().await;
    site.world.let_in(PROVIDER_TOKEN).await;
    let talk = Talk::on(&site);
    let conversation = sent(&talk, &["sample-photo", "sample-voice", "sample-offer"]).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("The harbour, this morning").await;
    browser.wait_for(By::Css(".file__picture img")).await;
    holds(&browser, SEEN).await;
    browser.wait_for(By::Css("audio.file__sound")).await;
    browser.run("document.querySelector('audio').load()", vec![]).await;
    browser.run("document.querySelector('audio').preload = 'auto'", vec![]).await;
    holds(
        &browser,
        "const one = document.querySelector('audio'); return one.error === null && one.duration > 0.9",
    )
    .await;
    let document = browser.attribute(By::Css("a[download=\"offer.pdf\"]"), "href").await.unwrap();
    assert!(document.starts_with("/files/att_"), "{document}");
    browser.wait_for_text("589 bytes").await;
    browser.check().await;
    browser.picture("inbox-files").await;
    browser.phone().await;
    browser.open(&format!("/inbox/{conversation}")).await;
    holds(&browser, SEEN).await;
    browser.check().await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_could_not_be_had_says_why_and_is_fetched_again_by_hand() {
    let site = Site::new().await;
    site.world.let_in(PROVIDER_TOKEN).await;
    let talk = Talk::on(&site);
    let conversation = sent(&talk, &["sample-expired", "sample-elsewhere", "sample-program"]).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("The provider does not have it any more.").await;
    browser.wait_for_text("it lies at an address that nobody allowed").await;
    browser.wait_for_text("This workspace keeps no files of its type.").await;
    browser.check().await;
    browser.picture("inbox-files-held").await;
    // The customer sends it once more, and the provider has it under the same id.
    site.provider.put("sample-expired", File::of("image/png", PHOTO));
    browser.run("document.querySelectorAll('form[action$=\"/fetch\"] button')[1].click()", vec![]).await;
    browser.wait_for(By::Css(".file__picture img")).await;
    holds(&browser, SEEN).await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entering_an_access_token_has_everything_fetched_that_waited() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let conversation = sent(&talk, &["sample-photo"]).await;
    let browser = site.browser_of(Role::Admin).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("no access token").await;
    browser.open("/channels/main").await;
    browser.click(By::Text("Save the token")).await;
    assert_eq!(browser.focus().await, "input Access token", "it has to be entered first");
    browser.fill(By::Label("Access token"), PROVIDER_TOKEN).await;
    browser.picture("channel-access").await;
    browser.click(By::Text("Save the token")).await;
    browser.wait_for_text("Files that waited for it are being fetched.").await;
    browser.check().await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for(By::Css(".file__picture img")).await;
    holds(&browser, SEEN).await;
    browser.end().await;
}
