//! Entries as people look at them: lists by state, cause, connection, account and contact, newest first, and how many
//! wait for what. Whatever is asked, an index leads to it, and no count goes further than it has to.

use std::collections::BTreeMap;

use causeway_core::{
    lane::{HoldReason, Who},
    record::{EntryKind, Module, RecordRef},
    timeline::{Content, Direction},
};

use super::{
    Result, Row, Tx, Value, args,
    item::{content_of, direction_of},
    person::{of_word, word},
};

/// Counts go no further than this.
pub const MOST_COUNTED: i64 = 1_000;

/// How an entry stands, as the store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// To be written.
    Due,
    /// To be written, and an answer of the CRM was lost.
    Checking,
    /// Held.
    Held,
    /// In step.
    Written,
    /// Left out by a rule.
    Skipped,
}

/// Every state, in the order in which it is offered.
pub const STATES: &[State] = &[State::Due, State::Checking, State::Held, State::Written, State::Skipped];

impl State {
    /// The word in addresses and for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Checking => "checking",
            Self::Held => "held",
            Self::Written => "written",
            Self::Skipped => "skipped",
        }
    }

    /// The state behind a word.
    pub fn named(word: &str) -> Option<Self> {
        STATES.iter().copied().find(|state| state.word() == word)
    }
}

/// Which entries; all that is given must fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// How they stand.
    pub state: Option<State>,
    /// Why they are held.
    pub reason: Option<HoldReason>,
    /// Through which connection they are written.
    pub connection_id: Option<i64>,
    /// On which account their conversation is.
    pub account_id: Option<i64>,
    /// Whose they are.
    pub contact_id: Option<i64>,
    /// Only those made before this one.
    pub before: Option<i64>,
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: i64,
    /// The connection that it is written through.
    pub connection_id: i64,
    /// The integration that asks for it.
    pub integration_id: i64,
    /// Its conversation.
    pub conversation_id: i64,
    /// Its person; `None` for a group.
    pub contact_id: Option<i64>,
    /// The account of its conversation.
    pub account_id: i64,
    /// As what it is written.
    pub kind: EntryKind,
    /// `due`, `written`, `held` or `skipped`.
    pub state: String,
    /// Why it is held.
    pub hold: Option<(HoldReason, Who)>,
    /// More words.
    pub detail: String,
    /// Time of its first message.
    pub at: i64,
    /// When it is due.
    pub due_at: i64,
    /// It was put together with others because calls ran short.
    pub is_widened: bool,
    /// Failures in a row.
    pub tries: i64,
    /// When it was written last.
    pub written_at: Option<i64>,
    /// An attempt whose answer was lost.
    pub is_unknown: bool,
    /// The records that hold its parts, in order, and when each was written.
    pub records: Vec<(u32, String, Option<i64>)>,
    /// The person's record under the connection.
    pub person: Option<RecordRef>,
    /// What the person calls themselves, or the group's subject.
    pub name: Option<String>,
    /// How many messages it covers.
    pub messages: i64,
    /// The first of them.
    pub first: Option<First>,
}

/// The first message of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// Its id.
    pub item_id: i64,
    /// What it says.
    pub content: Content,
    /// From or to the customer.
    pub direction: Direction,
    /// Provider time.
    pub at: i64,
    /// Its sender deleted it.
    pub is_revoked: bool,
}

const COLUMNS: &str = "e.id, e.connection_id, e.integration_id, e.conversation_id, e.contact_id, e.account_id, e.state, \
                       e.reason, e.who, e.detail, e.at, e.due_at, e.tries, e.written_at, e.is_widened, e.kind";

const REST: &str = "AND e.id < $2 AND ($3 = '' OR e.state = $3) AND ($4 = '' OR e.reason = $4) \
                    AND (CAST($5 AS BIGINT) = 0 OR e.connection_id = $5) \
                    AND (CAST($6 AS BIGINT) = 0 OR e.account_id = $6) \
                    AND (CAST($7 AS BIGINT) = 0 OR e.contact_id = $7) ORDER BY e.id DESC LIMIT $8";

/// A page of entries, newest first.
pub async fn page(tx: &mut Tx<'_>, workspace_id: i64, filter: &Filter, most: i64) -> Result<Vec<Listed>> {
    let mut listed = bare(tx, workspace_id, filter, most).await?;
    fill(tx, workspace_id, &mut listed).await?;
    Ok(listed)
}

/// The ids of a page of entries, newest first.
pub async fn ids(tx: &mut Tx<'_>, workspace_id: i64, filter: &Filter, most: i64) -> Result<Vec<i64>> {
    let listed = bare(tx, workspace_id, filter, most).await?;
    Ok(listed.into_iter().map(|entry| entry.id).collect())
}

