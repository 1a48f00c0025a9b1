//! Who may import whom: the table of ARCHITECTURE.md, over the imports of each file.

use std::collections::BTreeSet;

use super::source::Source;

/// Inside `core` a module imports only those before it, and itself; nothing points back.
const CORE_ORDER: &[&str] = &[
    "time", "rights", "sign_in", "address", "search", "form", "record", "timeline", "mirror", "lane", "call",
    "governor", "plan", "panel", "receipt", "media", "exchange",
];

/// The two edges come after all of them, see what is named beside them, and not each other.
const CORE_EDGES: &[(&str, &[&str])] = &[
    ("channels", &["time", "rights", "sign_in", "address", "form", "timeline", "lane", "media", "exchange"]),
    (
        "crm",
        &[
            "time", "rights", "sign_in", "address", "form", "record", "timeline", "lane", "call", "governor",
            "exchange",
        ],
    ),
];

/// What a part of the server may never import. Only `main`, `app` and the command line itself see pages and commands.
const SERVER_NEVER: &[(&str, &[&str])] = &[
    ("store", &["http", "channels", "plan", "lane", "crm", "mirror", "web", "cli"]),
    ("channels", &["web", "cli"]),
    ("plan", &["web", "cli"]),
    ("lane", &["web", "cli"]),
    ("inbox", &["web", "cli"]),
    ("crm", &["web", "cli"]),
    ("mirror", &["web", "cli"]),
    ("web", &["http", "cli"]),
];

pub fn core_out_of_order(source: &Source) -> Vec<String> {
    let Some(inside) = source.path.strip_prefix("crates/core/src/") else { return Vec::new() };
    if inside == "lib.rs" {
        return Vec::new();
    }
    let own = source.module()[0];
    let edge = CORE_EDGES.iter().find(|(name, _)| *name == own).map(|(_, may)| *may);
    let before = CORE_ORDER.iter().position(|name| *name == own).map(|place| &CORE_ORDER[..place]);
    let Some(may) = edge.or(before) else {
        return vec![format!("{}: core::{own} has no place in the order of tidy.rs yet", source.path)];
    };
    let known = |name: &str| CORE_ORDER.contains(&name) || CORE_EDGES.iter().any(|(edge, _)| *edge == name);
    source
        .imports()
        .into_iter()
        .filter(|(_, path)| {
            path.first().is_some_and(|to| to != own && known(to) && !may.contains(&to.as_str()))
        })
        .map(|(line, path)| format!("{}:{line}: core::{own} may not import core::{}", source.path, path[0]))
        .collect()
}

/// Connectors are the folders of `channels` and `crm` in `core`; a vendor's folder without a connector in it may be seen.
pub fn connectors_that_meet(source: &Source, connectors: &BTreeSet<(String, String)>) -> Vec<String> {
    let module = source.module();
    let [edge, own, ..] = module[..] else { return Vec::new() };
    if !source.path.starts_with("crates/core/src/")
        || !connectors.contains(&(edge.to_owned(), own.to_owned()))
    {
        return Vec::new();
    }
    source
        .imports()
        .into_iter()
        .filter(|(_, path)| path.len() > 1 && path[0] == edge && path[1] != own)
        .filter(|(_, path)| connectors.contains(&(path[0].clone(), path[1].clone())))
        .map(|(line, path)| format!("{}:{line}: {own} may not see {}::{}", source.path, path[0], path[1]))
        .collect()
}

pub fn server_out_of_order(source: &Source) -> Vec<String> {
    if !source.path.starts_with("crates/server/src/") {
        return Vec::new();
    }
    let module = source.module();
    let own = module.first().copied().unwrap_or("main");
    let never = SERVER_NEVER.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, never)| never);
    source
        .imports()
        .into_iter()
        .filter(|(_, path)| path.first().is_some_and(|to| to != own && never.contains(&to.as_str())))
        .map(|(line, path)| {
            format!("{}:{line}: server::{own} may not import server::{}", source.path, path[0])
        })
        .collect()
}

pub fn crates_that_meet(source: &Source) -> Vec<String> {
    let forbidden: &[&str] = if source.path.starts_with("crates/simulator/") {
        &["causeway_core", "causeway"]
    } else if source.path.starts_with("crates/core/") {
        &["causeway", "causeway_pages", "causeway_simulator"]
    } else if source.path.starts_with("crates/pages/") {
        &["causeway", "causeway_simulator"]
    } else if source.path.starts_with("crates/server/src/") && source.module().first() != Some(&"cli") {
        &["causeway_simulator"]
    } else {
        &[]
    };
    let lines = forbidden
        .iter()
        .flat_map(|name| source.lines_with(&format!("{name}::")).into_iter().map(move |line| (line, name)));
    lines.map(|(line, name)| format!("{}:{line}: may not see {name}", source.path)).collect()
}
