//! Every verb of the catalog, handed on to the file of its subject.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use hozon_model::{
    ApiKey, AuditLine, AuditQuery, Backup, BackupCopy, BackupId, BackupQuery, BackupState,
    BackupSummary, Cluster, ClusterId, CopyRepository, CustomRole, ErrorReport, Grant, Integration,
    IntegrationId, Job, JobId, JobKind, JobLogLine, JobProgress, JobQuery, JobState, JobSummary,
    KeyId, Page, Policy, PolicyRun, Project, ProjectId, Proof, User,
};
use jiff::Timestamp;

use super::{SqliteCatalog, copy_expiry, enqueue, keeping};
use crate::{
    Result,
    catalog::{
        AuditEntry, AuditHead, AutomaticCopy, Catalog, ClaimedJob, KeptTotp, NewBackup, NewJob,
        NewRun, Pulse, Reseal, RunOutcome, SecondStep, SignInFailures, Ticket,
    },
    repository::manifest::Manifest,
    secrets,
};

#[async_trait]
impl Catalog for SqliteCatalog {
    async fn add_project(&self, project: &Project) -> Result<()> {
        self.insert_project(project).await
    }
    async fn projects(&self) -> Result<Vec<Project>> {
        self.select_projects().await
    }
    async fn project(&self, id_or_name: &str) -> Result<Option<Project>> {
        self.select_project(id_or_name).await
    }
    async fn edit_project(&self, project: &Project) -> Result<()> {
        self.update_project(project).await
    }
    async fn remove_project(&self, id: &ProjectId) -> Result<()> {
        self.delete_project(id).await
    }

    async fn add_cluster(&self, cluster: &Cluster, sealed: &[u8]) -> Result<()> {
        self.insert_cluster(cluster, sealed).await
    }
    async fn add_cluster_of_job(
        &self,
        id: &JobId,
        fence: i64,
        cluster: &Cluster,
        sealed: &[u8],
        entry: &AuditEntry,
    ) -> Result<()> {
        self.insert_cluster_of_job(id, fence, cluster, sealed, entry)
            .await
    }
    async fn clusters(&self) -> Result<Vec<Cluster>> {
        self.select_clusters().await
    }
    async fn cluster(&self, id_or_name: &str) -> Result<Option<(Cluster, Vec<u8>)>> {
        self.select_cluster(id_or_name).await
    }
    async fn set_milvus_version(&self, id: &ClusterId, version: &str) -> Result<()> {
        self.update_milvus_version(id, version).await
    }
    async fn edit_cluster(&self, cluster: &Cluster, sealed: &[u8], while_busy: bool) -> Result<()> {
        self.update_cluster(cluster, sealed, while_busy).await
    }
    async fn remove_cluster(&self, id: &ClusterId) -> Result<()> {
        self.delete_cluster(id).await
    }

    async fn add_integration(&self, integration: &Integration, sealed: &[u8]) -> Result<()> {
        self.insert_integration(integration, sealed).await
    }
    async fn integrations(&self) -> Result<Vec<Integration>> {
        self.select_integrations().await
    }
    async fn integration(&self, id_or_name: &str) -> Result<Option<(Integration, Vec<u8>)>> {
        self.select_integration(id_or_name).await
    }
    async fn remove_integration(&self, id: &IntegrationId) -> Result<()> {
        self.delete_integration(id).await
    }

