//! Checks a backup: is every object there, and are its bytes those that were backed up?

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::Instant,
};

use futures::{FutureExt, TryStreamExt};
use hozon_model::{
    BackupId, BackupState, ErrorReport, JobPhase, LogLevel, Proof, ProofLevel, VerifyOptions,
};
use jiff::Timestamp;

use crate::{
    Error, ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{
        LeaseKind, Repository,
        manifest::{FileEntry, Manifest},
    },
    store::{self, Pace, at_pace},
};

/// So many damaged files are named in the log; the rest are counted.
const NAMED: usize = 20;

impl Core {
    pub(crate) async fn run_verify(
        &self,
        job: &ClaimedJob,
        options: &VerifyOptions,
        context: &JobContext,
    ) -> Result<()> {
        context.set_phase(JobPhase::Planning);
        let lease = self
            .hold_repository(LeaseKind::Shared, job, context)
            .await?;
        let checked = self.check(options, context).await;
        lease.over(checked).await
    }

    async fn check(&self, options: &VerifyOptions, context: &JobContext) -> Result<()> {
        let id = &options.backup_id;
        let Some(manifest) = self.repository().manifest(id).await? else {
            let report = Error::new(ErrorCode::FileMissing, format!("backups/{id}/manifest.json"))
                .because("the repository does not hold this backup")
                .hint("restore the repository from a copy of it, or delete this backup and make a new one");
            return Err(self.damaged(id, report).await?);
        };
        let files = match self.files_of(&manifest).await {
            Err(error) if is_damage(&error) => return Err(self.damaged(id, error).await?),
            files => files?,
        };
        context.set_totals(
            files.iter().map(|file| file.size).sum(),
            files.len() as u64,
            0,
        );
        context.set_phase(JobPhase::Verifying);
        let started = Instant::now();
        let check = Verification {
            engine: self,
            manifest: &manifest,
            context,
            bad: Mutex::new(Vec::new()),
        };
        check
            .list(&files, options.level == ProofLevel::List)
            .await?;
        if options.level >= ProofLevel::Read {
            check.read(&files).await?;
        }
        let bad = check
            .bad
            .into_inner()
            .expect("no holder of this lock panics");
        if bad.is_empty() {
            let bytes: u64 = files.iter().map(|file| file.size).sum();
            let said = format!(
                "{} files, {bytes} bytes verified at level `{}` in {:.3} s",
                files.len(),
                options.level,
                started.elapsed().as_secs_f64()
            );
            context.log(LogLevel::Info, said).await;
            return self.passed(id, options.level).await;
        }
        Err(self
            .found_damage(&manifest, bad, files.len(), context)
            .await?)
    }

    /// Every file a manifest names, once.
    pub(crate) async fn files_of(&self, manifest: &Manifest) -> Result<Vec<FileEntry>> {
        let mut files = HashMap::new();
        for entry in &manifest.collections {
            let document = self.repository().collection(entry).await?;
            files.extend(
                document
                    .segments
                    .into_iter()
                    .flat_map(|segment| segment.files)
                    .map(|file| (file.path.clone(), file)),
            );
        }
        let mut files: Vec<_> = files.into_values().collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    async fn passed(&self, id: &BackupId, level: ProofLevel) -> Result<()> {
        self.catalog()
            .add_proof(
                id,
                Proof {
                    level,
                    at: Timestamp::now(),
                },
            )
            .await?;
        if level >= ProofLevel::Read
            && self.backup(id.as_str()).await?.summary.state == BackupState::Damaged
        {
            self.catalog()
                .set_backup_state(id, BackupState::Available, None)
                .await?;
        }
        Ok(())
    }

    async fn found_damage(
        &self,
        manifest: &Manifest,
        bad: Vec<ErrorReport>,
        files: usize,
        context: &JobContext,
    ) -> Result<Error> {
        for report in bad.iter().take(NAMED) {
            context.log(LogLevel::Error, report.to_string()).await;
        }
        let paths: HashSet<&str> = bad.iter().map(|report| report.subject.as_str()).collect();
        let first = bad[0].clone();
        let error = Error::new(first.code, first.subject)
            .because(format!("{} of {files} files are damaged or missing; {}", bad.len(), first.detail))
            .hint("make a new backup: it stores these files again while Milvus still has them; do not rely on this one");
        let report = error.report().clone();
        for other in self.repository().manifests().await? {
            let same_cluster = other.begin.cluster_id == manifest.begin.cluster_id;
            if same_cluster
                && self
                    .files_of(&other)
                    .await
                    .is_ok_and(|files| files.iter().any(|file| paths.contains(file.path.as_str())))
            {
                self.catalog()
                    .set_backup_state(&other.begin.id, BackupState::Damaged, Some(&report))
                    .await?;
            }
        }
        Ok(error)
    }

    async fn damaged(&self, id: &BackupId, error: Error) -> Result<Error> {
        self.catalog()
            .set_backup_state(id, BackupState::Damaged, Some(error.report()))
            .await?;
        Ok(error)
    }
}

pub(crate) fn is_damage(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::FileMissing | ErrorCode::FileDamaged | ErrorCode::RepositoryDamaged
    )
}

