//! Registering clusters, and looking whether they work.

use hozon_model::{
    Action, Cluster, ClusterCheck, ClusterEdit, ClusterId, CollectionName, NewCluster, Place,
    ProjectId, Resource, StorageLocation,
};
use jiff::Timestamp;
use url::Url;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask, ask_for_directory, place_of_cluster},
    audit::Change,
    cluster_check::Check,
    commands::{ClusterSecrets, all_of},
    id,
};

impl Engine {
    /// Tries everything that backups and restores of a cluster need, without registering it.
    ///
    /// # Errors
    /// `PermissionDenied` for whoever may not register it either: trying it writes to its storage.
    pub async fn check_new_cluster(&self, by: &dyn Acts, new: &NewCluster) -> Result<ClusterCheck> {
        let project = self.project_or_default(new.project.as_deref()).await?;
        let here = Place::Project(project.id.clone());
        ask(by, Resource::Cluster, Action::Create, &here)?;
        ask_for_directory(by, &new.storage_url)?;
        let cluster = described(new, project.id)?;
        Ok(
            Check::run(self.core().stores(), &cluster, &ClusterSecrets::from(new))
                .await
                .result(),
        )
    }

    /// Registers a cluster after checking that it answers, takes the credentials and owns the storage.
    pub async fn add_cluster(&self, by: &dyn Acts, new: NewCluster) -> Result<Cluster> {
        let added = self.try_add_cluster(by, &new).await;
        self.audit_change(
            by.actor(),
            "cluster.add",
            &new.name,
            Change::from(None::<&Cluster>).to(&added),
            &added,
        )
        .await?;
        added
    }

    async fn try_add_cluster(&self, by: &dyn Acts, new: &NewCluster) -> Result<Cluster> {
        let project = self.project_or_default(new.project.as_deref()).await?;
        let here = Place::Project(project.id.clone());
        ask(by, Resource::Cluster, Action::Create, &here)?;
        ask_for_directory(by, &new.storage_url)?;
        let mut cluster = described(new, project.id)?;
        self.refuse_taken_name(&cluster).await?;
        let secrets = ClusterSecrets::from(new);
        let check = Check::run(self.core().stores(), &cluster, &secrets).await;
        cluster.milvus_version.clone_from(&check.version);
        check.into_error().map_or(Ok(()), Err)?;
        let sealed = self.core().seal_cluster(&cluster.id, &secrets).await?;
        self.catalog().add_cluster(&cluster, &sealed).await?;
        Ok(cluster)
    }

    /// Changes what is known of a cluster; secrets that are not given anew stay. Whatever it is reached by is tried as
    /// it is when a cluster is added, and nothing is changed unless all of it works.
    ///
    /// # Errors
    /// As for adding; `ClusterBusy` for another address or storage while a job of it has not ended.
    pub async fn edit_cluster(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        edit: ClusterEdit,
    ) -> Result<Cluster> {
        let before = self.known_cluster(id_or_name).await?;
        let edited = self.try_edit_cluster(by, id_or_name, edit).await;
        self.audit_change(
            by.actor(),
            "cluster.edit",
            id_or_name,
            Change::from(before.as_ref()).to(&edited),
            &edited,
        )
        .await?;
        edited
    }

    async fn try_edit_cluster(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        edit: ClusterEdit,
    ) -> Result<Cluster> {
        let (old, old_secrets) = self.core().cluster_with_secrets(id_or_name).await?;
        ask(by, Resource::Cluster, Action::Edit, &place_of_cluster(&old))?;
        if let Some(url) = &edit.storage_url {
            ask_for_directory(by, url)?;
        }
        if by.is_outside() {
            refuse_to_send_secrets_elsewhere(&old, &old_secrets, &edit)?;
        }
        let new = edited(&old, &old_secrets, edit);
        let mut cluster = Cluster {
            id: old.id.clone(),
            created_at: old.created_at,
            milvus_version: old.milvus_version.clone(),
            ..described(&new, old.project_id.clone())?
        };
        self.refuse_taken_name(&cluster).await?;
        let secrets = ClusterSecrets::from(&new);
        let elsewhere = (&cluster.address, &cluster.storage) != (&old.address, &old.storage);
        if elsewhere || cluster.username != old.username || secrets != old_secrets {
            let check = Check::run(self.core().stores(), &cluster, &secrets).await;
            if check.version.is_some() {
                cluster.milvus_version.clone_from(&check.version);
            }
            check.into_error().map_or(Ok(()), Err)?;
        }
        let sealed = self.core().seal_cluster(&cluster.id, &secrets).await?;
        self.queue().reclaim().await?;
        self.catalog()
            .edit_cluster(&cluster, &sealed, !elsewhere)
            .await?;
        Ok(cluster)
    }

