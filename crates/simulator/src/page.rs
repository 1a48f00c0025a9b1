//! The frame that every page of a simulated org has.

use crate::answer::Answer;

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

/// Text that is safe in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
