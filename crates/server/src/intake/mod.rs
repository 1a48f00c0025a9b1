//! Raw requests come in, are kept, are acknowledged; then they are read into the timeline.

mod digest;
mod endpoint;
mod receive;
mod setup;

pub use digest::{Digested, drain, run};
pub use endpoint::{Endpoint, EndpointRefused, add};
pub use receive::{Received, SealedSecrets, receive, seal_place, secrets};
pub use setup::{Setup, challenge};
