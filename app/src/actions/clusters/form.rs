//! The form of a cluster: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_model::{Cluster, ClusterEdit, DeploymentOption, ErrorCode, NewCluster};

use super::super::typed;
use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// A cluster to register or to change, without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClusterForm {
    /// The cluster's name.
    pub name: String,
    /// Where Milvus answers.
    pub address: String,
    /// The project, by identifier or name; a cluster stays in its own.
    pub project: String,
    /// Of [`DeploymentOption`], by its name.
    pub deployment: String,
    /// Where it runs, as people name it.
    pub cloud_region: String,
    /// The user that Hozon signs in as.
    pub username: String,
    /// Milvus's root path.
    pub storage_url: String,
    /// Where the storage is not the cloud's own.
    pub storage_endpoint: String,
    /// The bucket's region.
    pub storage_region: String,
}

impl ClusterForm {
    /// The form that stands in an address.
    pub(crate) fn in_query(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            address: text("address"),
            project: text("project"),
            deployment: text("deployment"),
            cloud_region: text("cloud_region"),
            username: text("username"),
            storage_url: text("storage_url"),
            storage_endpoint: text("storage_endpoint"),
            storage_region: text("storage_region"),
        }
    }

    /// A cluster as it is.
    pub(crate) fn of(cluster: &Cluster) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            name: cluster.name.clone(),
            address: cluster.address.clone(),
            project: String::new(),
            deployment: cluster.deployment_option.as_str().to_owned(),
            cloud_region: text(&cluster.cloud_region),
            username: text(&cluster.username),
            storage_url: cluster.storage.url.clone(),
            storage_endpoint: text(&cluster.storage.endpoint),
            storage_region: text(&cluster.storage.region),
        }
    }

    /// What the form would send, but secrets.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            one("name", &self.name),
            one("address", &self.address),
            one("project", &self.project),
            one("deployment", &self.deployment),
            one("cloud_region", &self.cloud_region),
            one("username", &self.username),
            one("storage_url", &self.storage_url),
            one("storage_endpoint", &self.storage_endpoint),
            one("storage_region", &self.storage_region),
        ]
    }

    /// A page with the form as it is.
    pub(super) fn address(&self, page: Address) -> Address {
        self.fields()
            .into_iter()
            .fold(page, |page, (name, value)| page.with(&name, value))
    }

    /// What the engine is to register.
    ///
    /// # Errors
    /// `InvalidInput` for a kind of service that there is none of.
    pub(super) fn into_new(self) -> AppResult<NewCluster> {
        Ok(NewCluster {
            deployment_option: kind(&self.deployment)?.unwrap_or_default(),
            name: self.name.trim().to_owned(),
            address: self.address.trim().to_owned(),
            project: typed(Some(self.project)),
            cloud_region: typed(Some(self.cloud_region)),
            username: typed(Some(self.username)),
            storage_url: self.storage_url.trim().to_owned(),
            storage_endpoint: typed(Some(self.storage_endpoint)),
            storage_region: typed(Some(self.storage_region)),
            ..NewCluster::default()
        })
    }

    /// What the engine is to change: only what is another than it was. What was emptied is taken away.
    ///
    /// # Errors
    /// `InvalidInput` for a kind of service that there is none of.
    pub(super) fn into_edit(self, old: &Cluster) -> AppResult<ClusterEdit> {
        let was = Self::of(old);
        let changed = |new: &str, old: &str| {
            let new = new.trim();
            (new != old).then(|| new.to_owned())
        };
        Ok(ClusterEdit {
            deployment_option: kind(&self.deployment)?,
            name: changed(&self.name, &was.name),
            address: changed(&self.address, &was.address),
            cloud_region: changed(&self.cloud_region, &was.cloud_region),
            username: changed(&self.username, &was.username),
            storage_url: changed(&self.storage_url, &was.storage_url),
            storage_endpoint: changed(&self.storage_endpoint, &was.storage_endpoint),
            storage_region: changed(&self.storage_region, &was.storage_region),
            ..ClusterEdit::default()
        })
    }
}

/// The kind of service of that name; none where none is named.
fn kind(text: &str) -> AppResult<Option<DeploymentOption>> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|why: String| AppError::new(ErrorCode::InvalidInput, "deployment", why)),
    }
}

#[cfg(test)]
mod tests {
    use hozon_model::{ClusterId, ProjectId, StorageLocation};
    use jiff::Timestamp;

    use super::*;

    fn cluster() -> Cluster {
        Cluster {
            id: ClusterId::new("in01-a"),
            name: "本番".to_owned(),
            project_id: ProjectId::default(),
            deployment_option: DeploymentOption::Dedicated,
            cloud_region: Some("aws-us-west-2".to_owned()),
            address: "http://milvus:19530".to_owned(),
            username: Some("root".to_owned()),
            storage: StorageLocation {
                url: "file:///milvus".to_owned(),
                endpoint: None,
                region: None,
            },
            created_at: Timestamp::UNIX_EPOCH,
            milvus_version: None,
        }
    }

    #[test]
    fn what_is_as_it_was_is_not_asked_for() {
        let cluster = cluster();
        let same = ClusterForm::of(&cluster);
        let edit = same.clone().into_edit(&cluster).expect("an edit");
        let expected = ClusterEdit {
            deployment_option: Some(DeploymentOption::Dedicated),
            ..ClusterEdit::default()
        };
        assert_eq!(
            serde_json::to_value(&edit).expect("JSON"),
            serde_json::to_value(&expected).expect("JSON")
        );
        let other = ClusterForm {
            name: " staging ".to_owned(),
            cloud_region: String::new(),
            ..same
        };
        let edit = other.into_edit(&cluster).expect("an edit");
        assert_eq!(edit.name.as_deref(), Some("staging"));
        assert_eq!(edit.cloud_region.as_deref(), Some(""), "taken away");
        assert!(edit.storage_url.is_none() && edit.username.is_none());
    }

    #[test]
    fn a_form_survives_its_address() {
        let form = ClusterForm::of(&cluster());
        let address = form.address(Address::new("/clusters/in01-a/edit"));
        let uri = address.to_string().parse().expect("an address is a URI");
        assert_eq!(ClusterForm::in_query(&Address::of(&uri).query), form);
    }

    #[test]
    fn a_kind_that_there_is_none_of_is_refused() {
        let form = ClusterForm {
            deployment: "Gold".to_owned(),
            ..ClusterForm::default()
        };
        let report = form.into_new().expect_err("no kind").report;
        assert_eq!(report.subject, "deployment");
    }
}
