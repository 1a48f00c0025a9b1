//! The pages that people see: login, consent, errors, and the frame that all of them share.

use super::answer::Answer;
use super::oauth::Asked;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #17202a; --paper: #f4f6f8; --card: #ffffff; --line: #d5dbe1; \
--accent: #0b5cab; --quiet: #5b6875; --bad: #a61b1b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf0; --paper: #12171c; --card: #1b2229; \
--line: #37424d; --accent: #63a9f0; --quiet: #9aa7b4; --bad: #ff9b9b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); \
font: 16px/1.5 system-ui, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 56rem; margin: 3rem auto; padding: 0 1rem; }
main.narrow { max-width: 26rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.5rem; \
margin-bottom: 1.25rem; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: .25rem 0 1rem; } .quiet { color: var(--quiet); font-size: .9rem; } .bad { color: var(--bad); }
label { display: block; font-weight: 600; margin-bottom: .75rem; }
input[type=text], input[type=password] { display: block; width: 100%; margin-top: .25rem; padding: .55rem .7rem; \
font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
button { font: inherit; font-weight: 600; padding: .55rem 1.1rem; border-radius: 6px; cursor: pointer; \
border: 1px solid var(--accent); background: var(--accent); color: var(--card); }
button.plain { background: transparent; color: var(--accent); } .row { display: flex; gap: .75rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; \
padding: .4rem .6rem; border-bottom: 1px solid var(--line); } th { width: 14rem; color: var(--quiet); \
font-weight: 500; } td { white-space: pre-wrap; overflow-wrap: anywhere; } a { color: var(--accent); }
";

/// A whole page.
pub fn page(status: u16, title: &str, class: &str, content: &str) -> Answer {
    Answer::html(
        status,
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
             <body><main class=\"{class}\">{content}</main></body></html>",
            escape(title)
        ),
    )
    .with("cache-control", "no-store")
}

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

/// Text that is safe in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
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
