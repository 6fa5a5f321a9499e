//! `POST …/restoreCluster`: the vendor makes a new cluster; here it is one that is registered, of that name, and empty, or
//! one that a provisioning hook makes.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::{ErrorCode, WantedCluster, access::place_of_cluster};
use hozon_model::{
    Action, BackupScope, BackupSummary, Cluster, LoadStateWish, ProjectId, Resource, RestoreOptions,
};
use serde::Serialize;

use super::super::{
    Api, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    organization::region_of,
    request::{Asked, fields, project_id, wrong},
};
use crate::body::Fields;

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Restoring {
    /// Of a cluster that is made for the restore, too: it is registered under it once it is there.
    cluster_id: String,
    /// Nothing for a cluster that is not there yet.
    username: String,
    /// Nothing: whoever registered or made the cluster knows it, and it is never told.
    password: String,
    job_id: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    project: ProjectId,
    cluster_name: String,
    cu_size: u32,
    load_state: LoadStateWish,
    /// Whether the cluster must have the version that the backup was taken from.
    same_version: bool,
}

#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/restoreCluster", tag = "backups", operation_id = "restoreCluster",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::RestoreCluster,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Restoring>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn restore_cluster(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Restoring> {
    let (backup, _) = asked.backup(&api, Action::View).await?;
    let wanted = read(fields(body)?)?;
    let options = RestoreOptions {
        load_state: wanted.load_state,
        ..RestoreOptions::whole(backup.summary.id.clone())
    };
    let Some(cluster) = target(&api, &wanted).await? else {
        return into_new(&api, &asked, &backup.summary, wanted, options).await;
    };
    let actor = asked.may(
        Resource::Backup,
        Action::Restore,
        &place_of_cluster(&cluster),
    )?;
    fits(&api, &wanted, &backup.summary, &cluster).await?;
    let options = RestoreOptions {
        cluster_id: Some(cluster.id.clone()),
        ..options
    };
    let job = api.engine.restore_backup(actor, options).await?;
    Ok(Good(Restoring {
        cluster_id: cluster.id.to_string(),
        username: cluster.username.unwrap_or_default(),
        password: String::new(),
        job_id: job.id.to_string(),
    }))
}

/// The registered cluster of the name, in the project; none where one can be made.
async fn target(api: &Api, wanted: &Wanted) -> Result<Option<Cluster>, Failure> {
    let name = wanted.cluster_name.as_str();
    let found = match api.engine.cluster(name).await {
        Ok(cluster) => Some(cluster)
            .filter(|cluster| cluster.name == name && cluster.project_id == wanted.project),
        Err(error) if error.code() == ErrorCode::ClusterNotFound => None,
        Err(error) => return Err(error.into()),
    };
    if found.is_some() || api.engine.makes_clusters() {
        return Ok(found);
    }
    Err(Failure::new(
        codes::UNSUPPORTED,
        format!(
            "no cluster of the name `{name}` is registered in the project, and no provisioning hook is configured that would make \
             one; start an empty Milvus, register it under this name with `hozon cluster add`, and ask again, or configure \
             `[provisioning]`"
        ),
    ))
}

/// Has the cluster made by the hook, in the job.
async fn into_new(
    api: &Api,
    asked: &Asked,
    backup: &BackupSummary,
    wanted: Wanted,
    options: RestoreOptions,
) -> Answer<Restoring> {
    refuse_part(backup)?;
    let source = match api.engine.cluster(backup.cluster_id.as_str()).await {
        Ok(cluster) => Some(cluster),
        Err(error) if error.code() == ErrorCode::ClusterNotFound => None,
        Err(error) => return Err(error.into()),
    };
    let new = WantedCluster {
        name: wanted.cluster_name,
        project_id: wanted.project,
        region: region_of(&api.options, source.as_ref()),
        cu_size: wanted.cu_size,
        same_version: wanted.same_version,
    };
    let caller = asked.caller()?;
    let restore = api
        .engine
        .restore_into_new_cluster(caller, options, new)
        .await?;
    Ok(Good(Restoring {
        cluster_id: restore.cluster_id.to_string(),
        username: String::new(),
        password: String::new(),
        job_id: restore.job.id.to_string(),
    }))
}

fn refuse_part(backup: &BackupSummary) -> Result<(), Failure> {
    if backup.scope == BackupScope::Cluster {
        return Ok(());
    }
    Err(Failure::parameter(format!(
        "`{}` is no backup of a cluster; use `restoreCollection`",
        backup.name
    )))
}

