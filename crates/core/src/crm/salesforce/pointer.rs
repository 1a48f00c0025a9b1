//! Records as people paste them: an id, or the address that their browser shows.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/object_prefixes.htm>

use super::ids;
use crate::crm::pointer::{Pointer, PointerRefused};

/// The usual objects by the beginnings of their ids. A custom object's differs in each org.
const PREFIXES: &[(&str, &str)] = &[
    ("001", "Account"),
    ("003", "Contact"),
    ("006", "Opportunity"),
    ("00Q", "Lead"),
    ("00T", "Task"),
    ("00U", "Event"),
    ("01t", "Product2"),
    ("0Q0", "Quote"),
    ("500", "Case"),
    ("701", "Campaign"),
    ("800", "Contract"),
    ("801", "Order"),
];

/// What a text points at, in the org whose API is at that address.
pub(super) fn pointer(instance_url: &str, text: &str) -> Result<Pointer, PointerRefused> {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        return named(text, "").ok_or(PointerRefused::NoRecord);
    };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(PointerRefused::NoRecord);
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let found = in_path(rest).ok_or(PointerRefused::NoRecord)?;
    if is_same_org(instance_url, host) { Ok(found) } else { Err(PointerRefused::OtherOrg) }
}

/// `/lightning/r/Contact/003…/view`, `/lightning/r/003…/view`, `/003…`, `/one/one.app#/sObject/003…/view`.
fn in_path(path: &str) -> Option<Pointer> {
    let parts: Vec<&str> = path.split(['/', '?', '#']).filter(|part| !part.is_empty()).collect();
    let place = parts.iter().position(|part| named(part, "").is_some())?;
    let before = place.checked_sub(1).and_then(|before| parts.get(before)).copied().unwrap_or_default();
    let is_named = place >= 2 && parts.get(place - 2) == Some(&"r");
    named(parts.get(place)?, if is_named { before } else { "" })
}

/// A record by its id, and by the object's name where an address has one.
fn named(id: &str, object: &str) -> Option<Pointer> {
    let id = ids::full(id)?;
    // A word of fifteen letters is no id: every id has figures in its prefix.
    let prefix = id.get(..3).filter(|prefix| prefix.bytes().any(|byte| byte.is_ascii_digit()))?;
    let usual = PREFIXES.iter().find(|(known, _)| *known == prefix).map(|(_, name)| *name);
    let is_name =
        !object.is_empty() && object.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let kind = usual.unwrap_or(if is_name { object } else { "" });
    Some(Pointer { kind: kind.to_owned(), id })
}

/// The API is at `acme.my.salesforce.com`, its pages at `acme.lightning.force.com`: the first name is the org's.
fn is_same_org(instance_url: &str, host: &str) -> bool {
    let instance = instance_url.split_once("://").map_or(instance_url, |(_, host)| host);
    if host.eq_ignore_ascii_case(instance) {
        return true;
    }
    let name = |host: &str| {
        let host = host.to_ascii_lowercase();
        let is_theirs = host.ends_with(".salesforce.com") || host.ends_with(".force.com");
        host.split('.').next().filter(|name| is_theirs && !name.is_empty()).map(str::to_owned)
    };
    name(host).is_some_and(|theirs| Some(theirs) == name(instance))
}

/// Where a person looks at it. Salesforce finds the kind of an id by itself.
pub(super) fn url(instance_url: &str, kind: &str, id: &str) -> String {
    let clean = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    let (kind, id) = (clean(kind), clean(id));
    if kind.is_empty() {
        return format!("{instance_url}/{id}");
    }
    format!("{instance_url}/lightning/r/{kind}/{id}/view")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: &str = "https://acme.my.salesforce.com";

    fn read(text: &str) -> Result<(String, String), PointerRefused> {
        pointer(ORG, text).map(|pointer| (pointer.kind, pointer.id))
    }

    #[test]
    fn a_record_is_read_from_its_id_and_from_every_address_of_it() {
        let contact = Ok(("Contact".to_owned(), "0035g00000AAAAAAA5".to_owned()));
        for text in [
            "0035g00000AAAAA",
            " 0035g00000AAAAAAA5 ",
            "https://acme.my.salesforce.com/0035g00000AAAAA",
            "https://acme.lightning.force.com/lightning/r/Contact/0035g00000AAAAAAA5/view",
            "https://ACME.lightning.force.com/lightning/r/0035g00000AAAAAAA5/view?ws=x#top",
            "https://acme.lightning.force.com/one/one.app#/sObject/0035g00000AAAAAAA5/view",
        ] {
            assert_eq!(read(text), contact, "{text}");
        }
        let custom = "https://acme.lightning.force.com/lightning/r/Visit__c/a015g00000BBBBBAA5/view";
        assert_eq!(read(custom).map(|(kind, _)| kind), Ok("Visit__c".into()));
        assert_eq!(read("a015g00000BBBBBAA5").map(|(kind, _)| kind), Ok(String::new()));
        assert_eq!(read("0065g00000BBBBB").map(|(kind, _)| kind), Ok("Opportunity".into()));
    }

    #[test]
    fn what_points_at_no_record_of_this_org_is_refused_with_the_reason() {
        for text in [
            "",
            "Maria",
            "javascript:0035g00000AAAAA",
            "ftp://acme.my.salesforce.com/0035g00000AAAAA",
            "internationali",
        ] {
            assert_eq!(read(text), Err(PointerRefused::NoRecord), "{text}");
        }
        assert_eq!(read("https://acme.my.salesforce.com/lightning/page/home"), Err(PointerRefused::NoRecord));
        for text in [
            "https://other.my.salesforce.com/0035g00000AAAAA",
            "https://acme.example.com/0035g00000AAAAA",
            "https://acme--uat.sandbox.my.salesforce.com/0035g00000AAAAA",
        ] {
            assert_eq!(read(text), Err(PointerRefused::OtherOrg), "{text}");
        }
    }

    #[test]
    fn an_address_of_a_record_holds_nothing_but_its_kind_and_id() {
        assert_eq!(url(ORG, "Opportunity", "006A"), format!("{ORG}/lightning/r/Opportunity/006A/view"));
        assert_eq!(url(ORG, "", "a01\"><x"), format!("{ORG}/a01x"));
    }
}
