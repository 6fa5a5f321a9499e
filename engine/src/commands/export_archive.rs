//! An export in the layout of milvus-backup: files first, then the documents, the one that makes it whole last.

use std::sync::Arc;

use super::{export::Exported, export_files::Outgoing};
use crate::{
    Error, ErrorCode, Result,
    archive::{self, Documents},
    jobs::JobContext,
    repository::Repository,
    store::Store,
};

/// One attempt at one export.
pub(crate) struct ArchiveExport<'a> {
    pub(crate) source: &'a Repository,
    pub(crate) target: &'a Arc<dyn Store>,
    pub(crate) exported: &'a Exported,
    pub(crate) context: &'a JobContext,
}

impl ArchiveExport<'_> {
    pub(crate) async fn run(&self) -> Result<()> {
        let Exported {
            manifest,
            documents,
        } = self.exported;
        let files = archive::files(documents)?;
        let documents = archive::documents(manifest.begin.id.as_str(), manifest, documents)?;
        self.target.prepare().await?;
        self.refuse_another(&documents).await?;
        // An attempt that was killed left parts of files that nobody finishes, and that no listing shows.
        self.target.clear_unfinished("").await?;
        let outgoing = Outgoing {
            source: self.source,
            cluster: &manifest.begin.cluster_id,
            target: self.target,
            context: self.context,
        };
        outgoing.bring(&files, archive::layout::BINLOGS).await?;
        self.context.confirm().await?;
        let Some(((last, whole), others)) = documents.split_last() else {
            return Ok(());
        };
        for (path, bytes) in others {
            self.target.put(path, bytes.clone()).await?;
        }
        self.target.settle().await?;
        self.context.confirm().await?;
        self.target.put(last, whole.clone()).await?;
        self.target.settle().await
    }

    /// The documents of a backup are always the same. Others are of another archive, which must stay as it is.
    async fn refuse_another(&self, documents: &Documents) -> Result<()> {
        for (path, bytes) in documents {
            match self.target.get(path).await {
                Ok(found) if found == *bytes => {}
                Err(error) if error.code() == ErrorCode::FileMissing => {}
                Err(error) => return Err(error),
                Ok(_) => {
                    return Err(Error::new(
                        ErrorCode::ExportTargetTaken,
                        self.target.full_path(path),
                    )
                    .because("it is not what this export would write")
                    .hint("choose another directory, or remove what lies there"));
                }
            }
        }
        Ok(())
    }
}
