//! The way through a request: body, entries, changes, elements. Each element is told by the file of its kind; one
//! that cannot be read becomes poison, and its siblings go on.

use serde_json::Value;

use super::{
    echo,
    envelope::{self, Happening, Scene, Told},
    group, history, message, notice, status, system,
};
use crate::{
    channels::meta::{
        fields::{Fields, clean, scalar},
        layer::{Layer, Members},
    },
    timeline::{Inbound, Parsed, Poison},
};

/// What the body says happened.
pub(super) fn inbound(body: &[u8]) -> Parsed {
    let mut reader = Reader::default();
    reader.keep(|reader| reader.body(&Layer::body(body)?));
    reader.parsed
}

/// Collects what is read, in the order of the payload.
#[derive(Default)]
struct Reader {
    parsed: Parsed,
}

impl Reader {
    /// Reads a part; what it cannot read of it becomes poison.
    fn keep(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Poison>) {
        if let Err(part) = read(self) {
            self.parsed.poison.push(part);
        }
    }

    fn body(&mut self, body: &Layer) -> Result<(), Poison> {
        let members = body.members()?;
        let object = members.get("object").and_then(|layer| layer.value().ok());
        if object.is_some_and(|object| object != "whatsapp_business_account") {
            return Err(body.poison("`object` is not \"whatsapp_business_account\""));
        }
        let entries = members.get("entry").ok_or_else(|| body.poison("`entry` is missing"))?;
        for entry in entries.elements()? {
            self.keep(|reader| reader.entry(&entry));
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Layer) -> Result<(), Poison> {
        let members = entry.members()?;
        let changes = members.get("changes").ok_or_else(|| entry.poison("`changes` is missing"))?;
        for change in changes.elements()? {
            self.keep(|reader| reader.change(&members, &change));
        }
        Ok(())
    }

    fn change(&mut self, entry: &Members, change: &Layer) -> Result<(), Poison> {
        let members = change.members()?;
        let field = match members.get("field").map(|layer| layer.value()).transpose()? {
            Some(Value::String(field)) if !clean(&field).is_empty() => clean(&field),
            Some(_) => return Err(change.poison("`field` is not a name")),
            None => "unknown".to_owned(),
        };
        let layer = members.get("value").ok_or_else(|| change.poison("`value` is missing"))?;
        let value = layer.members()?;
        let number = envelope::account(&value).map_err(|part| layer.poison(part.reason))?;
        let is_about_number = number.is_some();
        if !is_about_number && CONVERSATIONS.iter().any(|name| value.get(name).is_some()) {
            return Err(layer.poison("`metadata.phone_number_id` is missing"));
        }
        let (account, display) = match number {
            Some(number) => number,
            None => (business_account(entry).ok_or_else(|| change.poison("no account is named"))?, None),
        };
        let scene = Scene {
            account,
            display,
            contacts: envelope::contacts(&value, |part| self.parsed.poison.push(part)),
            error: envelope::first_error(&value),
            is_history: field == "history",
        };
        if self.elements(&scene, &field, is_about_number, &value) {
            return Ok(());
        }
        // Nothing that we know by name: the whole value is kept as one notice.
        let sent = entry.get("time").map_or("", |time| time.text());
        let happening = notice::whole(&field, sent, &layer)?;
        self.push(&scene, happening);
        Ok(())
    }

    /// Tells every list of elements that the value holds; `false` if it holds none.
    fn elements(&mut self, scene: &Scene, field: &str, is_about_number: bool, value: &Members) -> bool {
        let mut is_known = false;
        for (name, layer) in value.iter() {
            match name {
                "messages" if scene.is_history => self.each(scene, &layer, history::late),
                "messages" => self.each(scene, &layer, message::inbound),
                "message_echoes" => self.each(scene, &layer, echo::echo),
                "statuses" => self.each(scene, &layer, status::status),
                "history" => self.keep(|reader| reader.history(scene, &layer)),
                "groups" => self.each(scene, &layer, group::affair),
                "user_id_update" => self.each(scene, &layer, system::user_id_update),
                "state_sync" => self.notices(scene, &layer, notice::address_book),
                "errors" if is_about_number => self.notices(scene, &layer, notice::account_error),
                name if name == field && layer.is_list() => {
                    self.notices(scene, &layer, |fields| notice::about_person(scene, field, fields));
                }
                _ => continue,
            }
            is_known = true;
        }
        is_known
    }

    /// `history[]`, in which each piece holds threads, and each thread messages.
    fn history(&mut self, scene: &Scene, history: &Layer) -> Result<(), Poison> {
        for piece in history.elements()? {
            self.keep(|reader| {
                let members = piece.members()?;
                if let Some(errors) = members.get("errors") {
                    reader.notices(scene, &errors, notice::account_error);
                }
                let threads = members.get("threads").map_or(Ok(Vec::new()), |list| list.elements())?;
                for thread in threads {
                    reader.keep(|reader| {
                        let members = thread.members()?;
                        let id = members.get("id").and_then(|id| id.value().ok());
                        if let Some(messages) = members.get("messages") {
                            reader.each(scene, &messages, |scene, fields| {
                                history::past(scene, fields, id.as_ref())
                            });
                        }
                        Ok(())
                    });
                }
                Ok(())
            });
        }
        Ok(())
    }

    /// Tells each element of a list.
    fn each(&mut self, scene: &Scene, list: &Layer, tell: impl Fn(&Scene, Fields) -> Told) {
        self.keep(|reader| {
            for element in list.elements()? {
                reader.keep(|reader| {
                    let object = element.object()?;
                    let told = tell(scene, Fields(&object)).map_err(|error| element.poison(error))?;
                    for mut happening in told {
                        notice::identify(&mut happening.event, element.text());
                        reader.push(scene, happening);
                    }
                    Ok(())
                });
            }
            Ok(())
        });
    }

    /// Tells each element of a list as a notice.
    fn notices(&mut self, scene: &Scene, list: &Layer, tell: impl Fn(Fields) -> Happening) {
        self.each(scene, list, |_, fields| Ok(vec![tell(fields)]));
    }

    fn push(&mut self, scene: &Scene, happening: Happening) {
        let Happening { at, chat, event } = happening;
        let place = self.parsed.events.len() + self.parsed.poison.len();
        self.parsed.events.push(Inbound {
            account: scene.account.clone(),
            account_display: scene.display.clone(),
            at,
            position: u32::try_from(place).unwrap_or(u32::MAX),
            chat,
            event,
        });
    }
}

/// What belongs to one number and cannot do without it.
const CONVERSATIONS: [&str; 5] = ["messages", "message_echoes", "statuses", "history", "groups"];

/// The id of the WhatsApp business account that the entry is about.
fn business_account(entry: &Members) -> Option<String> {
    scalar(&entry.get("id")?.value().ok()?).filter(|id| !id.is_empty())
}
