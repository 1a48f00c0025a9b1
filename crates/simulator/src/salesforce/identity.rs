//! Who a token stands for: userinfo, the identity URL, introspection; and the end of a token.

use serde_json::{Value, json};

use super::answer::Answer;
use super::oauth::value;
use super::state::{State, is_set, text};
use super::token::{self, error, identity_url};
use super::{door, ids};
use crate::call::Call;

/// `GET /services/oauth2/userinfo`.
pub fn userinfo(state: &mut State, call: &Call) -> Answer {
    let Some(session) = door::session(state, call) else {
        return Answer::text(
            403,
            if door::bearer(call).is_some() { "Bad_OAuth_Token" } else { "Missing_OAuth_Token" },
        );
    };
    let Some(user) = state.store.get("User", &session.user) else {
        return Answer::text(403, "Bad_OAuth_Token");
    };
    let base = door::base_url(state, call);
    Answer::ok(json!({
        "sub": identity_url(state, call, &session.user),
        "user_id": session.user,
        "organization_id": state.org_id(),
        "preferred_username": text(user, "Username"),
        "nickname": text(user, "CommunityNickname"),
        "name": text(user, "Name"),
        "email": text(user, "Email"),
        "email_verified": true,
        "given_name": text(user, "FirstName"),
        "family_name": text(user, "LastName"),
        "zoneinfo": text(user, "TimeZoneSidKey"),
        "photos": photos(&base),
        "profile": format!("{base}/{}", session.user),
        "picture": format!("{base}/profilephoto/005/F"),
        "address": {"country": "US"},
        "is_salesforce_integration_user": false,
        "urls": urls(&base, &state.org_id(), &session.user),
        "active": is_set(user, "IsActive"),
        "user_type": "STANDARD",
        "language": text(user, "LanguageLocaleKey"),
        "locale": text(user, "LocaleSidKey"),
        "utcOffset": 0,
        "updated_at": iso(text(user, "LastModifiedDate")),
        "is_app_installed": true,
    }))
}

/// `GET /id/<org>/<user>`.
pub fn identity(state: &mut State, call: &Call, org: &str, user: &str) -> Answer {
    let token = call.parameter("oauth_token").map(str::to_owned).or_else(|| door::bearer(call));
    let Some(token) = token else { return Answer::text(403, "Missing_OAuth_Token") };
    let (now, lifetime) = (state.clock.seconds(), state.switches.session_seconds);
    if state.tokens.session(&token, now, lifetime).is_none() {
        return Answer::text(403, "Bad_OAuth_Token");
    }
    if !ids::same(org, &state.org_id()) {
        return Answer::text(403, "Wrong_Org");
    }
    let full = ids::canonical(user).unwrap_or_default();
    let Some(user) = state.store.get("User", &full) else { return Answer::text(404, "Bad_Id") };
    if !is_set(user, "IsActive") {
        return Answer::text(403, "Inactive");
    }
    let base = door::base_url(state, call);
    Answer::ok(json!({
        "id": identity_url(state, call, &full),
        "asserted_user": true,
        "user_id": full,
        "organization_id": state.org_id(),
        "username": text(user, "Username"),
        "nick_name": text(user, "CommunityNickname"),
        "display_name": text(user, "Name"),
        "email": text(user, "Email"),
        "email_verified": true,
        "first_name": text(user, "FirstName"),
        "last_name": text(user, "LastName"),
        "timezone": text(user, "TimeZoneSidKey"),
        "photos": photos(&base),
        "addr_street": null, "addr_city": null, "addr_state": null, "addr_country": "US", "addr_zip": null,
        "mobile_phone": null, "mobile_phone_verified": false,
        "is_lightning_login_user": false,
        "status": {"created_date": null, "body": null},
        "urls": urls(&base, &state.org_id(), &full),
        "active": true,
        "user_type": "STANDARD",
        "language": text(user, "LanguageLocaleKey"),
        "locale": text(user, "LocaleSidKey"),
        "utcOffset": 0,
        "last_modified_date": iso(text(user, "LastModifiedDate")),
        "is_app_installed": true,
    }))
}

