//! The fields of one element, read with the tolerance that Meta's payloads need: ids and numbers come as text or as
//! numbers, times in seconds or milliseconds, and what is optional may be absent, `null` or empty.

use serde_json::{Map, Value};

use crate::time::Timestamp;

/// Why an element cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

/// The fields of one JSON object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Optional text; a number counts as text, anything else as absent. Never empty, free of U+0000.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        scalar(self.get(name)?).filter(|text| !text.is_empty())
    }

    /// Text that must be there, as text; it may be empty. Free of U+0000.
    pub(crate) fn required_text(self, name: &str) -> Result<String, Unreadable> {
        match self.get(name) {
            Some(Value::String(text)) => Ok(clean(text)),
            Some(_) => Err(Unreadable(format!("`{name}` is not text"))),
            None => Err(missing(name)),
        }
    }

    /// An id: text or a whole number; not of another type, and not the empty text.
    pub(crate) fn id(self, name: &str) -> Result<Option<String>, Unreadable> {
        let id = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(id)) => clean(id),
            // A number beyond 64 bits has lost its last digits: two ids might become one.
            Some(Value::Number(id)) if !id.is_f64() => id.to_string(),
            Some(_) => return Err(Unreadable(format!("`{name}` is not an id"))),
        };
        Ok(Some(id).filter(|id| !id.is_empty()))
    }

    /// An id that must be there.
    pub(crate) fn required_id(self, name: &str) -> Result<String, Unreadable> {
        self.id(name)?.ok_or_else(|| missing(name))
    }

    /// An optional object.
    pub(crate) fn object(self, name: &str) -> Option<Fields<'a>> {
        self.get(name)?.as_object().map(Fields)
    }

    /// An object that must be there.
    pub(crate) fn required_object(self, name: &str) -> Result<Fields<'a>, Unreadable> {
        match self.get(name) {
            Some(Value::Object(object)) => Ok(Fields(object)),
            Some(_) => Err(Unreadable(format!("`{name}` is not an object"))),
            None => Err(missing(name)),
        }
    }

    /// The objects of an optional list.
    pub(crate) fn objects(self, name: &str) -> impl Iterator<Item = Fields<'a>> {
        let list = self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_object).map(Fields)
    }

    /// A list of objects that must be there; an element of another type makes it unreadable.
    pub(crate) fn required_objects(self, name: &str) -> Result<Vec<Fields<'a>>, Unreadable> {
        let list = self.get(name).ok_or_else(|| missing(name))?;
        let list = list.as_array().ok_or_else(|| Unreadable(format!("`{name}` is not a list")))?;
        let object = |element: &'a Value| element.as_object().map(Fields);
        list.iter()
            .map(|element| {
                object(element).ok_or_else(|| Unreadable(format!("`{name}` holds what is no object")))
            })
            .collect()
    }

    pub(crate) fn is_true(self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// A time; `None` if there is none or it lies outside the calendar.
    pub(crate) fn at(self, name: &str) -> Option<Timestamp> {
        time(self.get(name)?)
    }
}

fn missing(name: &str) -> Unreadable {
    Unreadable(format!("`{name}` is missing"))
}

/// Text or a number as text, free of U+0000, which databases refuse.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(clean(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Text free of U+0000.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// Seconds since the epoch, or milliseconds from 10^11 on, as text or as a number; fractions are dropped.
fn time(value: &Value) -> Option<Timestamp> {
    let text = scalar(value)?;
    let whole: i64 = text.trim().split('.').next()?.parse().ok()?;
    match whole {
        1..100_000_000_000 => Some(Timestamp::from_seconds(whole)),
        // The last instant of the year 9999.
        100_000_000_000..=253_402_300_799_999 => Some(Timestamp::from_millis(whole)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_is_read_in_every_spelling() {
        let at = Some(Timestamp::from_seconds(1_697_043_223));
        for value in
            [json!("1697043223"), json!(1_697_043_223), json!(1_697_043_223.9), json!(" 1697043223 ")]
        {
            assert_eq!(time(&value), at, "{value}");
        }
        for value in [json!("1697043223000"), json!(1_697_043_223_000_i64)] {
            assert_eq!(time(&value), at, "{value}");
        }
        assert_eq!(time(&json!("100000000000")), Some(Timestamp::from_seconds(100_000_000)));
    }

    #[test]
    fn what_is_no_time_of_any_calendar_is_none() {
        for value in [
            json!("soon"),
            json!(""),
            json!(0),
            json!(-5),
            json!(u64::MAX),
            json!(1e300),
            json!([1]),
            json!(true),
        ] {
            assert_eq!(time(&value), None, "{value}");
        }
    }

    #[test]
    fn an_id_is_text_or_a_whole_number() {
        let object =
            json!({"a": "wamid.1", "b": 9_007_199_254_740_993_u64, "c": 1e30, "d": [], "e": "", "f": null});
        let fields = Fields(object.as_object().expect("an object"));
        assert_eq!(fields.id("a"), Ok(Some("wamid.1".into())));
        assert_eq!(fields.id("b"), Ok(Some("9007199254740993".into())));
        assert!(fields.id("c").is_err() && fields.id("d").is_err());
        for name in ["e", "f", "g"] {
            assert_eq!(fields.id(name), Ok(None));
        }
    }
}
