//! A JSON body, opened layer by layer: what cannot be read becomes poison where it stands, and its siblings go on.
//!
//! A layer is checked for JSON's grammar but not yet read: text with half a surrogate pair, a number beyond reason or
//! a nesting deeper than we follow spoils only the element that holds it.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use super::fields::clean;
use crate::timeline::Poison;

/// Most bytes of an unreadable part that its [`Poison`] quotes; the raw request holds the rest.
pub(crate) const MOST_QUOTED: usize = 64 * 1024;

/// One value of the body, unread, and where it stands.
pub(crate) struct Layer<'a> {
    path: String,
    raw: &'a RawValue,
}

/// The members of an object, unread, in their order. Of members with one name the last counts.
pub(crate) struct Members<'a> {
    path: String,
    list: Vec<(String, &'a RawValue)>,
}

impl<'a> Layer<'a> {
    /// The whole body.
    pub(crate) fn body(body: &'a [u8]) -> Result<Self, Poison> {
        serde_json::from_slice(body).map(|raw| Self { path: String::new(), raw }).map_err(|error| {
            // A character cut at the end of the quote is one of the replacement characters.
            let quoted = &body[..body.len().min(MOST_QUOTED)];
            poison("body", &format!("not JSON: {error}"), &String::from_utf8_lossy(quoted))
        })
    }

    /// The value's JSON text.
    pub(crate) fn text(&self) -> &'a str {
        self.raw.get()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.text().starts_with('[')
    }

    /// The members, if it is an object.
    pub(crate) fn members(&self) -> Result<Members<'a>, Poison> {
        if !self.text().starts_with('{') {
            return Err(self.poison(format!("{}, not an object", self.kind())));
        }
        let InOrder(list) = serde_json::from_str(self.text()).map_err(|error| self.poison(error))?;
        Ok(Members { path: self.path.clone(), list })
    }

    /// The elements, if it is a list.
    pub(crate) fn elements(&self) -> Result<Vec<Self>, Poison> {
        if !self.is_list() {
            return Err(self.poison(format!("{}, not a list", self.kind())));
        }
        let list: Vec<&RawValue> = serde_json::from_str(self.text()).map_err(|error| self.poison(error))?;
        let at = |(index, raw)| Self { path: format!("{}[{index}]", self.path), raw };
        Ok(list.into_iter().enumerate().map(at).collect())
    }

    /// Everything in it, if it is an object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, Poison> {
        if !self.text().starts_with('{') {
            return Err(self.poison(format!("{}, not an object", self.kind())));
        }
        serde_json::from_str(self.text()).map_err(|error| self.poison(error))
    }

    /// The value, if it can be read.
    pub(crate) fn value(&self) -> Result<Value, Poison> {
        serde_json::from_str(self.text()).map_err(|error| self.poison(error))
    }

    /// This value as a part that could not be read.
    pub(crate) fn poison(&self, reason: impl fmt::Display) -> Poison {
        let path = if self.path.is_empty() { "body" } else { &self.path };
        poison(path, &reason.to_string(), self.text())
    }

    fn kind(&self) -> &'static str {
        match self.text().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "text",
            Some(b't' | b'f') => "a truth value",
            Some(b'n') => "null",
            _ => "a number",
        }
    }
}

impl<'a> Members<'a> {
    /// The member of that name; `null` counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<Layer<'a>> {
        self.list.iter().find(|(key, _)| key == name).and_then(|(key, raw)| self.layer(key, raw))
    }

    /// Every member that is not `null`, with its name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Layer<'a>)> {
        self.list.iter().filter_map(|(key, raw)| Some((key.as_str(), self.layer(key, raw)?)))
    }

    fn layer(&self, key: &str, raw: &'a RawValue) -> Option<Layer<'a>> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        (raw.get() != "null").then_some(Layer { path, raw })
    }
}

fn poison(path: &str, reason: &str, raw: &str) -> Poison {
    let quoted = &raw[..raw.floor_char_boundary(MOST_QUOTED)];
    Poison { path: clean(path), reason: clean(reason), raw: quoted.replace('\0', "\u{fffd}") }
}

/// The members of an object in their order; a repeated name takes the place of its first.
struct InOrder<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for InOrder<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = InOrder<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut list: Vec<(String, &'de RawValue)> = Vec::new();
                let mut places = HashMap::new();
                while let Some((key, raw)) = map.next_entry::<String, &RawValue>()? {
                    let place = *places.entry(key.clone()).or_insert(list.len());
                    match list.get_mut(place) {
                        Some(earlier) => earlier.1 = raw,
                        None => list.push((key, raw)),
                    }
                }
                Ok(InOrder(list))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
