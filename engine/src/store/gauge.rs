//! How many files should be on their way at a time: more while more of them move more, fewer when a service says that
//! it is asked too much. It looks at no clock and no store; it is told what passed in a window of time.

use std::time::Duration;

/// A window says something once it lasted this long and as many files ended as are on their way …
const SHORTEST: Duration = Duration::from_secs(1);
/// … or, where files are long, once it lasted this long.
const LONGEST: Duration = Duration::from_secs(4);
/// What a file costs beside its bytes: requests, of which each waits for an answer.
const FILE: u64 = 128 << 10;
/// A step up pays if the rate grows by this part of what the number grows by.
const PAYS: f64 = 1. / 3.;
/// So many windows pass before the next step up is tried …
const REST: u32 = 10;
/// … and so many before refusals count again: files that were begun before are still on their way.
const DRAIN: u32 = 2;

/// Where it begins, and between which numbers it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) start: usize,
    pub(super) least: usize,
    pub(super) most: usize,
}

/// What passed since the last decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) lasted: Duration,
    pub(super) bytes: u64,
    /// Files that ended.
    pub(super) files: u64,
    /// How often a service asked for fewer requests.
    pub(super) refusals: u64,
    /// Whether it was the number that kept more files from being begun. Else the rate says nothing about the number.
    pub(super) full: bool,
}

impl Window {
    /// Per second; bytes, with every file counted for what it costs beside them.
    fn rate(&self) -> f64 {
        (self.bytes + self.files * FILE) as f64 / self.lasted.as_secs_f64()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// The rate at this number is not known yet.
    Measuring,
    /// One step above `from`, where the rate was `rate`.
    Trying { from: usize, rate: f64 },
    /// Stays as it is for so many windows.
    Resting { windows: u32 },
    /// After a cut: refusals do not count for so many windows.
    Draining { windows: u32 },
}

/// The number, and what it was learnt from.
#[derive(Debug)]
pub(super) struct Gauge {
    limits: Limits,
    at_once: usize,
    stage: Stage,
    /// Steps are small once a step did not pay.
    gentle: bool,
}

impl Gauge {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            at_once: limits.start,
            stage: Stage::Measuring,
            gentle: false,
        }
    }

    /// How many files may be on their way.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Decides on what passed. Returns whether the window is used up; one that says nothing yet goes on.
    pub(super) fn take(&mut self, window: &Window) -> bool {
        let draining = matches!(self.stage, Stage::Draining { .. });
        if window.refusals > 0 && !draining {
            self.at_once = (self.at_once / 2).max(self.limits.least);
            self.gentle = true;
            self.stage = Stage::Draining { windows: DRAIN };
            return true;
        }
        let tells = window.lasted >= LONGEST
            || window.lasted >= SHORTEST && window.files >= self.at_once as u64;
        if !tells {
            return false;
        }
        match self.stage {
            Stage::Draining { windows: 0 } => self.stage = Stage::Resting { windows: REST },
            Stage::Draining { windows } => {
                self.stage = Stage::Draining {
                    windows: windows - 1,
                };
            }
            _ if !window.full || window.rate() <= 0. => {}
            Stage::Resting { windows } if windows > 0 => {
                self.stage = Stage::Resting {
                    windows: windows - 1,
                };
            }
            Stage::Trying { from, rate } if !pays(from, rate, self.at_once, window.rate()) => {
                self.at_once = from;
                self.gentle = true;
                self.stage = Stage::Resting { windows: REST };
            }
            Stage::Measuring | Stage::Resting { .. } | Stage::Trying { .. } => {
                self.step_up(window.rate());
            }
        }
        true
    }

    /// From where the rate is this.
    fn step_up(&mut self, rate: f64) {
        let from = self.at_once;
        let step = if self.gentle { from / 8 } else { from / 2 };
        self.at_once = (from + step.max(1)).min(self.limits.most);
        self.stage = if self.at_once > from {
            Stage::Trying { from, rate }
        } else {
            Stage::Resting { windows: REST }
        };
    }
}

