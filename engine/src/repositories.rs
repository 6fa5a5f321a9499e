//! Repositories of copies: registering them, and looking into them.

use hozon_model::{
    Action, CopyRepository, NewCopyRepository, Place, RepositoryContents, Resource, StorageLocation,
};
use jiff::Timestamp;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask},
    repository::{LeaseKind, Repository},
};

/// How long a lease lasts that is taken to see whether it can be.
const TRIAL: std::time::Duration = std::time::Duration::from_secs(30);

impl Engine {
    /// Registers a repository for copies after trying that it can be written. An empty place becomes one; one that is
    /// there is taken as it is, with the copies in it.
    pub async fn add_repository(
        &self,
        by: &dyn Acts,
        new: NewCopyRepository,
    ) -> Result<CopyRepository> {
        let added = self.try_add_repository(by, &new).await;
        self.audit(by.actor(), "repository.add", &new.name, &added)
            .await?;
        added
    }

    async fn try_add_repository(
        &self,
        by: &dyn Acts,
        new: &NewCopyRepository,
    ) -> Result<CopyRepository> {
        ask(
            by,
            Resource::Repository,
            Action::Create,
            &Place::Organization,
        )?;
        let name = checked_name(&new.name)?;
        if self.catalog().repository(&name).await?.is_some() {
            return Err(Error::new(ErrorCode::RepositoryNameTaken, name)
                .because("a repository of this name is registered")
                .hint("choose another name"));
        }
        let storage = StorageLocation {
            url: new.storage.url.trim().trim_end_matches('/').to_owned(),
            ..new.storage.clone()
        };
        let store = self.core().stores().open(&storage, &new.credentials)?;
        let repository = Repository::open(store).await?;
        if repository.id() == self.core().repository().id() {
            return Err(Error::new(ErrorCode::RepositoryNameTaken, storage.url)
                .because("this is the repository that backups are made in")
                .hint("name another place for copies"));
        }
        try_out(&repository).await?;
        let registered = CopyRepository {
            name,
            storage,
            repository_id: repository.id().to_owned(),
            created_at: Timestamp::now(),
        };
        let sealed = self
            .core()
            .seal_repository(&registered.name, &new.credentials)
            .await?;
        self.catalog().add_repository(&registered, &sealed).await?;
        self.note_copies(&registered.name, &repository).await?;
        Ok(registered)
    }

    /// Every repository of copies, by name.
    pub async fn repositories(&self) -> Result<Vec<CopyRepository>> {
        self.catalog().repositories().await
    }

    /// A repository of copies, with the copies that are known of it. Nothing is asked of its store.
    pub async fn repository(&self, name: &str) -> Result<RepositoryContents> {
        let (repository, _) = self.core().registered_repository(name).await?;
        Ok(RepositoryContents {
            copies: self.catalog().copies_in(name).await?,
            repository,
        })
    }

    /// Looks whether a repository of copies can be read and written, and which copies it really holds.
    pub async fn check_repository(&self, name: &str) -> Result<RepositoryContents> {
        let repository = self.core().copy_repository(name).await?;
        try_out(&repository).await?;
        self.note_copies(name, &repository).await?;
        self.repository(name).await
    }

    /// Forgets a repository and what opens it. What lies there stays.
    pub async fn remove_repository(&self, by: &dyn Acts, name: &str) -> Result<()> {
        self.queue().reclaim().await?;
        let removed = match ask(
            by,
            Resource::Repository,
            Action::Delete,
            &Place::Organization,
        ) {
            Ok(()) => self.catalog().remove_repository(name).await,
            Err(error) => Err(error),
        };
        self.audit(by.actor(), "repository.remove", name, &removed)
            .await?;
        removed
    }

    /// Remembers the copies that a repository holds of backups that are known, and forgets those it has lost.
    async fn note_copies(&self, name: &str, repository: &Repository) -> Result<()> {
        let manifests = repository.manifests().await?;
        for manifest in &manifests {
            if self
                .catalog()
                .backup(manifest.begin.id.as_str())
                .await?
                .is_some()
            {
                self.catalog().record_copy(name, manifest).await?;
            }
        }
        for copy in self.catalog().copies_in(name).await? {
            let lost = copy.state == hozon_model::CopyState::Available
                && !manifests
                    .iter()
                    .any(|manifest| manifest.begin.id == copy.backup_id);
            if lost {
                self.catalog().forget_copy(&copy.backup_id, name).await?;
            }
        }
        Ok(())
    }
}

/// Writes, lists and removes: a lease needs all of it.
async fn try_out(repository: &Repository) -> Result<()> {
    let lease = repository.lease(LeaseKind::Shared, "check", TRIAL).await?;
    repository.release(&lease).await
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Error::new(ErrorCode::InvalidInput, "name").because(
            "a repository's name has 1 to 64 characters, none of them a control character",
        ));
    }
    Ok(name.to_owned())
}
