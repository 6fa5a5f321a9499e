//! The forms of the dialogs: as they stand in an address, as they are posted, and as the engine wants them.

use hozon_engine::Engine;
use hozon_model::{
    BackupId, BackupOptions, ClusterId, CollectionName, ErrorCode, LoadStateWish, RestoreOptions,
};

use super::super::typed;
use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// The name under which a form sends each chosen collection.
pub(crate) const COLLECTIONS: &str = "collections[]";

/// A backup to make.
#[derive(Clone, Debug, Default)]
pub(crate) struct CreateForm {
    /// The cluster's name.
    pub cluster: String,
    /// The backup's name.
    pub name: String,
    /// `cluster`, `database` or `collections`.
    pub scope: String,
    /// Which database.
    pub database: String,
    /// Which collections, `database.collection`.
    pub collections: Vec<String>,
}

impl CreateForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            cluster: text("cluster"),
            name: text("name"),
            scope: query.get("scope").unwrap_or("cluster").to_owned(),
            database: text("database"),
            collections: query.all(COLLECTIONS),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![
            one("cluster", &self.cluster),
            one("name", &self.name),
            one("scope", &self.scope),
            one("database", &self.database),
        ];
        fields.extend(self.collections.iter().map(|name| one(COLLECTIONS, name)));
        fields
    }

    pub(super) fn address(&self) -> Address {
        with_fields(
            Address::new("/backups").with("dialog", "create"),
            self.fields(),
        )
    }

    pub(super) fn into_options(self, cluster_id: ClusterId) -> AppResult<BackupOptions> {
        let collections = match self.scope.as_str() {
            "collections" => names(&self.collections)?,
            _ => Vec::new(),
        };
        if self.scope == "collections" && collections.is_empty() {
            return Err(AppError::new(
                ErrorCode::InvalidInput,
                "collections",
                "no collection was chosen",
            ));
        }
        Ok(BackupOptions {
            cluster_id,
            name: typed(Some(self.name)),
            database: typed((self.scope == "database").then_some(self.database)),
            collections,
        })
    }
}

/// A backup to restore.
#[derive(Clone, Debug, Default)]
pub(crate) struct RestoreForm {
    /// The backup's identifier.
    pub id: String,
    /// The target cluster's name.
    pub cluster: String,
    /// Put behind every collection's name.
    pub suffix: String,
    /// Which collections; none means all.
    pub collections: Vec<String>,
    /// `keep` or `release`.
    pub load: String,
}

impl RestoreForm {
    /// The form that stands in an address, for a backup of `cluster`.
    pub(crate) fn of(query: &Query, id: &str, cluster: &str) -> Self {
        Self {
            id: id.to_owned(),
            cluster: query.get("cluster").unwrap_or(cluster).to_owned(),
            suffix: query.get("suffix").unwrap_or_default().to_owned(),
            collections: query.all(COLLECTIONS),
            load: query.get("load").unwrap_or("keep").to_owned(),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![
            one("id", &self.id),
            one("cluster", &self.cluster),
            one("suffix", &self.suffix),
            one("load", &self.load),
        ];
        fields.extend(self.collections.iter().map(|name| one(COLLECTIONS, name)));
        fields
    }

    /// The dialog at one of its steps.
    pub(crate) fn address(&self, step: &str) -> Address {
        let dialog = Address::new(format!("/backups/{}", self.id))
            .with("dialog", "restore")
            .with("step", step);
        with_fields(dialog, self.fields()).without(&["id"])
    }

    /// What the engine is to do.
    pub(crate) async fn options(&self, engine: &Engine) -> AppResult<RestoreOptions> {
        let cluster_id = match self.cluster.as_str() {
            "" => None,
            name => Some(engine.cluster(name).await?.id),
        };
        Ok(RestoreOptions {
            backup_id: BackupId::new(self.id.as_str()),
            cluster_id,
            collections: names(&self.collections)?,
            suffix: self.suffix.trim().to_owned(),
            load_state: match self.load.as_str() {
                "release" => LoadStateWish::Release,
                _ => LoadStateWish::Keep,
            },
        })
    }
}

fn with_fields(address: Address, fields: Fields) -> Address {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .fold(address, |address, (name, value)| {
            address.and(&name, [value])
        })
}

fn names(texts: &[String]) -> AppResult<Vec<CollectionName>> {
    texts
        .iter()
        .map(|text| {
            text.parse()
                .map_err(|why: String| AppError::new(ErrorCode::InvalidInput, text.as_str(), why))
        })
        .collect()
}
