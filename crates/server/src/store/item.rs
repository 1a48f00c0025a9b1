//! Items of a timeline, and the changes that reach them.

use causeway_core::timeline::{Act, Content, Delivery, Direction};

use super::{Error, Result, Row, Tx, args};

/// An item to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Its id.
    pub id: i64,
    /// Its workspace.
    pub workspace_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// Its account.
    pub account_id: i64,
    /// `message`, `reaction` or `notice`.
    pub kind: &'static str,
    /// The provider's id.
    pub provider_id: String,
    /// From or to the customer.
    pub direction: Direction,
    /// Provider time.
    pub at: i64,
    /// Place in its payload.
    pub position: i64,
    /// Name of the writer.
    pub author: Option<String>,
    /// What it says.
    pub content: Content,
    /// The message it answers.
    pub reply_to: Option<String>,
    /// From before the account was connected.
    pub is_history: bool,
    /// The raw request that brought it.
    pub intake_id: i64,
    /// When that came.
    pub received_at: i64,
}

/// A stored item, as far as changes to it need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: i64,
    /// Its conversation.
    pub conversation_id: i64,
}

/// The word under which a direction is stored.
pub fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// The direction behind a stored word.
pub fn direction_of(word: &str) -> Direction {
    if word == "out" { Direction::Out } else { Direction::In }
}

/// The content behind a stored text.
pub fn content_of(text: &str) -> Result<Content> {
    serde_json::from_str(text).map_err(|error| Error::unreadable("content", &error))
}

fn content_text(content: &Content) -> String {
    serde_json::to_string(content).unwrap_or_else(|_| "{\"parts\":[]}".into())
}

