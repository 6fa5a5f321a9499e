//! Naming backups anew, and pinning them so that they do not expire.

use hozon_model::{Action, BackupState, BackupSummary, Resource};

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask, place_of_backup},
    backups::backup_name,
};

/// Those of which something is there to name or to keep.
const THERE: [BackupState; 2] = [BackupState::Available, BackupState::Damaged];

impl Engine {
    /// Gives a backup another name. Restores and jobs know it by its identifier, so nothing else changes.
    pub async fn rename_backup(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        name: &str,
    ) -> Result<BackupSummary> {
        let renamed = self.try_rename_backup(by, id_or_name, name).await;
        self.audit(by.actor(), "backup.rename", id_or_name, &renamed)
            .await?;
        renamed
    }

    async fn try_rename_backup(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        name: &str,
    ) -> Result<BackupSummary> {
        if name.trim().is_empty() {
            return Err(Error::new(ErrorCode::InvalidInput, "name")
                .because("it is empty")
                .hint("use 1 to 128 characters of any language"));
        }
        let name = backup_name(Some(name))?;
        let mut backup = self.backup_in(id_or_name, &THERE).await?;
        ask(
            by,
            Resource::Backup,
            Action::Edit,
            &place_of_backup(&backup),
        )?;
        self.catalog().rename_backup(&backup.id, &name).await?;
        backup.name = name;
        Ok(backup)
    }

    /// Pins a backup, so that no policy lets it expire, or lets go of it. People may still delete it.
    pub async fn pin_backup(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        pinned: bool,
    ) -> Result<BackupSummary> {
        let action = if pinned { "backup.pin" } else { "backup.unpin" };
        let changed = self.try_pin_backup(by, id_or_name, pinned).await;
        self.audit(by.actor(), action, id_or_name, &changed).await?;
        changed
    }

    async fn try_pin_backup(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        pinned: bool,
    ) -> Result<BackupSummary> {
        let mut backup = self.backup_in(id_or_name, &THERE).await?;
        ask(
            by,
            Resource::Backup,
            Action::Edit,
            &place_of_backup(&backup),
        )?;
        self.catalog().pin_backup(&backup.id, pinned).await?;
        backup.pinned = pinned;
        Ok(backup)
    }
}
