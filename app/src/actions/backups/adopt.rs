//! Asking for an adoption, and its form.

use hozon_engine::Engine;
use hozon_model::{AdoptOptions, BackupId};
use leptos::prelude::*;

use super::super::{finish, typed};
use crate::{
    error::AppResult,
    flash::{Done, Form},
    format::command::Fields,
    session,
    visit::{Address, Query},
};

/// An archive to adopt, and where archives were looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct AdoptForm {
    /// The integration's name.
    pub integration: String,
    /// The directory that was looked in.
    pub within: String,
    /// The archive's own directory.
    pub directory: String,
    /// The backup's identifier, where the archive is a repository.
    pub backup: String,
    /// The cluster's name; empty for one that only the archive knows, none where nothing was chosen yet.
    pub cluster: Option<String>,
    /// The backup's name.
    pub name: String,
}

impl AdoptForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            integration: text("integration"),
            within: text("within"),
            directory: text("directory"),
            backup: text("backup"),
            cluster: query.all("cluster").into_iter().next(),
            name: text("name"),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            one("integration", &self.integration),
            one("within", &self.within),
            one("directory", &self.directory),
            one("backup", &self.backup),
            one("cluster", self.cluster.as_deref().unwrap_or_default()),
            one("name", &self.name),
        ]
    }

    /// The page with what was found there.
    pub(crate) fn list(&self) -> Address {
        Address::new("/backups/adopt")
            .with("integration", &self.integration)
            .with("within", &self.within)
    }

    /// The dialog with the form as it is.
    pub(crate) fn address(&self) -> Address {
        self.list()
            .with("dialog", "adopt")
            .with("directory", &self.directory)
            .with("backup", &self.backup)
            .with("name", &self.name)
            .and("cluster", self.cluster.clone())
    }

    async fn options(&self, engine: &Engine) -> AppResult<AdoptOptions> {
        let cluster_id = match typed(self.cluster.clone()) {
            Some(name) => Some(engine.cluster(&name).await?.id),
            None => None,
        };
        Ok(AdoptOptions {
            integration_id: engine.integration(&self.integration).await?.id,
            directory: self.directory.clone(),
            backup_id: typed(Some(self.backup.clone())).map(BackupId::new),
            name: typed(Some(self.name.clone())),
            cluster_id,
        })
    }
}

/// Asks for an adoption.
#[server(prefix = "/api", endpoint = "adopt_backup")]
pub(crate) async fn adopt_backup(
    integration: String,
    #[server(default)] within: String,
    #[server(default)] directory: String,
    #[server(default)] backup: String,
    #[server(default)] cluster: String,
    #[server(default)] name: String,
) -> AppResult<()> {
    let form = AdoptForm {
        integration,
        within,
        directory,
        backup,
        cluster: Some(cluster),
        name,
    };
    let back = form.address();
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let job = engine
            .adopt_backup(&actor, form.options(&engine).await?)
            .await?;
        Ok(format!("/jobs/{}", job.id))
    };
    finish(Form::Adopt, Done::Adopt, outcome.await, back)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_comes_back_as_it_was() {
        let form = AdoptForm {
            integration: "書庫".to_owned(),
            within: "exports".to_owned(),
            directory: "exports/a b".to_owned(),
            backup: "backup0_1".to_owned(),
            cluster: Some(String::new()),
            name: String::new(),
        };
        let uri = form.address().to_string().parse().expect("a URI");
        let again = AdoptForm::of(&Address::of(&uri).query);
        assert_eq!(again.fields(), form.fields());
        assert_eq!(again.cluster, Some(String::new()), "none was chosen");
        assert_eq!(AdoptForm::of(&form.list().query).cluster, None);
    }
}