/// The entry of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, entry_id: i64) -> Result<Option<Listed>> {
    let sql = format!("SELECT {COLUMNS} FROM entry e WHERE e.workspace_id = $1 AND e.id = $2");
    let Some(row) = tx.row(&sql, args![workspace_id, entry_id]).await? else { return Ok(None) };
    let mut listed = vec![read(&row)?];
    fill(tx, workspace_id, &mut listed).await?;
    Ok(listed.pop())
}

/// Entries without what belongs to them. The most telling part of the filter chooses the index; a plus before the workspace
/// keeps SQLite from going through all of it in the order of the ids.
async fn bare(tx: &mut Tx<'_>, workspace_id: i64, filter: &Filter, most: i64) -> Result<Vec<Listed>> {
    let mut found = Vec::new();
    if filter.reason.is_some() && filter.state.is_some_and(|state| state != State::Held) {
        return Ok(found);
    }
    if filter.state == Some(State::Checking) {
        let sql = format!(
            "SELECT {COLUMNS} FROM (SELECT DISTINCT p.workspace_id, p.entry_id FROM entry_part p \
             WHERE p.workspace_id = $1 AND p.unknown_since IS NOT NULL) AS u CROSS JOIN entry e \
             WHERE e.workspace_id = u.workspace_id AND e.id = u.entry_id {REST}"
        );
        look(tx, &sql, workspace_id, filter, ("due", 0), most, &mut found).await?;
    } else if filter.contact_id.is_some() {
        let sql =
            format!("SELECT {COLUMNS} FROM entry e WHERE +e.workspace_id = $1 AND e.contact_id = $7 {REST}");
        let state = filter.state.map_or("", State::word);
        look(tx, &sql, workspace_id, filter, (state, 0), most, &mut found).await?;
    } else if filter.reason.is_some() {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e \
             WHERE e.workspace_id = $1 AND e.state = 'held' AND e.reason = $4 {REST}"
        );
        look(tx, &sql, workspace_id, filter, ("held", 0), most, &mut found).await?;
    } else {
        for state in STATES.iter().filter(|state| **state != State::Checking) {
            if filter.state.is_none_or(|wanted| wanted == *state) {
                by_place(tx, workspace_id, filter, *state, most, &mut found).await?;
            }
        }
    }
    found.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    found.truncate(usize::try_from(most).unwrap_or(0));
    Ok(found)
}

/// Entries of one state: of an account, or of each connection.
async fn by_place(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    filter: &Filter,
    state: State,
    most: i64,
    found: &mut Vec<Listed>,
) -> Result<()> {
    if filter.account_id.is_some() {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e \
             WHERE +e.workspace_id = $1 AND e.account_id = $6 AND e.state = $3 {REST}"
        );
        return look(tx, &sql, workspace_id, filter, (state.word(), 0), most, found).await;
    }
    let sql = "SELECT id FROM connection WHERE workspace_id = $1";
    let connections = tx.rows(sql, args![workspace_id]).await?;
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e \
         WHERE +e.workspace_id = $1 AND e.connection_id = $5 AND e.state = $3 {REST}"
    );
    for row in connections {
        let connection_id = row.int("id")?;
        if filter.connection_id.is_none_or(|wanted| wanted == connection_id) {
            look(tx, &sql, workspace_id, filter, (state.word(), connection_id), most, found).await?;
        }
    }
    Ok(())
}

async fn look(
    tx: &mut Tx<'_>,
    sql: &str,
    workspace_id: i64,
    filter: &Filter,
    (state, connection_id): (&str, i64),
    most: i64,
    found: &mut Vec<Listed>,
) -> Result<()> {
    let args: &[Value] = args![
        workspace_id,
        filter.before.unwrap_or(i64::MAX),
        state,
        filter.reason.map(|reason| word(&reason)).unwrap_or_default(),
        if connection_id == 0 { filter.connection_id.unwrap_or(0) } else { connection_id },
        filter.account_id.unwrap_or(0),
        filter.contact_id.unwrap_or(0),
        most
    ];
    for row in tx.rows(sql, args).await? {
        found.push(read(&row)?);
    }
    Ok(())
}

