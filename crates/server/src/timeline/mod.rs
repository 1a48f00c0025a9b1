//! What happened goes into the timeline, and what became stale is marked: in one transaction.

mod cover;
mod fold;
mod people;

pub use cover::reslice;
pub use fold::{Folded, Origin, fold};

use causeway_core::time::Zone;

use crate::{
    app::Safety,
    clock::Nature,
    store::{
        Result, Tx, connection,
        integration::{self, Integration},
        source::Source,
        workspace,
    },
};

/// What folding events of one source needs to know, read once for each raw request.
pub struct Context {
    /// The source.
    pub source: Source,
    /// The workspace's zone.
    pub zone: Zone,
    /// Integrations that may want entries.
    pub integrations: Vec<Integration>,
    /// Connections that run short of API calls.
    pub short: Vec<i64>,
    /// Clock and ids.
    pub nature: Nature,
    /// Safety devices.
    pub safety: Safety,
}

impl Context {
    /// Reads it.
    pub async fn read(tx: &mut Tx<'_>, source: Source, nature: &Nature, safety: Safety) -> Result<Self> {
        let workspace = workspace::find(tx, source.workspace_id).await?;
        Ok(Self {
            zone: workspace.map_or_else(Zone::utc, |workspace| workspace.zone),
            integrations: integration::of_workspace(tx, source.workspace_id).await?,
            short: connection::short(tx, source.workspace_id).await?,
            source,
            nature: nature.clone(),
            safety,
        })
    }
}
