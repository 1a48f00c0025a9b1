//! What has one home: SQL, the clock, chance and the HTTP client.

use super::source::Source;

/// What is touched in few places only, those places (how their paths begin and end), and why.
type Home = (&'static [&'static str], &'static [(&'static str, &'static str)], &'static str);

const HOMES: &[Home] = &[
    (
        &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "TimeZone::system"],
        &[
            ("crates/server/src/", "clock.rs"),
            ("crates/simulator/src/", "clock.rs"),
            ("crates/server/tests/it/long", ".rs"), // they measure
            ("crates/bench/src/", ".rs"),           // so do they
        ],
        "time comes from the clock that is handed in",
    ),
    (
        &["getrandom", "thread_rng", "rand::rng", "rand::random", "OsRng", "SysRng", "RandomState"],
        &[("crates/server/src/", "clock.rs"), ("crates/simulator/src/", "random.rs")],
        "chance is handed in with the clock",
    ),
    (
        &["reqwest", "hyper_util::client", "hyper::client", "TcpStream::connect"],
        &[
            ("crates/server/src/", "http.rs"),
            ("crates/server/src/http/", ".rs"), // what it is made of
            ("crates/simulator/src/", "socket.rs"),
            ("crates/simulator/tests/it/", "sockets.rs"), // its subject
            ("crates/server/tests/it/", "serving.rs"),    // a page that stays open, too
            ("crates/server/tests/it/web/security/", ".rs"), // whoever is slow, or says what no client says
            ("crates/bench/src/", "pages.rs"),            // so many connections are its subject
            ("crates/bench/src/", "provider.rs"),         // a load must cost less than what it loads
        ],
        "the one HTTP client has the limits, the time-outs and the list of hosts",
    ),
];

pub fn sql_away_from_home(source: &Source) -> Vec<String> {
    let home = [
        "crates/server/src/store/",
        "crates/server/tests/it/store",
        "crates/server/tests/it/tidy",
        "crates/bench/src/store/",
    ];
    if home.iter().any(|home| source.path.starts_with(home)) {
        return Vec::new();
    }
    // A CRM's query language has SELECT too. It stays with that CRM, on either side of the wire.
    let other_language =
        source.path.starts_with("crates/core/src/crm/") || source.path.starts_with("crates/simulator/");
    source
        .strings
        .iter()
        .filter(|(_, text)| sql_verb(text).is_some_and(|verb| !(other_language && verb == "SELECT")))
        .map(|(line, _)| format!("{}:{line}: SQL stands in crates/server/src/store only", source.path))
        .collect()
}

/// The verb, if this text is SQL: in capitals wherever it stands, in small letters at the beginning.
fn sql_verb(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let any = |words: &[&str], wanted: &str| words.contains(&wanted);
    for (at, word) in words.iter().enumerate() {
        let rest = &words[at + 1..];
        match *word {
            "SELECT" if at == 0 && !rest.is_empty() || any(rest, "FROM") => return Some("SELECT"),
            "INSERT" if matches!(rest.first(), Some(&("INTO" | "OR"))) => return Some("INSERT"),
            "UPDATE" if any(rest, "SET") => return Some("UPDATE"),
            "DELETE" if rest.first() == Some(&"FROM") => return Some("DELETE"),
            _ => {}
        }
    }
    match words[..] {
        ["select", ref rest @ ..] if any(rest, "from") => Some("SELECT"),
        ["insert", "into" | "or", ..] => Some("INSERT"),
        ["update", ref rest @ ..] if any(rest, "set") => Some("UPDATE"),
        ["delete", "from", ..] => Some("DELETE"),
        _ => None,
    }
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn away_from_home(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (what, homes, reason) in HOMES {
        if homes.iter().any(|(begins, ends)| source.path.starts_with(begins) && source.path.ends_with(ends)) {
            continue;
        }
        for token in *what {
            for line in source.lines_with(token) {
                found.push(format!("{}:{line}: {token}: {reason}", source.path));
            }
        }
    }
    found
}
