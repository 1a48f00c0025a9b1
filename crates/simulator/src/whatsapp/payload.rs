//! Changes as the provider builds them, one per event; [`join`] makes one of several, as in a batch.
//! <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>

use serde_json::{Map, Value, json};

use super::Sender;
use super::media::File;

/// Somebody who writes to the business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The number: digits, country code first. Absent for people who are known by user name only.
    pub wa_id: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
    /// The name that they chose.
    pub name: Option<String>,
    /// The user name, with `@`.
    pub username: Option<String>,
}

impl Customer {
    /// Somebody known by number.
    pub fn with_number(wa_id: &str, name: &str) -> Self {
        Self { wa_id: Some(wa_id.into()), name: Some(name.into()), ..Self::default() }
    }

    /// Somebody known by user id only.
    pub fn with_user_id(user_id: &str, username: &str, name: &str) -> Self {
        let username = Some(username.into());
        Self { user_id: Some(user_id.into()), name: Some(name.into()), username, wa_id: None }
    }

    fn contact(&self) -> Value {
        let profile = sparse([("name", &self.name), ("username", &self.username)]);
        let mut contact = sparse([("wa_id", &self.wa_id), ("user_id", &self.user_id)]);
        contact.insert("profile".into(), profile.into());
        contact.into()
    }
}

/// What a customer did, one function per kind. Each makes a whole change: `{"field": …, "value": …}`.
impl Sender {
    /// A message of any kind; `content` is the object under the kind's own name.
    pub fn message(&self, from: &Customer, id: &str, at_seconds: i64, kind: &str, content: Value) -> Value {
        let mut message = sparse([("from", &from.wa_id), ("from_user_id", &from.user_id)]);
        stamp(&mut message, id, at_seconds, kind, content);
        self.change("messages", json!({"contacts": [from.contact()], "messages": [message]}))
    }

    /// A text.
    pub fn text(&self, from: &Customer, id: &str, at_seconds: i64, text: &str) -> Value {
        self.message(from, id, at_seconds, "text", json!({"body": text}))
    }

    /// A picture, with a caption or none.
    pub fn image(
        &self,
        from: &Customer,
        id: &str,
        at_seconds: i64,
        media_id: &str,
        caption: Option<&str>,
    ) -> Value {
        let mut image = json!({"id": media_id, "mime_type": "image/jpeg", "sha256": "mBsoIeaVTcpbbvsRoCZRZoIKTFHcpA8BI1Mj8Gdxx20="});
        if let Some(caption) = caption {
            image["caption"] = json!(caption);
        }
        self.message(from, id, at_seconds, "image", image)
    }

    /// A sound recorded in the chat.
    pub fn voice(&self, from: &Customer, id: &str, at_seconds: i64, media_id: &str) -> Value {
        let audio = json!({"id": media_id, "mime_type": "audio/ogg; codecs=opus", "sha256": "m04pFf2ERdaopTyFkGPA0+bX3i+YY2dYgVFwOgDLSDI=", "voice": true});
        self.message(from, id, at_seconds, "audio", audio)
    }

    /// A document.
    pub fn document(&self, from: &Customer, id: &str, at_seconds: i64, media_id: &str, name: &str) -> Value {
        let document = json!({"id": media_id, "filename": name, "mime_type": "application/pdf", "sha256": "Xl3bGS6z5hWlcmvxPcfXnLPvJ6HYq6w0c1d4zs5mVdA="});
        self.message(from, id, at_seconds, "document", document)
    }

    /// A message with this file: `kind` is `image`, `video`, `audio`, `document` or `sticker`; `besides` holds its caption,
    /// its name, or that it was recorded in the chat.
    pub fn file(
        &self,
        from: &Customer,
        (id, at_seconds): (&str, i64),
        (kind, media_id): (&str, &str),
        file: &File,
        besides: Value,
    ) -> Value {
        let mut content = json!({"id": media_id, "mime_type": file.mime_type, "sha256": file.sha256()});
        if let (Value::Object(content), Value::Object(besides)) = (&mut content, besides) {
            content.extend(besides);
        }
        self.message(from, id, at_seconds, kind, content)
    }

    /// A place.
    pub fn location(
        &self,
        from: &Customer,
        id: &str,
        at_seconds: i64,
        latitude: f64,
        longitude: f64,
    ) -> Value {
        self.message(from, id, at_seconds, "location", json!({"latitude": latitude, "longitude": longitude}))
    }

    /// A reaction to the message `target`; no emoji takes it away.
    pub fn reaction(
        &self,
        from: &Customer,
        id: &str,
        at_seconds: i64,
        target: &str,
        emoji: Option<&str>,
    ) -> Value {
        let mut reaction = json!({"message_id": target});
        if let Some(emoji) = emoji {
            reaction["emoji"] = json!(emoji);
        }
        self.message(from, id, at_seconds, "reaction", reaction)
    }

    /// The customer chose the button `choice` with this title.
    pub fn button_reply(
        &self,
        from: &Customer,
        id: &str,
        at_seconds: i64,
        choice: &str,
        title: &str,
    ) -> Value {
        let reply = json!({"type": "button_reply", "button_reply": {"id": choice, "title": title}});
        self.message(from, id, at_seconds, "interactive", reply)
    }

