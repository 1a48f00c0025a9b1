//! Connections, their tokens, and the flows by which they are made.

use causeway::args;
use causeway::store::{
    Result, Tx,
    connection::{self, Connection, Flow, NewTokens, State},
};
use causeway_core::{
    call::Usage,
    record::{CrmUser, OrgProfile},
};

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, HERE, MEMBER, THERE, a_connection, connection_of};

in_a_transaction!(
    a_connection_reads_as_it_was_made,
    a_workspace_lists_its_own_connections,
    a_lock_changes_nothing,
    an_absent_refresh_token_overwrites_nothing,
    a_new_grant_mends_a_lost_connection,
    a_renewal_does_not_unseat_newer_tokens,
    a_renewal_after_a_disconnect_stores_nothing,
    a_connection_is_not_lost_once_newer_tokens_are_there,
    a_disconnect_leaves_no_secret,
    a_profile_is_kept_until_it_is_described_again,
    a_profile_that_nobody_can_read_is_described_again,
    usage_is_told_to_every_connection_of_the_org,
    a_lane_rests_and_wakes,
    a_cursor_stays_until_it_is_moved,
    what_an_admin_allows_is_kept_for_the_connection,
    of_two_who_look_at_once_one_tells,
    a_rest_is_cut_short_and_never_made_longer,
    scopes_are_kept_until_others_are_named,
    a_workspace_knows_who_made_its_connections,
    grants_of_one_user_are_counted_across_workspaces,
    a_flow_is_used_once,
    old_flows_are_forgotten,
);

async fn read(tx: &mut Tx<'_>) -> Result<Connection> {
    Ok(connection::find(tx, CONNECTION).await?.unwrap())
}

async fn put(tx: &mut Tx<'_>) -> Result<()> {
    connection::insert(tx, &a_connection(HERE), MEMBER, NOW).await
}

fn tokens(access: &[u8], refresh: Option<&[u8]>) -> NewTokens {
    NewTokens {
        login_url: "https://login.new.example".into(),
        access_token: access.to_vec(),
        refresh_token: refresh.map(<[u8]>::to_vec),
        instance_url: "https://new.example".into(),
        user_id: "006".into(),
        scopes: vec!["api".into(), "id".into()],
    }
}

async fn a_connection_reads_as_it_was_made(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    assert_eq!(connection::find(tx, CONNECTION).await?, Some(a_connection(HERE)));
    assert_eq!(connection::find(tx, 1).await?, None);
    Ok(())
}

async fn a_workspace_lists_its_own_connections(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    assert_eq!(connection::all(tx, Some(HERE)).await?, [a_connection(HERE)]);
    assert_eq!(connection::all(tx, Some(THERE)).await?, [a_connection(THERE)]);
    assert_eq!(connection::all(tx, Some(i64::MAX)).await?, []);
    assert_eq!(connection::all(tx, None).await?, [a_connection(HERE), a_connection(THERE)]);
    Ok(())
}

async fn a_lock_changes_nothing(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::lock(tx, CONNECTION).await?;
    connection::lock(tx, 1).await?;
    assert_eq!(read(tx).await?, a_connection(HERE));
    Ok(())
}

async fn an_absent_refresh_token_overwrites_nothing(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::put_tokens(tx, CONNECTION, &tokens(b"a2", None)).await?;
    let stored = read(tx).await?;
    assert_eq!(stored.access_token.as_deref(), Some(&b"a2"[..]));
    assert_eq!(stored.refresh_token.as_deref(), Some(&b"refresh"[..]));
    assert!(connection::renew_tokens(tx, CONNECTION, 2, &tokens(b"a3", None)).await?);
    assert_eq!(read(tx).await?.refresh_token.as_deref(), Some(&b"refresh"[..]));
    assert!(connection::renew_tokens(tx, CONNECTION, 3, &tokens(b"a4", Some(b"r4"))).await?);
    let stored = read(tx).await?;
    assert_eq!((stored.token_revision, stored.refresh_token.as_deref()), (4, Some(&b"r4"[..])));
    assert_eq!((stored.instance_url.as_str(), stored.user_id.as_str()), ("https://new.example", "006"));
    assert_eq!(stored.login_url, "https://login.new.example");
    Ok(())
}

