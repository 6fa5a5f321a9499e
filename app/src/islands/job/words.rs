//! The words of a running job, in the visitor's language, as they travel to the browser.

use hozon_model::{JobPhase, JobProgress};
use serde::{Deserialize, Serialize};

use crate::format::{count, duration, size};

/// Names, and templates with `{done}`, `{total}`, `{size}`, `{time}` and `{n}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobWords {
    /// The name of the bar.
    pub progress: String,
    /// What each phase is called.
    pub phases: Vec<(JobPhase, String)>,
    /// The name of an amount of bytes.
    pub bytes: String,
    /// The name of a number of files.
    pub files: String,
    /// The name of a number of rows.
    pub rows: String,
    /// The name of a rate.
    pub rate: String,
    /// The name of the time that is left.
    pub left: String,
    /// `{done} of {total}`
    pub of: String,
    /// `{size}/s`
    pub per_second: String,
    /// `about {time}`
    pub about: String,
    /// Hours, minutes and seconds, each with `{n}`.
    pub units: [String; 3],
    /// Said while events arrive.
    pub live: String,
    /// The link where they do not.
    pub refresh: String,
}

impl JobWords {
    /// The name of a phase.
    pub(super) fn phase(&self, phase: JobPhase) -> String {
        self.phases
            .iter()
            .find(|(key, _)| *key == phase)
            .map(|(_, name)| name.clone())
            .unwrap_or_default()
    }

    /// What a job that is over did.
    pub fn final_figures(&self, progress: &JobProgress) -> Vec<(String, String)> {
        [
            (progress.bytes_done > 0).then(|| (self.bytes.clone(), size(progress.bytes_done))),
            (progress.files_done > 0).then(|| (self.files.clone(), count(progress.files_done))),
            (progress.rows_done > 0).then(|| (self.rows.clone(), count(progress.rows_done))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What is known of a job's progress, as names and values. What is not known is left out.
    pub(super) fn figures(&self, progress: &JobProgress) -> Vec<(String, String)> {
        let of = |done: String, total: String| {
            self.of.replace("{done}", &done).replace("{total}", &total)
        };
        let amount =
            |name: &str, done: u64, total: u64, write: fn(u64) -> String| match (done, total) {
                (0, 0) => None,
                (done, 0) => Some((name.to_owned(), write(done))),
                (done, total) => Some((name.to_owned(), of(write(done), write(total)))),
            };
        [
            amount(&self.bytes, progress.bytes_done, progress.bytes_total, size),
            amount(
                &self.files,
                progress.files_done,
                progress.files_total,
                count,
            ),
            amount(&self.rows, progress.rows_done, progress.rows_total, count),
            (progress.bytes_per_second > 0).then(|| {
                (
                    self.rate.clone(),
                    self.per_second
                        .replace("{size}", &size(progress.bytes_per_second)),
                )
            }),
            progress.seconds_left.map(|seconds| {
                (
                    self.left.clone(),
                    self.about
                        .replace("{time}", &duration(seconds, &self.units)),
                )
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
