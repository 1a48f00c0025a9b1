//! The list of conversations: filtered, newest first, a page at a time, however many there are.
//!
//! A list is made of streams, one for each status (and account), each of which an index serves in the order of the list.
//! They are merged by one statement. A search that finds few contacts looks at their conversations instead; one that
//! finds many walks the streams.

use std::collections::HashMap;

use causeway_core::{
    address::{self, Address},
    search::{Search, Term},
    timeline::{Content, Direction, Status, act::STATUSES},
};

use super::{
    Cursor, Dialect, Page, Result, Row, Tx, Value, args,
    contact::read_address,
    contact_word::{self, Built, Found},
    conversation::status_of,
    item::{content_of, direction_of},
};

/// How many rows a page has.
pub const PAGE: usize = 50;

/// Counting ends here: "999+".
pub const MOST_COUNTED: i64 = 1_000;

/// Most streams of one statement; more accounts than that are picked out of wider streams.
const MOST_STREAMS: usize = 60;

/// Which conversations are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// How they stand; `None`: in any way.
    pub status: Option<Status>,
    /// Whose they are.
    pub assignee: Assignee,
    /// Where they take place.
    pub place: Place,
    /// Only with messages that nobody has looked at.
    pub is_unread: bool,
    /// Only of contacts that this finds.
    pub search: Option<Search>,
}

/// Whose conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignee {
    /// Anybody's and nobody's.
    #[default]
    Any,
    /// Nobody's.
    Nobody,
    /// This member's.
    Member(i64),
}

/// Where conversations take place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    #[default]
    Anywhere,
    /// On this account.
    Account(i64),
    /// On accounts of this channel.
    Channel(String),
    /// On accounts of this inbox.
    Inbox(i64),
}

/// A conversation as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: i64,
    /// Its person; `None` for a group.
    pub contact: Option<Called>,
    /// The group's subject.
    pub subject: Option<String>,
    /// Its account.
    pub account_id: i64,
    /// The account's channel.
    pub channel: String,
    /// What people call the account.
    pub account: String,
    /// How it stands.
    pub status: Status,
    /// Who answers it, by id and name.
    pub assignee: Option<(i64, String)>,
    /// Messages of the customer that nobody has looked at.
    pub unread: i64,
    /// When it began.
    pub created_at: i64,
    /// When somebody last said something.
    pub last_at: i64,
    /// What was said last.
    pub preview: Option<Preview>,
}

/// What a contact is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The contact.
    pub contact_id: i64,
    /// The name, or else the user name, that the person chose.
    pub name: Option<String>,
    /// The address by which they are called without a name.
    pub address: Option<Address>,
}

/// The last message of a conversation, or what its provider said last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The item.
    pub item_id: i64,
    /// `message` or `notice`.
    pub kind: String,
    /// From or to the customer.
    pub direction: Direction,
    /// When.
    pub at: i64,
    /// What it says now.
    pub content: Content,
    /// It was deleted for everyone.
    pub is_revoked: bool,
}

/// A capped count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many, at most 999.
    pub number: i64,
    /// There are more.
    pub is_more: bool,
}

/// A page of the list, from the cursor on.
pub async fn page(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    filter: &Filter,
    from: Option<Cursor>,
) -> Result<Page<Conversation>> {
    let question = ask(tx, workspace_id, filter, from, PAGE + 1).await?;
    let places = match question {
        Some(question) => {
            let (sql, args) = question.statement();
            let rows = tx.rows(&sql, &args).await?;
            let place = |row: &Row| Ok(Cursor { at: row.int("last_at")?, id: row.int("id")? });
            rows.iter().map(place).collect::<Result<Vec<_>>>()?
        }
        None => Vec::new(),
    };
    let places = Page::of(places, PAGE, |place| *place);
    let ids: Vec<i64> = places.rows.iter().map(|place| place.id).collect();
    Ok(places.with(of_ids(tx, workspace_id, &ids).await?))
}

/// How many conversations the list has, as far as anybody wants to know.
pub async fn count(tx: &mut Tx<'_>, workspace_id: i64, filter: &Filter) -> Result<Count> {
    let most = usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX);
    let Some(question) = ask(tx, workspace_id, filter, None, most).await? else {
        return Ok(Count::default());
    };
    let (sql, args) = question.counting();
    let number = tx.row(&sql, &args).await?.map_or(Ok(0), |row| row.int("n"))?;
    Ok(Count { number: number.min(MOST_COUNTED - 1), is_more: number >= MOST_COUNTED })
}

