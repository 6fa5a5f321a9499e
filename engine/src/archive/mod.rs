//! The layout of milvus-backup: a directory that its own CLI can list and restore, written from a backup of ours, and
//! read to become one.
//!
//! ```text
//! <name>/binlogs/insert_log/<collection>/<partition>/<group>/<segment>/<field>/<log>
//! <name>/binlogs/delta_log/<collection>/<partition>/<group>/<segment>/<log>
//! <name>/meta/{collection_meta,partition_meta,segment_meta,hozon,full_meta,backup_meta}.json
//! ```
//!
//! What is said of files elsewhere is never believed as a path: every path is built from numbers. The layout has no
//! checksums and no cut-off, so an archive of ours bears a note of them beside, which other readers pass over.

mod check;
mod described;
mod document;
mod glance;
pub mod layout;
mod note;
mod read;
mod schema;
mod write;

pub use self::{
    described::{DescribedBackup, described},
    glance::{Glance, glance},
    note::Note,
    read::{Archive, ArchivedCollection, ArchivedFile, ArchivedSegment, read},
    write::{ArchiveFile, Documents, documents, files},
};
