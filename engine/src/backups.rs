//! Asking for backups, and for what is to be done with them. The work itself is in [`crate::commands`].

use hozon_model::{
    Actor, Backup, BackupOptions, BackupPlan, BackupQuery, BackupSummary, DeleteOptions,
    DeletePlan, JobSummary, Page, RestoreOptions, RestorePlan, VerifyOptions,
};

use crate::{Engine, Result};

impl Engine {
    /// What a backup would take, without taking it or flushing anything.
    pub async fn plan_backup(&self, options: &BackupOptions) -> Result<BackupPlan> {
        todo!("{options:?}")
    }

    /// Puts a backup job into the queue and returns it; its `backup_id` names the backup.
    pub async fn create_backup(&self, actor: &Actor, options: BackupOptions) -> Result<JobSummary> {
        todo!("{actor:?} {options:?}")
    }

    /// A page of the backups list.
    pub async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        todo!("{query:?}")
    }

    /// Everything about one backup, by identifier or name.
    pub async fn backup(&self, id_or_name: &str) -> Result<Backup> {
        todo!("{id_or_name}")
    }

    /// Puts a verification into the queue.
    pub async fn verify_backup(&self, actor: &Actor, options: VerifyOptions) -> Result<JobSummary> {
        todo!("{actor:?} {options:?}")
    }

    /// What a restore would make, and what stands in its way.
    pub async fn plan_restore(&self, options: &RestoreOptions) -> Result<RestorePlan> {
        todo!("{options:?}")
    }

    /// Puts a restore into the queue, after checking what can be checked now.
    pub async fn restore_backup(
        &self,
        actor: &Actor,
        options: RestoreOptions,
    ) -> Result<JobSummary> {
        todo!("{actor:?} {options:?}")
    }

    /// What a deletion would remove.
    pub async fn plan_delete(&self, options: &DeleteOptions) -> Result<DeletePlan> {
        todo!("{options:?}")
    }

    /// Puts a deletion into the queue. From now on nobody can restore the backup.
    pub async fn delete_backup(&self, actor: &Actor, options: DeleteOptions) -> Result<JobSummary> {
        todo!("{actor:?} {options:?}")
    }
}
