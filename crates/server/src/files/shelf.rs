//! Where the bytes of files lie: a folder, or an S3-compatible object store. The only place that touches them.
//!
//! Bytes are written once, under an id that nothing else has, and never changed. They pass in pieces: a file is never whole
//! in memory.

use std::{ops::Range, path::PathBuf, pin::Pin, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use object_store::{
    GetOptions, ObjectStore, ObjectStoreExt as _, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem, memory::InMemory, path::Path, prefix::PrefixStore,
};

use crate::{config::Config, http::Sockets};

/// How much is gathered before it is written: an object store takes no smaller parts.
const PART: usize = 5 * 1024 * 1024;

/// The same in a folder.
const PIECE: usize = 256 * 1024;

/// The store of files.
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    part: usize,
}

/// Why bytes could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The folder or the object store cannot be used.
    #[error("the files in {0} cannot be used: {1}")]
    Place(String, String),
    /// These bytes are not there.
    #[error("the bytes are not in the file store")]
    Absent,
    /// The store failed.
    #[error("the file store failed: {0}")]
    Store(String),
}

impl From<object_store::Error> for ShelfError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Absent,
            error => Self::Store(error.to_string()),
        }
    }
}

impl Shelf {
    /// The one that the operator chose. A folder is made when the first file is kept.
    pub fn open(config: &Config, http: &Sockets) -> Result<Self, ShelfError> {
        if config.files.s3_bucket.is_empty() {
            Self::in_folder(config.files_folder())
        } else {
            Self::in_bucket(config, http)
        }
    }

    /// In a folder.
    pub fn in_folder(folder: PathBuf) -> Result<Self, ShelfError> {
        let place = folder.display().to_string();
        let refuse = |what: String| ShelfError::Place(place.clone(), what);
        std::fs::create_dir_all(&folder).map_err(|error| refuse(error.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| refuse(error.to_string()))?;
        // What counts as kept has to be there after the power failed.
        Ok(Self { store: Arc::new(store.with_fsync(true)), part: PIECE })
    }

    fn in_bucket(config: &Config, http: &Sockets) -> Result<Self, ShelfError> {
        let files = &config.files;
        let refuse = |what: String| ShelfError::Place(format!("the bucket {}", files.s3_bucket), what);
        let secret = files.secret().map_err(|error| refuse(error.to_string()))?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&files.s3_bucket)
            .with_region(&files.s3_region)
            .with_access_key_id(&files.s3_access_key_id)
            .with_secret_access_key(secret.expose())
            .with_allow_http(true)
            .with_http_connector(http.connector());
        if !files.s3_endpoint.is_empty() {
            builder = builder.with_endpoint(&files.s3_endpoint);
        }
        let store = builder.build().map_err(|error| refuse(error.to_string()))?;
        let prefix = files.s3_prefix.trim_matches('/');
        let store: Arc<dyn ObjectStore> =
            if prefix.is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, prefix)) };
        Ok(Self { store, part: PART })
    }

    /// In memory, until the process ends (tests).
    pub fn in_memory() -> Self {
        Self { store: Arc::new(InMemory::new()), part: PIECE }
    }

    /// Begins to write.
    pub async fn begin(&self, workspace_id: i64, file_id: i64) -> Result<Filling, ShelfError> {
        let upload = self.store.put_multipart(&path(workspace_id, file_id)).await?;
        Ok(Filling { upload: WriteMultipart::new_with_chunk_size(upload, self.part) })
    }

    /// The bytes of a file, or a range of them, as they are read.
    pub async fn read(
        &self,
        workspace_id: i64,
        file_id: i64,
        range: Option<Range<u64>>,
    ) -> Result<Pin<Box<dyn Stream<Item = Result<Bytes, ShelfError>> + Send>>, ShelfError> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.store.get_opts(&path(workspace_id, file_id), options).await?;
        Ok(found.into_stream().map(|piece| piece.map_err(ShelfError::from)).boxed())
    }

    /// Removes the bytes of a file. Not there is as good.
    pub async fn remove(&self, workspace_id: i64, file_id: i64) -> Result<(), ShelfError> {
        match self.store.delete(&path(workspace_id, file_id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// How many files lie here, of all workspaces.
    pub async fn count(&self) -> Result<usize, ShelfError> {
        let mut listed = self.store.list(None);
        let mut count = 0;
        while let Some(found) = listed.next().await {
            found?;
            count += 1;
        }
        Ok(count)
    }
}

/// A file that is being written. It is there once it is finished; given up, nothing of it stays.
pub struct Filling {
    upload: WriteMultipart,
}

impl Filling {
    /// The next bytes. Waits while what was given before is being written.
    pub async fn put(&mut self, bytes: Bytes) -> Result<(), ShelfError> {
        self.upload.wait_for_capacity(1).await?;
        self.upload.put(bytes);
        Ok(())
    }

    /// There are no more: they are on disk when this returns.
    pub async fn finish(self) -> Result<(), ShelfError> {
        self.upload.finish().await?;
        Ok(())
    }

    /// It is not wanted after all.
    pub async fn give_up(self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(%error, "files.give_up");
        }
    }
}

fn path(workspace_id: i64, file_id: i64) -> Path {
    Path::from(format!("{workspace_id}/{file_id}"))
}