    async fn add_repository(&self, repository: &CopyRepository, sealed: &[u8]) -> Result<()> {
        self.insert_repository(repository, sealed).await
    }
    async fn repositories(&self) -> Result<Vec<CopyRepository>> {
        self.select_repositories().await
    }
    async fn repository(&self, name: &str) -> Result<Option<(CopyRepository, Vec<u8>)>> {
        self.select_repository(name).await
    }
    async fn remove_repository(&self, name: &str) -> Result<()> {
        self.delete_repository(name).await
    }
    async fn copies_in(&self, repository: &str) -> Result<Vec<BackupCopy>> {
        self.select_copies_in(repository).await
    }
    async fn copy_of_job(&self, id: &JobId) -> Result<Option<BackupCopy>> {
        self.select_copy_of_job(id).await
    }
    async fn record_copy(&self, repository: &str, manifest: &Manifest) -> Result<()> {
        self.upsert_copy(repository, manifest).await
    }
    async fn copy_failed(
        &self,
        id: &BackupId,
        repository: &str,
        reason: Option<&ErrorReport>,
    ) -> Result<()> {
        self.update_copy_failed(id, repository, reason).await
    }
    async fn forget_copy(&self, id: &BackupId, repository: &str) -> Result<()> {
        self.delete_copy(id, repository).await
    }
    async fn automatic_copies(
        &self,
        cluster: &ClusterId,
        repository: &str,
    ) -> Result<Vec<AutomaticCopy>> {
        self.select_automatic_copies(cluster, repository).await
    }
    async fn refuse_copy_expiry(&self, id: &BackupId, repository: &str) -> Result<()> {
        let mut connection = self.readers.acquire().await?;
        copy_expiry::refuse(&mut connection, id, repository).await
    }
    async fn refuse_busy(&self, cluster: &ClusterId) -> Result<()> {
        let mut connection = self.readers.acquire().await?;
        enqueue::refuse_busy(&mut connection, cluster).await
    }
    async fn enqueue_copy_expiry(&self, job: &NewJob, repository: &str) -> Result<JobSummary> {
        self.insert_copy_expiry(job, repository).await
    }

    async fn replace_key(&self, old: secrets::KeyId, reseal: Reseal<'_>) -> Result<u64> {
        self.update_sealed(old, reseal).await
    }
    async fn key_retired(&self, key: secrets::KeyId) -> Result<bool> {
        self.select_retired(key).await
    }

    async fn enqueue(&self, job: &NewJob, backup: Option<&NewBackup>) -> Result<JobSummary> {
        self.insert_job(job, backup).await
    }
    async fn claim(&self, owner: &str, lease: Duration) -> Result<Option<ClaimedJob>> {
        self.take(None, owner, lease).await
    }
    async fn claim_job(
        &self,
        id: &JobId,
        owner: &str,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>> {
        self.take(Some(id), owner, lease).await
    }
    async fn heartbeat(
        &self,
        id: &JobId,
        fence: i64,
        lease: Duration,
        progress: &JobProgress,
    ) -> Result<Pulse> {
        self.extend_lease(id, fence, lease, progress).await
    }
    async fn checkpoint(
        &self,
        id: &JobId,
        fence: i64,
        checkpoint: &serde_json::Value,
    ) -> Result<()> {
        self.update_checkpoint(id, fence, checkpoint).await
    }
    async fn finish(
        &self,
        id: &JobId,
        fence: i64,
        state: JobState,
        reason: Option<&ErrorReport>,
        progress: &JobProgress,
    ) -> Result<()> {
        self.end_held(id, fence, state, reason, progress).await
    }
    async fn give_back(&self, id: &JobId, fence: i64) -> Result<()> {
        self.release(id, fence).await
    }
    async fn reclaim(&self, max_attempts: u32) -> Result<Vec<JobSummary>> {
        self.take_back_expired(max_attempts).await
    }
    async fn cancel(&self, id: &JobId) -> Result<JobSummary> {
        self.ask_to_stop(id).await
    }
    async fn log(&self, id: &JobId, line: &JobLogLine) -> Result<()> {
        self.insert_log(id, line).await
    }
    async fn next_unsettled(&self, hold: Duration) -> Result<Option<JobSummary>> {
        self.take_unsettled(hold).await
    }
    async fn hold_unsettled(&self, id: &JobId, hold: Duration) -> Result<()> {
        self.extend_settling(id, hold).await
    }
    async fn settle(&self, id: &JobId) -> Result<()> {
        self.mark_settled(id).await
    }
    async fn jobs(&self, query: &JobQuery) -> Result<Page<JobSummary>> {
        self.select_jobs(query).await
    }
    async fn job(&self, id: &JobId) -> Result<Option<Job>> {
        self.select_job(id).await
    }
    async fn job_summary(&self, id: &JobId) -> Result<Option<JobSummary>> {
        self.select_job_summary(id).await
    }
    async fn job_options(&self, id: &JobId) -> Result<Option<serde_json::Value>> {
        self.select_job_options(id).await
    }
    async fn job_checkpoint(&self, id: &JobId) -> Result<Option<serde_json::Value>> {
        self.select_checkpoint(id).await
    }
    async fn refer_job(&self, id: &JobId, reference: &str) -> Result<()> {
        self.set_reference(id, reference).await
    }
    async fn referred_job(&self, kind: JobKind, reference: &str) -> Result<Option<JobId>> {
        self.select_referred_job(kind, reference).await
    }
    async fn references(&self, kind: JobKind) -> Result<HashMap<BackupId, String>> {
        self.select_references(kind).await
    }

    async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        self.select_backups(query).await
    }
    async fn backup(&self, id_or_name: &str) -> Result<Option<Backup>> {
        self.select_backup(id_or_name).await
    }
    async fn record_manifest(&self, manifest: &Manifest) -> Result<()> {
        self.upsert_manifest(manifest).await
    }
    async fn set_backup_state(
        &self,
        id: &BackupId,
        state: BackupState,
        reason: Option<&ErrorReport>,
    ) -> Result<()> {
        self.update_backup_state(id, state, reason).await
    }
    async fn add_proof(&self, id: &BackupId, proof: Proof) -> Result<()> {
        self.insert_proof(id, proof).await
    }