struct Verification<'a> {
    engine: &'a Core,
    manifest: &'a Manifest,
    context: &'a JobContext,
    bad: Mutex<Vec<ErrorReport>>,
}

impl Verification<'_> {
    fn path(&self, file: &FileEntry) -> String {
        Repository::data_path(&self.manifest.begin.cluster_id, &file.path)
    }

    fn note(&self, error: Error) {
        self.bad
            .lock()
            .expect("no holder of this lock panics")
            .push(error.into_report());
    }

    /// Compares names and sizes with what listings show.
    async fn list(&self, files: &[FileEntry], count: bool) -> Result<()> {
        let store = self.engine.repository().store();
        let directories: HashSet<String> = files
            .iter()
            .filter_map(|file| {
                self.path(file)
                    .splitn(5, '/')
                    .take(4)
                    .collect::<Vec<_>>()
                    .join("/")
                    .into()
            })
            .map(|directory| format!("{directory}/"))
            .collect();
        let mut held = HashMap::new();
        for directory in directories {
            let mut listing = store.list(&directory);
            while let Some(object) = listing.try_next().await? {
                held.insert(object.path, object.size);
            }
            self.context.check()?;
        }
        for file in files {
            match held.get(&self.path(file)) {
                None => self.note(
                    Error::new(ErrorCode::FileMissing, file.path.as_str())
                        .because("the repository does not hold it"),
                ),
                Some(size) if *size != file.size => self.note(
                    Error::new(ErrorCode::FileDamaged, file.path.as_str())
                        .because(format!("{size} bytes in place of {}", file.size)),
                ),
                Some(_) => {}
            }
            if count {
                self.context.add_bytes(file.size);
                self.context.add_files(1);
            }
        }
        Ok(())
    }

    /// Hashes every byte.
    async fn read(&self, files: &[FileEntry]) -> Result<()> {
        let pace = &Pace::of(&[self.engine.repository().store()]);
        let known_bad: HashSet<String> = self
            .bad
            .lock()
            .expect("no holder of this lock panics")
            .iter()
            .map(|report| report.subject.clone())
            .collect();
        let left = files.iter().filter(|file| !known_bad.contains(&file.path));
        let size = |file: &&FileEntry| file.size;
        at_pace(left, pace, size, |file| self.read_one(pace, file).boxed())
            .await
            .map(drop)
    }

    async fn read_one(&self, pace: &Pace, file: &FileEntry) -> Result<()> {
        self.context.check()?;
        let (store, path) = (&**self.engine.repository().store(), self.path(file));
        let count = |bytes| {
            self.context.add_bytes(bytes);
            pace.passed(bytes);
        };
        match store::digest((store, &path), &count, self.context.cancel_token()).await {
            Ok(digest) if digest.blake3 == file.blake3 && digest.size == file.size => {}
            Ok(digest) => self.note(
                Error::new(ErrorCode::FileDamaged, file.path.as_str()).because(format!(
                    "its BLAKE3 is {} and was {}",
                    digest.blake3, file.blake3
                )),
            ),
            Err(error) if error.code() == ErrorCode::FileMissing => self.note(
                Error::new(ErrorCode::FileMissing, file.path.as_str())
                    .because("the repository does not hold it"),
            ),
            Err(error) => return Err(error),
        }
        self.context.add_files(1);
        Ok(())
    }
}
