//! The timeline: what happened in a conversation, in order.

pub mod identity;
pub mod inbound;

pub use inbound::{
    Attachment, AttachmentKind, Chat, Content, Delivery, Direction, Event, Inbound, Message, Parsed, Part,
    Party, Poison, Referral,
};
