//! Makes a backup of an archive: what lies there, what would be done, and the job that does it, in either shape.

use std::sync::Arc;

use futures::FutureExt;
use hozon_model::{
    AdoptOptions, AdoptPlan, BackupId, BackupScope, BackupState, ClusterId, CollectionName,
    ExportFormat, JobPhase, LogLevel, ProjectId,
};
use serde::{Deserialize, Serialize};

use super::{adopt_archive::ArchiveAdoption, adopt_repository::RepositoryAdoption, held::Held};
use crate::{
    Error, ErrorCode, Result,
    archive::{self, Archive, ArchivedCollection},
    catalog::ClaimedJob,
    core::Core,
    id,
    integrations::check_directory,
    jobs::JobContext,
    repository::{
        LeaseKind, Repository,
        manifest::{Adopted, Begin, Manifest},
    },
    store::{Pace, Store},
};

/// What an adoption's job is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AdoptJob {
    #[serde(flatten)]
    pub(crate) options: AdoptOptions,
    /// What names the directory of its files; none in jobs of earlier versions, where the backup's own line has it.
    #[serde(default)]
    pub(crate) kept_under: Option<ClusterId>,
    /// For the manifest.
    #[serde(default)]
    pub(crate) adopted: Option<Adopted>,
}

/// What an adoption would do, with what the backup is to be called by.
#[derive(Debug)]
pub(crate) struct PlannedAdoption {
    pub(crate) plan: AdoptPlan,
    /// The cluster's name, as the archive says.
    pub(crate) cluster_name: String,
    pub(crate) scope: BackupScope,
    pub(crate) kept_under: ClusterId,
    pub(crate) adopted: Adopted,
}

/// What is to be taken in, checked as far as its documents tell.
#[derive(Debug)]
enum Incoming {
    Archive {
        store: Arc<dyn Store>,
        archive: Box<Archive>,
    },
    Repository {
        repository: Repository,
        manifest: Box<Manifest>,
    },
}

impl Core {
    /// What an adoption into a project would do.
    pub(crate) async fn adopt_plan(
        &self,
        options: &AdoptOptions,
        project: &ProjectId,
    ) -> Result<PlannedAdoption> {
        match self.incoming(options).await? {
            Incoming::Archive { archive, .. } => planned_archive(&archive, options),
            Incoming::Repository {
                repository,
                manifest,
            } => {
                let planned = self.planned_repository(&repository, &manifest, options, project);
                planned.boxed().await
            }
        }
    }

    /// Files are shared by what was adopted of the same cluster into the same project, and by nothing else.
    async fn planned_repository(
        &self,
        repository: &Repository,
        manifest: &Manifest,
        options: &AdoptOptions,
        project: &ProjectId,
    ) -> Result<PlannedAdoption> {
        let begin = &manifest.begin;
        let kept_under = id::apart(project, &begin.cluster_id);
        let adopted = Adopted {
            cluster_id: options.cluster_id.clone(),
            repository_id: Some(repository.id().to_owned()),
            backup_id: Some(begin.id.clone()),
        };
        let known = self.trusted_apart(&kept_under).await?;
        let totals = RepositoryAdoption::totals(repository, manifest, &known).await?;
        let plan = AdoptPlan {
            name: options.name.clone().unwrap_or_else(|| begin.name.clone()),
            format: ExportFormat::Repository,
            adopted_as: self.adopted_before(&adopted).await?,
            milvus_version: manifest.milvus_version.clone(),
            has_checksums: true,
            collections: manifest
                .collections
                .iter()
                .map(|entry| CollectionName {
                    database: entry.summary.database.clone(),
                    name: entry.summary.name.clone(),
                })
                .collect(),
            files: totals.files,
            bytes: totals.bytes,
            new_files: totals.new_files,
            new_bytes: totals.new_bytes,
            rows: totals.rows,
            unnamed_files: 0,
        };
        Ok(PlannedAdoption {
            plan,
            cluster_name: begin.cluster_name.clone(),
            scope: begin.scope,
            kept_under,
            adopted,
        })
    }

