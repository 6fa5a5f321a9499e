//! How far a job is, counted from many tasks at once, and how fast it has been over the last seconds.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use hozon_model::{JobPhase, JobProgress};

/// The rate is that of this long back: long enough to be calm, short enough to show a stall.
const WINDOW: Duration = Duration::from_secs(5);
/// Before this much has passed a rate would be noise.
const SHORTEST: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(super) struct Meter {
    bytes: AtomicU64,
    files: AtomicU64,
    rows: AtomicU64,
    frame: Mutex<Frame>,
}

/// Bytes, rows and files, in the order in which they are preferred for telling how long it will take.
type Counts = [u64; 3];

#[derive(Debug)]
struct Frame {
    phase: JobPhase,
    totals: Counts,
    samples: VecDeque<(Instant, Counts)>,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            bytes: AtomicU64::new(0),
            files: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            frame: Mutex::new(Frame {
                phase: JobPhase::Waiting,
                totals: [0; 3],
                samples: VecDeque::from([(now, [0; 3])]),
            }),
        }
    }

    pub(super) fn set_phase(&self, phase: JobPhase) {
        self.frame().phase = phase;
    }

    pub(super) fn set_totals(&self, bytes: u64, files: u64, rows: u64, now: Instant) {
        let mut frame = self.frame();
        for done in [&self.bytes, &self.files, &self.rows] {
            done.store(0, Relaxed);
        }
        frame.totals = [bytes, rows, files];
        frame.samples = VecDeque::from([(now, [0; 3])]);
    }

    pub(super) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(super) fn add_files(&self, files: u64) {
        self.files.fetch_add(files, Relaxed);
    }

    pub(super) fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Relaxed);
    }

    pub(super) fn progress(&self, now: Instant) -> JobProgress {
        let mut frame = self.frame();
        let done = [
            self.bytes.load(Relaxed),
            self.rows.load(Relaxed),
            self.files.load(Relaxed),
        ];
        let rates = frame.rates(now, done);
        let [bytes_total, rows_total, files_total] = frame.totals;
        JobProgress {
            phase: frame.phase,
            bytes_done: done[0],
            bytes_total,
            files_done: done[2],
            files_total,
            rows_done: done[1],
            rows_total,
            bytes_per_second: rates[0] as u64,
            seconds_left: seconds_left(frame.totals, done, rates),
        }
    }

    /// The same when the job has ended: nothing moves any more.
    pub(super) fn final_progress(&self, succeeded: bool) -> JobProgress {
        let progress = self.progress(Instant::now());
        JobProgress {
            phase: if succeeded {
                JobPhase::Finished
            } else {
                progress.phase
            },
            bytes_per_second: 0,
            seconds_left: None,
            ..progress
        }
    }

    /// A panic elsewhere leaves the numbers as good as they were.
    fn frame(&self) -> MutexGuard<'_, Frame> {
        self.frame.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Frame {
    /// Per second, over the window.
    fn rates(&mut self, now: Instant, done: Counts) -> [f64; 3] {
        while self.samples.len() > 1 && now.duration_since(self.samples[1].0) >= WINDOW {
            self.samples.pop_front();
        }
        let (since, before) = self.samples[0];
        let newest = self.samples[self.samples.len() - 1].0;
        if now.duration_since(newest) >= SHORTEST {
            self.samples.push_back((now, done));
        }
        let elapsed = now.duration_since(since);
        if elapsed < SHORTEST {
            return [0.0; 3];
        }
        std::array::from_fn(|unit| {
            done[unit].saturating_sub(before[unit]) as f64 / elapsed.as_secs_f64()
        })
    }
}

fn seconds_left(totals: Counts, done: Counts, rates: [f64; 3]) -> Option<u64> {
    let unit = totals.iter().position(|total| *total > 0)?;
    let left = totals[unit].saturating_sub(done[unit]);
    if left == 0 {
        return Some(0);
    }
    (rates[unit] > 0.0).then(|| (left as f64 / rates[unit]).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_rate_and_time_left_over_the_last_seconds() {
        let start = Instant::now();
        let second = |n| start + Duration::from_secs(n);
        let meter = Meter::new(start);
        meter.set_phase(JobPhase::Copying);
        meter.set_totals(10_000, 10, 0, start);
        assert_eq!(meter.progress(start).seconds_left, None);
        for now in 1..=10 {
            meter.add_bytes(if now <= 5 { 1000 } else { 100 });
            meter.progress(second(now));
        }
        let progress = meter.progress(second(10));
        assert_eq!(progress.bytes_done, 5500);
        assert_eq!(progress.bytes_per_second, 100);
        assert_eq!(progress.seconds_left, Some(45));
        assert_eq!(progress.percent(), 55);

        let stalled = meter.progress(second(16));
        assert_eq!(stalled.bytes_per_second, 0);
        assert_eq!(stalled.seconds_left, None);
        meter.add_bytes(4500);
        assert_eq!(meter.progress(second(17)).seconds_left, Some(0));
    }

    #[test]
    fn totals_start_the_count_anew_and_phases_keep_it() {
        let start = Instant::now();
        let meter = Meter::new(start);
        meter.set_totals(0, 4, 100, start);
        meter.add_rows(50);
        meter.add_files(4);
        meter.set_phase(JobPhase::Committing);
        let progress = meter.progress(start + Duration::from_secs(1));
        assert_eq!((progress.rows_done, progress.files_done), (50, 4));
        assert_eq!(progress.phase, JobPhase::Committing);
        assert_eq!(progress.seconds_left, Some(1));
        meter.set_totals(0, 0, 7, start);
        let progress = meter.progress(start);
        assert_eq!((progress.rows_done, progress.rows_total), (0, 7));
        assert_eq!(progress.files_total, 0);
    }

    #[test]
    fn a_failed_job_keeps_the_phase_it_failed_in() {
        let meter = Meter::new(Instant::now());
        meter.set_phase(JobPhase::Importing);
        assert_eq!(meter.final_progress(false).phase, JobPhase::Importing);
        assert_eq!(meter.final_progress(true).percent(), 100);
    }
}
