//! `causeway doctor`: checks what the server needs, and says what to do.

use std::process::ExitCode;

use causeway_core::crm;

use super::{Place, place::open_with};
use crate::{
    app::App,
    config::Config,
    open,
    store::{
        Location, Result,
        connection::{self, Connection, State, seal_place},
        intake, source, workspace,
    },
};

/// The year 2025 began then, in microseconds: a clock before that is wrong.
const LONG_AGO: i64 = 1_735_689_600_000_000;

/// The year 2100 begins then.
const FAR_AWAY: i64 = 4_102_444_800_000_000;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
}

/// What was found: said at once, and counted.
#[derive(Default)]
struct Findings {
    good: usize,
    notes: usize,
    bad: usize,
}

impl Findings {
    fn good(&mut self, what: &str) {
        self.good += 1;
        super::tell(&format!("  ok     {what}"));
    }

    fn note(&mut self, what: &str) {
        self.notes += 1;
        super::tell(&format!("  note   {what}"));
    }

    fn bad(&mut self, what: &str) {
        self.bad += 1;
        super::tell(&format!("  WRONG  {}", super::one_line(what)));
    }
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.place.config()?;
    let mut findings = Findings::default();
    findings.good("the configuration is readable and has no unknown key");
    check_config(&mut findings, &config);
    if let Some(app) = check_store(&mut findings, config).await {
        check_clock(&mut findings, &app).await?;
        check_work(&mut findings, &app).await?;
        check_secrets(&mut findings, &app).await?;
    }
    if findings.bad == 0 {
        super::tell(&format!(
            "Nothing is wrong. Checks passed: {}; notes: {}.",
            findings.good, findings.notes
        ));
        return Ok(ExitCode::SUCCESS);
    }
    anyhow::bail!("{} of the checks above failed; each says what to do", findings.bad)
}

fn check_config(findings: &mut Findings, config: &Config) {
    let url = &config.public_url;
    let host = url.split("://").nth(1).unwrap_or_default();
    let is_local = ["127.", "localhost", "[::1]", "0.0.0.0"].iter().any(|local| host.starts_with(local));
    if !url.starts_with("https://") && !url.starts_with("http://") || host.is_empty() {
        findings
            .bad(&format!("`public_url` is {url}; give the whole address, as in https://chat.example.com"));
    } else if is_local {
        findings.note(&format!(
            "`public_url` is {url}: providers cannot reach it, and chat links work on this machine only"
        ));
    } else if url.starts_with("http://") {
        findings
            .bad(&format!("`public_url` is {url}; providers and CRMs demand https, so put a proxy in front"));
    } else {
        findings.good(&format!("`public_url` is {url}"));
    }
    for crm in crm::ALL {
        let (name, title) = (crm.name(), crm.title());
        match config.crm_app(name) {
            Ok(Some(_)) => findings.good(&format!("an app is registered for {title}")),
            Ok(None) => {
                findings
                    .note(&format!("no app is registered for {title}; set `{name}.client_id` to connect"));
            }
            Err(error) => findings.bad(&error.to_string()),
        }
    }
}

/// Opens folder, database and key as a server would, but makes nothing.
async fn check_store(findings: &mut Findings, config: Config) -> Option<App> {
    let location = match open::location(&config) {
        Ok(location) => location,
        Err(error) => {
            findings.bad(&error.to_string());
            return None;
        }
    };
    if let Location::Sqlite(file) = &location {
        if config.data.exists()
            && let Err(error) = open::prepare_folder(&config.data)
        {
            findings.bad(&error.to_string());
            return None;
        }
        if !file.exists() {
            findings.note(&format!("there is no database at {location} yet; `causeway serve` makes it"));
            return None;
        }
    }
    match open_with(config, "doctor", true).await {
        Ok(app) => {
            findings.good(&format!("the database at {location} opens, and its schema is known"));
            findings.good("the key is the one that this database was used with");
            Some(app)
        }
        Err(error) => {
            findings.bad(&error.to_string());
            None
        }
    }
}

async fn check_clock(findings: &mut Findings, app: &App) -> Result<()> {
    let now = app.now();
    let newest = app.db.read(|tx| Box::pin(intake::newest(tx))).await?;
    if !(LONG_AGO..FAR_AWAY).contains(&now) {
        findings.bad("the clock of this machine is wrong; set it (timedatectl set-ntp true)");
    } else if newest.is_some_and(|newest| newest > now + 60_000_000) {
        findings.bad(
            "the clock of this machine is behind what was received before; set it (timedatectl set-ntp true)",
        );
    } else {
        findings.good("the clock of this machine is plausible");
    }
    Ok(())
}

async fn check_work(findings: &mut Findings, app: &App) -> Result<()> {
    let Some(workspace) = app.db.read(|tx| Box::pin(workspace::first(tx))).await? else {
        findings.note("there is no workspace yet; `causeway serve` makes it");
        return Ok(());
    };
    findings.good(&format!("the workspace is {}", workspace.name));
    let (waiting, put_aside) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let put_aside = intake::quarantined_count(tx, workspace.id).await?;
                Ok((intake::waiting(tx, None).await?, put_aside))
            })
        })
        .await?;
    if waiting > 0 {
        findings.note(&format!("{waiting} kept requests are not read yet; a running server reads them"));
    }
    if put_aside > 0 {
        findings.note(&format!(
            "{put_aside} parts could not be read (GET /api/v1/quarantine); `causeway replay` tries them again"
        ));
    }
    Ok(())
}

async fn check_secrets(findings: &mut Findings, app: &App) -> Result<()> {
    let (sources, connections) = app
        .db
        .read(|tx| {
            Box::pin(async move { Ok((source::everywhere(tx).await?, connection::all(tx, None).await?)) })
        })
        .await?;
    for source in &sources {
        let place = crate::intake::seal_place(&source.key);
        match app.sealer.open(&place, &source.secrets) {
            Ok(_) => findings.good(&format!("the secrets of source {} open", source.key)),
            Err(error) => findings.bad(&format!("source {}: {error}", source.key)),
        }
    }
    if sources.is_empty() {
        findings.note("no provider posts here yet; POST /api/v1/sources makes an endpoint");
    }
    for connection in &connections {
        check_connection(findings, app, connection);
    }
    Ok(())
}

fn check_connection(findings: &mut Findings, app: &App, connection: &Connection) {
    let name = format!("connection {} to {}", crate::id::connection(connection.id), connection.org_id);
    let again = "connect again (POST /api/v1/connections/{id}/reconnect)";
    match connection.state {
        State::Lost => findings.bad(&format!("{name} has lost its grant ({}); {again}", connection.detail)),
        State::OtherOrg => findings.bad(&format!("{name} leads to another organisation; {again}")),
        State::Disconnected => findings.note(&format!("{name} is disconnected; to use it, {again}")),
        State::Connected => {
            let tokens =
                [("access_token", &connection.access_token), ("refresh_token", &connection.refresh_token)];
            let mut present = tokens.iter().filter_map(|(word, sealed)| Some((word, sealed.as_ref()?)));
            let shut = present
                .any(|(word, sealed)| app.sealer.open(&seal_place(connection.id, word), sealed).is_err());
            if shut {
                findings.bad(&format!("the tokens of {name} do not open with this key; {again}"));
            } else {
                findings.good(&format!("{name} is connected"));
            }
            for missing in connection.profile.iter().flat_map(|profile| &profile.missing) {
                let said = format!("{name} lacks: {} — {}", missing.what, missing.action);
                if missing.is_fatal { findings.bad(&said) } else { findings.note(&said) }
            }
        }
    }
}