fn read(row: &Row) -> Result<Listed> {
    let hold = match (row.opt_text("reason")?, row.opt_text("who")?) {
        (Some(reason), Some(who)) => Some((of_word(&reason)?, of_word(&who)?)),
        _ => None,
    };
    Ok(Listed {
        kind: of_word(&row.text("kind")?)?,
        id: row.int("id")?,
        connection_id: row.int("connection_id")?,
        integration_id: row.int("integration_id")?,
        conversation_id: row.int("conversation_id")?,
        contact_id: row.opt_int("contact_id")?,
        account_id: row.int("account_id")?,
        state: row.text("state")?,
        hold,
        detail: row.opt_text("detail")?.unwrap_or_default(),
        at: row.int("at")?,
        due_at: row.int("due_at")?,
        is_widened: row.bool("is_widened")?,
        tries: row.int("tries")?,
        written_at: row.opt_int("written_at")?,
        is_unknown: false,
        records: Vec::new(),
        person: None,
        name: None,
        messages: 0,
        first: None,
    })
}

fn json(ids: impl IntoIterator<Item = i64>) -> String {
    serde_json::to_string(&ids.into_iter().collect::<Vec<_>>()).unwrap_or_default()
}

/// What belongs to the entries of a page.
async fn fill(tx: &mut Tx<'_>, workspace_id: i64, listed: &mut [Listed]) -> Result<()> {
    if listed.is_empty() {
        return Ok(());
    }
    fill_parts(tx, workspace_id, listed).await?;
    fill_people(tx, workspace_id, listed).await?;
    fill_messages(tx, workspace_id, listed).await
}

async fn fill_parts(tx: &mut Tx<'_>, workspace_id: i64, listed: &mut [Listed]) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT entry_id, part, record_id, written_at, unknown_since FROM entry_part \
         WHERE workspace_id = $1 AND entry_id IN {ids} ORDER BY entry_id, part"
    );
    let mut parts: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(listed.iter().map(|entry| entry.id))]).await? {
        parts.entry(row.int("entry_id")?).or_default().push(row);
    }
    for entry in listed {
        for row in parts.remove(&entry.id).unwrap_or_default() {
            entry.is_unknown |= row.opt_int("unknown_since")?.is_some();
            if let Some(record_id) = row.opt_text("record_id")? {
                let part = u32::try_from(row.int("part")?).unwrap_or(1);
                entry.records.push((part, record_id, row.opt_int("written_at")?));
            }
        }
    }
    Ok(())
}

async fn fill_people(tx: &mut Tx<'_>, workspace_id: i64, listed: &mut [Listed]) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let contacts = json(listed.iter().filter_map(|entry| entry.contact_id));
    let sql = format!("SELECT id, name FROM contact WHERE workspace_id = $1 AND id IN {ids}");
    let mut names: BTreeMap<i64, Option<String>> = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, contacts.clone()]).await? {
        names.insert(row.int("id")?, row.opt_text("name")?);
    }
    let sql = format!(
        "SELECT contact_id, raw FROM address WHERE workspace_id = $1 AND contact_id IN {ids} \
         ORDER BY created_at DESC, kind, scope, value"
    );
    for row in tx.rows(&sql, args![workspace_id, contacts.clone()]).await? {
        let name = names.entry(row.int("contact_id")?).or_default();
        if name.is_none() {
            *name = row.opt_text("raw")?;
        }
    }
    let sql = format!(
        "SELECT connection_id, contact_id, module, record_id FROM person \
         WHERE workspace_id = $1 AND contact_id IN {ids}"
    );
    let mut people = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, contacts]).await? {
        if let (Some(module), Some(id)) = (row.opt_text("module")?, row.opt_text("record_id")?) {
            let record = RecordRef { module: of_word::<Module>(&module)?, id };
            people.insert((row.int("connection_id")?, row.int("contact_id")?), record);
        }
    }
    let sql = format!(
        "SELECT id, subject FROM conversation WHERE workspace_id = $1 AND id IN {ids} AND subject IS NOT NULL"
    );
    let groups =
        json(listed.iter().filter(|entry| entry.contact_id.is_none()).map(|entry| entry.conversation_id));
    let mut subjects = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, groups]).await? {
        subjects.insert(row.int("id")?, row.text("subject")?);
    }
    for entry in listed {
        match entry.contact_id {
            Some(contact_id) => {
                entry.name = names.get(&contact_id).cloned().flatten();
                entry.person = people.get(&(entry.connection_id, contact_id)).cloned();
            }
            None => entry.name = subjects.get(&entry.conversation_id).cloned(),
        }
    }
    Ok(())
}

