//! The operator's file: read or refused in words, and no secret in either.
#![no_main]

use causeway::config::{Config, Sources, show};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "planted-secret";

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    // What the file itself says anywhere is no secret of this target's.
    if text.contains(SECRET) {
        return;
    }
    let environment = vec![("CAUSEWAY_METRICS_TOKEN".to_owned(), SECRET.to_owned())];
    let sources = Sources { file: Some(("causeway.toml".into(), text)), environment };
    match Config::load(&sources) {
        Ok(config) => {
            assert!(!format!("{config:?}").contains(SECRET));
            assert!(!config.public_url.ends_with('/'));
            let shown = show(&sources).expect("what can be loaded can be shown");
            assert!(shown.iter().all(|shown| !shown.value.contains(SECRET)));
        }
        Err(error) => {
            let says = error.to_string();
            assert!(!says.is_empty() && !says.contains('\n'), "{says:?}");
        }
    }
});
