//! Shows how far a job is: a bar on a terminal, plain lines anywhere else.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use hozon_model::{JobProgress, JobState, JobSummary};
use indicatif::{ProgressBar, ProgressStyle};

use super::words;

/// Plain lines come no more often than this, a new phase aside.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Something that shows a job's progress on stderr.
#[derive(Debug)]
pub(crate) enum Progress {
    Bar(Bar),
    Lines(Lines),
}

impl Progress {
    pub(crate) fn start() -> Self {
        if std::io::stderr().is_terminal() {
            Self::Bar(Bar::new())
        } else {
            Self::Lines(Lines::default())
        }
    }

    /// The end is not shown here: what follows says it in words.
    pub(crate) fn show(&mut self, job: &JobSummary) {
        if job.state.is_final() {
            return;
        }
        match self {
            Self::Bar(bar) => bar.show(job),
            Self::Lines(lines) => {
                if let Some(line) = lines.next(job, Instant::now()) {
                    // Progress that nobody reads is no reason to stop.
                    let _closed = writeln!(std::io::stderr(), "{line}");
                }
            }
        }
    }

    /// Says something without tearing the bar apart.
    pub(crate) fn note(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.bar.suspend(|| eprintln!("{text}")),
            Self::Lines(_) => eprintln!("{text}"),
        }
    }

    pub(crate) fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.bar.finish_and_clear();
        }
    }
}

/// A bar that is redrawn in place.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    known: bool,
}

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(100);
        bar.set_style(style(UNKNOWN));
        bar.set_prefix("waiting");
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, known: false }
    }

    fn show(&mut self, job: &JobSummary) {
        let known = amount(&job.progress).is_some();
        if self.known != known {
            self.bar
                .set_style(style(if known { KNOWN } else { UNKNOWN }));
            self.known = known;
        }
        self.bar.set_prefix(title(job));
        self.bar.set_position(u64::from(job.progress.percent()));
        self.bar.set_message(details(&job.progress).join(", "));
    }
}

const KNOWN: &str = "{spinner} {prefix} [{bar:28}] {percent:>3} %  {msg}";
const UNKNOWN: &str = "{spinner} {prefix}  {msg}";

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates are constant and valid")
        .progress_chars("=> ")
}

/// One line for each phase, and one every few seconds within it.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    last: Option<(String, Instant)>,
}

impl Lines {
    fn next(&mut self, job: &JobSummary, now: Instant) -> Option<String> {
        let mut line = title(job);
        let due = self
            .last
            .as_ref()
            .is_none_or(|(last, at)| *last != line || now.duration_since(*at) >= LINE_EVERY);
        if !due {
            return None;
        }
        self.last = Some((line.clone(), now));
        if amount(&job.progress).is_some() {
            line.push_str(&format!(": {} %", job.progress.percent()));
            for detail in details(&job.progress) {
                line.push_str(", ");
                line.push_str(&detail);
            }
        }
        Some(line)
    }
}

fn title(job: &JobSummary) -> String {
    match job.state {
        JobState::Canceling => "canceling".to_owned(),
        JobState::Pending => "waiting".to_owned(),
        _ => words::phase(job.progress.phase).to_owned(),
    }
}

/// What the share done is a share of.
fn amount(progress: &JobProgress) -> Option<String> {
    if progress.bytes_total > 0 {
        return Some(format!(
            "{} of {}",
            words::bytes(progress.bytes_done),
            words::bytes(progress.bytes_total)
        ));
    }
    let of = |done, total, many| {
        format!(
            "{} of {}",
            words::number(done),
            words::count(total, many, many)
        )
    };
    if progress.rows_total > 0 {
        return Some(of(progress.rows_done, progress.rows_total, "rows"));
    }
    (progress.files_total > 0).then(|| of(progress.files_done, progress.files_total, "files"))
}

fn details(progress: &JobProgress) -> Vec<String> {
    let rate = (progress.bytes_per_second > 0)
        .then(|| format!("{}/s", words::bytes(progress.bytes_per_second)));
    let left = progress
        .seconds_left
        .map(|left| format!("{} left", words::seconds(left)));
    [amount(progress), rate, left]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use hozon_model::{JobId, JobKind, JobPhase};
    use jiff::Timestamp;

    use super::*;

    fn job(phase: JobPhase, done: u64) -> JobSummary {
        JobSummary {
            retry_of: None,
            id: JobId::new("job-a"),
            kind: JobKind::Backup,
            state: JobState::InProgress,
            backup_id: None,
            project_id: hozon_model::ProjectId::default(),
            backup_name: None,
            cluster_id: None,
            cluster_name: None,
            created_at: Timestamp::UNIX_EPOCH,
            started_at: None,
            finished_at: None,
            created_by: "admin".to_owned(),
            progress: JobProgress {
                phase,
                bytes_done: done << 20,
                bytes_total: 100 << 20,
                bytes_per_second: 5 << 20,
                seconds_left: Some(12),
                ..JobProgress::default()
            },
            reason: None,
            attempts: 1,
        }
    }

    #[test]
    fn plain_lines_come_with_a_new_phase_and_every_five_seconds() {
        let mut lines = Lines::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(
            lines.next(&job(JobPhase::Copying, 40), at(0)).as_deref(),
            Some("copying: 40 %, 40.0 MiB of 100 MiB, 5.0 MiB/s, 12 s left")
        );
        assert_eq!(lines.next(&job(JobPhase::Copying, 50), at(4)), None);
        assert!(lines.next(&job(JobPhase::Copying, 60), at(5)).is_some());
        assert!(lines.next(&job(JobPhase::Counting, 60), at(6)).is_some());
    }
}
