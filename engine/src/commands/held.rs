//! A lease on the repository that renews itself while it is held.

use std::{sync::Arc, time::Duration};

use hozon_model::LogLevel;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    Error, ErrorCode, Result,
    catalog::ClaimedJob,
    core::Core,
    jobs::JobContext,
    repository::{LeaseKind, Repository, RepositoryLease, manifest::Manifest},
};

/// How long a lease lasts if it is not renewed.
pub(crate) const DURATION: Duration = Duration::from_mins(2);
const RENEW_EVERY: Duration = Duration::from_secs(30);
const RETRY_EVERY: Duration = Duration::from_secs(2);
const WAIT: Duration = Duration::from_mins(3);

/// Held until it is [`over`](Self::over), or, if dropped, until it runs out by itself.
#[derive(Debug)]
pub(crate) struct Held {
    repository: Repository,
    lease: Arc<RepositoryLease>,
    lost: CancellationToken,
    renewing: AbortOnDropHandle<()>,
}

impl Held {
    /// Renews it from now on.
    pub(crate) fn new(repository: Repository, lease: RepositoryLease) -> Self {
        let (lease, lost) = (Arc::new(lease), CancellationToken::new());
        let renewing = tokio::spawn(renew_until_lost(
            repository.clone(),
            lease.clone(),
            lost.clone(),
        ));
        Self {
            repository,
            lease,
            lost,
            renewing: AbortOnDropHandle::new(renewing),
        }
    }

    /// Renews now; fails if the lease ran out in between, even if it could be had again.
    pub(crate) async fn renew(&self) -> Result<()> {
        if self.lost.is_cancelled() {
            return Err(Error::new(
                ErrorCode::LeaseLost,
                self.repository.store().location().url.as_str(),
            )
            .because("the claim on the repository ran out"));
        }
        self.repository.renew(&self.lease, DURATION).await
    }

    /// Commits a manifest while the lease keeps sweeps away.
    pub(crate) async fn commit(&self, manifest: &Manifest) -> Result<Manifest> {
        self.renew().await?;
        self.repository
            .commit_under_lease(manifest, &self.lease)
            .await
    }

    /// Gives the lease back once the work is over, whatever came of it: a failed job must not keep others out.
    pub(crate) async fn over<T>(self, outcome: Result<T>) -> Result<T> {
        self.renewing.abort();
        let released = self.repository.release(&self.lease).await;
        let outcome = outcome?;
        released.map(|()| outcome)
    }
}

async fn renew_until_lost(
    repository: Repository,
    lease: Arc<RepositoryLease>,
    lost: CancellationToken,
) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        match repository.renew(&lease, DURATION).await {
            Err(error) if error.code() == ErrorCode::LeaseLost => return lost.cancel(),
            Err(error) => tracing::warn!(%error, "repository lease not renewed; trying again"),
            Ok(()) => {}
        }
    }
}

impl Core {
    /// Takes a lease for a job on the repository that backups are made in.
    pub(crate) async fn hold_repository(
        &self,
        kind: LeaseKind,
        job: &ClaimedJob,
        context: &JobContext,
    ) -> Result<Held> {
        Held::wait_for(self.repository(), kind, job, context).await
    }

    /// Sweeps the repository that backups are made in, if nobody else is at work there.
    pub(crate) async fn sweep_if_free(
        &self,
        holder: &str,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<bool> {
        sweep_if_free(self.repository(), holder, progress).await
    }
}

impl Held {
    /// Takes a lease for a job, waiting a while for whoever excludes it.
    pub(crate) async fn wait_for(
        repository: &Repository,
        kind: LeaseKind,
        job: &ClaimedJob,
        context: &JobContext,
    ) -> Result<Self> {
        let holder = job.summary.id.as_str();
        let started = tokio::time::Instant::now();
        loop {
            context.check()?;
            match repository.lease(kind, holder, DURATION).await {
                Err(error)
                    if error.code() == ErrorCode::RepositoryLocked && started.elapsed() < WAIT =>
                {
                    context
                        .log(LogLevel::Info, format!("{error}; waiting"))
                        .await;
                    tokio::time::sleep(RETRY_EVERY).await;
                }
                lease => return Ok(Self::new(repository.clone(), lease?)),
            }
        }
    }
}

/// Sweeps if nobody else is at work in the repository; what stays is for a later sweep.
pub(crate) async fn sweep_if_free(
    repository: &Repository,
    holder: &str,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<bool> {
    let lease = match repository
        .lease(LeaseKind::Exclusive, holder, DURATION)
        .await
    {
        Err(error) if error.code() == ErrorCode::RepositoryLocked => return Ok(false),
        lease => Held::new(repository.clone(), lease?),
    };
    let swept = repository.sweep(progress).await;
    Ok(lease.over(swept).await?.postponed == 0)
}
