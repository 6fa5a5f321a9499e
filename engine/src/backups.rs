//! Asking for backups, and for what is to be done with them. The work itself is in [`crate::commands`].

use hozon_model::{
    Action, Actor, Backup, BackupCopy, BackupId, BackupMethod, BackupOptions, BackupPlan,
    BackupQuery, BackupState, BackupSummary, ClusterId, CopyState, DeleteOptions, DeletePlan,
    JobId, JobKind, JobSummary, Page, ProofLevel, Resource, RestoreOptions, RestorePlan,
    VerifyOptions,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Engine, Error, ErrorCode, Feature, Result,
    access::{Acts, ask, place_of_backup, place_of_cluster},
    catalog::{NewBackup, NewJob},
    commands::{refuse_existing, resolve, scope},
    core::Core,
    id,
};

impl Engine {
    /// What a backup would take, without taking it or flushing anything.
    pub async fn plan_backup(&self, options: &BackupOptions) -> Result<BackupPlan> {
        let name = backup_name(options.name.as_deref())?;
        self.core().backup_plan(options, name).await
    }

    /// Puts a backup job into the queue and returns it; its `backup_id` names the backup.
    pub async fn create_backup(&self, by: &dyn Acts, options: BackupOptions) -> Result<JobSummary> {
        let target = options
            .name
            .clone()
            .unwrap_or_else(|| options.cluster_id.to_string());
        let created = self
            .try_create_backup(by, options, BackupMethod::Manual, None)
            .await;
        self.audit(by.actor(), "backup.create", &target, &created)
            .await?;
        created
    }

    pub(crate) async fn try_create_backup(
        &self,
        by: &dyn Acts,
        mut options: BackupOptions,
        method: BackupMethod,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        let (name, mut others) = backup_names(options.name.as_deref())?;
        let scope = scope(&options)?;
        let cluster = self.cluster(options.cluster_id.as_str()).await?;
        let here = place_of_cluster(&cluster);
        ask(by, Resource::Backup, Action::Create, &here)?;
        self.entitled(Feature::Backup, &cluster).await?;
        if !options.copies.is_empty() {
            ask(by, Resource::Backup, Action::Copy, &here)?;
            self.entitled(Feature::Copy, &cluster).await?;
        }
        for repository in &options.copies {
            self.core().registered_repository(repository).await?;
        }
        if method == BackupMethod::Manual {
            self.queue().reclaim().await?;
            self.catalog().refuse_busy(&cluster.id).await?;
        }
        let open = self
            .core()
            .open_cluster(options.cluster_id.as_str())
            .await?;
        resolve(&*open.milvus, &options).await?;
        options.cluster_id = open.cluster.id.clone();
        let mut backup = NewBackup {
            id: id::backup(scope)?,
            name,
            cluster_id: open.cluster.id.clone(),
            cluster_name: open.cluster.name,
            scope,
            method,
        };
        let mut job = new_job(
            by.actor(),
            JobKind::Backup,
            &options,
            &backup.id,
            Some(open.cluster.id),
        )?;
        job.retry_of = retry_of;
        loop {
            let created = self.queue().enqueue(&job, Some(&backup)).await;
            let taken = |error: &Error| error.code() == ErrorCode::BackupNameTaken;
            match others.next() {
                Some(other) if created.as_ref().is_err_and(taken) => backup.name = other,
                _ => return created,
            }
        }
    }

