//! The timeline: what happened in a conversation, in order.

pub mod act;
pub mod identity;
pub mod inbound;

pub use act::{Act, Memo, MemoRefused, Status};
pub use inbound::{
    Attachment, AttachmentKind, Chat, Content, Delivery, Direction, Event, Inbound, Message, Parsed, Part,
    Party, Poison, Referral,
};
