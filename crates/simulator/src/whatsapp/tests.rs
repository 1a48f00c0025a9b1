//! The provider's side: what it builds, how it signs, and how it sends.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use serde_json::{Value, json};

use super::*;

fn sender(number: usize) -> Sender {
    Sender {
        secret: "app_secret_123".into(),
        waba_id: format!("10{}", number / 2),
        phone_number_id: format!("20{number}"),
        display_number: format!("1555078388{number}"),
    }
}

fn ana() -> Customer {
    Customer::with_number("14155552671", "Ana")
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("JSON")
}

#[test]
fn a_signature_is_the_published_one() {
    let body = br#"{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"text":"\u00e4\u00f6\u00e5"}}]}]}"#;
    let expected = "sha256=5b8763057ebb03581b9b4821611a0d8f50f19d32e8e153b94d45254ab85a1384";
    assert_eq!(sender(0).sign(body), expected);
}

#[test]
fn bytes_are_escaped_as_the_provider_escapes_them() {
    let text = "äöå 日本 👍 a/b \"q\" \\ \n\t\u{7f}\u{2028}";
    let written = wire::write(&json!({"é/": text}));
    let expected = concat!(
        r#"{"\u00e9\/":"\u00e4\u00f6\u00e5 \u65e5\u672c \ud83d\udc4d a\/b \"q\" \\ "#,
        r#"\n\t\u007f\u2028"}"#
    );
    assert_eq!(String::from_utf8_lossy(&written), expected);
    assert_eq!(read(&written)["é/"], text);
}

#[test]
fn a_text_has_the_providers_form() {
    let body = sender(0).wrap(vec![sender(0).text(&ana(), "wamid.1", 1_697_043_223, "Hi")]);
    let expected = json!({"object": "whatsapp_business_account", "entry": [{"id": "100", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783880", "phone_number_id": "200"},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": "14155552671"}],
        "messages": [{"from": "14155552671", "id": "wamid.1", "timestamp": "1697043223", "type": "text", "text": {"body": "Hi"}}],
    }}]}]});
    assert_eq!(read(&body), expected);
}

#[test]
fn somebody_without_a_number_has_no_from() {
    let zoe = Customer::with_user_id("US.1", "@zoe", "Zoë");
    let value = sender(0).text(&zoe, "wamid.1", 1, "Hi")["value"].clone();
    assert_eq!(
        value["contacts"],
        json!([{"profile": {"name": "Zoë", "username": "@zoe"}, "user_id": "US.1"}])
    );
    assert_eq!(
        (&value["messages"][0]["from_user_id"], value["messages"][0].get("from")),
        (&json!("US.1"), None)
    );
}

#[test]
fn every_kind_says_its_type_and_carries_its_object() {
    let (sender, ana) = (sender(0), ana());
    let changes = [
        ("image", sender.image(&ana, "1", 1, "77", Some("Look"))),
        ("audio", sender.voice(&ana, "1", 1, "77")),
        ("document", sender.document(&ana, "1", 1, "77", "a.pdf")),
        ("location", sender.location(&ana, "1", 1, 37.46, -122.2)),
        ("reaction", sender.reaction(&ana, "1", 1, "0", Some("👍"))),
        ("reaction", sender.reaction(&ana, "1", 1, "0", None)),
        ("interactive", sender.button_reply(&ana, "1", 1, "b", "Yes")),
        ("edit", sender.edit(&ana, "1", 1, "0", "new")),
        ("revoke", sender.revoke(&ana, "1", 1, "0")),
        ("unsupported", sender.unsupported(&ana, "1", 1, "poll_creation")),
        ("text", sender.group_text("g", &ana, "1", 1, "Hi")),
        ("system", sender.number_change(&ana, "1", 1, "14155550000")),
    ];
    for (kind, change) in changes {
        let message = &change["value"]["messages"][0];
        assert_eq!((&message["type"], &message["id"]), (&json!(kind), &json!("1")));
        assert!(message[kind].is_object(), "{kind}");
    }
}

#[test]
fn statuses_and_echoes_name_the_customer() {
    let (sender, ana) = (sender(0), ana());
    assert_eq!(sender.status(&ana, "1", 1, "read")["value"]["statuses"][0]["recipient_id"], "14155552671");
    assert_eq!(sender.failure(&ana, "1", 1)["value"]["statuses"][0]["errors"][0]["code"], 131_026);
    let echo = sender.echo_text(&ana, "1", 1, "Hi");
    assert_eq!(echo["field"], "smb_message_echoes");
    let echo = &echo["value"]["message_echoes"][0];
    assert_eq!((&echo["from"], &echo["to"]), (&json!("15550783880"), &json!("14155552671")));
}

