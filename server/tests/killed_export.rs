//! `kill -9` and cancellation at 50 random moments of exports, in both formats: nothing is mistaken for a whole export,
//! no job is stuck, the next export succeeds, and what an unfinished one left can be removed.
//!
//! `make test` starts the Milvus and names it in `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod killable;

use std::{
    fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use killable::{Hozon, some_moment};
use serde_json::Value;

const ROUNDS: u32 = 50;
const FORMATS: [&str; 2] = ["milvus-backup", "repository"];

/// What happens to an export in the middle of it.
#[derive(Clone, Copy, Debug)]
enum Blow {
    /// Its process dies, and another takes the job to its end.
    Killed,
    /// Its process dies, and the job is canceled before another can take it up.
    KilledAndCanceled,
    /// The job is canceled while its process lives.
    Canceled,
}

const BLOWS: [Blow; 3] = [Blow::Killed, Blow::KilledAndCanceled, Blow::Canceled];

#[test]
fn a_broken_off_export_is_never_mistaken_for_a_whole_one() {
    let house = House::new();
    let mut whole = Duration::ZERO;
    for format in FORMATS {
        let started = Instant::now();
        house.hozon.succeed(&house.export(format));
        whole = whole.max(started.elapsed());
        assert!(house.is_whole(format), "{format}");
        house.clear(format);
    }

    let mut left = 0;
    for round in 0..ROUNDS {
        let format = FORMATS[round as usize % FORMATS.len()];
        let blow = BLOWS[round as usize / FORMATS.len() % BLOWS.len()];
        let told = format!("round {round}, {format}, {blow:?}");
        let job = match blow {
            Blow::Canceled => Some(house.cancel(format, whole)),
            Blow::Killed | Blow::KilledAndCanceled => house.kill(format, whole),
        };
        let looked_whole = house.is_whole(format);
        let Some(job) = job else {
            assert!(!looked_whole, "{told}: without a job");
            assert_eq!(files_below(&house.place(format)), Vec::<PathBuf>::new());
            continue;
        };
        if matches!(blow, Blow::KilledAndCanceled) {
            house.hozon.run(&["job", "cancel", &job]);
        }
        house.hozon.run(&["job", "wait", &job]);
        let state = house.hozon.succeed(&["job", "show", &job])["state"].clone();
        assert!(
            state == "SUCCESSFUL" || (state == "CANCELED" && !matches!(blow, Blow::Killed)),
            "{told}: {state}"
        );
        let is_whole = house.is_whole(format);
        assert!(is_whole || !looked_whole, "{told}: it was whole before");
        assert!(is_whole || state != "SUCCESSFUL", "{told}: {state}");
        if is_whole {
            house.assert_nothing_hidden(format);
            let (refused, removed) = house.hozon.run(&["job", "sweep", &job]);
            assert!(!removed, "{told}: a whole export is not swept");
            assert_eq!(refused["error"]["code"], "export_target_taken", "{told}");
            assert!(house.is_whole(format), "{told}: a refusal changes nothing");
            house.clear(format);
            continue;
        }
        left += 1;
        if left % 2 == 0 {
            house.hozon.succeed(&house.export(format));
            assert!(house.is_whole(format), "{told}: went on from what was left");
            house.clear(format);
        } else {
            house.hozon.succeed(&["job", "sweep", &job]);
            let stays = files_below(&house.place(format));
            assert_eq!(stays, Vec::<PathBuf>::new(), "{told}: swept");
        }
    }
    assert!(left > 0, "no moment was in the middle of an export");
    house.assert_all_is_well();
}

/// A Hozon with a backup and an integration, and another one that looks at what lies there as a stranger does.
struct House {
    hozon: Hozon,
    stranger: Hozon,
    backup: String,
}

impl House {
    fn new() -> Self {
        let (hozon, stranger) = (Hozon::new(), Hozon::new());
        hozon.add_milvus();
        let made = hozon.succeed(&[
            "backup",
            "create",
            "--cluster",
            "milvus",
            "--name",
            "kept",
            "--collections",
            "medium_articles,hello_milvus",
        ]);
        let backup = made["backup"]["id"].as_str().unwrap().to_owned();
        let exports = hozon.directory.path().join("exports");
        fs::create_dir(&exports).unwrap();
        let url = format!("file://{}", exports.display());
        for each in [&hozon, &stranger] {
            each.succeed(&["integration", "add", "outside", "--storage", &url]);
        }
        Self {
            hozon,
            stranger,
            backup,
        }
    }

    /// The command for an export: each format has a directory of its own, with the name of the format.
    fn export<'a>(&'a self, format: &'a str) -> [&'a str; 9] {
        [
            "backup",
            "export",
            &self.backup,
            "--integration",
            "outside",
            "--directory",
            format,
            "--format",
            format,
        ]
    }

    /// Where such an export lies.
    fn place(&self, format: &str) -> PathBuf {
        let exports = self.hozon.directory.path().join("exports");
        exports.join(format).join(&self.backup)
    }

    /// Starts an export and kills its process at some moment; its job, if it came as far as that.
    fn kill(&self, format: &str, whole: Duration) -> Option<String> {
        let before = self.hozon.newest_job().map(|job| job["id"].clone());
        let mut child = self.hozon.start(&self.export(format));
        sleep(some_moment(whole));
        child.kill().unwrap();
        child.wait().unwrap();
        let job = self.hozon.newest_job()?;
        (before.as_ref() != Some(&job["id"])).then(|| job["id"].as_str().unwrap().to_owned())
    }

    /// Starts an export and cancels its job at some moment, which may be too late.
    fn cancel(&self, format: &str, whole: Duration) -> String {
        let queue = [&self.export(format)[..], &["--no-wait"]].concat();
        let job = self.hozon.succeed(&queue)["job"]["id"].clone();
        let job = job.as_str().unwrap().to_owned();
        let mut child = self.hozon.start(&["job", "wait", &job]);
        sleep(some_moment(whole));
        self.hozon.run(&["job", "cancel", &job]);
        child.wait().unwrap();
        job
    }

    /// Whether a whole export lies there. What a stranger takes for one is looked at byte by byte, and a stranger takes
    /// for one exactly what bears the document that is written last.
    fn is_whole(&self, format: &str) -> bool {
        if format == "repository" {
            self.is_whole_repository()
        } else {
            self.is_whole_archive()
        }
    }

    /// An adoption compares every byte with the note in the archive, and the rows with the document.
    fn is_whole_archive(&self) -> bool {
        let marked = self.place("milvus-backup").join("meta/backup_meta.json");
        let archive = format!("milvus-backup/{}", self.backup);
        let adopt = ["backup", "adopt", &archive, "--integration", "outside"];
        let (answer, adopted) = self.stranger.run(&adopt);
        assert_eq!(adopted, marked.is_file(), "{answer:#}");
        if adopted {
            let id = answer["backup"]["id"].as_str().unwrap();
            let delete = ["backup", "delete", id, "--yes"];
            self.stranger.succeed(&delete);
        } else {
            let code = &answer["error"]["code"];
            assert_eq!(code, "archive_not_found", "{answer:#}");
        }
        adopted
    }

    /// A Hozon whose repository it is lists and verifies what it finds. It would make a repository where there is none.
    fn is_whole_repository(&self) -> bool {
        let place = self.place("repository");
        let manifest = format!("backups/{}/manifest.json", self.backup);
        let marked = place.join(manifest).is_file();
        if !place.join("hozon.json").is_file() {
            assert!(!marked, "a manifest without a repository");
            return false;
        }
        let owner = Hozon::in_repository(&format!("file://{}", place.display()));
        let found = owner.succeed(&["backup", "list"])["items"].clone();
        let found: Vec<Value> = found.as_array().unwrap().clone();
        assert_eq!(found.len(), usize::from(marked), "{found:#?}");
        for backup in &found {
            assert_eq!(backup["state"], "AVAILABLE");
            let id = backup["id"].as_str().unwrap();
            owner.succeed(&["backup", "verify", id, "--level", "read"]);
        }
        marked
    }

    /// An archive holds its documents and its files; parts that a killed attempt did not finish are gone from it.
    /// (A repository is swept by whoever uses it.)
    fn assert_nothing_hidden(&self, format: &str) {
        let is_hidden = |path: &PathBuf| {
            let name = path.file_name().unwrap();
            name.to_string_lossy().starts_with('.')
        };
        if format == "milvus-backup" {
            let mut files = files_below(&self.place(format));
            files.retain(is_hidden);
            assert_eq!(files, Vec::<PathBuf>::new());
        }
    }

    /// Removes a whole export with the tools of the storage, as the refusal to sweep it advises.
    fn clear(&self, format: &str) {
        fs::remove_dir_all(self.place(format)).unwrap();
    }

    /// No job is left, the backup is as it was, exports succeed, and the integration is free.
    fn assert_all_is_well(&self) {
        let jobs = self.hozon.succeed(&["job", "list", "--limit", "100"])["items"].clone();
        let unfinished: Vec<&Value> = jobs
            .as_array()
            .unwrap()
            .iter()
            .filter(|job| job["state"] != "SUCCESSFUL" && job["state"] != "CANCELED")
            .collect();
        assert!(unfinished.is_empty(), "{unfinished:#?}");
        let verify = ["backup", "verify", &self.backup, "--level", "read"];
        self.hozon.succeed(&verify);
        for format in FORMATS {
            self.hozon.succeed(&self.export(format));
            assert!(self.is_whole(format), "{format}");
        }
        self.hozon.succeed(&["integration", "remove", "outside"]);
    }
}

/// Every file in a directory, those that no listing of Hozon shows among them.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let Ok(entries) = fs::read_dir(&directory) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files
}
