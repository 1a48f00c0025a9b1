//! The grant: renewed once for all, lost without losing anything, bound to its org, given back.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use causeway::{
    app::App,
    crm::{self, ConnectError, Disconnected, Line},
    http::{Access, Answering, Transport},
    lane,
    store::connection::{self, State},
};
use causeway_core::{
    call::Call, crm::Request, lane::HoldReason, plan::settings::ChatSync, receipt::State as Stands,
};
use futures_util::future::{Either, select};
use serde_json::{Value, json};

use super::ability::hanako;
use crate::{
    failures::trap::{Gate, Side},
    store::engine::{Place, on_both_engines},
    world::{InProcess, Log, Setting, World},
};

on_both_engines!(
    an_expired_access_token_is_renewed_once_and_nothing_is_lost,
    an_access_token_that_expires_between_two_requests_is_renewed_once,
    ten_calls_at_once_renew_once,
    a_new_refresh_token_is_stored_before_the_new_access_token_is_used,
    an_answer_without_a_refresh_token_overwrites_nothing,
    a_login_that_does_not_answer_is_asked_again,
    a_revoked_grant_is_lost_and_what_waits_drains_in_order_after_reconnecting,
    a_lost_grant_is_not_hammered_at,
    connecting_afresh_to_the_same_org_renews_the_connection,
    a_grant_of_another_org_is_refused,
    whom_a_grant_is_of_is_asked_where_its_tokens_do_not_say,
    a_grant_of_another_org_is_refused_although_its_tokens_do_not_say_so,
    a_grant_that_would_not_work_leaves_a_working_connection_as_it_was,
    whoever_disconnects_while_a_new_grant_fails_stays_disconnected,
    a_new_grant_that_dies_at_once_leaves_a_working_connection_as_it_was,
    a_renewal_that_leads_elsewhere_gives_its_grant_back,
    a_crm_that_does_not_take_a_grant_back_is_told_of,
    disconnecting_revokes_the_grant_and_erases_its_secrets,
    disconnecting_erases_the_secrets_even_if_revoking_fails,
    what_comes_while_disconnected_waits_and_drains_in_order_after_reconnecting,
    disconnecting_wins_over_a_renewal_that_is_under_way,
    disconnecting_wins_over_a_description_that_is_under_way,
);

/// R2.54
async fn an_expired_access_token_is_renewed_once_and_nothing_is_lost(place: Place) {
    let world = World::new(place).await;
    let before = world.token_requests().await;
    world.expire_sessions().await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.texts().await, ["hello"]);
    assert_eq!(world.token_requests().await, before + 1);
}

/// R2.54
async fn an_access_token_that_expires_between_two_requests_is_renewed_once(place: Place) {
    let world = World::new(place).await;
    let before = world.token_requests().await;
    let fault =
        json!({"kind": "session_expired", "path": "composite/sobjects", "method": "POST", "times": 1});
    world.fault(fault).await;
    let now = world.seconds();
    let texts = ["one", "two", "three"].iter().enumerate();
    let texts = texts.map(|(place, text)| world.sender.text(&hanako(), &format!("wamid.{place}"), now, text));
    world.post(texts.collect()).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["one", "two", "three"]);
    assert_eq!(world.records("Lead").await.len(), 1);
    assert_eq!(world.token_requests().await, before + 1);
}