    async fn cluster_backups(&self, id: &ClusterId) -> Result<Vec<BackupSummary>> {
        self.select_cluster_backups(id).await
    }
    async fn rename_backup(&self, id: &BackupId, name: &str) -> Result<()> {
        self.update_backup_name(id, name).await
    }
    async fn pin_backup(&self, id: &BackupId, pinned: bool) -> Result<()> {
        self.update_pinned(id, pinned).await
    }
    async fn refuse_expiry(&self, id: &BackupId) -> Result<()> {
        let mut connection = self.readers.acquire().await?;
        keeping::refuse_expiry(&mut connection, id).await
    }
    async fn enqueue_expiry(&self, job: &NewJob) -> Result<JobSummary> {
        self.insert_expiry(job).await
    }

    async fn set_policy(&self, policy: &Policy) -> Result<()> {
        self.upsert_policy(policy).await
    }
    async fn policies(&self) -> Result<Vec<Policy>> {
        self.select_policies().await
    }
    async fn policy(&self, cluster: &ClusterId) -> Result<Option<Policy>> {
        self.select_policy(cluster).await
    }
    async fn remove_policy(&self, cluster: &ClusterId) -> Result<()> {
        self.delete_policy(cluster).await
    }
    async fn enqueue_run(
        &self,
        run: &NewRun,
        job: &NewJob,
        backup: &NewBackup,
    ) -> Result<RunOutcome> {
        self.insert_run(run, job, backup).await
    }
    async fn policy_runs(&self, cluster: &ClusterId, limit: u64) -> Result<Vec<PolicyRun>> {
        self.select_runs(cluster, limit).await
    }

    async fn add_user(&self, user: &User, password_hash: Option<&str>) -> Result<()> {
        self.insert_user(user, password_hash).await
    }
    async fn users(&self) -> Result<Vec<User>> {
        self.select_users().await
    }
    async fn set_grants(&self, name: &str, grants: &[Grant]) -> Result<()> {
        self.update_grants(name, grants).await
    }
    async fn remove_user(&self, name: &str) -> Result<()> {
        self.delete_user(name).await
    }
    async fn add_role(&self, role: &CustomRole) -> Result<()> {
        self.insert_role(role).await
    }
    async fn roles(&self) -> Result<Vec<CustomRole>> {
        self.select_roles().await
    }
    async fn edit_role(&self, role: &CustomRole) -> Result<()> {
        self.update_role(role).await
    }
    async fn remove_role(&self, name: &str) -> Result<()> {
        self.delete_role(name).await
    }
    async fn add_key(&self, key: &ApiKey, hash: &str) -> Result<()> {
        self.insert_key(key, hash).await
    }
    async fn keys(&self) -> Result<Vec<ApiKey>> {
        self.select_keys().await
    }
    async fn key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>> {
        self.select_key_by_hash(hash).await
    }
    async fn key_used(&self, id: &KeyId, at: Timestamp) -> Result<()> {
        self.update_key_use(id, at).await
    }
    async fn remove_key(&self, id: &KeyId) -> Result<()> {
        self.delete_key(id).await
    }
    async fn sessions(&self, now: Timestamp) -> Result<Vec<Ticket>> {
        self.select_sessions(now).await
    }
    async fn sign_in_failures(&self, name_hash: &str) -> Result<Option<SignInFailures>> {
        self.select_sign_in_failures(name_hash).await
    }
    async fn add_sign_in_failure(
        &self,
        name_hash: &str,
        at: Timestamp,
        forget_before: Timestamp,
    ) -> Result<()> {
        self.count_sign_in_failure(name_hash, at, forget_before)
            .await
    }
    async fn forget_sign_in_failures(&self, name_hash: &str) -> Result<()> {
        self.delete_sign_in_failures(name_hash).await
    }

