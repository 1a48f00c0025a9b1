//! WhatsApp's side of the wire: payloads as the provider builds them, signed as the provider signs them, sent and sent
//! again as the provider does.
//!
//! A [`Sender`] is one business number. It makes changes (a customer wrote, a message was read, somebody answered from
//! the phone) and wraps them into the bytes of a request. A [`Plan`] makes traffic of them: who writes when, what comes
//! twice, late, out of order or in one batch, and the list of what must be found at the other end. [`run()`] sends it.
//! The same seed gives the same bytes. A [`media::Provider`] has the files that messages name.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview>

mod chance;
pub mod media;
mod media_socket;
mod payload;
mod plan;
mod run;
pub mod samples;
mod sender;
mod socket;
mod wire;

#[cfg(test)]
mod tests;

pub use media_socket::serve_media;
pub use payload::Customer;
pub use plan::{Expected, Plan, Post, Schedule};
pub use run::{Options, Report, Unreachable, run, run_over_socket};
pub use sender::Sender;
pub use socket::{NotATarget, Target};
pub use wire::{body, signature};
