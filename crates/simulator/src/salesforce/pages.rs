//! The pages that people see: login, consent, errors.

use super::answer::Answer;
use super::oauth::Asked;
pub use crate::page::{escape, page};

/// The login form of the authorize endpoint.
pub fn login(asked: &Asked, pairs: &[(String, String)], username: &str, wrong: Option<&str>) -> Answer {
    let wrong =
        wrong.map(|text| format!("<p class=\"bad\" role=\"alert\">{}</p>", escape(text))).unwrap_or_default();
    page(
        200,
        "Login",
        "narrow",
        &format!(
            "<div class=\"card\"><h1>Log in</h1><p class=\"quiet\">to continue to {}</p>{wrong}\
             <form id=\"login\" method=\"post\" action=\"/services/oauth2/authorize\">{}\
             <label>Username<input type=\"text\" name=\"username\" value=\"{}\" autocomplete=\"username\" \
             autofocus required></label>\
             <label>Password<input type=\"password\" name=\"password\" autocomplete=\"current-password\" required>\
             </label><button name=\"Login\" value=\"Log In\">Log in</button></form></div>\
             <p class=\"quiet\">This is a simulated org. The password of every user is <code>sim</code>.</p>",
            escape(app_name(asked)),
            hidden(pairs),
            escape(username),
        ),
    )
}

/// The consent form of the authorize endpoint.
pub fn consent(asked: &Asked, pairs: &[(String, String)], username: &str, ticket: &str) -> Answer {
    let wishes: String = asked
        .scope
        .split(' ')
        .map(|scope| format!("<li>{}</li>", escape(meaning(scope))))
        .collect::<Vec<_>>()
        .concat();
    page(
        200,
        "Allow Access?",
        "narrow",
        &format!(
            "<div class=\"card\"><h1>Allow access?</h1><p><b>{}</b> is asking to:</p><ul>{wishes}</ul>\
             <form id=\"consent\" method=\"post\" action=\"/services/oauth2/authorize/consent\">{}\
             <input type=\"hidden\" name=\"ticket\" value=\"{}\"><div class=\"row\">\
             <button name=\"decision\" value=\"allow\">Allow</button>\
             <button name=\"decision\" value=\"deny\" class=\"plain\">Deny</button></div></form>\
             </div><p class=\"quiet\">Logged in as {}.</p>",
            escape(app_name(asked)),
            hidden(pairs),
            escape(ticket),
            escape(username),
        ),
    )
}

/// An error about the app itself: shown here, never sent to the address that it gave.
pub fn oauth_error(error: &str, description: &str) -> Answer {
    page(
        400,
        "OAuth Error",
        "narrow",
        &format!(
            "<div class=\"card\"><h1>We can't authorize you because of an OAuth error.</h1>\
             <p>For more information, contact your administrator.</p>\
             <p class=\"bad\"><code>error={}&amp;error_description={}</code></p></div>",
            escape(error),
            escape(description)
        ),
    )
}

fn app_name(asked: &Asked) -> &str {
    if asked.app.label.is_empty() { &asked.app.client_id } else { &asked.app.label }
}

/// What the app asked for, carried from page to page.
fn hidden(pairs: &[(String, String)]) -> String {
    const OWN: &[&str] = &["username", "password", "ticket", "decision", "Login"];
    let mut seen = std::collections::BTreeMap::new();
    for (name, value) in pairs.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        seen.insert(name, value);
    }
    seen.into_iter()
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
        })
        .collect::<Vec<_>>()
        .concat()
}

fn meaning(scope: &str) -> &str {
    match scope {
        "api" => "Manage user data via APIs",
        "web" => "Manage user data via Web browsers",
        "full" => "Full access",
        "refresh_token" => "Perform requests at any time",
        "id" | "profile" | "email" | "address" | "phone" => "Access the identity URL service",
        "openid" => "Access unique user identifiers",
        other => other,
    }
}
