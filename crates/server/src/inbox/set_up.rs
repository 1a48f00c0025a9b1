//! Setting inboxes up: which there are, who works in them, which accounts are theirs. Each deed is one transaction and a
//! line of the audit log.

use serde_json::json;

use crate::{
    app::App,
    audit as lines, id,
    people::Actor,
    store::{
        self, audit,
        inbox::{self, Inbox},
        workspace,
    },
};

/// What is done to an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It gets another name.
    Rename(String),
    /// It goes; its accounts belong to none then.
    Remove,
    /// A member works in it, as its administrator or not.
    LetWork {
        /// Who.
        member_id: i64,
        /// They answer for it.
        is_admin: bool,
    },
    /// A member works in it no more.
    LetGo(i64),
    /// An account becomes its own.
    Take(i64),
    /// An account is its own no more.
    Free(i64),
}

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum SetUpRefused {
    /// There is no such inbox, member or account in the workspace.
    #[error("there is no such inbox, member or account")]
    Nothing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Makes an inbox. Returns its id.
pub async fn make(app: &App, by: &Actor, name: String) -> store::Result<i64> {
    let (id, now, workspace_id) = (app.nature.id(), app.now(), by.workspace_id);
    let line = lines::line(app, Some(by.member.id), "inbox.make", id::inbox(id), json!({ "name": name }));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                inbox::put(tx, workspace_id, &Inbox { id, name }, now).await?;
                audit::append(tx, workspace_id, &line).await
            })
        })
        .await?;
    Ok(id)
}

/// Does something to an inbox.
pub async fn change(app: &App, by: &Actor, inbox_id: i64, deed: Deed) -> Result<(), SetUpRefused> {
    let (now, workspace_id) = (app.now(), by.workspace_id);
    let (word, detail) = match &deed {
        Deed::Rename(name) => ("inbox.rename", json!({ "after": name })),
        Deed::Remove => ("inbox.remove", json!({})),
        Deed::LetWork { member_id, is_admin } => {
            ("inbox.let_work", json!({ "member": id::member(*member_id), "administrator": is_admin }))
        }
        Deed::LetGo(member_id) => ("inbox.let_go", json!({ "member": id::member(*member_id) })),
        Deed::Take(account_id) => ("inbox.take", json!({ "account": id::account(*account_id) })),
        Deed::Free(account_id) => ("inbox.free", json!({ "account": id::account(*account_id) })),
    };
    let line = lines::line(app, Some(by.member.id), word, id::inbox(inbox_id), detail);
    let done = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                if inbox::find(tx, workspace_id, inbox_id).await?.is_none() {
                    return Ok(false);
                }
                let done = match deed {
                    Deed::Rename(name) => {
                        inbox::put(tx, workspace_id, &Inbox { id: inbox_id, name }, now).await?;
                        true
                    }
                    Deed::Remove => inbox::remove(tx, workspace_id, inbox_id).await?,
                    Deed::LetWork { member_id, is_admin } => {
                        let is_there = workspace::member(tx, workspace_id, member_id).await?.is_some();
                        if is_there {
                            inbox::put_member(tx, workspace_id, inbox_id, member_id, is_admin).await?;
                        }
                        is_there
                    }
                    Deed::LetGo(member_id) => {
                        inbox::remove_member(tx, workspace_id, inbox_id, member_id).await?
                    }
                    Deed::Take(account_id) => {
                        inbox::give_account(tx, workspace_id, account_id, Some(inbox_id)).await?
                    }
                    Deed::Free(account_id) => {
                        let owned = inbox::of_accounts(tx, workspace_id).await?;
                        owned.contains(&(account_id, inbox_id))
                            && inbox::give_account(tx, workspace_id, account_id, None).await?
                    }
                };
                if done {
                    audit::append(tx, workspace_id, &line).await?;
                }
                Ok(done)
            })
        })
        .await?;
    if done { Ok(()) } else { Err(SetUpRefused::Nothing) }
}
