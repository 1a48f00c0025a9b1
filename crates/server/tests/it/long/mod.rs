//! What takes longer than a build should wait for: runs under `./test --long` only, and returns at once otherwise.

mod faults;
mod field;
mod kill;
mod postgres;
pub mod process;
mod schedules;
mod shortage;

/// Are the long tests wanted?
fn is_wanted() -> bool {
    std::env::var_os("CAUSEWAY_TEST_LONG").is_some_and(|value| value == "1")
}
