//! Raw requests come in, are kept, are acknowledged; then they are read into the timeline.

mod digest;
mod receive;

pub use digest::{Digested, drain, run};
pub use receive::{Received, SealedSecrets, receive, seal_place};
