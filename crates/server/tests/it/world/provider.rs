//! The provider's files in the same process, and what messages carry of them.

use causeway::{
    audit::Deed,
    files,
    http::{Opened, Silence, Unopened},
    intake::{self, SealedSecrets},
    store::{
        attachment::Shown,
        conversation_list::{self, Filter},
        thread::{self, What},
    },
};
use causeway_core::crm::Response;
use causeway_simulator::whatsapp::{
    Customer,
    media::{File, Reply},
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{APP_SECRET, SOURCE, START, World};

/// Where the provider's files are.
pub const PROVIDER_URL: &str = "http://provider.test";

/// What they are read with.
pub const PROVIDER_TOKEN: &str = "provider-token";

/// An answer of the provider, without a socket between.
pub fn opened(reply: Reply) -> Result<Opened, Unopened> {
    if reply.is_silent {
        return Err(Silence { sent: true, what: "no answer in time".into() }.into());
    }
    let (pieces, cut_after) = (reply.pieces, reply.cut_after);
    let answer = reply.answer.into_response(false);
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let head = Response { status: answer.status().as_u16(), headers, body: Vec::new() };
    let Some(pieces) = pieces else {
        return Ok(Opened { head, body: stream::once(async move { Ok(answer.into_body()) }).boxed() });
    };
    let mut left = cut_after;
    let pieces = pieces.map_while(move |piece| {
        let room = left.map_or(piece.len(), |left| usize::try_from(left).unwrap().min(piece.len()));
        left = left.map(|left| left - room as u64);
        match room {
            0 => None,
            room => Some(Ok(piece.slice(..room))),
        }
    });
    let cut = cut_after.map(|_| Err(Silence { sent: true, what: "the answer broke off".into() }));
    Ok(Opened { head, body: stream::iter(pieces.chain(cut)).boxed() })
}

impl World {
    /// The endpoint gets an access token.
    pub async fn let_in(&self, token: &str) {
        let secrets = SealedSecrets {
            signing: vec![APP_SECRET.into()],
            verify_token: "verify".into(),
            access_token: Some(token.into()),
        };
        let key = Some(SOURCE.to_owned());
        let wish = intake::Wish { channel: "whatsapp", key, name: None, secrets: &secrets };
        let deed = Deed { by: None, action: "channel.add", detail: json!({}) };
        intake::add(&self.app, self.workspace_id, wish, deed).await.unwrap();
    }

    /// A customer sends a file of that name: it lies at the provider under `media_id`.
    pub async fn send_file(
        &self,
        who: &Customer,
        message_id: &str,
        media_id: &str,
        file: File,
        besides: Value,
    ) {
        let kind = match file.mime_type.split('/').next().unwrap() {
            kind @ ("image" | "video" | "audio") => kind,
            _ => "document",
        };
        let change = self.sender.file(who, (message_id, START), (kind, media_id), &file, besides);
        self.road.provider.put(media_id, file);
        self.post(vec![change]).await;
        self.digest().await;
    }

    /// A customer sends a picture.
    pub async fn send_picture(&self, who: &Customer, message_id: &str, media_id: &str, file: File) {
        self.send_file(who, message_id, media_id, file, json!({})).await;
    }

    /// Everything that is due is fetched; answers how many files were tried.
    pub async fn fetch(&self) -> usize {
        files::fetch_due(&self.app).await.unwrap()
    }

    /// The files of every message, in the order in which the messages came.
    pub async fn files(&self) -> Vec<Shown> {
        let workspace_id = self.workspace_id;
        let found = self.app.db.read(move |tx| {
            Box::pin(async move {
                let mut files = Vec::new();
                let all = conversation_list::page(tx, workspace_id, &Filter::default(), None).await?;
                for conversation in &all.rows {
                    for item in thread::page(tx, workspace_id, conversation.id, None).await?.items {
                        if let What::Message(message) = item.what {
                            files.extend(message.files);
                        }
                    }
                }
                files.sort_by_key(|file: &Shown| file.id);
                Ok(files)
            })
        });
        found.await.unwrap()
    }
}
