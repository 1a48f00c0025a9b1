//! Letting people in: passwords, sessions, links that work once.

mod enter;
mod password;
mod tickets;

pub use enter::{EnterRefused, Entered, begin, sign_in};
pub use password::{hash, verify};
pub use tickets::{TicketRefused, accept, by_link, invite, link_for, look_at};
