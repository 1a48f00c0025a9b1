//! The thread: what happened in a conversation, in its order (provider time, position, arrival), with all that is shown
//! beside each item. Everything beside is read once for a page, not for each item.

use std::collections::{BTreeSet, HashMap};

use causeway_core::{
    lane::HoldReason,
    timeline::{Act, Content, Delivery, Direction, Part},
};

use super::{
    Error, Result, Row, Tx, args,
    attachment::{self, Shown},
    conversation_list::json,
    item::{content_of, delivery_of, direction_of},
    person::of_word,
};

/// How many items a page has.
pub const PAGE: usize = 50;

/// Most new items that are told at once; a page that missed more is read anew.
pub const MOST_NEW: usize = 200;

/// An item as a thread shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: i64,
    /// From or to the customer; what was done here is `Out`.
    pub direction: Direction,
    /// Provider time.
    pub at: i64,
    /// When it came.
    pub received_at: i64,
    /// Who wrote it, as the provider told.
    pub author: Option<String>,
    /// The member who did it here, by id and present name.
    pub member: Option<(i64, String)>,
    /// What it is.
    pub what: What,
    /// From before the account was connected.
    pub is_history: bool,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message.
    Message(Box<Message>),
    /// Something that the provider said.
    Notice(Content),
    /// A reaction to a message that is not known here. Others stand at their message.
    Reaction(Option<String>),
    /// What a member did.
    Act(Act),
}

/// A message with all that reached it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The provider's id.
    pub provider_id: String,
    /// What it says now.
    pub content: Content,
    /// What it said first, if it was edited.
    pub original: Option<Content>,
    /// When the edit that stands was made.
    pub edited_at: Option<i64>,
    /// When it was deleted for everyone.
    pub revoked_at: Option<i64>,
    /// It answers a message.
    pub answers: Option<Answered>,
    /// How the sides reacted: one reaction of each person at most.
    pub reactions: Vec<Reaction>,
    /// How far it has come, for each recipient.
    pub deliveries: Vec<Delivered>,
    /// Its files, in the order of its parts.
    pub files: Vec<Shown>,
    /// The entries that cover it: one for an integration at most, none where it does not ask for it.
    pub entries: Vec<Mark>,
}

impl Message {
    /// How far the message has come for all of its recipients; `None`: nothing was reported.
    pub fn delivery(&self) -> Option<Delivery> {
        self.deliveries.iter().map(|delivered| delivered.delivery).min()
    }
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// One that is not known here, by the provider's id.
    Unknown(String),
    /// One of this account.
    Known(Box<Quote>),
}

/// A message as another one quotes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its id.
    pub id: i64,
    /// From or to the customer.
    pub direction: Direction,
    /// Who wrote it, as the provider told.
    pub author: Option<String>,
    /// What it says now.
    pub content: Content,
    /// It was deleted for everyone.
    pub is_revoked: bool,
}

/// A reaction that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Which side reacted.
    pub direction: Direction,
    /// Who reacted, as the provider told.
    pub author: Option<String>,
}

/// How far a message has come for a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The recipient in a group; empty otherwise.
    pub participant: String,
    /// How far.
    pub delivery: Delivery,
    /// Since when.
    pub at: i64,
    /// Why it failed.
    pub error: Option<String>,
}

/// An entry that covers a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The integration that asked for it.
    pub integration_id: i64,
    /// The entry.
    pub entry_id: i64,
    /// `due`, `written`, `held` or `skipped`.
    pub state: String,
    /// Why it is held.
    pub reason: Option<HoldReason>,
}

/// A part of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its items, in order.
    pub items: Vec<Item>,
    /// There is more: before these items on a page, after them among new ones.
    pub has_more: bool,
}

/// The newest items of a conversation, or those before the item `before`. An item of another conversation begins
/// nothing: the answer is empty.
pub async fn page(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    conversation_id: i64,
    before: Option<i64>,
) -> Result<Stretch> {
    let (mut at, mut position, mut id) = (i64::MAX, i64::MAX, i64::MAX);
    if let Some(before) = before {
        let find =
            "SELECT at, position FROM item WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3";
        let Some(row) = tx.row(find, args![workspace_id, before, conversation_id]).await? else {
            return Ok(Stretch { items: Vec::new(), has_more: false });
        };
        (at, position, id) = (row.int("at")?, row.int("position")?, before);
    }
    // A reaction stands at its message, unless that is not known.
    let sql = "SELECT i.id FROM item i WHERE i.workspace_id = $1 AND i.conversation_id = $2 \
               AND (i.at, i.position, i.id) < ($3, $4, $5) \
               AND (i.kind <> 'reaction' OR NOT EXISTS (SELECT 1 FROM item m WHERE m.workspace_id = $1 \
               AND m.account_id = i.account_id AND m.kind = 'message' AND m.provider_id = i.reply_to)) \
               ORDER BY i.at DESC, i.position DESC, i.id DESC LIMIT $6";
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let rows = tx.rows(sql, args![workspace_id, conversation_id, at, position, id, most]).await?;
    let mut ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()?;
    let has_more = ids.len() > PAGE;
    ids.truncate(PAGE);
    Ok(Stretch { items: of_ids(tx, workspace_id, conversation_id, &ids).await?, has_more })
}

