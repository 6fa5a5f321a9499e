//! Brings the files of a backup to where an export wants them. What lies there already is taken if its content is right.

use std::{collections::HashMap, sync::Arc, time::Instant};

use futures::{FutureExt, TryStreamExt};
use hozon_model::{ClusterId, JobPhase, LogLevel};

use crate::{
    Error, ErrorCode, Result,
    archive::ArchiveFile,
    jobs::JobContext,
    repository::Repository,
    store::{self, Digest, Pace, Route, Store, at_pace},
};

/// Files on their way out of a repository.
pub(crate) struct Outgoing<'a> {
    pub(crate) source: &'a Repository,
    pub(crate) cluster: &'a ClusterId,
    pub(crate) target: &'a Arc<dyn Store>,
    pub(crate) context: &'a JobContext,
}

impl Outgoing<'_> {
    /// Brings all files there, below `directory` (which ends in `/`), then looks whether they are.
    pub(crate) async fn bring(&self, files: &[ArchiveFile], directory: &str) -> Result<()> {
        let bytes = files.iter().map(|file| file.entry.size).sum();
        self.context.set_totals(bytes, files.len() as u64, 0);
        self.context.set_phase(JobPhase::Copying);
        let there = self.listed(directory).await?;
        let there = &there;
        let started = Instant::now();
        let route = &Route::new(self.source.store().clone(), self.target.clone());
        let pace = &route.pace();
        let size = |file: &&ArchiveFile| route.passing(file.entry.size);
        let taken = at_pace(files.iter(), pace, size, |file| {
            let lies = there.get(&file.path) == Some(&file.entry.size);
            self.bring_one(route, pace, file, lies).boxed()
        })
        .await?;
        let (taken, copied): (Vec<_>, Vec<_>) = taken.into_iter().partition(|taken| *taken);
        self.target.settle().await?;
        let seconds = started.elapsed().as_secs_f64();
        self.context.set_phase(JobPhase::Committing);
        self.compare(files, directory).await?;
        let text = format!(
            "copied {} files{}, found {} already there and right, in {seconds:.3} s; {}",
            copied.len(),
            if route.is_by_service() {
                " within the service"
            } else {
                ""
            },
            taken.len(),
            pace.told()
        );
        self.context.log(LogLevel::Info, text).await;
        if let Some(why) = route.refusal() {
            let text = format!("the service does not copy by itself, so bytes streamed: {why}");
            self.context.log(LogLevel::Warning, text).await;
        }
        Ok(())
    }

    /// Whether the file was there and is right; else it is copied.
    async fn bring_one(
        &self,
        route: &Route,
        pace: &Pace,
        file: &ArchiveFile,
        lies: bool,
    ) -> Result<bool> {
        self.context.check()?;
        let expected = Digest {
            size: file.entry.size,
            blake3: file.entry.blake3.clone(),
        };
        let cancel = self.context.cancel_token();
        if lies {
            let seen = |bytes| pace.passed(bytes);
            let found = store::digest((&**self.target, &file.path), &seen, cancel).await;
            if found.is_ok_and(|found| found == expected) {
                self.context.add_bytes(file.entry.size);
                self.context.add_files(1);
                return Ok(true);
            }
            self.context.check()?;
        }
        let path = Repository::data_path(self.cluster, &file.entry.path);
        let count = |bytes| {
            self.context.add_bytes(bytes);
            pace.passed(bytes);
        };
        route
            .carry(&path, &file.path, &expected, &count, cancel)
            .await?;
        self.context.add_files(1);
        Ok(false)
    }

    /// What a listing shows must be what was written: somebody may have removed some of it meanwhile.
    async fn compare(&self, files: &[ArchiveFile], directory: &str) -> Result<()> {
        let there = self.listed(directory).await?;
        for file in files {
            if there.get(&file.path) != Some(&file.entry.size) {
                return Err(Error::new(
                    ErrorCode::StorageUnwritable,
                    self.target.full_path(&file.path),
                )
                .because(match there.get(&file.path) {
                    Some(size) => {
                        format!("it has {size} bytes after {} were written", file.entry.size)
                    }
                    None => "it is not there after it was written".to_owned(),
                })
                .hint("look for what else writes to this place, then export again"));
            }
        }
        Ok(())
    }

    async fn listed(&self, directory: &str) -> Result<HashMap<String, u64>> {
        self.target
            .list(directory)
            .map_ok(|object| (object.path, object.size))
            .try_collect()
            .await
    }
}
