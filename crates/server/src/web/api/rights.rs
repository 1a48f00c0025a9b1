//! Who may do what, by role. Reading is everybody's.

use crate::store::workspace::Member;

/// Something that not every role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Assign conversations, try again what is held, link people to records.
    Work,
    /// Connect and disconnect, change settings, sources and members.
    Administer,
}

impl Right {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Work => "assign, retry or link",
            Self::Administer => "connect or change settings",
        }
    }

    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Work => "ask an owner to give you a role",
            Self::Administer => "ask an owner or an admin of the workspace to do it",
        }
    }
}

/// Every role, strongest first.
pub(super) const ROLES: &[&str] = &["owner", "admin", "manager", "agent"];

/// Does the role carry this right?
pub(super) fn has(role: &str, right: Right) -> bool {
    match right {
        Right::Work => ROLES.contains(&role),
        Right::Administer => matches!(role, "owner" | "admin"),
    }
}

/// May `by` give `role` to the member that is there as `present` (`None`: a new one)? If not, why.
pub(super) fn may_give(
    by: &Member,
    present: Option<&Member>,
    role: &str,
    members: &[Member],
) -> Result<(), &'static str> {
    let was_owner = present.is_some_and(|member| member.role == "owner");
    if by.role != "owner" && (role == "owner" || was_owner) {
        return Err("only an owner may make somebody an owner, or take that from them");
    }
    let owners = members.iter().filter(|member| member.role == "owner").count();
    if was_owner && role != "owner" && owners <= 1 {
        return Err("a workspace needs an owner, and this is the last one");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: i64, role: &str) -> Member {
        Member { id, name: String::new(), email: String::new(), role: role.into() }
    }

    #[test]
    fn only_owners_and_admins_administer() {
        let may: Vec<bool> = ROLES.iter().map(|role| has(role, Right::Administer)).collect();
        assert_eq!(may, [true, true, false, false]);
        assert!(has("agent", Right::Work) && !has("stranger", Right::Work));
    }

    #[test]
    fn ownership_is_the_owners_to_give_and_never_lost() {
        let (owner, admin) = (member(1, "owner"), member(2, "admin"));
        let all = [owner.clone(), admin.clone()];
        assert!(may_give(&admin, None, "agent", &all).is_ok());
        assert!(may_give(&admin, None, "owner", &all).is_err());
        assert!(may_give(&admin, Some(&owner), "agent", &all).is_err());
        assert!(may_give(&owner, Some(&admin), "owner", &all).is_ok());
        assert!(may_give(&owner, Some(&owner), "admin", &all).is_err());
    }
}