    async fn add_first_user(&self, user: &User, password_hash: Option<&str>) -> Result<bool> {
        self.insert_first_user(user, password_hash).await
    }
    async fn has_users(&self) -> Result<bool> {
        self.select_any_user().await
    }
    async fn keep_set_up_token(&self, hash: &str, at: Timestamp) -> Result<bool> {
        self.replace_set_up_token(hash, at).await
    }
    async fn knows_set_up_token(&self, hash: &str) -> Result<bool> {
        self.select_set_up_token(hash).await
    }
    async fn set_up(&self, hash: &str, user: &User, password_hash: &str) -> Result<bool> {
        self.insert_first_user_by_token(hash, user, password_hash)
            .await
    }
    async fn user(&self, name: &str) -> Result<Option<(User, Option<String>)>> {
        self.select_user(name).await
    }
    async fn set_password_hash(&self, name: &str, hash: &str) -> Result<()> {
        self.update_password_hash(name, hash).await
    }
    async fn add_ticket(&self, ticket: &Ticket) -> Result<()> {
        self.insert_ticket(ticket).await
    }
    async fn ticket(&self, hash: &str, now: Timestamp) -> Result<Option<Ticket>> {
        self.select_ticket(hash, now).await
    }
    async fn extend_ticket(&self, hash: &str, until: Timestamp) -> Result<()> {
        self.update_ticket_end(hash, until).await
    }
    async fn take_ticket(&self, hash: &str) -> Result<bool> {
        self.delete_ticket(hash).await
    }
    async fn end_sessions(&self, user: &str, except: Option<&str>) -> Result<()> {
        self.delete_sessions(user, except).await
    }

    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<String>> {
        self.select_identity(issuer, subject).await
    }
    async fn bind_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &str,
        at: Timestamp,
    ) -> Result<()> {
        self.insert_identity(issuer, subject, user, at).await
    }

    async fn begin_totp(&self, user: &str, sealed: &[u8], begun_at: Timestamp) -> Result<bool> {
        self.insert_totp(user, sealed, begun_at).await
    }
    async fn totp(&self, user: &str) -> Result<Option<KeptTotp>> {
        self.select_totp(user).await
    }
    async fn confirm_totp(
        &self,
        user: &str,
        begun_at: Timestamp,
        step: u64,
        recovery: &[String],
    ) -> Result<bool> {
        self.update_totp_confirmed(user, begun_at, step, recovery)
            .await
    }
    async fn take_totp_step(&self, user: &str, step: u64) -> Result<bool> {
        self.update_totp_step(user, step).await
    }
    async fn take_recovery_code(&self, user: &str, hash: &str) -> Result<bool> {
        self.delete_recovery_code(user, hash).await
    }
    async fn recovery_codes(&self, user: &str) -> Result<u64> {
        self.count_recovery_codes(user).await
    }
    async fn remove_totp(&self, user: &str) -> Result<bool> {
        self.delete_totp(user).await
    }
    async fn add_second_step(&self, step: &SecondStep) -> Result<()> {
        self.insert_second_step(step).await
    }
    async fn second_step(&self, hash: &str, now: Timestamp, most: u64) -> Result<Option<String>> {
        self.select_second_step(hash, now, most).await
    }
    async fn try_second_step(
        &self,
        hash: &str,
        now: Timestamp,
        most: u64,
    ) -> Result<Option<String>> {
        self.update_second_step_tries(hash, now, most).await
    }
    async fn take_second_step(&self, hash: &str) -> Result<bool> {
        self.delete_second_step(hash).await
    }

    async fn audit(&self, entry: &AuditEntry) -> Result<()> {
        self.insert_audit(entry).await
    }
    async fn audit_lines(&self, query: &AuditQuery) -> Result<Page<AuditLine>> {
        self.select_audit(query).await
    }
    async fn audit_after(
        &self,
        query: &AuditQuery,
        after: u64,
        limit: u64,
    ) -> Result<Vec<AuditLine>> {
        self.select_audit_after(query, after, limit).await
    }
    async fn audit_head(&self) -> Result<AuditHead> {
        self.select_audit_head().await
    }
}
