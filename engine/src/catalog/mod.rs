//! What Hozon remembers between starts: clusters, jobs, users, audit, and a cache of what repositories hold.
//!
//! The trait is small enough for a second database; `tests/catalog_contract` is the suite that every one must pass.
//! Writes that belong together are one call, so that a crash leaves both or neither.

mod people;
pub mod sqlite;
mod work;

use std::{collections::HashMap, fmt, time::Duration};

use async_trait::async_trait;
use hozon_model::{
    ApiKey, AuditLine, AuditQuery, Backup, BackupCopy, BackupId, BackupQuery, BackupState,
    BackupSummary, Cluster, ClusterId, CopyRepository, CustomRole, ErrorReport, Grant, Integration,
    IntegrationId, Job, JobId, JobKind, JobLogLine, JobProgress, JobQuery, JobState, JobSummary,
    KeyId, Page, Policy, PolicyRun, Project, ProjectId, Proof, User,
};
use jiff::Timestamp;
use serde::Serialize;

pub use self::{
    people::{AuditEntry, AuditHead, KeptTotp, SecondStep, SignInFailures, Ticket},
    work::{AutomaticCopy, ClaimedJob, NewBackup, NewJob, NewRun, Pulse, RunOutcome},
};
use crate::{Result, repository::manifest::Manifest, secrets};

/// Seals anew what was sealed for a purpose.
pub type Reseal<'a> = &'a (dyn Fn(&str, &[u8]) -> Result<Vec<u8>> + Send + Sync);

/// The memory of an engine.
#[async_trait]
pub trait Catalog: fmt::Debug + Send + Sync {
    /// Adds a project; `ProjectNameTaken` if there is one of that name.
    async fn add_project(&self, project: &Project) -> Result<()>;
    /// Every project, by name.
    async fn projects(&self) -> Result<Vec<Project>>;
    /// A project by identifier or name.
    async fn project(&self, id_or_name: &str) -> Result<Option<Project>>;
    /// Changes a project's name and plan. `ProjectNameTaken`, `ProjectNotFound`.
    async fn edit_project(&self, project: &Project) -> Result<()>;
    /// Removes a project; `ProjectInUse` while a cluster, an integration or a backup belongs to it, with their names.
    async fn remove_project(&self, id: &ProjectId) -> Result<()>;

    /// Adds a cluster with its sealed secrets; `ClusterNameTaken` if there is one of that name, `ProjectNotFound` if its
    /// project is gone.
    async fn add_cluster(&self, cluster: &Cluster, sealed: &[u8]) -> Result<()>;
    /// Adds the cluster that a held job had made, names it in the job, and adds the audit's line: all or nothing.
    /// `LeaseLost` if the job is not held any more; else as [`Self::add_cluster`].
    async fn add_cluster_of_job(
        &self,
        id: &JobId,
        fence: i64,
        cluster: &Cluster,
        sealed: &[u8],
        entry: &AuditEntry,
    ) -> Result<()>;
    /// Every cluster, by name.
    async fn clusters(&self) -> Result<Vec<Cluster>>;
    /// A cluster by identifier or name, with its sealed secrets.
    async fn cluster(&self, id_or_name: &str) -> Result<Option<(Cluster, Vec<u8>)>>;
    /// Remembers the version last seen.
    async fn set_milvus_version(&self, id: &ClusterId, version: &str) -> Result<()>;
    /// Changes all about a cluster but its identifier, its project and the day it was registered. `ClusterNameTaken`;
    /// `ClusterBusy` while a job of it has not ended, unless `while_busy`.
    async fn edit_cluster(&self, cluster: &Cluster, sealed: &[u8], while_busy: bool) -> Result<()>;
    /// Forgets a cluster; `ClusterBusy` while a job of it has not ended.
    async fn remove_cluster(&self, id: &ClusterId) -> Result<()>;

    /// Adds an integration with its sealed secrets; `IntegrationNameTaken` if there is one of that name.
    async fn add_integration(&self, integration: &Integration, sealed: &[u8]) -> Result<()>;
    /// Every integration, by name.
    async fn integrations(&self) -> Result<Vec<Integration>>;
    /// An integration by identifier or name, with its sealed secrets.
    async fn integration(&self, id_or_name: &str) -> Result<Option<(Integration, Vec<u8>)>>;
    /// Forgets an integration; `IntegrationInUse` while a job that names it has not ended.
    async fn remove_integration(&self, id: &IntegrationId) -> Result<()>;