    /// The good backup that was made of the very same thing for the very same cluster.
    async fn adopted_before(&self, adopted: &Adopted) -> Result<Option<BackupId>> {
        for manifest in self.repository().manifests().await? {
            if manifest.begin.adopted.as_ref() != Some(adopted) {
                continue;
            }
            let id = manifest.begin.id;
            let known = self.catalog().backup(id.as_str()).await?;
            if known.is_some_and(|backup| backup.summary.state == BackupState::Available) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    pub(crate) async fn run_adopt(
        &self,
        job: &ClaimedJob,
        told: &AdoptJob,
        context: &JobContext,
    ) -> Result<()> {
        let recorded = self.begin_record(job).await?;
        let begin = Begin {
            cluster_id: told
                .kept_under
                .clone()
                .unwrap_or_else(|| recorded.cluster_id.clone()),
            adopted: told.adopted.clone(),
            ..recorded
        };
        if let Some(manifest) = self.repository().manifest(&begin.id).await? {
            return self.record(&manifest).await;
        }
        context.set_phase(JobPhase::Planning);
        let incoming = self.incoming(&told.options).await?;
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let made = self.take_in(&incoming, &begin, &lease, context);
        let made = made.boxed().await;
        let manifest = lease.over(made).await?;
        self.record(&manifest).await?;
        let totals = manifest.totals();
        let text = format!(
            "backup {} is available: {} rows, {} files, {} bytes of which {} are new, adopted from {}",
            begin.id,
            totals.rows,
            totals.files,
            totals.bytes,
            totals.new_bytes,
            incoming.store().location().url
        );
        context.log(LogLevel::Info, text).await;
        Ok(())
    }

    /// The work while the repository is held.
    async fn take_in(
        &self,
        incoming: &Incoming,
        begin: &Begin,
        lease: &Held,
        context: &JobContext,
    ) -> Result<Manifest> {
        let manifest = match incoming {
            Incoming::Archive { store, archive } => {
                let adoption = ArchiveAdoption {
                    repository: self.repository(),
                    source: store,
                    begin,
                    context,
                    pace: &Pace::of(&[store, self.repository().store()]),
                };
                adoption.run(archive).await?
            }
            Incoming::Repository {
                repository,
                manifest,
            } => {
                self.repository().begin(begin).await?;
                let known = self.trusted_apart(&begin.cluster_id).await?;
                let adoption = RepositoryAdoption {
                    source: repository,
                    target: self.repository(),
                    manifest,
                    begin,
                    known: &known,
                    context,
                    pace: &Pace::of(&[repository.store(), self.repository().store()]),
                };
                adoption.run().await?
            }
        };
        context.set_phase(JobPhase::Committing);
        context.confirm().await?;
        lease.commit(&manifest).await
    }

    /// What lies in the directory that the options name.
    async fn incoming(&self, options: &AdoptOptions) -> Result<Incoming> {
        let store = self.archive_store(options).await?;
        if let Some(repository) = Repository::find(store.clone()).await? {
            let manifest = chosen(&repository, options.backup_id.as_ref()).await?;
            return Ok(Incoming::Repository {
                repository,
                manifest: Box::new(manifest),
            });
        }
        if let Some(id) = &options.backup_id {
            return Err(not_found(&*store)
                .because(format!("it is no repository that could hold backup `{id}`"))
                .hint("name the directory that holds `hozon.json`, or leave the backup out"));
        }
        let archive = archive::read(&*store).await?;
        Ok(Incoming::Archive {
            store,
            archive: Box::new(archive),
        })
    }

    async fn archive_store(&self, options: &AdoptOptions) -> Result<Arc<dyn Store>> {
        let directory = check_directory(&options.directory)?;
        let place = self
            .integration_place(&options.integration_id, directory)
            .await?;
        if place.is_empty().await? {
            return Err(not_found(&*place.store)
                .because("nothing lies there")
                .hint("name the directory that holds `meta` and `binlogs`, or `hozon.json`"));
        }
        Ok(place.store)
    }
}

impl Incoming {
    fn store(&self) -> &dyn Store {
        match self {
            Self::Archive { store, .. } => &**store,
            Self::Repository { repository, .. } => &**repository.store(),
        }
    }
}

fn planned_archive(archive: &Archive, options: &AdoptOptions) -> Result<PlannedAdoption> {
    let segments = || {
        archive
            .collections
            .iter()
            .flat_map(|collection| &collection.segments)
    };
    let files = || segments().flat_map(|segment| &segment.files);
    let (count, bytes) = (
        files().count() as u64,
        files().map(|file| file.size).sum::<u64>(),
    );
    let plan = AdoptPlan {
        name: options
            .name
            .clone()
            .unwrap_or_else(|| original_name(archive)),
        format: ExportFormat::MilvusBackup,
        adopted_as: None,
        milvus_version: archive.milvus_version.clone(),
        has_checksums: archive.note.is_some(),
        collections: archive
            .collections
            .iter()
            .map(|collection| collection.description.name.clone())
            .collect(),
        files: count,
        bytes,
        new_files: count,
        new_bytes: bytes,
        rows: archive.collections.iter().map(rows).sum(),
        unnamed_files: archive.unnamed_files,
    };
    let note = archive.note.as_ref().map(|note| &note.backup);
    Ok(PlannedAdoption {
        plan,
        cluster_name: note.map_or_else(
            || original_name(archive),
            |backup| backup.cluster_name.clone(),
        ),
        scope: note.map_or(BackupScope::Cluster, |backup| backup.scope),
        kept_under: id::cluster()?,
        adopted: Adopted {
            cluster_id: options.cluster_id.clone(),
            ..Adopted::default()
        },
    })
}

/// The name that the backup had, or the archive has.
fn original_name(archive: &Archive) -> String {
    match &archive.note {
        Some(note) => note.backup.name.clone(),
        None => archive.name.clone(),
    }
}

fn rows(collection: &ArchivedCollection) -> u64 {
    collection.segments.iter().map(|segment| segment.rows).sum()
}

/// The backup of a repository that is asked for, or the only one that there is.
async fn chosen(repository: &Repository, wanted: Option<&BackupId>) -> Result<Manifest> {
    let store = &**repository.store();
    if let Some(id) = wanted {
        let found = repository.manifest(id).await?;
        return found.ok_or_else(|| {
            not_found(store)
                .because(format!("the repository holds no whole backup `{id}`"))
                .hint("an export that was not finished has no manifest; export it again")
        });
    }
    let mut manifests = repository.manifests().await?;
    match (manifests.pop(), manifests.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(not_found(store)
            .because("the repository holds no whole backup")
            .hint("an export that was not finished has no manifest; export it again")),
        (Some(newest), false) => Err(Error::new(ErrorCode::InvalidInput, "backup")
            .because(format!(
                "the repository at `{}` holds {} backups",
                store.location().url,
                manifests.len() + 1
            ))
            .hint(format!(
                "name one by its identifier, such as `{}`, the newest",
                newest.begin.id
            ))),
    }
}

fn not_found(store: &dyn Store) -> Error {
    Error::new(ErrorCode::ArchiveNotFound, store.location().url.as_str())
}
