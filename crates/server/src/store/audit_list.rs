//! The audit log as it is read: by everybody, or what one member did, or one kind of deed.

use serde_json::Value as Json;

use super::{
    Cursor, Error, Page, Result, Row, Tx, args,
    audit::{Line, PAGE},
};

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of that member.
    pub member_id: Option<i64>,
    /// Of that action.
    pub action: Option<String>,
}

/// A page of those lines, newest first, from the cursor on.
pub async fn page(
    tx: &mut Tx<'_>,
    workspace_id: i64,
    wanted: &Wanted,
    from: Option<Cursor>,
) -> Result<Page<Line>> {
    // Each way to ask is a statement of its own, so that each is answered by an index.
    let (before, most) =
        (from.unwrap_or(Cursor::START).id, i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1));
    let rows = match (wanted.member_id, wanted.action.as_deref()) {
        (None, None) => {
            let sql = "SELECT a.id, a.at, a.member_id, m.name, a.action, a.subject, a.detail FROM audit a \
                       LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id \
                       WHERE a.workspace_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3";
            tx.rows(sql, args![workspace_id, before, most]).await?
        }
        (Some(member_id), None) => {
            let sql = "SELECT a.id, a.at, a.member_id, m.name, a.action, a.subject, a.detail FROM audit a \
                       LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id \
                       WHERE a.workspace_id = $1 AND a.id < $2 AND a.member_id = $4 ORDER BY a.id DESC LIMIT $3";
            tx.rows(sql, args![workspace_id, before, most, member_id]).await?
        }
        (None, Some(action)) => {
            let sql = "SELECT a.id, a.at, a.member_id, m.name, a.action, a.subject, a.detail FROM audit a \
                       LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id \
                       WHERE a.workspace_id = $1 AND a.id < $2 AND a.action = $4 ORDER BY a.id DESC LIMIT $3";
            tx.rows(sql, args![workspace_id, before, most, action]).await?
        }
        (Some(member_id), Some(action)) => {
            let sql = "SELECT a.id, a.at, a.member_id, m.name, a.action, a.subject, a.detail FROM audit a \
                       LEFT JOIN member m ON m.workspace_id = a.workspace_id AND m.id = a.member_id \
                       WHERE a.workspace_id = $1 AND a.id < $2 AND a.member_id = $4 AND a.action = $5 \
                       ORDER BY a.id DESC LIMIT $3";
            tx.rows(sql, args![workspace_id, before, most, member_id, action]).await?
        }
    };
    let lines = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(lines, PAGE, |line| Cursor { at: line.at, id: line.id }))
}

/// The actions that stand in the log of a workspace, by the alphabet.
pub async fn actions(tx: &mut Tx<'_>, workspace_id: i64) -> Result<Vec<String>> {
    // From each to the next by the index: the log is long, and there are few actions.
    let sql = "WITH RECURSIVE step (action) AS ( \
               SELECT min(action) FROM audit WHERE workspace_id = $1 AND action > '' \
               UNION ALL \
               SELECT (SELECT min(a.action) FROM audit a WHERE a.workspace_id = $1 AND a.action > step.action) \
               FROM step WHERE step.action IS NOT NULL) \
               SELECT action FROM step WHERE action IS NOT NULL ORDER BY action";
    tx.rows(sql, args![workspace_id]).await?.iter().map(|row| row.text("action")).collect()
}

fn read(row: &Row) -> Result<Line> {
    let detail = row.text("detail")?;
    let detail: Json = serde_json::from_str(&detail)
        .map_err(|error| Error::unreadable("detail of the audit log", &error))?;
    let name = row.opt_text("name")?.unwrap_or_default();
    Ok(Line {
        id: row.int("id")?,
        at: row.int("at")?,
        member: row.opt_int("member_id")?.map(|id| (id, name)),
        action: row.text("action")?,
        subject: row.text("subject")?,
        detail,
    })
}
