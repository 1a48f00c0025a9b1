//! Files that messages name: to be fetched, kept, or held with a reason.

use causeway_core::{media::Trouble, timeline::Attachment};

use super::{
    Error, Result, Row, Tx, args,
    file::File,
    person::{of_word, word},
};

/// A file that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// Its id.
    pub id: i64,
    /// The message.
    pub item_id: i64,
    /// Among the files of the message, from 0.
    pub place: i64,
    /// The conversation of the message.
    pub conversation_id: i64,
    /// The channel account.
    pub account_id: i64,
    /// What the provider said of it.
    pub declared: Attachment,
}

/// Notes a file of a message; it is to be fetched at once. What stood at its place before stays as it is, unless it was
/// another file: an edit may bring one.
pub async fn put(tx: &mut Tx<'_>, workspace_id: i64, new: &New, now: i64) -> Result<()> {
    let sql = "INSERT INTO attachment (workspace_id, id, item_id, place, conversation_id, account_id, declared, state, \
               due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'due', $8, $8) \
               ON CONFLICT (workspace_id, item_id, place) DO UPDATE SET declared = excluded.declared, state = 'due', \
               due_at = excluded.due_at, in_hand = 0, tries = 0, reason = NULL, detail = NULL, file_id = NULL, \
               media_type = NULL WHERE attachment.declared <> excluded.declared";
    let declared = serde_json::to_string(&new.declared).unwrap_or_default();
    let args = args![
        workspace_id,
        new.id,
        new.item_id,
        new.place,
        new.conversation_id,
        new.account_id,
        declared,
        now
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Is anything to be fetched?
pub async fn is_due(tx: &mut Tx<'_>, now: i64) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM attachment WHERE state = 'due' AND due_at <= $1 LIMIT 1";
    Ok(tx.row(sql, args![now]).await?.is_some())
}

/// A file to be fetched, and of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its workspace.
    pub workspace_id: i64,
    /// Its id.
    pub id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// What the provider said of it.
    pub declared: Attachment,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// The number of this try: what is said of it counts for no other.
    pub turn: i64,
    /// The channel's name.
    pub channel: String,
    /// The provider's id of the account.
    pub external_id: String,
    /// The endpoint of the account.
    pub source_key: String,
}

/// Takes the files that are due in hand, oldest first: each counts as tried from now on. `turn` is a fresh number.
pub async fn take(tx: &mut Tx<'_>, now: i64, most: i64, turn: i64) -> Result<Vec<Due>> {
    let sql = "SELECT t.workspace_id, t.id, t.conversation_id, t.declared, t.tries, a.channel, a.external_id, \
               a.source_key FROM attachment t JOIN account a ON a.workspace_id = t.workspace_id AND a.id = t.account_id \
               WHERE t.state = 'due' AND t.due_at <= $1 AND t.in_hand = 0 ORDER BY t.due_at LIMIT $2";
    let mut taken = Vec::new();
    for row in tx.rows(sql, args![now, most]).await? {
        taken.push(Due {
            workspace_id: row.int("workspace_id")?,
            id: row.int("id")?,
            conversation_id: row.int("conversation_id")?,
            declared: declared(&row)?,
            tries: row.int("tries")? + 1,
            turn,
            channel: row.text("channel")?,
            external_id: row.text("external_id")?,
            source_key: row.text("source_key")?,
        });
    }
    let take = "UPDATE attachment SET in_hand = $3, tries = tries + 1 WHERE workspace_id = $1 AND id = $2";
    let rows: Vec<_> = taken.iter().map(|due| args![due.workspace_id, due.id, turn].to_vec()).collect();
    tx.execute_many(take, &rows).await?;
    Ok(taken)
}

/// Nothing is in hand any more: whoever had taken it has stopped.
pub async fn put_back(tx: &mut Tx<'_>, now: i64) -> Result<u64> {
    let sql = "UPDATE attachment SET in_hand = 0 WHERE state = 'due' AND due_at <= $1 AND in_hand <> 0";
    tx.execute(sql, args![now]).await
}

fn declared(row: &Row) -> Result<Attachment> {
    serde_json::from_str(&row.text("declared")?).map_err(|error| Error::unreadable("declared", &error))
}

/// Is this try still the one that counts? An edit may have brought another file, or another node have taken it over.
pub async fn is_in_hand(tx: &mut Tx<'_>, workspace_id: i64, (id, turn): (i64, i64)) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM attachment WHERE workspace_id = $1 AND id = $2 AND in_hand = $3";
    Ok(tx.row(sql, args![workspace_id, id, turn]).await?.is_some())
}

/// The bytes are here, as this file. `false`: the try counts no more.
pub async fn kept(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    (id, turn): (i64, i64),
    file_id: i64,
    media_type: &str,
) -> Result<bool> {
    let sql = "UPDATE attachment SET state = 'kept', file_id = $3, media_type = $4, reason = NULL, detail = NULL, \
               due_at = NULL, in_hand = 0 WHERE workspace_id = $1 AND id = $2 AND in_hand = $5";
    Ok(tx.execute(sql, args![workspace_id, id, file_id, media_type, turn]).await? > 0)
}

/// It is to be tried again at `due_at`.
pub async fn later(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    (id, turn): (i64, i64),
    due_at: i64,
    detail: &str,
) -> Result<()> {
    let sql = "UPDATE attachment SET due_at = $4, detail = $5, in_hand = 0 \
               WHERE workspace_id = $1 AND id = $2 AND in_hand = $3";
    tx.execute(sql, args![workspace_id, id, turn, due_at, detail]).await?;
    Ok(())
}

/// It is to be tried again at `due_at`, and this try was none: the fault was ours.
pub async fn not_tried(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    (id, turn): (i64, i64),
    due_at: i64,
    detail: &str,
) -> Result<()> {
    let sql = "UPDATE attachment SET due_at = $4, detail = $5, tries = tries - 1, in_hand = 0 \
               WHERE workspace_id = $1 AND id = $2 AND in_hand = $3";
    tx.execute(sql, args![workspace_id, id, turn, due_at, detail]).await?;
    Ok(())
}

/// It is not here, and will not be by itself.
pub async fn hold(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    (id, turn): (i64, i64),
    (reason, detail): (Trouble, &str),
) -> Result<()> {
    let sql = "UPDATE attachment SET state = 'held', reason = $4, detail = $5, due_at = NULL, in_hand = 0 \
               WHERE workspace_id = $1 AND id = $2 AND in_hand = $3";
    tx.execute(sql, args![workspace_id, id, turn, word(&reason), detail]).await?;
    Ok(())
}

/// A held file is to be fetched after all. `false`: there is none of that id that is held.
pub async fn retry(tx: &mut Tx<'_>, workspace_id: i64, id: i64, now: i64) -> Result<bool> {
    let sql = "UPDATE attachment SET state = 'due', due_at = $3, tries = 0, reason = NULL, detail = NULL \
               WHERE workspace_id = $1 AND id = $2 AND state = 'held'";
    Ok(tx.execute(sql, args![workspace_id, id, now]).await? > 0)
}

/// What is held for want of access is to be fetched after all: the endpoint has a token now. Answers how many there are.
pub async fn retry_for_access(tx: &mut Tx<'_>, workspace_id: i64, source_key: &str, now: i64) -> Result<u64> {
    let sql = "UPDATE attachment SET state = 'due', due_at = $3, tries = 0, reason = NULL, detail = NULL \
               WHERE workspace_id = $1 AND account_id IN (SELECT id FROM account WHERE workspace_id = $1 AND source_key = $2) \
               AND reason = $4 AND state = 'held'";
    tx.execute(sql, args![workspace_id, source_key, now, word(&Trouble::NoAccess)]).await
}

/// A file of a message, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: i64,
    /// The message.
    pub item_id: i64,
    /// The conversation of the message.
    pub conversation_id: i64,
    /// The channel account.
    pub account_id: i64,
    /// Among the files of the message, from 0.
    pub place: i64,
    /// What the provider said of it.
    pub declared: Attachment,
    /// How it stands.
    pub state: State,
}

