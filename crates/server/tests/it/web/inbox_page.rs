//! The inbox as documents and fragments: what stands in them, and what happens to what is sent.

use std::collections::BTreeSet;

use axum::body::Body;
use causeway_pages::assets;
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_address_says_what_is_listed,
    pages_of_the_list_keep_the_filters,
    what_is_not_there_and_what_is_anothers_look_alike,
    a_memo_is_written_or_refused_with_what_was_typed,
    a_conversation_is_given_to_members_of_the_workspace_only,
    a_status_is_set_and_looking_is_noted,
    fragments_hold_what_has_changed_and_nothing_else,
    what_customers_write_is_never_markup,
    the_chat_link_in_the_crm_opens_the_thread,
);

async fn write(site: &Site, number: &str, name: &str, text: &str) -> String {
    let customer = Customer::with_number(number, name);
    let at = site.world.app.now() / 1_000_000;
    let message = format!("wamid.{number}.{}", site.world.app.nature.id());
    site.world.post(vec![site.world.sender.text(&customer, &message, at, text)]).await;
    site.world.settle().await;
    site.world.clock.advance(std::time::Duration::from_mins(1));
    let found =
        site.api("agent", "GET", &format!("conversations?status=all&search={number}"), Value::Null).await;
    found.json()["conversations"][0]["id"].as_str().unwrap().to_owned()
}

/// What a page says in the list: one text for each row.
fn rows(html: &str) -> Vec<String> {
    html.split("id=\"row-").skip(1).map(|row| row.split("</li>").next().unwrap().to_owned()).collect()
}