async fn fits(
    api: &Api,
    wanted: &Wanted,
    backup: &BackupSummary,
    cluster: &Cluster,
) -> Result<(), Failure> {
    refuse_part(backup)?;
    if wanted.same_version && backup.milvus_version != cluster.milvus_version {
        return Err(Failure::parameter(format!(
            "cluster `{}` has another version than the backup was taken from; use `LATEST`",
            cluster.name
        )));
    }
    let there = api.engine.cluster_collections(&cluster.id).await?;
    match there.first() {
        None => Ok(()),
        Some(one) => Err(Failure::new(
            codes::NOT_EMPTY,
            format!(
                "cluster `{}` is not empty: it has `{one}`; nothing was changed",
                cluster.name
            ),
        )),
    }
}

fn read(mut fields: Fields) -> Result<Wanted, Failure> {
    let mut text = |name: &str| fields.text(name).map_err(wrong);
    let mut project = text("projectId")?;
    if project.is_empty() {
        project = text("targetProjectId")?;
    }
    if project.is_empty() {
        return Err(Failure::parameter("give `projectId`"));
    }
    let project = project_id(&project)?;
    let cluster_name = text("clusterName")?;
    if cluster_name.is_empty() {
        return Err(Failure::parameter("give `clusterName`"));
    }
    let load_state = match text("collectionStatus")?.as_str() {
        "KEEP" | "LOADED" => LoadStateWish::Keep,
        "RELEASE" | "NOT_LOADED" => LoadStateWish::Release,
        other => {
            return Err(Failure::parameter(format!(
                "`collectionStatus` is `{other}`, neither `KEEP` nor `RELEASE`"
            )));
        }
    };
    let same_version = match text("restoreVersionPolicy")?.as_str() {
        "" | "LATEST" => false,
        "ORIGINAL" => true,
        other => {
            return Err(Failure::parameter(format!(
                "`restoreVersionPolicy` is `{other}`, neither `LATEST` nor `ORIGINAL`"
            )));
        }
    };
    let cu_size = u32::try_from(fields.int32("cuSize").map_err(wrong)?)
        .ok()
        .filter(|size| (1..=1024).contains(size))
        .ok_or_else(|| Failure::new(codes::CU_SIZE, "`cuSize` must be between 1 and 1024"))?;
    Ok(Wanted {
        project,
        cluster_name,
        cu_size,
        load_state,
        same_version,
    })
}

#[cfg(test)]
mod tests {
    const PROJECT: &str = ProjectId::DEFAULT;
    use super::*;

    fn wanted(more: &str) -> Result<Wanted, i32> {
        let body = format!(r#"{{"clusterName":"new","cuSize":1,"collectionStatus":"KEEP"{more}}}"#);
        read(Fields::of_body(body.as_bytes()).unwrap()).map_err(|failure| failure.code)
    }

    #[test]
    fn both_names_of_the_project_and_both_pairs_of_states() {
        for name in ["projectId", "targetProjectId"] {
            assert!(wanted(&format!(r#","{name}":"{PROJECT}""#)).is_ok());
        }
        for (word, wish) in [
            ("KEEP", LoadStateWish::Keep),
            ("LOADED", LoadStateWish::Keep),
            ("RELEASE", LoadStateWish::Release),
            ("NOT_LOADED", LoadStateWish::Release),
        ] {
            let body = format!(
                r#"{{"projectId":"{PROJECT}","clusterName":"n","cuSize":8,"collectionStatus":"{word}"}}"#
            );
            assert_eq!(
                read(Fields::of_body(body.as_bytes()).unwrap())
                    .unwrap()
                    .load_state,
                wish
            );
        }
    }

    #[test]
    fn every_field_is_checked() {
        assert_eq!(wanted("").unwrap_err(), codes::PARAMETER);
        assert_eq!(
            wanted(r#","projectId":"mine""#).unwrap_err(),
            codes::PROJECT_ID
        );
        let project = format!(r#","projectId":"{PROJECT}""#);
        assert_eq!(
            wanted(&format!(r#"{project},"cuSize":0"#)).unwrap_err(),
            codes::CU_SIZE
        );
        assert_eq!(
            wanted(&format!(r#"{project},"restoreVersionPolicy":"OLD""#)).unwrap_err(),
            codes::PARAMETER
        );
        assert_eq!(
            wanted(&format!(r#"{project},"collectionStatus":"MAYBE""#)).unwrap_err(),
            codes::PARAMETER
        );
    }
}
