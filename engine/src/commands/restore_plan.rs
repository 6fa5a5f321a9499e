//! What a restore would make, and what stands in its way.

use std::collections::BTreeMap;

use hozon_model::{
    BackupId, BackupState, CollectionName, Existing, PlannedRestore, Rename, RestoreAction,
    RestoreOptions, RestorePlan,
};
use jiff::Timestamp;

use super::{OpenCluster, restore_names, selection::unknown_collection};
use crate::{
    Error, ErrorCode, Result,
    core::Core,
    repository::{
        Repository,
        manifest::{CollectionEntry, Manifest},
    },
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

    /// Where a restore reads: the repository that backups are made in, or that of a copy.
    pub(crate) async fn restore_source(&self, options: &RestoreOptions) -> Result<Repository> {
        match &options.repository {
            None => Ok(self.repository().clone()),
            Some(name) => self.copy_repository(name).await,
        }
    }

    /// The manifest of what is to be restored. A copy needs nothing of its original, not even that there is one.
    pub(crate) async fn restorable(
        &self,
        repository: &Repository,
        options: &RestoreOptions,
    ) -> Result<Manifest> {
        let Some(name) = &options.repository else {
            return self.usable_manifest(&options.backup_id).await;
        };
        let backup = self.backup(options.backup_id.as_str()).await?;
        repository
            .manifest(&backup.summary.id)
            .await?
            .ok_or_else(|| {
                Error::new(ErrorCode::BackupNotAvailable, backup.summary.name)
                    .because(format!("repository `{name}` holds no copy of it"))
                    .hint("run `hozon backup show` to see where its copies are")
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
            .unwrap_or_else(|| manifest.begin.counted_cluster())
            .as_str()
    }

    /// What a restore would make.
    pub(crate) async fn restore_plan(&self, options: &RestoreOptions) -> Result<RestorePlan> {
        let repository = self.restore_source(options).await?;
        let manifest = self.restorable(&repository, options).await?;
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
            let new_database = new_databases.contains(&item.target.database);
            let action = if new_database {
                RestoreAction::Make
            } else {
                action(&open, &item.target, options.existing).await?
            };
            collections.push(PlannedRestore {
                source: item.source,
                target: item.target,
                rows: options.until.is_none().then_some(item.entry.summary.rows),
                bytes: item.entry.summary.bytes,
                action,
            });
        }
        Ok(RestorePlan {
            cluster_name: open.cluster.name,
            new_databases,
            collections,
        })
    }
}

/// What is done for a target, as the cluster is now.
pub(crate) async fn action(
    open: &OpenCluster,
    target: &CollectionName,
    existing: Existing,
) -> Result<RestoreAction> {
    if !open.milvus.has_collection(target).await? {
        return Ok(RestoreAction::Make);
    }
    Ok(match existing {
        Existing::Refuse => RestoreAction::Refuse,
        Existing::Skip => RestoreAction::Skip,
        // An alias answers to its name, too; what it stands for must not be replaced.
        Existing::Replace => {
            let present = open.milvus.collections(&target.database).await?;
            if present.contains(&target.name) {
                RestoreAction::Replace
            } else {
                RestoreAction::Refuse
            }
        }
    })
}

/// What options mean on a manifest.
pub(crate) fn restore_items(
    manifest: &Manifest,
    options: &RestoreOptions,
) -> Result<Vec<RestoreItem>> {
    restore_names::check_names(options)?;
    check_until(manifest, options.until)?;
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
    let items = manifest
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
        .collect::<Result<Vec<_>>>()?;
    refuse_idle_renames(&items, &options.renames)?;
    refuse_shared_targets(&items)?;
    Ok(items)
}

/// A new name for what is not restored is a slip of the pen: the collection would come back under another name.
fn refuse_idle_renames(items: &[RestoreItem], renames: &[Rename]) -> Result<()> {
    let used = |rename: &Rename| {
        items
            .iter()
            .any(|item| Rename::closest(&item.source, renames) == Some(rename))
    };
    match renames.iter().find(|rename| !used(rename)) {
        None => Ok(()),
        Some(idle) => Err(Error::new(ErrorCode::InvalidInput, "rename")
            .because(format!("`{idle}` renames nothing that would be restored"))
            .hint("write the name as it is in the backup, with its database; each name once")),
    }
}

fn refuse_shared_targets(items: &[RestoreItem]) -> Result<()> {
    let mut taken = BTreeMap::new();
    for item in items {
        if let Some(other) = taken.insert(&item.target, &item.source) {
            return Err(Error::new(ErrorCode::InvalidInput, item.target.to_string())
                .because(format!(
                    "both `{other}` and `{}` would get this name",
                    item.source
                ))
                .hint("give one of them another name"));
        }
    }
    Ok(())
}

/// Refuses a moment that no backup can know of. Each collection has a cut-off of its own; it is not before the backup
/// was asked for.
fn check_until(manifest: &Manifest, until: Option<Timestamp>) -> Result<()> {
    match until {
        Some(until) if until > manifest.begin.created_at => {
            Err(Error::new(ErrorCode::InvalidInput, "until")
                .because(format!(
                    "{until} is later than the backup, which was begun at {}",
                    manifest.begin.created_at
                ))
                .hint("choose a moment before the backup, or leave it out to restore everything"))
        }
        Some(until) if until.as_millisecond() <= 0 => {
            Err(Error::new(ErrorCode::InvalidInput, "until")
                .because(format!("{until} is before there was any Milvus"))
                .hint("write a date and time with its zone, like 2026-11-21T09:00:00+09:00"))
        }
        _ => Ok(()),
    }
}

/// Refuses a plan that would touch what is there.
pub(crate) fn refuse_existing(plan: &RestorePlan) -> Result<()> {
    let there: Vec<String> = plan
        .collections
        .iter()
        .filter(|one| one.action == RestoreAction::Refuse)
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
        .hint("restore under a suffix or another name, choose other collections, or skip or replace what is there"))
}

/// A target appeared since the plan was made.
pub(crate) fn appeared(open: &OpenCluster, target: &CollectionName) -> Error {
    Error::new(ErrorCode::CollectionExists, target.to_string())
        .because(format!(
            "it appeared on cluster `{}` meanwhile",
            open.cluster.name
        ))
        .hint("restore under a suffix")
}
