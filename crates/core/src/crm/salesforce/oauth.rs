//! The grant: authorization with PKCE, tokens, renewal, revocation, and what each refusal means.
//!
//! A token answer has no `expires_in`: a session lasts as its policy says, and its end shows as a 401.
//! `instance_url` and `id` may differ after every renewal, and neither may be derived from the other.
//! <https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm>
//! <https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flow_errors.htm>

use serde_json::Value;

use super::ids;
use crate::{
    crm::{App, Grant, Identity, Request, Response, TokenFailure, Tokens, oauth},
    time::Timestamp,
};

/// What is asked for: the API, a lasting grant, and who the user is. Nothing else.
const SCOPE: &str = "api refresh_token id";

/// What we cannot do without, each with the names that also grant it.
const NEEDED: &[(&str, &[&str])] =
    &[("api", &["api", "full"]), ("refresh_token", &["refresh_token", "offline_access"])];

/// Most grants of one user through one app; the next one ends the oldest.
/// <https://help.salesforce.com/s/articleView?id=sf.remoteaccess_request_manage.htm>
pub(super) const GRANTS: u64 = 5;

/// What a grant of these scopes lacks (R1.45).
pub(super) fn missing_scopes(granted: &[String]) -> Vec<&'static str> {
    if granted.is_empty() {
        return Vec::new();
    }
    let lacks = |names: &[&str]| !granted.iter().any(|scope| names.contains(&scope.as_str()));
    NEEDED.iter().filter(|(_, names)| lacks(names)).map(|(scope, _)| *scope).collect()
}

/// Where the browser goes.
pub(super) fn authorize_url(
    app: &App,
    login_url: &str,
    redirect_uri: &str,
    state: &str,
    challenge: &str,
) -> String {
    let address = format!("{login_url}/services/oauth2/authorize");
    oauth::authorize_url(&address, app, redirect_uri, &[("scope", SCOPE)], (state, challenge))
}

/// The request for tokens.
pub(super) fn token_request(app: &App, login_url: &str, grant: &Grant) -> Request {
    oauth::token_request(format!("{login_url}/services/oauth2/token"), app, grant)
}

/// The request that gives a grant back. Revoking a refresh token ends its access tokens too.
pub(super) fn revoke_request(login_url: &str, token: &str) -> Request {
    oauth::revoke_request(format!("{login_url}/services/oauth2/revoke"), token)
}

/// The tokens, or why there are none.
pub(super) fn token_reply(response: &Response) -> Result<Tokens, TokenFailure> {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    if !(200..300).contains(&response.status) {
        return Err(failure(response.status, body.as_ref()));
    }
    body.as_ref().and_then(tokens).ok_or_else(|| {
        let detail = "Salesforce's token answer could not be read. It will be asked again.";
        TokenFailure::passing("unreadable_answer", detail.to_owned())
    })
}

fn tokens(body: &Value) -> Option<Tokens> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    let identity = match text("id") {
        Some(address) => Some(identity(address)?),
        None => None,
    };
    Some(Tokens {
        access_token: text("access_token")?.to_owned(),
        refresh_token: text("refresh_token").map(str::to_owned),
        instance_url: text("instance_url")?.trim_end_matches('/').to_owned(),
        identity,
        scopes: text("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        // Milliseconds as text, whatever older prose says.
        issued_at: text("issued_at").and_then(|millis| millis.parse().ok()).map(Timestamp::from_millis),
    })
}

/// The ids in an identity URL: `.../id/<org>/<user>`.
fn identity(address: &str) -> Option<Identity> {
    let mut segments = address.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/');
    let user_id = ids::full(segments.next()?)?;
    Some(Identity { user_id, org_id: ids::full(segments.next()?)? })
}

fn failure(status: u16, body: Option<&Value>) -> TokenFailure {
    let text = |name: &str| body.and_then(|body| body.get(name)).and_then(Value::as_str).unwrap_or_default();
    let (code, said) = (text("error"), text("error_description"));
    if status >= 500 || code.is_empty() {
        let code = if code.is_empty() { format!("http_{status}") } else { code.to_owned() };
        let detail =
            format!("Salesforce's login did not answer properly (status {status}). It will be asked again.");
        return TokenFailure::passing(&code, detail);
    }
    let (is_permanent, happened, action) = meaning(code);
    let said = if said.is_empty() { code.to_owned() } else { format!("{code}: {said}") };
    let detail = format!("{happened} ({said}). {action}");
    TokenFailure { is_permanent, ..TokenFailure::passing(code, detail) }
}

/// What each error word means: is the grant gone, what happened, what to do.
fn meaning(code: &str) -> (bool, &'static str, &'static str) {
    match code {
        "invalid_grant" => (
            true,
            "Salesforce no longer accepts this grant",
            "Connect again. If this keeps happening, the same Salesforce user may be connected more than five \
             times through one app: each further connection ends the oldest. Use a separate integration user, \
             and ask a Salesforce administrator whether the app's refresh token policy or IP restrictions end \
             the grant.",
        ),
        "inactive_user" => (
            true,
            "The Salesforce user is inactive",
            "Ask a Salesforce administrator to activate the user, or connect as another user.",
        ),
        "inactive_org" => (
            true,
            "The Salesforce organization is locked, closed or suspended",
            "Ask a Salesforce administrator to have it reopened, then connect again.",
        ),
        "access_denied" => {
            (true, "Access was denied on Salesforce's page", "Connect again and choose Allow.")
        }
        "invalid_app_access"
        | "app_not_found"
        | "OAUTH_APP_BLOCKED"
        | "OAUTH_APP_ACCESS_DENIED"
        | "OAUTH_APPROVAL_ERROR_GENERIC"
        | "OAUTH_EC_APP_NOT_FOUND" => (
            true,
            "The Salesforce organization does not let this user authorize the app",
            "A Salesforce administrator has to install the app (Setup, Connected Apps OAuth Usage or External \
             Client App Manager) or unblock it, and approve it for the user's profile or a permission set. Then \
             connect again.",
        ),
        "rate_limit_exceeded" => (
            false,
            "The user has logged in to Salesforce too often in the last hour",
            "It will be tried again later by itself.",
        ),
        "invalid_client_id" | "invalid_client" => (
            false,
            "Salesforce does not know the app's consumer key or secret",
            "Whoever runs the server has to check both. A new app needs up to ten minutes before it works.",
        ),
        "redirect_uri_mismatch" => (
            false,
            "The app's callback URL in Salesforce differs from this server's address",
            "Whoever runs the server has to enter the callback URL in the app, character by character.",
        ),
        "invalid_scope" => (
            false,
            "The app does not offer the scopes that are needed",
            "Whoever runs the server has to add the scopes api, refresh_token and id to the app.",
        ),
        _ => (
            false,
            "Salesforce refused to issue a token",
            "Whoever runs the server has to check the app's settings in Salesforce.",
        ),
    }
}