/// How a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is to be fetched, or being fetched.
    Due {
        /// Failed tries.
        tries: i64,
        /// What went wrong the last time.
        detail: Option<String>,
    },
    /// Its bytes are here.
    Kept {
        /// The bytes.
        file: File,
        /// What they are.
        media_type: String,
    },
    /// It is not here.
    Held {
        /// Why.
        reason: Trouble,
        /// Why, in words.
        detail: String,
    },
}

const SHOWN: &str = "SELECT t.id, t.item_id, t.conversation_id, t.account_id, t.place, t.declared, t.state, t.tries, t.reason, t.detail, t.media_type, \
                     f.id AS file_id, f.digest, f.size FROM attachment t LEFT JOIN file f \
                     ON f.workspace_id = t.workspace_id AND f.id = t.file_id";

/// The files of these messages (a JSON array of ids), each message's in order.
pub async fn of_items(tx: &mut Tx<'_>, workspace_id: i64, items: &str) -> Result<Vec<Shown>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!("{SHOWN} WHERE t.workspace_id = $1 AND t.item_id IN {ids} ORDER BY t.item_id, t.place");
    tx.rows(&sql, args![workspace_id, items]).await?.iter().map(shown).collect()
}

/// The file of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Shown>> {
    let sql = format!("{SHOWN} WHERE t.workspace_id = $1 AND t.id = $2");
    tx.row(&sql, args![workspace_id, id]).await?.map(|row| shown(&row)).transpose()
}

fn shown(row: &Row) -> Result<Shown> {
    let state = match (row.text("state")?.as_str(), row.opt_int("file_id")?) {
        ("kept", Some(id)) => State::Kept {
            file: File { id, digest: row.text("digest")?, size: row.int("size")? },
            media_type: row.text("media_type")?,
        },
        ("held", _) => State::Held {
            reason: of_word(&row.text("reason")?)?,
            detail: row.opt_text("detail")?.unwrap_or_default(),
        },
        _ => State::Due { tries: row.int("tries")?, detail: row.opt_text("detail")? },
    };
    Ok(Shown {
        id: row.int("id")?,
        item_id: row.int("item_id")?,
        conversation_id: row.int("conversation_id")?,
        account_id: row.int("account_id")?,
        place: row.int("place")?,
        declared: declared(row)?,
        state,
    })
}