    /// A page of the backups list.
    pub async fn backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        self.catalog().backups(query).await
    }

    /// Everything about one backup, by identifier or name.
    pub async fn backup(&self, id_or_name: &str) -> Result<Backup> {
        self.core().backup(id_or_name).await
    }

    /// Puts a verification into the queue.
    pub async fn verify_backup(&self, by: &dyn Acts, options: VerifyOptions) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let created = self.try_verify_backup(by, options, None).await;
        self.audit(by.actor(), "backup.verify", &target, &created)
            .await?;
        created
    }

    pub(crate) async fn try_verify_backup(
        &self,
        by: &dyn Acts,
        mut options: VerifyOptions,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        if options.level > ProofLevel::Read {
            return Err(Error::new(ErrorCode::InvalidInput, "level")
                .because(format!("level `{}` cannot be asked for yet", options.level))
                .hint("use `list` or `read`"));
        }
        let backup = self
            .backup_in(
                options.backup_id.as_str(),
                &[BackupState::Available, BackupState::Damaged],
            )
            .await?;
        ask(
            by,
            Resource::Backup,
            Action::Verify,
            &place_of_backup(&backup),
        )?;
        options.backup_id = backup.id;
        let mut job = new_job(
            by.actor(),
            JobKind::Verify,
            &options,
            &options.backup_id,
            None,
        )?;
        job.retry_of = retry_of;
        self.queue().enqueue(&job, None).await
    }

    /// What a restore would make, and what stands in its way.
    pub async fn plan_restore(&self, options: &RestoreOptions) -> Result<RestorePlan> {
        self.core().restore_plan(options).await
    }

    /// Puts a restore into the queue, after checking what can be checked now.
    pub async fn restore_backup(
        &self,
        by: &dyn Acts,
        options: RestoreOptions,
    ) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let created = self.try_restore_backup(by, options, None).await;
        self.audit(by.actor(), "backup.restore", &target, &created)
            .await?;
        created
    }

    pub(crate) async fn try_restore_backup(
        &self,
        by: &dyn Acts,
        mut options: RestoreOptions,
        retry_of: Option<JobId>,
    ) -> Result<JobSummary> {
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        ask(
            by,
            Resource::Backup,
            Action::Restore,
            &place_of_backup(&backup),
        )?;
        let target = options.cluster_id.as_ref().unwrap_or(&backup.cluster_id);
        let target = self.cluster(target.as_str()).await?;
        ask(
            by,
            Resource::Backup,
            Action::Restore,
            &place_of_cluster(&target),
        )?;
        self.entitled(Feature::Restore, &target).await?;
        let repository = self.core().restore_source(&options).await?;
        let manifest = self.core().restorable(&repository, &options).await?;
        refuse_existing(&self.core().restore_plan(&options).await?)?;
        let cluster = self
            .cluster(Core::restore_target(&options, &manifest))
            .await?;
        options.backup_id = manifest.begin.id;
        options.cluster_id = Some(cluster.id.clone());
        let mut job = new_job(
            by.actor(),
            JobKind::Restore,
            &options,
            &options.backup_id,
            Some(cluster.id),
        )?;
        job.retry_of = retry_of;
        self.queue().enqueue(&job, None).await
    }

    /// What a deletion would remove.
    pub async fn plan_delete(&self, options: &DeleteOptions) -> Result<DeletePlan> {
        let backup_id = self.backup(options.backup_id.as_str()).await?.summary.id;
        let options = DeleteOptions {
            backup_id,
            ..options.clone()
        };
        self.core().delete_plan(&options).await
    }

    /// Puts a deletion into the queue. From now on nobody can restore the backup.
    pub async fn delete_backup(&self, by: &dyn Acts, options: DeleteOptions) -> Result<JobSummary> {
        let target = options.backup_id.to_string();
        let created = self.try_delete_backup(by, options).await;
        self.audit(by.actor(), "backup.delete", &target, &created)
            .await?;
        created
    }

    async fn try_delete_backup(
        &self,
        by: &dyn Acts,
        mut options: DeleteOptions,
    ) -> Result<JobSummary> {
        let deletable = [
            BackupState::Available,
            BackupState::Damaged,
            BackupState::Failed,
        ];
        let backup = self.backup(options.backup_id.as_str()).await?.summary;
        ask(
            by,
            Resource::Backup,
            Action::Delete,
            &place_of_backup(&backup),
        )?;
        options.backup_id = match &options.repository {
            None => {
                self.backup_in(options.backup_id.as_str(), &deletable)
                    .await?
                    .id
            }
            Some(name) => {
                self.copy_in(options.backup_id.as_str(), name)
                    .await?
                    .backup_id
            }
        };
        let job = new_job(
            by.actor(),
            JobKind::Delete,
            &options,
            &options.backup_id,
            None,
        )?;
        self.queue().enqueue(&job, None).await
    }

    /// A copy of a backup that is not being made.
    async fn copy_in(&self, id_or_name: &str, repository: &str) -> Result<BackupCopy> {
        self.core().registered_repository(repository).await?;
        let backup = self.backup(id_or_name).await?;
        let found = backup
            .copies
            .into_iter()
            .find(|copy| copy.repository == repository && copy.state != CopyState::Copying);
        found.ok_or_else(|| {
            Error::new(ErrorCode::BackupNotAvailable, backup.summary.name)
                .because(format!(
                    "repository `{repository}` holds no copy of it that is done"
                ))
                .hint("run `hozon backup show` to see where its copies are")
        })
    }

    /// A backup that is in one of some states.
    pub(crate) async fn backup_in(
        &self,
        id_or_name: &str,
        states: &[BackupState],
    ) -> Result<BackupSummary> {
        let backup = self.backup(id_or_name).await?.summary;
        if states.contains(&backup.state) {
            return Ok(backup);
        }
        let state = format!("{:?}", backup.state).to_uppercase();
        Err(Error::new(ErrorCode::BackupNotAvailable, backup.name)
            .because(format!("its state is {state}")))
    }
}