async fn a_new_grant_mends_a_lost_connection(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    for state in [State::Lost, State::OtherOrg] {
        let revision = read(tx).await?.token_revision;
        assert!(connection::lose(tx, CONNECTION, revision, state, "revoked").await?);
        let lost = read(tx).await?;
        assert_eq!((lost.state, lost.detail.as_str()), (state, "revoked"));
        connection::put_tokens(tx, CONNECTION, &tokens(b"a", Some(b"r"))).await?;
        let mended = read(tx).await?;
        assert_eq!((mended.state, mended.detail.as_str()), (State::Connected, ""));
    }
    Ok(())
}

async fn a_renewal_does_not_unseat_newer_tokens(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::put_tokens(tx, CONNECTION, &tokens(b"newer", Some(b"newer"))).await?;
    assert!(!connection::renew_tokens(tx, CONNECTION, 1, &tokens(b"late", Some(b"late"))).await?);
    assert_eq!(read(tx).await?.access_token.as_deref(), Some(&b"newer"[..]));
    Ok(())
}

async fn a_renewal_after_a_disconnect_stores_nothing(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::disconnect(tx, CONNECTION).await?;
    for revision in 1..4 {
        assert!(!connection::renew_tokens(tx, CONNECTION, revision, &tokens(b"late", None)).await?);
    }
    let stored = read(tx).await?;
    assert_eq!((stored.state, stored.access_token), (State::Disconnected, None));
    Ok(())
}

async fn a_connection_is_not_lost_once_newer_tokens_are_there(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::put_tokens(tx, CONNECTION, &tokens(b"newer", None)).await?;
    assert!(!connection::lose(tx, CONNECTION, 1, State::Lost, "revoked").await?);
    assert_eq!(read(tx).await?.state, State::Connected);
    connection::disconnect(tx, CONNECTION).await?;
    assert!(!connection::lose(tx, CONNECTION, 3, State::Lost, "revoked").await?);
    assert_eq!(read(tx).await?.state, State::Disconnected);
    Ok(())
}

async fn a_disconnect_leaves_no_secret(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    let revision = read(tx).await?.token_revision;
    assert!(connection::put_profile(tx, CONNECTION, revision, &profile(), NOW).await?);
    connection::disconnect(tx, CONNECTION).await?;
    let left = Connection {
        state: State::Disconnected,
        access_token: None,
        refresh_token: None,
        token_revision: 2,
        ..a_connection(HERE)
    };
    assert_eq!(read(tx).await?, left);
    Ok(())
}

pub fn profile() -> OrgProfile {
    OrgProfile {
        org_id: "00D".into(),
        org_name: "Acme \u{1F680}".into(),
        is_sandbox: false,
        acting_user: CrmUser { id: "005".into(), email: String::new(), name: String::new(), is_active: true },
        modules: [].into(),
        lead_statuses: Vec::new(),
        ..OrgProfile::default()
    }
}

async fn a_profile_is_kept_until_it_is_described_again(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    let revision = read(tx).await?.token_revision;
    assert!(connection::put_profile(tx, CONNECTION, revision, &profile(), NOW).await?);
    let described = read(tx).await?;
    assert_eq!((described.profile, described.profile_at), (Some(profile()), Some(NOW)));
    connection::forget_profile(tx, CONNECTION).await?;
    let stale = read(tx).await?;
    assert_eq!((stale.profile, stale.profile_at), (Some(profile()), None));
    assert!(!connection::put_profile(tx, CONNECTION, revision - 1, &profile(), NOW).await?);
    assert_eq!(read(tx).await?.profile_at, None, "what is seen under another grant is not kept");
    Ok(())
}

