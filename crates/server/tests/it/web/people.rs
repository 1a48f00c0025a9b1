//! Settings: people and what is done about them, the workspace, tokens of the API, the audit log.

use causeway::{id, store::api_token};
use causeway_simulator::whatsapp::Customer;
use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::store::engine::{Place, on_both_engines};

on_both_engines!(
    the_settings_lead_to_what_the_role_may_see,
    an_invitation_is_shown_once_listed_and_withdrawn,
    a_role_is_given_by_those_who_may_and_holds_at_once,
    whoever_is_deactivated_is_out_in_the_same_moment_and_may_come_back,
    the_last_owner_stays_although_two_try_at_once,
    a_sign_in_link_is_shown_once_and_lets_its_member_in,
    the_workspace_is_changed_and_wrong_values_are_said_at_their_field,
    a_token_carries_its_members_role_and_ends_when_revoked,
    an_inbox_has_people_and_numbers,
    the_audit_log_says_who_did_what_and_is_narrowed_and_paged,
);

/// The secret that a page shows this once.
fn secret(page: &str) -> String {
    let line = page.split("id=\"once-secret\"").nth(1).unwrap_or_else(|| panic!("{page}"));
    line.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn path_of(link: &str) -> &str {
    link.strip_prefix("http://causeway.test").unwrap()
}

async fn the_settings_lead_to_what_the_role_may_see(place: Place) {
    let site = Site::unconnected(place).await;
    let agent = site.page("agent", "/settings").await.text();
    assert!(agent.contains("/settings/people") && agent.contains("/settings/tokens"));
    assert!(!agent.contains("/settings/audit") && !agent.contains("/settings/workspace"));
    let owner = site.page("owner", "/settings").await.text();
    assert!(owner.contains("/settings/audit") && owner.contains("/settings/workspace"));
    let refused = site.page("agent", "/settings/audit").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("These roles may: owner, admin"), "{}", refused.text());
    // Whoever may not change people sees who they are, and no button.
    let people = site.page("agent", "/settings/people").await.text();
    assert!(people.contains("OWNER") && people.contains("4 members"), "{people}");
    assert!(!people.contains("/role\"") && !people.contains("Invite somebody"));
    assert!(site.page("agent", "/settings/roles").await.text().contains("connect a CRM for the panel"));
}

async fn an_invitation_is_shown_once_listed_and_withdrawn(place: Place) {
    let site = Site::unconnected(place).await;
    let made = site.form("admin", "/settings/people", "email=New%40Acme.test&role=agent").await;
    let link = secret(&made.text());
    assert_eq!(site.get(path_of(&link)).await.status, StatusCode::OK);
    let listed = site.page("admin", "/settings/people").await.text();
    assert!(listed.contains("new@acme.test") && !listed.contains(path_of(&link)), "{listed}");
    assert!(!site.page("agent", "/settings/people").await.text().contains("new@acme.test"));
    let wrong = site.form("admin", "/settings/people", "email=nobody&role=king").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("not an e-mail") && wrong.text().contains("value=\"nobody\""));
    let crown = site.form("admin", "/settings/people", "email=a%40b.test&role=owner").await;
    assert!(crown.text().contains("Only an owner may"), "{}", crown.text());
    let twice = site.form("admin", "/settings/people", "email=agent%40acme.test&role=agent").await;
    assert!(twice.text().contains("agent@acme.test is a member already"), "{}", twice.text());
    let withdraw = listed.split("action=\"").find(|part| part.contains("/withdraw\"")).unwrap();
    let withdraw = withdraw.split('"').next().unwrap().to_owned();
    let done = site.form("admin", &withdraw, "").await;
    assert_eq!(done.header("location"), "/settings/people?done=withdrawn");
    assert_eq!(site.get(path_of(&link)).await.status, StatusCode::GONE);
    assert_eq!(site.form("admin", &withdraw, "").await.status, StatusCode::NOT_FOUND);
}