    /// The customer edited the text message `target`.
    pub fn edit(&self, from: &Customer, id: &str, at_seconds: i64, target: &str, text: &str) -> Value {
        let message = json!({"type": "text", "text": {"body": text}, "context": {"id": "M0"}});
        self.message(from, id, at_seconds, "edit", json!({"original_message_id": target, "message": message}))
    }

    /// The customer deleted the message `target` for everyone.
    pub fn revoke(&self, from: &Customer, id: &str, at_seconds: i64, target: &str) -> Value {
        self.message(from, id, at_seconds, "revoke", json!({"original_message_id": target}))
    }

    /// A message of a kind that the API does not carry.
    pub fn unsupported(&self, from: &Customer, id: &str, at_seconds: i64, kind: &str) -> Value {
        let mut change = self.message(from, id, at_seconds, "unsupported", json!({"type": kind}));
        change["value"]["messages"][0]["errors"] = json!([{
            "code": 131_051, "title": "Message type unknown", "message": "Message type unknown",
            "error_data": {"details": "Message type is currently not supported."},
        }]);
        change
    }

    /// A text in a group.
    pub fn group_text(&self, group: &str, from: &Customer, id: &str, at_seconds: i64, text: &str) -> Value {
        let mut change = self.text(from, id, at_seconds, text);
        change["value"]["messages"][0]["group_id"] = json!(group);
        change
    }

    /// The customer has a new number.
    pub fn number_change(&self, from: &Customer, id: &str, at_seconds: i64, new: &str) -> Value {
        let old = from.wa_id.as_deref().unwrap_or_default();
        let body = format!("User A changed from {old} to {new}");
        let system = json!({"body": body, "wa_id": new, "type": "user_changed_number"});
        let mut change = self.message(from, id, at_seconds, "system", system);
        // Such a message describes nobody.
        change["value"].as_object_mut().map(|value| value.remove("contacts"));
        change
    }

    /// How far the message `target` to a customer has come: `sent`, `delivered`, `read`, `played`.
    pub fn status(&self, to: &Customer, target: &str, at_seconds: i64, word: &str) -> Value {
        let mut status = sparse([("recipient_id", &to.wa_id), ("recipient_user_id", &to.user_id)]);
        status.insert("id".into(), json!(target));
        status.insert("status".into(), json!(word));
        status.insert("timestamp".into(), json!(at_seconds.to_string()));
        self.change("messages", json!({"contacts": [to.contact()], "statuses": [status]}))
    }

    /// The message `target` could not be delivered.
    pub fn failure(&self, to: &Customer, target: &str, at_seconds: i64) -> Value {
        let mut change = self.status(to, target, at_seconds, "failed");
        change["value"]["statuses"][0]["errors"] = json!([{
            "code": 131_026, "title": "Message undeliverable", "message": "Message undeliverable",
            "error_data": {"details": "Message Undeliverable."},
        }]);
        change["value"].as_object_mut().map(|value| value.remove("contacts"));
        change
    }

    /// A text that somebody of the business sent from the phone.
    pub fn echo_text(&self, to: &Customer, id: &str, at_seconds: i64, text: &str) -> Value {
        self.echo(to, id, at_seconds, "text", json!({"body": text}))
    }

    /// Anything that somebody of the business sent from the phone.
    pub fn echo(&self, to: &Customer, id: &str, at_seconds: i64, kind: &str, content: Value) -> Value {
        let mut echo = sparse([("to", &to.wa_id), ("to_user_id", &to.user_id)]);
        echo.insert("from".into(), json!(self.display_number));
        stamp(&mut echo, id, at_seconds, kind, content);
        self.change("smb_message_echoes", json!({"contacts": [to.contact()], "message_echoes": [echo]}))
    }

    /// Any change of this number.
    pub fn change(&self, field: &str, mut value: Value) -> Value {
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] =
            json!({"display_phone_number": self.display_number, "phone_number_id": self.phone_number_id});
        json!({"field": field, "value": value})
    }
}

/// One change with the messages and the contacts of all, if all are messages to one number. The contacts are each told
/// once and in reverse: their order means nothing.
pub(super) fn join(changes: Vec<Value>) -> Option<Value> {
    let mut changes = changes.into_iter();
    let mut all = changes.next()?;
    for change in changes {
        for list in ["messages", "contacts"] {
            let Value::Array(known) = &mut all["value"][list] else { continue };
            let more = change["value"][list].as_array().into_iter().flatten();
            for element in more {
                if list == "messages" || !known.contains(element) {
                    known.push(element.clone());
                }
            }
        }
    }
    if let Value::Array(contacts) = &mut all["value"]["contacts"] {
        contacts.reverse();
    }
    Some(all)
}

fn stamp(message: &mut Map<String, Value>, id: &str, at_seconds: i64, kind: &str, content: Value) {
    message.insert("id".into(), json!(id));
    message.insert("timestamp".into(), json!(at_seconds.to_string()));
    message.insert("type".into(), json!(kind));
    message.insert(kind.into(), content);
}

/// An object of the members that have a value.
fn sparse<const N: usize>(members: [(&str, &Option<String>); N]) -> Map<String, Value> {
    members.into_iter().filter_map(|(name, value)| Some((name.into(), json!(value.as_ref()?)))).collect()
}
