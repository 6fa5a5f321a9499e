//! The API described: an OpenAPI document, with the bodies as the vendor's documents have them.

use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

use super::{
    archives, backups, clusters,
    envelope::{Envelope, FailureBody},
    integrations, jobs, projects, regions,
};

/// The OpenAPI document of `/v2`.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Hozon: the control plane",
        description = "The control plane of the managed vendor of Milvus, on Hozon's engine. An error of the matter itself is \
                       HTTP 200 with a `code` that is not 0.",
        version = "2",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/v2")),
    paths(
        backups::view::list, backups::view::describe, backups::create::create, backups::more::delete,
        backups::restore_cluster::restore_cluster, backups::restore_collection::restore_collection,
        backups::export::export, backups::policy::set_policy, backups::policy::get_policy, backups::more::rename,
        backups::adopt::adopt, backups::more::verify, backups::more::copy, jobs::describe, jobs::list, jobs::cancel, clusters::list,
        clusters::describe, projects::list, projects::describe, projects::create,
        projects::set_plan, projects::delete, jobs::retry, regions::clouds,
        regions::regions, integrations::list, integrations::describe, integrations::create, integrations::validate,
        integrations::delete, archives::list,
    ),
    modifiers(&Keys),
    security(("key" = [])),
)]
struct Document;

/// A key is asked for.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("key", scheme);
    }
}

/// The OpenAPI document of `/v2`.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Success or failure, both HTTP 200.
#[derive(serde::Serialize, ToSchema)]
#[allow(dead_code)] // a shape to describe
#[serde(untagged)]
pub(super) enum Reply<T> {
    Good(Envelope<T>),
    Failure(FailureBody),
}

/// A backup to make.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(
    rename_all = "camelCase",
    example = json!({ "backupType": "COLLECTION", "dbCollections": [{ "dbName": "default", "collectionNames": ["medium_articles"] }] }),
)]
pub(super) struct CreateBackup {
    /// `CLUSTER` or `COLLECTION`.
    backup_type: String,
    /// Of a backup of the type `COLLECTION`; all in one database.
    db_collections: Option<Vec<ChosenCollections>>,
    /// Other regions to copy it into, for good: names of repositories, or the regions they lie in.
    cross_region_copies: Option<Vec<RegionCopy>>,
}

/// Collections of one database.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct ChosenCollections {
    db_name: Option<String>,
    collection_names: Vec<String>,
}

/// A copy in another region.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RegionCopy {
    region_id: String,
}

/// A whole backup to restore into an empty cluster.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RestoreCluster {
    /// Also taken as `targetProjectId`.
    project_id: Option<String>,
    /// The name of a registered cluster that has no collection; or of none, where a provisioning hook makes it.
    cluster_name: String,
    /// 1 to 1024.
    cu_size: i32,
    /// `KEEP` or `RELEASE`; `LOADED` and `NOT_LOADED` mean the same.
    collection_status: String,
    /// `LATEST` or `ORIGINAL`.
    restore_version_policy: Option<String>,
}

/// Collections to restore into a cluster.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RestoreCollection {
    /// Also taken as `targetClusterId`.
    dest_cluster_id: Option<String>,
    /// All of the backup's, and unloaded, if it is left out.
    db_collections: Option<Vec<RestoredDatabase>>,
}

/// Collections of one database.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RestoredDatabase {
    db_name: Option<String>,
    dest_db_name: Option<String>,
    collections: Vec<RestoredCollection>,
}

/// A collection.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RestoredCollection {
    collection_name: String,
    dest_collection_name: Option<String>,
    /// `LOADED` or `UNLOADED`; the same for all of a request.
    dest_collection_status: Option<String>,
}

/// A cluster's policy.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(
    rename_all = "camelCase",
    example = json!({ "enabled": true, "frequency": "1,3,5", "startTime": "02:00-04:00", "retentionDays": 7 }),
)]
pub(super) struct BackupPolicy {
    /// `false` switches it off, whatever else is given.
    enabled: bool,
    /// Weekdays, 1 is Monday.
    frequency: Option<String>,
    /// Two hours, in UTC.
    start_time: Option<String>,
    /// 1 to 30.
    retention_days: Option<i32>,
    /// Where each backup is copied to; also taken as `crossRegionPolicies`.
    cross_region_copies: Option<Vec<PolicyRegionCopy>>,
}

/// A copy of each backup of a policy.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase", as = WantedPolicyRegionCopy)]
pub(super) struct PolicyRegionCopy {
    /// The name of a repository, or the region it lies in.
    region_id: String,
    /// 1 to 30; 7 if it is left out.
    retention_days: Option<i32>,
}

/// A backup to export.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct ExportBackup {
    integration_id: String,
    directory: Option<String>,
}

/// An archive to make a backup of.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct AdoptBackup {
    integration_id: String,
    /// The archive's own, which holds `meta` and `binlogs`, or `hozon.json`.
    directory: Option<String>,
    /// Which backup, where the archive is a repository that holds several.
    archived_backup_id: Option<String>,
    /// The archive's, if it is left out.
    backup_name: Option<String>,
    /// The cluster that it counts as a backup of; without it one that only the archive knows.
    cluster_id: Option<String>,
}

/// Another name.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct RenameBackup {
    backup_name: String,
}

/// A verification.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct VerifyBackup {
    /// `list` or `read`, which is usual.
    level: Option<String>,
}

/// A copy.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct CopyBackup {
    /// The name of a repository, or the region it lies in.
    region_id: String,
}

/// A place for exports.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct NewStorageIntegration {
    name: String,
    description: Option<String>,
    project_id: Option<String>,
    /// The bucket; with `accountName` the container.
    bucket_name: Option<String>,
    /// In place of the bucket: `s3://…`, `az://…`, `gs://…` or `file:///…`.
    storage_url: Option<String>,
    region_id: Option<String>,
    /// Of a service that is not the cloud's own.
    endpoint: Option<String>,
    account_name: Option<String>,
    access_key: Option<String>,
    /// The secret key, or what the service takes in place of one.
    secret_key: Option<String>,
    tenant_id: Option<String>,
    client_id: Option<String>,
    /// Of S3: a role that lends its keys, to whoever the access key says or to the server's machine.
    role_arn: Option<String>,
    /// What the role's trust policy wants to hear.
    external_id: Option<String>,
}

/// A project to make.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
#[schema(rename_all = "camelCase")]
pub(super) struct NewProject {
    project_name: String,
    /// `Standard`, `Enterprise` or `BusinessCritical`.
    plan: Option<String>,
}

/// Another plan.
#[derive(ToSchema)]
#[allow(dead_code)] // a shape to describe
pub(super) struct ProjectPlanChange {
    /// `Standard`, `Enterprise` or `BusinessCritical`.
    plan: String,
}
