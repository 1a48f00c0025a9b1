//! Pictures of every state of the inbox, for people to look at.

use std::time::Duration;

use causeway_core::rights::Role;
use causeway_simulator::whatsapp::Customer;
use serde_json::json;

use super::{Talk, ana, hanako, ravi};
use crate::browser::{
    browser::{Browser, By},
    site::Site,
};

fn nap(talk: &Talk<'_>, minutes: u64) {
    talk.site.advance(Duration::from_mins(minutes));
}

/// Everything that a thread can show.
async fn rich(talk: &Talk<'_>) -> String {
    let (site, who) = (talk.site, hanako());
    let sender = &site.world.sender;
    let past = |id: &str, days: i64, text: &str, from_me: bool| {
        json!({ "id": id, "from": if from_me { "81312345678" } else { "819012345678" }, "to": "819012345678",
            "timestamp": (talk.now() - days * 86_400).to_string(), "type": "text", "text": { "body": text },
            "history_context": { "status": "READ", "from_me": from_me } })
    };
    let messages = [
        past("wamid.h1", 40, "Do you also repair older models?", false),
        past("wamid.h2", 39, "We do, up to ten years back.", true),
    ];
    let threads = json!([{ "id": "819012345678", "messages": messages }]);
    talk.post(vec![sender.change("history", json!({ "history": [{ "threads": threads }] }))]).await;
    let first = talk.says(&who, "Good morning! My espresso machine (model X-200) leaks at the group head. こんにちは、修理をお願いできますか？").await;
    nap(talk, 1);
    let id = talk.fresh();
    talk.post(vec![sender.image(&who, &id, talk.now(), "media-1", Some("This is the leak"))]).await;
    let id = talk.fresh();
    talk.post(vec![sender.voice(&who, &id, talk.now(), "media-2")]).await;
    let id = talk.fresh();
    talk.post(vec![sender.document(
        &who,
        &id,
        talk.now(),
        "media-3",
        "receipt-2024-03-11-espresso-machine-x200.pdf",
    )])
    .await;
    nap(talk, 2);
    let answer =
        talk.answers(&who, "Thank you, that is covered by the warranty. Where should we pick it up?").await;
    for word in ["sent", "delivered", "read"] {
        talk.post(vec![sender.status(&who, &answer, talk.now(), word)]).await;
    }
    let id = talk.fresh();
    let mut place = sender.location(&who, &id, talk.now(), 35.6812, 139.7671);
    place["value"]["messages"][0]["location"]["name"] = json!("Marunouchi Building");
    place["value"]["messages"][0]["location"]["address"] = json!("2-4-1 Marunouchi, Chiyoda, Tokyo");
    talk.post(vec![place]).await;
    let id = talk.fresh();
    let card = json!([{ "name": { "formatted_name": "Kenji Mori" }, "phones": [{ "phone": "+81 3 1111 2222" }],
        "emails": [{ "email": "kenji@example.test" }] }]);
    talk.post(vec![sender.message(&who, &id, talk.now(), "contacts", card)]).await;
    let id = talk.fresh();
    let order = json!({ "catalog_id": "1", "text": "And these, please", "product_items": [
        { "product_retailer_id": "GASKET-58", "quantity": 2, "item_price": 900, "currency": "JPY" },
        { "product_retailer_id": "DESCALER-1L", "quantity": 1, "item_price": 1800, "currency": "JPY" }] });
    talk.post(vec![sender.message(&who, &id, talk.now(), "order", order)]).await;
    let id = talk.fresh();
    talk.post(vec![sender.unsupported(&who, &id, talk.now(), "poll")]).await;
    let id = talk.fresh();
    talk.post(vec![sender.button_reply(&who, &id, talk.now(), "pick-up", "Pick it up tomorrow")]).await;
    nap(talk, 3);
    let id = talk.fresh();
    let mut quoting = sender.text(&who, &id, talk.now(), "Yes, exactly that one");
    quoting["value"]["messages"][0]["context"] = json!({ "id": answer, "from": "81312345678" });
    talk.post(vec![quoting]).await;
    let id = talk.fresh();
    talk.post(vec![sender.reaction(&who, &id, talk.now(), &answer, Some("👍"))]).await;
    let edited = talk.says(&who, "My adress is 2-4-1 Marunouchi").await;
    let id = talk.fresh();
    talk.post(vec![sender.edit(&who, &id, talk.now(), &edited, "My address is 2-4-1 Marunouchi")]).await;
    let revoked = talk.says(&who, "Wrong chat, sorry").await;
    let id = talk.fresh();
    talk.post(vec![sender.revoke(&who, &id, talk.now(), &revoked)]).await;
    let failed = talk.answers(&who, "We will come at ten.").await;
    talk.post(vec![sender.failure(&who, &failed, talk.now())]).await;
    let id = talk.fresh();
    talk.post(vec![sender.reaction(&who, &id, talk.now(), &first, Some("❤️"))]).await;
    let conversation = talk.conversation("Sato", 16).await;
    nap(talk, 2);
    talk.memo(
        Role::Manager,
        &conversation,
        "Warranty until March. Please send the courier, not the technician.\n\nMina",
    )
    .await;
    talk.change(Role::Manager, &conversation, &json!({ "assignee": talk.member(Role::Agent) })).await;
    talk.change(Role::Agent, &conversation, &json!({ "status": "pending" })).await;
    talk.change(Role::Agent, &conversation, &json!({ "status": "open" })).await;
    nap(talk, 4);
    talk.answers(&who, "The courier comes tomorrow between nine and twelve.").await;
    talk.conversation("Sato", 21).await;
    conversation
}