#[test]
fn numbers_of_one_business_account_share_an_entry() {
    let senders = [sender(0), sender(1), sender(2)];
    let changes: Vec<_> =
        senders.iter().map(|sender| (sender, vec![sender.text(&ana(), "1", 1, "Hi")])).collect();
    let body = read(&body(&changes));
    let changes = |entry: usize| body["entry"][entry]["changes"].as_array().map_or(0, Vec::len);
    assert_eq!((changes(0), changes(1), &body["entry"][1]["id"]), (2, 1, &json!("101")));
}

/// Every message of a request: (account, id, customer, time, text).
fn messages(post: &Post) -> Vec<(String, String, String, i64, String)> {
    let word = |value: &Value| value.as_str().expect("text").to_owned();
    let body = read(&post.body);
    let mut found = Vec::new();
    for entry in body["entry"].as_array().expect("entries") {
        for change in entry["changes"].as_array().expect("changes") {
            let value = &change["value"];
            for message in value["messages"].as_array().expect("messages") {
                let from = message.get("from").unwrap_or(&message["from_user_id"]);
                let at = word(&message["timestamp"]).parse().expect("seconds");
                let account = word(&value["metadata"]["phone_number_id"]);
                found.push((account, word(&message["id"]), word(from), at, word(&message["text"]["body"])));
            }
        }
    }
    found
}

fn plans() -> Vec<Plan> {
    let plan = Plan { messages: 400, ..Plan::default() };
    vec![
        plan.clone(),
        Plan { seed: 2, customers: 1, width: 1, ..plan.clone() },
        Plan { seed: 3, customers: 50, burst: 1, width: 40, twice_percent: 100, ..plan.clone() },
        Plan { seed: 4, late_percent: 100, is_shuffled: false, ..plan.clone() },
        Plan { messages: 0, ..plan },
    ]
}

#[test]
fn a_schedule_holds_exactly_what_it_promises() {
    for plan in plans() {
        let schedule = plan.schedule(&[sender(0), sender(1), sender(2)]);
        assert_eq!(schedule.expected.len(), plan.messages);
        let mut found = HashMap::new();
        for post in &schedule.posts {
            assert_eq!(post.signature, sender(0).sign(&post.body));
            for (account, id, from, at, text) in messages(post) {
                found.insert(id, (account, from, at, text));
            }
        }
        assert_eq!(found.len(), plan.messages);
        for expected in schedule.expected {
            let customer = expected.customer.wa_id.or(expected.customer.user_id).expect("an id");
            assert_eq!(found[&expected.id], (expected.account, customer, expected.at_seconds, expected.text));
        }
        assert!(schedule.posts.is_sorted_by_key(|post| post.after_ms));
    }
}

#[test]
fn time_and_then_place_in_the_request_give_each_customers_order() {
    for plan in plans() {
        let schedule = plan.schedule(&[sender(0), sender(1)]);
        let mut arrived: BTreeMap<(String, i64), Vec<Vec<String>>> = BTreeMap::new();
        let mut seen = HashSet::new();
        for post in &schedule.posts {
            let mut here: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
            for (_, id, from, at, _) in messages(post) {
                if seen.insert(id.clone()) {
                    here.entry((from, at)).or_default().push(id);
                }
            }
            for (key, ids) in here {
                arrived.entry(key).or_default().push(ids);
            }
        }
        // A second of one customer never spreads over two requests.
        assert!(arrived.values().all(|posts| posts.len() == 1));
        let mut in_order: HashMap<String, Vec<String>> = HashMap::new();
        for ((from, _), posts) in arrived {
            in_order.entry(from).or_default().extend(posts.into_iter().flatten());
        }
        let mut expected: HashMap<String, Vec<String>> = HashMap::new();
        for one in schedule.expected {
            expected
                .entry(one.customer.wa_id.or(one.customer.user_id).expect("an id"))
                .or_default()
                .push(one.id);
        }
        assert_eq!(in_order, expected);
    }
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let schedule = |seed| Plan { seed, ..Plan::default() }.schedule(&[sender(0)]);
    assert_eq!(schedule(7), schedule(7));
    assert_ne!(schedule(7), schedule(8));
    assert_eq!(Plan::default().schedule(&[]), Schedule::default());
}

#[test]
fn repeats_are_byte_for_byte_and_lateness_reorders() {
    let plan = Plan { twice_percent: 50, late_percent: 30, messages: 300, ..Plan::default() };
    let posts = plan.schedule(&[sender(0)]).posts;
    let mut times_sent: HashMap<&[u8], usize> = HashMap::new();
    for post in &posts {
        *times_sent.entry(&post.body).or_default() += 1;
    }
    assert!(times_sent.values().any(|times| *times == 2) && times_sent.values().any(|times| *times == 1));
    assert!(times_sent.values().all(|times| *times <= 2));
    let firsts: Vec<i64> = posts.iter().map(|post| messages(post)[0].3).collect();
    assert!(!firsts.is_sorted());
}