/// R2.54
async fn ten_calls_at_once_renew_once(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"rotate_refresh_tokens": true})).await;
    let before = world.token_requests().await;
    world.expire_sessions().await;
    let calls = (0..10).map(|_| {
        let (app, id) = (world.app.clone(), world.connection_id);
        tokio::spawn(async move {
            let mut line = Line::open(&app, id).await.unwrap().unwrap();
            line.call(Call::Usage).await.map(|_| ())
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert_eq!(world.token_requests().await, before + 1);
    assert_eq!(world.connection().await.state, State::Connected);
}

/// R2.54
async fn a_new_refresh_token_is_stored_before_the_new_access_token_is_used(place: Place) {
    let world = World::new(place).await;
    world.sim("POST", "options", json!({"rotate_refresh_tokens": true})).await;
    for round in 0..3 {
        let before = world.connection().await;
        world.expire_sessions().await;
        // The first request under the new token is cut, as if we had died there.
        world.fault(json!({"kind": "cut_before", "path": "/services/data", "after": 1, "times": 1})).await;
        world.hear(&hanako(), &format!("wamid.{round}"), &format!("text {round}")).await;
        let after = world.connection().await;
        assert_ne!(after.refresh_token, before.refresh_token);
        assert_eq!(after.token_revision, before.token_revision + 1);
        world.rest(Duration::from_secs(10), Duration::from_mins(2)).await;
        world.sim("DELETE", "faults", json!(null)).await;
    }
    assert_eq!(world.texts().await, ["text 0", "text 1", "text 2"]);
}

/// R2.54
async fn an_answer_without_a_refresh_token_overwrites_nothing(place: Place) {
    let world = World::new(place).await;
    let before = world.connection().await.refresh_token;
    for round in 0..3 {
        world.expire_sessions().await;
        world.hear(&hanako(), &format!("wamid.{round}"), &format!("text {round}")).await;
    }
    assert_eq!(world.connection().await.refresh_token, before);
    assert_eq!(world.texts().await, ["text 0", "text 1", "text 2"]);
    assert_eq!(world.connection().await.state, State::Connected);
}

/// R2.54
async fn a_login_that_does_not_answer_is_asked_again(place: Place) {
    let world = World::new(place).await;
    world.expire_sessions().await;
    world.fault(json!({"kind": "unavailable", "path": "oauth2/token", "times": 3})).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert!(world.texts().await.is_empty());
    assert_eq!(world.connection().await.state, State::Connected, "one failure proves nothing");
    world.rest(Duration::from_secs(20), Duration::from_mins(2)).await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// R2.53, R2.54
async fn a_revoked_grant_is_lost_and_what_waits_drains_in_order_after_reconnecting(place: Place) {
    let mut world = World::new(place).await;
    world.hear(&hanako(), "wamid.0", "text 0").await;
    world.revoke_grants().await;
    for number in 1..=5 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(Duration::from_mins(30)).await;
    }
    let lost = world.connection().await;
    assert_eq!(lost.state, State::Lost);
    assert!(lost.detail.contains("Connect again"), "{}", lost.detail);
    assert_eq!(world.texts().await, ["text 0"]);
    assert_eq!(world.state_of("wamid.1").await, "due", "it waits, and is not lost");
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::GrantLost);
    world.reconnect().await.unwrap();
    world.settle().await;
    let expected: Vec<_> = (0..=5).map(|number| format!("text {number}")).collect();
    assert_eq!(world.texts().await, expected);
    assert_eq!(world.records("Lead").await.len(), 1);
}

/// R2.54
async fn a_lost_grant_is_not_hammered_at(place: Place) {
    let world = World::new(place).await;
    world.revoke_grants().await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    assert_eq!(world.connection().await.state, State::Lost);
    world.sim("DELETE", "counters", json!(null)).await;
    world.rest(Duration::from_mins(10), Duration::from_hours(4)).await;
    assert_eq!(world.sim("GET", "counters", json!(null)).await["requests"], json!(0));
}

/// R2.54
async fn connecting_afresh_to_the_same_org_renews_the_connection(place: Place) {
    let mut world = World::new(place).await;
    let id = world.connection_id;
    world.revoke_grants().await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    world.connect().await.unwrap();
    assert_eq!(world.connection_id, id);
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// R2.54
async fn a_grant_of_another_org_is_refused(place: Place) {
    let mut world = World::new(place).await;
    world.revoke_grants().await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let other = world.another_org();
    let home = world.app.http.clone();
    world.app.http = InProcess::to(&other);
    let refused = world.reconnect().await;
    assert!(matches!(refused, Err(ConnectError::OtherOrg { .. })), "{refused:?}");
    world.settle().await;
    world.app.http = home;
    let home = std::mem::replace(&mut world.org, other);
    assert_eq!(world.calls("/services/oauth2/revoke").await, 1, "the other org's grant is given back");
    world.org = home;
    assert!(world.texts().await.is_empty());
    world.reconnect().await.unwrap();
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// Takes from token answers whom they are of.
struct Unnamed(Arc<dyn Transport>);

impl Transport for Unnamed {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        Box::pin(async move {
            let mut answer = self.0.send(request, access, limit).await?;
            if request.url.ends_with("/oauth2/token") {
                let mut said: Value = serde_json::from_slice(&answer.body).unwrap();
                assert!(said.as_object_mut().unwrap().remove("id").is_some());
                answer.body = said.to_string().into_bytes();
            }
            Ok(answer)
        })
    }
}

/// R2.52
async fn whom_a_grant_is_of_is_asked_where_its_tokens_do_not_say(place: Place) {
    let mut world = World::unconnected(place, Setting::default()).await;
    world.app.http = Arc::new(Unnamed(world.app.http.clone()));
    let connected = world.connect().await.unwrap();
    let before = world.connection().await;
    assert_eq!((before.org_id.as_str(), before.user_id), (&*connected.org_id, world.user("maya").await));
    assert_eq!(world.calls("/services/oauth2/userinfo").await, 1);
    world.expire_sessions().await;
    let mut line = Line::open(&world.app, world.connection_id).await.unwrap().unwrap();
    line.call(Call::Usage).await.unwrap();
    let after = world.connection().await;
    assert_eq!((after.state, after.token_revision), (State::Connected, before.token_revision + 1));
    assert_eq!((after.org_id, after.user_id), (before.org_id, world.user("maya").await));
    assert_eq!(world.calls("/services/oauth2/userinfo").await, 1, "a renewal keeps what is known");
}

/// R2.52
async fn a_grant_of_another_org_is_refused_although_its_tokens_do_not_say_so(place: Place) {
    let mut world = World::new(place).await;
    let (other, id) = (world.another_org(), world.connection_id);
    let road = InProcess::to(&other);
    world.app.http = Arc::new(Unnamed(road));
    world.org = other;
    let refused = world.connect_as("maya.lindqvist@acme.example", Some(id)).await;
    assert!(matches!(refused, Err(ConnectError::OtherOrg { .. })), "{refused:?}");
    assert_eq!(world.calls("/services/oauth2/userinfo").await, 1);
    assert_eq!(world.calls("/services/oauth2/revoke").await, 1, "the other org's grant is given back");
}

/// R2.52
async fn a_grant_that_would_not_work_leaves_a_working_connection_as_it_was(place: Place) {
    let mut world = World::new(place).await;
    let poor = json!({"user": "jonas.okafor@acme.example", "no_create": ["Task"]});
    world.sim("POST", "permissions", poor).await;
    let id = world.connection_id;
    let refused = world.connect_as("jonas.okafor@acme.example", Some(id)).await;
    assert!(matches!(refused, Err(ConnectError::Missing(_))), "{refused:?}");
    assert_eq!(world.calls("/services/oauth2/revoke").await, 1);
    assert_eq!(world.connection().await.state, State::Connected);
    let done: Vec<String> = world.deeds().await.into_iter().map(|(deed, _)| deed).collect();
    assert_eq!(done, ["connection.connect", "connection.renew", "connection.undo"]);
    world.hear(&hanako(), "wamid.1", "one").await;
    world.expire_sessions().await;
    world.hear(&hanako(), "wamid.2", "two").await;
    assert_eq!(world.texts().await, ["one", "two"]);
    assert_eq!(world.records("Lead").await[0]["OwnerId"], json!(world.user("maya").await));
}

/// R2.53
async fn whoever_disconnects_while_a_new_grant_fails_stays_disconnected(place: Place) {
    let mut world = World::new(place).await;
    let poor = json!({"user": "jonas.okafor@acme.example", "no_create": ["Task"]});
    world.sim("POST", "permissions", poor).await;
    let id = world.connection_id;
    for request in 0.. {
        let callback = world.come_back("jonas.okafor@acme.example", Some(id), "allow").await.unwrap();
        let gate = Gate::at(&world, request, Side::BeforeSending);
        let app = gate.in_front_of(&world.app);
        let finishing = Box::pin(crm::finish(&app, callback));
        let Either::Right(((), finishing)) = select(finishing, Box::pin(gate.reached())).await else {
            assert!(request > 2, "the new grant is asked for, looked at and given back");
            break;
        };
        world.sim("DELETE", "counters", json!(null)).await;
        crm::disconnect(&world.app, id).await.unwrap();
        gate.open();
        finishing.await.unwrap_err();
        let connection = world.connection().await;
        assert_eq!(connection.state, State::Disconnected, "at request {request}");
        assert_eq!((connection.access_token, connection.refresh_token), (None, None));
        assert!(world.calls("/services/oauth2/revoke").await > 1, "both grants are given back");
        world.connect_as("maya.lindqvist@acme.example", Some(id)).await.unwrap();
    }
}

/// R2.52
async fn a_new_grant_that_dies_at_once_leaves_a_working_connection_as_it_was(place: Place) {
    let mut failed = 0;
    for request in 0..4 {
        let world = World::new(place.another().await).await;
        let before = world.connection().await;
        let id = Some(world.connection_id);
        let callback = world.come_back("maya.lindqvist@acme.example", id, "allow").await.unwrap();
        let gate = Gate::at(&world, request, Side::BeforeSending);
        let app = gate.in_front_of(&world.app);
        let finishing = Box::pin(crm::finish(&app, callback));
        let Either::Right(((), finishing)) = select(finishing, Box::pin(gate.reached())).await else { break };
        world.revoke_grants().await;
        gate.open();
        if finishing.await.is_err() {
            let after = world.connection().await;
            assert_eq!((after.state, after.access_token), (State::Connected, before.access_token));
            failed += 1;
        }
    }
    assert!(failed > 0);
}

/// Changes a word of the answers to a renewal. Keeps with which tokens it renewed and what it gave back.
struct Bent {
    road: Arc<dyn Transport>,
    name: &'static str,
    to: &'static str,
    tokens: Mutex<[Vec<String>; 2]>,
}

impl Transport for Bent {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        Box::pin(async move {
            let mut answer = self.road.send(request, access, limit).await?;
            let body = String::from_utf8(request.body.clone()).unwrap();
            let token =
                |name: &str| body.split('&').find_map(|pair| pair.strip_prefix(name)).map(str::to_owned);
            if request.url.ends_with("/oauth2/revoke") {
                self.tokens.lock().unwrap()[1].extend(token("token="));
            }
            if request.url.ends_with("/oauth2/token") && body.contains("grant_type=refresh_token") {
                self.tokens.lock().unwrap()[0].extend(token("refresh_token="));
                let mut said: Value = serde_json::from_slice(&answer.body).unwrap();
                said[self.name] = json!(self.to);
                answer.body = said.to_string().into_bytes();
            }
            Ok(answer)
        })
    }
}

/// R2.53, R2.54
async fn a_renewal_that_leads_elsewhere_gives_its_grant_back(place: Place) {
    let other_org = "http://org.test/id/00D000000000099AAA/005000000000099AAA";
    let ways = [("id", other_org, State::OtherOrg), ("instance_url", "https://evil.example", State::Lost)];
    for (name, to, state) in ways {
        let mut world = World::new(place.another().await).await;
        let bent = Arc::new(Bent { road: world.app.http.clone(), name, to, tokens: Mutex::default() });
        world.app.http = bent.clone();
        world.expire_sessions().await;
        let mut line = Line::open(&world.app, world.connection_id).await.unwrap().unwrap();
        line.call(Call::Usage).await.unwrap_err();
        assert_eq!(world.connection().await.state, state);
        let [renewed, given_back] = &*bent.tokens.lock().unwrap();
        assert_eq!((renewed.len(), renewed), (1, given_back), "the whole grant, not an access token alone");
    }
}

/// R2.53
async fn a_crm_that_does_not_take_a_grant_back_is_told_of(place: Place) {
    let (log, _guard) = Log::begin();
    let mut world = World::new(place).await;
    let poor = json!({"user": "jonas.okafor@acme.example", "no_create": ["Task"]});
    world.sim("POST", "permissions", poor).await;
    world.fault(json!({"kind": "bad_gateway", "path": "oauth2/revoke"})).await;
    let id = world.connection_id;
    world.connect_as("jonas.okafor@acme.example", Some(id)).await.unwrap_err();
    let text = log.text();
    let said = text.lines().find(|line| line.contains("crm.give_back"));
    assert!(said.is_some_and(|line| line.contains("Salesforce answered 502")), "{said:?}");
    let disconnected = crm::disconnect(&world.app, id).await.unwrap();
    assert_eq!(disconnected, Disconnected::Erased("Salesforce answered 502".into()));
}

/// R2.53
async fn disconnecting_revokes_the_grant_and_erases_its_secrets(place: Place) {
    let world = World::new(place).await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let disconnected = crm::disconnect(&world.app, world.connection_id).await.unwrap();
    assert_eq!(disconnected, Disconnected::Revoked);
    let connection = world.connection().await;
    assert_eq!(connection.state, State::Disconnected);
    assert_eq!((connection.access_token, connection.refresh_token), (None, None));
    assert_eq!(world.calls("/services/oauth2/revoke").await, 1);
    assert_eq!(world.texts().await, ["hello"], "what was synced stays");
}

/// R2.53
async fn disconnecting_erases_the_secrets_even_if_revoking_fails(place: Place) {
    let world = World::new(place).await;
    world.fault(json!({"kind": "cut_before", "path": "oauth2/revoke"})).await;
    let disconnected = crm::disconnect(&world.app, world.connection_id).await.unwrap();
    assert!(matches!(disconnected, Disconnected::Erased(_)), "{disconnected:?}");
    let connection = world.connection().await;
    assert_eq!((connection.access_token, connection.refresh_token), (None, None));
}

/// R2.53
async fn what_comes_while_disconnected_waits_and_drains_in_order_after_reconnecting(place: Place) {
    let mut world = World::new(place).await;
    crm::disconnect(&world.app, world.connection_id).await.unwrap();
    for number in 1..=3 {
        world.hear(&hanako(), &format!("wamid.{number}"), &format!("text {number}")).await;
        world.after(Duration::from_hours(1)).await;
    }
    assert!(world.texts().await.is_empty());
    assert_eq!(world.hold_of("wamid.1").await.unwrap().0, HoldReason::Disconnected);
    world.reconnect().await.unwrap();
    world.settle().await;
    assert_eq!(world.texts().await, ["text 1", "text 2", "text 3"]);
    assert_eq!(world.delivery("wamid.1").await.state, Stands::Written);
}

/// Disconnects while a request for tokens is under way.
struct Disconnecting {
    inner: Arc<dyn Transport>,
    app: OnceLock<(App, i64)>,
}

impl Transport for Disconnecting {
    fn send<'a>(
        &'a self,
        request: &'a Request,
        access: Option<Access<'a>>,
        limit: Duration,
    ) -> Answering<'a> {
        Box::pin(async move {
            let answer = self.inner.send(request, access, limit).await;
            if request.url.ends_with("/oauth2/token")
                && let Some((app, id)) = self.app.get()
            {
                crm::disconnect(app, *id).await.unwrap();
            }
            answer
        })
    }
}