/// Stores an item. `false`: it is a repeat, and nothing changed.
pub async fn insert(tx: &mut Tx<'_>, item: &NewItem) -> Result<bool> {
    let sql = "INSERT INTO item (workspace_id, id, conversation_id, account_id, kind, provider_id, direction, at, \
               position, author, content, reply_to, is_history, intake_id, received_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
               ON CONFLICT (workspace_id, account_id, kind, provider_id) DO NOTHING";
    let args = args![
        item.workspace_id,
        item.id,
        item.conversation_id,
        item.account_id,
        item.kind,
        item.provider_id.clone(),
        direction_word(item.direction),
        item.at,
        item.position,
        item.author.clone(),
        content_text(&item.content),
        item.reply_to.clone(),
        item.is_history,
        item.intake_id,
        item.received_at
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// What a member did in a conversation, to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAct {
    /// Its id.
    pub id: i64,
    /// Its workspace.
    pub workspace_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// The account of that.
    pub account_id: i64,
    /// Who did it.
    pub member_id: i64,
    /// When.
    pub at: i64,
    /// What.
    pub act: Act,
}

/// Stores what a member did. No provider tells it again, so its own id stands for the provider's.
pub async fn insert_act(tx: &mut Tx<'_>, new: &NewAct) -> Result<()> {
    let sql = "INSERT INTO item (workspace_id, id, conversation_id, account_id, kind, provider_id, direction, at, \
               position, content, is_history, intake_id, received_at, member_id) \
               VALUES ($1, $2, $3, $4, $5, $6, 'out', $7, 0, $8, 0, 0, $7, $9)";
    let args = args![
        new.workspace_id,
        new.id,
        new.conversation_id,
        new.account_id,
        new.act.kind(),
        new.id.to_string(),
        new.at,
        serde_json::to_string(&new.act).unwrap_or_default(),
        new.member_id
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// The message of that provider id on that account.
pub async fn message(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    provider_id: &str,
) -> Result<Option<Known>> {
    let sql = "SELECT id, conversation_id FROM item \
               WHERE workspace_id = $1 AND account_id = $2 AND kind = 'message' AND provider_id = $3";
    let row = tx.row(sql, args![workspace_id, account_id, provider_id]).await?;
    row.map(|row| known(&row)).transpose()
}

/// Whether an item of this kind is there already.
pub async fn is_known(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    kind: &str,
    provider_id: &str,
) -> Result<bool> {
    let sql = "SELECT id FROM item \
               WHERE workspace_id = $1 AND account_id = $2 AND kind = $3 AND provider_id = $4";
    Ok(tx.row(sql, args![workspace_id, account_id, kind, provider_id]).await?.is_some())
}

fn known(row: &Row) -> Result<Known> {
    Ok(Known { id: row.int("id")?, conversation_id: row.int("conversation_id")? })
}

/// A change to an item: an edit with new content, or a revoke without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its account.
    pub account_id: i64,
    /// The change's own id.
    pub provider_id: String,
    /// The provider's id of the item.
    pub target: String,
    /// Provider time.
    pub at: i64,
    /// The new content of an edit.
    pub content: Option<Content>,
}

/// Keeps a change. `false`: it is a repeat.
pub async fn keep_change(tx: &mut Tx<'_>, change: &Change, item_id: Option<i64>, now: i64) -> Result<bool> {
    let sql = "INSERT INTO item_change \
               (workspace_id, account_id, provider_id, target, kind, at, content, item_id, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT (workspace_id, account_id, provider_id) DO NOTHING";
    let kind = if change.content.is_some() { "edit" } else { "revoke" };
    let args = args![
        change.workspace_id,
        change.account_id,
        change.provider_id.clone(),
        change.target.clone(),
        kind,
        change.at,
        change.content.as_ref().map(content_text),
        item_id,
        now
    ];
    Ok(tx.execute(sql, args).await? > 0)
}

/// Applies a change to its item. The latest edit stands, in whatever order they come; a revoke is for good.
/// `false`: the item is as it was.
pub async fn apply_change(tx: &mut Tx<'_>, change: &Change, item_id: i64) -> Result<bool> {
    let changed = if let Some(content) = &change.content {
        let sql = "UPDATE item SET original = COALESCE(original, content), content = $3, edited_at = $4 \
                   WHERE workspace_id = $1 AND id = $2 AND (edited_at IS NULL OR edited_at <= $4)";
        tx.execute(sql, args![change.workspace_id, item_id, content_text(content), change.at]).await?
    } else {
        let sql =
            "UPDATE item SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL";
        tx.execute(sql, args![change.workspace_id, item_id, change.at]).await?
    };
    Ok(changed > 0)
}

/// Takes the changes that waited for this item, oldest first.
pub async fn unpark(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    target: &str,
    item_id: i64,
) -> Result<Vec<Change>> {
    let sql = "SELECT provider_id, at, content FROM item_change \
               WHERE workspace_id = $1 AND account_id = $2 AND target = $3 AND item_id IS NULL \
               ORDER BY at, created_at, provider_id";
    let rows = tx.rows(sql, args![workspace_id, account_id, target]).await?;
    let claim = "UPDATE item_change SET item_id = $4 \
                 WHERE workspace_id = $1 AND account_id = $2 AND target = $3 AND item_id IS NULL";
    if !rows.is_empty() {
        tx.execute(claim, args![workspace_id, account_id, target, item_id]).await?;
    }
    rows.iter()
        .map(|row| {
            Ok(Change {
                workspace_id,
                account_id,
                provider_id: row.text("provider_id")?,
                target: target.to_owned(),
                at: row.int("at")?,
                content: row.opt_text("content")?.map(|text| content_of(&text)).transpose()?,
            })
        })
        .collect()
}

/// The word under which a delivery state is stored.
pub fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sent => "sent",
        Delivery::Failed => "failed",
        Delivery::Delivered => "delivered",
        Delivery::Read => "read",
        Delivery::Played => "played",
    }
}

/// The delivery state behind a stored word.
pub fn delivery_of(word: &str) -> Delivery {
    match word {
        "failed" => Delivery::Failed,
        "delivered" => Delivery::Delivered,
        "read" => Delivery::Read,
        "played" => Delivery::Played,
        _ => Delivery::Sent,
    }
}

/// How far a message has come for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The state.
    pub delivery: Delivery,
    /// Provider time.
    pub at: i64,
    /// Why it failed.
    pub error: Option<String>,
}

/// Notes how far a message has come; never backward. The message need not be known (yet).
pub async fn report_delivery(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    account_id: i64,
    target: &str,
    participant: &str,
    reported: &Reported,
) -> Result<()> {
    let find = "SELECT state FROM delivery \
                WHERE workspace_id = $1 AND account_id = $2 AND target = $3 AND participant = $4";
    let before = tx.row(find, args![workspace_id, account_id, target, participant]).await?;
    if let Some(before) = before {
        let stands = delivery_of(&before.text("state")?);
        if stands.join(reported.delivery) == stands {
            return Ok(());
        }
    }
    let sql = "INSERT INTO delivery (workspace_id, account_id, target, participant, state, at, error) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, account_id, target, participant) \
               DO UPDATE SET state = excluded.state, at = excluded.at, error = excluded.error";
    let word = delivery_word(reported.delivery);
    let args =
        args![workspace_id, account_id, target, participant, word, reported.at, reported.error.clone()];
    tx.execute(sql, args).await?;
    Ok(())
}
