//! A segment's files, sorted by what they are.

use std::collections::BTreeMap;

use crate::{Error, ErrorCode, Result, repository::manifest::FileEntry};

/// The field that holds the rows' timestamps.
pub(super) const TIMESTAMPS: i64 = 1;

/// The files that decide which rows are alive.
#[derive(Debug, Default)]
pub(super) struct Logs<'a> {
    /// Logs of timestamps, each with the log of primary keys of the same rows.
    pub(super) rows: Vec<(&'a FileEntry, &'a FileEntry)>,
    /// Delta logs.
    pub(super) deletes: Vec<&'a FileEntry>,
    /// The segment.
    pub(super) segment: i64,
}

impl<'a> Logs<'a> {
    /// Pairs the files as Milvus's import does: each field has equally many, and the first of one field belongs to
    /// the first of another, in the order of their paths as texts.
    pub(super) fn of(files: &'a [FileEntry], primary_key_field: i64) -> Result<Self> {
        let mut fields: BTreeMap<i64, Vec<&FileEntry>> = BTreeMap::new();
        let mut logs = Self::default();
        for (number, file) in files.iter().enumerate() {
            let Some((segment, field)) = place(&file.path) else {
                return Err(unreadable(&file.path, "its path is not that of a binlog"));
            };
            if number > 0 && segment != logs.segment {
                return Err(unreadable(
                    &file.path,
                    &format!("it is not of segment {}", logs.segment),
                ));
            }
            logs.segment = segment;
            match field {
                Some(field) => fields.entry(field).or_default().push(file),
                None => logs.deletes.push(file),
            }
        }
        if fields.is_empty() {
            return Ok(logs);
        }
        for field in [TIMESTAMPS, primary_key_field] {
            if !fields.contains_key(&field) {
                return Err(logs.not_whole(
                    ErrorCode::FileMissing,
                    &format!("there is no log of field {field}"),
                ));
            }
        }
        let expected = fields[&TIMESTAMPS].len();
        for (field, files) in &mut fields {
            if files.len() != expected {
                return Err(logs.not_whole(
                    ErrorCode::FileMissing,
                    &format!(
                        "field {field} has {} logs, and field {TIMESTAMPS} has {expected}",
                        files.len()
                    ),
                ));
            }
            files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        logs.rows = fields[&TIMESTAMPS]
            .iter()
            .copied()
            .zip(fields[&primary_key_field].iter().copied())
            .collect();
        Ok(logs)
    }

    /// An error about the segment as a whole: `FileMissing` or `RowsDiffer`.
    pub(super) fn not_whole(&self, code: ErrorCode, why: &str) -> Error {
        Error::new(code, format!("segment {}", self.segment))
            .because(why)
            .hint(
                "a file of the segment is missing, or one lies there that Milvus does not count; try again, and \
                 look at Milvus's log if it stays so",
            )
    }
}

/// An error about one file.
pub(super) fn unreadable(path: &str, why: &str) -> Error {
    Error::new(ErrorCode::BinlogUnreadable, path)
        .because(why)
        .hint("the file is damaged where it lies; an earlier backup may still hold it whole")
}

/// The segment and, for an insert log, the field that a path names.
fn place(path: &str) -> Option<(i64, Option<i64>)> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["insert_log", _collection, _partition, segment, field, _log] => {
            Some((segment.parse().ok()?, Some(field.parse().ok()?)))
        }
        ["delta_log", _collection, _partition, segment, _log] => {
            Some((segment.parse().ok()?, None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<FileEntry> {
        paths
            .iter()
            .map(|path| FileEntry {
                path: (*path).to_owned(),
                size: 1,
                blake3: String::new(),
            })
            .collect()
    }

    #[test]
    fn logs_are_paired_in_the_order_of_their_paths() {
        let files = files(&[
            "insert_log/1/2/3/1/20",
            "insert_log/1/2/3/1/11",
            "insert_log/1/2/3/100/19",
            "insert_log/1/2/3/100/10",
            "delta_log/1/2/3/30",
        ]);
        let logs = Logs::of(&files, 100).unwrap();
        let paths: Vec<_> = logs
            .rows
            .iter()
            .map(|(a, b)| (a.path.as_str(), b.path.as_str()))
            .collect();
        assert_eq!(
            paths,
            [
                ("insert_log/1/2/3/1/11", "insert_log/1/2/3/100/10"),
                ("insert_log/1/2/3/1/20", "insert_log/1/2/3/100/19"),
            ]
        );
        assert_eq!(logs.deletes.len(), 1);
        assert_eq!(logs.segment, 3);
    }

    #[test]
    fn a_segment_that_is_not_whole_is_refused() {
        let refused = |paths: &[&str]| {
            Logs::of(&files(paths), 100)
                .unwrap_err()
                .report()
                .detail
                .clone()
        };
        assert_eq!(
            refused(&["insert_log/1/2/3/100/10"]),
            "there is no log of field 1"
        );
        assert_eq!(
            refused(&["insert_log/1/2/3/1/10"]),
            "there is no log of field 100"
        );
        assert_eq!(
            refused(&[
                "insert_log/1/2/3/1/1",
                "insert_log/1/2/3/100/2",
                "insert_log/1/2/3/101/3",
                "insert_log/1/2/3/101/4"
            ]),
            "field 101 has 2 logs, and field 1 has 1"
        );
        assert_eq!(
            refused(&["insert_log/1/2/3/1/1", "insert_log/1/2/4/100/2"]),
            "it is not of segment 3"
        );
        assert_eq!(
            refused(&["insert_log/1/2/3/1"]),
            "its path is not that of a binlog"
        );
    }
}