async fn listed(site: &Site, query: &str) -> Vec<String> {
    let answer = site.page("agent", &format!("/inbox?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}");
    let name =
        |row: &String| row.split("list__title").nth(1).unwrap().split(['>', '<']).nth(1).unwrap().to_owned();
    rows(&answer.text()).iter().map(name).collect()
}

/// A form as our script sends it.
async fn fragment_form(site: &Site, role: &str, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header("cookie", site.cookie(role).await)
        .header("sec-fetch-site", "same-origin")
        .header("x-fragment", "1")
        .header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

async fn fragment(site: &Site, path: &str) -> Answer {
    let request = Request::get(path).header("cookie", site.cookie("agent").await).header("x-fragment", "1");
    site.send(request.body(Body::empty()).unwrap()).await
}

/// R2.8
async fn the_chat_link_in_the_crm_opens_the_thread(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Is it open today?").await;
    let lead = site.world.records("Lead").await.remove(0);
    let address = lead["Description"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
    let path = address.strip_prefix(&site.world.app.config.public_url).expect("an address of ours");
    assert_eq!(path, format!("/inbox/{conversation}"));
    let page = site.page("agent", path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Is it open today?"));
    // Whoever is not signed in comes to the same place afterwards.
    let stranger = site.get(path).await;
    assert_eq!(stranger.header("location"), format!("/sign-in?next={path}"));
}

async fn the_address_says_what_is_listed(place: Place) {
    let site = Site::new(place).await;
    let ana = write(&site, "5511987654321", "Ana Luísa", "Oi").await;
    let bo = write(&site, "819012345678", "Bo", "Hello").await;
    write(&site, "819012345679", "Chie", "Hello").await;
    assert_eq!(listed(&site, "").await, ["Chie", "Bo", "Ana Luísa"]);
    assert_eq!(listed(&site, "q=ana+lu").await, ["Ana Luísa"]);
    assert_eq!(listed(&site, "q=090-1234-5678").await, ["Bo"]);
    let me =
        site.api("agent", "GET", "members", Value::Null).await.json()["you"].as_str().unwrap().to_owned();
    site.form("agent", &format!("/inbox/{bo}/assignee"), &format!("assignee={me}")).await;
    site.form("agent", &format!("/inbox/{ana}/status"), "status=pending").await;
    site.form("agent", &format!("/inbox/{ana}/read"), "").await;
    assert_eq!(listed(&site, "assignee=me").await, ["Bo"]);
    assert_eq!(listed(&site, &format!("assignee={me}")).await, ["Bo"]);
    assert_eq!(listed(&site, "assignee=nobody").await, ["Chie"]);
    assert_eq!(listed(&site, "status=pending").await, ["Ana Luísa"]);
    assert_eq!(listed(&site, "status=all").await.len(), 3);
    assert_eq!(listed(&site, "status=all&unread=1").await, ["Chie", "Bo"]);
    assert_eq!(listed(&site, "place=whatsapp").await.len(), 2);
    assert!(listed(&site, "place=line").await.is_empty());
    assert!(listed(&site, "place=acc_1").await.is_empty());
    // What cannot be read asks for nothing.
    assert_eq!(listed(&site, "status=ajar&assignee=somebody&unread=yes&from=soon&q=%00").await.len(), 2);
    let page = site.page("agent", "/inbox?status=all&q=nobody").await.text();
    assert!(page.contains("Nothing found") && page.contains("href=\"/inbox?status=all\""), "{page}");
}

async fn pages_of_the_list_keep_the_filters(place: Place) {
    let site = Site::new(place).await;
    let customer = |number: usize| {
        Customer::with_number(&format!("8190123456{number:02}"), &format!("Customer {number:02}"))
    };
    let at = site.world.app.now() / 1_000_000;
    let text = |number: usize| {
        let id = format!("wamid.{number}");
        site.world.sender.text(&customer(number), &id, at + i64::try_from(number).unwrap(), "Hello")
    };
    site.world.post((0..53).map(text).collect()).await;
    site.world.settle().await;
    let first = site.page("agent", "/inbox?status=all&unread=1&q=customer").await.text();
    assert_eq!(rows(&first).len(), 50);
    let older = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let older = older.split('"').next().unwrap().replace("&amp;", "&");
    assert!(older.starts_with("/inbox?status=all&unread=1&q=customer&from="), "{older}");
    let second = site.page("agent", &older).await.text();
    assert_eq!(rows(&second).len(), 3);
    assert!(
        second.contains("href=\"/inbox?status=all&amp;unread=1&amp;q=customer\""),
        "the way back to the first"
    );
    assert!(!second.contains("rel=\"next\""));
    // A conversation is opened within its list.
    let row = &rows(&second)[0];
    assert!(row.contains("unread=1&amp;q=customer&amp;from="), "{row}");
}

async fn what_is_not_there_and_what_is_anothers_look_alike(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Hello").await;
    site.stranger().await;
    let nowhere = site.page("stranger", "/inbox/cnv_1").await;
    for path in [conversation.as_str(), "cnv_1", "nonsense", "ctc_1"] {
        for end in ["", "/items", "/acts"] {
            let answer = site.page("stranger", &format!("/inbox/{path}{end}")).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nowhere.body), "{path}{end}");
        }
        for (end, form) in
            [("memos", "text=boo"), ("assignee", "assignee="), ("status", "status=closed"), ("read", "")]
        {
            let answer = site.form("stranger", &format!("/inbox/{path}/{end}"), form).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nowhere.body), "{path}/{end}");
        }
    }
    let thread = site.api("agent", "GET", &format!("conversations/{conversation}"), Value::Null).await.json();
    assert_eq!((&thread["status"], &thread["unread"]), (&json!("open"), &json!(1)));
    assert_eq!(thread["items"].as_array().unwrap().len(), 1);
    assert!(rows(&site.page("stranger", "/inbox?status=all").await.text()).is_empty());
}

async fn a_memo_is_written_or_refused_with_what_was_typed(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Hello").await;
    let (page, memos) = (format!("/inbox/{conversation}"), format!("/inbox/{conversation}/memos"));
    let done = site.form("agent", &memos, "text=call+back+%3Cb%3E").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
    assert!(site.page("agent", &page).await.text().contains("call back &lt;b&gt;"));
    let long = "x".repeat(10_001);
    for (form, why, typed) in [
        ("text=+".to_owned(), "Write something first.", "> </textarea>".to_owned()),
        (String::new(), "Write something first.", "></textarea>".to_owned()),
        (
            format!("text={long}"),
            "The memo has 10001 characters; 10000 is the most.",
            format!(">{long}</textarea>"),
        ),
    ] {
        for answer in
            [site.form("agent", &memos, &form).await, fragment_form(&site, "agent", &memos, &form).await]
        {
            let html = answer.text();
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
            assert!(html.contains(why) && html.contains(&typed), "{why}: {html}");
            assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"memo-error memo-hint\""));
        }
    }
    // What nobody can type ends at the door.
    let unheard = site.form("agent", &memos, "text=a%00b").await;
    assert_eq!(unheard.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unheard.text().contains("This form could not be read"));
    let thread = site.api("agent", "GET", &format!("conversations/{conversation}"), Value::Null).await.json();
    assert_eq!(thread["items"].as_array().unwrap().len(), 2, "only the first was kept");
}

