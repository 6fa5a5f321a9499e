//! The API described: an OpenAPI document.

use serde_json::Value;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        Object, OneOfBuilder, RefOr, Schema, Type,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{check, create, delete, get_backup, get_restore, list, restore};

/// The OpenAPI document of `/api/v1`.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Hozon: milvus-backup's API",
        description = "What milvus-backup's server answers, on Hozon's engine. An application's error is HTTP 200 with a \
                       `code` that is not 0; on success there is no `code`.",
        version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    paths(
        super::hello, create::create, list::list, get_backup::get_backup, delete::delete, restore::restore,
        restore::restore_secondary, get_restore::get_restore, check::check,
    ),
    modifiers(&Details),
    security((), ("key" = [])),
)]
struct Document;

/// What attributes cannot say: a key may be asked for, and an answer may have no data.
struct Details;

impl Modify for Details {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("key", scheme);
        for (name, schema) in &mut components.schemas {
            let RefOr::T(Schema::Object(answer)) = schema else {
                continue;
            };
            if !name.starts_with("Answer_") {
                continue;
            }
            if let Some(data) = answer.properties.remove("data") {
                let or_null = OneOfBuilder::new()
                    .item(Object::with_type(Type::Null))
                    .item(data);
                answer.properties.insert("data".to_owned(), or_null.into());
            }
        }
    }
}

/// The OpenAPI document of `/api/v1`.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// A backup to make.
#[derive(ToSchema)]
#[allow(dead_code, clippy::struct_excessive_bools)] // a shape to describe
#[schema(example = json!({ "async": true, "backup_name": "my_backup", "collection_names": ["hello_milvus"] }))]
pub(super) struct CreateBackupRequest {
    /// Letters, digits and `_`, at most 128; one is made from the time if it is left out.
    backup_name: Option<String>,
    /// Answer at once, and make it afterwards.
    r#async: Option<bool>,
    /// Databases with their collections; `["*"]` is all of a database.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// The older way: an object, or a string that holds one; an empty list is all of a database.
    #[schema(value_type = Option<Object>)]
    db_collections: Option<Value>,
    /// The oldest way: `collection` or `database.collection`.
    collection_names: Option<Vec<String>>,
    /// `bulk_flush`, `serial_flush` or `skip_flush`; everything that was inserted is in the backup whichever is given.
    strategy: Option<String>,
    /// `auto` or `binlog`.
    format: Option<String>,
    /// Deprecated, and without effect.
    force: Option<bool>,
    /// Cannot be done, and is refused.
    meta_only: Option<bool>,
    /// Cannot be done, and is refused.
    rbac: Option<bool>,
    /// Without effect: index parameters are always kept.
    with_index_extra: Option<bool>,
    /// Without effect.
    gc_pause_enable: Option<bool>,
    /// Without effect.
    gc_pause_address: Option<String>,
    /// Without effect.
    gc_pause_seconds: Option<i32>,
    /// Cannot be done, and is refused.
    backup_root_path: Option<String>,
}

/// A backup to put back.
#[derive(ToSchema)]
#[allow(dead_code, clippy::struct_excessive_bools)] // a shape to describe
#[schema(rename_all = "camelCase", example = json!({ "async": true, "backup_name": "my_backup", "collection_suffix": "_recover" }))]
pub(super) struct RestoreBackupRequest {
    /// What the client calls its request.
    request_id: Option<String>,
    /// What the client calls the restore.
    id: Option<String>,
    #[schema(rename = "backup_name")]
    backup_name: String,
    /// Answer at once, and restore afterwards.
    r#async: Option<bool>,
    /// Only these, by their names in the backup.
    #[schema(rename = "collection_names")]
    collection_names: Option<Vec<String>>,
    /// The same by databases: an object, or a string that holds one.
    #[schema(rename = "db_collections", value_type = Option<Object>)]
    db_collections: Option<Value>,
    /// Only these, by their names after the restore.
    #[schema(rename = "db_collections_after_rename", value_type = Option<Object>)]
    db_collections_after_rename: Option<Value>,
    /// Put behind every name.
    #[schema(rename = "collection_suffix")]
    collection_suffix: Option<String>,
    /// `db1.*` to `db2.*`, `db.coll` to `db.coll`, `coll` to `coll`.
    #[schema(rename = "collection_renames", value_type = Option<Object>)]
    collection_renames: Option<Value>,
    /// `mapping` of databases with their collections, and a `filter` of the targets.
    #[schema(value_type = Option<Object>)]
    restore_plan: Option<Value>,
    /// With the indexes they had, and loaded if they were.
    restore_index: Option<bool>,
    /// With AUTOINDEX in place of the indexes of vectors.
    use_auto_index: Option<bool>,
    /// In place of collections of the same names.
    drop_exist_collection: Option<bool>,
    /// Without effect: a collection that is made has no index to drop.
    drop_exist_index: Option<bool>,
    /// Cannot be done, and is refused.
    skip_create_collection: Option<bool>,
    /// Cannot be done, and is refused.
    meta_only: Option<bool>,
    /// Cannot be done, and is refused.
    rbac: Option<bool>,
    /// Refused where a collection has more shards.
    max_shard_num: Option<i32>,
    /// Without effect.
    use_v2_restore: Option<bool>,
    /// Without effect: it always is.
    truncate_binlog_by_ts: Option<bool>,
    /// Without effect.
    skip_import_disk_quota_check: Option<bool>,
}

/// A secondary to restore; this cannot be done.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RestoreSecondaryRequest {
    request_id: Option<String>,
    #[schema(rename = "backup_name")]
    backup_name: String,
    #[schema(rename = "sourceClusterID")]
    source_cluster_id: String,
    #[schema(rename = "targetClusterID")]
    target_cluster_id: String,
}
