//! Measures the program as it is built and prints a table for `docs/benchmarks.md`.
//!
//! `cargo run --release -p bench -- [inbox|live|pages|panel]...`; without a name, all of them.

#![expect(clippy::disallowed_methods, reason = "it measures, with the machine's own clock")]
#![expect(clippy::cast_precision_loss, reason = "figures for people are rounded anyway")]

mod figures;
mod inbox;
mod live;
mod pages;
mod panel;
mod stage;

use anyhow::{Result, bail};

use figures::Figures;

#[tokio::main]
async fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let mut figures = Figures::default();
    for name in
        if asked.is_empty() { ["inbox", "live", "pages", "panel"].map(String::from).to_vec() } else { asked }
    {
        eprintln!("{name} ...");
        match name.as_str() {
            "inbox" => inbox::measure(&mut figures).await?,
            "live" => live::measure(&mut figures).await?,
            "pages" => pages::measure(&mut figures).await?,
            "panel" => panel::measure(&mut figures).await?,
            _ => bail!("there is no benchmark `{name}`; there are: inbox, live, pages, panel"),
        }
    }
    print!("{figures}");
    Ok(())
}