    /// A cluster as the catalog has it, for the audit.
    async fn known_cluster(&self, id_or_name: &str) -> Result<Option<Cluster>> {
        let found = self.catalog().cluster(id_or_name).await?;
        Ok(found.map(|(cluster, _)| cluster))
    }

    async fn refuse_taken_name(&self, cluster: &Cluster) -> Result<()> {
        match self.catalog().cluster(&cluster.name).await? {
            Some((other, _)) if other.id != cluster.id => Err(Error::new(
                ErrorCode::ClusterNameTaken,
                cluster.name.as_str(),
            )
            .hint("choose another name")),
            _ => Ok(()),
        }
    }

    /// Every registered cluster, by name.
    pub async fn clusters(&self) -> Result<Vec<Cluster>> {
        self.catalog().clusters().await
    }

    /// One cluster, by identifier or name.
    pub async fn cluster(&self, id_or_name: &str) -> Result<Cluster> {
        Ok(self.core().cluster_with_secrets(id_or_name).await?.0)
    }

    /// Tries everything that backups and restores of a cluster need.
    pub async fn check_cluster(&self, id: &ClusterId) -> Result<ClusterCheck> {
        let (cluster, secrets) = self.core().cluster_with_secrets(id.as_str()).await?;
        let check = Check::run(self.core().stores(), &cluster, &secrets).await;
        if let Some(version) = &check.version {
            self.catalog().set_milvus_version(id, version).await?;
        }
        Ok(check.result())
    }

    /// Forgets a cluster and its secrets. Its backups stay. Refused while a job of it runs.
    pub async fn remove_cluster(&self, by: &dyn Acts, id: &ClusterId) -> Result<()> {
        self.queue().reclaim().await?;
        let before = self.known_cluster(id.as_str()).await?;
        let removed = self.try_remove_cluster(by, id).await;
        self.audit_change(
            by.actor(),
            "cluster.remove",
            id.as_str(),
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }

    async fn try_remove_cluster(&self, by: &dyn Acts, id: &ClusterId) -> Result<()> {
        let found = self.catalog().cluster(id.as_str()).await?;
        let (cluster, _) =
            found.ok_or_else(|| Error::new(ErrorCode::ClusterNotFound, id.as_str()))?;
        let here = place_of_cluster(&cluster);
        ask(by, Resource::Cluster, Action::Delete, &here)?;
        self.catalog().remove_cluster(&cluster.id).await
    }

    /// The collections a cluster has now, by database and name.
    pub async fn cluster_collections(&self, id: &ClusterId) -> Result<Vec<CollectionName>> {
        let open = self.core().open_cluster(id.as_str()).await?;
        let databases = open.milvus.databases().await?;
        all_of(&*open.milvus, databases).await
    }
}

/// A cluster's name as it is kept.
pub(crate) fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            "a cluster's name has 1 to 64 characters, none of them a control character",
        ));
    }
    Ok(name)
}

