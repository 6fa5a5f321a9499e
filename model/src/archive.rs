//! What lies at the place of an integration and can become a backup.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BackupId, CollectionName, ErrorReport, ExportFormat};

/// An archive that was found, by its documents alone: its files have not been looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundArchive {
    /// Its own directory, relative to the place of the integration.
    pub directory: String,
    /// Its shape.
    pub format: ExportFormat,
    /// The backup in it, where it is a repository.
    pub backup_id: Option<BackupId>,
    /// The backup's name; the directory's where the documents cannot be read.
    pub name: String,
    /// The cluster it was taken from, where the archive says so.
    pub cluster_name: Option<String>,
    /// Its collections.
    pub collections: Vec<CollectionName>,
    /// The moment it shows, or when it was made; none where the archive does not say.
    pub made_at: Option<Timestamp>,
    /// Why its documents cannot be read.
    pub damage: Option<ErrorReport>,
}

/// The archives at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundArchives {
    /// Newest first.
    pub archives: Vec<FoundArchive>,
    /// Whether everything was looked at; where more lies there than is looked at in one go, a directory says where.
    pub complete: bool,
}
