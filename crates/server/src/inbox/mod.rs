//! What members do in a conversation: memos, assignments, its status, having read it. Each is one transaction; none of
//! it leaves the program, and nothing waits for it. Open pages are told of each.

pub mod pins;
pub mod set_up;

use causeway_core::timeline::{Act, Memo, MemoRefused, Status};

use crate::{
    app::App,
    live::Topic,
    store::{
        self, Tx,
        conversation::{self, Standing},
        item::{self, NewAct},
        workspace,
    },
};

/// Why a wish was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ActRefused {
    /// No such conversation (in this workspace).
    #[error("there is no such conversation")]
    NoConversation,
    /// No such active member (in this workspace).
    #[error("there is no such member")]
    NoMember,
    /// The text is no memo.
    #[error("{}", why(*.0))]
    Memo(MemoRefused),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn why(refused: MemoRefused) -> String {
    match refused {
        MemoRefused::Empty => "the memo is empty".into(),
        MemoRefused::TooLong(length) => {
            format!("the memo has {length} characters; {} is the most", Memo::LONGEST)
        }
        MemoRefused::Nul => "the memo contains a NUL character".into(),
    }
}

/// Who acts, and on what.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The workspace.
    pub workspace_id: i64,
    /// The member.
    pub member_id: i64,
    /// The conversation.
    pub conversation_id: i64,
}

/// What to change in a conversation; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Whose it becomes: a member's, or nobody's.
    pub assignee: Option<Option<i64>>,
    /// How it stands from now on.
    pub status: Option<Status>,
}

/// Writes a memo. Answers the id of its item.
pub async fn write_memo(app: &App, by: By, text: &str) -> Result<i64, ActRefused> {
    let memo = Memo::new(text).map_err(ActRefused::Memo)?;
    let (id, at) = (app.nature.id(), app.now());
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            let Some(standing) = conversation::standing(tx, by.workspace_id, by.conversation_id).await?
            else {
                return Ok(Err(ActRefused::NoConversation));
            };
            note(tx, by, &standing, (id, at), Act::Memo(memo)).await?;
            Ok(Ok(id))
        })
    });
    let item_id = done.await??;
    tell(app, by);
    Ok(item_id)
}

/// Tells open pages that a conversation has changed.
fn tell(app: &App, by: By) {
    app.live.tell(by.workspace_id, &[Topic::Conversation(by.conversation_id), Topic::Conversations]);
}

/// Gives a conversation to an active member, or to nobody. Answers the item; `None`: it is theirs already.
pub async fn assign(app: &App, by: By, assignee: Option<i64>) -> Result<Option<i64>, ActRefused> {
    let change = Change { assignee: Some(assignee), status: None };
    Ok(self::change(app, by, change).await?.into_iter().next())
}

/// Changes how a conversation stands. Answers the item; `None`: it stands so already.
pub async fn set_status(app: &App, by: By, status: Status) -> Result<Option<i64>, ActRefused> {
    let change = Change { assignee: None, status: Some(status) };
    Ok(self::change(app, by, change).await?.into_iter().next())
}

/// Changes both, or neither. Answers the items, one for each thing that really changed.
pub async fn change(app: &App, by: By, wish: Change) -> Result<Vec<i64>, ActRefused> {
    let (first, second, at) = (app.nature.id(), app.nature.id(), app.now());
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            let Some(standing) = conversation::standing(tx, by.workspace_id, by.conversation_id).await?
            else {
                return Ok(Err(ActRefused::NoConversation));
            };
            if let Some(Some(assignee)) = wish.assignee
                && workspace::member(tx, by.workspace_id, assignee).await?.is_none()
            {
                return Ok(Err(ActRefused::NoMember));
            }
            let mut items = Vec::new();
            if let Some(after) = wish.assignee.filter(|after| *after != standing.assignee_id) {
                conversation::assign(tx, by.workspace_id, by.conversation_id, after).await?;
                let act = Act::Assignment { before: standing.assignee_id, after };
                note(tx, by, &standing, (first, at), act).await?;
                items.push(first);
            }
            if let Some(after) = wish.status.filter(|after| *after != standing.status) {
                conversation::set_status(tx, by.workspace_id, by.conversation_id, after).await?;
                let act = Act::Status { before: standing.status, after };
                note(tx, by, &standing, (second, at), act).await?;
                items.push(second);
            }
            Ok(Ok(items))
        })
    });
    let items = done.await??;
    if !items.is_empty() {
        tell(app, by);
    }
    Ok(items)
}

/// Notes that somebody has looked at a conversation. `false`: nothing was unread.
pub async fn mark_read(app: &App, by: By) -> Result<bool, ActRefused> {
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            if conversation::mark_read(tx, by.workspace_id, by.conversation_id).await? {
                return Ok(Ok(true));
            }
            let standing = conversation::standing(tx, by.workspace_id, by.conversation_id).await?;
            Ok(standing.map(|_| false).ok_or(ActRefused::NoConversation))
        })
    });
    let has_changed = done.await??;
    if has_changed {
        app.live.tell(by.workspace_id, &[Topic::Conversations]);
    }
    Ok(has_changed)
}

async fn note(
    tx: &mut Tx<'_>,
    by: By,
    standing: &Standing,
    (id, at): (i64, i64),
    act: Act,
) -> store::Result<()> {
    let new = NewAct {
        id,
        workspace_id: by.workspace_id,
        conversation_id: by.conversation_id,
        account_id: standing.account_id,
        member_id: by.member_id,
        at,
        act,
    };
    item::insert_act(tx, &new).await
}