/// Whether going from one number to a greater one was worth it.
fn pays(from: usize, before: f64, to: usize, now: f64) -> bool {
    let growth = to as f64 / from as f64 - 1.;
    now >= before * (1. + PAYS * growth)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LIMITS: Limits = Limits {
        start: 16,
        least: 2,
        most: 64,
    };

    /// The numbers over windows of a second, where `service` answers a number with bytes a second and refusals.
    fn trace(limits: Limits, windows: usize, service: impl Fn(usize) -> (u64, u64)) -> Vec<usize> {
        let mut gauge = Gauge::new(limits);
        let mut numbers = Vec::new();
        for _ in 0..windows {
            numbers.push(gauge.at_once());
            let (bytes, refusals) = service(gauge.at_once());
            gauge.take(&Window {
                lasted: SECOND,
                bytes,
                files: 1000,
                refusals,
                full: true,
            });
        }
        numbers
    }

    /// Each file moves a gigabyte a second, so that what a file costs beside its bytes is nothing.
    const EACH: u64 = 1 << 30;

    #[test]
    fn it_climbs_while_the_rate_rises_and_stays_where_it_no_longer_does() {
        let numbers = trace(LIMITS, 200, |at_once| (EACH * at_once.min(40) as u64, 0));
        assert!(
            numbers[10..]
                .iter()
                .all(|number| (36..=54).contains(number))
        );
        assert!(*numbers.iter().max().unwrap() <= 54, "{numbers:?}");
        let rising = trace(LIMITS, 200, |at_once| (EACH * at_once as u64, 0));
        assert_eq!(rising[199], 64);
        assert!(*rising.iter().max().unwrap() <= 64);
    }

    #[test]
    fn where_more_files_move_no_more_it_does_not_climb() {
        let numbers = trace(LIMITS, 200, |_| (EACH, 0));
        let above = numbers.iter().filter(|number| **number > 16).count();
        assert!(above < 25, "{numbers:?}");
        assert!(numbers[199] <= 18, "{numbers:?}");
    }

    #[test]
    fn a_service_that_refuses_is_asked_less() {
        let numbers = trace(LIMITS, 400, |at_once| {
            (EACH * at_once as u64, 5 * u64::from(at_once > 10))
        });
        let refused = numbers.iter().filter(|number| **number > 10).count();
        assert!(refused < 40, "{refused} of 400: {numbers:?}");
        assert!(numbers[20..].iter().all(|number| (4..=12).contains(number)));
    }

    #[test]
    fn one_burst_of_refusals_is_one_cut() {
        let mut gauge = Gauge::new(LIMITS);
        let refused = Window {
            lasted: SECOND,
            files: 100,
            bytes: EACH,
            refusals: 50,
            full: true,
        };
        assert!(gauge.take(&refused));
        assert_eq!(gauge.at_once(), 8);
        gauge.take(&refused);
        gauge.take(&refused);
        assert_eq!(gauge.at_once(), 8, "these were begun before the cut");
        gauge.take(&refused);
        gauge.take(&refused);
        assert_eq!(gauge.at_once(), 4);
        for _ in 0..40 {
            gauge.take(&refused);
        }
        assert_eq!(gauge.at_once(), LIMITS.least);
    }

    #[test]
    fn after_refusals_it_finds_its_way_back() {
        let mut gauge = Gauge::new(LIMITS);
        gauge.take(&Window {
            refusals: 1,
            ..Window::default()
        });
        assert_eq!(gauge.at_once(), 8);
        for _ in 0..600 {
            gauge.take(&Window {
                lasted: SECOND,
                bytes: EACH * gauge.at_once() as u64,
                files: 100,
                refusals: 0,
                full: true,
            });
        }
        assert_eq!(gauge.at_once(), LIMITS.most);
    }

    #[test]
    fn what_says_nothing_changes_nothing() {
        let mut gauge = Gauge::new(LIMITS);
        let window = Window {
            lasted: SECOND,
            bytes: EACH,
            files: 100,
            refusals: 0,
            full: true,
        };
        let short = Window {
            lasted: SECOND / 2,
            ..window
        };
        assert!(!gauge.take(&short), "it goes on");
        let long_files = Window { files: 3, ..window };
        assert!(!gauge.take(&long_files), "it goes on");
        for says_nothing in [
            Window {
                full: false,
                ..window
            },
            Window {
                lasted: 4 * SECOND,
                bytes: 0,
                files: 0,
                ..window
            },
        ] {
            for _ in 0..50 {
                assert!(gauge.take(&says_nothing));
            }
            assert_eq!(gauge.at_once(), 16);
        }
        assert!(gauge.take(&Window {
            lasted: 4 * SECOND,
            ..long_files
        }));
        assert_eq!(gauge.at_once(), 24);
    }

    #[test]
    fn fixed_limits_are_kept() {
        let fixed = Limits {
            start: 4,
            least: 4,
            most: 4,
        };
        let numbers = trace(fixed, 100, |at_once| {
            (EACH * at_once as u64, u64::from(at_once > 3))
        });
        assert!(numbers.iter().all(|number| *number == 4));
    }

    #[test]
    fn many_small_files_count_as_much_as_few_large_ones() {
        let small = Window {
            lasted: SECOND,
            bytes: 1000,
            files: 1000,
            ..Window::default()
        };
        let large = Window {
            lasted: SECOND,
            bytes: 100 << 20,
            files: 1,
            ..Window::default()
        };
        assert!(small.rate() > large.rate());
    }
}
