//! `POST /services/oauth2/token`: every grant that turns something into an access token.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::door;
use super::oauth::{self, value};
use super::state::{State, is_set, text};
use super::switches::App;
use super::tokens::Session;
use crate::call::Call;

type Granted = Result<Answer, Answer>;

/// Answers the token endpoint.
pub fn token(state: &mut State, call: &Call) -> Answer {
    if call.method != Method::POST {
        return error(400, "invalid_request", "must use HTTP POST");
    }
    let mut pairs = call.query.clone();
    pairs.extend(call.form());
    let granted = match value(&pairs, "grant_type") {
        Some("authorization_code") => authorization_code(state, call, &pairs),
        Some("refresh_token") => refresh_token(state, call, &pairs),
        Some("client_credentials") => client_credentials(state, call, &pairs),
        Some("password") => password(state, call, &pairs),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => jwt_bearer(state, call, &pairs),
        None => Err(error(400, "invalid_request", "missing required parameter: grant_type")),
        Some(_) => Err(error(400, "unsupported_grant_type", "grant type not supported")),
    };
    let answer = granted.unwrap_or_else(|refused| refused);
    answer.with("cache-control", "no-cache, no-store").with("pragma", "no-cache")
}

fn authorization_code(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs, false)?;
    let now = state.clock.seconds();
    let code = value(pairs, "code").unwrap_or_default();
    let invalid = || error(400, "invalid_grant", "invalid authorization code");
    let code = state.tokens.take_code(code, now).ok_or_else(invalid)?;
    if code.app != app.client_id {
        return Err(invalid());
    }
    if value(pairs, "redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(error(400, "redirect_uri_mismatch", "redirect_uri must match configuration"));
    }
    if let Some(challenge) = &code.challenge {
        let verifier = value(pairs, "code_verifier").unwrap_or_default();
        if verifier.is_empty() || BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
            return Err(error(400, "invalid_grant", "invalid code verifier"));
        }
    }
    let wants_refresh = code.scope.split(' ').any(|scope| scope == "refresh_token");
    let refresh =
        wants_refresh.then(|| state.tokens.give(&code.user, &app.client_id, &code.scope, &mut state.journal));
    let mut body =
        issue(state, call, &app, &code.user, &code.scope, refresh.as_ref().map(|(_, family)| *family))?;
    if let Some((token, _)) = refresh {
        body["refresh_token"] = json!(token);
    }
    if code.scope.split(' ').any(|scope| scope == "openid") {
        let id_token = id_token(state, call, &app, &code.user, code.nonce.as_deref());
        body["id_token"] = json!(id_token);
    }
    Ok(Answer::ok(body))
}

fn refresh_token(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs, false)?;
    let token = value(pairs, "refresh_token").unwrap_or_default();
    let expired = || error(400, "invalid_grant", "expired access/refresh token");
    let grant = state.tokens.grant(token).cloned().filter(|g| g.app == app.client_id).ok_or_else(expired)?;
    if grant.replaced {
        // Somebody holds a token that was handed over already: nobody of this family can be trusted.
        state.tokens.revoke_family(grant.family, &mut state.journal);
        return Err(expired());
    }
    let mut body = issue(state, call, &app, &grant.user, &grant.scope, Some(grant.family))?;
    if state.switches.rotate_refresh_tokens
        && let Some(next) = state.tokens.rotate(token, &mut state.journal)
    {
        body["refresh_token"] = json!(next);
    }
    Ok(Answer::ok(body))
}

fn client_credentials(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs, true)?;
    let user = match &app.run_as {
        Some(username) => {
            state.store.find("User", "Username", username).first().map(|row| text(row, "Id").to_owned())
        }
        None => state.store.rows("User").next().map(|row| text(row, "Id").to_owned()),
    };
    let user = user.ok_or_else(|| error(400, "invalid_grant", "no client credentials user enabled"))?;
    issue(state, call, &app, &user, "api id", None).map(Answer::ok)
}

fn password(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let app = client(state, call, pairs, false)?;
    let username = value(pairs, "username").unwrap_or_default();
    let secret = value(pairs, "password").unwrap_or_default();
    let user = oauth::user_with_password(state, username, secret).map_err(|reason| match reason {
        "inactive user" => error(400, "inactive_user", "user is inactive"),
        other => error(400, "invalid_grant", other),
    })?;
    issue(state, call, &app, &user, "api id web", None).map(Answer::ok)
}

