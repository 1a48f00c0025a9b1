//! `causeway trace`: where is this message?

use std::process::ExitCode;

use causeway_core::time::Zone;
use serde_json::json;

use super::Place;
use crate::{
    app::App,
    receipts,
    store::{intake, workspace},
};

#[derive(clap::Args)]
pub struct Args {
    /// Our id of the message (`msg_…`) or the provider's
    id: String,
    /// Write the receipts as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let app = args.place.open_existing("trace").await?;
    let receipts = receipts::of_message(&app, None, &args.id).await?;
    if receipts.is_empty() {
        return Err(unknown(&app, &args.id).await?);
    }
    if args.json {
        super::say(&format!("{:#}", json!({ "receipts": receipts })));
        return Ok(ExitCode::SUCCESS);
    }
    let zone = app.db.read(|tx| Box::pin(workspace::first(tx))).await?;
    let zone = zone.map_or_else(Zone::utc, |workspace| workspace.zone);
    let texts: Vec<String> = receipts.iter().map(|receipt| receipts::render(receipt, &zone)).collect();
    super::say(&texts.join("\n\n"));
    Ok(ExitCode::SUCCESS)
}

/// Nothing of that id was read; perhaps it waits, perhaps it could not be read.
async fn unknown(app: &App, id: &str) -> anyhow::Result<anyhow::Error> {
    let waiting = app.db.read(|tx| Box::pin(intake::waiting(tx, None))).await?;
    let next = if waiting > 0 {
        format!("{waiting} kept requests are not read yet, so ask again when they are")
    } else {
        "check the id; what could not be read is listed under /api/v1/quarantine".to_owned()
    };
    Ok(anyhow::anyhow!("no message of the id {id} has been read: {next}"))
}
