//! A CRM or a channel is known to its own folder and to the registry. What another part must know of it is a method of its
//! trait, so that adding one is adding a folder. The command line may play each one's simulator; tests and comments may
//! tell stories.

use std::collections::BTreeSet;

use super::{connectors, files, none, over_sources, read, source::Source};

/// Parts of the product that no connector's name may stand in.
const INSIDE: &[&str] = &["crates/core/src/", "crates/pages/src/", "crates/server/src/"];

/// Where one stands although it is not its own folder, and why.
const KNOWN: &[(&str, &str, &str)] = &[
    ("whatsapp", "crates/core/src/address/clean.rs", "address books write the scheme beside other schemes"),
    ("whatsapp", "crates/core/src/plan/settings.rs", "a lead source that people may change"),
];

/// Where connectors are told apart by their names.
fn is_registry(path: &str) -> bool {
    matches!(path, "crates/core/src/crm/mod.rs" | "crates/core/src/channels/mod.rs")
        || path.starts_with("crates/server/src/cli/")
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/contract")
}

/// Where a file's own tests begin.
fn tests_begin(source: &Source) -> usize {
    let lines = source.text.lines().collect::<Vec<_>>();
    let is_start = |at: &usize| {
        lines[*at] == "#[cfg(test)]"
            && lines[*at..].iter().take(3).any(|line| line.starts_with("mod tests {"))
    };
    (0..lines.len()).find(is_start).unwrap_or(lines.len())
}

fn known_elsewhere(source: &Source, connectors: &BTreeSet<(String, String)>) -> Vec<String> {
    let path = source.path.as_str();
    if !INSIDE.iter().any(|part| path.starts_with(part)) || is_registry(path) || is_test(path) {
        return Vec::new();
    }
    let end = tests_begin(source);
    let code = source.code.lines().enumerate().map(|(place, line)| (place + 1, line.to_owned()));
    let texts = code.chain(source.strings.iter().cloned()).filter(|(line, _)| *line <= end);
    let texts: Vec<_> = texts.map(|(line, text)| (line, text.to_lowercase())).collect();
    let mut found = Vec::new();
    for (edge, name) in connectors {
        let is_known = KNOWN.iter().any(|(known, home, _)| known == name && *home == path);
        if is_known || path.starts_with(&format!("crates/core/src/{edge}/{name}/")) {
            continue;
        }
        for (line, _) in texts.iter().filter(|(_, text)| text.contains(name.as_str())) {
            found.push(format!("{path}:{line}: only core::{edge}::{name} and the registry know of {name}"));
        }
    }
    found
}

#[test]
fn a_crm_or_a_channel_is_known_to_its_folder_and_the_registry_only() {
    let connectors = connectors(&files());
    assert!(connectors.len() > 1, "{connectors:?}");
    none(over_sources(|source| known_elsewhere(source, &connectors)));
    let told = files().into_iter().filter(|path| path.starts_with("crates/pages/locales/"));
    none(told.flat_map(|path| {
        let text = read(&path).to_lowercase();
        let named = connectors.iter().filter(|(_, name)| text.contains(name.as_str()));
        named
            .map(|(_, name)| format!("{path}: what is said of {name} alone stands in its folder"))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn whoever_looks_over_the_wall_is_found() {
    let connectors = BTreeSet::from([("crm".to_owned(), "telegraph".to_owned())]);
    let found = |path: &str, text: &str| known_elsewhere(&Source::new(path, text), &connectors).len();
    assert_eq!(found("crates/server/src/lane/pass.rs", "if crm == \"telegraph\" { Telegraph }"), 2);
    assert_eq!(found("crates/server/src/lane/pass.rs", "// A telegraph is slow.\nfn f() {}"), 0);
    assert_eq!(found("crates/server/src/lane/pass.rs", "#[cfg(test)]\nmod tests { f(\"telegraph\"); }"), 0);
    assert_eq!(found("crates/core/src/crm/telegraph/mod.rs", "struct Telegraph;"), 0);
    assert_eq!(found("crates/core/src/crm/mod.rs", "mod telegraph;"), 0);
    assert_eq!(found("crates/pages/src/help.rs", "fn f() { \"Telegraph\" }"), 1);
}
