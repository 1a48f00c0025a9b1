//! Values as people read them: each by the type of its field, none as markup. Who sees which is decided here too (R1.42).

use serde::Serialize;
use serde_json::Value;

use super::settings::{PanelSettings, is_showable};
use crate::{
    call::{PanelRecord, PanelValue},
    record::{FieldProfile, OrgProfile},
    rights::Role,
    time::Timestamp,
};

/// One field with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The CRM's own name of it.
    pub name: String,
    /// What people call it in the CRM.
    pub label: String,
    /// The value; `None` where it is blank.
    pub value: Option<Shown>,
}

/// A value by its type. A formula has the type of its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Shown {
    /// Text, perhaps of several lines.
    Text(String),
    /// A number, in digits with a point.
    Number(String),
    /// Parts of a hundred, in digits with a point.
    Percent(String),
    /// Money.
    Money {
        /// In digits with a point.
        amount: String,
        /// The currency by its three letters, where the org tells it.
        currency: Option<String>,
    },
    /// A day of the calendar: `2026-01-02`.
    Date(String),
    /// An instant.
    Datetime(Timestamp),
    /// A time of the day: `09:30`.
    Time(String),
    /// Yes or no.
    Boolean(bool),
    /// One of a list of choices.
    Choice(String),
    /// Some of a list of choices.
    Choices(Vec<String>),
    /// An address on the web.
    Url {
        /// As it is stored.
        text: String,
        /// Where it leads, if that is a page of the web and nothing else.
        href: Option<String>,
    },
    /// An e-mail address.
    Email(String),
    /// A phone number, as it is stored.
    Phone(String),
    /// Another record.
    Reference {
        /// Its id in the CRM.
        id: String,
        /// Its name, where the CRM tells it.
        name: Option<String>,
    },
}

/// A field that is read for everybody, and the roles that see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The field.
    pub field: Field,
    /// `None`: all.
    pub roles: Option<Vec<Role>>,
}

/// The chosen fields of a record, in their order. A field that the org no longer shows is left out.
pub fn choices(settings: &PanelSettings, org: &OrgProfile, record: &PanelRecord) -> Vec<Choice> {
    let module = record.person.record.module;
    let profile = org.module(module);
    let chosen = settings.fields_in(org).into_iter().filter(|field| field.module == module);
    chosen
        .filter_map(|chosen| {
            let known = profile.field(&chosen.name);
            // A path through a parent ("Account.Name") is no field of the module; it is there if it was answered.
            let answered = record.values.get(&chosen.name);
            if known.is_none() && answered.is_none() {
                return None;
            }
            if known.is_some_and(|known| !is_showable(known)) {
                return None;
            }
            let label = known.map_or_else(|| chosen.name.clone(), label);
            let kind = known.map_or("string", |known| known.kind.as_str());
            let value = answered.and_then(|value| shown(kind, value, record.currency.as_deref()));
            let name = known.map_or(chosen.name, |known: &FieldProfile| known.name.clone());
            Some(Choice { field: Field { name, label, value }, roles: chosen.roles })
        })
        .collect()
}

/// What people call a field. One that holds the id of another record is shown by that record's name, so the word for the
/// id goes: "Owner", not "Owner ID".
pub fn label(field: &FieldProfile) -> String {
    let whole = field.label.as_str();
    let without = [" ID", "-ID"].into_iter().find_map(|ending| whole.strip_suffix(ending));
    without.filter(|rest| field.kind == "reference" && !rest.is_empty()).unwrap_or(whole).to_owned()
}

/// What somebody of a role sees of them.
pub fn visible(choices: &[Choice], role: Role) -> Vec<Field> {
    let may_see = |choice: &&Choice| choice.roles.as_ref().is_none_or(|roles| roles.contains(&role));
    choices.iter().filter(may_see).map(|choice| choice.field.clone()).collect()
}

/// A value of a field of that kind (the CRM's own word); `None` when it is blank.
pub fn shown(kind: &str, value: &PanelValue, currency: Option<&str>) -> Option<Shown> {
    match (&value.value, kind) {
        (Value::Bool(flag), _) => Some(Shown::Boolean(*flag)),
        (Value::Number(number), kind) => Some(number_shown(kind, &digits(number), currency)),
        (Value::String(text), _) if text.trim().is_empty() => None,
        (Value::String(text), kind) => Some(text_shown(kind, text, value.name.as_deref(), currency)),
        (Value::Null | Value::Array(_) | Value::Object(_), _) => None,
    }
}

fn number_shown(kind: &str, digits: &str, currency: Option<&str>) -> Shown {
    match kind {
        "currency" => Shown::Money { amount: digits.to_owned(), currency: currency.map(str::to_owned) },
        "percent" => Shown::Percent(digits.to_owned()),
        _ => Shown::Number(digits.to_owned()),
    }
}

/// In digits, never with an exponent.
fn digits(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => format!("{float}"),
        _ => number.to_string(),
    }
}

fn text_shown(kind: &str, text: &str, name: Option<&str>, currency: Option<&str>) -> Shown {
    let whole = || text.to_owned();
    match kind {
        "int" | "double" | "long" | "percent" | "currency" if text.parse::<f64>().is_ok() => {
            number_shown(kind, text, currency)
        }
        "date" if is_day(text) => Shown::Date(whole()),
        "datetime" => Timestamp::parse(text).map_or_else(|| Shown::Text(whole()), Shown::Datetime),
        // The CRM writes 09:30:00.000Z, and means no zone.
        "time" => Shown::Time(text.get(..5).unwrap_or(text).to_owned()),
        "picklist" | "combobox" => Shown::Choice(whole()),
        "multipicklist" => Shown::Choices(
            text.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        ),
        "url" => Shown::Url { text: whole(), href: href(text) },
        "email" => Shown::Email(whole()),
        "phone" => Shown::Phone(whole()),
        "reference" | "id" => Shown::Reference { id: whole(), name: name.map(str::to_owned) },
        _ => Shown::Text(whole()),
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Where a link may lead: to pages of the web. What names no scheme is taken as one; whatever else is none.
fn href(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(text.to_owned());
    }
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'));
    is_host.then(|| format!("https://{text}"))
}

impl Shown {
    /// The value as plain text, for places that know no types.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text)
            | Self::Number(text)
            | Self::Percent(text)
            | Self::Date(text)
            | Self::Time(text)
            | Self::Choice(text)
            | Self::Email(text)
            | Self::Phone(text)
            | Self::Url { text, .. } => text.clone(),
            Self::Money { amount, currency } => match currency {
                Some(currency) => format!("{amount} {currency}"),
                None => amount.clone(),
            },
            Self::Datetime(at) => at.rfc3339(),
            Self::Boolean(flag) => flag.to_string(),
            Self::Choices(all) => all.join(", "),
            Self::Reference { id, name } => name.clone().unwrap_or_else(|| id.clone()),
        }
    }
}
