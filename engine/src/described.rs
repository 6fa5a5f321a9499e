//! What a backup holds, as milvus-backup would describe it.

use hozon_model::BackupId;

use crate::{
    Engine, Error, ErrorCode, Result,
    archive::{self, DescribedBackup},
};

impl Engine {
    /// What a backup holds: schemas, indexes and properties, but no segments. Reads the backup's documents.
    ///
    /// # Errors
    /// `BackupNotAvailable` if it has no manifest (any more).
    pub async fn described_backup(&self, id: &BackupId) -> Result<DescribedBackup> {
        let repository = self.core().repository();
        let manifest = repository.manifest(id).await?.ok_or_else(|| {
            Error::new(ErrorCode::BackupNotAvailable, id.as_str())
                .because("the repository does not hold it")
        })?;
        let mut documents = Vec::with_capacity(manifest.collections.len());
        for entry in &manifest.collections {
            documents.push(repository.collection(entry).await?);
        }
        archive::described(&manifest, &documents)
    }
}
