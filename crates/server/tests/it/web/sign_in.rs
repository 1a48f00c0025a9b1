//! Signing in and out: by password, by a link, by an invitation; sessions and their ends; who may not.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use causeway::{
    people, sign_in as entrance,
    store::{sign_in as passwords, workspace, workspace::Member},
    web,
};
use causeway_core::rights::Role;
use http::{Method, Request, StatusCode};

use super::{Answer, Site};
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_right_password_opens_a_session,
    a_wrong_password_and_an_unknown_e_mail_are_answered_alike,
    after_eight_failures_one_waits_and_success_forgives,
    many_tries_at_once_are_no_more_than_many_one_after_the_other,
    a_network_that_fails_often_waits_too,
    of_several_workspaces_the_first_whose_password_fits_is_entered,
    a_session_ends_when_it_is_not_used_and_after_ninety_days,
    a_session_that_is_signed_out_or_revoked_is_over,
    the_cookie_is_the_browsers_alone,
    no_form_of_another_site_is_taken,
    an_expired_session_returns_to_the_same_place,
    nobody_is_sent_to_another_site,
    a_sign_in_link_works_once_and_looking_does_not_use_it_up,
    an_invitation_makes_a_member_once,
    an_invitation_is_no_way_into_somebodys_account,
    the_present_password_cannot_be_guessed_from_an_open_session,
);

const PASSWORD: &str = "correct horse battery";

/// A site whose members have that password.
async fn site(place: Place) -> Site {
    let site = Site::unconnected(place).await;
    for role in ["owner", "agent"] {
        set_password(&site, role, PASSWORD).await;
    }
    site
}

async fn set_password(site: &Site, role: &str, password: &str) {
    let app = &site.world.app;
    let hash = entrance::hash(&app.nature, password).await.unwrap();
    let by = site.actor(role).await;
    app.db
        .write(move |tx| {
            Box::pin(async move { passwords::put_password(tx, by.workspace_id, by.member.id, &hash).await })
        })
        .await
        .unwrap();
}

fn form(path: &str, fields: &str) -> Request<Body> {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36")
        .body(Body::from(fields.to_owned()))
        .unwrap()
}

async fn enter(site: &Site, email: &str, password: &str) -> Answer {
    let fields = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
    site.send(form("/sign-in", &fields)).await
}

/// The cookie as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

async fn with_cookie(site: &Site, path: &str, cookie: &str) -> Answer {
    site.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
}

fn is_in(answer: &Answer) -> bool {
    answer.status == StatusCode::OK
}

async fn the_right_password_opens_a_session(place: Place) {
    let site = site(place).await;
    let entered = enter(&site, " Agent@ACME.test ", PASSWORD).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/inbox"));
    let mine = with_cookie(&site, "/settings/me", &cookie(&entered)).await;
    assert!(
        mine.text().contains("agent@acme.test") && mine.text().contains("Chrome, Linux"),
        "{}",
        mine.text()
    );
    let start = with_cookie(&site, "/", &cookie(&entered)).await;
    assert_eq!(start.header("location"), "/inbox");
    assert_eq!(site.get("/").await.header("location"), "/sign-in");
}

async fn a_wrong_password_and_an_unknown_e_mail_are_answered_alike(place: Place) {
    let site = site(place).await;
    let wrong = enter(&site, "agent@acme.test", "not the password").await;
    let unknown = enter(&site, "nobody@acme.test", "not the password").await;
    let passwordless = enter(&site, "manager@acme.test", "not the password").await;
    let odd = enter(&site, "agent%00@acme.test", "not%00the").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("do not belong together"));
    let same = |answer: &Answer, email: &str| answer.text().replace(email, "agent@acme.test");
    assert_eq!((unknown.status, same(&unknown, "nobody@acme.test")), (wrong.status, wrong.text()));
    assert_eq!((passwordless.status, same(&passwordless, "manager@acme.test")), (wrong.status, wrong.text()));
    assert_eq!(odd.status, wrong.status, "what no database holds is no fault of ours");
    for answer in [&wrong, &unknown] {
        assert_eq!(answer.header("set-cookie"), "");
    }
    // Only the workspace itself hears of it.
    let log = site.page("owner", "/settings/audit?action=sign_in.failed").await.text();
    assert!(log.contains("tried to sign in with a wrong password") && !log.contains("nobody@"), "{log}");
}

