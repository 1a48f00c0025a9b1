//! The catalogue: every word that a person reads on a page, by key and language.
//!
//! Texts are Fluent files, one per page, in `locales/<language>/`. Fluent knows each language's plurals; a view
//! hands over numbers and names and never builds a sentence. What is said of one CRM or channel alone stands in its
//! folder.

use std::sync::OnceLock;

use causeway_core::{channels, crm};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

#[derive(RustEmbed)]
#[folder = "locales/"]
struct Locales;

/// A value that stands in a text: a number (for plurals) or a name.
pub type Arg<'a> = FluentValue<'a>;

/// What stands in the folders of CRMs and channels: (name, language, text).
fn brought() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let crms = crm::ALL.iter().map(|crm| (crm.name(), crm.words()));
    let channels = channels::ALL.iter().map(|channel| (channel.name(), channel.words()));
    crms.chain(channels)
        .flat_map(|(name, words)| words.iter().map(move |(spoken, text)| (name, *spoken, *text)))
}

fn add(bundle: &mut FluentBundle<FluentResource>, text: String) {
    let resource = FluentResource::try_new(text).unwrap_or_else(|(partial, _)| partial);
    bundle.add_resource_overriding(resource);
}

/// The words of one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    language: LanguageIdentifier,
}

/// The arguments of a text: `args!["count" => 3, "name" => name]`.
#[macro_export]
macro_rules! args {
    ($($name:literal => $value:expr),* $(,)?) => { &[$(($name, $crate::words::Arg::from($value))),*] };
}

