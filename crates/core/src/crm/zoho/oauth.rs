//! The grant: consent at the person's own data centre, tokens, renewal, revocation, and what each refusal means.
//!
//! Refusals mostly come with status 200, so what counts is whether there is an access token. Their words are codes; the
//! descriptions are translated and only quoted. How long a token lives is told in two ways (`expires_in` in seconds or in
//! milliseconds) and not read: its end shows as a 401. A refresh token is never replaced, never expires by time, and is
//! given only to who asks for offline access and consent each time.
//! <https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html>
//! <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>

use std::time::Duration;

use serde_json::Value;

use crate::crm::{App, Grant, Request, Response, TokenFailure, Tokens, oauth};

/// What is asked for, each with the wider ones that hold it too. `settings.fields` is whole because choices and fields
/// are added; sets of choices are shared between modules and have a scope of their own.
const SCOPES: &[(&str, &[&str])] = &[
    ("ZohoCRM.modules.ALL", &[]),
    ("ZohoCRM.settings.modules.READ", &["ZohoCRM.settings.modules.ALL", "ZohoCRM.settings.ALL"]),
    ("ZohoCRM.settings.fields.ALL", &["ZohoCRM.settings.ALL"]),
    ("ZohoCRM.settings.related_lists.READ", &["ZohoCRM.settings.related_lists.ALL", "ZohoCRM.settings.ALL"]),
    ("ZohoCRM.settings.global_picklist.ALL", &["ZohoCRM.settings.ALL"]),
    ("ZohoCRM.users.READ", &["ZohoCRM.users.ALL"]),
    ("ZohoCRM.org.READ", &["ZohoCRM.org.ALL"]),
    ("ZohoCRM.coql.READ", &[]),
    ("ZohoSearch.securesearch.READ", &[]),
];

/// Most grants of one user through one app; the next one deletes the oldest without a word.
pub(super) const GRANTS: u64 = 20;

/// How long a data centre that was asked for tokens too often wants to be left alone.
const THROTTLED: Duration = Duration::from_mins(15);

/// What a grant of these scopes lacks (R1.45).
pub(super) fn missing_scopes(granted: &[String]) -> Vec<&'static str> {
    if granted.is_empty() {
        return Vec::new();
    }
    let has = |name: &str| granted.iter().any(|scope| scope.eq_ignore_ascii_case(name));
    let lacking = SCOPES.iter().filter(|(scope, wider)| !has(scope) && !wider.iter().any(|scope| has(scope)));
    lacking.map(|(scope, _)| *scope).collect()
}

/// Where the browser goes.
pub(super) fn authorize_url(
    app: &App,
    login_url: &str,
    redirect_uri: &str,
    state: &str,
    challenge: &str,
) -> String {
    let scopes: Vec<_> = SCOPES.iter().map(|(scope, _)| *scope).collect();
    let scopes = scopes.join(",");
    let besides = [("scope", scopes.as_str()), ("access_type", "offline"), ("prompt", "consent")];
    let address = format!("{login_url}/oauth/v2/auth");
    oauth::authorize_url(&address, app, redirect_uri, &besides, (state, challenge))
}

/// The request for tokens.
pub(super) fn token_request(app: &App, login_url: &str, grant: &Grant) -> Request {
    oauth::token_request(format!("{login_url}/oauth/v2/token"), app, grant)
}

/// The request that gives a grant back. Revoking a refresh token ends its access tokens too.
pub(super) fn revoke_request(login_url: &str, token: &str) -> Request {
    oauth::revoke_request(format!("{login_url}/oauth/v2/token/revoke"), token)
}

