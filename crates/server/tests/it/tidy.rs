//! The house's own rules, checked over the text of the repository: names, imports, and the one home of SQL, of the clock, of
//! chance and of the HTTP client. What a lint can check, `clippy.toml` and `deny.toml` check; the rest is here.
//! A rule that no longer fits is changed here, in the open, with its reason in the commit.

mod homes;
mod order;
pub mod source;
mod walls;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use homes::{away_from_home, is_word, sql_away_from_home};
use order::{connectors_that_meet, core_out_of_order, crates_that_meet, server_out_of_order};
use source::Source;

/// Names that say nothing.
const GRAB_BAGS: &[&str] =
    &["util", "utils", "common", "helper", "helpers", "misc", "manager", "managers", "base"];

/// Crates that decide nothing: a runtime, a client, a database or a source of chance among the dependencies of `core`.
const NOT_IN_CORE: &[&str] = &[
    "async",
    "axum",
    "deadpool",
    "futures",
    "getrandom",
    "hyper",
    "libsqlite3",
    "mio",
    "postgres",
    "rand",
    "reqwest",
    "rusqlite",
    "rustls",
    "smol",
    "socket2",
    "sqlx",
    "tokio",
    "tower",
    "tracing",
];

/// Crates that we never name ourselves, because std or a crate that we have does the same.
const NEVER_DIRECT: &[&str] = &[
    "async-std",
    "chrono",
    "diesel",
    "lazy_static",
    "native-tls",
    "num_cpus",
    "once_cell",
    "openssl",
    "phonenumber",
    "ring",
    "sea-orm",
    "sqlx",
    "time",
];

// ---- the rules, each over one file, so that a bad example can be shown to each

fn grab_bags(source: &Source) -> Vec<String> {
    let mut found: Vec<String> = source
        .path
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| GRAB_BAGS.contains(part))
        .map(|part| format!("{}: is named {part}, which says nothing of what is in it", source.path))
        .collect();
    for name in GRAB_BAGS {
        for ending in [" {", ";"] {
            for line in source.lines_with(&format!("mod {name}{ending}")) {
                found.push(format!(
                    "{}:{line}: a module named {name} says nothing of what is in it",
                    source.path
                ));
            }
        }
    }
    found
}

fn untitled(source: &Source) -> Vec<String> {
    if source.text.starts_with("//!") {
        return Vec::new();
    }
    vec![format!("{}:1: does not open with a `//!` that says what the file is for", source.path)]
}

/// Its tests may read fixtures.
fn core_that_does(source: &Source) -> Vec<String> {
    let tests = source.module().last().is_some_and(|name| matches!(*name, "tests" | "contract"))
        || ["/tests/", "/contract/"].iter().any(|folder| source.path.contains(folder));
    if tests || !source.path.starts_with("crates/core/src/") {
        return Vec::new();
    }
    let doing = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "std::os",
        "std::io::stdin",
        "async fn",
    ];
    let lines =
        doing.iter().flat_map(|what| source.lines_with(what).into_iter().map(move |line| (line, what)));
    lines
        .map(|(line, what)| format!("{}:{line}: core decides and does not do: {what}", source.path))
        .collect()
}

fn silenced_without_reason(source: &Source) -> Vec<String> {
    let attributes = ["allow", "expect"].iter().flat_map(|name| source.attributes(name));
    let silent = attributes.filter(|(_, text)| !text.contains("reason ="));
    silent.map(|(line, _)| format!("{}:{line}: silences a lint without a reason", source.path)).collect()
}

fn ignored(source: &Source) -> Vec<String> {
    let lines = source.lines_with("#[ignore");
    lines
        .into_iter()
        .map(|line| format!("{}:{line}: a test is ignored; mend or remove it", source.path))
        .collect()
}

/// Folders of one machine, and the folder beside the repository from which it was written.
fn private_folders(path: &str, text: &str) -> Vec<String> {
    let anywhere = [concat!("..", "/shared")];
    let at_the_start =
        [concat!("/", "root/"), concat!("/", "work/"), concat!("/", "home/"), concat!("/", "Users/")];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let begins = |folder: &&&str| {
            line.match_indices(**folder).any(|(at, _)| {
                line[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| !is_word(before) && !matches!(before, '/' | '.' | '}' | '~'))
            })
        };
        let named = anywhere
            .iter()
            .filter(|folder| line.contains(**folder))
            .chain(at_the_start.iter().filter(begins));
        found.extend(named.map(|folder| format!("{path}:{}: names a private folder: {folder}", number + 1)));
    }
    found
}

/// The names that a manifest gives under its dependencies: (section, crate).
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            header.clone_into(&mut section);
            if let Some((kind, name)) = header.rsplit_once("dependencies.") {
                found.push((format!("{kind}dependencies"), name.to_owned()));
            }
        } else if let Some((name, value)) = line.split_once('=').filter(|_| section.ends_with("dependencies"))
        {
            let name = name.split('.').next().unwrap_or(name).trim().trim_matches('"');
            let renamed = value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
            found.push((section.clone(), renamed.unwrap_or(name).to_owned()));
        }
    }
    found
}