async fn a_profile_that_nobody_can_read_is_described_again(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    let sql = "UPDATE connection SET profile = $2, profile_at = $3 WHERE id = $1";
    for text in ["{", "{}", ""] {
        tx.execute(sql, args![CONNECTION, text, NOW]).await?;
        assert_eq!(connection::all(tx, None).await?, [a_connection(HERE)]);
    }
    Ok(())
}

async fn usage_is_told_to_every_connection_of_the_org(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    let foreign = Connection { id: 7, org_id: "00E".into(), ..a_connection(HERE) };
    connection::insert(tx, &foreign, MEMBER, NOW).await?;
    let usage = Usage { used: 5, limit: u64::from(u32::MAX) + 1 };
    connection::put_usage(tx, "salesforce", "00D", usage, NOW).await?;
    for (id, told) in [(CONNECTION, Some(usage)), (connection_of(THERE), Some(usage)), (7, None)] {
        assert_eq!(connection::find(tx, id).await?.unwrap().usage, told);
    }
    Ok(())
}

async fn a_lane_rests_and_wakes(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::rest(tx, CONNECTION, Some(NOW), Some("limit_reached"), "15000 of 15000").await?;
    let resting = read(tx).await?;
    assert_eq!((resting.wait_until, resting.wait_reason.as_deref()), (Some(NOW), Some("limit_reached")));
    assert_eq!(resting.detail, "15000 of 15000");
    connection::rest(tx, CONNECTION, None, None, "").await?;
    assert_eq!(read(tx).await?, a_connection(HERE));
    Ok(())
}

async fn a_cursor_stays_until_it_is_moved(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    for (until, next, stands) in
        [(Some(NOW), 1, Some(NOW)), (None, 2, Some(NOW)), (Some(NOW + 1), 3, Some(NOW + 1))]
    {
        connection::put_followed(tx, CONNECTION, until, next).await?;
        let stored = read(tx).await?;
        assert_eq!((stored.followed_until, stored.follow_at), (stands, Some(next)));
    }
    connection::forget_followed(tx, CONNECTION).await?;
    assert_eq!(read(tx).await?, a_connection(HERE));
    Ok(())
}

async fn what_an_admin_allows_is_kept_for_the_connection(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    assert!(connection::put_rules(tx, HERE, CONNECTION, Some(20), None).await?);
    let budget = read(tx).await?.budget;
    assert_eq!((budget.share_percent, budget.reserve_percent), (Some(20), None));
    assert!(!connection::put_rules(tx, THERE, CONNECTION, None, None).await?);
    assert!(connection::put_rules(tx, HERE, CONNECTION, None, Some(0)).await?);
    let budget = read(tx).await?.budget;
    assert_eq!((budget.share_percent, budget.reserve_percent), (None, Some(0)));
    Ok(())
}

async fn of_two_who_look_at_once_one_tells(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    let found = connection::Budget { near_since: Some(5), reviewed_at: Some(NOW), ..Default::default() };
    assert!(connection::put_review(tx, CONNECTION, None, &found).await?);
    assert!(!connection::put_review(tx, CONNECTION, None, &found).await?, "somebody has looked since");
    assert_eq!(read(tx).await?.budget, found);
    let later = connection::Budget { short_since: Some(6), reviewed_at: Some(NOW + 1), ..Default::default() };
    assert!(connection::put_review(tx, CONNECTION, Some(NOW), &later).await?);
    assert_eq!(read(tx).await?.budget, later);
    assert_eq!(connection::short(tx, HERE).await?, [CONNECTION]);
    assert!(connection::short(tx, THERE).await?.is_empty());
    Ok(())
}

