//! By which words contacts are found. Words follow name and addresses in the same transaction; which words those are,
//! [`causeway_core::search`] decides.

use std::collections::BTreeSet;

use causeway_core::search::{self, Search, Term, WORDS_VERSION};

use super::{Result, Tx, Value, args, contact};

/// Up to so many rows of its rarest term, a search is answered from the words; beyond, by walking the list.
const MOST_READ: i64 = 10_000;

/// Up to so many contacts a search is answered by looking at all of them.
const FEW: usize = 2_000;

/// Whom a search finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// These contacts, and no others.
    Few(Vec<i64>),
    /// So many that a list is best walked in its order until a page is full.
    Many,
}

/// A statement that is put together, with its arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Built {
    pub(super) sql: String,
    pub(super) args: Vec<Value>,
}

impl Built {
    /// Adds an argument; answers how the text names it.
    pub(super) fn arg(&mut self, value: impl Into<Value>) -> String {
        self.args.push(value.into());
        format!("${}", self.args.len())
    }

    /// That the column `word` of an alias begins as the term asks.
    fn begins(&mut self, alias: &str, term: &Term) -> String {
        let ranges: Vec<String> = term
            .prefixes
            .iter()
            .map(|prefix| {
                let (from, to) = (self.arg(prefix), self.arg(after(prefix)));
                format!("({alias}.word >= {from} AND {alias}.word < {to})")
            })
            .collect();
        format!("({})", ranges.join(" OR "))
    }

    /// That the contact of that id has a word for each of these terms.
    pub(super) fn has_words(&mut self, contact_id: &str, terms: &[Term]) -> String {
        let has = |(number, term): (usize, &Term)| {
            let begins = self.begins(&format!("w{number}"), term);
            format!(
                " AND EXISTS (SELECT 1 FROM contact_word w{number} WHERE w{number}.workspace_id = $1 \
                 AND w{number}.contact_id = {contact_id} AND {begins})"
            )
        };
        terms.iter().enumerate().map(has).collect::<Vec<_>>().concat()
    }
}

/// What no text that begins with this prefix comes after.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Makes the words of a contact what its name and addresses say now; one that was absorbed has none. Only words that
/// differ are written.
pub async fn refresh(tx: &mut Tx<'_>, workspace_id: i64, contact_id: i64) -> Result<()> {
    let find = "SELECT name, username, merged_into FROM contact WHERE workspace_id = $1 AND id = $2";
    let Some(row) = tx.row(find, args![workspace_id, contact_id]).await? else { return Ok(()) };
    let wanted = if row.opt_int("merged_into")?.is_some() {
        BTreeSet::new()
    } else {
        let addresses = contact::addresses_of(tx, workspace_id, contact_id).await?;
        let (name, username) = (row.opt_text("name")?, row.opt_text("username")?);
        search::words_of(name.as_deref(), username.as_deref(), &addresses)
    };
    let read = "SELECT word FROM contact_word WHERE workspace_id = $1 AND contact_id = $2";
    let rows = tx.rows(read, args![workspace_id, contact_id]).await?;
    let present: BTreeSet<String> = rows.iter().map(|row| row.text("word")).collect::<Result<_>>()?;
    let sets = |words: Vec<&String>| -> Vec<Vec<Value>> {
        words.into_iter().map(|word| args![workspace_id, contact_id, word].to_vec()).collect()
    };
    let remove = "DELETE FROM contact_word WHERE workspace_id = $1 AND contact_id = $2 AND word = $3";
    let gone = sets(present.difference(&wanted).collect());
    if !gone.is_empty() {
        tx.execute_many(remove, &gone).await?;
    }
    let insert = "INSERT INTO contact_word (workspace_id, contact_id, word) VALUES ($1, $2, $3) \
                  ON CONFLICT (workspace_id, word, contact_id) DO NOTHING";
    let new = sets(wanted.difference(&present).collect());
    if !new.is_empty() {
        tx.execute_many(insert, &new).await?;
    }
    let mark =
        "UPDATE contact SET words_version = $3 WHERE workspace_id = $1 AND id = $2 AND words_version <> $3";
    tx.execute(mark, args![workspace_id, contact_id, WORDS_VERSION]).await?;
    Ok(())
}

/// Words contacts that an older program left without, or with words of another make; at most `most` of them, of every
/// workspace. Returns how many those were.
pub async fn refresh_old(tx: &mut Tx<'_>, most: i64) -> Result<usize> {
    let sql =
        "SELECT workspace_id, id FROM contact WHERE words_version < $1 AND merged_into IS NULL LIMIT $2";
    let rows = tx.rows(sql, args![WORDS_VERSION, most]).await?;
    for row in &rows {
        refresh(tx, row.int("workspace_id")?, row.int("id")?).await?;
    }
    Ok(rows.len())
}

/// Whom a search finds.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, search: &Search) -> Result<Found> {
    let mut rarest: Option<(i64, usize)> = None;
    for (place, term) in search.terms.iter().enumerate() {
        let count = count(tx, workspace_id, term).await?;
        if rarest.is_none_or(|(least, _)| count < least) {
            rarest = Some((count, place));
        }
    }
    let Some((count, place)) = rarest else { return Ok(Found::Few(Vec::new())) };
    if count > MOST_READ {
        return Ok(Found::Many);
    }
    let mut others = search.terms.clone();
    let term = others.remove(place);
    let mut found = BTreeSet::new();
    for prefix in &term.prefixes {
        let built = of_prefix(workspace_id, prefix, &others);
        let rows = tx.rows(&built.sql, &built.args).await?;
        for row in &rows {
            found.insert(row.int("contact_id")?);
        }
        if found.len() > FEW || rows.len() > 2 * FEW {
            return Ok(Found::Many);
        }
    }
    Ok(Found::Few(found.into_iter().collect()))
}

/// How many rows a term leads to; not counted much beyond [`MOST_READ`].
async fn count(tx: &mut Tx<'_>, workspace_id: i64, term: &Term) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM (SELECT 1 FROM contact_word WHERE workspace_id = $1 AND word >= $2 \
               AND word < $3 LIMIT $4) AS few";
    let mut count = 0;
    for prefix in &term.prefixes {
        let row = tx.row(sql, args![workspace_id, prefix, after(prefix), MOST_READ + 1]).await?;
        count += row.map_or(Ok(0), |row| row.int("n"))?;
    }
    Ok(count)
}

const OF_PREFIX: &str =
    "SELECT v.contact_id FROM contact_word v WHERE v.workspace_id = $1 AND v.word >= $2 AND v.word < $3";

/// Contacts with a word of that beginning who have the other terms' words too. A few words may lead to the same one.
fn of_prefix(workspace_id: i64, prefix: &str, others: &[Term]) -> Built {
    let mut built = Built { sql: String::new(), args: args![workspace_id, prefix, after(prefix)].to_vec() };
    let others = built.has_words("v.contact_id", others);
    let most = built.arg(i64::try_from(2 * FEW + 1).unwrap_or(i64::MAX));
    built.sql = format!("{OF_PREFIX}{others} LIMIT {most}");
    built
}

/// The statements of a search by those terms, for whoever looks at their plans.
pub fn statements(workspace_id: i64, search: &Search) -> Vec<(String, Vec<Value>)> {
    let Some((first, others)) = search.terms.split_first() else { return Vec::new() };
    let of = |prefix: &String| {
        let built = of_prefix(workspace_id, prefix, others);
        (built.sql, built.args)
    };
    first.prefixes.iter().map(of).collect()
}
