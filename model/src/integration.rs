//! Integrations: places of one's own that backups are exported to and adopted from.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CheckOutcome, IntegrationId, ProjectId, StorageCredentials, StorageLocation};

/// The kind of store an integration leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationProvider {
    /// Amazon S3.
    S3,
    /// A server that speaks S3, at an address of its own.
    S3Compatible,
    /// Azure Blob Storage.
    Azure,
    /// Google Cloud Storage.
    Gcs,
    /// A directory on the machine that Hozon runs on.
    Local,
}

impl IntegrationProvider {
    /// Every provider.
    pub const ALL: [Self; 5] = [
        Self::S3,
        Self::S3Compatible,
        Self::Azure,
        Self::Gcs,
        Self::Local,
    ];

    /// The provider of a place; none for a URL of no known kind.
    pub fn of(storage: &StorageLocation) -> Option<Self> {
        let (scheme, _) = storage.url.split_once("://")?;
        match (scheme, &storage.endpoint) {
            ("s3", None) => Some(Self::S3),
            ("s3", Some(_)) => Some(Self::S3Compatible),
            ("az", _) => Some(Self::Azure),
            ("gs", _) => Some(Self::Gcs),
            ("file", _) => Some(Self::Local),
            _ => None,
        }
    }

    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::S3Compatible => "s3_compatible",
            Self::Azure => "azure",
            Self::Gcs => "gcs",
            Self::Local => "local",
        }
    }
}

/// A place for exports. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Identifies it for ever.
    pub id: IntegrationId,
    /// Unique, chosen by the operator.
    pub name: String,
    /// The project it belongs to; only backups of that project are exported to it.
    #[serde(default)]
    pub project_id: ProjectId,
    /// For people; may be empty.
    pub description: String,
    /// The kind of store.
    pub provider: IntegrationProvider,
    /// Where it leads.
    pub storage: StorageLocation,
    /// The public half of what it signs in with: an access key, an account. None where the machine's own identity is
    /// used, or none is needed.
    pub identity: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What is needed to make an integration. `Debug` leaves the secrets out.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct NewIntegration {
    /// See [`Integration::name`].
    pub name: String,
    /// The project, by identifier or name; none means the one that is always there.
    #[serde(default)]
    pub project: Option<String>,
    /// See [`Integration::description`].
    #[serde(default)]
    pub description: String,
    /// See [`StorageLocation::url`].
    pub storage_url: String,
    /// See [`StorageLocation::endpoint`].
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The bucket's region.
    #[serde(default)]
    pub region: Option<String>,
    /// What opens the place.
    #[serde(default)]
    pub credentials: StorageCredentials,
}

impl fmt::Debug for NewIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewIntegration")
            .field("name", &self.name)
            .field("storage_url", &self.storage_url)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// One thing that an integration must be able to do; each was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntegrationCheckSubject {
    /// Objects can be listed.
    List,
    /// An object can be written.
    Write,
    /// It can be read, and is what was written.
    Read,
    /// It is not overwritten by a write that must not: what keeps two servers from harming one repository. A warning
    /// where it is; exports of archives do not need it.
    Keep,
    /// It can be deleted again.
    Delete,
}

/// One line of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationCheckItem {
    /// What was tried.
    pub subject: IntegrationCheckSubject,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// What was seen: a place, or the error.
    pub detail: String,
    /// What to do about it, where something is to be done.
    pub hint: Option<String>,
}

/// What works at the place of an integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationCheck {
    /// In the order of trying.
    pub items: Vec<IntegrationCheckItem>,
    /// The policy that allows all of it, as JSON to paste, where the service has such.
    pub policy: Option<String>,
}

impl IntegrationCheck {
    /// Whether all of it works that an export needs.
    pub fn passed(&self) -> bool {
        self.items
            .iter()
            .all(|item| matches!(item.outcome, CheckOutcome::Passed | CheckOutcome::Warning))
    }
}
