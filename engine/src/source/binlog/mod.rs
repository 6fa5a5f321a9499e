//! Reads what must be known of binlogs: how many rows of a segment are alive at a given moment.
//!
//! The answer is what Milvus's import makes of the same files with the same cut-off, rule for rule, because a restore
//! is believed only when both agree:
//! - a row counts if its timestamp is `<= cutoff_ms << 18`;
//! - a delete counts if its timestamp is `<= cutoff_ms << 18`, and takes the rows of its key that are earlier than
//!   it (those of the same timestamp belong to the same upsert and stay);
//! - of several deletes of a key the last one that counts decides, in whatever file it is;
//! - rows of the same key are counted each.

mod column;
mod container;
mod deletes;
mod logs;
#[cfg(test)]
mod tests;

use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};

use self::{
    column::Column,
    container::{DELTA, Descriptor},
    deletes::Deletes,
    logs::{Logs, TIMESTAMPS, unreadable},
};
use crate::{ErrorCode, Result, repository::manifest::FileEntry, store::Store};

/// More than a descriptor ever takes (a little over 100 bytes).
const BEGINNING: u64 = 4096;

/// Beginnings of files read at the same time.
const AT_ONCE: usize = 8;

/// Bits of a hybrid timestamp below its milliseconds.
const LOGICAL_BITS: u32 = 18;

/// Rows of a segment that an import with the same cut-off yields: those inserted at or before it, without those
/// deleted at or before it. Reads only timestamps and primary keys, and nothing but the logs' own headers where
/// these show that no row is later and no delete applies. Holds the deletes and one log at a time in memory.
///
/// `files` are the segment's; `prefix` is put before their paths (`data/<cluster>/`). `rows` is what Milvus counts in
/// the segment's binlogs.
///
/// # Errors
/// `BinlogUnreadable` if a file is damaged or belongs elsewhere; `FileMissing` if the fields have not equally many
/// files; `RowsDiffer` if the files together hold another number of rows than `rows`: then one is missing, or one is
/// there that Milvus does not count. Errors of the store.
pub async fn live_rows(
    store: &dyn Store,
    prefix: &str,
    files: &[FileEntry],
    primary_key_field: i64,
    rows: u64,
    cutoff_ms: u64,
) -> Result<u64> {
    let logs = Logs::of(files, primary_key_field)?;
    let segment = Segment {
        store,
        prefix,
        id: logs.segment,
        cut: cutoff_ms.saturating_mul(1 << LOGICAL_BITS),
    };
    let deletes = segment.deletes(&logs.deletes).await?;
    let timestamps: Vec<_> = logs
        .rows
        .iter()
        .map(|(timestamps, _)| *timestamps)
        .collect();
    let descriptors = segment.descriptors(&timestamps, TIMESTAMPS).await?;
    let mut total = Count::default();
    for ((timestamps, keys), descriptor) in logs.rows.iter().zip(descriptors) {
        let count = segment
            .count(timestamps, keys, &descriptor, &deletes)
            .await?;
        total.rows += count.rows;
        total.live += count.live;
    }
    if total.rows != rows {
        return Err(logs.not_whole(
            ErrorCode::RowsDiffer,
            &format!(
                "its logs hold {} rows, and Milvus counts {rows}",
                total.rows
            ),
        ));
    }
    Ok(total.live)
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    rows: u64,
    live: u64,
}

/// The segment that is looked at.
#[derive(Clone, Copy)]
struct Segment<'a> {
    store: &'a dyn Store,
    prefix: &'a str,
    id: i64,
    /// The cut-off as a hybrid timestamp.
    cut: u64,
}

impl Segment<'_> {
    async fn deletes(self, logs: &[&FileEntry]) -> Result<Deletes> {
        let descriptors = self.descriptors(logs, DELTA).await?;
        let mut deletes = Deletes::default();
        for (log, descriptor) in logs.iter().zip(descriptors) {
            if descriptor.start <= self.cut {
                let column = self.column(log).await?;
                deletes
                    .add(&column, self.cut)
                    .map_err(|damage| unreadable(&log.path, &damage.0))?;
            }
        }
        Ok(deletes)
    }

    /// Counts the rows of one log, reading as little of it as possible.
    async fn count(
        self,
        timestamps: &FileEntry,
        keys: &FileEntry,
        descriptor: &Descriptor,
        deletes: &Deletes,
    ) -> Result<Count> {
        let spared = deletes.latest <= descriptor.start;
        if spared
            && descriptor.end <= self.cut
            && let Some(size) = descriptor.original_size
        {
            let rows = size / size_of::<u64>() as u64;
            return Ok(Count { rows, live: rows });
        }
        let written = self.timestamps(timestamps, descriptor).await?;
        let live = if spared {
            written
                .iter()
                .filter(|&&written| written <= self.cut)
                .count() as u64
        } else {
            deletes
                .alive(&self.column(keys).await?, &written, self.cut)
                .map_err(|damage| unreadable(&keys.path, &damage.0))?
        };
        Ok(Count {
            rows: written.len() as u64,
            live,
        })
    }

    async fn timestamps(self, log: &FileEntry, descriptor: &Descriptor) -> Result<Vec<u64>> {
        let Column::Numbers(numbers) = self.column(log).await? else {
            return Err(unreadable(
                &log.path,
                "it holds texts where timestamps should be",
            ));
        };
        // Milvus keeps unsigned timestamps in a signed column.
        let written: Vec<u64> = numbers.into_iter().map(i64::cast_unsigned).collect();
        let first = written.iter().min().copied().unwrap_or(descriptor.start);
        let last = written.iter().max().copied().unwrap_or(descriptor.end);
        if (first, last) != (descriptor.start, descriptor.end) {
            return Err(unreadable(
                &log.path,
                "its timestamps are not those of its descriptor",
            ));
        }
        Ok(written)
    }

    async fn descriptors(self, logs: &[&FileEntry], field: i64) -> Result<Vec<Descriptor>> {
        let reads: Vec<_> = logs
            .iter()
            .map(|log| self.descriptor(log, field).boxed())
            .collect();
        stream::iter(reads).buffered(AT_ONCE).try_collect().await
    }

    async fn descriptor(self, log: &FileEntry, field: i64) -> Result<Descriptor> {
        let path = format!("{}{}", self.prefix, log.path);
        let beginning = self
            .store
            .get_range(&path, 0..log.size.min(BEGINNING))
            .await?;
        let descriptor =
            container::descriptor(&beginning).map_err(|damage| unreadable(&log.path, &damage.0))?;
        if (descriptor.segment, descriptor.field) != (self.id, field) {
            return Err(unreadable(
                &log.path,
                &format!(
                    "it says that it is of segment {}, field {}",
                    descriptor.segment, descriptor.field
                ),
            ));
        }
        Ok(descriptor)
    }

    async fn column(self, log: &FileEntry) -> Result<Column> {
        let path = format!("{}{}", self.prefix, log.path);
        let bytes = self.store.get(&path).await?;
        column::read_apart(bytes)
            .await
            .map_err(|damage| unreadable(&log.path, &damage.0))
    }
}
