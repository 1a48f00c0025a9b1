//! The `causeway` program.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Carries customer conversations into the CRM, and says where every message is
#[derive(Parser)]
#[command(name = "causeway", version)]
struct Causeway {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The main job on real input, against a simulated org
    Demo(causeway::cli::demo::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Causeway { command: Command::Demo(options) } = Causeway::parse();
    match causeway::cli::demo::run(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("causeway demo: {error:#}");
            ExitCode::from(2)
        }
    }
}
