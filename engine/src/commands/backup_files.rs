//! Which files a collection consists of right now, and which of them the repository lacks.

use std::collections::{BTreeMap, HashMap};

use futures::TryStreamExt;
use hozon_model::{ClusterId, CollectionName};
use tokio_util::sync::CancellationToken;

use super::OpenCluster;
use crate::{
    Error, ErrorCode, Result,
    repository::{KnownFiles, Repository, manifest::FileEntry},
    source::{CollectionDescription, NO_CUTOFF_MS, Segment},
};

/// A file on the cluster's storage.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) size: u64,
    /// BLAKE3, where the repository has the file already.
    pub(crate) kept: Option<String>,
}

/// A segment with its files.
#[derive(Clone, Debug)]
pub(crate) struct SourceSegment {
    pub(crate) segment: Segment,
    pub(crate) files: Vec<SourceFile>,
}

/// Everything to take of one collection.
#[derive(Clone, Debug)]
pub(crate) struct CollectionPlan {
    pub(crate) description: CollectionDescription,
    pub(crate) cutoff_ms: u64,
    pub(crate) segments: Vec<SourceSegment>,
}

impl CollectionPlan {
    pub(crate) fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.segments.iter().flat_map(|segment| &segment.files)
    }

    pub(crate) fn rows(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.segment.rows)
            .sum()
    }
}

/// Where a collection is looked at, and what is known of it.
pub(crate) struct Survey<'a> {
    pub(crate) open: &'a OpenCluster,
    pub(crate) repository: &'a Repository,
    pub(crate) known: &'a KnownFiles,
}

