//! What a cluster belongs to, in the vendor's words.

use hozon_model::{Cluster, ProjectId, ProjectPlan};

use super::{Api, Options, envelope::Failure};

/// The region of a cluster.
pub(super) fn region_of(options: &Options, cluster: Option<&Cluster>) -> String {
    let named = cluster.and_then(|cluster| cluster.cloud_region.clone());
    named.unwrap_or_else(|| options.region.clone())
}

/// The plan of every project.
pub(super) async fn plans(api: &Api) -> Result<Vec<(ProjectId, ProjectPlan)>, Failure> {
    let projects = api.engine.projects().await?;
    Ok(projects
        .into_iter()
        .map(|project| (project.id, project.plan))
        .collect())
}
