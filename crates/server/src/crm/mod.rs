//! The doing half of the edge towards CRMs: grants, and calls under them.

mod callback;
mod connect;
mod disconnect;
mod examine;
mod identify;
mod in_flight;
mod line;
mod renew;

pub use callback::Callback;
pub use connect::{Begun, ConnectError, Connected, begin, finish, start};
pub use disconnect::{Disconnected, disconnect, disconnect_by};
pub use in_flight::InFlight;
pub use line::{Failure, Line, Written, unexpected};
