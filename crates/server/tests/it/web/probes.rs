//! Whether the server is up and ready, and what an operator watches.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc};

use axum::{body::Body, extract::ConnectInfo};
use causeway::{
    app::App,
    clock::{Nature, SeededEntropy, SystemClock},
    config::Config,
    metrics, open,
    seal::{Sealer, Secret},
    web,
};
use causeway_simulator::whatsapp::Customer;
use http::{Request, StatusCode};
use tower::ServiceExt as _;

use super::Site;
use crate::{
    store::engine::{Place, on_both_engines},
    tidy::root,
};

on_both_engines!(
    a_server_is_ready_while_every_check_passes,
    whoever_may_not_is_not_shown_the_metrics,
    a_days_work_is_counted_without_anybody_in_it,
    every_metric_of_the_docs_is_there_and_every_one_that_is_there_is_in_the_docs,
);

/// Asks as somebody at that address.
async fn ask(router: axum::Router, path: &str, from: &str, header: (&str, &str)) -> (StatusCode, String) {
    let host = if header.0 == "host" { header.1 } else { "127.0.0.1:8080" };
    let mut request = Request::get(path).header(header.0, header.1).body(Body::empty()).unwrap();
    request.headers_mut().insert("host", host.parse().unwrap());
    let peer: SocketAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn a_server_is_ready_while_every_check_passes(place: Place) {
    let site = Site::unconnected(place).await;
    assert_eq!(site.get("/healthz").await.text(), "ok\n");
    assert_eq!(site.get("/readyz").await.text(), "ok\n");
    let app = &site.world.app;
    // The database was used with another key.
    open::prove_key(&app.db, &app.sealer).await.unwrap();
    assert_eq!(site.get("/readyz").await.text(), "ok\n");
    let nature = Nature::new(Arc::new(SystemClock), Arc::new(SeededEntropy::new(1)));
    let other = App { sealer: Sealer::new(&[1; 32], nature), ..app.clone() };
    let (status, says) = ask(web::router(other.clone()), "/readyz", "127.0.0.1:1", ("x-y", "")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(says, "key: does not open what is sealed in the database\n");
    // A program of tomorrow has changed the schema.
    site.world.place.age().await;
    let answer = site.get("/readyz").await;
    assert_eq!(
        (answer.status, answer.text()),
        (StatusCode::SERVICE_UNAVAILABLE, "database: does not answer as it should\n".into())
    );
    // Told to stop, it takes no more work, and is alive.
    app.live.stop();
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().starts_with("stopping"));
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
}

async fn whoever_may_not_is_not_shown_the_metrics(place: Place) {
    let site = Site::unconnected(place).await;
    let with = |public_url: &str, token: &str| {
        let mut config = Config::clone(&site.world.app.config);
        config.public_url = public_url.into();
        config.metrics_token = Secret::new(token);
        App { config: Arc::new(config), ..site.world.app.clone() }
    };
    let (home, away) = ("http://127.0.0.1:8080", "https://chat.example.com");
    let (here, lan) = ("127.0.0.1:5000", "10.0.0.7:5000");
    let (nothing, token, wrong) =
        (("x-y", ""), ("authorization", "Bearer hush"), ("authorization", "Bearer hus"));
    for (url, kept, from, header, is_shown) in [
        (home, "", here, nothing, true),
        (home, "", "[::1]:5000", nothing, true),
        ("http://localhost:8080", "", here, nothing, true),
        (home, "", lan, nothing, false),
        // Behind a proxy everybody comes from this machine.
        (home, "", here, ("x-forwarded-for", "203.0.113.9"), false),
        (home, "", here, ("forwarded", "for=203.0.113.9"), false),
        // A name of somebody else's was made to lead to this machine.
        (home, "", here, ("host", "evil.example:8080"), false),
        (home, "", here, ("host", "127.0.0.1.evil.example"), false),
        (away, "", here, nothing, false),
        (away, "", here, ("authorization", "Bearer "), false),
        (away, "hush", lan, token, true),
        (away, "hush", lan, wrong, false),
        (away, "hush", here, nothing, false),
        (home, "hush", here, nothing, false),
    ] {
        let app = with(url, kept);
        let (status, _) = ask(web::router(app.clone()), "/metrics", from, header).await;
        let expected = if is_shown { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(status, expected, "{url} {kept:?} {from} {header:?}");
    }
    // The operator's own address shows the probes and nothing else.
    let app = with(away, "");
    for (path, expected) in
        [("/metrics", 200), ("/healthz", 200), ("/readyz", 200), ("/sign-in", 404), ("/api/v1/status", 404)]
    {
        let (status, _) = ask(web::watch_router(app.clone()), path, lan, nothing).await;
        assert_eq!(status.as_u16(), expected, "{path}");
    }
}

async fn a_days_work_is_counted_without_anybody_in_it(place: Place) {
    let site = Site::new(place).await;
    let sender = &site.world.sender;
    let ana = Customer::with_number("819012345678", "Ana Watched");
    site.world
        .post(vec![sender.text(&ana, "wamid.1", site.world.app.now() / 1_000_000, "Planted text")])
        .await;
    let waiting = metrics::text(&site.world.app).await.unwrap();
    assert!(waiting.contains("causeway_intake_waiting 1\n"), "{waiting}");
    site.world.settle().await;
    site.world.clock.advance(std::time::Duration::from_mins(1));
    let text = metrics::text(&site.world.app).await.unwrap();
    let connection = site.connection();
    for line in [
        "causeway_intake_waiting 0".to_owned(),
        "causeway_intake_read_total 1".to_owned(),
        format!(
            "causeway_crm_calls_total{{connection=\"{connection}\",call=\"write_entries\",verdict=\"ok\"}} 1"
        ),
        "causeway_attempts_total{kind=\"entry\",verdict=\"done\"} 1".to_owned(),
        "causeway_attempts_total{kind=\"person\",verdict=\"done\"} 1".to_owned(),
        format!("causeway_lane_lag_seconds{{connection=\"{connection}\"}} 0.0"),
        format!(
            "causeway_connections{{connection=\"{connection}\",crm=\"salesforce\",state=\"connected\"}} 1"
        ),
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} is missing in\n{text}");
    }
    for secret in ["Ana", "Planted", "819012345678", "wamid", "acme.test", "Acme"] {
        assert!(!text.contains(secret), "{secret} stands in the metrics");
    }
    assert_eq!(text.matches("# EOF").count(), 1, "a text ends once");
    assert!(text.ends_with("# EOF\n"));
}

/// A metric's name without the endings of counters and histograms.
fn family(name: &str) -> &str {
    let endings = ["_total", "_bucket", "_count", "_sum", "_info"];
    endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// The metrics that a text names.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with("causeway_") || word.starts_with("process_")).map(family).collect()
}

async fn every_metric_of_the_docs_is_there_and_every_one_that_is_there_is_in_the_docs(place: Place) {
    let site = Site::new(place).await;
    let sender = &site.world.sender;
    let ana = Customer::with_number("819012345678", "Ana");
    site.world.post(vec![sender.text(&ana, "wamid.1", site.world.app.now() / 1_000_000, "Hello")]).await;
    site.world.settle().await;
    let docs = std::fs::read_to_string(root().join("docs/operating.md")).unwrap();
    let text = metrics::text(&site.world.app).await.unwrap();
    let told: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE")).collect();
    assert_eq!(names(&docs), names(&told.join("\n")));
    let rules: Vec<&str> = docs.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(rules.len() > 5, "the rules of the docs were not found");
    for rule in rules {
        let rest =
            promql::expression(rule).unwrap_or_else(|at| panic!("{rule}\n  cannot be read from here: {at}"));
        assert_eq!(rest, "", "{rule}");
    }
    for wrong in [
        "rate(causeway_x[5m]",
        "causeway_x{a=1} > 2",
        "sum by (x causeway_x",
        "causeway_x >",
        "frate(causeway_x[5m])",
    ] {
        assert!(promql::expression(wrong).map_or(true, |rest| !rest.is_empty()), "{wrong} was read");
    }
}

/// As much of Prometheus's language as the rules of our docs speak. Each reads from the front of a text and answers what
/// is left, or where it could not go on.
mod promql {
    type Read<'a> = Result<&'a str, &'a str>;

    const FUNCTIONS: &[&str] =
        &["rate", "increase", "histogram_quantile", "max_over_time", "time", "clamp_min"];
    const GATHERING: &[&str] = &["sum", "max", "min", "count", "avg"];
    const BETWEEN: &[&str] = &["and", "or", "unless", ">=", "<=", "==", "!=", ">", "<", "+", "-", "*", "/"];

    pub fn expression(text: &str) -> Read<'_> {
        let mut rest = operand(text)?.trim_start();
        while let Some(after) = BETWEEN.iter().find_map(|word| rest.strip_prefix(word)) {
            rest = operand(labels(after.trim_start(), &["on", "ignoring"])?)?.trim_start();
        }
        Ok(rest)
    }

    fn operand(text: &str) -> Read<'_> {
        let text = text.trim_start();
        if let Some(inside) = text.strip_prefix('(') {
            return expect(expression(inside)?, ")");
        }
        let (word, rest) = word(text);
        if word.is_empty() {
            return Err(text);
        }
        if word.parse::<f64>().is_ok() {
            return Ok(rest);
        }
        if GATHERING.contains(&word) {
            return arguments(labels(rest.trim_start(), &["by", "without"])?);
        }
        if FUNCTIONS.contains(&word) {
            return arguments(rest);
        }
        if !(word.starts_with("causeway_") || word.starts_with("process_") || word == "up") {
            return Err(text);
        }
        let rest = if let Some(inside) = rest.strip_prefix('{') { matchers(inside)? } else { rest };
        match rest.strip_prefix('[') {
            Some(inside) => duration(inside),
            None => Ok(rest),
        }
    }

    fn arguments(text: &str) -> Read<'_> {
        let mut rest = expect(text, "(")?.trim_start();
        if let Some(after) = rest.strip_prefix(')') {
            return Ok(after);
        }
        loop {
            rest = expression(rest)?;
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => return expect(rest, ")"),
            }
        }
    }

    /// `by (a, b)`, if one of these words stands there.
    fn labels<'a>(text: &'a str, words: &[&str]) -> Read<'a> {
        let (found, rest) = word(text);
        if !words.contains(&found) {
            return Ok(text);
        }
        let inside = expect(rest, "(")?;
        let (list, after) = inside.split_once(')').ok_or(inside)?;
        let is_list =
            list.split(',').all(|label| !label.trim().is_empty() && word(label.trim()).1.is_empty());
        if is_list { Ok(after.trim_start()) } else { Err(inside) }
    }

    fn matchers(text: &str) -> Read<'_> {
        let (list, after) = text.split_once('}').ok_or(text)?;
        let is_matcher = |one: &str| {
            let (label, rest) = word(one.trim());
            let value = ["=~", "!~", "!=", "="].iter().find_map(|operator| rest.strip_prefix(operator));
            let is_quoted =
                value.is_some_and(|value| value.len() > 1 && value.starts_with('"') && value.ends_with('"'));
            !label.is_empty() && is_quoted
        };
        if list.split(',').all(is_matcher) { Ok(after) } else { Err(text) }
    }

    fn duration(text: &str) -> Read<'_> {
        let (inside, after) = text.split_once(']').ok_or(text)?;
        let number = inside.trim_end_matches(['s', 'm', 'h', 'd']);
        if number.len() + 1 == inside.len() && number.parse::<u32>().is_ok() { Ok(after) } else { Err(text) }
    }

    fn expect<'a>(text: &'a str, wanted: &str) -> Read<'a> {
        text.trim_start().strip_prefix(wanted).ok_or(text)
    }

    fn word(text: &str) -> (&str, &str) {
        let end =
            text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '.'));
        text.split_at(end.unwrap_or(text.len()))
    }
}