async fn a_role_is_given_by_those_who_may_and_holds_at_once(place: Place) {
    let site = Site::unconnected(place).await;
    let agent = id::member(site.actor("agent").await.member.id);
    let owner = id::member(site.actor("owner").await.member.id);
    let to = |member: &str| format!("/settings/people/{member}/role");
    let given = site.form("admin", &to(&agent), "role=manager").await;
    assert_eq!(given.header("location"), "/settings/people?done=role");
    let page = site.page("admin", "/settings/people?done=role").await.text();
    assert!(page.contains("The role is changed"), "{page}");
    assert_eq!(site.actor("agent").await.member.role.word(), "manager");
    for (by, member, role, why) in [
        ("admin", &agent, "owner", "Only an owner may make somebody an owner"),
        ("admin", &owner, "agent", "Only an owner may make somebody an owner"),
        ("owner", &owner, "agent", "this is the last one"),
        ("owner", &agent, "king", "Choose one of the roles"),
    ] {
        let refused = site.form(by, &to(member), &format!("role={role}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{by} {role}");
        assert!(refused.text().contains(why), "{by} {role}: {}", refused.text());
    }
    // Through the API it is the same rule.
    let wish = json!({ "name": "OWNER", "email": "owner@acme.test", "role": "agent" });
    let refused = site.api("owner", "PUT", "members", wish).await;
    assert_eq!((refused.status, refused.refusal().0.as_str()), (StatusCode::CONFLICT, "role"));
}

async fn whoever_is_deactivated_is_out_in_the_same_moment_and_may_come_back(place: Place) {
    let site = Site::unconnected(place).await;
    let by = site.actor("agent").await;
    let member = id::member(by.member.id);
    let base = format!("/settings/people/{member}");
    let cookie = site.cookie("agent").await;
    let question = site.page("admin", &format!("{base}/deactivate")).await.text();
    assert!(question.contains("Deactivate AGENT?") && question.contains("stay assigned"), "{question}");
    let done = site.form("admin", &format!("{base}/deactivate"), "").await;
    assert_eq!(done.header("location"), "/settings/people?done=deactivated");
    let asked = http::Request::get("/settings").header("cookie", &cookie);
    let asked = site.send(asked.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "the session is over");
    assert_eq!(site.api("agent", "GET", "members", Value::Null).await.status, StatusCode::UNAUTHORIZED);
    let listed = site.page("admin", "/settings/people").await.text();
    assert!(listed.contains("inactive") && listed.contains("3 members"), "{listed}");
    let link = site.form("admin", &format!("{base}/link"), "").await;
    assert!(link.text().contains("Reactivate them first"), "{}", link.text());
    let invited = site.form("admin", "/settings/people", "email=agent%40acme.test&role=agent").await;
    assert!(invited.text().contains("Reactivate them below"), "{}", invited.text());
    let wish = json!({ "name": "Agent", "email": "agent@acme.test", "role": "agent" });
    assert_eq!(site.api("admin", "PUT", "members", wish).await.status, StatusCode::CONFLICT);
    // Back again: what was ended stays ended, and a link lets them in.
    let back = site.form("admin", &format!("{base}/reactivate"), "").await;
    assert_eq!(back.header("location"), "/settings/people?done=reactivated");
    assert_eq!(site.api("agent", "GET", "members", Value::Null).await.status, StatusCode::UNAUTHORIZED);
    let link = secret(&site.form("admin", &format!("{base}/link"), "").await.text());
    assert_eq!(site.get(path_of(&link)).await.status, StatusCode::OK);
    // Nobody locks themselves out, and an admin no owner.
    let me = id::member(site.actor("admin").await.member.id);
    let refused = site.form("admin", &format!("/settings/people/{me}/deactivate"), "").await;
    assert!(refused.text().contains("cannot deactivate yourself"), "{}", refused.text());
    let owner = id::member(site.actor("owner").await.member.id);
    let refused = site.form("admin", &format!("/settings/people/{owner}/deactivate"), "").await;
    assert!(refused.text().contains("Only an owner may"), "{}", refused.text());
}

async fn the_last_owner_stays_although_two_try_at_once(place: Place) {
    let site = Site::unconnected(place).await;
    let [owner, admin] = [site.actor("owner").await.member.id, site.actor("admin").await.member.id];
    let to = |member: i64| format!("/settings/people/{}/role", id::member(member));
    assert_eq!(site.form("owner", &to(admin), "role=owner").await.status, StatusCode::SEE_OTHER);
    // Each takes it from the other.
    let (first, second) = (to(admin), to(owner));
    let (one, other) = futures_util::future::join(
        site.form("owner", &first, "role=agent"),
        site.form("admin", &second, "role=agent"),
    )
    .await;
    let done = [one.status, other.status].iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(done, 1, "{} {}", one.status, other.status);
    let listed = site.api("manager", "GET", "members", Value::Null).await.text();
    assert_eq!(listed.matches("\"role\":\"owner\"").count(), 1, "{listed}");
}

async fn a_sign_in_link_is_shown_once_and_lets_its_member_in(place: Place) {
    let site = Site::unconnected(place).await;
    let agent = id::member(site.actor("agent").await.member.id);
    let owner = id::member(site.actor("owner").await.member.id);
    let made = site.form("admin", &format!("/settings/people/{agent}/link"), "").await;
    let link = secret(&made.text());
    assert!(site.get(path_of(&link)).await.text().contains("AGENT"));
    let refused = site.form("admin", &format!("/settings/people/{owner}/link"), "").await;
    assert!(refused.text().contains("Only an owner may make a sign-in link"), "{}", refused.text());
    let lost = site.form("admin", "/settings/people/mem_1/link", "").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
}

async fn the_workspace_is_changed_and_wrong_values_are_said_at_their_field(place: Place) {
    let site = Site::unconnected(place).await;
    let shown = site.page("admin", "/settings/workspace").await.text();
    assert!(shown.contains("value=\"Asia/Tokyo\" selected") && shown.contains("value=\"JP\""), "{shown}");
    let wrong = site.form("admin", "/settings/workspace", "name=+&zone=Mars%2FOlympus&region=Atlantis").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for told in ["Write a name", "no time zone", "no country", "value=\"Atlantis\""] {
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    let done =
        site.form("admin", "/settings/workspace", "name=Acme+%26+Co&zone=Europe%2FBerlin&region=").await;
    assert_eq!(done.header("location"), "/settings/workspace?done=saved");
    let shown = site.page("admin", "/settings/workspace?done=saved").await.text();
    assert!(shown.contains("Acme &amp; Co") && shown.contains("Saved."), "{shown}");
    assert!(shown.contains("value=\"Europe/Berlin\" selected") && !shown.contains("value=\"JP\""));
    let status = site.api("agent", "GET", "status", Value::Null).await.json();
    assert_eq!(status["workspace"], "Acme & Co");
}

async fn a_token_carries_its_members_role_and_ends_when_revoked(place: Place) {
    let site = Site::unconnected(place).await;
    assert!(site.page("agent", "/settings/tokens").await.text().contains("Made at the command line"));
    let empty = site.form("agent", "/settings/tokens", "name=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = site.form("agent", "/settings/tokens", "name=Nightly+export").await;
    let token = secret(&made.text());
    assert_eq!(site.api(&token, "GET", "members", Value::Null).await.status, StatusCode::OK);
    let sources = json!({ "channel": "whatsapp", "signing_secrets": ["a"], "verify_token": "b" });
    assert_eq!(site.api(&token, "POST", "sources", sources).await.status, StatusCode::FORBIDDEN);
    let listed = site.page("agent", "/settings/tokens").await.text();
    assert!(listed.contains("Nightly export") && listed.contains("last used") && !listed.contains(&token));
    let by = site.actor("agent").await;
    let tokens = site.world.app.db.read(move |tx| {
        Box::pin(async move { api_token::of_member(tx, by.workspace_id, by.member.id).await })
    });
    let digest = tokens.await.unwrap().into_iter().find(|one| one.name == "Nightly export").unwrap().digest;
    let revoke = format!("/settings/tokens/{digest}/revoke");
    assert_eq!(site.form("owner", &revoke, "").await.status, StatusCode::NOT_FOUND, "it is another member's");
    assert_eq!(site.form("agent", &revoke, "").await.header("location"), "/settings/tokens?done=revoked");
    assert_eq!(site.api(&token, "GET", "members", Value::Null).await.status, StatusCode::UNAUTHORIZED);
}

async fn the_audit_log_says_who_did_what_and_is_narrowed_and_paged(place: Place) {
    let site = Site::unconnected(place).await;
    let agent = id::member(site.actor("agent").await.member.id);
    site.form("admin", &format!("/settings/people/{agent}/role"), "role=manager").await;
    site.form("owner", "/settings/workspace", "name=Acme&zone=UTC&region=JP").await;
    let log = site.page("owner", "/settings/audit?action=member.role").await.text();
    assert!(log.contains("<strong>ADMIN</strong>: changed a role · AGENT"), "{log}");
    assert!(log.contains("before: agent") && log.contains("after: manager"), "{log}");
    assert!(!log.contains("<strong>OWNER</strong>: changed the workspace"));
    let admin = id::member(site.actor("admin").await.member.id);
    let theirs = site.page("owner", &format!("/settings/audit?member={admin}")).await.text();
    assert!(theirs.contains("changed a role") && !theirs.contains("<strong>OWNER</strong>:"), "{theirs}");
    let nothing = site.page("owner", "/settings/audit?member=mem_1&action=x%00").await.text();
    assert!(nothing.contains("Nothing to show"), "{nothing}");
    for _ in 0..55 {
        site.page("agent", "/settings").await;
    }
    let first = site.page("owner", "/settings/audit?action=sign_in").await.text();
    let older = first.split("href=\"").find(|part| part.contains("from=")).unwrap();
    let older = older.split('"').next().unwrap().replace("&amp;", "&");
    let second = site.page("owner", &older).await.text();
    let lines = |page: &str| page.matches("class=\"log__one\"").count();
    assert_eq!(lines(&first), 50);
    assert!(lines(&second) > 5 && lines(&second) < 20, "{}", lines(&second));
}

async fn an_inbox_has_people_and_numbers(place: Place) {
    let site = Site::new(place).await;
    let ana = Customer::with_number("819012345678", "Ana");
    let message = site.world.sender.text(&ana, "wamid.1", site.world.app.now() / 1_000_000, "Hello");
    site.world.post(vec![message]).await;
    site.world.settle().await;
    assert!(site.page("admin", "/settings/inboxes").await.text().contains("No inboxes yet"));
    let nameless = site.form("admin", "/settings/inboxes", "name=+").await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = site.form("admin", "/settings/inboxes", "name=Sales").await;
    assert_eq!(made.header("location"), "/settings/inboxes?done=saved");
    let page = async || site.page("admin", "/settings/inboxes").await.text();
    let shown = page().await;
    let base = shown.split("action=\"").find(|part| part.contains("/members\"")).unwrap();
    let base = base.split("/members").next().unwrap().to_owned();
    let agent = id::member(site.actor("agent").await.member.id);
    let accounts = site.api("agent", "GET", "accounts", Value::Null).await.json();
    let account = accounts["accounts"][0]["id"].as_str().unwrap().to_owned();
    let (base, agent, account) = (base.as_str(), agent.as_str(), account.as_str());
    let deed = async |what: &str, fields: String| {
        site.form("admin", &format!("{base}/{what}"), &fields).await.status
    };
    assert_eq!(deed("members", format!("member={agent}&admin=on")).await, StatusCode::SEE_OTHER);
    assert_eq!(deed("accounts", format!("account={account}")).await, StatusCode::SEE_OTHER);
    assert_eq!(deed("name", "name=Support".into()).await, StatusCode::SEE_OTHER);
    let shown = page().await;
    assert!(shown.contains("1 person") && shown.contains("1 number") && shown.contains("Support"), "{shown}");
    assert!(site.page("agent", "/settings/people").await.text().contains("administrator of Support"));
    for (what, fields) in
        [("members", "member=mem_1"), ("let-go", "member=mem_1"), ("accounts", "account=acc_1")]
    {
        assert_eq!(deed(what, fields.into()).await, StatusCode::NOT_FOUND, "{what}");
    }
    assert_eq!(deed("let-go", format!("member={agent}")).await, StatusCode::SEE_OTHER);
    assert_eq!(deed("free", format!("account={account}")).await, StatusCode::SEE_OTHER);
    assert_eq!(deed("free", format!("account={account}")).await, StatusCode::NOT_FOUND);
    let shown = page().await;
    assert!(shown.contains("Nobody works here yet") && shown.contains("No numbers yet"), "{shown}");
    assert_eq!(deed("remove", String::new()).await, StatusCode::SEE_OTHER);
    assert_eq!(deed("remove", String::new()).await, StatusCode::NOT_FOUND);
    let log = site.page("owner", "/settings/audit").await.text();
    assert!(log.contains("removed an inbox") && log.contains("added a number to an inbox"), "{log}");
}