impl Survey<'_> {
    /// Looks at a collection after a flush (`cutoff_ms`), or as it is (none).
    pub(crate) async fn look(
        &self,
        name: &CollectionName,
        cutoff_ms: Option<u64>,
    ) -> Result<CollectionPlan> {
        let description = self.open.milvus.describe(name).await?;
        let segments = self.open.milvus.segments(name).await?;
        let found = self.source_files(description.id).await?;
        let kept = self
            .kept_files(&self.open.cluster.id, description.id)
            .await?;
        let mut plan = CollectionPlan {
            description,
            cutoff_ms: cutoff_ms.unwrap_or(NO_CUTOFF_MS),
            segments: Vec::new(),
        };
        for segment in segments.into_iter().filter(|segment| segment.rows > 0) {
            let files = found.get(&segment.id).cloned().unwrap_or_default();
            self.check_segment(&plan.description, &segment, &files)?;
            let files = files
                .into_iter()
                .map(|(path, size)| self.compare(&kept, path, size))
                .collect::<Result<_>>()?;
            plan.segments.push(SourceSegment { segment, files });
        }
        plan.segments.sort_by_key(|segment| segment.segment.id);
        Ok(plan)
    }

    /// Files under a collection's directories by segment. The listing says what files a segment has; which segments
    /// count is Milvus's to say, since those that compaction replaced stay on storage for hours.
    async fn source_files(&self, collection: i64) -> Result<HashMap<i64, BTreeMap<String, u64>>> {
        let mut found: HashMap<i64, BTreeMap<String, u64>> = HashMap::new();
        for kind in ["insert_log", "delta_log"] {
            let mut listing = self.open.store.list(&format!("{kind}/{collection}/"));
            while let Some(object) = listing.try_next().await? {
                if let Some(segment) = object
                    .path
                    .split('/')
                    .nth(3)
                    .and_then(|text| text.parse().ok())
                {
                    found
                        .entry(segment)
                        .or_default()
                        .insert(object.path, object.size);
                }
            }
        }
        Ok(found)
    }

    /// What the repository really holds of a collection.
    async fn kept_files(
        &self,
        cluster: &ClusterId,
        collection: i64,
    ) -> Result<HashMap<String, u64>> {
        let mut kept = HashMap::new();
        let root = Repository::data_path(cluster, "");
        for kind in ["insert_log", "delta_log"] {
            let mut listing = self
                .repository
                .store()
                .list(&format!("{root}{kind}/{collection}/"));
            while let Some(object) = listing.try_next().await? {
                if let Some(path) = object.path.strip_prefix(&root) {
                    kept.insert(path.to_owned(), object.size);
                }
            }
        }
        Ok(kept)
    }

    /// A segment is whole if every field has as many logs as every other: Milvus writes one a field at a time, and
    /// row numbers (field 0) and timestamps (field 1) beside those of the schema.
    fn check_segment(
        &self,
        description: &CollectionDescription,
        segment: &Segment,
        files: &BTreeMap<String, u64>,
    ) -> Result<()> {
        let mut logs: BTreeMap<&str, u64> = BTreeMap::new();
        for path in files.keys().filter(|path| path.starts_with("insert_log/")) {
            *logs
                .entry(path.split('/').nth(4).unwrap_or_default())
                .or_default() += 1;
        }
        let most = logs.values().copied().max().unwrap_or(0);
        let named = [0, 1]
            .into_iter()
            .chain(description.fields.iter().map(|field| field.id));
        let named: Vec<String> = named.map(|id| id.to_string()).collect();
        let dynamic = description.has_dynamic_fields
            && logs.keys().all(|id| named.iter().any(|name| name == id));
        let short = named
            .iter()
            .map(String::as_str)
            .chain(logs.keys().copied())
            .find(|id| logs.get(id).copied().unwrap_or(0) < most.max(1))
            .or(dynamic.then_some("$meta"));
        let Some(short) = short else { return Ok(()) };
        let found = logs.get(short).copied().unwrap_or(0);
        Err(Error::new(ErrorCode::SourceFileVanished, format!("{}, segment {}", description.name, segment.id))
            .because(format!(
                "field {short} has {found} binlogs where others have {most}, under {}",
                self.open.store.location().url
            ))
            .hint("run `hozon cluster check`; if the storage is the right one, try again: Milvus may have compacted it away"))
    }

    /// Binlogs never change, so a file the repository names and holds at this size is the same file.
    fn compare(&self, kept: &HashMap<String, u64>, path: String, size: u64) -> Result<SourceFile> {
        let Some((known_size, blake3)) = self.known.files.get(&path) else {
            return Ok(SourceFile {
                path,
                size,
                kept: None,
            });
        };
        if *known_size != size {
            return Err(Error::new(ErrorCode::RepositoryDamaged, path)
                .because(format!("the repository keeps {known_size} bytes of it, the cluster has {size}"))
                .hint("this is another Milvus than before under the same registration: register it as a new cluster"));
        }
        let held = kept.get(&path) == Some(&size);
        Ok(SourceFile {
            path,
            size,
            kept: held.then(|| blake3.clone()),
        })
    }
}

/// Bytes of files, and of those that must be moved.
pub(crate) fn sizes<'a>(files: impl Iterator<Item = &'a SourceFile>) -> (u64, u64, u64) {
    files.fold((0, 0, 0), |(count, bytes, new), file| {
        (
            count + 1,
            bytes + file.size,
            new + if file.kept.is_some() { 0 } else { file.size },
        )
    })
}

/// The entries of files of which all digests are known.
pub(crate) fn entries(
    files: &[SourceFile],
    moved: &HashMap<String, String>,
) -> Result<Vec<FileEntry>> {
    files
        .iter()
        .map(|file| {
            let blake3 = file
                .kept
                .as_ref()
                .or_else(|| moved.get(&file.path))
                .ok_or_else(|| {
                    Error::new(ErrorCode::Internal, file.path.as_str())
                        .because("neither kept nor moved")
                })?;
            Ok(FileEntry {
                path: file.path.clone(),
                size: file.size,
                blake3: blake3.clone(),
            })
        })
        .collect()
}

/// Flushes a collection and looks at it.
pub(crate) async fn flush_and_look(
    survey: &Survey<'_>,
    name: &CollectionName,
    cancel: &CancellationToken,
) -> Result<CollectionPlan> {
    let cutoff = survey
        .open
        .milvus
        .flush(name, super::backup::FLUSH_DEADLINE, cancel)
        .await?;
    survey.look(name, Some(cutoff)).await
}
