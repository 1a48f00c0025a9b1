//! Who may do what: the one table of rights. Pages, API and the display of roles read this table and nothing else
//! (ledger X5, R1.5, R2.34).

use serde::{Deserialize, Serialize};

/// What a member is in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and who else is an owner.
    Owner,
    /// Everything but ownership.
    Admin,
    /// Leads a team: sees to what is held, connects a panel.
    Manager,
    /// Answers customers.
    Agent,
}

/// Every role, strongest first.
pub const ROLES: &[Role] = &[Role::Owner, Role::Admin, Role::Manager, Role::Agent];

impl Role {
    /// The word for the store, the API and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Agent => "agent",
        }
    }

    /// The role behind a word.
    pub fn named(word: &str) -> Option<Self> {
        ROLES.iter().copied().find(|role| role.word() == word)
    }

    /// Does the role carry this right?
    pub fn has(self, right: Right) -> bool {
        TABLE.iter().any(|(listed, roles)| *listed == right && roles.contains(&self))
    }
}

/// Something that a member may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See conversations, contacts, receipts and the panel.
    Read,
    /// Write memos, assign, change a status, link a person, try again what is held.
    Work,
    /// Try again or export many entries at once.
    WorkInBulk,
    /// Connect a CRM for the panel, and choose what the panel shows.
    ConnectPanel,
    /// Connect a CRM for synchronising, disconnect, and change what is synchronised.
    ConnectSync,
    /// Add channels, see raw requests and replay them, set up inboxes.
    ManageChannels,
    /// Invite people, change roles, deactivate.
    ManagePeople,
    /// Change the workspace's name, zone and country.
    ManageWorkspace,
    /// Read the audit log.
    ReadAudit,
}

/// Every right, in the order in which it is shown.
pub const RIGHTS: &[Right] = &[
    Right::Read,
    Right::Work,
    Right::WorkInBulk,
    Right::ConnectPanel,
    Right::ConnectSync,
    Right::ManageChannels,
    Right::ManagePeople,
    Right::ManageWorkspace,
    Right::ReadAudit,
];

use Role::{Admin, Agent, Manager, Owner};

/// The table.
const TABLE: &[(Right, &[Role])] = &[
    (Right::Read, &[Owner, Admin, Manager, Agent]),
    (Right::Work, &[Owner, Admin, Manager, Agent]),
    (Right::WorkInBulk, &[Owner, Admin, Manager]),
    (Right::ConnectPanel, &[Owner, Admin, Manager]),
    (Right::ConnectSync, &[Owner, Admin]),
    (Right::ManageChannels, &[Owner, Admin]),
    (Right::ManagePeople, &[Owner, Admin]),
    (Right::ManageWorkspace, &[Owner, Admin]),
    (Right::ReadAudit, &[Owner, Admin]),
];

impl Right {
    /// The roles that carry it, strongest first.
    pub fn roles(self) -> &'static [Role] {
        TABLE.iter().find(|(right, _)| *right == self).map_or(&[], |(_, roles)| roles)
    }

    /// The word for programs and for the catalogue of words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Work => "work",
            Self::WorkInBulk => "work_in_bulk",
            Self::ConnectPanel => "connect_panel",
            Self::ConnectSync => "connect_sync",
            Self::ManageChannels => "manage_channels",
            Self::ManagePeople => "manage_people",
            Self::ManageWorkspace => "manage_workspace",
            Self::ReadAudit => "read_audit",
        }
    }
}

/// Why a role cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleRefused {
    /// Only an owner makes owners, or takes that from them.
    OwnersOnly,
    /// A workspace needs an owner.
    LastOwner,
    /// Whoever makes a link into an owner's account could use it.
    OwnersLink,
}

impl RoleRefused {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::OwnersOnly => "only an owner may make somebody an owner, or take that from them",
            Self::LastOwner => "a workspace needs an owner, and this is the last one",
            Self::OwnersLink => "only an owner may make a sign-in link for an owner",
        }
    }
}

/// May somebody of the role `by` turn a member from `before` (`None`: a new one) into `after` (`None`: deactivated)?
/// `owners` counts the active owners as they are.
pub fn may_give(
    by: Role,
    before: Option<Role>,
    after: Option<Role>,
    owners: usize,
) -> Result<(), RoleRefused> {
    let touches_owner = before == Some(Owner) || after == Some(Owner);
    if touches_owner && by != Owner {
        return Err(RoleRefused::OwnersOnly);
    }
    if before == Some(Owner) && after != Some(Owner) && owners <= 1 {
        return Err(RoleRefused::LastOwner);
    }
    Ok(())
}

/// May somebody of the role `by` make a link that signs in as a member of the role `whom`? Whoever has the link is that
/// member, so nobody makes one for somebody who may do more than they.
pub fn may_let_in(by: Role, whom: Role) -> Result<(), RoleRefused> {
    if whom == Owner && by != Owner { Err(RoleRefused::OwnersLink) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_its_line_and_the_owner_has_them_all() {
        assert_eq!(TABLE.len(), RIGHTS.len());
        for right in RIGHTS {
            assert!(Owner.has(*right), "{right:?}");
            assert!(!right.roles().is_empty(), "{right:?}");
        }
    }

    #[test]
    fn a_stronger_role_may_do_all_that_a_weaker_one_may() {
        for pair in ROLES.windows(2) {
            for right in RIGHTS {
                assert!(pair[0].has(*right) || !pair[1].has(*right), "{right:?}: {pair:?}");
            }
        }
    }

    #[test]
    fn only_owners_and_admins_connect_for_synchronising_and_a_manager_connects_a_panel() {
        let may = |right: Right| ROLES.iter().map(|role| role.has(right)).collect::<Vec<_>>();
        assert_eq!(may(Right::ConnectSync), [true, true, false, false]);
        assert_eq!(may(Right::ConnectPanel), [true, true, true, false]);
        assert_eq!(may(Right::Work), [true, true, true, true]);
    }

    #[test]
    fn a_role_reads_back_from_its_word() {
        for role in ROLES {
            assert_eq!(Role::named(role.word()), Some(*role));
        }
        assert_eq!(Role::named("stranger"), None);
    }

    #[test]
    fn ownership_is_the_owners_to_give_and_never_lost() {
        assert_eq!(may_give(Admin, None, Some(Agent), 1), Ok(()));
        assert_eq!(may_give(Admin, None, Some(Owner), 1), Err(RoleRefused::OwnersOnly));
        assert_eq!(may_give(Admin, Some(Owner), Some(Agent), 2), Err(RoleRefused::OwnersOnly));
        assert_eq!(may_give(Owner, Some(Admin), Some(Owner), 1), Ok(()));
        assert_eq!(may_give(Owner, Some(Owner), Some(Admin), 1), Err(RoleRefused::LastOwner));
        assert_eq!(may_give(Owner, Some(Owner), None, 1), Err(RoleRefused::LastOwner));
        assert_eq!(may_give(Owner, Some(Owner), None, 2), Ok(()));
    }

    #[test]
    fn nobody_makes_a_link_for_somebody_who_may_do_more() {
        assert_eq!(may_let_in(Admin, Owner), Err(RoleRefused::OwnersLink));
        assert_eq!(may_let_in(Owner, Owner), Ok(()));
        assert_eq!(may_let_in(Admin, Admin), Ok(()));
    }
}
