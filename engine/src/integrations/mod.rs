//! Places of one's own that backups are exported to and adopted from. One is made by trying it out.

mod check;
mod opened;
mod policy;

use hozon_model::{
    Action, Integration, IntegrationCheck, IntegrationId, IntegrationProvider, NewIntegration,
    ProjectId, Resource, StorageLocation,
};
use jiff::Timestamp;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask, ask_for_directory},
    audit::Change,
    id, model,
};

pub(crate) use self::opened::{Place, check_directory};

/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 256;

impl Engine {
    /// Tries everything that an integration needs, without making it.
    ///
    /// # Errors
    /// `PermissionDenied` for whoever may not make it either: trying it writes to the place.
    pub async fn check_new_integration(
        &self,
        by: &dyn Acts,
        new: &NewIntegration,
    ) -> Result<IntegrationCheck> {
        let project = self.project_or_default(new.project.as_deref()).await?;
        let here = model::Place::Project(project.id.clone());
        ask(by, Resource::Integration, Action::Create, &here)?;
        ask_for_directory(by, &new.storage_url)?;
        let integration = described(new, project.id)?;
        let stores = self.core().stores();
        Ok(check::run(stores, &integration, &new.credentials).await.0)
    }

    /// Makes an integration, after writing, listing, reading and deleting an object at its place.
    ///
    /// # Errors
    /// The first thing that did not work, with what to do; nothing is kept then.
    pub async fn add_integration(&self, by: &dyn Acts, new: NewIntegration) -> Result<Integration> {
        let added = self.try_add_integration(by, &new).await;
        self.audit_change(
            by.actor(),
            "integration.add",
            &new.name,
            Change::from(None::<&Integration>).to(&added),
            &added,
        )
        .await?;
        added
    }

    async fn try_add_integration(
        &self,
        by: &dyn Acts,
        new: &NewIntegration,
    ) -> Result<Integration> {
        let project = self.project_or_default(new.project.as_deref()).await?;
        let here = model::Place::Project(project.id.clone());
        ask(by, Resource::Integration, Action::Create, &here)?;
        ask_for_directory(by, &new.storage_url)?;
        let integration = described(new, project.id)?;
        let name = integration.name.as_str();
        if self.catalog().integration(name).await?.is_some() {
            return Err(
                Error::new(ErrorCode::IntegrationNameTaken, name).hint("choose another name")
            );
        }
        let stores = self.core().stores();
        let (_, error) = check::run(stores, &integration, &new.credentials).await;
        error.map_or(Ok(()), Err)?;
        let plain = serde_json::to_vec(&new.credentials)
            .map_err(|error| Error::new(ErrorCode::Internal, name).caused_by(error))?;
        let sealed = self.core().seal(integration.id.as_str(), &plain).await?;
        self.catalog()
            .add_integration(&integration, &sealed)
            .await?;
        Ok(integration)
    }

    /// The policy that allows everything an export needs at a place of S3, as JSON to paste; none for other services.
    pub fn integration_policy(&self, storage: &StorageLocation) -> Option<String> {
        policy::of(storage)
    }

    /// Every integration, by name.
    pub async fn integrations(&self) -> Result<Vec<Integration>> {
        self.catalog().integrations().await
    }

    /// One integration, by identifier or name.
    pub async fn integration(&self, id_or_name: &str) -> Result<Integration> {
        Ok(self.core().integration_with_secrets(id_or_name).await?.0)
    }

    /// Tries everything that an integration needs.
    pub async fn check_integration(&self, id: &IntegrationId) -> Result<IntegrationCheck> {
        let (integration, credentials) = self.core().integration_with_secrets(id.as_str()).await?;
        let stores = self.core().stores();
        Ok(check::run(stores, &integration, &credentials).await.0)
    }

    /// Forgets an integration and its secrets. What was exported stays where it is. Refused while a job uses it.
    pub async fn remove_integration(&self, by: &dyn Acts, id: &IntegrationId) -> Result<()> {
        self.queue().reclaim().await?;
        let before = self.catalog().integration(id.as_str()).await?;
        let before = before.map(|(integration, _)| integration);
        let removed = self.try_remove_integration(by, id).await;
        self.audit_change(
            by.actor(),
            "integration.remove",
            id.as_str(),
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }

    async fn try_remove_integration(&self, by: &dyn Acts, id: &IntegrationId) -> Result<()> {
        let found = self.catalog().integration(id.as_str()).await?;
        let (integration, _) =
            found.ok_or_else(|| Error::new(ErrorCode::IntegrationNotFound, id.as_str()))?;
        let here = model::Place::Project(integration.project_id);
        ask(by, Resource::Integration, Action::Delete, &here)?;
        self.catalog().remove_integration(&integration.id).await
    }
}

/// An integration from what was typed, with everything checked that needs no connection.
fn described(new: &NewIntegration, project_id: ProjectId) -> Result<Integration> {
    let invalid = |field: &str, why: &str| Error::new(ErrorCode::InvalidInput, field).because(why);
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            "an integration's name has 1 to 64 characters, none of them a control character",
        ));
    }
    let description = new.description.trim();
    if description.chars().count() > LONGEST_DESCRIPTION {
        return Err(invalid(
            "description",
            "a description has at most 256 characters",
        ));
    }
    let given = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let storage = StorageLocation {
        url: new.storage_url.trim().trim_end_matches('/').to_owned(),
        endpoint: given(&new.endpoint),
        region: given(&new.region),
    };
    let provider = IntegrationProvider::of(&storage).ok_or_else(|| {
        invalid(
            "storage URL",
            "it is not of a kind of storage that is known",
        )
        .hint(
            "write `s3://bucket/path`, `az://account/container/path`, `gs://bucket/path` or `file:///absolute/path`",
        )
    })?;
    Ok(Integration {
        id: id::integration()?,
        name: name.to_owned(),
        project_id,
        description: description.to_owned(),
        provider,
        storage,
        identity: opened::identity(&new.credentials),
        created_at: Timestamp::now(),
    })
}
