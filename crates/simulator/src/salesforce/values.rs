//! One value into one field: what the vendor accepts, and how it is stored.

use serde_json::{Value, json};

use super::answer::Problem;
use super::schema::{FieldKind, FieldSchema};
use super::{ids, state::State};
use crate::org_clock::{parse_datetime, stamp};

/// The stored form of a value, null when it clears the field.
pub fn accept(state: &State, field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Null => return Ok(Value::Null),
        Value::Object(_) | Value::Array(_) => return Err(cannot_deserialize(field, value)),
        _ => {}
    }
    match field.kind {
        FieldKind::Boolean => boolean(field, value),
        FieldKind::Int | FieldKind::Double | FieldKind::Currency | FieldKind::Percent => number(field, value),
        FieldKind::Date => date(field, value),
        FieldKind::Datetime => datetime(field, value),
        FieldKind::Id | FieldKind::Reference => reference(state, field, value),
        _ => text(field, value),
    }
}

fn text(field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    let Value::String(value) = value else { return Err(cannot_deserialize(field, value)) };
    let value = value.trim();
    if value.is_empty() {
        return Ok(Value::Null);
    }
    if field.length > 0 && value.encode_utf16().count() > field.length as usize {
        let shown: String = value.chars().take(255).collect();
        return Err(Problem::bad(
            "STRING_TOO_LONG",
            format!("{}: data value too large: {shown} (max length={})", field.label, field.length),
        )
        .on(&[&field.name]));
    }
    if field.kind == FieldKind::Email && !is_email(value) {
        return Err(Problem::bad(
            "INVALID_EMAIL_ADDRESS",
            format!("{}: invalid email address: {value}", field.label),
        )
        .on(&[&field.name]));
    }
    if field.restricted {
        return match field.values.iter().find(|known| known.value.eq_ignore_ascii_case(value)) {
            Some(known) => Ok(json!(known.value)),
            None => Err(Problem::bad(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                format!("{}: bad value for restricted picklist field: {value}", field.label),
            )
            .on(&[&field.name])),
        };
    }
    // A listed value is kept as it is listed; any other text as it came.
    let listed = (field.kind == FieldKind::Picklist)
        .then(|| field.values.iter().find(|known| known.value.eq_ignore_ascii_case(value)))
        .flatten();
    Ok(json!(listed.map_or(value, |known| known.value.as_str())))
}

fn boolean(field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
        _ => Err(cannot_deserialize(field, value)),
    }
}

fn number(field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    let parsed = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    let Some(parsed) = parsed.filter(|parsed| parsed.is_finite()) else {
        return Err(cannot_deserialize(field, value));
    };
    if field.kind != FieldKind::Int {
        return Ok(json!(parsed));
    }
    if parsed.fract() != 0.0 {
        return Err(cannot_deserialize(field, value));
    }
    if parsed.abs() > 99_999_999_999.0 {
        return Err(Problem::bad(
            "NUMBER_OUTSIDE_VALID_RANGE",
            format!("{}: value outside of valid range on numeric field: {parsed}", field.label),
        )
        .on(&[&field.name]));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range just above")]
    let whole = parsed as i64;
    Ok(json!(whole))
}

fn date(field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    let Value::String(text) = value else { return Err(cannot_deserialize(field, value)) };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    // A datetime is taken too; its day in UTC counts.
    if let Some(seconds) = parse_datetime(text) {
        return Ok(json!(&stamp(seconds)[..10]));
    }
    match text.trim().parse::<jiff::civil::Date>() {
        Ok(date) if text.trim().len() == 10 => Ok(json!(date.to_string())),
        _ => Err(cannot_deserialize(field, value)),
    }
}

fn datetime(field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    let Value::String(text) = value else { return Err(cannot_deserialize(field, value)) };
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    if let Some(seconds) = parse_datetime(text) {
        return Ok(json!(stamp(seconds)));
    }
    // A date alone is its midnight.
    match text.trim().parse::<jiff::civil::Date>() {
        Ok(date) if text.trim().len() == 10 => Ok(json!(format!("{date}T00:00:00.000+0000"))),
        _ => Err(cannot_deserialize(field, value)),
    }
}

fn reference(state: &State, field: &FieldSchema, value: &Value) -> Result<Value, Problem> {
    let Value::String(text) = value else { return Err(cannot_deserialize(field, value)) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong_type = |text: &str| {
        Problem::bad("MALFORMED_ID", format!("{}: id value of incorrect type: {text}", field.label))
            .on(&[&field.name])
    };
    let id = ids::canonical(text).ok_or_else(|| wrong_type(text))?;
    let object = state.store.object_of_id(&id).map(|schema| schema.name.as_str());
    if !field.reference_to.is_empty()
        && !object.is_some_and(|object| field.reference_to.iter().any(|to| to == object))
    {
        return Err(if object.is_some() && field.name.ends_with("ById") {
            Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        } else if object.is_some() {
            Problem::bad(
                "FIELD_INTEGRITY_EXCEPTION",
                format!("{}: id value of incorrect type: {text}", field.label),
            )
            .on(&[&field.name])
        } else {
            wrong_type(text)
        });
    }
    Ok(json!(id))
}

/// Something@domain.part, without blanks, as strictly as the vendor looks at it.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let sound = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..")
    };
    sound(local)
        && sound(domain)
        && local.len() <= 64
        && !local.contains('@')
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*/=?^_+-`{|}~.".contains(c))
        && domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

fn cannot_deserialize(field: &FieldSchema, value: &Value) -> Problem {
    let token = match value {
        Value::Bool(true) => "VALUE_TRUE".to_owned(),
        Value::Bool(false) => "VALUE_FALSE".to_owned(),
        Value::Number(number) if number.is_f64() => "VALUE_NUMBER_FLOAT".to_owned(),
        Value::Number(_) => "VALUE_NUMBER_INT".to_owned(),
        Value::Array(_) => "START_ARRAY".to_owned(),
        Value::Object(_) => "START_OBJECT".to_owned(),
        _ => "VALUE_STRING".to_owned(),
    };
    let wanted = match field.kind {
        FieldKind::Int | FieldKind::Boolean | FieldKind::Date | FieldKind::Datetime => field.kind.name(),
        FieldKind::Double | FieldKind::Currency | FieldKind::Percent => "double",
        FieldKind::Id | FieldKind::Reference => "reference",
        _ => "string",
    };
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Problem::bad(
        "JSON_PARSER_ERROR",
        format!(
            "Cannot deserialize instance of {wanted} from {token} value {shown} or request may be missing a \
             required field at [line:1, column:2]"
        ),
    )
}
