//! Working through the inbox: by keyboard, on a phone, without scripts, and coming back to it.

use causeway::{sign_in, store::sign_in as passwords};
use causeway_core::rights::Role;

use super::{Talk, ana, hanako, holds, ravi};
use crate::browser::{browser::By, site::Site};

/// Three conversations; the latest first: Sato, Ravi, Ana.
async fn three(talk: &Talk<'_>) -> [String; 3] {
    let mut ids = Vec::new();
    for (who, text) in [(ana(), "Oi, tudo bem?"), (ravi(), "Where is my invoice?"), (hanako(), "It leaks")] {
        talk.says(&who, text).await;
        ids.insert(0, talk.conversation(who.name.as_deref().unwrap(), 1).await);
        talk.site.advance(std::time::Duration::from_mins(1));
    }
    ids.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_done_by_keyboard() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ravi, _] = three(&talk).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open("/inbox").await;
    browser.wait_for_text("Sato Hanako").await;
    browser.press("j").await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    browser.press("j").await;
    browser.wait_for_path(&format!("/inbox/{ravi}")).await;
    browser.press("k").await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    browser.press("m").await;
    assert_eq!(browser.focus().await, "textarea Memo");
    browser.type_text("just a jotting? /").await;
    browser.press("Control+Enter").await;
    browser.wait_for_text("just a jotting? /").await;
    browser.wait_for(By::Css(".memo")).await;
    assert_eq!(browser.focus().await, "textarea Memo", "the next memo can be typed at once");
    browser.press("Escape").await;
    holds(&browser, "return document.activeElement === document.body").await;
    browser.press("?").await;
    browser.wait_for_text("Keyboard shortcuts").await;
    browser.wait_for(By::Css("#shortcuts")).await;
    browser.picture("inbox-shortcuts").await;
    browser.press("Escape").await;
    browser.wait_until_gone("#shortcuts").await;
    browser.press("a").await;
    browser.press("ArrowDown").await;
    browser.press("Enter").await;
    browser.wait_for_text("Aiko Tan assigned this to Aiko Tan").await;
    browser.press("Escape").await;
    browser.press("e").await;
    browser.wait_for_text("Aiko Tan marked this as closed").await;
    browser.press("/").await;
    assert_eq!(browser.focus().await, "input Search name, number or e-mail");
    browser.type_text("ravi").await;
    browser.press("Enter").await;
    browser.wait_for_path("/inbox?status=open&q=ravi&assignee=&place=").await;
    assert_eq!(browser.count("#rows > li").await, 1);
    browser.press("g").await;
    browser.press("c").await;
    browser.wait_for_path("/contacts").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_one_goes_from_the_list_to_the_thread_to_the_person_and_back() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ..] = three(&talk).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.phone().await;
    browser.open("/inbox").await;
    browser.wait_for_text("Sato Hanako").await;
    browser.check().await;
    browser.click(By::Text("Sato Hanako")).await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    browser.wait_for(By::Label("Memo")).await;
    holds(&browser, "return !document.querySelector('#rows').checkVisibility()").await;
    browser.check().await;
    browser.click(By::Css(".thread__beside")).await;
    let beside = "const box = document.querySelector('#beside').getBoundingClientRect(); \
                  return box.top < innerHeight - 80 && box.bottom > 0";
    holds(&browser, beside).await;
    browser.back().await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    browser.run("document.querySelector('.thread').scrollIntoView()", vec![]).await;
    browser.click(By::Css(".thread__back")).await;
    browser.wait_for_path("/inbox").await;
    browser.wait_for_text("Ravi Shankar").await;
    browser.back().await;
    browser.wait_for_text("It leaks").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_inbox_works_as_documents() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ..] = three(&talk).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.without_scripts().await;
    browser.open("/inbox").await;
    browser.click(By::Text("Sato Hanako")).await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    browser.picture("inbox-without-scripts").await;
    browser.click(By::Text("Mark as read")).await;
    browser.wait_for_path(&format!("/inbox/{sato}")).await;
    assert_eq!(browser.count("#reading form").await, 0);
    browser.fill(By::Label("Memo"), "Call back").await;
    browser.click(By::Text("Save memo")).await;
    browser.wait_for_text("Call back").await;
    browser.choose(By::Css("#assignee"), "Me").await;
    browser.click(By::Text("Assign")).await;
    browser.wait_for_text("Aiko Tan assigned this to Aiko Tan").await;
    browser.click(By::Css("button[value=pending]")).await;
    browser.wait_for_text("Aiko Tan marked this as pending").await;
    browser.click(By::Css(".tabs a[href*=pending]")).await;
    browser.wait_for_text("Sato Hanako").await;
    assert_eq!(browser.count("#rows > li").await, 1);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_is_put_above_and_the_eye_stays_where_it_was() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    for block in 0..4 {
        let many = (0..20).map(|one| {
            let number = block * 20 + one;
            let (id, text) = (format!("wamid.many.{number}"), format!("Message {number}"));
            site.world.sender.text(&hanako(), &id, talk.now() + number, &text)
        });
        talk.post(many.collect()).await;
    }
    let conversation = talk.conversation("Sato", 50).await;
    talk.says(&ravi(), "So that the last of them are there").await;
    talk.conversation("Ravi", 1).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{conversation}")).await;
    browser.wait_for_text("Message 79").await;
    let at_end = "const box = document.querySelector('[data-bottom]'); \
                  return box.scrollHeight - box.scrollTop - box.clientHeight < 5";
    holds(&browser, at_end).await;
    let place = "return Math.round([...document.querySelectorAll('.said')].find((one) => one.innerText === 'Message 31')\
                 .getBoundingClientRect().top)";
    browser.run("document.querySelector('[data-bottom]').scrollTop = 0", vec![]).await;
    let before = browser.run(place, vec![]).await.as_i64().unwrap();
    browser.click(By::Text("Load earlier")).await;
    browser.wait_for_text("Message 0 ").await;
    let after = browser.run(place, vec![]).await.as_i64().unwrap();
    assert!((before - after).abs() < 40, "it stood at {before} and stands at {after}");
    assert_eq!(browser.count("#items .bubble").await, 80);
    assert_eq!(browser.count("#items .day").await, 1);
    talk.site.advance(std::time::Duration::from_mins(5));
    talk.says(&hanako(), "The newest").await;
    browser.wait_for(By::Css("#items .bubble")).await;
    browser.wait_for_text("The newest").await;
    assert_eq!(browser.count("#items .bubble").await, 81, "what was loaded stays");
    holds(&browser, "return document.querySelector('[data-bottom]').scrollTop < 3000").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_to_sign_in_comes_to_the_conversation_and_the_back_button_leads_back() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ravi, _] = three(&talk).await;
    let app = &site.world.app;
    let (workspace_id, member_id) = (site.world.workspace_id, site.member(Role::Agent).id);
    let hash = sign_in::hash(&app.nature, "a long enough password").await.unwrap();
    let put = app.db.write(move |tx| {
        Box::pin(async move { passwords::put_password(tx, workspace_id, member_id, &hash).await })
    });
    put.await.unwrap();
    let browser = site.browser().await;
    browser.open(&format!("/inbox/{sato}?status=all")).await;
    browser.fill(By::Label("E-mail"), "agent@acme.test").await;
    browser.fill(By::Label("Password"), "a long enough password").await;
    browser.press("Enter").await;
    browser.wait_for_path(&format!("/inbox/{sato}?status=all")).await;
    browser.wait_for_text("It leaks").await;
    browser.click(By::Text("Ravi Shankar")).await;
    browser.wait_for_path(&format!("/inbox/{ravi}?status=all")).await;
    browser.back().await;
    browser.wait_for_path(&format!("/inbox/{sato}?status=all")).await;
    browser.wait_for_text("It leaks").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memo_that_is_refused_keeps_what_was_typed_and_says_why_where_it_was_typed() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ..] = three(&talk).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{sato}")).await;
    browser.wait_for(By::Label("Memo")).await;
    // Blanks pass the browser's own check.
    browser.fill(By::Label("Memo"), "   ").await;
    browser.press("Control+Enter").await;
    browser.wait_for_text("Write something first.").await;
    assert_eq!(browser.attribute(By::Label("Memo"), "aria-invalid").await, Some("true".into()));
    assert_eq!(browser.focus().await, "textarea Memo");
    browser.picture("inbox-memo-refused").await;
    browser.type_text("Now it says something").await;
    browser.press("Control+Enter").await;
    browser.wait_for(By::Css(".memo")).await;
    assert_eq!(browser.count("#memo-error").await, 0);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memo_that_is_being_written_outlives_acts_and_a_look_elsewhere() {
    let site = Site::new().await;
    let talk = Talk::on(&site);
    let [sato, ravi, _] = three(&talk).await;
    let browser = site.browser_of(Role::Agent).await;
    browser.open(&format!("/inbox/{sato}?status=all")).await;
    browser.fill(By::Label("Memo"), "Half a thou").await;
    browser.click(By::Css("button[value=closed]")).await;
    browser.wait_for_text("Aiko Tan marked this as closed").await;
    assert_eq!(browser.value_of(By::Label("Memo")).await, "Half a thou");
    browser.click(By::Text("Ravi Shankar")).await;
    browser.wait_for_path(&format!("/inbox/{ravi}?status=all")).await;
    assert_eq!(browser.value_of(By::Label("Memo")).await, "");
    browser.press("k").await;
    browser.wait_for_path(&format!("/inbox/{sato}?status=all")).await;
    assert_eq!(browser.value_of(By::Label("Memo")).await, "Half a thou");
    browser.press("m").await;
    browser.press("End").await;
    browser.type_text("ght").await;
    browser.press("Control+Enter").await;
    browser.wait_for(By::Css(".memo")).await;
    assert!(browser.text_of(By::Css(".memo")).await.contains("Half a thought"));
    browser.reload().await;
    assert_eq!(browser.value_of(By::Label("Memo")).await, "");
    browser.end().await;
}