/// `POST /services/oauth2/revoke`; a refresh token takes its access tokens along.
pub fn revoke(state: &mut State, call: &Call) -> Answer {
    let mut pairs = call.query.clone();
    pairs.extend(call.form());
    let token = value(&pairs, "token").unwrap_or_default();
    let family = state.tokens.grant(token).map(|grant| grant.family);
    if let Some(family) = family {
        state.tokens.revoke_family(family, &mut state.journal);
        return Answer::empty(200);
    }
    if state.tokens.close_session(token, &mut state.journal) {
        return Answer::empty(200);
    }
    error(400, "invalid_token", "invalid token")
}

/// `POST /services/oauth2/introspect`.
pub fn introspect(state: &mut State, call: &Call) -> Answer {
    let pairs = call.form();
    let app = match token::client(state, call, &pairs, false) {
        Ok(app) => app,
        Err(refused) => return refused,
    };
    let asked = value(&pairs, "token").unwrap_or_default();
    let (now, lifetime) = (state.clock.seconds(), state.switches.session_seconds);
    let about = |kind: &str, user: &str, scope: &str, state: &State| {
        let username = state.store.get("User", user).map(|row| text(row, "Username").to_owned());
        json!({"active": true, "scope": scope, "client_id": app.client_id, "username": username,
            "sub": identity_url(state, call, user), "token_type": kind})
    };
    if let Some(session) = state.tokens.session(asked, now, lifetime).filter(|s| s.app == app.client_id) {
        let mut body = about("access_token", &session.user, &session.scope, state);
        body["exp"] = json!(session.used + lifetime);
        body["iat"] = json!(session.issued);
        body["nbf"] = json!(session.issued);
        return Answer::ok(body);
    }
    let grant =
        state.tokens.grant(asked).filter(|grant| grant.app == app.client_id && !grant.replaced).cloned();
    match grant {
        Some(grant) => Answer::ok(about("refresh_token", &grant.user, &grant.scope, state)),
        None => Answer::ok(json!({"active": false})),
    }
}

/// `GET /services/oauth2/singleaccess`: the way from a token into a browser.
pub fn single_access(state: &mut State, call: &Call) -> Answer {
    if door::session(state, call).is_none() {
        return error(401, "invalid_token", "expired access/refresh token");
    }
    Answer::ok(json!({"frontdoor_uri": format!("{}/", door::base_url(state, call))}))
}

/// `GET /.well-known/openid-configuration`.
pub fn openid_configuration(state: &State, call: &Call) -> Answer {
    let base = door::base_url(state, call);
    let at = |path: &str| json!(format!("{base}/services/oauth2/{path}"));
    Answer::ok(json!({
        "issuer": base,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "revocation_endpoint": at("revoke"),
        "userinfo_endpoint": at("userinfo"),
        "introspection_endpoint": at("introspect"),
        "jwks_uri": format!("{base}/id/keys"),
        "scopes_supported": ["api", "id", "openid", "refresh_token", "web", "full"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

fn photos(base: &str) -> Value {
    json!({"picture": format!("{base}/profilephoto/005/F"), "thumbnail": format!("{base}/profilephoto/005/T")})
}

/// `{version}` stays in these addresses: the client puts its own there.
fn urls(base: &str, org: &str, user: &str) -> Value {
    let rest = format!("{base}/services/data/v{{version}}/");
    let soap =
        |kind: &str| format!("{base}/services/Soap/{kind}/{{version}}/{}", org.get(..15).unwrap_or(org));
    json!({
        "enterprise": soap("c"),
        "metadata": soap("m"),
        "partner": soap("u"),
        "rest": rest,
        "sobjects": format!("{rest}sobjects/"),
        "search": format!("{rest}search/"),
        "query": format!("{rest}query/"),
        "recent": format!("{rest}recent/"),
        "tooling_soap": soap("T"),
        "tooling_rest": format!("{rest}tooling/"),
        "profile": format!("{base}/{user}"),
        "feeds": format!("{rest}chatter/feeds"),
        "custom_domain": base,
    })
}

fn iso(stamp: &str) -> String {
    stamp.replace(".000+0000", "Z")
}
