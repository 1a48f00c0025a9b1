//! `causeway config show`: every effective value, and where it comes from. `causeway config reference`: what can be set.

use std::process::ExitCode;

use super::Place;
use crate::config;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Every effective value and where it comes from; secrets are hidden
    Show(Place),
    /// Every setting with its default and a sentence, as a file to begin with
    Reference,
}

pub fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let place = match command {
        Command::Show(place) => place,
        Command::Reference => {
            super::say(config::reference().trim_end());
            return Ok(ExitCode::SUCCESS);
        }
    };
    let shown = config::show(&place.sources()?)?;
    let width = shown.iter().map(|one| one.key.len() + one.value.len() + 3).max().unwrap_or(0).min(60);
    for one in shown {
        super::say(&format!("{:width$}  # {}", format!("{} = {}", one.key, one.value), one.origin));
    }
    Ok(ExitCode::SUCCESS)
}
