//! The clock's part: makes the runs that are due, and lets what is too old expire.
//!
//! Any number of servers may do this beside each other; the catalog lets each run be made once. The clock is the
//! caller's, so that tests can live through a year.

use hozon_model::{
    Actor, BackupId, ClusterId, ErrorCode, JobKind, Policy, PolicyCopy, PolicyState, RunCause,
};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{
    Engine, Result, backups::new_job, catalog::RunOutcome, commands::DeleteJob, core::Core,
    policies::timetable, policy::retention,
};

/// How often the clock is looked at.
const LOOK: std::time::Duration = std::time::Duration::from_secs(5);
/// A run made this much later than it was due was missed.
const LATE: SignedDuration = SignedDuration::from_mins(10);
/// How often is looked for what is too old; a good backup has it looked for at once.
const EXPIRE_EVERY: SignedDuration = SignedDuration::from_hours(1);

impl Engine {
    /// Makes due runs and lets backups expire until told to stop. What fails is said in the log and tried again.
    pub async fn run_schedules(&self, stop: CancellationToken, clock: impl Fn() -> Timestamp) {
        let mut expired_at: Option<Timestamp> = None;
        loop {
            let now = clock();
            if let Err(error) = self.make_due_runs(now).await {
                tracing::warn!(%error, "due backups could not be looked for");
            }
            if expired_at.is_none_or(|at| now.duration_since(at) >= EXPIRE_EVERY) {
                expired_at = Some(now);
                if let Err(error) = self.expire_backups(now).await {
                    tracing::warn!(%error, "expired backups could not be looked for");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Makes, for each policy at work, the run that is due at `now`; one run stands for all that were missed. Returns
    /// how many backups were put into the queue. One policy's trouble does not keep the others waiting.
    pub async fn make_due_runs(&self, now: Timestamp) -> Result<usize> {
        let mut made = 0;
        for policy in self.policies().await? {
            match self.make_due_run(&policy, now).await {
                Ok(true) => made += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(cluster = %policy.cluster_name, %error, "a due backup was not made");
                }
            }
        }
        Ok(made)
    }

    async fn make_due_run(&self, policy: &Policy, now: Timestamp) -> Result<bool> {
        if policy.state != PolicyState::Enabled {
            return Ok(false);
        }
        let scheduler = scheduler();
        // Whoever switched it on may have been stopped before the first backup was in the queue.
        let never_ran = self
            .catalog()
            .policy_runs(&policy.cluster_id, 1)
            .await?
            .is_empty();
        let outcome = if never_ran {
            self.make_run(&scheduler, policy, RunCause::First, now)
                .await
        } else {
            let Some(due) = timetable(policy)?.due(policy.counted_from, now) else {
                return Ok(false);
            };
            let missed = due.count > 1 || now.duration_since(due.at) > LATE;
            let cause = if missed {
                RunCause::Missed
            } else {
                RunCause::Scheduled
            };
            self.make_run_due(&scheduler, policy, cause, due.at, now)
                .await
        };
        let made = match &outcome {
            Ok(RunOutcome::NotDue) => return Ok(false),
            Ok(RunOutcome::LeftOut) => {
                tracing::warn!(cluster = %policy.cluster_name, "a due backup was left out: the one before it has not ended");
                false
            }
            Ok(RunOutcome::Made(_)) => true,
            Err(_) => false,
        };
        self.audit(&scheduler, "policy.run", &policy.cluster_name, &outcome)
            .await?;
        outcome.map(|_| made)
    }

    /// Puts the deletion of every backup, and of every copy, that is too old at `now` into the queue. Returns how many.
    pub async fn expire_backups(&self, now: Timestamp) -> Result<usize> {
        let mut expired = 0;
        for policy in self.policies().await? {
            match self.core().expire_copies(&policy, now).await {
                Ok(copies) => expired += copies,
                Err(error) => {
                    tracing::error!(cluster = %policy.cluster_name, %error, "expired copies were not deleted");
                }
            }
            match self.core().expire(&policy, now).await {
                Ok(ids) => expired += ids.len(),
                Err(error) => {
                    tracing::error!(cluster = %policy.cluster_name, %error, "expired backups were not deleted");
                }
            }
        }
        Ok(expired)
    }
}

impl Core {
    /// A cluster has a new good backup: older ones may be too many now. Returns what expires.
    pub(crate) async fn expire_of(
        &self,
        cluster: &ClusterId,
        now: Timestamp,
    ) -> Result<Vec<BackupId>> {
        match self.catalog().policy(cluster).await? {
            Some(policy) => self.expire(&policy, now).await,
            None => Ok(Vec::new()),
        }
    }

    async fn expire(&self, policy: &Policy, now: Timestamp) -> Result<Vec<BackupId>> {
        if policy.state != PolicyState::Enabled {
            return Ok(Vec::new());
        }
        let backups = self.catalog().cluster_backups(&policy.cluster_id).await?;
        let timetable = timetable(policy)?;
        let retention = &policy.options.retention;
        let mut expired = Vec::new();
        for outlook in retention::outlook(retention, timetable.zone(), &backups, now) {
            if !outlook.kept_by.is_empty() {
                continue;
            }
            let id = outlook.backup.id;
            let options = DeleteJob::expired(&id);
            let mut job = new_job(&scheduler(), JobKind::Delete, &options, &id, None)?;
            job.created_at = now;
            match self.catalog().enqueue_expiry(&job).await {
                Ok(_) => expired.push(id),
                // Somebody uses or pinned it meanwhile: it is looked at again later.
                Err(error) if error.code() == ErrorCode::BackupInUse => {
                    tracing::debug!(backup = %id, %error, "it does not expire yet");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }

    /// The same for the copies that a policy made. The originals stay, and so does what lies in other repositories.
    async fn expire_copies(&self, policy: &Policy, now: Timestamp) -> Result<usize> {
        if policy.state != PolicyState::Enabled {
            return Ok(0);
        }
        let mut expired = 0;
        for PolicyCopy { repository, days } in &policy.options.copies {
            let copies = self
                .catalog()
                .automatic_copies(&policy.cluster_id, repository)
                .await?;
            for id in retention::expired_copies(*days, &copies, now) {
                let options = DeleteJob::expired_copy(&id, repository);
                let mut job = new_job(&scheduler(), JobKind::Delete, &options, &id, None)?;
                job.created_at = now;
                match self.catalog().enqueue_copy_expiry(&job, repository).await {
                    Ok(_) => expired += 1,
                    // Somebody uses or pinned it meanwhile: it is looked at again later.
                    Err(error) if error.code() == ErrorCode::BackupInUse => {
                        tracing::debug!(backup = %id, %repository, %error, "the copy does not expire yet");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(expired)
    }
}

fn scheduler() -> Actor {
    Actor {
        name: "policy".to_owned(),
        origin: "scheduler".to_owned(),
    }
}

#[cfg(test)]
mod tests;
