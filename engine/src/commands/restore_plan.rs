//! What a restore would make, and what stands in its way.

use hozon_model::{
    BackupId, BackupState, CollectionName, PlannedRestore, RestoreOptions, RestorePlan,
};

use super::{OpenCluster, restore_names, selection::unknown_collection};
use crate::{
    Error, ErrorCode, Result,
    core::Core,
    repository::manifest::{CollectionEntry, Manifest},
};

/// A collection to restore.
#[derive(Clone, Debug)]
pub(crate) struct RestoreItem {
    pub(crate) entry: CollectionEntry,
    pub(crate) source: CollectionName,
    pub(crate) target: CollectionName,
}

impl Core {
    /// The manifest of a backup that can be used, or why it cannot.
    pub(crate) async fn usable_manifest(&self, id: &BackupId) -> Result<Manifest> {
        let backup = self.backup(id.as_str()).await?.summary;
        if backup.state != BackupState::Available {
            let state = format!("{:?}", backup.state).to_uppercase();
            return Err(Error::new(ErrorCode::BackupNotAvailable, backup.name)
                .because(format!("its state is {state}"))
                .hint("only backups in the state AVAILABLE can be restored"));
        }
        self.repository()
            .manifest(&backup.id)
            .await?
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::FileMissing,
                    format!("backups/{}/manifest.json", backup.id),
                )
                .because("the repository does not hold this backup")
                .hint("run `hozon backup verify` on it")
            })
    }

    /// The cluster that a restore goes into.
    pub(crate) fn restore_target<'a>(
        options: &'a RestoreOptions,
        manifest: &'a Manifest,
    ) -> &'a str {
        options
            .cluster_id
            .as_ref()
            .unwrap_or(&manifest.begin.cluster_id)
            .as_str()
    }

    /// What a restore would make.
    pub(crate) async fn restore_plan(&self, options: &RestoreOptions) -> Result<RestorePlan> {
        let manifest = self.usable_manifest(&options.backup_id).await?;
        let items = restore_items(&manifest, options)?;
        let open = self
            .open_cluster(Self::restore_target(options, &manifest))
            .await?;
        let present = open.milvus.databases().await?;
        let mut new_databases: Vec<String> = items
            .iter()
            .map(|item| item.target.database.clone())
            .collect();
        new_databases.sort();
        new_databases.dedup();
        new_databases.retain(|database| !present.contains(database));
        let mut collections = Vec::with_capacity(items.len());
        for item in items {
            let exists = !new_databases.contains(&item.target.database)
                && open.milvus.has_collection(&item.target).await?;
            collections.push(PlannedRestore {
                source: item.source,
                target: item.target,
                rows: item.entry.summary.rows,
                bytes: item.entry.summary.bytes,
                exists,
            });
        }
        Ok(RestorePlan {
            cluster_name: open.cluster.name,
            new_databases,
            collections,
        })
    }
}

/// What options mean on a manifest.
pub(crate) fn restore_items(
    manifest: &Manifest,
    options: &RestoreOptions,
) -> Result<Vec<RestoreItem>> {
    restore_names::check_suffix(&options.suffix)?;
    let named = |entry: &CollectionEntry| CollectionName {
        database: entry.summary.database.clone(),
        name: entry.summary.name.clone(),
    };
    for wanted in &options.collections {
        if !manifest
            .collections
            .iter()
            .any(|entry| named(entry) == *wanted)
        {
            return Err(unknown_collection(wanted)
                .because(format!("backup `{}` does not hold it", manifest.begin.name)));
        }
    }
    manifest
        .collections
        .iter()
        .filter(|entry| {
            options.collections.is_empty() || options.collections.contains(&named(entry))
        })
        .map(|entry| {
            let source = named(entry);
            let target = restore_names::target(&source, options)?;
            Ok(RestoreItem {
                entry: entry.clone(),
                source,
                target,
            })
        })
        .collect()
}

/// Refuses a plan that would touch what is there.
pub(crate) fn refuse_existing(plan: &RestorePlan) -> Result<()> {
    let there: Vec<String> = plan
        .collections
        .iter()
        .filter(|one| one.exists)
        .map(|one| one.target.to_string())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::CollectionExists, there.join(", "))
        .because(format!(
            "cluster `{}` has it already; nothing was changed",
            plan.cluster_name
        ))
        .hint("restore under a suffix, choose other collections, or drop the collection first"))
}

/// Refuses a target that appeared since the plan was made.
pub(crate) async fn refuse_if_there(open: &OpenCluster, target: &CollectionName) -> Result<()> {
    if !open.milvus.has_collection(target).await? {
        return Ok(());
    }
    Err(Error::new(ErrorCode::CollectionExists, target.to_string())
        .because(format!(
            "it appeared on cluster `{}` meanwhile",
            open.cluster.name
        ))
        .hint("restore under a suffix"))
}
