//! Clusters, as they are registered.

use axum::extract::State;
use hozon_engine::access::place_of_cluster;
use hozon_model::{
    Action, BackupNarrowing, BackupQuery, BackupState, Cluster, ClusterId, JobKind, JobQuery,
    JobState, ProjectId, ProjectPlan, Resource,
};
use serde::Serialize;

use super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    organization::{plans, region_of},
    pages::{Head, Window},
    request::{Asked, time},
};

/// A cluster of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Cluster)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    cluster_id: String,
    cluster_name: String,
    description: String,
    region_id: String,
    plan: String,
    cu_type: String,
    cu_size: u32,
    status: &'static str,
    connect_address: String,
    private_link_address: String,
    project_id: String,
    create_time: String,
    deployment_option: String,
}

/// Everything about one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClusterDescribed)]
#[serde(rename_all = "camelCase")]
pub(super) struct Described {
    #[serde(flatten)]
    item: Item,
    replica: u32,
    snapshot_number: u64,
    create_progress: u32,
    /// Beyond the vendor: what was seen when the cluster was last reached.
    milvus_version: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Clusters {
    #[serde(flatten)]
    head: Head,
    clusters: Vec<Item>,
}

/// `GET /clusters`.
#[utoipa::path(
    get, path = "/clusters", tag = "clusters", operation_id = "listClusters",
    params(("region" = Option<String>, Query, description = "Only in this region"), ("pageSize" = Option<u64>, Query, description = "1 to 100; 10 if it is left out", minimum = 1, maximum = 100), ("currentPage" = Option<u64>, Query, description = "From 1", minimum = 1)),
    responses(
        (status = 200, description = "The clusters; or an error with its `code`", body = docs::Reply<Clusters>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Clusters> {
    let caller = asked.caller()?;
    let window = Window::of(&asked)?;
    let wanted = asked.query("region").or_else(|| asked.query("regionId"));
    let mut clusters = api.engine.clusters().await?;
    clusters.retain(|cluster| {
        let region = region_of(&api.options, Some(cluster));
        caller.may(Resource::Cluster, Action::View, &place_of_cluster(cluster))
            && wanted.as_ref().is_none_or(|wanted| *wanted == region)
    });
    let head = window.head(clusters.len() as u64);
    let busy = restored_into(&api).await?;
    let plans = plans(&api).await?;
    let clusters = window.cut(clusters);
    Ok(Good(Clusters {
        head,
        clusters: clusters
            .iter()
            .map(|cluster| item(&api, cluster, &busy, &plans))
            .collect(),
    }))
}

/// `GET /clusters/{id}`.
#[utoipa::path(
    get, path = "/clusters/{cluster}", tag = "clusters", operation_id = "describeCluster",
    params(("cluster" = String, Path, description = "The cluster's identifier")),
    responses(
        (status = 200, description = "The cluster; or an error with its `code`", body = docs::Reply<Described>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn describe(State(api): State<Api>, asked: Asked) -> Answer<Described> {
    let (cluster, _) = asked.cluster(&api, Resource::Cluster, Action::View).await?;
    let backups = BackupQuery {
        cluster_id: Some(cluster.id.clone()),
        page_size: 1,
        narrowing: BackupNarrowing {
            states: vec![BackupState::Available, BackupState::Creating],
            ..BackupNarrowing::default()
        },
        ..BackupQuery::default()
    };
    Ok(Good(Described {
        snapshot_number: api.engine.backups(&backups).await?.total,
        item: item(
            &api,
            &cluster,
            &restored_into(&api).await?,
            &plans(&api).await?,
        ),
        replica: 1,
        create_progress: 100,
        milvus_version: cluster.milvus_version,
    }))
}

/// Clusters that a restore goes into at this moment.
async fn restored_into(api: &Api) -> Result<Vec<ClusterId>, Failure> {
    let restores = JobQuery {
        kind: Some(JobKind::Restore),
        state: Some(JobState::InProgress),
        page_size: 100,
        ..JobQuery::default()
    };
    let running = api.engine.jobs(&restores).await?;
    Ok(running
        .items
        .into_iter()
        .filter_map(|job| job.cluster_id)
        .collect())
}

fn item(
    api: &Api,
    cluster: &Cluster,
    restored_into: &[ClusterId],
    plans: &[(ProjectId, ProjectPlan)],
) -> Item {
    let plan = plans.iter().find(|(id, _)| *id == cluster.project_id);
    Item {
        cluster_id: cluster.id.to_string(),
        cluster_name: cluster.name.clone(),
        description: String::new(),
        region_id: region_of(&api.options, Some(cluster)),
        plan: plan.map_or("", |(_, plan)| plan.as_str()).to_owned(),
        cu_type: "Performance-optimized".to_owned(),
        cu_size: 1,
        status: if restored_into.contains(&cluster.id) {
            "RESTORE_BACKUP"
        } else {
            "RUNNING"
        },
        connect_address: cluster.address.clone(),
        private_link_address: String::new(),
        project_id: cluster.project_id.to_string(),
        create_time: time(cluster.created_at),
        deployment_option: cluster.deployment_option.to_string(),
    }
}
