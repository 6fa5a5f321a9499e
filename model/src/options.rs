//! What somebody asks for. Every verb is `Options → Plan → run`.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupId, ByteRate, ClusterId, IntegrationId, ProofLevel};

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
    /// Names of repositories to copy it into once it is available.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<String>,
    /// How fast its bytes, and those of its copies, may pass; none leaves it at the limit of the whole process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_limit: Option<ByteRate>,
}

/// A backup to copy into another repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyOptions {
    /// Which.
    pub backup_id: BackupId,
    /// Into which repository, by its name.
    pub repository: String,
    /// How fast its bytes may pass; none leaves it at the limit of the whole process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_limit: Option<ByteRate>,
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

/// What is done where a collection of a target's name is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// Restore nothing at all.
    #[default]
    Refuse,
    /// Leave it as it is, and restore the others.
    Skip,
    /// Put the restored one in its place, once that is whole. Its aliases move with the name.
    Replace,
}

/// Which indexes the restored collections get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexWish {
    /// Those they had.
    #[default]
    Keep,
    /// Those they had, but AUTOINDEX on every field of vectors that had one.
    Auto,
    /// None; such collections cannot be loaded.
    None,
}

/// Another name for a restored collection: `old:new`, or `old_database.*:new_database.*` for all of a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rename {
    /// Its name in the backup; `*` for every collection of the database.
    pub from: CollectionName,
    /// Its name after the restore; `*` where `from` has it.
    pub to: CollectionName,
}

impl Rename {
    /// Stands for every collection of a database.
    pub const ALL: &str = "*";

    /// The rule that renames a collection: one that names it goes before one for its whole database.
    pub fn closest<'a>(source: &CollectionName, renames: &'a [Self]) -> Option<&'a Self> {
        let all = || {
            renames.iter().find(|rename| {
                rename.from.name == Self::ALL && rename.from.database == source.database
            })
        };
        renames
            .iter()
            .find(|rename| rename.from == *source)
            .or_else(all)
    }
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.to)
    }
}

impl FromStr for Rename {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text
            .split_once(':')
            .ok_or_else(|| format!("`{text}` is no new name; write `old:new`"))?;
        let (from, to): (CollectionName, CollectionName) = (from.parse()?, to.parse()?);
        if (from.name == Self::ALL) != (to.name == Self::ALL) {
            return Err(format!(
                "`{text}` has `*` on one side only; write `old_database.*:new_database.*`"
            ));
        }
        Ok(Self { from, to })
    }
}

/// A backup to restore. What was added after version 0.1 has defaults, so that queued jobs stay readable.
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
    /// New names, in place of old name and suffix.
    #[serde(default)]
    pub renames: Vec<Rename>,
    /// Put every collection that is not renamed into this database.
    #[serde(default)]
    pub database: Option<String>,
    /// What is done where a collection of a target's name is there already.
    #[serde(default)]
    pub existing: Existing,
    /// Which indexes they get.
    #[serde(default)]
    pub indexes: IndexWish,
    /// Leave out every row and every deletion that is later than this moment, which must be within the backup.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The repository of a copy to restore from; none restores from the one that backups are made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

impl RestoreOptions {
    /// All of a backup, as it was, into the cluster it was taken from.
    pub fn whole(backup_id: BackupId) -> Self {
        Self {
            backup_id,
            cluster_id: None,
            collections: Vec::new(),
            suffix: String::new(),
            load_state: LoadStateWish::default(),
            renames: Vec::new(),
            database: None,
            existing: Existing::default(),
            indexes: IndexWish::default(),
            until: None,
            repository: None,
        }
    }

    /// A collection's name after the restore. Whether Milvus takes it is not asked.
    pub fn target(&self, source: &CollectionName) -> CollectionName {
        let rule = Rename::closest(source, &self.renames);
        if let Some(Rename { to, .. }) = rule
            && to.name != Rename::ALL
        {
            return to.clone();
        }
        let database = rule
            .map(|rule| &rule.to.database)
            .or(self.database.as_ref())
            .unwrap_or(&source.database);
        CollectionName {
            database: database.clone(),
            name: format!("{}{}", source.name, self.suffix),
        }
    }
}

/// A backup to delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteOptions {
    /// Which.
    pub backup_id: BackupId,
    /// Delete the copy in this repository, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

/// The shape of what an export writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// The layout of milvus-backup, which its own CLI restores.
    #[default]
    MilvusBackup,
    /// A repository of Hozon that holds this backup.
    Repository,
}

impl ExportFormat {
    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MilvusBackup => "milvus-backup",
            Self::Repository => "repository",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::MilvusBackup, Self::Repository]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| {
                format!("`{text}` is no format of an export; use `milvus-backup` or `repository`")
            })
    }
}

/// A backup to export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOptions {
    /// Which.
    pub backup_id: BackupId,
    /// To which place.
    pub integration_id: IntegrationId,
    /// The directory there, relative; may be empty. The export lies in a directory of its own in it, named like the
    /// backup's identifier.
    pub directory: String,
    /// In which shape.
    pub format: ExportFormat,
    /// How fast its bytes may pass; none leaves it at the limit of the whole process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_limit: Option<ByteRate>,
}

/// An archive to make a backup of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptOptions {
    /// At which place.
    pub integration_id: IntegrationId,
    /// The archive's own directory there, relative: the one that holds `meta` and `binlogs`, or `hozon.json`.
    pub directory: String,
    /// Which backup of it, where the archive is a repository that holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_id: Option<BackupId>,
    /// The backup's name; none takes the archive's.
    pub name: Option<String>,
    /// The registered cluster that it counts as a backup of; none leaves it with a cluster that only the archive knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<ClusterId>,
}
