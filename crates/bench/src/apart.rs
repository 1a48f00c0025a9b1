//! Parts of a measurement that run in a process of their own, so that each one's time and memory are its own: this
//! program again, told which part it is.

use std::{
    env,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The first argument of a process that is a part.
pub const PART: &str = "--part";

/// Clock ticks of a second, as Linux counts processor time for programs.
const TICKS: f64 = 100.0;

/// A part that runs; it ends with this value.
pub struct Apart {
    child: Child,
    told: Value,
}

impl Drop for Apart {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // A process that is killed leaves what it had on disk.
        if let Some(folder) = self.told["folder"].as_str() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Apart {
    /// Starts a part and waits for the line in which it tells where it is.
    pub fn start(part: &str, arguments: &[String]) -> Result<Self> {
        let program = env::current_exe().context("this program's own file")?;
        let mut child = Command::new(program)
            .arg(PART)
            .arg(part)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting the part {part}"))?;
        let mut line = String::new();
        let output = child.stdout.take().context("its output")?;
        BufReader::new(output).read_line(&mut line)?;
        let told = serde_json::from_str(&line).with_context(|| format!("the part {part} did not start"))?;
        Ok(Self { child, told })
    }

    /// What it told of itself, by name.
    pub fn told(&self, name: &str) -> Result<&str> {
        self.told[name].as_str().with_context(|| format!("the part told no {name}"))
    }

    /// Host and port of where it listens.
    pub fn host(&self) -> Result<&str> {
        Ok(self.told("url")?.trim_start_matches("http://"))
    }

    /// Milliseconds of processor time that it has used, in itself and in the system for it.
    pub fn used(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in brackets may hold blanks; what follows does not.
        let rest = stat.rsplit(')').next().context("no figures")?;
        let ticks: u64 =
            rest.split_whitespace().skip(11).take(2).filter_map(|figure| figure.parse::<u64>().ok()).sum();
        Ok(ticks as f64 * 1000.0 / TICKS)
    }

    /// Memory that it holds now, in MiB.
    pub fn memory(&self) -> Result<f64> {
        self.figure("VmRSS:")
    }

    /// The most memory that it has held, in MiB.
    pub fn most_memory(&self) -> Result<f64> {
        self.figure("VmHWM:")
    }

    fn figure(&self, name: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line =
            status.lines().find(|line| line.starts_with(name)).context("the system tells no memory")?;
        let figure: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(figure / 1024.0)
    }
}
