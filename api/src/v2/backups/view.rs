//! The list of backups, and one of them.

use axum::extract::State;
use hozon_engine::{Error, ErrorCode};
use hozon_model::{
    Action, Backup, BackupMethod, BackupNarrowing, BackupQuery, BackupScope, BackupState,
    BackupSummary, ClusterId, Resource,
};
use serde::Serialize;
use serde_json::Value;

use super::super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    organization::region_of,
    pages::{Head, Window},
    request::{Asked, moment, project_id, time},
};

/// A backup of the list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Backup)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Item {
    project_id: String,
    backup_id: String,
    backup_name: String,
    backup_type: &'static str,
    creation_method: &'static str,
    size: u64,
    expire_time: Option<String>,
    cluster_id: String,
    cluster_name: String,
    create_time: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    restore_new_instance_policies: Vec<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in super::super) struct Backups {
    #[serde(flatten)]
    head: Head,
    backups: Vec<Item>,
}

/// Everything about one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BackupDescribed)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Described {
    #[serde(flatten)]
    item: Item,
    region_id: String,
    db_collections: Vec<DbCollections>,
    /// As older documents have it.
    collections: Vec<Collection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct DbCollections {
    db_name: String,
    collections: Vec<Collection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct Collection {
    collection_name: String,
    description: String,
    status: &'static str,
}

/// `GET /backups`: those that are there or being made.
#[utoipa::path(
    get, path = "/backups", tag = "backups", operation_id = "listBackups",
    params(("projectId" = Option<String>, Query, description = "Only of this project"), ("clusterId" = Option<String>, Query, description = "Only of this cluster"), ("creationMethod" = Option<String>, Query, description = "`MANUAL` or `AUTO`"), ("backupType" = Option<String>, Query, description = "`CLUSTER` or `COLLECTION`"), ("start" = Option<String>, Query, description = "Asked for at this time or later, like `2024-07-30T16:49:50Z`"), ("end" = Option<String>, Query, description = "Asked for at this time or earlier"), ("pageSize" = Option<u64>, Query, description = "1 to 100; 10 if it is left out", minimum = 1, maximum = 100), ("currentPage" = Option<u64>, Query, description = "From 1", minimum = 1)),
    responses(
        (status = 200, description = "Those that are there or being made; or an error with its `code`", body = docs::Reply<Backups>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Backups> {
    let cluster_id = asked.query("clusterId").map(ClusterId::new);
    let within = asked.caller()?.visible(Resource::Backup);
    let project_id = asked
        .query("projectId")
        .map(|text| project_id(&text))
        .transpose()?;
    let window = Window::of(&asked)?;
    let query = BackupQuery {
        cluster_id,
        project_id,
        within,
        page: window.current_page,
        page_size: window.page_size,
        narrowing: BackupNarrowing {
            states: vec![BackupState::Available, BackupState::Creating],
            scopes: match asked.query("backupType").as_deref() {
                None => Vec::new(),
                Some("CLUSTER") => vec![BackupScope::Cluster],
                Some("COLLECTION") => vec![BackupScope::Collection, BackupScope::Database],
                Some(other) => {
                    return Err(Failure::parameter(format!(
                        "`backupType` is `{other}`, neither `CLUSTER` nor `COLLECTION`"
                    )));
                }
            },
            method: match asked.query("creationMethod").as_deref() {
                None => None,
                Some("MANUAL") => Some(BackupMethod::Manual),
                Some("AUTO") => Some(BackupMethod::Auto),
                Some(other) => {
                    return Err(Failure::parameter(format!(
                        "`creationMethod` is `{other}`, neither `MANUAL` nor `AUTO`"
                    )));
                }
            },
            since: moment(&asked, "start")?,
            until: moment(&asked, "end")?,
        },
        ..BackupQuery::default()
    };
    let page = api.engine.backups(&query).await?;
    Ok(Good(Backups {
        head: window.head(page.total),
        backups: page.items.into_iter().map(|one| item(one, "")).collect(),
    }))
}

/// `GET /clusters/{id}/backups/{id}`.
#[utoipa::path(
    get, path = "/clusters/{cluster}/backups/{backup}", tag = "backups", operation_id = "describeBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    responses(
        (status = 200, description = "Everything about one; or an error with its `code`", body = docs::Reply<Described>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn describe(State(api): State<Api>, asked: Asked) -> Answer<Described> {
    let (backup, _) = asked.backup(&api, Action::View).await?;
    let state = &backup.summary.state;
    if matches!(state, BackupState::Failed | BackupState::Damaged) {
        return Err(unusable(&backup));
    }
    let cluster = match api.engine.cluster(backup.summary.cluster_id.as_str()).await {
        Ok(cluster) => Some(cluster),
        Err(error) if error.code() == ErrorCode::ClusterNotFound => None,
        Err(error) => return Err(error.into()),
    };
    let db_collections = if *state == BackupState::Available {
        by_database(
            api.engine
                .described_backup(&backup.summary.id)
                .await?
                .collections,
        )
    } else {
        Vec::new()
    };
    Ok(Good(Described {
        region_id: region_of(&api.options, cluster.as_ref()),
        collections: db_collections
            .iter()
            .flat_map(|database| database.collections.clone())
            .collect(),
        db_collections,
        item: item(backup.summary, "DELETED"),
    }))
}

/// The vendor has no word for a backup that failed or is damaged; strict clients would trip over one.
fn unusable(backup: &Backup) -> Failure {
    let failed = backup.summary.state == BackupState::Failed;
    let error = Error::new(ErrorCode::BackupNotAvailable, backup.summary.name.as_str());
    match &backup.reason {
        Some(reason) => error.because(reason.to_string()),
        None if failed => error.because("it was not made"),
        None => error.because("it is damaged"),
    }
    .into()
}

fn item(backup: BackupSummary, gone: &'static str) -> Item {
    let whole = backup.scope == BackupScope::Cluster;
    Item {
        project_id: backup.project_id.to_string(),
        backup_id: backup.id.to_string(),
        backup_name: backup.name,
        backup_type: if whole { "CLUSTER" } else { "COLLECTION" },
        creation_method: match backup.method {
            BackupMethod::Manual => "MANUAL",
            BackupMethod::Auto => "AUTO",
        },
        size: backup.bytes,
        expire_time: backup.expires_at.map(time),
        cluster_id: backup.cluster_id.to_string(),
        cluster_name: backup.cluster_name,
        create_time: time(backup.created_at),
        status: match backup.state {
            BackupState::Available => "AVAILABLE",
            BackupState::Creating => "CREATING",
            _ => gone,
        },
        restore_new_instance_policies: if whole {
            vec!["LATEST", "ORIGINAL"]
        } else {
            Vec::new()
        },
    }
}

fn by_database(described: Vec<Value>) -> Vec<DbCollections> {
    let mut found: Vec<DbCollections> = Vec::new();
    for one in described {
        let text = |pointer: &str| {
            one.pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (db_name, collection) = (
            text("/db_name"),
            Collection {
                collection_name: text("/collection_name"),
                description: text("/schema/description"),
                status: if text("/load_state") == "Loaded" {
                    "LOADED"
                } else {
                    "UNLOADED"
                },
            },
        );
        match found
            .iter_mut()
            .find(|database| database.db_name == db_name)
        {
            Some(database) => database.collections.push(collection),
            None => found.push(DbCollections {
                db_name,
                collections: vec![collection],
            }),
        }
    }
    found
}
