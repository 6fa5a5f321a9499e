//! Files of a real server (`engine/tests/data/binlogs`), with what that server's own import made of them at every
//! moment at which something changes.

use std::{fs, path::Path};

use hozon_model::{StorageCredentials, StorageLocation};
use serde::Deserialize;

use super::live_rows;
use crate::{ErrorCode, Result, repository::manifest::FileEntry, store::Stores};

#[derive(Deserialize)]
struct Imported {
    segments: Vec<Part>,
    cuts: Vec<Cut>,
}

#[derive(Deserialize)]
struct Part {
    /// `<collection>/<partition>/<segment>`
    path: String,
    rows: u64,
}

#[derive(Deserialize)]
struct Cut {
    cutoff_ms: u64,
    /// Of each segment.
    live_rows: Vec<u64>,
}

/// A copy of a set of files that a test may damage.
struct Set {
    dir: tempfile::TempDir,
    imported: Imported,
}

impl Set {
    fn copy(name: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/binlogs")
            .join(name);
        let dir = tempfile::tempdir().unwrap();
        for path in files_under(&from) {
            let to = dir.path().join(path.strip_prefix(&from).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&path, to).unwrap();
        }
        let imported = fs::read(from.join("imported.json")).unwrap();
        Self {
            dir,
            imported: serde_json::from_slice(&imported).unwrap(),
        }
    }

    fn files(&self, part: &Part) -> Vec<FileEntry> {
        let mut files = Vec::new();
        for kind in ["insert_log", "delta_log"] {
            let root = self.dir.path().join(kind).join(&part.path);
            files.extend(files_under(&root).iter().map(|path| {
                FileEntry {
                    path: path
                        .strip_prefix(self.dir.path())
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                    size: fs::metadata(path).unwrap().len(),
                    blake3: String::new(),
                }
            }));
        }
        files
    }

    async fn live_rows(&self, part: &Part, rows: u64, cutoff_ms: u64) -> Result<u64> {
        let location = StorageLocation {
            url: format!("file://{}", self.dir.path().display()),
            endpoint: None,
            region: None,
        };
        let store = Stores::default()
            .open(&location, &StorageCredentials::Machine)
            .unwrap();
        live_rows(&*store, "", &self.files(part), 100, rows, cutoff_ms).await
    }
}

fn files_under(path: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path]
            }
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn live_rows_are_those_that_the_server_imports() {
    for name in ["numbers", "texts"] {
        let set = Set::copy(name);
        for cut in &set.imported.cuts {
            for (part, expected) in set.imported.segments.iter().zip(&cut.live_rows) {
                let live = set.live_rows(part, part.rows, cut.cutoff_ms).await.unwrap();
                assert_eq!(live, *expected, "{name} {} at {}", part.path, cut.cutoff_ms);
            }
        }
    }
}

#[tokio::test]
async fn what_the_headers_show_is_not_read() {
    let set = Set::copy("numbers");
    // The second segment holds one row and the delete of the same upsert, which spares it: the keys are not needed.
    let part = &set.imported.segments[1];
    fs::remove_dir_all(
        set.dir
            .path()
            .join("insert_log")
            .join(&part.path)
            .join("100"),
    )
    .unwrap();
    let keys = FileEntry {
        path: format!("insert_log/{}/100/9", part.path),
        size: 0,
        blake3: String::new(),
    };
    let mut files = set.files(part);
    files.push(keys);
    let location = StorageLocation {
        url: format!("file://{}", set.dir.path().display()),
        endpoint: None,
        region: None,
    };
    let store = Stores::default()
        .open(&location, &StorageCredentials::Machine)
        .unwrap();
    assert_eq!(
        live_rows(&*store, "", &files, 100, 1, u64::MAX)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn files_that_do_not_make_up_the_segment_are_refused() {
    let set = Set::copy("numbers");
    let part = &set.imported.segments[0];
    let refused = set
        .live_rows(part, part.rows + 1, u64::MAX)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RowsDiffer);
    insta::assert_snapshot!(refused, @"row counts differ: `segment 470614655220198514`: its logs hold 12 rows, and Milvus counts 13");

    // A file of another segment under the name of this one.
    let foreign = set
        .dir
        .path()
        .join("insert_log")
        .join(&set.imported.segments[1].path)
        .join("1");
    let foreign = files_under(&foreign).remove(0);
    let own = set.dir.path().join("insert_log").join(&part.path).join("1");
    fs::copy(foreign, files_under(&own).remove(0)).unwrap();
    let refused = set.live_rows(part, part.rows, u64::MAX).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::BinlogUnreadable);
    insta::assert_snapshot!(refused, @"binlog cannot be parsed: `insert_log/470614655220198506/470614655220198507/470614655220198514/1/470614655219994999`: it says that it is of segment 470614655220198531, field 1");
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_never_more() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut noticed = 0;
    let mut tried = 0;
    for name in ["numbers", "texts"] {
        let set = Set::copy(name);
        let part = &set.imported.segments[0];
        let last = set.imported.cuts.last().unwrap().cutoff_ms;
        for file in set.files(part) {
            let path = set.dir.path().join(&file.path);
            let whole = fs::read(&path).unwrap();
            for _ in 0..150 {
                let mut bytes = whole.clone();
                match dice.below(4) {
                    0 => bytes.truncate(dice.below(whole.len())),
                    1 => bytes.extend_from_slice(&whole[..dice.below(whole.len())]),
                    _ => {
                        for _ in 0..=dice.below(3) {
                            let at = dice.below(bytes.len());
                            bytes[at] ^= 1 << dice.below(8);
                        }
                    }
                }
                fs::write(&path, bytes).unwrap();
                tried += 1;
                if let Err(error) = set.live_rows(part, part.rows, last).await {
                    let expected = [ErrorCode::BinlogUnreadable, ErrorCode::RowsDiffer];
                    assert!(expected.contains(&error.code()), "{error}");
                    noticed += 1;
                }
            }
            fs::write(&path, whole).unwrap();
        }
    }
    // Bytes that nobody reads (names in the Parquet footer, say) may change unnoticed; checksums find those.
    assert!(noticed * 2 > tried, "{noticed} of {tried}");
    println!("{noticed} of {tried} damages noticed");
}