async fn fill_messages(tx: &mut Tx<'_>, workspace_id: i64, listed: &mut [Listed]) -> Result<()> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT entry_id, count(*) AS n, MIN(item_id) AS first FROM entry_item \
         WHERE workspace_id = $1 AND entry_id IN {ids} GROUP BY entry_id"
    );
    let mut covered = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(listed.iter().map(|entry| entry.id))]).await? {
        covered.insert(row.int("entry_id")?, (row.int("n")?, row.int("first")?));
    }
    let sql = format!(
        "SELECT id, content, direction, at, revoked_at FROM item WHERE workspace_id = $1 AND id IN {ids}"
    );
    let mut firsts = BTreeMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(covered.values().map(|(_, first)| *first))]).await? {
        let first = First {
            item_id: row.int("id")?,
            content: content_of(&row.text("content")?)?,
            direction: direction_of(&row.text("direction")?),
            at: row.int("at")?,
            is_revoked: row.opt_int("revoked_at")?.is_some(),
        };
        firsts.insert(first.item_id, first);
    }
    for entry in listed {
        if let Some((messages, first)) = covered.get(&entry.id) {
            entry.messages = *messages;
            entry.first = firsts.get(first).cloned();
        }
    }
    Ok(())
}

/// The messages that an entry covers, in order, at most `most`: id, what it says, and whether its sender deleted it.
pub async fn covered(tx: &mut Tx<'_>, workspace_id: i64, entry_id: i64, most: i64) -> Result<Vec<First>> {
    let sql = "SELECT i.id, i.content, i.direction, i.at, i.revoked_at FROM entry_item ei \
               JOIN item i ON i.workspace_id = ei.workspace_id AND i.id = ei.item_id \
               WHERE ei.workspace_id = $1 AND ei.entry_id = $2 ORDER BY i.at, i.position, i.id LIMIT $3";
    let rows = tx.rows(sql, args![workspace_id, entry_id, most]).await?;
    rows.iter()
        .map(|row| {
            Ok(First {
                item_id: row.int("id")?,
                content: content_of(&row.text("content")?)?,
                direction: direction_of(&row.text("direction")?),
                at: row.int("at")?,
                is_revoked: row.opt_int("revoked_at")?.is_some(),
            })
        })
        .collect()
}

/// Why entries are held, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The reason.
    pub reason: HoldReason,
    /// Who can act.
    pub who: Who,
    /// How many entries; more than [`MOST_COUNTED`] are not counted.
    pub count: i64,
}

/// What waits for somebody: held entries by cause, and parts of raw requests that could not be read. One look at an
/// index for each reason, and no further than [`MOST_COUNTED`] rows.
pub async fn causes(tx: &mut Tx<'_>, workspace_id: i64) -> Result<(Vec<Cause>, i64)> {
    let sql = "WITH r(reason) AS (VALUES ('no_record'), ('no_address'), ('several_candidates'), ('value_refused'), \
               ('rule_refused'), ('no_permission'), ('no_api_access'), ('no_api_for_user'), ('required_field'), ('no_owner'), \
               ('record_locked'), ('storage_full'), ('grant_lost'), ('disconnected'), ('limit_reached'), \
               ('unreachable'), ('paused'), ('deleted_in_crm'), ('edited_in_crm'), ('other_org'), ('unexpected')) \
               SELECT r.reason, (SELECT count(*) FROM (SELECT 1 FROM entry e WHERE e.workspace_id = $1 \
               AND e.state = 'held' AND e.reason = r.reason LIMIT $2) AS c) AS n, \
               (SELECT e.who FROM entry e WHERE e.workspace_id = $1 AND e.state = 'held' AND e.reason = r.reason \
               ORDER BY e.id DESC LIMIT 1) AS who FROM r \
               UNION ALL SELECT '', (SELECT count(*) FROM (SELECT 1 FROM quarantine q WHERE q.workspace_id = $1 \
               LIMIT $2) AS c), ''";
    let (mut causes, mut quarantined) = (Vec::new(), 0);
    for row in tx.rows(sql, args![workspace_id, MOST_COUNTED + 1]).await? {
        let (reason, count) = (row.text("reason")?, row.int("n")?);
        if reason.is_empty() {
            quarantined = count;
        } else if count > 0 {
            let who = row.opt_text("who")?.map_or(Ok(Who::Operator), |who| of_word(&who))?;
            causes.push(Cause { reason: of_word(&reason)?, who, count });
        }
    }
    Ok((causes, quarantined))
}

/// How many entries of a connection are due, for one integration or for all; more than [`MOST_COUNTED`] are not counted.
pub async fn waiting(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    connection_id: i64,
    integration_id: Option<i64>,
) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM (SELECT 1 FROM entry e WHERE e.workspace_id = $1 AND e.connection_id = $2 \
               AND e.state = 'due' AND (CAST($3 AS BIGINT) = 0 OR e.integration_id = $3) LIMIT $4) AS w";
    let args = args![workspace_id, connection_id, integration_id.unwrap_or(0), MOST_COUNTED + 1];
    tx.row(sql, args).await?.map_or(Ok(0), |row| row.int("n"))
}
