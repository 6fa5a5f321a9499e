//! The keys of milvus-backup's configuration, in both versions: what each may hold, what milvus-backup takes where it is
//! missing, and what it is here.

use super::{v1, v2};

/// Which set of keys a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// Up to milvus-backup 0.5: no `configVersion`, or `v1`.
    V1,
    /// From milvus-backup 0.6 on.
    V2,
}

impl Version {
    /// As `configVersion` names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::V1 => Self::V2,
            Self::V2 => Self::V1,
        }
    }

    /// Its keys, in the order of milvus-backup's own example.
    pub(super) fn keys(self) -> impl Iterator<Item = &'static Key> {
        let tables = match self {
            Self::V1 => v1::KEYS,
            Self::V2 => v2::KEYS,
        };
        tables.iter().copied().flatten()
    }
}

/// Which of the two storages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// Milvus's own.
    Milvus,
    /// Where backups lie.
    Backup,
}

/// What is said of a storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Provider,
    Host,
    Port,
    Region,
    Tls,
    Account,
    Bucket,
    Root,
    LocalPath,
    AuthType,
    AccessKey,
    SecretKey,
    SessionToken,
    AccountKey,
    KeyFile,
    Iam,
    IamEndpoint,
}

impl Part {
    /// Whether the storage of backups takes it from Milvus's where it is not set.
    pub(super) fn is_inherited(self, version: Version) -> bool {
        match self {
            Self::LocalPath => false,
            Self::Root => version == Version::V1,
            Self::KeyFile => version == Version::V2,
            _ => true,
        }
    }
}

/// What has a counterpart here, whatever the version calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Serve,
    Address,
    Port,
    User,
    Password,
    Tls,
    Authority,
    ServerName,
    ClientCertificate,
    ClientKey,
    At(Side, Part),
}

/// What a value must be.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Secret,
    Number,
    Port,
    Flag,
    /// One of these, whatever the case of its letters.
    OneOf(&'static [&'static str]),
    List,
}

/// What becomes of a key.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    Taken(Slot),
    /// It has no counterpart, for this reason.
    Left(&'static str),
}

/// A key.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// As the documentation writes it; where there are several, the first that is set counts.
    pub(super) names: &'static [&'static str],
    /// The variable that overrides it.
    pub(super) variable: Option<&'static str>,
    pub(super) kind: Kind,
    /// What milvus-backup takes where it is not set; empty for nothing.
    pub(super) default: &'static str,
    pub(super) fate: Fate,
}

/// A key that has a counterpart.
pub(super) const fn taken(
    names: &'static [&'static str],
    kind: Kind,
    default: &'static str,
    slot: Slot,
) -> Key {
    Key {
        names,
        variable: None,
        kind,
        default,
        fate: Fate::Taken(slot),
    }
}

/// A key that has none.
pub(super) const fn left(names: &'static [&'static str], kind: Kind, why: &'static str) -> Key {
    Key {
        names,
        variable: None,
        kind,
        default: "",
        fate: Fate::Left(why),
    }
}

impl Key {
    /// With the variable that overrides it.
    pub(super) const fn or(mut self, variable: &'static str) -> Self {
        self.variable = Some(variable);
        self
    }
}

pub(super) const LOG: &str =
    "Hozon logs to stderr: `--verbose` logs more, `serve --log-format` says how lines look";
pub(super) const DEBUG: &str = "Hozon's server has no such mode";
pub(super) const BASE_PATH: &str =
    "Hozon stands at the root of its host, and its documents with it";
pub(super) const CLOUD: &str = "Hozon moves nothing into the managed service by this key";
pub(super) const REPLICATION: &str = "Hozon restores no secondaries of a replication";
pub(super) const ETCD: &str = "Hozon reads nothing from etcd";
pub(super) const REST: &str = "Hozon speaks gRPC alone with Milvus";
pub(super) const GARBAGE: &str =
    "Hozon pauses no garbage collection: a backup that misses a file fails, it is never incomplete";
pub(super) const PARALLEL: &str = "Hozon copies a few files at a time, in bounded memory; `workers` says how many jobs run at a time";
pub(super) const IMPORTS: &str = "Hozon imports partition by partition";
pub(super) const STAGED: &str = "Hozon always removes what it staged";
pub(super) const TRANSFER: &str = "Hozon decides by itself: a service that keeps both ends is asked to copy, everything else streams, hashed on the way";
pub(super) const SNAPSHOTS: &str = "it is for snapshots, which Hozon does not make";