/// The conversation of that id.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Conversation>> {
    Ok(of_ids(tx, workspace_id, &[id]).await?.pop())
}

/// The conversations of a contact, the latest first; at most a page.
pub async fn of_contact(tx: &mut Tx<'_>, workspace_id: i64, contact_id: i64) -> Result<Vec<Conversation>> {
    let sql = "SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2 \
               ORDER BY last_at DESC, id DESC LIMIT 50";
    let rows = tx.rows(sql, args![workspace_id, contact_id]).await?;
    let ids = rows.iter().map(|row| row.int("id")).collect::<Result<Vec<_>>>()?;
    of_ids(tx, workspace_id, &ids).await
}

/// A question to the list, with all that has to be known to put it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The engine that is asked.
    pub dialect: Dialect,
    /// The workspace.
    pub workspace_id: i64,
    /// How the conversations stand.
    pub statuses: Vec<Status>,
    /// Whose they are.
    pub assignee: Assignee,
    /// The accounts on which they take place; `None`: on any.
    pub accounts: Option<Vec<i64>>,
    /// Only with unread messages.
    pub is_unread: bool,
    /// Only of these contacts.
    pub contacts: Option<Vec<i64>>,
    /// Only of contacts who have these terms' words.
    pub terms: Vec<Term>,
    /// Where the page begins.
    pub from: Cursor,
    /// How many rows are wanted at most.
    pub most: usize,
}

/// Puts the question together. `None`: the answer is nothing.
async fn ask(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    filter: &Filter,
    from: Option<Cursor>,
    most: usize,
) -> Result<Option<Question>> {
    let accounts = accounts(tx, workspace_id, &filter.place).await?;
    let (mut contacts, mut terms) = (None, Vec::new());
    if let Some(search) = &filter.search {
        match contact_word::find(tx, workspace_id, search).await? {
            Found::Few(found) => contacts = Some(found),
            Found::Many => terms.clone_from(&search.terms),
        }
    }
    if accounts.as_ref().is_some_and(Vec::is_empty) || contacts.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    Ok(Some(Question {
        dialect: tx.dialect(),
        workspace_id,
        statuses: filter.status.map_or_else(|| STATUSES.to_vec(), |status| vec![status]),
        assignee: filter.assignee,
        accounts,
        is_unread: filter.is_unread,
        contacts,
        terms,
        from: from.unwrap_or(Cursor::START),
        most,
    }))
}

/// The accounts of a place; `None`: it is every account.
async fn accounts(tx: &mut Tx<'_>, workspace_id: i64, place: &Place) -> Result<Option<Vec<i64>>> {
    if let Place::Account(id) = place {
        return Ok(Some(vec![*id]));
    }
    let (channel, inbox_id) = match place {
        Place::Channel(channel) => (Some(channel.as_str()), None),
        Place::Inbox(id) => (None, Some(*id)),
        Place::Anywhere | Place::Account(_) => return Ok(None),
    };
    let sql = "SELECT id, channel, inbox_id FROM account WHERE workspace_id = $1 ORDER BY id";
    let rows = tx.rows(sql, args![workspace_id]).await?;
    let mut ids = Vec::new();
    for row in &rows {
        let is_wanted = match channel {
            Some(channel) => row.text("channel")? == channel,
            None => row.opt_int("inbox_id")? == inbox_id,
        };
        if is_wanted {
            ids.push(row.int("id")?);
        }
    }
    Ok((ids.len() < rows.len() || ids.is_empty()).then_some(ids))
}

impl Question {
    /// The statement that answers with ids and times.
    pub fn statement(&self) -> (String, Vec<Value>) {
        let (sources, args) = self.sources();
        let all = sources.join(" UNION ALL SELECT id, last_at FROM ");
        (format!("SELECT id, last_at FROM {all} ORDER BY last_at DESC, id DESC LIMIT $4"), args)
    }

    /// The statement that counts, no further than `most`.
    pub fn counting(&self) -> (String, Vec<Value>) {
        let (sources, args) = self.sources();
        let all = sources.join(" UNION ALL SELECT id FROM ");
        (format!("SELECT count(*) AS n FROM (SELECT id FROM {all} LIMIT $4) AS few"), args)
    }

