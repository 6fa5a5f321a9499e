//! A registered repository of copies, opened.

use hozon_model::{CopyRepository, StorageCredentials};

use crate::{
    Error, ErrorCode, Result, core::Core, repository::Repository, secrets::purpose_of_repository,
};

impl Core {
    /// Seals what opens a repository.
    pub(crate) async fn seal_repository(
        &self,
        name: &str,
        credentials: &StorageCredentials,
    ) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(credentials)
            .map_err(|error| Error::new(ErrorCode::Internal, name).caused_by(error))?;
        self.seal(&purpose_of_repository(name), &plain).await
    }

    /// A repository of copies as it was registered.
    pub(crate) async fn registered_repository(
        &self,
        name: &str,
    ) -> Result<(CopyRepository, StorageCredentials)> {
        let (repository, sealed) = self.catalog().repository(name).await?.ok_or_else(|| {
            Error::new(ErrorCode::RepositoryNotFound, name)
                .hint("run `hozon repository list` to see the repositories")
        })?;
        let plain = self.unseal(&purpose_of_repository(name), &sealed).await?;
        let credentials = serde_json::from_slice(&plain)
            .map_err(|error| Error::new(ErrorCode::CatalogFailed, name).caused_by(error))?;
        Ok((repository, credentials))
    }

    /// Opens a repository of copies. One that is gone, or another at the same place, is refused.
    pub(crate) async fn copy_repository(&self, name: &str) -> Result<Repository> {
        let (registered, credentials) = self.registered_repository(name).await?;
        let store = self.stores().open(&registered.storage, &credentials)?;
        let found = Repository::find(store).await?;
        let why = match found {
            Some(repository) if repository.id() == registered.repository_id => {
                return Ok(repository);
            }
            Some(_) => "another repository lies there than the one that was registered",
            None => "there is no repository any more",
        };
        Err(Error::new(ErrorCode::RepositoryDamaged, registered.storage.url)
            .because(why)
            .hint(format!(
                "put it back; or forget it with `hozon repository remove {name}` and register the place anew"
            )))
    }
}
