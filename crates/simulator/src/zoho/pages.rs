//! The pages that people see on their way to a token: login, consent, errors.

use super::oauth::Asked;
use super::scopes;
use crate::answer::Answer;
use crate::page::{escape, page};

/// The login form.
pub fn login(asked: &Asked, pairs: &[(String, String)], username: &str, wrong: Option<&str>) -> Answer {
    let wrong =
        wrong.map(|text| format!("<p class=\"bad\" role=\"alert\">{}</p>", escape(text))).unwrap_or_default();
    let form = format!(
        "<form id=\"login\" method=\"post\" action=\"/oauth/v2/auth\">{}\
         <label>Email address<input type=\"text\" name=\"username\" value=\"{}\" autocomplete=\"username\" \
         autofocus required></label>\
         <label>Password<input type=\"password\" name=\"password\" autocomplete=\"current-password\" required>\
         </label><button>Sign in</button></form>",
        hidden(pairs),
        escape(username),
    );
    let content = format!(
        "<div class=\"card\"><h1>Sign in</h1><p class=\"quiet\">to continue to {}</p>{wrong}{form}</div>\
         <p class=\"quiet\">This is a simulated org. The password of every user is <code>sim</code>.</p>",
        escape(app_name(asked)),
    );
    page(200, "Sign in", "narrow", &content)
}

/// The consent form.
pub fn consent(asked: &Asked, pairs: &[(String, String)], username: &str, ticket: &str) -> Answer {
    let wishes: Vec<String> =
        scopes::split(&asked.scope).map(|scope| format!("<li><code>{}</code></li>", escape(scope))).collect();
    let form = format!(
        "<form id=\"consent\" method=\"post\" action=\"/oauth/v2/auth/consent\">{}\
         <input type=\"hidden\" name=\"ticket\" value=\"{}\"><div class=\"row\">\
         <button name=\"decision\" value=\"allow\">Accept</button>\
         <button name=\"decision\" value=\"deny\" class=\"plain\">Reject</button></div></form>",
        hidden(pairs),
        escape(ticket),
    );
    let content = format!(
        "<div class=\"card\"><h1>{} would like to access the following</h1><ul>{}</ul>{form}</div>\
         <p class=\"quiet\">Signed in as {}.</p>",
        escape(app_name(asked)),
        wishes.concat(),
        escape(username),
    );
    page(200, "Accept or reject", "narrow", &content)
}

/// An error about the client itself: shown here, never sent to the address that it gave.
pub fn oauth_error(reason: &str) -> Answer {
    let content =
        format!("<div class=\"card\"><h1>Error occurred</h1><p class=\"bad\">{}</p></div>", escape(reason));
    page(400, "Error occurred", "narrow", &content)
}

fn app_name(asked: &Asked) -> &str {
    if asked.app.label.is_empty() { &asked.app.client_id } else { &asked.app.label }
}

/// What the client asked for, carried from page to page.
fn hidden(pairs: &[(String, String)]) -> String {
    const OWN: &[&str] = &["username", "password", "ticket", "decision"];
    let carried: std::collections::BTreeMap<&String, &String> = pairs
        .iter()
        .filter(|(name, _)| !OWN.contains(&name.as_str()))
        .map(|(name, value)| (name, value))
        .collect();
    let inputs = carried.into_iter().map(|(name, value)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
    });
    inputs.collect()
}