async fn a_rest_is_cut_short_and_never_made_longer(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    connection::rest(tx, CONNECTION, Some(NOW + 9), Some("limit_reached"), "").await?;
    for (at, stands) in [(NOW + 5, NOW + 5), (NOW + 8, NOW + 5)] {
        connection::rest_until_now(tx, CONNECTION, at).await?;
        let resting = read(tx).await?;
        assert_eq!(
            (resting.wait_until, resting.wait_reason.as_deref()),
            (Some(stands), Some("limit_reached"))
        );
    }
    Ok(())
}

fn a_flow() -> Flow {
    Flow {
        workspace_id: HERE,
        member_id: MEMBER,
        connection_id: None,
        crm: "salesforce".into(),
        environment: "sandbox".into(),
        login_url: "https://login.example".into(),
        redirect_uri: "https://here.example/back".into(),
        verifier: vec![0, 1, 255],
        browser_digest: "b".into(),
        created_at: NOW,
    }
}

async fn old_flows_are_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    for (state, created_at) in [("used", NOW - 2), ("old", NOW - 1), ("new", NOW)] {
        connection::begin_flow(tx, state, &Flow { created_at, ..a_flow() }).await?;
    }
    connection::use_flow(tx, "used", NOW).await?;
    assert_eq!(connection::prune_flows(tx, NOW).await?, 2);
    assert_eq!(connection::use_flow(tx, "old", NOW).await?, None);
    assert_eq!(connection::use_flow(tx, "new", NOW).await?, Some(a_flow()));
    Ok(())
}

async fn a_flow_is_used_once(tx: &mut Tx<'_>) -> Result<()> {
    let flow = a_flow();
    let renewing = Flow { connection_id: Some(CONNECTION), ..flow.clone() };
    connection::begin_flow(tx, "one", &flow).await?;
    connection::begin_flow(tx, "two", &renewing).await?;
    assert_eq!(connection::use_flow(tx, "one", NOW).await?, Some(flow));
    assert_eq!(connection::use_flow(tx, "one", NOW).await?, None);
    assert_eq!(connection::use_flow(tx, "three", NOW).await?, None);
    assert_eq!(connection::use_flow(tx, "two", NOW).await?, Some(renewing));
    Ok(())
}

async fn scopes_are_kept_until_others_are_named(tx: &mut Tx<'_>) -> Result<()> {
    put(tx).await?;
    let silent = NewTokens { scopes: Vec::new(), ..tokens(b"a", None) };
    connection::put_tokens(tx, CONNECTION, &silent).await?;
    assert_eq!(read(tx).await?.scopes, ["api", "refresh_token"]);
    connection::put_tokens(tx, CONNECTION, &tokens(b"b", None)).await?;
    assert_eq!(read(tx).await?.scopes, ["api", "id"]);
    let fewer = NewTokens { scopes: vec!["id".into()], ..tokens(b"c", None) };
    let revision = read(tx).await?.token_revision;
    assert!(connection::renew_tokens(tx, CONNECTION, revision, &silent).await?);
    assert_eq!(read(tx).await?.scopes, ["api", "id"]);
    assert!(connection::renew_tokens(tx, CONNECTION, revision + 1, &fewer).await?);
    assert_eq!(read(tx).await?.scopes, ["id"]);
    Ok(())
}

async fn a_workspace_knows_who_made_its_connections(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    let origin = connection::Origin { connection_id: CONNECTION, member_id: MEMBER, at: NOW };
    assert_eq!(connection::origins(tx, HERE).await?, [origin]);
    Ok(())
}

async fn grants_of_one_user_are_counted_across_workspaces(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    scene::set_in(tx, THERE).await?;
    assert_eq!(connection::grants(tx, "salesforce", "00D", "005").await?, 2);
    assert_eq!(connection::grants(tx, "zoho", "00D", "005").await?, 0);
    assert_eq!(connection::grants(tx, "salesforce", "00E", "005").await?, 0);
    assert_eq!(connection::grants(tx, "salesforce", "00D", "006").await?, 0);
    connection::disconnect(tx, CONNECTION).await?;
    assert_eq!(connection::grants(tx, "salesforce", "00D", "005").await?, 1);
    Ok(())
}