    /// Adds a repository of copies with its sealed credentials; `RepositoryNameTaken` if the name or the repository is there.
    async fn add_repository(&self, repository: &CopyRepository, sealed: &[u8]) -> Result<()>;
    /// Every repository of copies, by name.
    async fn repositories(&self) -> Result<Vec<CopyRepository>>;
    /// A repository of copies, with its sealed credentials.
    async fn repository(&self, name: &str) -> Result<Option<(CopyRepository, Vec<u8>)>>;
    /// Forgets a repository and what is in it; `RepositoryInUse` while a job that names it has not ended, or a policy
    /// copies to it.
    async fn remove_repository(&self, name: &str) -> Result<()>;
    /// The copies in a repository, newest backup first.
    async fn copies_in(&self, repository: &str) -> Result<Vec<BackupCopy>>;
    /// The copy that a job makes or made.
    async fn copy_of_job(&self, id: &JobId) -> Result<Option<BackupCopy>>;
    /// Remembers that a repository holds a backup. The backup must be known.
    async fn record_copy(&self, repository: &str, manifest: &Manifest) -> Result<()>;
    /// Notes that a copy was not made, and why.
    async fn copy_failed(
        &self,
        id: &BackupId,
        repository: &str,
        reason: Option<&ErrorReport>,
    ) -> Result<()>;
    /// Forgets a copy that is gone.
    async fn forget_copy(&self, id: &BackupId, repository: &str) -> Result<()>;
    /// The good copies in a repository that a policy made of a cluster's backups, and that nobody is about to delete.
    async fn automatic_copies(
        &self,
        cluster: &ClusterId,
        repository: &str,
    ) -> Result<Vec<AutomaticCopy>>;
    /// Refuses (`BackupInUse`) the expiry of a copy that a person asked for or pinned, and of one with no good automatic
    /// copy in the same repository that is newer.
    async fn refuse_copy_expiry(&self, id: &BackupId, repository: &str) -> Result<()>;
    /// Puts the deletion of an expired copy into the queue, unless [`Self::refuse_copy_expiry`] or a job forbids.
    async fn enqueue_copy_expiry(&self, job: &NewJob, repository: &str) -> Result<JobSummary>;

