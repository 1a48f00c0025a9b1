//! What was said, and what each message must say in the end.

use std::collections::BTreeMap;

use causeway_simulator::whatsapp::Customer;
use serde_json::Value;

use super::script::Saying;
use crate::{failures::story::number, world::World};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    In,
    Out,
    Group,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    pub customer: usize,
    pub way: Way,
    /// The provider's time and the place in its request: the order of a conversation.
    pub order: (i64, i64),
    /// What it says now.
    pub text: String,
    pub is_revoked: bool,
}

/// All messages by number.
#[derive(Default)]
pub struct Told {
    pub messages: BTreeMap<usize, Message>,
    last_second: i64,
    is_long: bool,
}

/// The customer in that place.
pub fn customer(place: usize) -> Customer {
    Customer::with_number(&number(place), &format!("Person {place}"))
}

/// The provider's id of a message.
pub fn wamid(message: usize) -> String {
    format!("wamid.{message}")
}

impl Told {
    /// Nothing yet. With some seeds people write at such length that entries have several parts.
    pub fn new(seed: u64) -> Self {
        Self { is_long: seed % 9 == 4, ..Self::default() }
    }

    /// The request in which the provider tells these; `None` if nothing of it can be said.
    pub fn compose(
        &mut self,
        world: &World,
        now: i64,
        sayings: &[Saying],
        is_one_second: bool,
    ) -> Option<Vec<u8>> {
        let mut second = now.max(self.last_second + 1);
        let mut changes = Vec::new();
        for saying in sayings {
            if let Some(change) = self.say(world, second, changes.len(), saying) {
                changes.push(change);
                second += i64::from(!is_one_second);
            }
        }
        self.last_second = second;
        (!changes.is_empty()).then(|| world.sender.wrap(changes))
    }

    fn say(&mut self, world: &World, second: i64, place: usize, saying: &Saying) -> Option<Value> {
        let sender = &world.sender;
        let place = i64::try_from(place).unwrap();
        let change = format!("{second}.{place}");
        Some(match saying {
            Saying::In { message, customer: who } => {
                let text = self.begin(*message, *who, Way::In, (second, place));
                sender.text(&customer(*who), &wamid(*message), second, &text)
            }
            Saying::Out { message, customer: who } => {
                let text = self.begin(*message, *who, Way::Out, (second, place));
                sender.echo_text(&customer(*who), &wamid(*message), second, &text)
            }
            Saying::Group { message, customer: who } => {
                let text = self.begin(*message, *who, Way::Group, (second, place));
                sender.group_text("group-1", &customer(*who), &wamid(*message), second, &text)
            }
            Saying::Edit { message, time } => {
                let told = self.messages.get_mut(message)?;
                told.text = format!("message {message}; edited {time}");
                let who = customer(told.customer);
                sender.edit(&who, &format!("wamid.edit.{change}"), second, &wamid(*message), &told.text)
            }
            Saying::Revoke { message } => {
                let told = self.messages.get_mut(message)?;
                told.is_revoked = true;
                let who = customer(told.customer);
                sender.revoke(&who, &format!("wamid.revoke.{change}"), second, &wamid(*message))
            }
            Saying::React { message } => {
                let who = customer(self.messages.get(message)?.customer);
                sender.reaction(&who, &format!("wamid.react.{change}"), second, &wamid(*message), Some("👍"))
            }
            Saying::Seen { message } => {
                let who = customer(self.messages.get(message)?.customer);
                sender.status(&who, &wamid(*message), second, "read")
            }
        })
    }

    fn begin(&mut self, message: usize, customer: usize, way: Way, order: (i64, i64)) -> String {
        let more = if self.is_long {
            format!(" {}", "at length ".repeat(1_300)).trim_end().to_owned()
        } else {
            String::new()
        };
        let text = format!("message {message};{more}");
        let told = Message { customer, way, order, text: text.clone(), is_revoked: false };
        self.messages.insert(message, told);
        text
    }
}

/// The message that a text is of.
pub fn message_of(text: &str) -> Option<usize> {
    text.strip_prefix("message ")?.split_once(';')?.0.parse().ok()
}
