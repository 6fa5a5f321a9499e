//! What a document must look like before a path in it is used. Documents may come from a bucket that others can write.

use hozon_model::{BackupId, ClusterId};

use super::{
    document::damaged,
    manifest::{Begin, CollectionDocument, FileEntry, Manifest, TrashNote},
};
use crate::{Error, ErrorCode, Result, store::check_path};

/// Longest identifier that may become a part of a path.
const LONGEST_ID: usize = 64;
const BLAKE3_DIGITS: usize = 64;

/// Refuses identifiers that are no plain name.
pub(super) fn backup_id(id: &BackupId) -> Result<()> {
    if is_plain(id.as_str()) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, id.to_string())
        .because("this is no backup's identifier"))
}

/// Refuses identifiers that are no plain name.
pub(super) fn cluster_id(id: &ClusterId) -> Result<()> {
    if is_plain(id.as_str()) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, id.to_string())
        .because("this is no cluster's identifier"))
}

fn is_plain(id: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(known)
}

/// Where a backup's own objects lie.
pub(super) fn directory(id: &BackupId) -> String {
    format!("backups/{id}/")
}

/// Whether `begin.json` speaks of the backup whose directory it lies in.
pub(super) fn begin(path: &str, id: &BackupId, begin: &Begin) -> Result<()> {
    if begin.id != *id {
        return Err(damaged(
            path,
            &format!("it speaks of another backup, `{}`", begin.id),
        ));
    }
    if !is_plain(begin.cluster_id.as_str()) {
        return Err(damaged(path, "its cluster has no proper identifier"));
    }
    Ok(())
}

/// Whether a manifest speaks of its own backup and names documents of its own only.
pub(super) fn manifest(path: &str, id: &BackupId, manifest: &Manifest) -> Result<()> {
    begin(path, id, &manifest.begin)?;
    manifest
        .collections
        .iter()
        .try_for_each(|entry| document_path(path, id, &entry.document))
}

/// The same of a note.
pub(super) fn note(path: &str, id: &BackupId, note: &TrashNote) -> Result<()> {
    if note.id != *id || !is_plain(note.cluster_id.as_str()) {
        return Err(damaged(path, "it speaks of another backup"));
    }
    note.documents
        .iter()
        .flatten()
        .try_for_each(|noted| document_path(path, id, &noted.document))
}

fn document_path(path: &str, id: &BackupId, document: &str) -> Result<()> {
    let inside = format!("{}collections/", directory(id));
    if check_path(document).is_ok() && document.starts_with(&inside) {
        return Ok(());
    }
    Err(damaged(
        path,
        &format!("it names a document outside `{inside}`"),
    ))
}

/// Whether all files of a collection are binlogs or delta logs with a size and a proper BLAKE3.
pub(super) fn collection(path: &str, document: &CollectionDocument) -> Result<()> {
    let wrong = document
        .segments
        .iter()
        .flat_map(|segment| &segment.files)
        .find(|file| !is_proper(file));
    match wrong {
        None => Ok(()),
        Some(file) => Err(damaged(
            path,
            &format!(
                "it names an improper file, `{}`",
                file.path.escape_default()
            ),
        )),
    }
}

fn is_proper(file: &FileEntry) -> bool {
    let digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    (file.path.starts_with("insert_log/") || file.path.starts_with("delta_log/"))
        && check_path(&file.path).is_ok()
        && file.blake3.len() == BLAKE3_DIGITS
        && file.blake3.chars().all(digit)
}