/// The tokens, or why there are none.
pub(super) fn token_reply(grant: &Grant, response: &Response) -> Result<Tokens, TokenFailure> {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let text = |name: &str| {
        body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str).filter(|text| !text.is_empty())
    };
    let Some(access_token) = text("access_token") else {
        return Err(failure(grant, response.status, text("error"), text("error_description")));
    };
    let refresh_token = text("refresh_token").map(str::to_owned);
    if refresh_token.is_none() && matches!(grant, Grant::Code { .. }) {
        return Err(without_refresh_token());
    }
    let Some(instance_url) = text("api_domain") else {
        return Err(failure(grant, response.status, None, None));
    };
    let scopes = text("scope").unwrap_or_default().split([' ', ',']).filter(|scope| !scope.is_empty());
    Ok(Tokens {
        access_token: access_token.to_owned(),
        refresh_token,
        instance_url: instance_url.trim_end_matches('/').to_owned(),
        // No token says whom it is of.
        identity: None,
        scopes: scopes.map(str::to_owned).collect(),
        issued_at: None,
    })
}

fn without_refresh_token() -> TokenFailure {
    let detail = "Zoho granted access for an hour only: the answer holds no refresh token. Connect again, and on Zoho's \
                  page choose the organization and Accept. If this repeats, remove the app at accounts.zoho.com under \
                  Sessions, Connected Apps (of your own data centre), and connect once more.";
    TokenFailure { is_permanent: true, ..TokenFailure::passing("no_refresh_token", detail.to_owned()) }
}

fn failure(grant: &Grant, status: u16, code: Option<&str>, said: Option<&str>) -> TokenFailure {
    let Some(code) = code.filter(|_| status < 500) else {
        let detail = format!(
            "Zoho's accounts server did not answer properly (status {status}). It will be asked again."
        );
        return TokenFailure::passing(&format!("http_{status}"), detail);
    };
    let (is_permanent, wait, happened, action) = meaning(code, grant);
    let said = said.map_or_else(|| code.to_owned(), |said| format!("{code}: {said}"));
    let detail = format!("{happened} ({said}). {action}");
    TokenFailure { is_permanent, wait, ..TokenFailure::passing(code, detail) }
}

/// What each error word means: is the grant gone, how long to wait, what happened, what to do.
fn meaning(code: &str, grant: &Grant) -> (bool, Duration, &'static str, &'static str) {
    const SOON: Duration = Duration::ZERO;
    const CHECK_APP: &str = "Whoever runs the server has to compare the configuration with the client in Zoho's API console, and switch on \
         this data centre for it there (Settings, Multi-DC).";
    match code {
        "invalid_code" if matches!(grant, Grant::Code { .. }) => (
            true,
            SOON,
            "Zoho no longer accepts the code that your browser brought: it is good once, for about a minute, and in one \
             data centre only",
            "Connect again.",
        ),
        "invalid_code" => (
            true,
            SOON,
            "Zoho no longer accepts this grant: it was revoked, its user was removed, or it was pushed out",
            "Connect again. If this keeps happening, the same Zoho user may be connected more than twenty times through \
             one app: each further consent ends the oldest. Use a separate user for integrations.",
        ),
        "access_denied" => {
            (true, SOON, "Access was refused on Zoho's page", "Connect again and choose Accept.")
        }
        // One word for "too often" in every language; what stands beside it is translated.
        "Access Denied" => (
            false,
            THROTTLED,
            "Zoho was asked for tokens too often in a short time",
            "It will be tried again by itself in a quarter of an hour.",
        ),
        "invalid_client" => {
            (false, SOON, "This data centre of Zoho does not know the app's client id", CHECK_APP)
        }
        "invalid_client_secret" => {
            (false, SOON, "The app's client secret is not the one of this data centre of Zoho", CHECK_APP)
        }
        "invalid_redirect_uri" => (
            false,
            SOON,
            "The app's redirect URI at Zoho differs from this server's address",
            "Whoever runs the server has to enter it in Zoho's API console, character by character.",
        ),
        "invalid_scope" => (false, SOON, "Zoho does not offer the app the scopes that are needed", CHECK_APP),
        _ => (
            false,
            SOON,
            "Zoho refused to issue a token",
            "It will be tried again by itself; if it stays so, whoever runs the server has to check the app in Zoho's API \
             console.",
        ),
    }
}
