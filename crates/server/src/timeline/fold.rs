//! One event into the timeline. A repeat changes nothing; a late or reordered event ends in the same state.

use causeway_core::timeline::{Chat, Content, Direction, Event, Inbound, Message, Part, Party};

use super::{Context, cover, people};
use crate::store::{
    Result, Tx, attachment, contact,
    conversation::{self, Spoke},
    entry,
    integration::State,
    item::{self, Change, NewItem, Reported},
    source::{self, Account},
};

/// What folding one raw request came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Messages, reactions and notices that are new.
    pub new: u64,
    /// Edits and revokes that changed something.
    pub changed: u64,
    /// Events that said nothing new.
    pub repeated: u64,
}

/// The raw request behind an event.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Its id.
    pub intake_id: i64,
    /// When it came.
    pub received_at: i64,
}

/// Folds one event. Answers what it came to, and which conversation looks different now.
pub async fn fold(
    tx: &mut Tx<'_>,
    context: &Context,
    origin: Origin,
    event: &Inbound,
) -> Result<(Folded, Option<i64>)> {
    let now = context.nature.now().0;
    let fresh = context.nature.id();
    let display = event.account_display.as_deref();
    let account = source::ensure_account(tx, &context.source, &event.account, display, fresh, now).await?;
    let folding = Folding { context, origin, account: &account, event, now };
    let outcome = match &event.event {
        Event::Message(message) => folding.message(tx, message).await?,
        Event::Edit { id, target, content } => folding.change(tx, id, target, Some(content.clone())).await?,
        Event::Revoke { id, target } => folding.change(tx, id, target, None).await?,
        Event::Status { target, delivery, participant, error } => {
            let reported = Reported { delivery: *delivery, at: folding.at(), error: error.clone() };
            let workspace_id = context.source.workspace_id;
            let participant = participant.as_deref().unwrap_or_default();
            item::report_delivery(tx, workspace_id, account.id, target, participant, &reported).await?;
            let known = item::message(tx, workspace_id, account.id, target).await?;
            Outcome::Reported(known.map(|known| known.conversation_id))
        }
        Event::Reaction { id, target, emoji, direction } => {
            // One that was taken away says nothing.
            let shown = Content { parts: emoji.iter().cloned().map(Part::Text).collect() };
            folding.side_item(tx, "reaction", id, *direction, shown, Some(target.clone())).await?
        }
        Event::NewAddresses { id, addresses, text } => {
            if !folding.is_known(tx, "notice", id).await? {
                folding.new_addresses(tx, addresses).await?;
            }
            folding.side_item(tx, "notice", id, Direction::In, says(text.clone()), None).await?
        }
        Event::Notice { id, kind, text } => {
            let id = id.clone().unwrap_or_else(|| format!("{}/{}", origin.intake_id, event.position));
            folding.side_item(tx, "notice", &id, Direction::In, says(format!("{kind}: {text}")), None).await?
        }
    };
    Ok(match outcome {
        Outcome::New(conversation_id) => (Folded { new: 1, ..Folded::default() }, Some(conversation_id)),
        Outcome::Changed(conversation_id) => {
            (Folded { changed: 1, ..Folded::default() }, Some(conversation_id))
        }
        Outcome::Reported(conversation_id) => (Folded { repeated: 1, ..Folded::default() }, conversation_id),
        Outcome::Repeated => (Folded { repeated: 1, ..Folded::default() }, None),
    })
}

/// What an event came to, and in which conversation.
enum Outcome {
    New(i64),
    Changed(i64),
    /// How far a message has come, if that is known here.
    Reported(Option<i64>),
    Repeated,
}

struct Folding<'a> {
    context: &'a Context,
    origin: Origin,
    account: &'a Account,
    event: &'a Inbound,
    now: i64,
}

/// Where an event belongs.
struct Thread {
    conversation_id: i64,
    is_group: bool,
    /// Its person; in a group whoever wrote, where groups are synced.
    contact_id: Option<i64>,
    author: Option<String>,
}

