//! Who is at work in the repository, also from other servers.
//!
//! A taker first writes its own lease and then looks at all others; of two takers that exclude each other, at least one
//! sees the other and withdraws. This needs listings that show what was written before (all file systems, S3 since
//! 2020) and clocks that differ by less than [`SKEW`]: a holder trusts its lease until it ends by its own clock, all
//! others respect it for [`SKEW`] longer.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};

use super::{
    LeaseKind, Repository, RepositoryLease,
    document::{seal, unseal},
    manifest::{FORMAT, LeaseDocument},
};
use crate::{Error, ErrorCode, Result, id};

/// By how much the clocks of servers that share a repository may differ.
const SKEW: Duration = Duration::from_secs(10);

const NAME_LETTERS: usize = 22;

#[derive(Debug)]
pub(super) struct LeaseState {
    path: String,
    document: Mutex<LeaseDocument>,
    duration: Mutex<Duration>,
}

impl LeaseState {
    fn document(&self) -> LeaseDocument {
        self.document
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// For how long it was asked last.
    pub(super) fn duration(&self) -> Duration {
        *self.duration.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it still keeps others away.
    pub(super) fn is_live(&self) -> bool {
        !self.remaining().is_zero()
    }

    /// For how long it still keeps others away.
    pub(super) fn remaining(&self) -> Duration {
        let end = self.document().expires_at;
        Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
    }

    fn extend(&self, document: LeaseDocument, duration: Duration) {
        *self.document.lock().unwrap_or_else(PoisonError::into_inner) = document;
        *self.duration.lock().unwrap_or_else(PoisonError::into_inner) = duration;
    }
}

impl Repository {
    /// Takes a lease; `RepositoryLocked` names who holds one that excludes it.
    pub async fn lease(
        &self,
        kind: LeaseKind,
        holder: &str,
        duration: Duration,
    ) -> Result<RepositoryLease> {
        let now = Timestamp::now();
        let document = LeaseDocument {
            format: FORMAT,
            kind,
            holder: holder.to_owned(),
            taken_at: now,
            expires_at: after(now, duration)?,
        };
        let name = match kind {
            LeaseKind::Shared => "shared",
            LeaseKind::Exclusive => "exclusive",
        };
        let path = format!("leases/{name}-{}.json", id::secret(NAME_LETTERS)?);
        self.store.put(&path, seal(&document)?.into()).await?;
        let state = Arc::new(LeaseState {
            path,
            document: Mutex::new(document),
            duration: Mutex::new(duration),
        });
        if let Err(error) = self.give_way(&state, kind).await {
            self.store.delete(&state.path).await?;
            return Err(error);
        }
        if kind == LeaseKind::Exclusive {
            let mut exclusive = self
                .exclusive
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *exclusive = Arc::downgrade(&state);
        }
        Ok(RepositoryLease { state })
    }

    /// Renews a lease; `LeaseLost` if it ran out meanwhile.
    pub async fn renew(&self, lease: &RepositoryLease, duration: Duration) -> Result<()> {
        self.renew_state(&lease.state, duration).await
    }

    pub(super) async fn renew_state(&self, state: &LeaseState, duration: Duration) -> Result<()> {
        if !state.is_live() || self.store.size(&state.path).await?.is_none() {
            return Err(lost(state));
        }
        let document = LeaseDocument {
            expires_at: after(Timestamp::now(), duration)?,
            ..state.document()
        };
        self.store.put(&state.path, seal(&document)?.into()).await?;
        if !state.is_live() {
            // Somebody may have taken it for dead before the renewal arrived.
            self.store.delete(&state.path).await?;
            return Err(lost(state));
        }
        state.extend(document, duration);
        Ok(())
    }

    /// Gives a lease back.
    pub async fn release(&self, lease: &RepositoryLease) -> Result<()> {
        self.store.delete(&lease.state.path).await
    }

    /// Refuses if another lease excludes this one, and clears away those that nobody can hold any more.
    async fn give_way(&self, own: &LeaseState, kind: LeaseKind) -> Result<()> {
        let mut objects = self.store.list("leases/");
        while let Some(object) = objects.try_next().await? {
            if object.path == own.path || object.path.strip_suffix(".json").is_none() {
                continue;
            }
            let Some(bytes) = self.get_if_there(&object.path).await? else {
                continue;
            };
            let other: LeaseDocument = unseal(&object.path, &bytes)?;
            if after(other.expires_at, SKEW)? < Timestamp::now() {
                self.store.delete(&object.path).await?;
            } else if kind == LeaseKind::Exclusive || other.kind == LeaseKind::Exclusive {
                return Err(Error::new(ErrorCode::RepositoryLocked, other.holder)
                    .because(format!(
                        "it works there until {} or longer",
                        other.expires_at
                    ))
                    .hint("wait until it has ended"));
            }
        }
        if own.is_live() {
            Ok(())
        } else {
            Err(lost(own))
        }
    }
}

fn after(moment: Timestamp, duration: Duration) -> Result<Timestamp> {
    let invalid =
        |error| Error::new(ErrorCode::InvalidInput, "duration of a lease").caused_by(error);
    let duration = SignedDuration::try_from(duration).map_err(invalid)?;
    moment.checked_add(duration).map_err(invalid)
}

fn lost(state: &LeaseState) -> Error {
    Error::new(ErrorCode::LeaseLost, &*state.path)
        .because(format!("it ended at {}", state.document().expires_at))
        .hint("the process or the storage was too slow; start the job again")
}
