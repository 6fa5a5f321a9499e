//! An export as a repository of its own that holds the one backup.

use std::sync::Arc;

use super::{
    export::Exported,
    export_files::Outgoing,
    held::{DURATION, Held},
};
use crate::{
    Result,
    jobs::JobContext,
    model::ExportFormat,
    repository::{LeaseKind, Repository, manifest::Manifest},
    store::Store,
};

/// One attempt at one export.
pub(crate) struct RepositoryExport<'a> {
    pub(crate) source: &'a Repository,
    pub(crate) target: &'a Arc<dyn Store>,
    pub(crate) exported: &'a Exported,
    pub(crate) context: &'a JobContext,
}

impl RepositoryExport<'_> {
    pub(crate) async fn run(&self, holder: &str) -> Result<()> {
        let target = Repository::open(self.target.clone()).await?;
        let lease = target.lease(LeaseKind::Shared, holder, DURATION).await?;
        let lease = Held::new(target.clone(), lease);
        let done = self.fill(&target, &lease).await;
        lease.over(done).await
    }

    async fn fill(&self, target: &Repository, lease: &Held) -> Result<()> {
        let manifest = &self.exported.manifest;
        let id = &manifest.begin.id;
        if target.manifest(id).await?.is_none() {
            target.begin(&manifest.begin).await?;
        }
        let outgoing = Outgoing {
            source: self.source,
            cluster: &manifest.begin.cluster_id,
            target: target.store(),
            context: self.context,
        };
        let files = self.exported.files(ExportFormat::Repository)?;
        outgoing.bring(&files, "data/").await?;
        let mut collections = Vec::with_capacity(manifest.collections.len());
        for (number, document) in self.exported.documents.iter().enumerate() {
            let bytes = document
                .segments
                .iter()
                .flat_map(|segment| &segment.files)
                .map(|file| file.size)
                .sum();
            let entry = target.write_collection(id, number, document, bytes).await?;
            collections.push(entry);
        }
        self.context.confirm().await?;
        let manifest = Manifest {
            collections,
            ..manifest.clone()
        };
        lease.commit(&manifest).await.map(|_| ())
    }
}
