//! What an archive says of itself in its smallest documents, for a list: nothing is checked.

use hozon_model::CollectionName;
use jiff::Timestamp;

use super::{
    document::{Backup, Collection, Level},
    layout,
    read::document,
};
use crate::{Error, ErrorCode, Result, store::Store};

/// Bits of a hybrid timestamp below its milliseconds.
const LOGICAL_BITS: u32 = 18;
const DEFAULT_DATABASE: &str = "default";

/// An archive at first sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// As it calls itself; may be empty.
    pub name: String,
    /// Its collections.
    pub collections: Vec<CollectionName>,
    /// The latest moment that one of them shows.
    pub made_at: Option<Timestamp>,
}

/// Looks at the archive in a store's root.
///
/// # Errors
/// `ArchiveNotFound` without the document that makes it whole, `ArchiveDamaged` for one that cannot be read.
pub async fn glance(store: &dyn Store) -> Result<Glance> {
    let Some(marker) = document::<Backup>(store, layout::BACKUP_META).await? else {
        return Err(
            Error::new(ErrorCode::ArchiveNotFound, store.location().url.as_str())
                .because(format!("`{}` is not there", layout::BACKUP_META)),
        );
    };
    let level: Option<Level<Collection>> = document(store, layout::COLLECTION_META).await?;
    let collections = match level {
        Some(level) => level.infos,
        None => document::<Backup>(store, layout::FULL_META)
            .await?
            .map(|full| full.collection_backups)
            .unwrap_or_default(),
    };
    let shown = collections.iter().filter_map(moment).max();
    Ok(Glance {
        made_at: shown.or_else(|| hybrid(marker.backup_timestamp)),
        name: marker.name,
        collections: collections.into_iter().map(named).collect(),
    })
}

fn named(collection: Collection) -> CollectionName {
    CollectionName {
        database: Some(collection.db_name)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| DEFAULT_DATABASE.to_owned()),
        name: collection.collection_name,
    }
}

fn moment(collection: &Collection) -> Option<Timestamp> {
    let seconds = i64::try_from(collection.backup_physical_timestamp).ok();
    seconds
        .filter(|seconds| *seconds > 0)
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .or_else(|| hybrid(collection.backup_timestamp))
}

fn hybrid(timestamp: u64) -> Option<Timestamp> {
    let milliseconds = i64::try_from(timestamp >> LOGICAL_BITS).ok()?;
    (milliseconds > 0)
        .then(|| Timestamp::from_millisecond(milliseconds).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_seconds_or_by_a_hybrid_timestamp() {
        let of = |seconds, hybrid| {
            moment(&Collection {
                backup_physical_timestamp: seconds,
                backup_timestamp: hybrid,
                ..Collection::default()
            })
        };
        let at = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(of(1_700_000_000, 0), Some(at));
        assert_eq!(of(0, 1_700_000_000_000 << LOGICAL_BITS), Some(at));
        assert_eq!(of(0, 0), None);
        assert_eq!(of(u64::MAX, 0), None);
    }

    #[test]
    fn a_collection_of_no_database_is_in_the_usual_one() {
        let name = named(Collection {
            collection_name: "記事".to_owned(),
            ..Collection::default()
        });
        assert_eq!(name.to_string(), "default.記事");
    }
}