    /// Seals every secret anew and notes that the old key is retired: all or nothing. Returns how many there were.
    /// From then on nothing is taken that was sealed with that key (`SecretKeyWrong`).
    async fn replace_key(&self, old: secrets::KeyId, reseal: Reseal<'_>) -> Result<u64>;
    /// Whether a key seals nothing any more.
    async fn key_retired(&self, key: secrets::KeyId) -> Result<bool>;

    /// `BackupBusy` where [`Self::enqueue`] would refuse a manual backup of this cluster now: to say so before anything is
    /// asked of Milvus.
    async fn refuse_busy(&self, cluster: &ClusterId) -> Result<()>;
    /// Puts a job into the queue, and its new backup beside it, or neither.
    /// `BackupBusy`: the backup is manual, and another one of this cluster has not ended. `BackupNameTaken`: a backup that is not deleted
    /// and not failed has the name. `BackupInUse`: another job about this backup has not ended and either of the two deletes, or
    /// both export or copy it to the same place. `IntegrationNotFound`, `RepositoryNotFound`: what its options name is gone.
    /// `ClusterNameTaken`: a cluster is to be made for it, and one of that name is there, or is made for another job.
    async fn enqueue(&self, job: &NewJob, backup: Option<&NewBackup>) -> Result<JobSummary>;
    /// Claims the oldest waiting job, if any. While a deletion runs no backup or adoption is claimed, and the other way
    /// round; adoptions run one at a time, since what two of them bring in may bear the same names.
    async fn claim(&self, owner: &str, lease: Duration) -> Result<Option<ClaimedJob>>;
    /// Claims this job if it waits (and may run now).
    async fn claim_job(
        &self,
        id: &JobId,
        owner: &str,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>>;
    /// A sign of life, with how far it is.
    async fn heartbeat(
        &self,
        id: &JobId,
        fence: i64,
        lease: Duration,
        progress: &JobProgress,
    ) -> Result<Pulse>;
    /// Keeps what a later attempt needs; `LeaseLost` if the job is not held any more.
    async fn checkpoint(
        &self,
        id: &JobId,
        fence: i64,
        checkpoint: &serde_json::Value,
    ) -> Result<()>;
    /// Ends a held job; `LeaseLost` if it is not held any more.
    async fn finish(
        &self,
        id: &JobId,
        fence: i64,
        state: JobState,
        reason: Option<&ErrorReport>,
        progress: &JobProgress,
    ) -> Result<()>;
    /// Gives a held job back to the queue, as a server does that stops. Does not count as an attempt.
    async fn give_back(&self, id: &JobId, fence: i64) -> Result<()>;
    /// Jobs whose lease ran out go back to the queue, canceled ones end, and those with `max_attempts` behind them
    /// end as failed (`JobInterrupted`). Returns those that ended.
    async fn reclaim(&self, max_attempts: u32) -> Result<Vec<JobSummary>>;
    /// Asks a job to stop; a waiting one ends at once. `JobNotCancelable` if it has ended, or deletes and runs.
    async fn cancel(&self, id: &JobId) -> Result<JobSummary>;
    /// Adds a line to a job's log.
    async fn log(&self, id: &JobId, line: &JobLogLine) -> Result<()>;
    /// The oldest job that ended without success and of which nobody has yet put right what depends on it. Whoever is
    /// given it is the only one for `hold`; after that it is given to the next who asks, until it is settled.
    async fn next_unsettled(&self, hold: Duration) -> Result<Option<JobSummary>>;
    /// Keeps an unsettled job for another `hold`.
    async fn hold_unsettled(&self, id: &JobId, hold: Duration) -> Result<()>;
    /// Notes that what depended on a job that ended without success was put right.
    async fn settle(&self, id: &JobId) -> Result<()>;
    /// A page of jobs, newest first.
    async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>>;
    /// A job with its log.
    async fn job(&self, id: &JobId) -> Result<Option<Job>>;
    /// A job without its log: what a watcher asks for again and again.
    async fn job_summary(&self, id: &JobId) -> Result<Option<JobSummary>>;
    /// What a job was asked for, as JSON.
    async fn job_options(&self, id: &JobId) -> Result<Option<serde_json::Value>>;
    /// What a job's last attempt left for the next one.
    async fn job_checkpoint(&self, id: &JobId) -> Result<Option<serde_json::Value>>;
    /// Puts a `reference` beside a job's options; whoever reads those passes it over.
    async fn refer_job(&self, id: &JobId, reference: &str) -> Result<()>;
    /// The newest job of a kind whose options hold this `reference`.
    async fn referred_job(&self, kind: JobKind, reference: &str) -> Result<Option<JobId>>;
    /// The `reference` of every job of a kind that has one, by the backup it is about; of several jobs the newest one's.
    async fn references(&self, kind: JobKind) -> Result<HashMap<BackupId, String>>;

    /// A page of backups.
    async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>>;
    /// A backup by identifier or by name (of those not deleted; an available one before a failed one).
    async fn backup(&self, id_or_name: &str) -> Result<Option<Backup>>;
    /// Remembers what a manifest says, makes the backup available, and adds it if it is unknown.
    async fn record_manifest(&self, manifest: &Manifest) -> Result<()>;
    /// Changes a backup's state, with the reason for a bad one.
    async fn set_backup_state(
        &self,
        id: &BackupId,
        state: BackupState,
        reason: Option<&ErrorReport>,
    ) -> Result<()>;
    /// Adds a proof.
    async fn add_proof(&self, id: &BackupId, proof: Proof) -> Result<()>;

    /// Every backup of a cluster that is there (available or damaged) and that nobody is about to delete; newest first.
    async fn cluster_backups(&self, id: &ClusterId) -> Result<Vec<BackupSummary>>;
    /// Gives a backup another name, which outlives its manifest being recorded again. `BackupNameTaken`;
    /// `BackupNotAvailable` unless it is available or damaged.
    async fn rename_backup(&self, id: &BackupId, name: &str) -> Result<()>;
    /// Pins a backup, so that it does not expire, or lets it go. `BackupInUse` while it is being deleted.
    async fn pin_backup(&self, id: &BackupId, pinned: bool) -> Result<()>;
    /// Refuses (`BackupInUse`) what must not expire: a manual or pinned backup, and one with no good automatic backup
    /// of the same cluster that is newer.
    async fn refuse_expiry(&self, id: &BackupId) -> Result<()>;
    /// Puts the deletion of an expired backup into the queue, unless [`Self::refuse_expiry`] or a job of it forbids.
    async fn enqueue_expiry(&self, job: &NewJob) -> Result<JobSummary>;

    /// Adds a cluster's policy or replaces it, and says anew when its automatic backups and copies expire.
    /// `RepositoryNotFound` for one that copies shall go to.
    async fn set_policy(&self, policy: &Policy) -> Result<()>;
    /// Every policy, by the cluster's name.
    async fn policies(&self) -> Result<Vec<Policy>>;
    /// A cluster's policy.
    async fn policy(&self, cluster: &ClusterId) -> Result<Option<Policy>>;
    /// Removes a cluster's policy and the list of its runs: its automatic backups do not expire any more.
    /// `PolicyNotFound` without one.
    async fn remove_policy(&self, cluster: &ClusterId) -> Result<()>;
    /// Makes a run, its backup and its job, all or nothing. A run that was due is made once, whoever tries: it must be
    /// later than [`Policy::counted_from`], which it moves on.
    async fn enqueue_run(
        &self,
        run: &NewRun,
        job: &NewJob,
        backup: &NewBackup,
    ) -> Result<RunOutcome>;
    /// The newest runs of a cluster's policy.
    async fn policy_runs(&self, cluster: &ClusterId, limit: u64) -> Result<Vec<PolicyRun>>;

    /// Adds a user; `UserNameTaken`, `RoleNotFound` for a grant of a role that is not there.
    async fn add_user(&self, user: &User, password_hash: Option<&str>) -> Result<()>;
    /// Every user, by name.
    async fn users(&self) -> Result<Vec<User>>;
    /// Sets what a user may do. `UserNotFound`, `RoleNotFound`; `LastOwner` if nobody would own the organization.
    async fn set_grants(&self, name: &str, grants: &[Grant]) -> Result<()>;
    /// Removes a user with all sessions and links. `UserNotFound`, `LastOwner`.
    async fn remove_user(&self, name: &str) -> Result<()>;
    /// Adds a role; `RoleNameTaken`.
    async fn add_role(&self, role: &CustomRole) -> Result<()>;
    /// Every role made here, by name.
    async fn roles(&self) -> Result<Vec<CustomRole>>;
    /// Changes a role's description and privileges. `RoleNotFound`.
    async fn edit_role(&self, role: &CustomRole) -> Result<()>;
    /// Removes a role; `RoleInUse` while a user or a key has it.
    async fn remove_role(&self, name: &str) -> Result<()>;
    /// Keeps an API key by the hash of its secret. `InvalidInput` on `name` if it is taken, `RoleNotFound`.
    async fn add_key(&self, key: &ApiKey, hash: &str) -> Result<()>;
    /// Every API key, by name, those that expired too.
    async fn keys(&self) -> Result<Vec<ApiKey>>;
    /// The API key with a secret of this hash.
    async fn key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>>;
    /// Notes when a key was used.
    async fn key_used(&self, id: &KeyId, at: Timestamp) -> Result<()>;
    /// Removes an API key. `KeyNotFound`.
    async fn remove_key(&self, id: &KeyId) -> Result<()>;
    /// Every session that has not run out, newest first.
    async fn sessions(&self, now: Timestamp) -> Result<Vec<Ticket>>;
    /// How often signing in under a name, known by its hash, failed in a row.
    async fn sign_in_failures(&self, name_hash: &str) -> Result<Option<SignInFailures>>;
    /// Counts one more, and forgets those of all names whose last one is older.
    async fn add_sign_in_failure(
        &self,
        name_hash: &str,
        at: Timestamp,
        forget_before: Timestamp,
    ) -> Result<()>;
    /// Forgets them, after somebody came in.
    async fn forget_sign_in_failures(&self, name_hash: &str) -> Result<()>;

    /// Adds a user unless there is any. Returns whether it did.
    async fn add_first_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool>;
    /// Whether there is any user.
    async fn has_users(&self) -> Result<bool>;
    /// Keeps the token of the set-up by the hash of its secret, in place of an earlier one. Returns false, and keeps none,
    /// where there is a user.
    async fn keep_set_up_token(&self, hash: &str, at: Timestamp) -> Result<bool>;
    /// Whether this is the token that was kept last; never where there is a user, however they came.
    async fn knows_set_up_token(&self, hash: &str) -> Result<bool>;
    /// Uses the token up and adds the first user, both or neither. Returns whether it did: of two at once one does.
    async fn set_up(&self, hash: &str, user: &User, password_hash: &str) -> Result<bool>;
    /// A user, with the password's hash.
    async fn user(&self, name: &str) -> Result<Option<(User, Option<String>)>>;
    /// Sets a password's hash.
    async fn set_password_hash(&self, name: &str, hash: &str) -> Result<()>;
    /// Keeps a session or a link by the hash of its secret.
    async fn add_ticket(&self, ticket: &Ticket) -> Result<()>;
    /// A ticket that has not run out.
    async fn ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>>;
    /// Moves a session's end.
    async fn extend_ticket(&self, hash: &str, until: Timestamp) -> Result<()>;
    /// Removes a ticket. Returns whether it was there: of two users of a link only one gets `true`.
    async fn take_ticket(&self, hash: &str) -> Result<bool>;
    /// Removes all sessions of a user but one, and whatever waits between the two steps of signing in.
    async fn end_sessions(&self, user: &str, except: Option<&str>) -> Result<()>;

    /// The user whom a provider's issuer and subject are bound to.
    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<String>>;
    /// Binds them to a user. `IdentityRefused` where they, or another subject of this issuer, are bound to one already.
    async fn bind_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &str,
        at: Timestamp,
    ) -> Result<()>;

    /// Keeps a sealed secret that waits for its first code, in place of one that waited before. Returns false, and
    /// changes nothing, where a second step is on already.
    async fn begin_totp(&self, user: &str, sealed: &[u8], begun_at: Timestamp) -> Result<bool>;
    /// The sealed secret of a user, also one that waits for its first code.
    async fn totp(&self, user: &str) -> Result<Option<KeptTotp>>;
    /// Switches the second step on, with the hashes of the recovery codes; `step` is the time step of the first code.
    /// Returns false, and changes nothing, unless the secret that was begun at that moment waits.
    async fn confirm_totp(
        &self,
        user: &str,
        begun_at: Timestamp,
        step: u64,
        recovery: &[String],
    ) -> Result<bool>;
    /// Uses up the code of a time step. Returns false where a code of this step or of a later one was taken before.
    async fn take_totp_step(&self, user: &str, step: u64) -> Result<bool>;
    /// Uses up a recovery code. Returns whether it was there.
    async fn take_recovery_code(&self, user: &str, hash: &str) -> Result<bool>;
    /// How many recovery codes a user has left.
    async fn recovery_codes(&self, user: &str) -> Result<u64>;
    /// Forgets a user's secret and recovery codes. Returns whether the second step was on.
    async fn remove_totp(&self, user: &str) -> Result<bool>;
    /// Keeps somebody whose password was right and whose code is waited for.
    async fn add_second_step(&self, step: &SecondStep) -> Result<()>;
    /// Whose code is waited for; none if it took too long, or after `most` tries.
    async fn second_step(&self, hash: &str, now: Timestamp, most: u64) -> Result<Option<String>>;
    /// The same, and counts a try: of many at once no more than `most` are let through.
    async fn try_second_step(
        &self,
        hash: &str,
        now: Timestamp,
        most: u64,
    ) -> Result<Option<String>>;
    /// Ends the waiting. Returns whether it went on: of two right codes at once one gets `true`.
    async fn take_second_step(&self, hash: &str) -> Result<bool>;

    /// Adds a line to the audit, bound to the one before it.
    async fn audit(&self, entry: &AuditEntry) -> Result<()>;
    /// A page of the audit, newest first.
    async fn audit_lines(&self, query: &AuditQuery) -> Result<Page<AuditLine>>;
    /// At most `limit` lines after the one with this number, oldest first. The query's page counts for nothing.
    async fn audit_after(
        &self,
        query: &AuditQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<AuditLine>>;
    /// How far the audit is.
    async fn audit_head(&self) -> Result<AuditHead>;
    /// The newest lines of the audit, 100 at most, as they were added.
    async fn audit_tail(&self, limit: u64) -> Result<Vec<AuditEntry>> {
        let query = AuditQuery {
            page_size: limit,
            ..AuditQuery::default()
        };
        let page = self.audit_lines(&query).await?;
        let added = |line: AuditLine| AuditEntry {
            at: line.at,
            actor: line.actor,
            origin: line.origin,
            action: line.action,
            target: line.target,
            outcome: line.outcome,
            before: line.before,
            after: line.after,
        };
        Ok(page.items.into_iter().map(added).collect())
    }
}

/// The one word by which databases, and whoever reads them, know a state, a kind or a code.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("an enum without data is written as one word, not {other:?}"),
    }
}
