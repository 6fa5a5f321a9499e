//! What somebody asks for. Every verb is `Options → Plan → run`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{BackupId, ClusterId, ProofLevel};

/// A collection by database and name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CollectionName {
    /// The database; `default` when nothing else was said.
    pub database: String,
    /// The collection.
    pub name: String,
}

impl fmt::Display for CollectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.database, self.name)
    }
}

impl FromStr for CollectionName {
    type Err = String;

    /// Takes `database.collection` or `collection`; Milvus allows no dot in either name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (database, name) = text.split_once('.').unwrap_or(("default", text));
        if database.is_empty() || name.is_empty() || name.contains('.') {
            return Err(format!(
                "`{text}` is no collection name; write `collection` or `database.collection`"
            ));
        }
        Ok(Self {
            database: database.to_owned(),
            name: name.to_owned(),
        })
    }
}

/// A backup to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupOptions {
    /// Of which cluster.
    pub cluster_id: ClusterId,
    /// Any language, 1 to 128 characters; none makes one from the time.
    pub name: Option<String>,
    /// Only this database. Excludes `collections`.
    pub database: Option<String>,
    /// Only these collections. Empty, with no database: the whole cluster.
    pub collections: Vec<CollectionName>,
}

/// A backup to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyOptions {
    /// Which.
    pub backup_id: BackupId,
    /// How closely: `list` or `read`.
    pub level: ProofLevel,
}

/// What becomes of the restored collections' load state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadStateWish {
    /// Load those that were loaded.
    #[default]
    Keep,
    /// Load none.
    Release,
}

/// A backup to restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreOptions {
    /// Which.
    pub backup_id: BackupId,
    /// Into which cluster; none restores into the one it was taken from.
    pub cluster_id: Option<ClusterId>,
    /// Only these collections, by their names in the backup. Empty: all.
    pub collections: Vec<CollectionName>,
    /// Put behind every collection's name: letters, digits and `_`. May be empty.
    pub suffix: String,
    /// What becomes of the load state.
    pub load_state: LoadStateWish,
}

/// A backup to delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteOptions {
    /// Which.
    pub backup_id: BackupId,
}
