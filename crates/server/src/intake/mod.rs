//! Raw requests come in, are kept, are acknowledged; then they are read into the timeline.

mod digest;
mod endpoint;
mod opened;
mod receive;
mod sealed;
mod setup;

pub use digest::{Digested, drain, run};
pub use endpoint::{Endpoint, EndpointRefused, Wish, add, remove, rename};
pub use opened::Endpoints;
pub use receive::{Received, receive};
pub use sealed::{SealedSecrets, access_token, seal_place, secrets};
pub use setup::{Setup, challenge};
