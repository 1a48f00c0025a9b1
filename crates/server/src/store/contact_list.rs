//! The list of contacts: newest first, a page at a time, searched by words.

use std::collections::{BTreeSet, HashMap};

use causeway_core::search::{Search, Term};

use super::{
    Cursor, Dialect, Page, Result, Row, Tx, Value, args,
    contact_word::{self, Built, Found},
    conversation_list::{self, Called, json},
};

/// How many rows a page has.
pub const PAGE: usize = 50;

/// A contact as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Id, name, address.
    pub called: Called,
    /// Since when we know them.
    pub created_at: i64,
    /// How many conversations they have.
    pub conversations: i64,
    /// When somebody last said something in one of them.
    pub last_at: Option<i64>,
}

/// A page of the list, from the cursor on.
pub async fn page(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    search: Option<&Search>,
    from: Option<Cursor>,
) -> Result<Page<Listed>> {
    let (mut contacts, mut terms) = (None, Vec::new());
    if let Some(search) = search {
        match contact_word::find(tx, workspace_id, search).await? {
            Found::Few(found) => contacts = Some(found),
            Found::Many => terms.clone_from(&search.terms),
        }
    }
    let dialect = tx.dialect();
    let from = from.unwrap_or(Cursor::START);
    let (sql, args) = match &contacts {
        Some(contacts) => of_contacts(dialect, workspace_id, contacts, from),
        None => newest(workspace_id, &terms, from),
    };
    let rows = tx.rows(&sql, &args).await?;
    let place = |row: &Row| Ok(Cursor { at: row.int("created_at")?, id: row.int("id")? });
    let places = rows.iter().map(place).collect::<Result<Vec<_>>>()?;
    let places = Page::of(places, PAGE, |place| *place);
    let listed = listed(tx, workspace_id, &places.rows).await?;
    Ok(places.with(listed))
}

/// The statement that walks the contacts, for those who have these terms' words.
pub fn newest(workspace_id: i64, terms: &[Term], from: Cursor) -> (String, Vec<Value>) {
    let mut built = Built { sql: String::new(), args: args![workspace_id, from.at, from.id].to_vec() };
    let words = built.has_words("k.id", terms);
    (format!("{NEWEST}{words} ORDER BY k.created_at DESC, k.id DESC LIMIT 51"), built.args)
}

const NEWEST: &str = "SELECT k.id, k.created_at FROM contact k WHERE k.workspace_id = $1 \
                      AND k.merged_into IS NULL AND (k.created_at, k.id) < ($2, $3)";

fn of_contacts(dialect: Dialect, workspace_id: i64, contacts: &[i64], from: Cursor) -> (String, Vec<Value>) {
    let ids = dialect.ids("$4");
    let sql = format!(
        "SELECT k.id, k.created_at FROM (SELECT c.id, c.created_at, c.merged_into FROM contact c \
         WHERE c.workspace_id = $1 AND c.id IN {ids} LIMIT 1000000) AS k \
         WHERE k.merged_into IS NULL AND (k.created_at, k.id) < ($2, $3) \
         ORDER BY k.created_at DESC, k.id DESC LIMIT 51"
    );
    (sql, args![workspace_id, from.at, from.id, json(contacts)].to_vec())
}

/// What a list marks its contacts with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The channels of their conversations, by name.
    pub channels: BTreeSet<String>,
    /// Some connection links them to a record.
    pub is_linked: bool,
}

/// The marks of these contacts; those without any are absent.
pub async fn marks(tx: &mut Tx<'_>, workspace_id: i64, contacts: &[i64]) -> Result<HashMap<i64, Marks>> {
    let ids = tx.dialect().ids("$2");
    let channels = format!(
        "SELECT DISTINCT c.contact_id, a.channel FROM conversation c JOIN account a \
         ON a.workspace_id = c.workspace_id AND a.id = c.account_id \
         WHERE c.workspace_id = $1 AND c.contact_id IN {ids}"
    );
    let mut marks: HashMap<i64, Marks> = HashMap::new();
    for row in tx.rows(&channels, args![workspace_id, json(contacts)]).await? {
        let one = marks.entry(row.int("contact_id")?).or_default();
        one.channels.insert(row.text("channel")?);
    }
    let linked = format!(
        "SELECT DISTINCT p.contact_id FROM person p JOIN connection c ON c.workspace_id = p.workspace_id \
         AND c.id = p.connection_id AND c.state <> 'disconnected' \
         WHERE p.workspace_id = $1 AND p.record_id IS NOT NULL AND p.contact_id IN {ids}"
    );
    for row in tx.rows(&linked, args![workspace_id, json(contacts)]).await? {
        marks.entry(row.int("contact_id")?).or_default().is_linked = true;
    }
    Ok(marks)
}

async fn listed(tx: &mut Tx<'_>, workspace_id: i64, places: &[Cursor]) -> Result<Vec<Listed>> {
    let wanted: Vec<i64> = places.iter().map(|place| place.id).collect();
    let mut called = conversation_list::called(tx, workspace_id, &wanted).await?;
    let ids = tx.dialect().ids("$2");
    let sql = format!(
        "SELECT contact_id, count(*) AS n, max(last_at) AS last_at FROM conversation \
         WHERE workspace_id = $1 AND contact_id IN {ids} GROUP BY contact_id"
    );
    let mut talked: HashMap<i64, (i64, Option<i64>)> = HashMap::new();
    for row in tx.rows(&sql, args![workspace_id, json(&wanted)]).await? {
        talked.insert(row.int("contact_id")?, (row.int("n")?, row.opt_int("last_at")?));
    }
    let list = places.iter().filter_map(|place| {
        let (conversations, last_at) = talked.get(&place.id).copied().unwrap_or_default();
        let called = called.remove(&place.id)?;
        Some(Listed { called, created_at: place.at, conversations, last_at })
    });
    Ok(list.collect())
}
