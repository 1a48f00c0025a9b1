//! Users by e-mail address and by id.
//!
//! A user's e-mail address is neither unique nor verified, so several may answer; the one who logged in
//! last comes first. Test copies of an org (sandboxes) append `.invalid` to every address.
//! <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm>

use serde_json::Value;

use super::{
    composite::{self, Part},
    ids,
    person::text,
    rows, soql,
    verdict::Asked,
};
use crate::{
    crm::{Answer, Org, Response},
    lane::Verdict,
    record::CrmUser,
};

const DISGUISE: &str = ".invalid";

fn is_sandbox(org: &Org) -> bool {
    org.profile.as_ref().is_some_and(|profile| profile.is_sandbox)
}

fn statements(org: &Org, emails: &[String], user_ids: &[String]) -> Vec<String> {
    let disguised = emails.iter().filter(|_| is_sandbox(org)).map(|email| format!("{email}{DISGUISE}"));
    let emails: Vec<_> = emails.iter().cloned().chain(disguised).collect();
    let user_ids: Vec<_> = user_ids.iter().filter_map(|id| ids::full(id)).collect();
    let by_email = soql::lists(emails.iter().map(String::as_str), 1, 300)
        .into_iter()
        .map(|list| format!("UserType = 'Standard' AND {}", soql::among(&["Email"], &list)));
    let by_id = soql::lists(user_ids.iter().map(String::as_str), 1, 300)
        .into_iter()
        .map(|list| soql::among(&["Id"], &list));
    by_email
        .chain(by_id)
        .map(|condition| {
            format!(
                "SELECT Id, Name, Email, IsActive FROM User WHERE {condition} \
                 ORDER BY LastLoginDate DESC NULLS LAST, Id"
            )
        })
        .collect()
}

pub(super) fn parts(org: &Org, emails: &[String], user_ids: &[String]) -> Vec<Part> {
    statements(org, emails, user_ids).iter().map(|soql| Part::query(org, soql)).collect()
}

pub(super) fn reply(
    org: &Org,
    emails: &[String],
    user_ids: &[String],
    response: &Response,
) -> Result<Answer, Verdict> {
    let parts = parts(org, emails, user_ids);
    let mut users: Vec<CrmUser> = Vec::new();
    if parts.is_empty() {
        return Ok(Answer::Users(users));
    }
    for piece in composite::pieces(parts.len(), composite::is_alone(&parts), response, &Asked::READ)? {
        for user in rows::whole(piece.content(&Asked::READ)?)?.iter().filter_map(decode) {
            if users.iter().all(|known| known.id != user.id) {
                users.push(user);
            }
        }
    }
    if is_sandbox(org) {
        for user in &mut users {
            if let Some(email) = user.email.strip_suffix(DISGUISE) {
                user.email = email.to_owned();
            }
        }
    }
    Ok(Answer::Users(users))
}

/// A row as a user; `None` when it does not say which.
pub(super) fn decode(row: &Value) -> Option<CrmUser> {
    Some(CrmUser {
        id: ids::full(text(row, "Id")?)?,
        email: text(row, "Email").unwrap_or_default().to_owned(),
        name: text(row, "Name").unwrap_or_default().to_owned(),
        is_active: row.get("IsActive").and_then(Value::as_bool).unwrap_or(false),
    })
}
