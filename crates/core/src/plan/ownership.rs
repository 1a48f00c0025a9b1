//! Whose a record or an entry becomes: the first active CRM user in a chain of candidates (X6, R2.23 to R2.26).

use serde::{Deserialize, Serialize};

use crate::record::CrmUser;

/// Who could answer for a conversation, in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain<'a> {
    /// E-mail of the member to whom the conversation is assigned (R2.23).
    pub assignee_email: Option<&'a str>,
    /// E-mail of the member who owns the channel account (R2.24).
    pub account_owner_email: Option<&'a str>,
    /// The user whom the settings name, by id (R2.25).
    pub default_owner_id: Option<&'a str>,
    /// The user whose grant we hold (R2.25).
    pub acting_user_id: &'a str,
}

/// The chosen user and the link of the chain that chose them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The user's id.
    pub user_id: String,
    /// Why this user.
    pub because: Because,
}

/// Which link of the chain chose the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The conversation is assigned to them.
    Assignee,
    /// They own the channel account.
    AccountOwner,
    /// The settings name them.
    DefaultOwner,
    /// They connected the CRM.
    ActingUser,
}

/// The owner of a new record. `users` are the CRM users that the chain may lead to; inactive ones are skipped.
/// `None` only when not even the acting user is active.
pub fn owner(chain: &Chain<'_>, users: &[CrmUser]) -> Option<Owner> {
    let chosen = |user: &CrmUser, because| Owner { user_id: user.id.clone(), because };
    corresponding_user(chain, users)
        .or_else(|| by_id(chain.default_owner_id?, users).map(|user| chosen(user, Because::DefaultOwner)))
        .or_else(|| by_id(chain.acting_user_id, users).map(|user| chosen(user, Because::ActingUser)))
}

/// The CRM user who corresponds to the conversation's own owner: its assignee, else the account's owner.
/// This is the user of the owner rule in matching (R2.11, R2.24).
pub fn corresponding_user(chain: &Chain<'_>, users: &[CrmUser]) -> Option<Owner> {
    let chosen = |user: &CrmUser, because| Owner { user_id: user.id.clone(), because };
    by_email(chain.assignee_email, users).map(|user| chosen(user, Because::Assignee)).or_else(|| {
        by_email(chain.account_owner_email, users).map(|user| chosen(user, Because::AccountOwner))
    })
}

fn by_email<'a>(email: Option<&str>, users: &'a [CrmUser]) -> Option<&'a CrmUser> {
    let email = email.map(str::trim).filter(|email| !email.is_empty())?;
    let mut same: Vec<_> =
        users.iter().filter(|user| user.is_active && same_mailbox(&user.email, email)).collect();
    same.sort_by(|a, b| a.id.cmp(&b.id));
    same.first().copied()
}

/// Equal without regard to case; a sandbox appends `.invalid` to its users' addresses.
fn same_mailbox(crm: &str, ours: &str) -> bool {
    let crm = crm.trim().to_lowercase();
    crm.strip_suffix(".invalid").unwrap_or(&crm) == ours.to_lowercase()
}

fn by_id<'a>(id: &str, users: &'a [CrmUser]) -> Option<&'a CrmUser> {
    users.iter().find(|user| user.is_active && user.id == id)
}
