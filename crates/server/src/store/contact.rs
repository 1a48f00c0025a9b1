//! Contacts and their addresses.

use causeway_core::{
    address::{Address, AddressKind},
    search::WORDS_VERSION,
    timeline::identity::Acquaintance,
};

use super::{Result, Row, Tx, args, contact_word};

/// The word under which a kind of address is stored.
pub fn kind_word(kind: AddressKind) -> &'static str {
    match kind {
        AddressKind::Phone => "phone",
        AddressKind::Email => "email",
        AddressKind::Handle => "handle",
    }
}

/// The kind behind a stored word.
pub fn kind_of(word: &str) -> AddressKind {
    match word {
        "phone" => AddressKind::Phone,
        "email" => AddressKind::Email,
        _ => AddressKind::Handle,
    }
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: i64,
    /// The name that the person chose.
    pub name: Option<String>,
}

/// The distinct contacts that these addresses lead to, oldest first. A number leads to its known variants too.
pub async fn acquaintances(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    addresses: &[Address],
) -> Result<Vec<Acquaintance>> {
    let mut ids = Vec::new();
    let sql =
        "SELECT contact_id FROM address WHERE workspace_id = $1 AND kind = $2 AND scope = $3 AND value = $4";
    for address in addresses {
        for value in spellings(address) {
            let args = args![workspace_id, kind_word(address.kind), address.scope.clone(), value];
            if let Some(row) = tx.row(sql, args).await? {
                ids.push(row.int("contact_id")?);
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::with_capacity(ids.len());
    for contact_id in ids {
        found.push(Acquaintance { contact_id, addresses: addresses_of(tx, workspace_id, contact_id).await? });
    }
    Ok(found)
}

/// A number and its known variants; anything else as it is.
fn spellings(address: &Address) -> Vec<String> {
    let mut values = vec![address.value.clone()];
    if let Some(phone) = address.phone() {
        values.extend(phone.match_keys.into_iter().filter(|key| *key != address.value));
    }
    values
}

/// Every address of a contact, newest first.
pub async fn addresses_of(tx: &mut Tx<'_>, workspace_id: i64, contact_id: i64) -> Result<Vec<Address>> {
    let sql = "SELECT kind, scope, value, raw FROM address WHERE workspace_id = $1 AND contact_id = $2 \
               ORDER BY created_at DESC, kind, scope, value";
    tx.rows(sql, args![workspace_id, contact_id]).await?.iter().map(read_address).collect()
}

/// An address from its columns.
pub fn read_address(row: &Row) -> Result<Address> {
    Ok(Address {
        kind: kind_of(&row.text("kind")?),
        scope: row.text("scope")?,
        value: row.text("value")?,
        raw: row.text("raw")?,
    })
}

/// Makes a contact.
pub async fn create(tx: &mut Tx<'_>, workspace_id: i64, id: i64, now: i64) -> Result<()> {
    // Nobody has told a name yet, so it has all of its words: none.
    let sql = "INSERT INTO contact (workspace_id, id, created_at, words_version) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![workspace_id, id, now, WORDS_VERSION]).await?;
    Ok(())
}

/// The contact of that id, or the one that it turned out to be.
pub async fn find(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<Option<Contact>> {
    let sql = "SELECT id, name, merged_into FROM contact WHERE workspace_id = $1 AND id = $2";
    let mut wanted = id;
    // Each step leads to a contact that stayed; a ring, which should not be, ends the search.
    for _ in 0..16 {
        let Some(row) = tx.row(sql, args![workspace_id, wanted]).await? else { return Ok(None) };
        match row.opt_int("merged_into")? {
            Some(next) => wanted = next,
            None => return Ok(Some(Contact { id: row.int("id")?, name: row.opt_text("name")? })),
        }
    }
    Ok(None)
}

/// Gives addresses to a contact; one that belongs to another passes over. Returns how many were new to it.
pub async fn give(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    contact_id: i64,
    addresses: &[Address],
    now: i64,
) -> Result<u64> {
    let holder =
        "SELECT contact_id FROM address WHERE workspace_id = $1 AND kind = $2 AND scope = $3 AND value = $4";
    let sql = "INSERT INTO address (workspace_id, kind, scope, value, raw, contact_id, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, kind, scope, value) \
               DO UPDATE SET contact_id = excluded.contact_id WHERE address.contact_id <> excluded.contact_id";
    let (mut new, mut changed) = (0, Vec::new());
    for address in addresses {
        let kind = kind_word(address.kind);
        let key = args![workspace_id, kind, address.scope.clone(), address.value.clone()];
        match tx.row(holder, key).await?.map(|row| row.int("contact_id")).transpose()? {
            Some(present) if present == contact_id => continue,
            former => changed.extend(former),
        }
        let args = args![
            workspace_id,
            kind,
            address.scope.clone(),
            address.value.clone(),
            address.raw.clone(),
            contact_id,
            now
        ];
        new += tx.execute(sql, args).await?;
    }
    if new > 0 {
        changed.push(contact_id);
    }
    for contact_id in changed {
        contact_word::refresh(tx, workspace_id, contact_id).await?;
    }
    Ok(new)
}

/// Notes the name that a person chose, as an event of the time `at` tells it. A late one only fills what nobody told.
pub async fn rename(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    id: i64,
    name: Option<&str>,
    username: Option<&str>,
    at: i64,
) -> Result<()> {
    if name.is_none() && username.is_none() {
        return Ok(());
    }
    // Every message tells the name again: only another one is worth new words.
    let sql = "UPDATE contact SET \
               name = CASE WHEN named_at <= $5 THEN COALESCE($3, name) ELSE COALESCE(name, $3) END, \
               username = CASE WHEN named_at <= $5 THEN COALESCE($4, username) ELSE COALESCE(username, $4) END, \
               words_version = CASE WHEN COALESCE(name, '') = COALESCE(\
               CASE WHEN named_at <= $5 THEN COALESCE($3, name) ELSE COALESCE(name, $3) END, '') \
               AND COALESCE(username, '') = COALESCE(\
               CASE WHEN named_at <= $5 THEN COALESCE($4, username) ELSE COALESCE(username, $4) END, '') \
               THEN words_version ELSE 0 END, \
               named_at = CASE WHEN named_at <= $5 THEN $5 ELSE named_at END \
               WHERE workspace_id = $1 AND id = $2 RETURNING words_version";
    let row = tx.row(sql, args![workspace_id, id, name, username, at]).await?;
    if row.map(|row| row.int("words_version")).transpose()?.is_some_and(|version| version < WORDS_VERSION) {
        contact_word::refresh(tx, workspace_id, id).await?;
    }
    Ok(())
}

/// Makes `absorbed` one with `kept`: all that was told, done and written of it passes over; nothing is lost.
pub async fn merge(tx: &mut Tx<'_>, workspace_id: i64, kept: i64, absorbed: i64) -> Result<()> {
    if kept == absorbed {
        return Ok(());
    }
    let all = args![workspace_id, absorbed, kept];
    for sql in [
        "UPDATE contact SET name = COALESCE(name, (SELECT o.name FROM contact o WHERE o.workspace_id = $1 AND o.id = $2)), \
         username = COALESCE(username, (SELECT o.username FROM contact o WHERE o.workspace_id = $1 AND o.id = $2)), \
         named_at = CASE WHEN name IS NULL THEN COALESCE((SELECT o.named_at FROM contact o \
         WHERE o.workspace_id = $1 AND o.id = $2), named_at) ELSE named_at END, \
         merged_into = NULL \
         WHERE workspace_id = $1 AND id = $3",
        "UPDATE contact SET merged_into = $3 WHERE workspace_id = $1 AND id = $2",
        "UPDATE address SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        "UPDATE conversation SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        "UPDATE entry SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        "UPDATE attempt SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        "UPDATE journal SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2",
        // With other addresses it is found anew.
        "DELETE FROM panel_match WHERE workspace_id = $1 AND contact_id IN ($2, $3)",
        // A link stays before a creation whose answer was lost, and that before neither; among equals the kept one's.
        "DELETE FROM person WHERE workspace_id = $1 AND contact_id = $3 AND record_id IS NULL AND EXISTS \
         (SELECT 1 FROM person a WHERE a.workspace_id = $1 AND a.connection_id = person.connection_id \
         AND a.contact_id = $2 AND (a.record_id IS NOT NULL \
         OR (a.unknown_since IS NOT NULL AND person.unknown_since IS NULL)))",
        "UPDATE person SET contact_id = $3, revision = revision + 1 WHERE workspace_id = $1 AND contact_id = $2 \
         AND (record_id IS NOT NULL OR unknown_since IS NOT NULL) AND NOT EXISTS \
         (SELECT 1 FROM person k WHERE k.workspace_id = $1 AND k.connection_id = person.connection_id \
         AND k.contact_id = $3)",
    ] {
        tx.execute(sql, all).await?;
    }
    let rest = "DELETE FROM person WHERE workspace_id = $1 AND contact_id = $2";
    tx.execute(rest, args![workspace_id, absorbed]).await?;
    // What was held with a person who is gone, or whose hold is gone, is not held any more.
    let freed = "UPDATE entry SET state = 'due', reason = NULL, who = NULL, detail = NULL, is_person_hold = 0 \
                 WHERE workspace_id = $1 AND contact_id = $2 AND state = 'held' AND is_person_hold = 1 \
                 AND NOT EXISTS (SELECT 1 FROM person p WHERE p.workspace_id = $1 \
                 AND p.connection_id = entry.connection_id AND p.contact_id = $2 AND p.state = 'held')";
    tx.execute(freed, args![workspace_id, kept]).await?;
    for contact_id in [kept, absorbed] {
        contact_word::refresh(tx, workspace_id, contact_id).await?;
    }
    Ok(())
}

/// The contact that this one has become by now: itself, unless it was absorbed.
pub async fn present(tx: &mut Tx<'_>, workspace_id: i64, id: i64) -> Result<i64> {
    let sql = "SELECT merged_into FROM contact WHERE workspace_id = $1 AND id = $2";
    let mut present = id;
    while let Some(row) = tx.row(sql, args![workspace_id, present]).await? {
        match row.opt_int("merged_into")? {
            Some(next) if next != present => present = next,
            _ => break,
        }
    }
    Ok(present)
}
