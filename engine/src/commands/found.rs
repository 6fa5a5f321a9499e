//! Looks for archives at a place, by the documents that make them whole.

use std::collections::HashSet;

use futures::{FutureExt, TryStreamExt};
use hozon_model::{
    BackupId, CollectionName, ExportFormat, FoundArchive, FoundArchives, IntegrationId,
};

use super::each::each;
use crate::{
    Result,
    archive::{self, layout},
    core::Core,
    integrations::Place,
    repository::Repository,
};

/// Objects that one search looks at: a bucket may hold millions.
const LOOKED_AT: usize = 200_000;
/// Archives that one search tells of.
const TOLD: usize = 100;
/// Archives that are read at a time.
const READ_AT_ONCE: usize = 8;

/// Where an archive seems to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Trace {
    /// Below the directory that was looked in.
    directory: String,
    /// The backup, where it is a repository.
    backup_id: Option<BackupId>,
}

impl Core {
    /// The archives in a directory of an integration, and below it.
    pub(crate) async fn found_archives(
        &self,
        integration: &IntegrationId,
        directory: String,
    ) -> Result<FoundArchives> {
        let place = self
            .integration_place(integration, directory.clone())
            .await?;
        let (mut traces, mut complete) = traces(&place).await?;
        traces.sort();
        complete &= traces.len() <= TOLD;
        traces.truncate(TOLD);
        let looks = traces.into_iter().map(|trace| Trace {
            directory: joined(&directory, &trace.directory),
            ..trace
        });
        let found = each(looks, READ_AT_ONCE, |trace| {
            self.look_at(integration, trace).boxed()
        })
        .await?;
        let mut archives: Vec<FoundArchive> = found.into_iter().flatten().collect();
        archives.sort_by(|one, other| {
            (other.made_at, &one.directory).cmp(&(one.made_at, &other.directory))
        });
        Ok(FoundArchives { archives, complete })
    }

    /// One of them; none if it is no archive after all. One that cannot be read is told of, with the reason.
    async fn look_at(
        &self,
        integration: &IntegrationId,
        trace: Trace,
    ) -> Result<Option<FoundArchive>> {
        let read = match &trace.backup_id {
            Some(id) => self.backup_at(integration, &trace.directory, id).await,
            None => self
                .archive_at(integration, &trace.directory)
                .await
                .map(Some),
        };
        Ok(match read {
            Ok(found) => found,
            Err(error) => {
                let format = match trace.backup_id {
                    Some(_) => ExportFormat::Repository,
                    None => ExportFormat::MilvusBackup,
                };
                Some(FoundArchive {
                    name: last_part(&trace.directory),
                    directory: trace.directory,
                    format,
                    backup_id: trace.backup_id,
                    cluster_name: None,
                    collections: Vec::new(),
                    made_at: None,
                    damage: Some(error.into_report()),
                })
            }
        })
    }

    async fn archive_at(
        &self,
        integration: &IntegrationId,
        directory: &str,
    ) -> Result<FoundArchive> {
        let place = self
            .integration_place(integration, directory.to_owned())
            .await?;
        let glance = archive::glance(&*place.store).await?;
        Ok(FoundArchive {
            directory: directory.to_owned(),
            format: ExportFormat::MilvusBackup,
            backup_id: None,
            name: Some(glance.name)
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| last_part(directory)),
            cluster_name: None,
            collections: glance.collections,
            made_at: glance.made_at,
            damage: None,
        })
    }

    async fn backup_at(
        &self,
        integration: &IntegrationId,
        directory: &str,
        id: &BackupId,
    ) -> Result<Option<FoundArchive>> {
        let place = self
            .integration_place(integration, directory.to_owned())
            .await?;
        let Some(repository) = Repository::find(place.store).await? else {
            return Ok(None);
        };
        let Some(manifest) = repository.manifest(id).await? else {
            return Ok(None);
        };
        let collections = manifest
            .collections
            .into_iter()
            .map(|entry| CollectionName {
                database: entry.summary.database,
                name: entry.summary.name,
            });
        Ok(Some(FoundArchive {
            directory: directory.to_owned(),
            format: ExportFormat::Repository,
            backup_id: Some(manifest.begin.id),
            name: manifest.begin.name,
            cluster_name: Some(manifest.begin.cluster_name),
            collections: collections.collect(),
            made_at: Some(manifest.finished_at),
            damage: None,
        }))
    }
}

/// Every archive whose last document is there, and whether everything was looked at.
async fn traces(place: &Place) -> Result<(Vec<Trace>, bool)> {
    let mut traces = Vec::new();
    let (mut backups, mut repositories) = (Vec::new(), HashSet::new());
    let mut objects = place.objects();
    let mut looked_at = 0;
    let mut complete = true;
    while let Some(object) = objects.try_next().await? {
        if looked_at == LOOKED_AT {
            complete = false;
            break;
        }
        looked_at += 1;
        if let Some(directory) = directory_of(&object.path, layout::BACKUP_META) {
            traces.push(Trace {
                directory: directory.to_owned(),
                backup_id: None,
            });
        } else if let Some(directory) = directory_of(&object.path, "hozon.json") {
            repositories.insert(directory.to_owned());
        } else if let Some(trace) = backup_of(&object.path) {
            backups.push(trace);
        }
    }
    backups.retain(|trace| repositories.contains(&trace.directory));
    traces.append(&mut backups);
    Ok((traces, complete))
}

/// The directory in which `path` has this tail; empty for the one that was looked in.
fn directory_of<'a>(path: &'a str, tail: &str) -> Option<&'a str> {
    match path.strip_suffix(tail)? {
        "" => Some(""),
        directory => directory.strip_suffix('/'),
    }
}

/// The repository and the backup of a manifest.
fn backup_of(path: &str) -> Option<Trace> {
    let (backups, id) = path.strip_suffix("/manifest.json")?.rsplit_once('/')?;
    Some(Trace {
        directory: directory_of(backups, "backups")?.to_owned(),
        backup_id: Some(BackupId::new(id)),
    })
}

fn joined(directory: &str, below: &str) -> String {
    match (directory, below) {
        ("", below) => below.to_owned(),
        (directory, "") => directory.to_owned(),
        (directory, below) => format!("{directory}/{below}"),
    }
}

fn last_part(directory: &str) -> String {
    let last = directory.rsplit('/').next();
    last.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_known_by_its_last_document() {
        for (path, directory) in [
            ("meta/backup_meta.json", Some("")),
            ("exports/a/meta/backup_meta.json", Some("exports/a")),
            ("exports/ameta/backup_meta.json", None),
            ("meta/full_meta.json", None),
        ] {
            assert_eq!(directory_of(path, layout::BACKUP_META), directory, "{path}");
        }
    }

    #[test]
    fn a_backup_of_a_repository_is_known_by_its_manifest() {
        let found = backup_of("書庫/x/backups/backup0_1/manifest.json").unwrap();
        assert_eq!(found.directory, "書庫/x");
        assert_eq!(found.backup_id, Some(BackupId::new("backup0_1")));
        assert_eq!(backup_of("backups/b/manifest.json").unwrap().directory, "");
        for path in [
            "manifest.json",
            "b/manifest.json",
            "mybackups/b/manifest.json",
        ] {
            assert_eq!(backup_of(path), None, "{path}");
        }
    }

    #[test]
    fn directories_are_joined_from_the_place_on() {
        assert_eq!(joined("", "a/b"), "a/b");
        assert_eq!(joined("a", ""), "a");
        assert_eq!(joined("a", "b"), "a/b");
        assert_eq!(last_part("a/b"), "b");
    }
}
