//! Clouds and regions: the vendor's clouds, and the regions that clusters are registered in.

use std::collections::BTreeSet;

use axum::extract::State;
use hozon_model::DeploymentOption;
use serde::Serialize;

use super::{
    Api, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    organization::region_of,
    request::Asked,
};

/// The vendor's words for clouds.
const CLOUDS: [(&str, &str); 5] = [
    ("aws", "Amazon Web Services"),
    ("gcp", "Google Cloud Platform"),
    ("azure", "Microsoft Azure"),
    ("ali", "Alibaba Cloud"),
    ("tc", "Tencent Cloud"),
];

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cloud {
    cloud_id: String,
    description: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    cloud_id: String,
    region_id: String,
    domain: String,
    api_base_url: String,
    supported_cluster_types: Vec<&'static str>,
}

/// All of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Clouds(Vec<Cloud>);

/// All of them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Regions(Vec<Region>);

/// The cloud of a region: `az-eastus` is of `azure`; a word of one's own is of a cloud of one's own.
fn cloud_of(region: &str) -> &str {
    let prefix = region.split('-').next().unwrap_or(region);
    if prefix == "az" { "azure" } else { prefix }
}

async fn known(api: &Api) -> Result<BTreeSet<String>, Failure> {
    let clusters = api.engine.clusters().await?;
    Ok(clusters
        .iter()
        .map(|cluster| region_of(&api.options, Some(cluster)))
        .chain([region_of(&api.options, None)])
        .collect())
}

/// `GET /clouds`: the vendor's, and those of regions of one's own.
#[utoipa::path(
    get, path = "/clouds", tag = "clusters", operation_id = "listClouds",
    responses(
        (status = 200, description = "The clouds; or an error with its `code`", body = docs::Reply<Clouds>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn clouds(State(api): State<Api>, asked: Asked) -> Answer<Clouds> {
    asked.caller()?;
    let mut clouds: Vec<Cloud> = CLOUDS
        .iter()
        .map(|(id, description)| Cloud {
            cloud_id: (*id).to_owned(),
            description: (*description).to_owned(),
        })
        .collect();
    for region in known(&api).await? {
        let id = cloud_of(&region);
        if clouds.iter().all(|cloud| cloud.cloud_id != id) {
            clouds.push(Cloud {
                cloud_id: id.to_owned(),
                description: "Run by yourselves".to_owned(),
            });
        }
    }
    Ok(Good(Clouds(clouds)))
}

/// `GET /regions`.
#[utoipa::path(
    get, path = "/regions", tag = "clusters", operation_id = "listRegions",
    params(("cloudId" = Option<String>, Query, description = "Only of this cloud")),
    responses(
        (status = 200, description = "The regions; or an error with its `code`", body = docs::Reply<Regions>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn regions(State(api): State<Api>, asked: Asked) -> Answer<Regions> {
    asked.caller()?;
    let known = known(&api).await?;
    let wanted = asked.query("cloudId");
    if let Some(id) = &wanted
        && CLOUDS.iter().all(|(cloud, _)| cloud != id)
        && known.iter().all(|region| cloud_of(region) != id)
    {
        return Err(Failure::new(
            codes::UNKNOWN_CLOUD,
            format!("there is no cloud `{id}`"),
        ));
    }
    Ok(Good(Regions(
        known
            .into_iter()
            .filter(|region| wanted.as_deref().is_none_or(|id| cloud_of(region) == id))
            .map(|region| Region {
                cloud_id: cloud_of(&region).to_owned(),
                region_id: region,
                domain: String::new(),
                api_base_url: String::new(),
                supported_cluster_types: vec![DeploymentOption::Dedicated.as_str()],
            })
            .collect(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regions_cloud_is_in_its_name() {
        for (region, cloud) in [
            ("aws-us-west-2", "aws"),
            ("az-eastus", "azure"),
            ("self-hosted", "self"),
            ("cellar", "cellar"),
        ] {
            assert_eq!(cloud_of(region), cloud);
        }
    }
}
