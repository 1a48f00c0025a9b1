//! Who did what: written in the transaction of the deed, never changed.

use serde_json::Value as Json;

use super::{Cursor, Error, Page, Result, Row, Tx, args};

/// How many lines a page has.
pub const PAGE: usize = 50;

/// A line to write.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLine {
    /// Its id; rises with time.
    pub id: i64,
    /// When.
    pub at: i64,
    /// Who; `None`: the program by itself.
    pub member_id: Option<i64>,
    /// A word: `connection.disconnect`.
    pub action: &'static str,
    /// The id of what it was done to, with its prefix.
    pub subject: String,
    /// Values before and after; never a secret.
    pub detail: Json,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: i64,
    /// Who, by id and present name; `None`: the program by itself.
    pub member: Option<(i64, String)>,
    /// A word.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Values before and after.
    pub detail: Json,
}

/// Adds a line.
pub async fn append(tx: &mut Tx<'_>, workspace_id: i64, line: &NewLine) -> Result<()> {
    let sql = "INSERT INTO audit (workspace_id, id, at, member_id, action, subject, detail) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let detail = line.detail.to_string();
    let args =
        args![workspace_id, line.id, line.at, line.member_id, line.action, line.subject.clone(), detail];
    tx.execute(sql, args).await?;
    Ok(())
}

/// A page of the log, newest first, from the cursor on.
pub async fn page(tx: &mut Tx<'_>, workspace_id: i64, from: Option<Cursor>) -> Result<Page<Line>> {
    let sql = "SELECT a.id, a.at, a.member_id, m.name, a.action, a.subject, a.detail FROM audit a \
               LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id \
               WHERE a.workspace_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3";
    let from = from.unwrap_or(Cursor::START);
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let rows = tx.rows(sql, args![workspace_id, from.id, most]).await?;
    let lines = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(lines, PAGE, |line| Cursor { at: line.at, id: line.id }))
}

fn read(row: &Row) -> Result<Line> {
    let detail = row.text("detail")?;
    let name = row.opt_text("name")?.unwrap_or_default();
    Ok(Line {
        id: row.int("id")?,
        at: row.int("at")?,
        member: row.opt_int("member_id")?.map(|id| (id, name)),
        action: row.text("action")?,
        subject: row.text("subject")?,
        detail: serde_json::from_str(&detail)
            .map_err(|error| Error::unreadable("detail of the audit log", &error))?,
    })
}