/// R2.53
async fn disconnecting_wins_over_a_renewal_that_is_under_way(place: Place) {
    let mut world = World::with(place, Setting::default()).await;
    let plain = world.app.clone();
    let app = OnceLock::from((plain.clone(), world.connection_id));
    world.app.http = Arc::new(Disconnecting { inner: plain.http.clone(), app });
    world.expire_sessions().await;
    world.hear(&hanako(), "wamid.1", "hello").await;
    let connection = world.connection().await;
    assert_eq!(connection.state, State::Disconnected);
    assert_eq!((connection.access_token, connection.refresh_token), (None, None));
    assert!(world.texts().await.is_empty());
    world.app.http = plain.http;
    world.reconnect().await.unwrap();
    world.change_settings(ChatSync::default()).await;
    world.settle().await;
    assert_eq!(world.texts().await, ["hello"]);
}

/// R2.53: nothing of the org is kept.
async fn disconnecting_wins_over_a_description_that_is_under_way(place: Place) {
    let world = World::with(place, Setting::default()).await;
    world.receive(&hanako(), "wamid.1", "hello").await;
    let id = world.connection_id;
    let forget = world.app.db.write(move |tx| Box::pin(connection::forget_profile(tx, id)));
    forget.await.unwrap();
    let gate = Gate::at(&world, 0, Side::BeforeHearing);
    let app = gate.in_front_of(&world.app);
    let pass = Box::pin(lane::pass(&app, id));
    let Either::Right(((), pass)) = select(pass, Box::pin(gate.reached())).await else {
        panic!("the org is described")
    };
    crm::disconnect(&world.app, id).await.unwrap();
    gate.open();
    pass.await.unwrap();
    let connection = world.connection().await;
    assert_eq!(
        (connection.state, connection.profile, connection.profile_at),
        (State::Disconnected, None, None)
    );
    assert!(world.texts().await.is_empty());
}
