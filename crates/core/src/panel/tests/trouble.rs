//! What stands in the way, as what it is.

use std::time::Duration;

use crate::{
    lane::{HoldReason, Verdict, Who},
    panel::{
        trouble::Trouble,
        view::{Because, NoAccess, View},
    },
    time::Timestamp,
};

fn held(reason: HoldReason, who: Who) -> Trouble {
    let verdict = Verdict::Hold { reason, who, detail: "said".into() };
    Trouble::of(&verdict, Some(Timestamp::from_seconds(9)))
}

#[test]
fn each_cause_has_its_own_state() {
    let detail = || "said".to_owned();
    for (reason, who, expected) in [
        (HoldReason::NoApiAccess, Who::CrmAdmin, View::NoAccess { what: NoAccess::OrgApi, detail: detail() }),
        (
            HoldReason::NoApiForUser,
            Who::CrmAdmin,
            View::NoAccess { what: NoAccess::UserApi, detail: detail() },
        ),
        (
            HoldReason::NoPermission,
            Who::CrmAdmin,
            View::NoAccess { what: NoAccess::Permission, detail: detail() },
        ),
        (HoldReason::NoPermission, Who::WorkspaceAdmin, View::MissingScope { detail: detail() }),
        (HoldReason::GrantLost, Who::WorkspaceAdmin, View::GrantLost { detail: detail() }),
        (HoldReason::OtherOrg, Who::WorkspaceAdmin, View::GrantLost { detail: detail() }),
        (HoldReason::Disconnected, Who::WorkspaceAdmin, View::NotConnected),
        (
            HoldReason::LimitReached,
            Who::Nobody,
            View::LimitReached { until: Some(Timestamp::from_seconds(9)) },
        ),
        (HoldReason::Unexpected, Who::Operator, View::Failed { detail: detail() }),
    ] {
        assert_eq!(held(reason, who).view(), expected);
    }
    let silence = Verdict::Again { after: Duration::ZERO, detail: detail() };
    assert_eq!(Trouble::of(&silence, None).view(), View::Failed { detail: detail() });
}

#[test]
fn what_was_read_is_still_shown_when_time_heals_and_never_when_a_right_or_the_grant_is_gone() {
    for reason in
        [HoldReason::NoApiAccess, HoldReason::NoApiForUser, HoldReason::GrantLost, HoldReason::Disconnected]
    {
        assert_eq!(held(reason, Who::CrmAdmin).because(), None, "{reason:?}");
    }
    assert!(matches!(
        held(HoldReason::LimitReached, Who::Nobody).because(),
        Some(Because::LimitReached { .. })
    ));
    assert!(matches!(held(HoldReason::Unreachable, Who::Nobody).because(), Some(Because::Failed { .. })));
}
