//! The secrets of a source: sealed where they are kept, open for the moment of use.

use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    seal::Secret,
    store::{
        self,
        source::{self, Source},
    },
};

/// The secrets of a source as they are sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SealedSecrets {
    /// Keys that sign requests.
    pub signing: Vec<String>,
    /// The word of the set-up challenge.
    pub verify_token: String,
    /// What lets us in at the provider's API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
}

/// Where the secrets of a source are bound to.
pub fn seal_place(source_key: &str) -> String {
    format!("source.secrets/{source_key}")
}

/// The secrets of a source; `None`: they do not open, and the log says why.
pub(super) fn open(app: &App, source: &Source) -> Option<SealedSecrets> {
    let opened = app.sealer.open(&seal_place(&source.key), &source.secrets);
    let read = opened
        .map_err(|error| error.to_string())
        .and_then(|text| serde_json::from_str(text.expose()).map_err(|error| error.to_string()));
    read.inspect_err(|error| tracing::error!(error, source = source.key, "intake.secrets")).ok()
}

/// The secrets of a source of that workspace, for whoever may set it up; `None`: there is no such source, or its secrets do
/// not open (the log says why).
pub async fn secrets(app: &App, workspace_id: i64, key: &str) -> store::Result<Option<SealedSecrets>> {
    let wanted = key.to_owned();
    let found = app.db.read(move |tx| Box::pin(async move { source::find(tx, &wanted).await })).await?;
    Ok(found.filter(|source| source.workspace_id == workspace_id).and_then(|source| open(app, &source)))
}

/// The access token of an endpoint, for the provider's API; `None`: it has none.
pub async fn access_token(app: &App, workspace_id: i64, key: &str) -> store::Result<Option<Secret>> {
    Ok(secrets(app, workspace_id, key).await?.and_then(|secrets| secrets.access_token).map(Secret::new))
}