impl Words {
    /// English.
    pub fn english() -> &'static Self {
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        ENGLISH.get_or_init(|| Self::load("en", "en".parse().unwrap_or_default()))
    }

    /// The words in the folder of that name. A fault in a file costs that entry only; a test finds it.
    fn load(folder: &str, language: LanguageIdentifier) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
        // Names inside sentences stand in elements of their own where direction matters.
        bundle.set_use_isolating(false);
        for file in Locales::iter().filter(|file| file.strip_prefix(folder).is_some()) {
            let Some(content) = Locales::get(&file) else { continue };
            add(&mut bundle, String::from_utf8_lossy(&content.data).into_owned());
        }
        for (_, _, text) in brought().filter(|(_, spoken, _)| *spoken == folder) {
            add(&mut bundle, text.to_owned());
        }
        Self { bundle, language }
    }

    /// The language, for the `lang` attribute.
    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// The text of that key.
    pub fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The text that a CRM or a channel brings itself, by its name: the key without it.
    pub fn of(&self, name: &str, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.with(&format!("{name}-{key}"), args)
    }

    /// The text of that key with its arguments. An unknown key shows itself, so that the mistake is seen.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            debug_assert!(false, "the catalogue has no `{key}`");
            return key.to_owned();
        };
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            given.set(*name, value.clone());
        }
        let mut faults = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&given), &mut faults).into_owned();
        debug_assert!(faults.is_empty(), "`{key}`: {faults:?}");
        text
    }

    /// Does the catalogue have this key?
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use causeway_core::crm::Crm;

    use super::*;

    /// Every text of the sources, and every key of the catalogue.
    fn sources(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                into.push_str(&fs::read_to_string(&path).expect("a text"));
            }
        }
    }

    /// Every text of the catalogue: (whose, language, text); the pages' own are nobody's.
    fn texts() -> Vec<(&'static str, String, String)> {
        let own = Locales::iter().map(|file| {
            let text = Locales::get(&file).expect("a file").data.into_owned();
            let language = file.split('/').next().unwrap_or_default().to_owned();
            ("", language, String::from_utf8(text).expect("text"))
        });
        let brought = brought().map(|(name, language, text)| (name, language.to_owned(), text.to_owned()));
        own.chain(brought).collect()
    }

    fn keys_in(text: &str) -> impl Iterator<Item = String> {
        text.lines()
            .filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
    }

    /// The keys of English, as sources name them: those that somebody brings without the name.
    fn keys() -> BTreeSet<String> {
        let english = texts().into_iter().filter(|(_, language, _)| language == "en");
        english
            .flat_map(|(name, _, text)| {
                keys_in(&text)
                    .map(|key| key.strip_prefix(&format!("{name}-")).unwrap_or(&key).to_owned())
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_text_of_the_catalogue_can_be_read_and_no_key_stands_twice() {
        let mut seen = BTreeSet::new();
        for (name, language, text) in texts() {
            if let Err((_, faults)) = FluentResource::try_new(text.clone()) {
                panic!("{name} {language}: {faults:?}");
            }
            for key in keys_in(&text) {
                let is_own = name.is_empty() || key.starts_with(&format!("{name}-"));
                assert!(is_own, "`{key}` of {name} does not begin with its name");
                assert!(seen.insert((language.clone(), key.clone())), "{language}: `{key}` stands twice");
            }
        }
    }

    /// What pages say of every CRM in its own words.
    fn of_a_crm(crm: &dyn Crm) -> BTreeSet<String> {
        let mut keys: BTreeSet<String> = ["pitch", "needs", "revoke-place"].map(str::to_owned).into();
        for login in crm.logins() {
            keys.extend([format!("login-{}", login.key), format!("login-{}-hint", login.key)]);
            if login.url.is_none() {
                keys.extend(["host-hint", "host-empty", "host-bad"].map(str::to_owned));
            }
        }
        keys
    }

    /// What pages say of every channel in its own words.
    fn of_a_channel() -> BTreeSet<String> {
        let keys = [
            "new-text",
            "secret-hint",
            "secret-empty",
            "token-hint",
            "token-change",
            "token-empty",
            "access-hint",
            "access-empty",
            "secrets-text",
            "setup",
            "step-app",
            "step-url",
            "step-fields",
            "step-write",
            "added",
            "remove-stops",
        ];
        keys.map(str::to_owned).into()
    }

    #[test]
    fn every_crm_and_every_channel_brings_the_words_that_pages_say_of_it_in_every_language() {
        let languages: BTreeSet<String> = texts().into_iter().map(|(_, language, _)| language).collect();
        let crms = crm::ALL.iter().map(|crm| (crm.name(), of_a_crm(*crm)));
        let channels = channels::ALL.iter().map(|channel| (channel.name(), of_a_channel()));
        for (name, keys) in crms.chain(channels) {
            for language in &languages {
                let texts = brought().filter(|(whose, spoken, _)| *whose == name && spoken == language);
                let brought: BTreeSet<String> = texts.flat_map(|(_, _, text)| keys_in(text)).collect();
                let wanted: BTreeSet<String> = keys.iter().map(|key| format!("{name}-{key}")).collect();
                assert_eq!(brought, wanted, "{name} in {language}");
            }
        }
    }

    #[test]
    fn every_key_of_the_catalogue_is_used_somewhere() {
        let mut text = String::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&root.join("src"), &mut text);
        sources(&root.join("../server/src"), &mut text);
        // Keys that are put together (`right-` and a word) name their beginning in a comment: `words: right-*`.
        let families: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once("words: ").map(|(_, families)| families))
            .flat_map(str::split_whitespace)
            .filter_map(|family| family.strip_suffix('*'))
            .collect();
        let unused: Vec<_> = keys()
            .into_iter()
            .filter(|key| !text.contains(&format!("\"{key}\"")))
            .filter(|key| !families.iter().any(|family| key.starts_with(family)))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn every_key_that_is_said_stands_in_the_catalogue() {
        let mut text = String::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&root.join("src"), &mut text);
        sources(&root.join("../server/src/web"), &mut text);
        let known = keys();
        let mut missing = BTreeSet::new();
        for call in [".say(\"", "words.with(\"", ".with(\""] {
            for after in text.split(call).skip(1) {
                let key = after.split('"').next().unwrap_or_default();
                let looks_like_one =
                    key.contains('-') && key.chars().all(|l| l.is_ascii_alphanumeric() || l == '-');
                if looks_like_one && !known.contains(key) {
                    missing.insert(key.to_owned());
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