    /// The subqueries that together have every row, each in the order of the list.
    fn sources(&self) -> (Vec<String>, Vec<Value>) {
        let most = i64::try_from(self.most).unwrap_or(i64::MAX);
        let mut built = Built {
            sql: String::new(),
            args: args![self.workspace_id, self.from.at, self.from.id, most].to_vec(),
        };
        if let Some(contacts) = &self.contacts {
            return (vec![self.of_contacts(&mut built, contacts)], built.args);
        }
        let each = self.accounts.as_deref().filter(|accounts| {
            self.assignee == Assignee::Any && accounts.len() * self.statuses.len() <= MOST_STREAMS
        });
        let mut sources = Vec::new();
        for status in &self.statuses {
            for account in each.map_or_else(|| vec![None], |ids| ids.iter().copied().map(Some).collect()) {
                let stream = self.stream(&mut built, *status, account);
                sources.push(format!("{stream} AS s{}", sources.len()));
            }
        }
        (sources, built.args)
    }

    /// The conversations of one status (and account), in the order of an index.
    fn stream(&self, built: &mut Built, status: Status, account: Option<i64>) -> String {
        let mut conditions = self.owned(built);
        // PostgreSQL takes a column that is null throughout for one that has an order.
        let first = if self.assignee == Assignee::Nobody { "c.assignee_id DESC, " } else { "" };
        let place = match (account, &self.accounts) {
            (Some(account), _) => format!(" AND c.account_id = {}", built.arg(account)),
            (None, Some(accounts)) => self.on_accounts(built, "+", accounts),
            (None, None) => String::new(),
        };
        conditions += &place;
        conditions += &built.has_words("c.contact_id", &self.terms);
        let status = status.word();
        format!(
            "(SELECT c.id, c.last_at FROM conversation c WHERE c.workspace_id = $1 AND c.status = '{status}' \
             AND (c.last_at, c.id) < ($2, $3){conditions} ORDER BY {first}c.last_at DESC, c.id DESC LIMIT $4)"
        )
    }

    /// The conversations of a few contacts. The inner limit keeps the engines from looking for them in another way.
    fn of_contacts(&self, built: &mut Built, contacts: &[i64]) -> String {
        let ids = self.dialect.ids(&built.arg(json(contacts)));
        let mut conditions = self.owned(built);
        if let Some(accounts) = &self.accounts {
            conditions += &self.on_accounts(built, "", accounts);
        }
        let statuses: Vec<String> =
            self.statuses.iter().map(|status| format!("'{}'", status.word())).collect();
        let statuses = statuses.join(", ");
        format!(
            "(SELECT c.id, c.last_at FROM (SELECT p.id, p.last_at, p.status, p.assignee_id, p.account_id, p.unread \
             FROM conversation p WHERE p.workspace_id = $1 AND p.contact_id IN {ids} LIMIT 1000000) AS c \
             WHERE c.status IN ({statuses}) AND (c.last_at, c.id) < ($2, $3){conditions} \
             ORDER BY c.last_at DESC, c.id DESC LIMIT $4) AS found"
        )
    }

    /// Whose they are, and whether they are read.
    fn owned(&self, built: &mut Built) -> String {
        let mut conditions = match self.assignee {
            Assignee::Any => String::new(),
            Assignee::Nobody => " AND c.assignee_id IS NULL".to_owned(),
            Assignee::Member(id) => format!(" AND c.assignee_id = {}", built.arg(id)),
        };
        if self.is_unread {
            conditions += " AND c.unread > 0";
        }
        conditions
    }

    /// `sign` keeps an engine from choosing the index of accounts, where another has the order.
    fn on_accounts(&self, built: &mut Built, sign: &str, accounts: &[i64]) -> String {
        format!(" AND {sign}c.account_id IN {}", self.dialect.ids(&built.arg(json(accounts))))
    }
}

