//! The backup policy of a cluster. Setting one that is not `enabled` switches it off, whatever else the body holds.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::ErrorCode;
use hozon_model::{Action, Policy, PolicyState, Resource};
use serde::Serialize;

use super::{
    super::{
        Api, codes, docs,
        envelope::{Answer, Failure, FailureBody, Good},
        request::{Asked, fields, wrong},
    },
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
    #[schema(value_type = Vec<Object>)]
    cross_region_copies: Vec<()>,
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
        let options = read(fields)?.options().map_err(Failure::parameter)?;
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

fn read(mut fields: Fields) -> Result<Words, Failure> {
    for name in ["crossRegionCopies", "crossRegionPolicies"] {
        if !fields.objects(name).map_err(wrong)?.is_empty() {
            return Err(Failure::new(
                codes::UNSUPPORTED,
                format!(
                    "a policy makes no copies in other regions; leave out `{name}`, and copy single backups"
                ),
            ));
        }
    }
    Ok(Words {
        frequency: fields.text("frequency").map_err(wrong)?,
        start_time: fields.text("startTime").map_err(wrong)?,
        retention_days: fields.int32("retentionDays").map_err(wrong)?,
    })
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
    Ok(Good(described(cluster.id.to_string(), policy)))
}

fn described(cluster_id: String, policy: Option<Policy>) -> Described {
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
        cross_region_copies: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_may_be_given_as_nothing_under_either_name() {
        let body = r#"{"frequency":"1","startTime":"02:00-04:00","retentionDays":7,"crossRegionCopies":[],"crossRegionPolicies":null}"#;
        read(Fields::of_body(body.as_bytes()).unwrap())
            .unwrap()
            .options()
            .unwrap();
        for name in ["crossRegionCopies", "crossRegionPolicies"] {
            let body =
                format!(r#"{{"{name}":[{{"regionId":"aws-us-west-2","retentionDays":7}}]}}"#);
            let refused = read(Fields::of_body(body.as_bytes()).unwrap()).unwrap_err();
            assert_eq!(refused.code, codes::UNSUPPORTED);
        }
    }

    #[test]
    fn one_that_is_off_is_told_by_nothing() {
        let off = serde_json::to_string(&described("in01-a".into(), None)).unwrap();
        assert_eq!(
            off,
            r#"{"clusterId":"in01-a","status":"DISABLED","startTime":null,"frequency":null,"retentionDays":0,"crossRegionCopies":[]}"#
        );
    }
}