async fn a_conversation_is_given_to_members_of_the_workspace_only(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Hello").await;
    site.stranger().await;
    let stranger =
        site.api("stranger", "GET", "members", Value::Null).await.json()["you"].as_str().unwrap().to_owned();
    let path = format!("/inbox/{conversation}/assignee");
    for nobody in [stranger.as_str(), "mem_1", "nonsense"] {
        let form = format!("assignee={nobody}");
        for answer in
            [site.form("agent", &path, &form).await, fragment_form(&site, "agent", &path, &form).await]
        {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nobody}");
            assert!(answer.text().contains("no active member of this workspace"), "{}", answer.text());
        }
    }
    let api = format!("conversations/{conversation}");
    assert_eq!(site.api("agent", "GET", &api, Value::Null).await.json()["assignee"], Value::Null);
    let me =
        site.api("agent", "GET", "members", Value::Null).await.json()["you"].as_str().unwrap().to_owned();
    let given = site.form("agent", &path, &format!("assignee={me}")).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    assert_eq!(site.api("agent", "GET", &api, Value::Null).await.json()["assignee"]["id"], json!(me));
    site.form("agent", &path, "assignee=").await;
    assert_eq!(site.api("agent", "GET", &api, Value::Null).await.json()["assignee"], Value::Null);
}

async fn a_status_is_set_and_looking_is_noted(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Hello").await;
    let (page, api) = (format!("/inbox/{conversation}"), format!("conversations/{conversation}"));
    for status in ["pending", "closed", "open"] {
        let answer = site.form("agent", &format!("{page}/status"), &format!("status={status}")).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
        assert_eq!(site.api("agent", "GET", &api, Value::Null).await.json()["status"], status);
    }
    let answer = site.form("agent", &format!("{page}/status"), "status=ajar").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(site.page("agent", &page).await.text().contains("Mark as read"));
    assert_eq!(
        site.api("agent", "GET", &api, Value::Null).await.json()["unread"],
        1,
        "to open is not to look"
    );
    let answer = fragment_form(&site, "agent", &format!("{page}/read"), "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(site.api("agent", "GET", &api, Value::Null).await.json()["unread"], 0);
    assert!(!site.page("agent", &page).await.text().contains("Mark as read"));
}

async fn fragments_hold_what_has_changed_and_nothing_else(place: Place) {
    let site = Site::new(place).await;
    let conversation = write(&site, "819012345678", "Bo", "Hello").await;
    let page = format!("/inbox/{conversation}");
    for (path, parts) in [
        ("/inbox".to_owned(), &["tabs", "rows", "list-pager"][..]),
        (page.clone(), &["earlier", "items"]),
        (format!("{page}/items"), &["items", "reading"]),
        (format!("{page}/acts"), &["acts"]),
    ] {
        let answer = fragment(&site, &path).await;
        let html = answer.text();
        assert!(answer.status == StatusCode::OK && !html.contains("<html"), "{path}");
        assert!(parts.iter().all(|part| html.contains(&format!("id=\"{part}\""))), "{path}: {html}");
    }
    let changed = fragment_form(&site, "agent", &format!("{page}/memos"), "text=note").await;
    let html = changed.text();
    for part in ["id=\"acts\"", "id=\"items\"", "id=\"composer\"", "note"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    // Who is signed out is not led to a page that nobody sees.
    let request =
        Request::get(format!("{page}/items")).header("x-fragment", "1").body(Body::empty()).unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::UNAUTHORIZED);
}

async fn what_customers_write_is_never_markup(place: Place) {
    let site = Site::new(place).await;
    let bad = "<img src=x onerror=alert(1)>";
    let conversation = write(&site, "819012345678", bad, bad).await;
    let at = site.world.app.now() / 1_000_000;
    let made = json!({ "groups": [{ "group_id": "g1", "type": "group_create", "subject": bad, "timestamp": at.to_string() }] });
    let customer = Customer::with_number("819012345679", bad);
    site.world
        .post(vec![
            site.world.sender.change("group_lifecycle_update", made),
            site.world.sender.group_text("g1", &customer, "wamid.g", at, bad),
        ])
        .await;
    site.world.settle().await;
    site.form("agent", &format!("/inbox/{conversation}/memos"), "text=%3Cimg+src%3Dx%3E").await;
    for path in [
        "/inbox?status=all".to_owned(),
        format!("/inbox/{conversation}"),
        format!("/inbox?q={}", "%3Cimg+src%3E"),
    ] {
        let html = site.page("agent", &path).await.text();
        assert!(!html.contains("<img"), "{path}: {html}");
    }
    let list = site.page("agent", "/inbox?status=all").await.text();
    let rows = rows(&list);
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row.contains("&lt;img src=x onerror=alert(1)&gt;")),
        "{rows:?}"
    );
}

