//! The inbox: the list, a conversation, and what members do in it.

mod acts;
mod asked;
mod files;
mod list;
mod shown;
mod thread;

use causeway_core::rights::Right;

use super::Routes;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/inbox", Right::Read, list::show)
        .get("/inbox/{conversation}", Right::Read, thread::show)
        .get("/inbox/{conversation}/items", Right::Read, thread::items)
        .get("/inbox/{conversation}/acts", Right::Read, thread::acts)
        .post("/inbox/{conversation}/read", Right::Work, acts::read)
        .post("/inbox/{conversation}/memos", Right::Work, acts::memo)
        .post("/inbox/{conversation}/assignee", Right::Work, acts::assign)
        .post("/inbox/{conversation}/status", Right::Work, acts::set_status)
        .get("/files/{file}", Right::Read, files::show)
        .post("/files/{file}/fetch", Right::Work, files::fetch)
}