/// The items that came after the one of that id, and the messages that such a one reacts to.
pub async fn items_since(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    conversation_id: i64,
    since: i64,
) -> Result<Stretch> {
    // The plus keeps an engine from reading what came to every other conversation since.
    let sql = "SELECT i.id, m.id AS target FROM item i LEFT JOIN item m ON m.workspace_id = i.workspace_id \
               AND m.account_id = i.account_id AND m.kind = 'message' AND m.provider_id = i.reply_to \
               AND i.kind = 'reaction' \
               WHERE i.workspace_id = $1 AND i.conversation_id = $2 AND +i.id > $3 ORDER BY +i.id LIMIT $4";
    let most = i64::try_from(MOST_NEW).unwrap_or(i64::MAX) + 1;
    let rows = tx.rows(sql, args![workspace_id, conversation_id, since, most]).await?;
    let mut ids = BTreeSet::new();
    for row in rows.iter().take(MOST_NEW) {
        ids.insert(row.opt_int("target")?.map_or_else(|| row.int("id"), Ok)?);
    }
    let ids: Vec<i64> = ids.into_iter().collect();
    let has_more = rows.len() > MOST_NEW;
    Ok(Stretch { items: of_ids(tx, workspace_id, conversation_id, &ids).await?, has_more })
}

/// These items of a conversation, in order; at most a few pages of them.
pub async fn of_ids(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    conversation_id: i64,
    wanted: &[i64],
) -> Result<Vec<Item>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT i.id, i.kind, i.provider_id, i.direction, i.at, i.author, i.content, i.original, i.edited_at, \
         i.revoked_at, i.reply_to, i.is_history, i.received_at, i.member_id, m.name AS member FROM item i \
         LEFT JOIN member m ON m.workspace_id = i.workspace_id AND m.id = i.member_id \
         WHERE i.workspace_id = $1 AND i.id IN {ids} AND i.conversation_id = $3 ORDER BY i.at, i.position, i.id"
    );
    let wanted = json(wanted);
    let rows = tx.rows(&sql, args![workspace_id, &wanted, conversation_id]).await?;
    let mut beside = Beside {
        quotes: quotes(tx, workspace_id, &wanted).await?,
        reactions: reactions(tx, workspace_id, &wanted).await?,
        deliveries: deliveries(tx, workspace_id, &wanted).await?,
        entries: marks(tx, workspace_id, &wanted).await?,
        files: HashMap::new(),
    };
    for file in attachment::of_items(tx, workspace_id, &wanted).await? {
        beside.files.entry(file.item_id).or_default().push(file);
    }
    rows.iter().map(|row| item(row, &mut beside)).collect()
}

/// What stands beside messages, by their ids.
struct Beside {
    quotes: HashMap<i64, Quote>,
    reactions: HashMap<i64, Vec<Reaction>>,
    deliveries: HashMap<i64, Vec<Delivered>>,
    entries: HashMap<i64, Vec<Mark>>,
    files: HashMap<i64, Vec<Shown>>,
}

fn item(row: &Row, beside: &mut Beside) -> Result<Item> {
    let content = row.text("content")?;
    let what = match row.text("kind")?.as_str() {
        "message" => What::Message(Box::new(message(row, beside)?)),
        "reaction" => What::Reaction(emoji(&content_of(&content)?)),
        "notice" => What::Notice(content_of(&content)?),
        _ => What::Act(serde_json::from_str(&content).map_err(|error| Error::unreadable("act", &error))?),
    };
    let member = row.opt_text("member")?.unwrap_or_default();
    Ok(Item {
        id: row.int("id")?,
        direction: direction_of(&row.text("direction")?),
        at: row.int("at")?,
        received_at: row.int("received_at")?,
        author: row.opt_text("author")?,
        member: row.opt_int("member_id")?.map(|id| (id, member)),
        what,
        is_history: row.bool("is_history")?,
    })
}

fn message(row: &Row, beside: &mut Beside) -> Result<Message> {
    let id = row.int("id")?;
    let quote = beside.quotes.remove(&id).map(|quote| Answered::Known(Box::new(quote)));
    Ok(Message {
        provider_id: row.text("provider_id")?,
        content: content_of(&row.text("content")?)?,
        original: row.opt_text("original")?.map(|text| content_of(&text)).transpose()?,
        edited_at: row.opt_int("edited_at")?,
        revoked_at: row.opt_int("revoked_at")?,
        answers: quote.or(row.opt_text("reply_to")?.map(Answered::Unknown)),
        reactions: beside.reactions.remove(&id).unwrap_or_default(),
        deliveries: beside.deliveries.remove(&id).unwrap_or_default(),
        files: beside.files.remove(&id).unwrap_or_default(),
        entries: beside.entries.remove(&id).unwrap_or_default(),
    })
}

