//! What was measured, as a table.

use std::{fmt, time::Duration};

/// Figures, each with the bar it is held to.
#[derive(Default)]
pub struct Figures(Vec<(String, String, String)>);

impl Figures {
    /// Adds a figure.
    pub fn add(&mut self, what: &str, figure: String, bar: &str) {
        eprintln!("  {what}: {figure}");
        self.0.push((what.to_owned(), figure, bar.to_owned()));
    }

    /// Adds the middle and the 99th of a hundred of some times.
    pub fn add_times(&mut self, what: &str, times: Vec<Duration>, bar: &str) {
        let (middle, late) = quantiles(times);
        self.add(what, format!("p50 {}, p99 {}", millis(middle), millis(late)), bar);
    }
}

/// The median and the 99th percentile.
pub fn quantiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    (at(50).copied().unwrap_or_default(), at(99).copied().unwrap_or_default())
}

/// Milliseconds as a person reads them.
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | figure | bar |\n|---|---|---|")?;
        for (what, figure, bar) in &self.0 {
            writeln!(f, "| {what} | {figure} | {bar} |")?;
        }
        Ok(())
    }
}
