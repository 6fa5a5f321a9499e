//! The words a person can choose from, and what they mean to the engine.

use clap::ValueEnum;
use hozon_model::{
    BackupSort, BackupState, Existing, ExportFormat, IndexWish, JobKind, JobState, LoadStateWish,
    ProofLevel,
};

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident is $model:ty { $($(#[$help:meta])* $choice:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub(crate) enum $name { $($(#[$help])* $choice,)* }

        impl From<$name> for $model {
            fn from(choice: $name) -> Self {
                match choice { $($name::$choice => Self::$choice,)* }
            }
        }
    };
}

choices! {
    /// `--state` of backups.
    State is BackupState { Creating, Available, Damaged, Failed, Deleting, Deleted, }
}
choices! {
    /// `--sort` of backups.
    Sort is BackupSort { Created, Name, Size, Rows, }
}
choices! {
    /// `--level` of a verification.
    Level is ProofLevel {
        /// Every object is there and has the right size
        List,
        /// Every byte is read and hashed
        Read,
    }
}
choices! {
    /// `--format` of an export.
    Format is ExportFormat {
        /// The layout of milvus-backup, which its own CLI restores
        MilvusBackup,
        /// A repository of Hozon that holds this backup
        Repository,
    }
}
choices! {
    /// `--load-state` of a restore.
    LoadState is LoadStateWish {
        /// Load the collections that were loaded
        Keep,
        /// Load none
        Release,
    }
}
choices! {
    /// `--existing` of a restore.
    WhatExists is Existing {
        /// Restore nothing at all
        Refuse,
        /// Leave it as it is, and restore the others
        Skip,
        /// Replace it once the restored one is whole; its aliases move with the name
        Replace,
    }
}
choices! {
    /// `--indexes` of a restore.
    Indexes is IndexWish {
        /// Those the collections had
        Keep,
        /// Those they had, but AUTOINDEX on vectors
        Auto,
        /// None: such collections cannot be loaded
        None,
    }
}
choices! {
    /// `--state` of jobs.
    Status is JobState { Pending, InProgress, Canceling, Successful, Failed, Canceled, }
}
choices! {
    /// `--kind` of jobs.
    Kind is JobKind { Backup, Restore, Verify, Delete, Export, Adopt, Copy, }
}