fn doers_in_core(manifest: &str) -> Vec<String> {
    dependencies(manifest)
        .into_iter()
        .filter(|(section, _)| !section.ends_with("dev-dependencies"))
        .filter(|(_, name)| name.split(['-', '_']).any(|part| NOT_IN_CORE.contains(&part)))
        .map(|(_, name)| {
            format!("crates/core/Cargo.toml: core decides and does not do, so it has no use for {name}")
        })
        .collect()
}

fn unpaired_migrations(lite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = lite
        .symmetric_difference(postgres)
        .map(|name| format!("crates/server/migrations: {name} is there for one database only"))
        .collect();
    for (place, name) in lite.union(postgres).enumerate() {
        if !name.starts_with(&format!("{:04}_", place + 1)) {
            found.push(format!(
                "crates/server/migrations: {name} is number {:04}, so its name begins with that",
                place + 1
            ));
        }
    }
    found
}

// ---- the repository

pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.ancestors().nth(2).expect("the server is two folders down").to_owned()
}

/// Every file of the repository by its path from the root; not what is built or what the program keeps.
fn files() -> Vec<String> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder of the repository is readable") {
            let entry = entry.expect("a folder of the repository is readable");
            let path = entry.path();
            let from_root =
                path.strip_prefix(root).expect("it is under the root").to_string_lossy().replace('\\', "/");
            let kind = entry.file_type().expect("a file has a kind");
            if kind.is_dir() && !matches!(from_root.as_str(), "target" | "data" | ".git") {
                walk(root, &path, found);
            } else if kind.is_file() && from_root != ".git" {
                found.push(from_root);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &root(), &mut found);
    found.sort();
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the repository is readable")
}

/// Read once for all rules.
fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let files = files().into_iter().filter(|path| path.starts_with("crates/") && has_ending(path, "rs"));
        files.map(|path| Source::new(&path, &read(&path))).collect()
    })
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

fn connectors(files: &[String]) -> BTreeSet<(String, String)> {
    let marks = files.iter().filter_map(|path| {
        let rest = path.strip_prefix("crates/core/src/")?;
        match rest.split('/').collect::<Vec<_>>()[..] {
            ["channels", name, "inbound.rs"] => Some(("channels".to_owned(), name.to_owned())),
            ["crm", name, "encode.rs" | "verdict.rs"] => Some(("crm".to_owned(), name.to_owned())),
            _ => None,
        }
    });
    marks.collect()
}

#[track_caller]
fn none(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{} to mend:\n{}", found.len(), found.join("\n"));
}

fn over_sources(rule: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    let sources = sources();
    assert!(sources.len() > 3, "the sources were not found under {}", root().display());
    sources.iter().flat_map(rule).collect()
}

#[test]
fn no_file_or_module_is_a_grab_bag() {
    none(over_sources(grab_bags));
}

#[test]
fn every_source_file_says_what_it_is_for() {
    none(over_sources(untitled));
}

#[test]
fn inside_core_nothing_points_back() {
    none(over_sources(core_out_of_order));
}

#[test]
fn connectors_do_not_see_each_other() {
    let connectors = connectors(&files());
    none(over_sources(|source| connectors_that_meet(source, &connectors)));
}

#[test]
fn core_touches_no_file_socket_or_thread() {
    none(over_sources(core_that_does));
    none(doers_in_core(&read("crates/core/Cargo.toml")));
}

#[test]
fn the_server_s_parts_keep_their_order() {
    none(over_sources(server_out_of_order));
}

#[test]
fn the_simulator_shares_no_code_with_the_product() {
    none(over_sources(crates_that_meet));
    let names = dependencies(&read("crates/simulator/Cargo.toml")).into_iter().map(|(_, name)| name);
    let ours = names.filter(|name| name.starts_with("causeway"));
    none(ours.map(|name| format!("crates/simulator/Cargo.toml: may not see {name}")));
}

#[test]
fn sql_stands_in_the_store_only() {
    none(over_sources(sql_away_from_home));
    let homes = ["crates/server/migrations/", "crates/server/src/store/"];
    let strays = files()
        .into_iter()
        .filter(|path| has_ending(path, "sql") && !homes.iter().any(|home| path.starts_with(home)));
    none(strays.map(|path| format!("{path}: SQL stands in the store and its migrations only")));
}

#[test]
fn clock_chance_and_http_client_stay_at_home() {
    none(over_sources(away_from_home));
}

#[test]
fn migrations_come_in_pairs() {
    let of = |dialect: &str| -> BTreeSet<String> {
        let folder = format!("crates/server/migrations/{dialect}/");
        files().iter().filter_map(|path| path.strip_prefix(&folder)).map(str::to_owned).collect()
    };
    none(unpaired_migrations(&of("sqlite"), &of("postgres")));
}