async fn quotes(tx: &mut Tx<'_>, workspace_id: i64, wanted: &str) -> Result<HashMap<i64, Quote>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT i.id AS quoting, q.id, q.direction, q.author, q.content, q.revoked_at FROM item i \
         JOIN item q ON q.workspace_id = i.workspace_id AND q.account_id = i.account_id AND q.kind = 'message' \
         AND q.provider_id = i.reply_to \
         WHERE i.workspace_id = $1 AND i.id IN {ids} AND i.kind = 'message' AND i.reply_to IS NOT NULL"
    );
    let rows = tx.rows(&sql, args![workspace_id, wanted]).await?;
    rows.iter()
        .map(|row| {
            let quote = Quote {
                id: row.int("id")?,
                direction: direction_of(&row.text("direction")?),
                author: row.opt_text("author")?,
                content: content_of(&row.text("content")?)?,
                is_revoked: row.opt_int("revoked_at")?.is_some(),
            };
            Ok((row.int("quoting")?, quote))
        })
        .collect()
}

/// The reactions that stand. Somebody has one on a message: the last, which may be that they took it away. The customer
/// may have another name by then; in a group only the name tells people apart.
async fn reactions(tx: &mut Tx<'_>, workspace_id: i64, wanted: &str) -> Result<HashMap<i64, Vec<Reaction>>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT i.id, r.direction, r.author, r.content, CASE WHEN c.contact_id IS NULL THEN 1 ELSE 0 END AS is_group \
         FROM item i CROSS JOIN item r CROSS JOIN conversation c \
         WHERE i.workspace_id = $1 AND i.id IN {ids} AND i.kind = 'message' \
         AND r.workspace_id = i.workspace_id AND r.account_id = i.account_id AND r.kind = 'reaction' \
         AND r.reply_to = i.provider_id AND c.workspace_id = i.workspace_id AND c.id = i.conversation_id ORDER BY r.at, r.position, r.id"
    );
    let mut found: HashMap<i64, Vec<Reaction>> = HashMap::new();
    for row in tx.rows(&sql, args![workspace_id, wanted]).await? {
        let direction = direction_of(&row.text("direction")?);
        let (author, is_group) = (row.opt_text("author")?, row.bool("is_group")?);
        let standing = found.entry(row.int("id")?).or_default();
        let is_theirs = |known: &Reaction| {
            known.direction == direction
                && (known.author == author || direction == Direction::Out || !is_group)
        };
        standing.retain(|known| !is_theirs(known));
        if let Some(emoji) = emoji(&content_of(&row.text("content")?)?) {
            standing.push(Reaction { emoji, direction, author });
        }
    }
    Ok(found)
}

/// What a reaction shows; `None`: it was taken away.
fn emoji(content: &Content) -> Option<String> {
    content.parts.iter().find_map(|part| match part {
        Part::Text(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    })
}

async fn deliveries(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    wanted: &str,
) -> Result<HashMap<i64, Vec<Delivered>>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT i.id, d.participant, d.state, d.at, d.error FROM item i CROSS JOIN delivery d \
         WHERE i.workspace_id = $1 AND i.id IN {ids} AND i.kind = 'message' AND d.workspace_id = i.workspace_id \
         AND d.account_id = i.account_id AND d.target = i.provider_id ORDER BY d.participant"
    );
    let mut found: HashMap<i64, Vec<Delivered>> = HashMap::new();
    for row in tx.rows(&sql, args![workspace_id, wanted]).await? {
        found.entry(row.int("id")?).or_default().push(Delivered {
            participant: row.text("participant")?,
            delivery: delivery_of(&row.text("state")?),
            at: row.int("at")?,
            error: row.opt_text("error")?,
        });
    }
    Ok(found)
}

async fn marks(tx: &mut Tx<'_>, workspace_id: i64, wanted: &str) -> Result<HashMap<i64, Vec<Mark>>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT ei.item_id, ei.integration_id, e.id, e.state, e.reason FROM entry_item ei \
         JOIN entry e ON e.workspace_id = ei.workspace_id AND e.id = ei.entry_id \
         WHERE ei.workspace_id = $1 AND ei.item_id IN {ids} ORDER BY ei.integration_id"
    );
    let mut found: HashMap<i64, Vec<Mark>> = HashMap::new();
    for row in tx.rows(&sql, args![workspace_id, wanted]).await? {
        let is_held = row.text("state")? == "held";
        let reason = row.opt_text("reason")?.filter(|_| is_held);
        found.entry(row.int("item_id")?).or_default().push(Mark {
            integration_id: row.int("integration_id")?,
            entry_id: row.int("id")?,
            state: row.text("state")?,
            reason: reason.map(|reason| of_word(&reason)).transpose()?,
        });
    }
    Ok(found)
}