fn options() -> Options {
    Options {
        path: "/hook".into(),
        is_paced: false,
        first_wait: Duration::from_millis(1),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_refused_request_is_sent_again_until_it_is_accepted() {
    let schedule = Plan::default().schedule(&[sender(0)]);
    let count = u64::try_from(schedule.posts.len()).expect("a count");
    let counts: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
    let report = run(schedule.posts, options(), move |request| {
        assert_eq!(request.uri().path(), "/hook");
        let signature = request.headers()["x-hub-signature-256"].to_str().expect("text").to_owned();
        assert_eq!(signature, sender(0).sign(request.body()));
        let counts = Arc::clone(&counts);
        async move {
            let mut counts = counts.lock().expect("no panic");
            let tried = counts.entry(signature).or_default();
            *tried += 1;
            match tried {
                1 => Err(Unreachable("cut".into())),
                2 => Ok(StatusCode::SERVICE_UNAVAILABLE),
                _ => Ok(StatusCode::OK),
            }
        }
    })
    .await;
    assert_eq!((report.accepted, report.given_up), (count, 0));
    assert_eq!(report.answers[&200], count);
    assert!(report.unanswered > 0 && report.answers[&503] > 0);
    assert_eq!(report.latencies.len(), usize::try_from(count).expect("a count"));
    assert!(report.latency(50) <= report.latency(99) && report.latency(100).is_some());
}

#[tokio::test]
async fn a_request_that_nobody_accepts_is_given_up() {
    let posts =
        Plan { messages: 5, width: 1, twice_percent: 0, ..Plan::default() }.schedule(&[sender(0)]).posts;
    let options = Options { most_attempts: 3, ..options() };
    let report = run(posts, options, |_| async { Ok(StatusCode::FORBIDDEN) }).await;
    assert_eq!((report.accepted, report.given_up, report.answers[&403]), (0, 5, 15));
    assert_eq!(report.latency(50), None);
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let posts = Plan { messages: 60, width: 1, ..Plan::default() }.schedule(&[sender(0)]).posts;
    let under_way = Arc::new(AtomicU32::new(0));
    let most = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&most);
    run(posts, Options { most_at_once: 4, ..options() }, move |_| {
        let (under_way, most) = (Arc::clone(&under_way), Arc::clone(&most));
        async move {
            most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            under_way.fetch_sub(1, Ordering::SeqCst);
            Ok(StatusCode::OK)
        }
    })
    .await;
    assert_eq!(seen.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn requests_leave_at_their_times() {
    let posts =
        Plan { messages: 3, width: 1, gap_ms: 20, twice_percent: 0, late_percent: 0, ..Plan::default() };
    let start = crate::clock::Stopwatch::start();
    run(posts.schedule(&[sender(0)]).posts, Options { is_paced: true, ..options() }, |_| async {
        Ok(StatusCode::OK)
    })
    .await;
    assert!(start.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn requests_go_over_a_socket_and_connections_are_kept() {
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&taken);
    let take = move |headers: http::HeaderMap, body: bytes::Bytes| {
        let kept = Arc::clone(&kept);
        async move {
            let signature = headers["x-hub-signature-256"].to_str().expect("text").to_owned();
            kept.lock().expect("no panic").push((signature, body.to_vec()));
            "ok"
        }
    };
    let app = axum::Router::new().route("/hooks/whatsapp/key", axum::routing::post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let posts = Plan { messages: 50, ..Plan::default() }.schedule(&[sender(0)]).posts;
    let count = posts.len();
    let target: Target = format!("http://{address}/hooks/whatsapp/key").parse().expect("a target");
    let report = run_over_socket(posts, options(), target).await;
    assert_eq!(report.accepted, u64::try_from(count).expect("a count"));
    server.abort();
    let taken = taken.lock().expect("no panic");
    assert_eq!(taken.len(), count);
    assert!(taken.iter().all(|(signature, body)| *signature == sender(0).sign(body)));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_no_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let posts = Plan { messages: 1, twice_percent: 0, ..Plan::default() }.schedule(&[sender(0)]).posts;
    let target: Target = format!("http://{address}/").parse().expect("a target");
    let report = run_over_socket(posts, Options { most_attempts: 2, ..options() }, target).await;
    assert_eq!((report.unanswered, report.given_up), (2, 1));
}

#[test]
fn only_plain_http_is_a_target() {
    for text in ["https://example.com/", "example.com", "/hook", "http://user@host/", "ftp://host/", ""] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
    let target: Target = "http://127.0.0.1:8080/hooks/whatsapp/key".parse().expect("a target");
    assert_eq!(target.path(), "/hooks/whatsapp/key");
}

#[test]
fn the_set_up_request_asks_for_its_challenge() {
    let request = sender(0).challenge("/hooks/whatsapp/key", "word", "1158201444");
    assert_eq!(request.method(), http::Method::GET);
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=word";
    assert_eq!(request.uri().query(), Some(query));
}