impl Folding<'_> {
    fn workspace_id(&self) -> i64 {
        self.context.source.workspace_id
    }

    /// The provider's time; arrival, where it gave none.
    fn at(&self) -> i64 {
        self.event.at.map_or(self.origin.received_at, |at| at.0)
    }

    /// The mark by which a message is recognised when it is told again.
    fn mark(&self, id: &str) -> String {
        if self.context.safety.keeps_dedupe_mark {
            id.into()
        } else {
            format!("{id}/{}", self.origin.intake_id)
        }
    }

    async fn is_known(&self, tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<bool> {
        item::is_known(tx, self.workspace_id(), self.account.id, kind, id).await
    }

    async fn message(&self, tx: &mut Tx<'_>, message: &Message) -> Result<Outcome> {
        let mark = self.mark(&message.id);
        // What a repeat says of the person may be outdated by now.
        if self.is_known(tx, "message", &mark).await? {
            return Ok(Outcome::Repeated);
        }
        let Some(thread) = self.thread(tx).await? else { return Ok(Outcome::Repeated) };
        let new = NewItem {
            id: self.context.nature.id(),
            workspace_id: self.workspace_id(),
            conversation_id: thread.conversation_id,
            account_id: self.account.id,
            kind: "message",
            provider_id: mark,
            direction: message.direction,
            at: self.at(),
            position: i64::from(self.event.position),
            author: self.author(message.direction, &thread),
            content: message.content.clone(),
            reply_to: message.reply_to.clone(),
            is_history: message.is_history,
            intake_id: self.origin.intake_id,
            received_at: self.origin.received_at,
        };
        if !item::insert(tx, &new).await? {
            return Ok(Outcome::Repeated);
        }
        let spoke = match message.direction {
            _ if message.is_history => Spoke::Before,
            Direction::In => Spoke::Customer,
            Direction::Out => Spoke::Team,
        };
        conversation::touch(tx, self.workspace_id(), thread.conversation_id, new.at, spoke).await?;
        let covered = cover::Message {
            item_id: new.id,
            conversation_id: thread.conversation_id,
            is_group: thread.is_group,
            contact_id: thread.contact_id,
            account_id: self.account.id,
            provider_id: new.provider_id.clone(),
            at: new.at,
            position: new.position,
            is_history: message.is_history,
            received_at: self.origin.received_at,
        };
        cover::cover(tx, self.context, &covered, self.now).await?;
        let place = (new.id, thread.conversation_id);
        self.files(tx, place, &message.content).await?;
        for change in item::unpark(tx, self.workspace_id(), self.account.id, &message.id, new.id).await? {
            if item::apply_change(tx, &change, new.id).await?
                && let Some(content) = &change.content
            {
                self.files(tx, place, content).await?;
            }
        }
        Ok(Outcome::New(thread.conversation_id))
    }

    /// Notes the files that a message names, for whoever fetches them.
    async fn files(
        &self,
        tx: &mut Tx<'_>,
        (item_id, conversation_id): (i64, i64),
        content: &Content,
    ) -> Result<()> {
        let files = content.parts.iter().filter_map(|part| match part {
            Part::Attachment(file) => Some(file),
            _ => None,
        });
        for (place, declared) in (0..).zip(files) {
            let new = attachment::New {
                id: self.context.nature.id(),
                item_id,
                place,
                conversation_id,
                account_id: self.account.id,
                declared: declared.clone(),
            };
            attachment::put(tx, self.workspace_id(), &new, self.now).await?;
        }
        Ok(())
    }

    /// An edit or a revoke. It may come before its message: then it waits for it.
    async fn change(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        target: &str,
        content: Option<Content>,
    ) -> Result<Outcome> {
        let change = Change {
            workspace_id: self.workspace_id(),
            account_id: self.account.id,
            provider_id: id.to_owned(),
            target: target.to_owned(),
            at: self.at(),
            content,
        };
        let known = item::message(tx, self.workspace_id(), self.account.id, target).await?;
        let is_new = item::keep_change(tx, &change, known.as_ref().map(|known| known.id), self.now).await?;
        let Some(known) = known.filter(|_| is_new) else { return Ok(Outcome::Repeated) };
        if !item::apply_change(tx, &change, known.id).await? {
            return Ok(Outcome::Repeated);
        }
        if let Some(content) = &change.content {
            self.files(tx, (known.id, known.conversation_id), content).await?;
        }
        entry::raise_covering(tx, self.workspace_id(), known.id, self.now).await?;
        Ok(Outcome::Changed(known.conversation_id))
    }

    /// Something that is shown in the thread and not synced: a reaction, a notice.
    async fn side_item(
        &self,
        tx: &mut Tx<'_>,
        kind: &'static str,
        id: &str,
        direction: Direction,
        content: Content,
        reply_to: Option<String>,
    ) -> Result<Outcome> {
        if self.is_known(tx, kind, id).await? {
            return Ok(Outcome::Repeated);
        }
        let Some(thread) = self.thread(tx).await? else { return Ok(Outcome::Repeated) };
        let new = NewItem {
            id: self.context.nature.id(),
            workspace_id: self.workspace_id(),
            conversation_id: thread.conversation_id,
            account_id: self.account.id,
            kind,
            provider_id: id.to_owned(),
            direction,
            at: self.at(),
            position: i64::from(self.event.position),
            author: self.author(direction, &thread),
            content,
            reply_to,
            is_history: false,
            intake_id: self.origin.intake_id,
            received_at: self.origin.received_at,
        };
        let is_new = item::insert(tx, &new).await?;
        Ok(if is_new { Outcome::New(thread.conversation_id) } else { Outcome::Repeated })
    }

    /// The person of the thread is from now on reached by these addresses too.
    async fn new_addresses(
        &self,
        tx: &mut Tx<'_>,
        addresses: &[causeway_core::address::Address],
    ) -> Result<()> {
        let Chat::Person(party) = &self.event.chat else { return Ok(()) };
        let contact_id = people::contact_of(tx, self.context, party, self.at(), self.now).await?;
        // Whoever had the new number before (the same person, seen there first) is joined.
        let found = contact::acquaintances(tx, self.workspace_id(), addresses).await?;
        for other in found.iter().filter(|other| other.contact_id != contact_id) {
            contact::merge(tx, self.workspace_id(), contact_id, other.contact_id).await?;
        }
        contact::give(tx, self.workspace_id(), contact_id, addresses, self.now).await?;
        cover::release_for_new_address(tx, self.context, contact_id, self.now).await
    }

    async fn thread(&self, tx: &mut Tx<'_>) -> Result<Option<Thread>> {
        let fresh = self.context.nature.id();
        match &self.event.chat {
            Chat::Person(party) => {
                let contact_id = people::contact_of(tx, self.context, party, self.at(), self.now).await?;
                let conversation_id = conversation::ensure(
                    tx,
                    self.workspace_id(),
                    self.account.id,
                    contact_id,
                    fresh,
                    self.at(),
                )
                .await?;
                let contact_id = Some(contact_id);
                Ok(Some(Thread { conversation_id, is_group: false, contact_id, author: name(party) }))
            }
            Chat::Group { id, subject, author } => {
                let group = (id.as_str(), subject.as_deref());
                let conversation_id = conversation::ensure_group(
                    tx,
                    self.workspace_id(),
                    self.account.id,
                    group,
                    fresh,
                    self.at(),
                )
                .await?;
                let contact_id = self.sender(tx, author.as_ref()).await?;
                let author = author.as_ref().and_then(name);
                Ok(Some(Thread { conversation_id, is_group: true, contact_id, author }))
            }
            Chat::Account => {
                // What concerns the account itself stands in a thread of its own.
                let group = ("account", Some("Account notices"));
                let conversation_id = conversation::ensure_group(
                    tx,
                    self.workspace_id(),
                    self.account.id,
                    group,
                    fresh,
                    self.at(),
                )
                .await?;
                Ok(Some(Thread { conversation_id, is_group: true, contact_id: None, author: None }))
            }
        }
    }

    /// Who wrote in a group. Nobody becomes a contact by it unless what is written in groups goes on records.
    async fn sender(&self, tx: &mut Tx<'_>, author: Option<&Party>) -> Result<Option<i64>> {
        let is_theirs =
            matches!(&self.event.event, Event::Message(message) if message.direction == Direction::In);
        let live = self.context.integrations.iter().filter(|integration| integration.state != State::Draft);
        match author.filter(|_| is_theirs) {
            Some(author) if live.into_iter().any(|integration| integration.settings.groups) => {
                people::contact_of(tx, self.context, author, self.at(), self.now).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    fn author(&self, direction: Direction, thread: &Thread) -> Option<String> {
        match direction {
            Direction::In => thread.author.clone(),
            Direction::Out => Some(self.account.display.clone()),
        }
    }
}

fn says(text: String) -> Content {
    Content { parts: vec![Part::Text(text)] }
}

/// What a party is called: the chosen name, else the user name, else an address.
fn name(party: &Party) -> Option<String> {
    let address = || party.addresses.first().map(|address| address.value.clone());
    party
        .name
        .clone()
        .filter(|name| !name.trim().is_empty())
        .or_else(|| party.username.clone())
        .or_else(address)
}
