//! Letting people in: passwords, sessions, links that work once.

mod enter;
mod password;
mod tickets;

pub use enter::{EnterRefused, Entered, begin, leave, recognise, sign_in};
pub use password::{hash, verify};
pub(crate) use tickets::fresh;
pub use tickets::{TicketRefused, accept, by_link, link_for, look_at};