async fn after_eight_failures_one_waits_and_success_forgives(place: Place) {
    let site = site(place).await;
    for _ in 0..7 {
        assert_eq!(enter(&site, "agent@acme.test", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(enter(&site, "agent@acme.test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // Somebody without an account hears the same as somebody with one.
    for email in ["agent@acme.test", "nobody@acme.test"] {
        for _ in 0..8 {
            assert_eq!(enter(&site, email, "x").await.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        }
        let waits = enter(&site, email, PASSWORD).await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{email}");
        assert!(waits.text().contains("Wait 15 minutes and try again"), "{}", waits.text());
        assert!(waits.text().contains(email), "what was typed is kept");
    }
    assert_eq!(
        enter(&site, "owner@acme.test", PASSWORD).await.status,
        StatusCode::SEE_OTHER,
        "not everybody waits"
    );
    site.world.clock.advance(Duration::from_mins(14));
    assert!(enter(&site, "agent@acme.test", PASSWORD).await.text().contains("Wait 1 minute and try again"));
    site.world.clock.advance(Duration::from_mins(1));
    assert_eq!(enter(&site, "agent@acme.test", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

async fn many_tries_at_once_are_no_more_than_many_one_after_the_other(place: Place) {
    let site = Arc::new(site(place).await);
    let tries = (0..40).map(|_| {
        let site = Arc::clone(&site);
        tokio::spawn(async move { enter(&site, "agent@acme.test", "x").await.status })
    });
    let answers: Result<Vec<_>, _> = futures_util::future::join_all(tries).await.into_iter().collect();
    let answers = answers.unwrap();
    let looked_at = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(looked_at, 8, "{answers:?}");
}

async fn a_network_that_fails_often_waits_too(place: Place) {
    let site = site(place).await;
    let app = &site.world.app;
    for number in 0..80 {
        let email = format!("guess{number}@acme.test");
        let refused = entrance::sign_in(app, &email, "x", "", Some("203.0.113.7")).await;
        assert!(matches!(refused, Err(entrance::EnterRefused::Wrong)), "{number}: {refused:?}");
    }
    let waits = entrance::sign_in(app, "agent@acme.test", PASSWORD, "", Some("203.0.113.7")).await;
    assert!(matches!(waits, Err(entrance::EnterRefused::Wait(_))), "{waits:?}");
    assert!(entrance::sign_in(app, "agent@acme.test", PASSWORD, "", Some("203.0.113.8")).await.is_ok());
    assert!(entrance::sign_in(app, "agent@acme.test", PASSWORD, "", None).await.is_ok());
}

async fn of_several_workspaces_the_first_whose_password_fits_is_entered(place: Place) {
    let site = site(place).await;
    site.stranger().await;
    let there = site.actor("stranger").await;
    let (app, now) = (&site.world.app, site.world.app.now());
    let hash = entrance::hash(&app.nature, "another password").await.unwrap();
    let twin = Member {
        id: app.nature.id(),
        name: "Twin".into(),
        email: "agent@acme.test".into(),
        role: Role::Manager,
    };
    app.db
        .write(move |tx| {
            Box::pin(async move {
                workspace::put_member(tx, there.workspace_id, &twin, now).await?;
                passwords::put_password(tx, there.workspace_id, twin.id, &hash).await
            })
        })
        .await
        .unwrap();
    let place = async |password: &str| {
        let entered = enter(&site, "agent@acme.test", password).await;
        with_cookie(&site, "/settings/me", &cookie(&entered)).await.text()
    };
    assert!(place(PASSWORD).await.contains("AGENT"));
    assert!(place("another password").await.contains("Twin"));
}

async fn a_session_ends_when_it_is_not_used_and_after_ninety_days(place: Place) {
    let site = site(place).await;
    let entered = cookie(&enter(&site, "agent@acme.test", PASSWORD).await);
    let day = Duration::from_hours(24);
    for _ in 0..6 {
        site.world.clock.advance(13 * day);
        assert!(is_in(&with_cookie(&site, "/settings", &entered).await), "used every thirteen days");
    }
    site.world.clock.advance(12 * day);
    assert!(!is_in(&with_cookie(&site, "/settings", &entered).await), "ninety days are over");
    let entered = cookie(&enter(&site, "agent@acme.test", PASSWORD).await);
    site.world.clock.advance(14 * day);
    assert!(!is_in(&with_cookie(&site, "/settings", &entered).await), "not used for a fortnight");
}

async fn a_session_that_is_signed_out_or_revoked_is_over(place: Place) {
    let site = site(place).await;
    let [one, other, third] = [
        cookie(&enter(&site, "agent@acme.test", PASSWORD).await),
        cookie(&enter(&site, "agent@acme.test", PASSWORD).await),
        cookie(&enter(&site, "agent@acme.test", PASSWORD).await),
    ];
    let mut leaving = form("/sign-out", "");
    leaving.headers_mut().insert("cookie", one.parse().unwrap());
    let left = site.send(leaving).await;
    assert_eq!(left.header("location"), "/sign-in?out=true");
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    assert!(!is_in(&with_cookie(&site, "/settings", &one).await), "the cookie alone opens nothing any more");
    assert!(site.get("/sign-in?out=true").await.text().contains("You are signed out"));
    // From one browser the other is signed out, by the button on its line.
    let mine = with_cookie(&site, "/settings/me", &other).await.text();
    let digest =
        mine.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut ending = form("/settings/me/sessions", &format!("session={digest}"));
    ending.headers_mut().insert("cookie", other.parse().unwrap());
    assert_eq!(site.send(ending).await.status, StatusCode::SEE_OTHER);
    assert!(!is_in(&with_cookie(&site, "/settings", &third).await));
    assert!(is_in(&with_cookie(&site, "/settings", &other).await));
    // Nobody ends the sessions of others.
    let mut theft = form("/settings/me/sessions", &format!("session={}", workspace::digest(&other[17..])));
    theft.headers_mut().insert("cookie", site.cookie("owner").await.parse().unwrap());
    site.send(theft).await;
    assert!(is_in(&with_cookie(&site, "/settings", &other).await));
    // With a new password every other browser is out.
    let fourth = cookie(&enter(&site, "agent@acme.test", PASSWORD).await);
    let fields = "present=correct+horse+battery&fresh=another+horse+battery";
    let mut change = form("/settings/me/password", fields);
    change.headers_mut().insert("cookie", other.parse().unwrap());
    assert_eq!(site.send(change).await.status, StatusCode::SEE_OTHER);
    assert!(is_in(&with_cookie(&site, "/settings", &other).await));
    assert!(!is_in(&with_cookie(&site, "/settings", &fourth).await));
    assert_eq!(enter(&site, "agent@acme.test", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn the_cookie_is_the_browsers_alone(place: Place) {
    let mut site = site(place).await;
    let set = enter(&site, "agent@acme.test", PASSWORD).await.header("set-cookie").to_owned();
    assert!(set.starts_with("causeway_session=") && !set.contains("Secure"), "{set}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Domain"));
    let mut config = (*site.world.app.config).clone();
    config.public_url = "https://causeway.test".into();
    site.world.app.config = Arc::new(config);
    site.router = web::router(site.world.app.clone());
    let entered = enter(&site, "agent@acme.test", PASSWORD).await;
    let set = entered.header("set-cookie").to_owned();
    assert!(set.starts_with("__Host-causeway_session=") && set.contains("; Secure"), "{set}");
    assert!(is_in(&with_cookie(&site, "/settings", &cookie(&entered)).await));
    let plain = cookie(&entered).replace("__Host-", "");
    assert!(!is_in(&with_cookie(&site, "/settings", &plain).await), "another name is not taken");
}

async fn no_form_of_another_site_is_taken(place: Place) {
    let site = site(place).await;
    let guarded = web::access(site.world.app.clone());
    let open = ["/sign-in", "/sign-out", "/setup", "/enter/x", "/join/x"];
    let forms =
        guarded.iter().filter(|(method, ..)| *method != Method::GET).map(|(_, path, _)| *path).chain(open);
    for path in forms {
        let path: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let path = path.join("/");
        let headers: [&[(&str, &str)]; 4] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example"), ("host", "causeway.test")],
            &[("origin", "null"), ("host", "causeway.test")],
        ];
        for headers in headers {
            let mut request = Request::post(&path)
                .header("cookie", site.cookie("owner").await)
                .header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {headers:?}");
            assert!(answer.text().contains("another site"), "{path}: {}", answer.text());
        }
    }
    assert!(is_in(&site.page("owner", "/settings").await));
}

async fn an_expired_session_returns_to_the_same_place(place: Place) {
    let site = site(place).await;
    let asked = with_cookie(&site, "/settings/people?done=role", "causeway_session=old").await;
    let next = "/sign-in?next=/settings/people%3Fdone%3Drole";
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, next));
    let page = site.get(next).await.text();
    assert!(page.contains("value=\"/settings/people?done=role\""), "{page}");
    let fields =
        "email=agent%40acme.test&password=correct+horse+battery&next=%2Fsettings%2Fpeople%3Fdone%3Drole";
    assert_eq!(site.send(form("/sign-in", fields)).await.header("location"), "/settings/people?done=role");
    // A wrong password does not lose the place.
    let wrong = site.send(form("/sign-in", &fields.replace("correct", "wrong"))).await;
    assert!(wrong.text().contains("value=\"/settings/people?done=role\""));
    // A form cannot be sent again by itself: back to the page where it stood.
    let mut sent = form("/settings/tokens", "name=x");
    sent.headers_mut().insert("referer", "http://causeway.test/settings/tokens?a=b".parse().unwrap());
    assert_eq!(site.send(sent).await.header("location"), "/sign-in?next=/settings/tokens%3Fa%3Db");
    // Our script cannot follow that; it is told.
    let mut fragment = form("/settings/tokens", "name=x");
    fragment.headers_mut().insert("x-fragment", "1".parse().unwrap());
    assert_eq!(site.send(fragment).await.status, StatusCode::UNAUTHORIZED);
}

async fn nobody_is_sent_to_another_site(place: Place) {
    let site = site(place).await;
    for next in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%2F%09%2Fevil.example",
        "%7F",
    ] {
        let fields = format!("email=agent%40acme.test&password=correct+horse+battery&next={next}");
        let entered = site.send(form("/sign-in", &fields)).await;
        assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/inbox"), "{next}");
        assert!(!site.get(&format!("/sign-in?next={next}")).await.text().contains("evil"), "{next}");
    }
}

async fn a_sign_in_link_works_once_and_looking_does_not_use_it_up(place: Place) {
    let site = site(place).await;
    let (app, owner, agent) = (&site.world.app, site.actor("owner").await, site.actor("agent").await);
    let link = format!("/enter/{}", people::link_for(app, &owner, agent.member.id).await.unwrap());
    for _ in 0..3 {
        let seen = site.get(&link).await;
        assert!(seen.status == StatusCode::OK && seen.text().contains("AGENT"), "{}", seen.text());
    }
    let entered = site.send(form(&link, "")).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/inbox"));
    assert!(with_cookie(&site, "/settings/me", &cookie(&entered)).await.text().contains("agent@acme.test"));
    for again in [site.get(&link).await, site.send(form(&link, "")).await, site.get("/enter/invented").await]
    {
        assert_eq!(again.status, StatusCode::GONE);
        assert!(again.text().contains("used before"), "{}", again.text());
    }
    // A newer link ends an older one; a new password ends them all; a week ends each.
    let first = people::link_for(app, &owner, agent.member.id).await.unwrap();
    let second = people::link_for(app, &owner, agent.member.id).await.unwrap();
    assert_eq!(site.get(&format!("/enter/{first}")).await.status, StatusCode::GONE);
    let fields = "present=correct+horse+battery&fresh=another+horse+battery";
    assert_eq!(site.form("agent", "/settings/me/password", fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&format!("/enter/{second}")).await.status, StatusCode::GONE);
    let third = people::link_for(app, &owner, agent.member.id).await.unwrap();
    site.world.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(site.get(&format!("/enter/{third}")).await.status, StatusCode::GONE);
}

async fn an_invitation_makes_a_member_once(place: Place) {
    let site = site(place).await;
    let owner = site.actor("owner").await;
    let token = people::invite(&site.world.app, &owner, "New@Acme.test", Role::Manager).await.unwrap();
    let link = format!("/join/{token}");
    let seen = site.get(&link).await.text();
    assert!(seen.contains("Join Acme") && seen.contains("new@acme.test"), "{seen}");
    let short = site.send(form(&link, "name=&password=short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text().contains("Only 5 characters") && short.text().contains("Write the name"));
    let joined = site.send(form(&link, "name=Nia&password=correct+horse+battery")).await;
    assert_eq!(
        (joined.status, joined.header("location")),
        (StatusCode::SEE_OTHER, "/inbox"),
        "{}",
        joined.text()
    );
    let people = with_cookie(&site, "/settings/people", &cookie(&joined)).await.text();
    assert!(people.contains("Nia"), "{people}");
    let again = site.send(form(&link, "name=Eve&password=correct+horse+battery")).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert_eq!(enter(&site, "new@acme.test", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&format!("/enter/{token}")).await.status, StatusCode::GONE);
}

async fn an_invitation_is_no_way_into_somebodys_account(place: Place) {
    let site = site(place).await;
    let (app, admin) = (&site.world.app, site.actor("admin").await);
    let refused = people::invite(app, &admin, "owner@acme.test", Role::Agent).await;
    assert!(matches!(refused, Err(people::PeopleRefused::IsMember(_))), "{refused:?}");
    let refused = people::invite(app, &admin, "new@acme.test", Role::Owner).await;
    assert!(matches!(refused, Err(people::PeopleRefused::Role(_))), "{refused:?}");
    let owner = site.actor("owner").await;
    let refused = people::link_for(app, &admin, owner.member.id).await;
    assert!(matches!(refused, Err(people::PeopleRefused::Role(_))), "{refused:?}");
    // Whoever becomes a member meanwhile keeps their own password.
    let token = people::invite(app, &admin, "late@acme.test", Role::Agent).await.unwrap();
    site.world.member("Late", "late@acme.test").await;
    let late = site.send(form(&format!("/join/{token}"), "name=Eve&password=correct+horse+battery")).await;
    assert_eq!(late.status, StatusCode::GONE);
    // What somebody made who may do it no more is good no more.
    let token = people::invite(app, &admin, "third@acme.test", Role::Agent).await.unwrap();
    let agent = site.actor("agent").await;
    let link = people::link_for(app, &admin, agent.member.id).await.unwrap();
    people::deactivate(app, &owner, admin.member.id).await.unwrap();
    assert_eq!(site.get(&format!("/join/{token}")).await.status, StatusCode::GONE);
    assert_eq!(site.get(&format!("/enter/{link}")).await.status, StatusCode::GONE);
}

async fn the_present_password_cannot_be_guessed_from_an_open_session(place: Place) {
    let site = site(place).await;
    let guess = "present=wrong&fresh=another+horse+battery";
    for _ in 0..8 {
        let refused = site.form("agent", "/settings/me/password", guess).await;
        assert!(refused.text().contains("not your present password"), "{}", refused.text());
    }
    let right = "present=correct+horse+battery&fresh=another+horse+battery";
    let waits = site.form("agent", "/settings/me/password", right).await;
    assert_eq!(waits.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(waits.text().contains("Wait 15 minutes"), "{}", waits.text());
}