/// The assertion is read, not verified: an org that nobody uploaded a certificate to has nothing to verify by.
fn jwt_bearer(state: &mut State, call: &Call, pairs: &[(String, String)]) -> Granted {
    let assertion = value(pairs, "assertion").unwrap_or_default();
    let claims: Option<Value> = assertion
        .split('.')
        .nth(1)
        .and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok())
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let claims = claims.ok_or_else(|| error(400, "invalid_grant", "invalid assertion"))?;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let app = oauth::app(state, claim("iss"))
        .ok_or_else(|| error(400, "invalid_client_id", "client identifier invalid"))?;
    let audience = claim("aud").trim_end_matches('/');
    let here = door::base_url(state, call);
    let known = ["https://login.salesforce.com", "https://test.salesforce.com", here.as_str()];
    if !known.contains(&audience) {
        return Err(error(400, "invalid_grant", "audience is invalid"));
    }
    // Clients send seconds, milliseconds and text here; only what is plainly over counts.
    let expires = claims.get("exp").and_then(|exp| exp.as_f64().or_else(|| exp.as_str()?.parse().ok()));
    #[expect(clippy::cast_precision_loss, reason = "seconds fit a double for ages")]
    let now = state.clock.seconds() as f64;
    if expires.is_none_or(|expires| expires < now - 180.0) {
        return Err(error(400, "invalid_grant", "expired assertion"));
    }
    let user = state
        .store
        .find("User", "Username", claim("sub"))
        .first()
        .map(|row| text(row, "Id").to_owned())
        .ok_or_else(|| error(400, "invalid_grant", "user hasn't approved this consumer"))?;
    issue(state, call, &app, &user, "api id web", None).map(Answer::ok)
}

/// The app behind a token request, by form or by HTTP Basic; a registered secret must be right.
pub fn client(
    state: &State,
    call: &Call,
    pairs: &[(String, String)],
    needs_secret: bool,
) -> Result<App, Answer> {
    let basic = basic(call);
    let id = basic.as_ref().map(|(id, _)| id.as_str()).or(value(pairs, "client_id")).unwrap_or_default();
    let secret = basic.as_ref().map(|(_, secret)| secret.as_str()).or(value(pairs, "client_secret"));
    let app =
        oauth::app(state, id).ok_or_else(|| error(400, "invalid_client_id", "client identifier invalid"))?;
    let secret_is_right = match (&app.client_secret, secret) {
        (Some(known), Some(given)) => known == given,
        // A registered app may be used as a public client where the flow does not rest on the secret.
        (Some(_), None) => !needs_secret,
        (None, given) => !needs_secret || given.is_some_and(|given| !given.is_empty()),
    };
    if secret_is_right { Ok(app) } else { Err(error(400, "invalid_client", "invalid client credentials")) }
}

/// An OAuth error: an object, unlike the array of the REST API.
pub fn error(status: u16, code: &str, description: &str) -> Answer {
    Answer::json(status, json!({"error": code, "error_description": description}))
}

/// The identity URL of a user.
pub fn identity_url(state: &State, call: &Call, user: &str) -> String {
    format!("{}/id/{}/{user}", door::base_url(state, call), state.org_id())
}

fn issue(
    state: &mut State,
    call: &Call,
    app: &App,
    user: &str,
    scope: &str,
    family: Option<u64>,
) -> Result<Value, Answer> {
    if !state.store.get("User", user).is_some_and(|row| is_set(row, "IsActive")) {
        return Err(error(400, "inactive_user", "user is inactive"));
    }
    let now = state.clock.seconds();
    let session = Session {
        user: user.to_owned(),
        app: app.client_id.clone(),
        scope: scope.to_owned(),
        family,
        issued: now,
        used: now,
    };
    let org = state.org_id();
    let access_token = state.tokens.open_session(&org[..15.min(org.len())], session, &mut state.journal);
    let id = identity_url(state, call, user);
    let issued_at = (state.clock.micros() / 1_000).to_string();
    let signature = sign(app.client_secret.as_deref().unwrap_or_default(), &format!("{id}{issued_at}"));
    Ok(json!({
        "access_token": access_token,
        "signature": signature,
        "scope": scope,
        "instance_url": door::base_url(state, call),
        "id": id,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }))
}

fn sign(secret: &str, text: &str) -> String {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            BASE64_STANDARD.encode(mac.finalize().into_bytes())
        },
    )
}

/// A token that says who logged in, signed with the app's secret (HS256).
fn id_token(state: &State, call: &Call, app: &App, user: &str, nonce: Option<&str>) -> String {
    let now = state.clock.seconds();
    let mut claims = json!({
        "iss": door::base_url(state, call), "sub": identity_url(state, call, user), "aud": app.client_id,
        "iat": now, "exp": now + 120,
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&claims));
    let signature = sign(app.client_secret.as_deref().unwrap_or_default(), &signed);
    let signature = signature.replace('+', "-").replace('/', "_");
    format!("{signed}.{}", signature.trim_end_matches('='))
}

fn basic(call: &Call) -> Option<(String, String)> {
    let (scheme, encoded) = call.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((super::call::percent_decode(id), super::call::percent_decode(secret)))
}
