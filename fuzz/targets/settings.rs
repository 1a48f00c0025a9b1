//! Settings as JSON, from the API and from the store: what is read is written as what it was, and nothing unknown slips
//! in.
#![no_main]

use causeway_core::{panel::settings::PanelSettings, plan::settings::ChatSync};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    if let Ok(settings) = serde_json::from_slice::<ChatSync>(data) {
        let written = serde_json::to_string(&settings).expect("settings can be written");
        assert_eq!(serde_json::from_str::<ChatSync>(&written).expect("and read"), settings);
        only_known(data, &written);
    }
    if let Ok(settings) = serde_json::from_slice::<PanelSettings>(data) {
        let written = serde_json::to_string(&settings).expect("settings can be written");
        assert_eq!(serde_json::from_str::<PanelSettings>(&written).expect("and read"), settings);
        only_known(data, &written);
    }
});

fn only_known(given: &[u8], written: &str) {
    let keys = |value: Value| value.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>());
    let given = serde_json::from_slice(given).ok().and_then(keys).unwrap_or_default();
    let known = serde_json::from_str(written).ok().and_then(keys).unwrap_or_default();
    assert!(given.iter().all(|key| known.contains(key)), "an unknown setting was accepted: {given:?}");
}
