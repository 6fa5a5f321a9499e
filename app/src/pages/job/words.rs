//! The words that a running job's island is given.

use hozon_model::JobPhase;

use crate::{
    islands::JobWords,
    text::{self, say},
};

const PHASES: [JobPhase; 14] = [
    JobPhase::Waiting,
    JobPhase::Planning,
    JobPhase::Provisioning,
    JobPhase::Flushing,
    JobPhase::Copying,
    JobPhase::Counting,
    JobPhase::Verifying,
    JobPhase::Committing,
    JobPhase::Staging,
    JobPhase::Importing,
    JobPhase::Indexing,
    JobPhase::Loading,
    JobPhase::Sweeping,
    JobPhase::Finished,
];

/// The words in the language of the visit.
pub(super) fn of_a_job() -> JobWords {
    JobWords {
        progress: say!(job.progress).to_owned(),
        phases: PHASES
            .map(|phase| (phase, text::job_phase(phase).to_owned()))
            .into(),
        bytes: say!(job.bytes).to_owned(),
        files: say!(job.files).to_owned(),
        rows: say!(job.rows).to_owned(),
        rate: say!(job.rate).to_owned(),
        left: say!(job.left).to_owned(),
        of: say!(job.of).to_owned(),
        per_second: say!(job.per_second).to_owned(),
        about: say!(job.about_left).to_owned(),
        units: text::units(),
        live: say!(common.live).to_owned(),
        refresh: say!(common.refresh).to_owned(),
    }
}
