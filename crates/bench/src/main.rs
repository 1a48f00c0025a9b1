//! Measures the program as it is built and prints a table for `docs/benchmarks.md`.
//!
//! `cargo run --release -p bench -- [ingest|backlog|zoho|growth|waiting|inbox|live|pages|panel]...`; without a name, all of them.

#![expect(clippy::disallowed_methods, reason = "it measures, with the machine's own clock")]
#![expect(clippy::cast_precision_loss, reason = "figures for people are rounded anyway")]

mod apart;
mod api;
mod backlog;
mod figures;
mod growth;
mod inbox;
mod ingest;
mod live;
mod pages;
mod panel;
mod part;
mod provider;
mod stage;
mod store;
mod zoho;

use anyhow::{Context as _, Result, bail};

use figures::Figures;

/// Every measurement, in the order of the table.
const ALL: [&str; 9] = ["ingest", "backlog", "zoho", "growth", "waiting", "inbox", "live", "pages", "panel"];

#[tokio::main]
async fn main() -> Result<()> {
    let mut asked: Vec<String> = std::env::args().skip(1).collect();
    if asked.first().is_some_and(|first| first == apart::PART) {
        return part::run(asked.get(1).context("which part?")?, asked.get(2..).unwrap_or_default()).await;
    }
    if asked.is_empty() {
        asked = ALL.map(String::from).to_vec();
    }
    let mut figures = Figures::default();
    for name in asked {
        eprintln!("{name} ...");
        match name.as_str() {
            "ingest" => ingest::measure(&mut figures).await?,
            "backlog" => backlog::measure(&mut figures).await?,
            "zoho" => zoho::measure(&mut figures).await?,
            "growth" => growth::measure(&mut figures).await?,
            "waiting" => growth::waiting(&mut figures).await?,
            "inbox" => inbox::measure(&mut figures).await?,
            "live" => live::measure(&mut figures).await?,
            "pages" => pages::measure(&mut figures).await?,
            "panel" => panel::measure(&mut figures).await?,
            _ => bail!("there is no benchmark `{name}`; there are: {}", ALL.join(", ")),
        }
    }
    print!("{figures}");
    Ok(())
}