/// A job about a backup, asked for now.
pub(crate) fn new_job(
    actor: &Actor,
    kind: JobKind,
    options: &impl Serialize,
    backup_id: &BackupId,
    cluster_id: Option<ClusterId>,
) -> Result<NewJob> {
    Ok(NewJob {
        id: id::job()?,
        retry_of: None,
        kind,
        options: serde_json::to_value(options).map_err(|error| {
            Error::new(ErrorCode::Internal, backup_id.as_str()).caused_by(error)
        })?,
        backup_id: backup_id.clone(),
        cluster_id,
        created_by: actor.name.clone(),
        created_at: Timestamp::now(),
    })
}

/// What a new backup is called, and what else it may be called. A name that somebody gave is the only one; one made from
/// the time may be taken by a backup of the same second, which nobody is to blame for.
fn backup_names(given: Option<&str>) -> Result<(String, impl Iterator<Item = String> + use<>)> {
    let name = backup_name(given)?;
    let own = given.is_some_and(|given| !given.trim().is_empty());
    let others = if own { 2..2 } else { 2..1000 };
    let numbered = others.map({
        let name = name.clone();
        move |number| format!("{name}_{number}")
    });
    Ok((name, numbered))
}

/// The name given, or one made from the time; any language, but nothing that could not be shown on a line.
pub(crate) fn backup_name(given: Option<&str>) -> Result<String> {
    let Some(name) = given.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(format!(
            "backup_{}",
            Timestamp::now().strftime("%Y-%m-%d_%H-%M-%S")
        ));
    };
    let length = name.chars().count();
    if length > 128 || name.chars().any(char::is_control) {
        return Err(Error::new(ErrorCode::InvalidInput, "name")
            .because(format!(
                "it has {length} characters, or a control character among them"
            ))
            .hint("use 1 to 128 characters of any language"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_made_from_the_time_has_others_beside_it() {
        let (name, others) = backup_names(Some(" ")).unwrap();
        let others: Vec<_> = others.take(2).collect();
        assert_eq!(others, [format!("{name}_2"), format!("{name}_3")]);
    }

    #[test]
    fn a_given_name_is_the_only_one() {
        let (name, others) = backup_names(Some("夜の控え")).unwrap();
        assert_eq!((name.as_str(), others.count()), ("夜の控え", 0));
    }
}