/// Everything that a list shows of these conversations, in their order. Ids of another workspace are left out.
pub async fn of_ids(tx: &mut Tx<'_>, workspace_id: i64, wanted: &[i64]) -> Result<Vec<Conversation>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT c.id, c.contact_id, c.subject, c.account_id, c.status, c.assignee_id, c.unread, c.created_at, c.last_at, \
         a.channel, a.display, m.name AS assignee FROM conversation c \
         JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id \
         LEFT JOIN member m ON m.workspace_id = c.workspace_id AND m.id = c.assignee_id \
         WHERE c.workspace_id = $1 AND c.id IN {ids}"
    );
    let rows = tx.rows(&sql, args![workspace_id, json(wanted)]).await?;
    let contacts: Vec<i64> =
        rows.iter().filter_map(|row| row.opt_int("contact_id").transpose()).collect::<Result<_>>()?;
    let called = called(tx, workspace_id, &contacts).await?;
    let mut previews = previews(tx, workspace_id, wanted).await?;
    let mut found = HashMap::new();
    for row in &rows {
        let mut conversation = read(row)?;
        let contact_id = row.opt_int("contact_id")?;
        conversation.contact = contact_id.map(|contact_id| {
            called.get(&contact_id).cloned().unwrap_or(Called { contact_id, ..Called::default() })
        });
        conversation.preview = previews.remove(&conversation.id);
        found.insert(conversation.id, conversation);
    }
    Ok(wanted.iter().filter_map(|id| found.remove(id)).collect())
}

fn read(row: &Row) -> Result<Conversation> {
    let assignee = row.opt_text("assignee")?.unwrap_or_default();
    Ok(Conversation {
        id: row.int("id")?,
        contact: None,
        subject: row.opt_text("subject")?,
        account_id: row.int("account_id")?,
        channel: row.text("channel")?,
        account: row.text("display")?,
        status: status_of(&row.text("status")?),
        assignee: row.opt_int("assignee_id")?.map(|id| (id, assignee)),
        unread: row.int("unread")?,
        created_at: row.int("created_at")?,
        last_at: row.int("last_at")?,
        preview: None,
    })
}

/// What these contacts are called.
pub async fn called(tx: &mut Tx<'_>, workspace_id: i64, contacts: &[i64]) -> Result<HashMap<i64, Called>> {
    let mut addresses: HashMap<i64, Vec<Address>> = HashMap::new();
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT contact_id, kind, scope, value, raw FROM address WHERE workspace_id = $1 AND contact_id IN {ids} \
         ORDER BY created_at DESC, kind, scope, value"
    );
    let wanted = json(contacts);
    for row in tx.rows(&sql, args![workspace_id, &wanted]).await? {
        addresses.entry(row.int("contact_id")?).or_default().push(read_address(&row)?);
    }
    let sql = format!("SELECT id, name, username FROM contact WHERE workspace_id = $1 AND id IN {ids}");
    let rows = tx.rows(&sql, args![workspace_id, &wanted]).await?;
    rows.iter()
        .map(|row| {
            let contact_id = row.int("id")?;
            let is_told = |name: &String| !name.trim().is_empty();
            let name = row.opt_text("name")?.filter(is_told);
            Ok((
                contact_id,
                Called {
                    contact_id,
                    name: name.or(row.opt_text("username")?.filter(is_told)),
                    address: addresses.get(&contact_id).and_then(|all| address::best(all)).cloned(),
                },
            ))
        })
        .collect()
}

/// What was said last in each of these conversations.
async fn previews(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    conversations: &[i64],
) -> Result<HashMap<i64, Preview>> {
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT i.conversation_id, i.id, i.kind, i.direction, i.at, i.content, i.revoked_at FROM conversation c \
         JOIN item i ON i.workspace_id = c.workspace_id AND i.id = (SELECT l.id FROM item l \
         WHERE l.workspace_id = c.workspace_id AND l.conversation_id = c.id AND l.kind IN ('message', 'notice') \
         ORDER BY l.at DESC, l.position DESC, l.id DESC LIMIT 1) WHERE c.workspace_id = $1 AND c.id IN {ids}"
    );
    let rows = tx.rows(&sql, args![workspace_id, json(conversations)]).await?;
    rows.iter()
        .map(|row| {
            let preview = Preview {
                item_id: row.int("id")?,
                kind: row.text("kind")?,
                direction: direction_of(&row.text("direction")?),
                at: row.int("at")?,
                content: content_of(&row.text("content")?)?,
                is_revoked: row.opt_int("revoked_at")?.is_some(),
            };
            Ok((row.int("conversation_id")?, preview))
        })
        .collect()
}

/// Ids as a statement takes a list of them.
pub(super) fn json(ids: &[i64]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}
