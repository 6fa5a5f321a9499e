//! Reads what must be known of binlogs: how many rows of a segment are alive at a given moment.

use crate::{Result, repository::manifest::FileEntry, store::Store};

/// Rows of a segment that an import with the same cut-off yields: those inserted at or before it, without those
/// deleted at or before it. Reads only timestamps and primary keys, and nothing at all where the logs' own
/// headers show that no row is later and there are no deletes.
///
/// `files` are the segment's; `prefix` is put before their paths (`data/<cluster>/`).
pub async fn live_rows(
    store: &dyn Store,
    prefix: &str,
    files: &[FileEntry],
    primary_key_field: i64,
    rows: u64,
    cutoff_ms: u64,
) -> Result<u64> {
    todo!("{store:?} {prefix} {files:?} {primary_key_field} {rows} {cutoff_ms}")
}
