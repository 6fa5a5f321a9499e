//! Which collections are meant.

use hozon_model::{BackupOptions, BackupScope, CollectionName};

use super::restore_names::is_scratch;
use crate::{Error, ErrorCode, Result, source::Milvus};

/// What a backup's options ask for, by their form alone.
pub(crate) fn scope(options: &BackupOptions) -> Result<BackupScope> {
    match (&options.database, options.collections.is_empty()) {
        (Some(_), false) => Err(Error::new(ErrorCode::InvalidInput, "collections")
            .because("a database and collections were both given")
            .hint("give the database alone, or collections as `database.collection`")),
        (Some(_), true) => Ok(BackupScope::Database),
        (None, false) => Ok(BackupScope::Collection),
        (None, true) => Ok(BackupScope::Cluster),
    }
}

/// The collections that a backup's options mean on this cluster now, each once, in order.
pub(crate) async fn resolve(
    milvus: &dyn Milvus,
    options: &BackupOptions,
) -> Result<Vec<CollectionName>> {
    let scope = scope(options)?;
    if scope == BackupScope::Collection {
        let mut chosen = options.collections.clone();
        chosen.sort();
        chosen.dedup();
        for name in &chosen {
            if !milvus.has_collection(name).await? {
                return Err(unknown_collection(name));
            }
        }
        return Ok(chosen);
    }
    let mut databases = milvus.databases().await?;
    if let Some(wanted) = &options.database {
        if !databases.contains(wanted) {
            return Err(Error::new(ErrorCode::DatabaseNotFound, wanted.as_str())
                .because(format!("the cluster has {}", databases.join(", "))));
        }
        databases = vec![wanted.clone()];
    }
    let mut found = all_of(milvus, databases).await?;
    found.retain(|name| !is_scratch(&name.name));
    Ok(found)
}

/// Every collection of some databases, in order.
pub(crate) async fn all_of(
    milvus: &dyn Milvus,
    databases: Vec<String>,
) -> Result<Vec<CollectionName>> {
    let mut found = Vec::new();
    for database in databases {
        for name in milvus.collections(&database).await? {
            found.push(CollectionName {
                database: database.clone(),
                name,
            });
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn unknown_collection(name: &CollectionName) -> Error {
    Error::new(ErrorCode::CollectionNotFound, name.to_string())
        .hint("write it as `database.collection`; names are case-sensitive")
}
