//! The process itself: its memory, its open files, its version. The names are Prometheus's own.

use prometheus_client::{
    metrics::{gauge::Gauge, info::Info},
    registry::Registry,
};

/// What the system says of this process; on systems that say nothing, nothing.
pub(super) fn register(registry: &mut Registry) {
    let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("causeway_build", "The program", build);
    if let Some(bytes) = resident() {
        let memory: Gauge = Gauge::default();
        memory.set(bytes);
        registry.register("process_resident_memory_bytes", "Memory that the process holds", memory);
    }
    if let Some(open) = open_files() {
        let files: Gauge = Gauge::default();
        files.set(open);
        registry.register("process_open_fds", "Open files and connections", files);
    }
}

/// Linux tells it in kilobytes.
fn resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<i64>().ok()?.checked_mul(1024)
}

fn open_files() -> Option<i64> {
    i64::try_from(std::fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}