/// Bytes over the wire, packed as a browser asks for them.
async fn packed(site: &Site, role: &str, path: &str) -> usize {
    let request =
        Request::get(path).header("cookie", site.cookie(role).await).header("accept-encoding", "gzip");
    let answer = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(answer.header("content-encoding"), "gzip", "{path}");
    answer.body.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_inbox_with_all_that_it_loads_is_below_100_kilobytes() {
    let site = Site::new(Place::sqlite()).await;
    let at = site.world.app.now() / 1_000_000;
    for block in 0..6 {
        let many = (0..10).map(|one| {
            let number = block * 10 + one;
            let customer =
                Customer::with_number(&format!("8190123456{number:02}"), &format!("Customer {number:02}"));
            let text =
                format!("A question about order {number}, which has not come yet although it was promised.");
            site.world.sender.text(&customer, &format!("wamid.{number}"), at + number, &text)
        });
        site.world.post(many.collect()).await;
    }
    let customer = Customer::with_number("819012345600", "Customer 00");
    for block in 0..6 {
        let many = (0..10).map(|one| {
            let number = block * 10 + one;
            let text = format!("Line {number} of a long talk about what was promised and what came instead.");
            site.world.sender.text(&customer, &format!("wamid.long.{number}"), at + 100 + number, &text)
        });
        site.world.post(many.collect()).await;
    }
    site.world.settle().await;
    let found = site.api("agent", "GET", "conversations?search=819012345600", Value::Null).await.json();
    let page = format!("/inbox/{}", found["conversations"][0]["id"].as_str().unwrap());
    let html = site.page("agent", &page).await.text();
    assert_eq!((rows(&html).len(), html.matches("id=\"item-").count()), (50, 50), "a full page");
    let mut bytes = packed(&site, "agent", &page).await;
    let mut loaded = BTreeSet::from(["js/live-worker.js".to_owned()]);
    let prefix = assets::url("");
    for part in html.split(&prefix).skip(1) {
        loaded.insert(part.split(['"', '#']).next().unwrap().to_owned());
    }
    let mut scripts = vec!["js/main.js".to_owned()];
    while let Some(path) = scripts.pop() {
        let script = String::from_utf8(assets::get(&path).unwrap().bytes.into_owned()).unwrap();
        for name in script.split("from \"./").skip(1).chain(script.split("import \"./").skip(1)) {
            let name = format!("js/{}", name.split('"').next().unwrap());
            if loaded.insert(name.clone()) {
                scripts.push(name);
            }
        }
    }
    assert!(loaded.len() > 10, "{loaded:?}");
    for path in &loaded {
        let one = assets::url(path);
        let request = Request::get(&one).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let answer = site.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        bytes += answer.body.len();
    }
    assert!(bytes < 100_000, "{bytes} bytes");
}