/// A region as it is kept; none where none was given.
pub(crate) fn checked_region(region: Option<&str>) -> Result<Option<String>> {
    let region = given(region);
    let bad = |region: &String| {
        region.chars().count() > 64 || region.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    if region.as_ref().is_some_and(bad) {
        return Err(invalid(
            "cloud region",
            "a region's identifier has at most 64 characters and no space",
        )
        .hint("write it like `aws-us-west-2`"));
    }
    Ok(region)
}

/// A cluster from what was typed, with everything checked that needs no connection.
pub(crate) fn described(new: &NewCluster, project_id: ProjectId) -> Result<Cluster> {
    let name = checked_name(&new.name)?;
    let url = Url::parse(&new.address).map_err(|error| {
        invalid("address", &error.to_string()).hint("write it as `http://host:19530`")
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(invalid("address", "neither `http://` nor `https://`")
            .hint("write it as `http://host:19530`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("address", "it holds a user or password")
            .hint("give user and password on their own"));
    }
    if new.token.is_some() && new.username.is_some() {
        return Err(invalid("token", "a user and a token were both given").hint("give one of them"));
    }
    let cloud_region = checked_region(new.cloud_region.as_deref())?;
    let storage = StorageLocation {
        url: new.storage_url.trim_end_matches('/').to_owned(),
        endpoint: given(new.storage_endpoint.as_deref()),
        region: given(new.storage_region.as_deref()),
    };
    Ok(Cluster {
        id: id::cluster()?,
        name: name.to_owned(),
        project_id,
        deployment_option: new.deployment_option,
        cloud_region,
        address: new.address.trim_end_matches('/').to_owned(),
        username: given(new.username.as_deref()),
        storage,
        created_at: Timestamp::now(),
        milvus_version: None,
    })
}

/// Whoever may change the address must not learn what somebody else stored, by having it sent to a server of theirs.
fn refuse_to_send_secrets_elsewhere(
    old: &Cluster,
    secrets: &ClusterSecrets,
    edit: &ClusterEdit,
) -> Result<()> {
    let Some(address) = &edit.address else {
        return Ok(());
    };
    let origin = |address: &str| Url::parse(address).map(|url| url.origin());
    let same = matches!((origin(&old.address), origin(address)), (Ok(old), Ok(new)) if old == new);
    let password_kept = old.username.is_some()
        && secrets.password.is_some()
        && edit.password.is_none()
        && edit.token.is_none();
    let token_kept = secrets.token.is_some() && edit.token.is_none() && edit.username.is_none();
    let kept = match (password_kept, token_kept) {
        (true, _) => "password",
        (_, true) => "token",
        (false, false) => return Ok(()),
    };
    if same {
        return Ok(());
    }
    Err(invalid(
        kept,
        &format!("the stored {kept} would be sent to another server"),
    )
    .hint(format!(
        "give the {kept} again, together with the new address"
    )))
}

/// A cluster as it is, with what is to change about it. Of user and token the one that is given takes the other's place.
fn edited(old: &Cluster, secrets: &ClusterSecrets, edit: ClusterEdit) -> NewCluster {
    // As it was typed: a password may begin with a space.
    let changed = |edit: Option<String>, old: &Option<String>| {
        edit.or_else(|| old.clone()).filter(|text| !text.is_empty())
    };
    let token_given = edit.token.as_deref().is_some_and(|token| !token.is_empty());
    let user_given = edit
        .username
        .as_deref()
        .is_some_and(|user| !user.is_empty());
    let username = match edit.username {
        None if token_given => None,
        edit => changed(edit, &old.username),
    };
    let token = match edit.token {
        None if user_given => None,
        edit => changed(edit, &secrets.token),
    };
    NewCluster {
        name: edit.name.unwrap_or_else(|| old.name.clone()),
        address: edit.address.unwrap_or_else(|| old.address.clone()),
        project: None,
        deployment_option: edit.deployment_option.unwrap_or(old.deployment_option),
        cloud_region: changed(edit.cloud_region, &old.cloud_region),
        password: match &username {
            Some(_) => changed(edit.password, &secrets.password),
            None => None,
        },
        username,
        token,
        ca_certificate: changed(edit.ca_certificate, &secrets.ca_certificate),
        storage_url: edit.storage_url.unwrap_or_else(|| old.storage.url.clone()),
        storage_endpoint: changed(edit.storage_endpoint, &old.storage.endpoint),
        storage_region: changed(edit.storage_region, &old.storage.region),
        storage_credentials: edit
            .storage_credentials
            .unwrap_or_else(|| secrets.storage()),
    }
}

/// What was typed, without space around it; nothing where nothing was.
fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn invalid(field: &str, why: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, field).because(why)
}

#[cfg(test)]
mod tests;
