//! The command line: one file per command. What people read goes to standard error, data to standard output.
//!
//! Exit codes: 0, done; 1, `demo` found something that is not as expected; 2, it could not be done, and one
//! sentence says what to do.

mod config;
pub mod demo;
mod doctor;
mod place;
mod replay;
mod serve;
mod sim;
mod span;
mod token;
mod trace;

use std::process::ExitCode;

use clap::{Parser, Subcommand, error::ErrorKind};

use place::Place;

/// Carries customer conversations into the CRM, each message with a receipt.
#[derive(Parser)]
#[command(name = "causeway", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The main job on real input, against a simulated org
    Demo(demo::Options),
    /// Run the server: webhooks, connecting, the API, and the work behind them
    Serve(serve::Args),
    /// Say where a message is, by our id of it or the provider's
    Trace(trace::Args),
    /// Make a new API token for a member
    Token(token::Args),
    /// Send kept raw requests through the present parser again
    Replay(replay::Args),
    /// Check everything that the server needs, and say what to do
    Doctor(doctor::Args),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Stand in for the outside world: a CRM or a provider, for trials and tests
    #[command(subcommand)]
    Sim(sim::Command),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::anyhow!("the system gives us no threads: {error}")),
    };
    let done = runtime.block_on(run(cli.command));
    // What is still under way is recorded as such; nobody waits for it.
    runtime.shutdown_background();
    done.unwrap_or_else(|error| failed(&error))
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(options) => match demo::run(options).await {
            Ok(true) => Ok(ExitCode::SUCCESS),
            Ok(false) => Ok(ExitCode::FAILURE),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        },
        Command::Serve(args) => serve::run(args).await,
        Command::Trace(args) => trace::run(args).await,
        Command::Token(args) => token::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Config(command) => config::run(&command),
        Command::Sim(command) => sim::run(command).await,
    }
}

/// A line on standard output. A reader who has gone away (`| head`) has read enough.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A line on standard error, for people. It may have no reader either.
fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// One sentence on standard error.
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("causeway: {}", one_line(&error.to_string()));
    ExitCode::from(2)
}

/// Help and version are answers; anything else that the parser says is a refusal, in one sentence.
fn refused(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader who has gone away has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        eprint!("{error}");
        return ExitCode::from(2);
    }
    let text = error.to_string();
    let is_ours = |part: &&str| !part.starts_with("Usage:") && !part.starts_with("For more information");
    let said: Vec<&str> = text.split("\n\n").filter(is_ours).collect();
    let said = one_line(&said.join("; ").replace("error: ", "").replace("tip: ", ""));
    eprintln!("causeway: {said}; `--help` shows what there is");
    ExitCode::from(2)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_parser_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
