//! The backup policy of a cluster. Setting one that is not `enabled` switches it off, whatever else the body holds.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::ErrorCode;
use hozon_model::{Action, CopyRepository, Policy, PolicyCopy, PolicyState, Resource};
use serde::Serialize;

use super::{
    super::{
        Api, docs,
        envelope::{Answer, Failure, FailureBody, Good},
        request::{Asked, fields, wrong},
    },
    create::repository_of,
    policy_words::{Words, told},
};
use crate::body::Fields;

/// What became of a policy.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PolicySwitched)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Switched {
    cluster_id: String,
    status: &'static str,
}

/// A policy as it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PolicyDescribed)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Described {
    cluster_id: String,
    status: &'static str,
    start_time: Option<String>,
    frequency: Option<String>,
    retention_days: u32,
    cross_region_copies: Vec<RegionCopyTold>,
}

/// Where a policy copies backups to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PolicyRegionCopy)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct RegionCopyTold {
    /// The name of the repository.
    region_id: String,
    retention_days: u32,
    /// The region it lies in, or its name again.
    region: String,
}

/// A copy that a body asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    region: String,
    days: i32,
}

/// `POST …/backups/policy`.
#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/policy", tag = "backups", operation_id = "setBackupPolicy",
    params(("cluster" = String, Path, description = "The cluster's identifier")),
    request_body = docs::BackupPolicy,
    responses(
        (status = 200, description = "It is as asked; or an error with its `code`", body = docs::Reply<Switched>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn set_policy(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Switched> {
    let (cluster, actor) = asked.cluster(&api, Resource::Policy, Action::Edit).await?;
    let mut fields = fields(body)?;
    let Some(serde_json::Value::Bool(enabled)) = fields.value("enabled") else {
        return Err(Failure::parameter("`enabled` must be `true` or `false`"));
    };
    let id = cluster.id.as_str();
    if enabled {
        let (words, wanted) = read(fields)?;
        let mut options = words.options().map_err(Failure::parameter)?;
        if !wanted.is_empty() {
            options.copies = copies(wanted, &api.engine.repositories().await?)?;
        }
        let set = api.engine.set_policy(actor, id, options).await?;
        if set.policy.state == PolicyState::Paused {
            api.engine.resume_policy(actor, id).await?;
        }
    } else {
        match api.engine.remove_policy(actor, id).await {
            Err(error) if error.code() == ErrorCode::PolicyNotFound => {}
            removed => removed?,
        }
    }
    Ok(Good(Switched {
        cluster_id: cluster.id.to_string(),
        status: if enabled { "ENABLED" } else { "DISABLED" },
    }))
}

fn read(mut fields: Fields) -> Result<(Words, Vec<Wanted>), Failure> {
    let mut wanted = Vec::new();
    for name in ["crossRegionCopies", "crossRegionPolicies"] {
        for mut copy in fields.objects(name).map_err(wrong)? {
            let region = copy.text("regionId").map_err(wrong)?;
            let days = match copy.value("retentionDays") {
                None => i64::from(PolicyCopy::USUAL_DAYS),
                Some(days) => days.as_i64().unwrap_or_default(),
            };
            wanted.push(Wanted {
                region,
                days: i32::try_from(days).unwrap_or_default(),
            });
        }
    }
    let words = Words {
        frequency: fields.text("frequency").map_err(wrong)?,
        start_time: fields.text("startTime").map_err(wrong)?,
        retention_days: fields.int32("retentionDays").map_err(wrong)?,
    };
    Ok((words, wanted))
}

/// The copies in the engine's words, in the order they were given.
fn copies(
    wanted: Vec<Wanted>,
    repositories: &[CopyRepository],
) -> Result<Vec<PolicyCopy>, Failure> {
    wanted
        .into_iter()
        .map(|Wanted { region, days }| {
            let allowed = 1..=PolicyCopy::MOST_DAYS;
            let days = u32::try_from(days)
                .ok()
                .filter(|days| allowed.contains(days));
            let days = days.ok_or_else(|| {
                Failure::parameter(format!(
                    "`retentionDays` of the copy in `{region}` is not between 1 and {}",
                    PolicyCopy::MOST_DAYS
                ))
            })?;
            Ok(PolicyCopy {
                repository: repository_of(&region, repositories)?,
                days,
            })
        })
        .collect()
}

/// `GET …/backups/policy`.
#[utoipa::path(
    get, path = "/clusters/{cluster}/backups/policy", tag = "backups", operation_id = "getBackupPolicy",
    params(("cluster" = String, Path, description = "The cluster's identifier")),
    responses(
        (status = 200, description = "The policy; or an error with its `code`", body = docs::Reply<Described>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn get_policy(
    State(api): State<Api>,
    asked: Asked,
) -> Answer<Described> {
    let (cluster, _) = asked.cluster(&api, Resource::Policy, Action::View).await?;
    let policy = match api.engine.policy(cluster.id.as_str()).await {
        Ok(policy) => Some(policy).filter(|policy| policy.state == PolicyState::Enabled),
        Err(error) if error.code() == ErrorCode::PolicyNotFound => None,
        Err(error) => return Err(error.into()),
    };
    let repositories = api.engine.repositories().await?;
    Ok(Good(described(
        cluster.id.to_string(),
        policy,
        &repositories,
    )))
}

fn described(
    cluster_id: String,
    policy: Option<Policy>,
    repositories: &[CopyRepository],
) -> Described {
    let told_copy = |copy: &PolicyCopy| {
        let repository = repositories.iter().find(|one| one.name == copy.repository);
        let region = repository.and_then(|one| one.storage.region.clone());
        RegionCopyTold {
            region_id: copy.repository.clone(),
            retention_days: copy.days,
            region: region.unwrap_or_else(|| copy.repository.clone()),
        }
    };
    let copies = policy
        .iter()
        .flat_map(|policy| &policy.options.copies)
        .map(told_copy)
        .collect();
    let words = policy
        .as_ref()
        .and_then(|policy| told(&policy.options))
        .unzip();
    Described {
        cluster_id,
        status: if policy.is_some() {
            "ENABLED"
        } else {
            "DISABLED"
        },
        frequency: words.0,
        start_time: words.1,
        retention_days: policy.map_or(0, |policy| policy.options.retention.days),
        cross_region_copies: copies,
    }
}

#[cfg(test)]
mod tests {
    use hozon_model::StorageLocation;
    use jiff::Timestamp;

    use super::{super::super::codes, *};

    fn repository(name: &str, region: Option<&str>) -> CopyRepository {
        CopyRepository {
            name: name.into(),
            storage: StorageLocation {
                url: format!("s3://{name}"),
                endpoint: None,
                region: region.map(str::to_owned),
            },
            repository_id: name.into(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn asked(wanted: &str) -> Result<Vec<PolicyCopy>, Failure> {
        let body =
            format!(r#"{{"frequency":"1","startTime":"02:00-04:00","retentionDays":7,{wanted}}}"#);
        let (words, wanted) = read(Fields::of_body(body.as_bytes()).unwrap())?;
        words.options().unwrap();
        let there = [
            repository("aws-us-west-2", None),
            repository("osaka", Some("ap-northeast-3")),
        ];
        copies(wanted, &there)
    }

    #[test]
    fn copies_may_be_given_as_nothing_under_either_name() {
        let none = asked(r#""crossRegionCopies":[],"crossRegionPolicies":null"#).unwrap();
        assert_eq!(none, []);
    }

    #[test]
    fn copies_are_given_by_region_with_days_of_their_own() {
        for name in ["crossRegionCopies", "crossRegionPolicies"] {
            let copies = format!(
                r#""{name}":[{{"regionId":"ap-northeast-3","retentionDays":30}},{{"regionId":"aws-us-west-2"}}]"#
            );
            let told: Vec<_> = asked(&copies)
                .unwrap()
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(told, ["osaka:30", "aws-us-west-2:7"]);
        }
        for days in ["0", "31", "-1", "1.5", "\"7\""] {
            let copies =
                format!(r#""crossRegionCopies":[{{"regionId":"osaka","retentionDays":{days}}}]"#);
            let refused = asked(&copies).unwrap_err();
            assert_eq!(refused.code, Failure::parameter("").code, "{days}");
        }
        let nowhere = asked(r#""crossRegionCopies":[{"regionId":"mars-1"}]"#);
        assert_eq!(nowhere.unwrap_err().code, codes::UNKNOWN_REGION);
    }

    #[test]
    fn one_that_is_off_is_told_by_nothing() {
        let off = serde_json::to_string(&described("in01-a".into(), None, &[])).unwrap();
        assert_eq!(
            off,
            r#"{"clusterId":"in01-a","status":"DISABLED","startTime":null,"frequency":null,"retentionDays":0,"crossRegionCopies":[]}"#
        );
    }
}
