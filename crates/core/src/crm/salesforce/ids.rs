//! Record ids: 15 characters in which case matters, or 18 in which it does not.
//!
//! The suffix is three characters, one for each five of the id: bit *j* of its index is set when character
//! *j* is an upper-case letter. Everything is compared and stored in the long form.
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/field_types.htm>

use crate::record::{Module, RecordRef};

const SUFFIX: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// The 18-character form; `None` when this is no id.
pub(super) fn full(id: &str) -> Option<String> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match id.len() {
        18 => Some(id.to_owned()),
        15 => {
            let suffix = id.as_bytes().chunks(5).map(|group| {
                let index = group
                    .iter()
                    .enumerate()
                    .fold(0, |bits, (place, byte)| bits | (usize::from(byte.is_ascii_uppercase()) << place));
                char::from(SUFFIX[index])
            });
            Some(id.chars().chain(suffix).collect())
        }
        _ => None,
    }
}

/// The object's API name.
pub(super) fn object(module: &Module) -> &str {
    match module {
        Module::Contact => "Contact",
        Module::Lead => "Lead",
        Module::Task => "Task",
        Module::Note => "ContentNote",
        Module::Other(name) => name.as_str(),
    }
}

/// The module of an object's API name, in any case.
pub(super) fn module(object: &str) -> Option<Module> {
    [Module::Contact, Module::Lead, Module::Task]
        .into_iter()
        .find(|module| self::object(module).eq_ignore_ascii_case(object))
}

/// The record that an id names, by its key prefix.
pub(super) fn record(id: &str) -> Option<RecordRef> {
    let id = full(id)?;
    let module = match &id[..3] {
        "003" => Module::Contact,
        "00Q" => Module::Lead,
        "00T" => Module::Task,
        _ => return None,
    };
    Some(RecordRef { module, id })
}

/// The records whose ids stand somewhere in a text, in the order of their appearance.
pub(super) fn records_in(text: &str) -> Vec<RecordRef> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter_map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_characters_become_eighteen() {
        for (short, suffix) in [
            ("001D000000IRFma", "IAH"),
            ("003D000000QV9n2", "IAD"),
            ("00Q5g00000AbCdE", "EAV"),
            ("00T5g00000zZzZz", "EAK"),
            ("00D5g000001AbCd", "EAK"),
            ("0055g00000XyZ12", "AAF"),
            ("0035g00000AAAAA", "AA5"),
        ] {
            let long = format!("{short}{suffix}");
            assert_eq!(full(short).as_ref(), Some(&long));
            assert_eq!(full(&long), Some(long));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "003", "0035g00000AAAA'", "0035g00000AAAAAAAA5X", "日本語日本", "0035g00000AAAAAA"]
        {
            assert_eq!(full(text), None, "{text}");
        }
    }

    #[test]
    fn ids_are_found_in_a_message_of_any_language() {
        let found = records_in("Doppelter Wert: X__c, Datensatz-ID: 00T5g00000zZzZz.");
        assert_eq!(found, [RecordRef { module: Module::Task, id: "00T5g00000zZzZzEAK".to_owned() }]);
    }
}