/// A list as it looks on a working day.
async fn busy(talk: &Talk<'_>) -> String {
    let sender = &talk.site.world.sender;
    let names = ["Liam O'Connor", "王小明", "فاطمة الزهراء", "Zoë Müller-Lüdenscheidt von und zu Hohenstein"];
    for (at, name) in names.into_iter().enumerate() {
        let who = Customer::with_number(&format!("49151234567{at:02}"), name);
        talk.says(
            &who,
            ["Is it still in stock?", "你好，请问几点开门？", "مرحبا، هل يمكنكم المساعدة؟", "Danke!"][at],
        )
        .await;
        nap(talk, 7);
    }
    talk.says(&ravi(), "Hello").await;
    for _ in 0..3 {
        talk.says(&ravi(), "Could somebody look at my invoice, please? It lists the delivery twice.").await;
    }
    talk.answers(&ana(), "Obrigado, até amanhã!").await;
    let id = talk.fresh();
    let mut group = sender.group_text("group-1", &ana(), &id, talk.now(), "Shall we meet at eight?");
    group["value"]["messages"][0]["group_subject"] = json!("Pilot customers");
    let made = json!({ "groups": [{ "group_id": "group-1", "type": "group_create", "subject": "Pilot customers",
        "timestamp": talk.now().to_string() }] });
    talk.post(vec![sender.change("group_lifecycle_update", made), group]).await;
    let id = talk.fresh();
    talk.post(vec![sender.group_text("group-1", &ravi(), &id, talk.now(), "Eight is fine")]).await;
    talk.conversations("status=all", 7).await;
    rich(talk).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_working_day_is_looked_at_in_every_look() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let conversation = busy(&talk).await;
    let browser = site.browser_of(Role::Admin).await;
    browser.open("/inbox").await;
    browser.wait_for_text("Sato Hanako").await;
    browser.picture("inbox-list").await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("The courier comes").await;
    browser.picture("inbox-thread").await;
    whole(&browser, "inbox-thread-whole").await;
    let group = talk.conversations("status=all", 8).await;
    let group = group.iter().find(|row| row["contact"].is_null()).unwrap();
    browser.open(&format!("/inbox/{}", group["id"].as_str().unwrap())).await;
    browser.wait_for_text("Eight is fine").await;
    browser.picture("inbox-group").await;
    browser.end().await;
}

/// The whole thread at once, which a window shows in part only.
async fn whole(browser: &Browser, name: &str) {
    let grow = "const all = document.querySelector('[data-bottom]').scrollHeight + 320; \
                const page = document.querySelector('.page'); page.style.blockSize = all + 'px'; \
                for (const e of document.querySelectorAll('.list, .thread')) e.style.blockSize = 'auto'";
    browser.run(grow, vec![]).await;
    browser.picture(name).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_with_nothing_in_it_says_why() {
    let site = Site::unconnected().await;
    let talk = Talk::on(&site);
    let browser = site.browser_of(Role::Agent).await;
    browser.open("/inbox?status=all").await;
    browser.wait_for_text("No conversations").await;
    browser.picture("inbox-nothing-yet").await;
    talk.says(&ana(), "Oi").await;
    browser.wait_for(By::Text("Ana Luísa")).await;
    let conversation = talk.conversation("Ana", 1).await;
    talk.change(Role::Agent, &conversation, &json!({ "status": "closed" })).await;
    browser.open("/inbox").await;
    browser.wait_for_text("All done").await;
    browser.picture("inbox-all-done").await;
    browser.open("/inbox?status=all&q=nobody&assignee=nobody").await;
    browser.wait_for_text("Nothing found").await;
    browser.picture("inbox-nothing-found").await;
    browser.end().await;
}
