//! What can be typed after `hozon backup`.

use clap::{Args, Subcommand};
use hozon_model::{ByteRate, CollectionName, Rename};
use jiff::Timestamp;

use crate::cli::{
    choices::{Format, Indexes, Level, LoadState, Sort, State, WhatExists},
    words::moment,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Back up a cluster, a database or chosen collections
    Create(Create),
    /// List backups
    List(List),
    /// Show one backup and its collections
    Show {
        /// Name or identifier of the backup
        backup: String,
    },
    /// Check that a backup can be restored
    Verify(Verify),
    /// Restore a backup into a cluster
    Restore(Restore),
    /// Export a backup to the place of an integration
    Export(Export),
    /// Make a backup of an archive: one in the layout of milvus-backup, or a repository
    Adopt(Adopt),
    /// Copy a backup into another repository, where it can be restored on its own
    Copy(Copy),
    /// Delete a backup; files that another backup needs stay
    Delete(Delete),
    /// Keep a backup, whatever a policy says
    Pin {
        /// Name or identifier of the backup
        backup: String,
    },
    /// Let a policy decide again how long a backup is kept
    Unpin {
        /// Name or identifier of the backup
        backup: String,
    },
    /// Give a backup another name
    Rename {
        /// Name or identifier of the backup
        backup: String,
        /// The new name, 1 to 128 characters of any language
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// Name or identifier of the cluster
    #[arg(long, short)]
    pub(super) cluster: String,
    /// Name of the backup; made from the time if there is none
    #[arg(long, short)]
    pub(super) name: Option<String>,
    /// Back up only this database
    #[arg(long, short, conflicts_with = "collections")]
    pub(super) database: Option<String>,
    /// Back up only these collections, `collection` or `database.collection`
    #[arg(long, value_delimiter = ',', value_name = "COLLECTION,…")]
    pub(super) collections: Vec<CollectionName>,
    /// Copy it into these repositories as soon as it is available
    #[arg(long, value_delimiter = ',', value_name = "REPOSITORY,…")]
    pub(super) copy_to: Vec<String>,
    /// Let at most so many bytes a second pass, like `20 MB/s`; a configured limit holds all the same
    #[arg(long, value_name = "RATE")]
    pub(super) bandwidth_limit: Option<ByteRate>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only backups of this cluster
    #[arg(long, short)]
    pub(super) cluster: Option<String>,
    /// Only backups of this project
    #[arg(long)]
    pub(super) project: Option<String>,
    /// Only backups in this state; without it all but the deleted ones
    #[arg(long)]
    pub(super) state: Option<State>,
    /// Only backups whose name contains this
    #[arg(long, value_name = "TEXT")]
    pub(super) search: Option<String>,
    /// Sort by this, largest or newest first
    #[arg(long, default_value = "created")]
    pub(super) sort: Sort,
    /// Smallest or oldest first
    #[arg(long)]
    pub(super) ascending: bool,
    /// Backups on a page, 1 to 100
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(super) limit: u8,
    /// Which page
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) page: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Name or identifier of the backup
    pub(super) backup: String,
    /// How closely to look
    #[arg(long, short, default_value = "read")]
    pub(super) level: Level,
    /// Put the job into the queue and leave
    #[arg(long)]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Name or identifier of the backup
    pub(super) backup: String,
    /// Cluster to restore into; without it the one the backup was taken from
    #[arg(long, short)]
    pub(super) cluster: Option<String>,
    /// Put behind the name of every restored collection: letters, digits and `_`
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(super) suffix: String,
    /// Restore only these collections, by their names in the backup
    #[arg(long, value_delimiter = ',', value_name = "COLLECTION,…")]
    pub(super) collections: Vec<CollectionName>,
    /// Other names, `old:new` or `database.old:database.new`; `old.*:new.*` for all of a database
    #[arg(long, value_delimiter = ',', value_name = "OLD:NEW,…")]
    pub(super) rename: Vec<Rename>,
    /// Put every collection that is not renamed into this database
    #[arg(long, short)]
    pub(super) database: Option<String>,
    /// What is done where a collection of that name is there already
    #[arg(long, default_value = "refuse")]
    pub(super) existing: WhatExists,
    /// Which indexes the restored collections get
    #[arg(long, default_value = "keep")]
    pub(super) indexes: Indexes,
    /// Whether the restored collections are loaded
    #[arg(long, default_value = "keep")]
    pub(super) load_state: LoadState,
    /// Leave out what was written or deleted later, `2026-11-21T09:00:00+09:00`
    ///
    /// Rows that were deleted later come back, unless Milvus had compacted them away before the backup.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) until: Option<Timestamp>,
    /// Restore from the copy in this repository
    #[arg(long, value_name = "REPOSITORY")]
    pub(super) from: Option<String>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// Name or identifier of the backup
    pub(super) backup: String,
    /// Name of the repository to copy it into
    #[arg(long, value_name = "REPOSITORY")]
    pub(super) to: String,
    /// Let at most so many bytes a second pass, like `20 MB/s`; a configured limit holds all the same
    #[arg(long, value_name = "RATE")]
    pub(super) bandwidth_limit: Option<ByteRate>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Name or identifier of the backup
    pub(super) backup: String,
    /// Name or identifier of the integration
    #[arg(long, short)]
    pub(super) integration: String,
    /// Directory there, like `exports/2026`; the export gets one of its own in it, named like the backup's identifier
    #[arg(
        long,
        short,
        value_name = "PATH",
        default_value = "",
        hide_default_value = true
    )]
    pub(super) directory: String,
    /// In which shape
    #[arg(long, short, default_value = "milvus-backup")]
    pub(super) format: Format,
    /// Let at most so many bytes a second pass, like `20 MB/s`; a configured limit holds all the same
    #[arg(long, value_name = "RATE")]
    pub(super) bandwidth_limit: Option<ByteRate>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The archive's own directory at the place of the integration: the one that holds `meta` and `binlogs`, or `hozon.json`
    pub(super) directory: String,
    /// Name or identifier of the integration
    #[arg(long, short)]
    pub(super) integration: String,
    /// Which backup, by its identifier, where the archive is a repository that holds several
    #[arg(long, value_name = "ID")]
    pub(super) backup: Option<String>,
    /// Registered cluster that it counts as a backup of; without it a cluster that only the archive knows
    #[arg(long, short)]
    pub(super) cluster: Option<String>,
    /// Name of the backup; the archive's own if there is none
    #[arg(long, short)]
    pub(super) name: Option<String>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Name or identifier of the backup
    pub(super) backup: String,
    /// Delete the copy in this repository, and nothing else
    #[arg(long, value_name = "REPOSITORY")]
    pub(super) copy: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Put the job into the queue and leave
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) no_wait: bool,
}
