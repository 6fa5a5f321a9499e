//! The forms of the dialogs: as they stand in an address, as they are posted, and as the engine wants them.

use hozon_engine::Engine;
use hozon_model::{
    BackupId, BackupOptions, ClusterId, CollectionName, ErrorCode, Existing, ExportFormat,
    ExportOptions, IndexWish, LoadStateWish, RestoreOptions,
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

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
            copies: Vec::new(),
            bandwidth_limit: None,
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
    /// `old:new`, with commas between.
    pub renames: String,
    /// Into which database.
    pub database: String,
    /// `refuse`, `skip` or `replace`.
    pub existing: String,
    /// `keep`, `auto` or `none`.
    pub indexes: String,
    /// A date and time in `zone`, as the browser writes it.
    pub until: String,
    /// The visitor's time zone.
    pub zone: String,
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
            renames: query.get("renames").unwrap_or_default().to_owned(),
            database: query.get("database").unwrap_or_default().to_owned(),
            existing: query.get("existing").unwrap_or("refuse").to_owned(),
            indexes: query.get("indexes").unwrap_or("keep").to_owned(),
            until: query.get("until").unwrap_or_default().to_owned(),
            zone: query.get("zone").unwrap_or_default().to_owned(),
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
            one("renames", &self.renames),
            one("database", &self.database),
            one("existing", &self.existing),
            one("indexes", &self.indexes),
            one("until", &self.until),
            one("zone", &self.zone),
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
            renames: self
                .renames
                .split([',', '\n'])
                .map(str::trim)
                .filter(|rename| !rename.is_empty())
                .map(|rename| rename.parse().map_err(|why| invalid(rename, why)))
                .collect::<AppResult<_>>()?,
            database: typed(Some(self.database.clone())),
            existing: match self.existing.as_str() {
                "skip" => Existing::Skip,
                "replace" => Existing::Replace,
                _ => Existing::Refuse,
            },
            indexes: match self.indexes.as_str() {
                "auto" => IndexWish::Auto,
                "none" => IndexWish::None,
                _ => IndexWish::Keep,
            },
            until: match self.until.as_str() {
                "" => None,
                until => Some(moment(until, &self.zone)?),
            },
            repository: None,
        })
    }

    /// Whether anything is asked for that most people leave as it is.
    pub(crate) fn is_special(&self) -> bool {
        [&self.renames, &self.database, &self.until]
            .iter()
            .any(|text| !text.is_empty())
            || self.existing != "refuse"
            || self.indexes != "keep"
    }
}

/// A date and time as a browser writes it, in the zone that it was meant in.
pub(in crate::actions) fn moment(until: &str, zone: &str) -> AppResult<Timestamp> {
    let refused = |error: jiff::Error| invalid(until, error.to_string());
    let local: DateTime = until.parse().map_err(refused)?;
    let zone = match zone {
        "" => TimeZone::UTC,
        zone => TimeZone::get(zone).map_err(refused)?,
    };
    let zoned = local.to_zoned(zone).map_err(refused)?;
    Ok(zoned.timestamp())
}

fn invalid(subject: &str, why: String) -> AppError {
    AppError::new(ErrorCode::InvalidInput, subject, why)
}

/// A backup to export.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExportForm {
    /// The backup's identifier.
    pub id: String,
    /// Whose integrations there are to choose from.
    pub provider: String,
    /// The integration's name.
    pub integration: String,
    /// Where, at its place.
    pub directory: String,
    /// Of [`ExportFormat`], by its name.
    pub format: String,
}

impl ExportForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query, id: &str) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            id: id.to_owned(),
            provider: text("provider"),
            integration: text("integration"),
            directory: text("directory"),
            format: query
                .get("format")
                .unwrap_or(ExportFormat::default().as_str())
                .to_owned(),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            one("id", &self.id),
            one("provider", &self.provider),
            one("integration", &self.integration),
            one("directory", &self.directory),
            one("format", &self.format),
        ]
    }

    /// The dialog with the form as it is.
    pub(super) fn address(&self) -> Address {
        let dialog = Address::new(format!("/backups/{}", self.id)).with("dialog", "export");
        with_fields(dialog, self.fields()).without(&["id"])
    }

    /// What the engine is to do.
    pub(super) async fn options(&self, engine: &Engine) -> AppResult<ExportOptions> {
        let format = match typed(Some(self.format.clone())) {
            Some(format) => format
                .parse()
                .map_err(|why: String| AppError::new(ErrorCode::InvalidInput, "format", why))?,
            None => ExportFormat::default(),
        };
        Ok(ExportOptions {
            backup_id: BackupId::new(self.id.as_str()),
            integration_id: engine.integration(&self.integration).await?.id,
            directory: self.directory.clone(),
            format,
            bandwidth_limit: None,
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
        .map(|text| text.parse().map_err(|why| invalid(text, why)))
        .collect()
}
