//! Where files lie in an archive, and which of ours they are.

/// The directory of the documents.
pub const META: &str = "meta";
/// Its presence says that the archive is whole.
pub const BACKUP_META: &str = "meta/backup_meta.json";
/// Every collection's documents without partitions.
pub const COLLECTION_META: &str = "meta/collection_meta.json";
/// Every partition without segments.
pub const PARTITION_META: &str = "meta/partition_meta.json";
/// Every segment with its files.
pub const SEGMENT_META: &str = "meta/segment_meta.json";
/// Everything in one.
pub const FULL_META: &str = "meta/full_meta.json";
/// Our own note beside.
pub const NOTE: &str = "meta/hozon.json";
/// The directory of the files.
pub const BINLOGS: &str = "binlogs/";

/// Every document, in the order of their writing; a removal goes the other way round.
pub const DOCUMENTS: [&str; 6] = [
    COLLECTION_META,
    PARTITION_META,
    SEGMENT_META,
    NOTE,
    FULL_META,
    BACKUP_META,
];

/// A binlog or delta log, by the numbers that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Log {
    /// The collection.
    pub collection: i64,
    /// The partition.
    pub partition: i64,
    /// The segment.
    pub segment: i64,
    /// The field of a binlog; none for a delta log.
    pub field: Option<i64>,
    /// The log.
    pub log: i64,
}

impl Log {
    /// From its path on Milvus's storage or in a repository: `insert_log/1/2/3/100/5`, `delta_log/1/2/3/5`.
    pub fn of_source(path: &str) -> Option<Self> {
        let mut parts = path.split('/');
        let kind = parts.next()?;
        let numbers: Vec<i64> = parts.map(number).collect::<Option<_>>()?;
        match (kind, &*numbers) {
            ("insert_log", &[collection, partition, segment, field, log]) => Some(Self {
                collection,
                partition,
                segment,
                field: Some(field),
                log,
            }),
            ("delta_log", &[collection, partition, segment, log]) => Some(Self {
                collection,
                partition,
                segment,
                field: None,
                log,
            }),
            _ => None,
        }
    }

    /// Its path on Milvus's storage and in a repository.
    pub fn source_path(&self) -> String {
        let place = format!("{}/{}/{}", self.collection, self.partition, self.segment);
        match self.field {
            Some(field) => format!("insert_log/{place}/{field}/{}", self.log),
            None => format!("delta_log/{place}/{}", self.log),
        }
    }

    /// Its path in an archive. Segments lie in groups, which newer archives number like the segment; the oldest had
    /// no groups.
    pub fn archive_path(&self, group: Option<i64>) -> String {
        let group = group.map(|group| format!("{group}/")).unwrap_or_default();
        let place = format!(
            "{}/{}/{group}{}",
            self.collection, self.partition, self.segment
        );
        match self.field {
            Some(field) => format!("{BINLOGS}insert_log/{place}/{field}/{}", self.log),
            None => format!("{BINLOGS}delta_log/{place}/{}", self.log),
        }
    }
}

/// Whether an object below an archive's directory is of the kind that an export writes.
pub fn is_of_an_export(path: &str) -> bool {
    if DOCUMENTS.contains(&path) {
        return true;
    }
    let Some(rest) = path.strip_prefix(BINLOGS) else {
        return false;
    };
    let mut parts = rest.split('/');
    let expected = match parts.next() {
        Some("insert_log") => 6,
        Some("delta_log") => 5,
        _ => return false,
    };
    let numbers: Option<Vec<i64>> = parts.map(number).collect();
    numbers.is_some_and(|numbers| numbers.len() == expected)
}

/// Digits and nothing else, so that a number has one path only.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text && number >= 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_one_path_on_each_side() {
        for (source, archive) in [
            ("insert_log/1/2/3/100/5", "binlogs/insert_log/1/2/3/3/100/5"),
            ("delta_log/1/2/3/5", "binlogs/delta_log/1/2/3/3/5"),
        ] {
            let log = Log::of_source(source).unwrap();
            assert_eq!(log.source_path(), source);
            assert_eq!(log.archive_path(Some(3)), archive);
            assert!(is_of_an_export(archive));
        }
        let log = Log::of_source("insert_log/1/2/3/0/5").unwrap();
        assert_eq!(log.archive_path(None), "binlogs/insert_log/1/2/3/0/5");
    }

    #[test]
    fn what_is_no_log_is_none() {
        for path in [
            "insert_log/1/2/3/5",
            "insert_log/1/2/../100/5",
            "insert_log/1/2/3/100/5/6",
            "delta_log/1/2/+3/5",
            "delta_log/1/2/03/5",
            "delta_log/1/-1/3/5",
            "stats_log/1/2/3/100/5",
            "",
        ] {
            assert_eq!(Log::of_source(path), None, "{path}");
        }
        for path in [
            "binlogs/insert_log/1/2/3/100/5",
            "binlogs/insert_log/1/2/../3/100/5",
            "binlogs/delta_log/1/2/+3/3/5",
            "binlogs/stats_log/1/2/3/3/100/5",
            "binlogs/",
        ] {
            assert!(!is_of_an_export(path), "{path}");
        }
        assert!(!is_of_an_export("meta/holiday.json"));
    }
}
