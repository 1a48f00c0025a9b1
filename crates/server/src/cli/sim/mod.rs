//! `causeway sim`: stands in for the outside world.

mod salesforce;
mod whatsapp;
mod zoho;

use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub enum Command {
    /// A Salesforce org: login, consent, REST API, and controls under /_sim
    Salesforce(salesforce::Args),
    /// A Zoho CRM org: login, consent, REST API, and controls under /_sim
    Zoho(zoho::Args),
    /// The WhatsApp provider: signs and posts messages to a webhook, again, late and out of order
    Whatsapp(whatsapp::Args),
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Salesforce(args) => salesforce::run(args).await,
        Command::Zoho(args) => zoho::run(args).await,
        Command::Whatsapp(args) => whatsapp::run(args).await,
    }
}
