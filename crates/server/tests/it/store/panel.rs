//! Panels: what was chosen, and what was found.

use causeway::args;
use causeway::store::{
    Result, Tx, connection, contact,
    panel::{self, Chosen, Remembered},
};
use causeway_core::panel::{
    matching::How,
    settings::{PanelField, PanelSettings},
};
use causeway_core::record::Module;

use super::engine::{NOW, in_a_transaction};
use super::scene::{self, CONNECTION, CONTACT, HERE, MEMBER, THERE, a_connection, a_lead};

in_a_transaction!(
    every_connection_has_a_panel_without_any_choice,
    a_choice_reads_as_it_was_made_and_each_version_is_kept,
    a_choice_on_an_old_revision_is_not_stored,
    a_panel_is_no_chat_sync,
    settings_that_nobody_can_read_make_the_caller_wait,
    what_was_found_is_remembered_until_it_is_forgotten,
    nothing_is_remembered_of_a_connection_that_was_given_up,
    contacts_that_become_one_are_looked_for_anew,
);

fn chosen(revision: i64) -> Chosen {
    let field = PanelField { module: Module::Lead, name: "Título__c".into(), roles: None };
    let settings = PanelSettings { fields: Some(vec![field]), cache_seconds: 5, ..PanelSettings::default() };
    Chosen { is_on: true, settings, revision }
}

fn found(id: &str) -> Remembered {
    let how = How::Email { address: "a@b.test".into() };
    Remembered { record: a_lead(id), searched: "digest".into(), how, at: NOW }
}

async fn every_connection_has_a_panel_without_any_choice(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let panel = panel::find(tx, HERE, CONNECTION).await?.unwrap();
    assert_eq!(
        (panel.connection_id, panel.crm.as_str(), panel.org_id.as_str()),
        (CONNECTION, "salesforce", "00D")
    );
    assert_eq!((panel.is_on, panel.revision, &panel.settings), (true, 0, &PanelSettings::default()));
    assert_eq!(panel::find(tx, THERE, CONNECTION).await?, None);
    connection::insert(tx, &connection::Connection { id: 5, ..a_connection(HERE) }, MEMBER, NOW).await?;
    let all = panel::of_workspace(tx, HERE).await?;
    assert_eq!(all.iter().map(|panel| panel.connection_id).collect::<Vec<_>>(), [5, CONNECTION]);
    Ok(())
}

async fn a_choice_reads_as_it_was_made_and_each_version_is_kept(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert!(panel::choose(tx, HERE, CONNECTION, &chosen(0), Some(MEMBER), NOW).await?);
    let off = Chosen { is_on: false, settings: PanelSettings::default(), revision: 1 };
    let panel = panel::find(tx, HERE, CONNECTION).await?.unwrap();
    assert_eq!((panel.is_on, panel.revision, panel.settings), (true, 1, chosen(0).settings));
    assert!(panel::choose(tx, HERE, CONNECTION, &off, None, NOW + 1).await?);
    let panel = panel::find(tx, HERE, CONNECTION).await?.unwrap();
    assert_eq!((panel.is_on, panel.revision, panel.settings), (false, 2, PanelSettings::default()));
    let sql =
        "SELECT revision, state, settings, changed_by, changed_at FROM integration_version ORDER BY revision";
    let versions = tx.rows(sql, args![]).await?;
    assert_eq!(versions.len(), 2);
    assert_eq!((versions[0].int("revision")?, versions[0].text("state")?), (1, "active".into()));
    assert!(versions[0].text("settings")?.contains("Título__c"));
    assert_eq!(versions[0].opt_int("changed_by")?, Some(MEMBER));
    assert_eq!((versions[1].int("revision")?, versions[1].text("state")?), (2, "paused".into()));
    assert_eq!((versions[1].opt_int("changed_by")?, versions[1].int("changed_at")?), (None, NOW + 1));
    Ok(())
}

async fn a_choice_on_an_old_revision_is_not_stored(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert!(!panel::choose(tx, HERE, CONNECTION, &chosen(3), None, NOW).await?);
    assert!(panel::choose(tx, HERE, CONNECTION, &chosen(0), None, NOW).await?);
    assert!(!panel::choose(tx, HERE, CONNECTION, &chosen(0), None, NOW).await?);
    assert!(panel::choose(tx, HERE, CONNECTION, &chosen(1), None, NOW).await?);
    assert!(!panel::choose(tx, HERE, CONNECTION, &chosen(1), None, NOW).await?);
    assert_eq!(panel::find(tx, HERE, CONNECTION).await?.unwrap().revision, 2);
    Ok(())
}

async fn a_panel_is_no_chat_sync(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    let before = causeway::store::integration::of_connection(tx, CONNECTION).await?;
    assert!(panel::choose(tx, HERE, CONNECTION, &chosen(0), None, NOW).await?);
    assert_eq!(causeway::store::integration::of_connection(tx, CONNECTION).await?, before);
    assert_eq!(causeway::store::integration::find(tx, HERE, CONNECTION).await?, None);
    Ok(())
}

/// An older program does not show fields to somebody from whom a newer one hides them.
async fn settings_that_nobody_can_read_make_the_caller_wait(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    assert!(panel::choose(tx, HERE, CONNECTION, &chosen(0), None, NOW).await?);
    let sql = "UPDATE integration SET settings = $2 WHERE id = $1";
    tx.execute(sql, args![CONNECTION, r#"{"of_a_later_version":1}"#]).await?;
    assert!(panel::find(tx, HERE, CONNECTION).await.unwrap_err().is_retryable());
    assert!(panel::of_workspace(tx, HERE).await.unwrap_err().is_retryable());
    Ok(())
}

async fn what_was_found_is_remembered_until_it_is_forgotten(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    for contact_id in [CONTACT, 50] {
        panel::remember(tx, HERE, CONNECTION, contact_id, &found("00Q")).await?;
    }
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, CONTACT).await?, Some(found("00Q")));
    panel::remember(tx, HERE, CONNECTION, CONTACT, &found("00R")).await?;
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, CONTACT).await?, Some(found("00R")));
    assert_eq!(panel::remembered(tx, THERE, CONNECTION, CONTACT).await?, None);
    panel::forget(tx, HERE, CONNECTION, CONTACT).await?;
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, CONTACT).await?, None);
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, 50).await?, Some(found("00Q")));
    panel::forget_all(tx, CONNECTION + 1).await?;
    assert!(panel::remembered(tx, HERE, CONNECTION, 50).await?.is_some());
    panel::forget_all(tx, CONNECTION).await?;
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, 50).await?, None);
    Ok(())
}

async fn nothing_is_remembered_of_a_connection_that_was_given_up(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    connection::disconnect(tx, CONNECTION).await?;
    panel::remember(tx, HERE, CONNECTION, CONTACT, &found("00Q")).await?;
    assert_eq!(panel::remembered(tx, HERE, CONNECTION, CONTACT).await?, None);
    Ok(())
}

async fn contacts_that_become_one_are_looked_for_anew(tx: &mut Tx<'_>) -> Result<()> {
    scene::set(tx).await?;
    contact::create(tx, HERE, 50, NOW).await?;
    for contact_id in [CONTACT, 50, 51] {
        panel::remember(tx, HERE, CONNECTION, contact_id, &found("00Q")).await?;
    }
    contact::merge(tx, HERE, CONTACT, 50).await?;
    for contact_id in [CONTACT, 50] {
        assert_eq!(panel::remembered(tx, HERE, CONNECTION, contact_id).await?, None);
    }
    assert!(panel::remembered(tx, HERE, CONNECTION, 51).await?.is_some());
    Ok(())
}
