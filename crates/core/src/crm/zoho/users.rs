//! Users by e-mail address and by id.
//!
//! Users cannot be asked for by address: the active ones are read page by page and compared here. Those of the wanted ids
//! who are not among them are asked for one by one; they may be active no more. What is still to be read stands in the
//! call's `page`: the number of the page, or `0` behind the last one, and the ids that nobody had so far.
//! <https://www.zoho.com/crm/developer/docs/api/v8/get-users.html>

use serde_json::Value;

use super::wire::{self, text};
use crate::{
    crm::{Answer, Call, Org, Request, Response},
    lane::{HoldReason, Verdict},
    record::CrmUser,
};

/// Where a reading stands.
struct Place {
    /// The page of active users; 0: they are read.
    page: usize,
    /// The ids that nobody had so far.
    ids: Vec<String>,
}

impl Place {
    fn of(emails: &[String], ids: &[String], page: Option<&str>) -> Self {
        let all = || ids.iter().filter(|id| wire::is_id(id)).cloned().collect::<Vec<_>>();
        let Some(page) = page else {
            return Self { page: usize::from(!emails.is_empty()), ids: all() };
        };
        let (page, ids) = page.split_once(' ').unwrap_or((page, ""));
        let ids = ids.split(',').filter(|id| wire::is_id(id)).map(str::to_owned).collect();
        Self { page: page.parse().unwrap_or(0), ids }
    }

    fn word(&self) -> String {
        format!("{} {}", self.page, self.ids.join(","))
    }

    fn is_over(&self) -> bool {
        self.page == 0 && self.ids.is_empty()
    }
}

pub(super) fn request(org: &Org, emails: &[String], ids: &[String], page: Option<&str>) -> Request {
    let place = Place::of(emails, ids, page);
    match place.ids.first() {
        _ if place.page > 0 => {
            let (page, rows) = (place.page.to_string(), wire::ROWS.to_string());
            wire::get(org, "users", &[("type", "ActiveUsers"), ("page", &page), ("per_page", &rows)])
        }
        Some(id) => wire::get(org, &format!("users/{id}"), &[]),
        None => wire::get(org, "users", &[("type", "CurrentUser")]),
    }
}

pub(super) fn reply(
    emails: &[String],
    ids: &[String],
    page: Option<&str>,
    response: &Response,
) -> Result<Answer, Verdict> {
    let mut place = Place::of(emails, ids, page);
    if place.is_over() {
        return Ok(Answer::Users(Vec::new()));
    }
    let rows = match wire::page(response, "users") {
        Ok(rows) => rows,
        // Nobody of that id. Of the list it would be a refusal.
        Err(Verdict::Heal { .. } | Verdict::Hold { reason: HoldReason::ValueRefused, .. })
            if place.page == 0 =>
        {
            wire::Page::default()
        }
        Err(verdict) => return Err(verdict),
    };
    let is_wanted = |user: &CrmUser| {
        ids.contains(&user.id)
            || emails.iter().any(|email| email.trim().eq_ignore_ascii_case(user.email.trim()))
    };
    let users: Vec<_> = rows.rows.iter().filter_map(decode).filter(is_wanted).collect();
    if place.page == 0 {
        place.ids.remove(0);
    } else {
        place.ids.retain(|id| users.iter().all(|user| user.id != *id));
        place.page = if rows.goes_on { place.page + 1 } else { 0 };
    }
    if place.is_over() {
        return Ok(Answer::Users(users));
    }
    let next = Call::Users { emails: emails.to_vec(), ids: ids.to_vec(), page: Some(place.word()) };
    Ok(Answer::Part(Box::new(Answer::Users(users)), Box::new(next)))
}

/// A row as a user; `None` when it does not say which. Who has not confirmed the invitation is nobody's owner yet.
pub(super) fn decode(row: &Value) -> Option<CrmUser> {
    let joined =
        [text(row, "first_name"), text(row, "last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(CrmUser {
        id: wire::id(row)?,
        email: text(row, "email").unwrap_or_default().trim().to_owned(),
        name: text(row, "full_name").map_or(joined, str::to_owned),
        is_active: text(row, "status") == Some("active") && wire::flag(row, "confirm"),
    })
}