#[test]
fn nothing_names_a_private_folder() {
    let texts = ["rs", "toml", "md", "sql", "html", "css", "js", "json", "ftl", "txt", "yml", "yaml", "sh"];
    let has_text = |path: &String| {
        texts.iter().any(|ending| has_ending(path, ending)) || matches!(path.as_str(), "test" | ".ci/run")
    };
    none(files().into_iter().filter(has_text).flat_map(|path| private_folders(&path, &read(&path))));
}

#[test]
fn lints_are_silenced_only_with_a_reason() {
    none(over_sources(silenced_without_reason));
}

#[test]
fn no_test_is_ignored() {
    none(over_sources(ignored));
}

#[test]
fn every_manifest_keeps_the_house_s_lints_and_choices() {
    for path in files().iter().filter(|path| path.ends_with("Cargo.toml")) {
        let manifest = read(path);
        let kept = path == "Cargo.toml" || manifest.contains("[lints]\nworkspace = true");
        assert!(kept, "{path}: does not take the workspace's lints");
        let refused =
            dependencies(&manifest).into_iter().filter(|(_, name)| NEVER_DIRECT.contains(&name.as_str()));
        none(refused.map(|(_, name)| format!("{path}: std or a crate that we have does what {name} does")));
    }
}

/// A check that cannot fail checks nothing: each rule sees one file that breaks it.
#[test]
fn every_rule_finds_what_it_looks_for() {
    let found =
        |rule: fn(&Source) -> Vec<String>, path: &str, text: &str| rule(&Source::new(path, text)).len();
    assert_eq!(found(grab_bags, "crates/core/src/plan/utils.rs", "mod helpers;"), 2);
    assert_eq!(found(untitled, "crates/core/src/lib.rs", "mod plan;"), 1);
    assert_eq!(
        found(core_out_of_order, "crates/core/src/timeline/fold.rs", "use crate::{plan::Plan, address};"),
        1
    );
    assert_eq!(
        found(core_out_of_order, "crates/core/src/plan/input.rs", "use super::super::{crm, record};"),
        1
    );
    assert_eq!(found(core_out_of_order, "crates/core/src/stuff.rs", ""), 1);
    assert_eq!(found(core_that_does, "crates/core/src/plan/mod.rs", "fn f() { std::fs::read(x); }"), 1);
    assert_eq!(
        found(server_out_of_order, "crates/server/src/store/links.rs", "use crate::{http, clock};"),
        1
    );
    assert_eq!(found(crates_that_meet, "crates/simulator/src/lib.rs", "use causeway_core::plan;"), 1);
    assert_eq!(
        found(crates_that_meet, "crates/server/src/lane/send.rs", "use causeway_simulator::start;"),
        1
    );
    assert_eq!(found(sql_away_from_home, "crates/server/src/web/mod.rs", "q(\"DELETE FROM links\")"), 1);
    assert_eq!(found(sql_away_from_home, "crates/server/src/web/mod.rs", "q(\"select id\n from links\")"), 1);
    assert_eq!(
        found(sql_away_from_home, "crates/core/src/crm/salesforce/encode.rs", "q(\"SELECT Id FROM Lead\")"),
        0
    );
    assert_eq!(found(away_from_home, "crates/server/src/lane/send.rs", "let now = Instant::now();"), 1);
    assert_eq!(found(away_from_home, "crates/server/src/clock.rs", "let now = Instant::now();"), 0);
    assert_eq!(found(silenced_without_reason, "crates/core/src/lib.rs", "#[allow(dead_code)]\nfn f() {}"), 1);
    assert_eq!(
        found(silenced_without_reason, "crates/core/src/lib.rs", "#[expect(dead_code, reason = \"x\")]"),
        0
    );
    assert_eq!(found(silenced_without_reason, "crates/core/src/lib.rs", "fn f() { x.expect(\"why\"); }"), 0);
    assert_eq!(found(ignored, "crates/core/src/lib.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"), 1);

    let connectors = BTreeSet::from(["line", "sms"].map(|name| ("channels".to_owned(), name.to_owned())));
    let meeting =
        Source::new("crates/core/src/channels/sms/mod.rs", "use super::{line, meta};\nuse super::sms;");
    assert_eq!(connectors_that_meet(&meeting, &connectors).len(), 1);
    let private = ["../", "shared/x, `", "/", "home/dev/x` and https://example.com", "/", "work/x"].concat();
    assert_eq!(private_folders("README.md", &private).len(), 2);
    assert_eq!(doers_in_core("[dependencies]\ntokio-util = \"1\"\nserde.workspace = true\n").len(), 1);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(
        unpaired_migrations(&names(&["0001_start.sql", "0002_links.sql"]), &names(&["0001_start.sql"])).len(),
        1
    );
    assert_eq!(unpaired_migrations(&names(&["0002_links.sql"]), &names(&["0002_links.sql"])).len(), 1);
}
