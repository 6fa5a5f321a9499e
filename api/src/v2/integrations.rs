//! Storage integrations: places of one's own that backups are exported to.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::{Error, ErrorCode, store::credentials};
use hozon_model::{
    Action, CheckOutcome, CredentialParts, Integration, IntegrationCheck, IntegrationId,
    NewIntegration, Place, Resource,
};
use serde::Serialize;

use super::{
    Api, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    pages::{Head, Window},
    request::{Asked, fields, project_id, time, wrong},
};
use crate::body::Fields;

/// An integration. Of what opens it only the public half is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StorageIntegration)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    integration_id: String,
    name: String,
    description: String,
    status: &'static str,
    message: String,
    project_id: String,
    region_id: String,
    bucket_name: String,
    create_time: String,
    /// Beyond the vendor.
    storage_url: String,
    /// Beyond the vendor.
    endpoint: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StorageIntegrations)]
#[serde(rename_all = "camelCase")]
pub(super) struct Integrations {
    #[serde(flatten)]
    head: Head,
    storage_integrations: Vec<Item>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = StorageIntegrationKnown)]
#[serde(rename_all = "camelCase")]
pub(super) struct Known {
    integration_id: String,
}

/// What a trial found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Validated {
    valid: bool,
    message: String,
    /// Beyond the vendor: the policy to paste, where the service has such.
    policy: Option<String>,
}

/// `GET /storageIntegrations`.
#[utoipa::path(
    get, path = "/storageIntegrations", tag = "storage integrations", operation_id = "listStorageIntegrations",
    params(("projectId" = Option<String>, Query, description = "Only of this project"), ("pageSize" = Option<u64>, Query, description = "1 to 100; 10 if it is left out", minimum = 1, maximum = 100), ("currentPage" = Option<u64>, Query, description = "From 1", minimum = 1)),
    responses(
        (status = 200, description = "The integrations; or an error with its `code`", body = docs::Reply<Integrations>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Integrations> {
    let caller = asked.caller()?;
    let project = asked
        .query("projectId")
        .map(|text| project_id(&text))
        .transpose()?;
    let window = Window::of(&asked)?;
    let mut all = api.engine.integrations().await?;
    all.retain(|one| {
        caller.may(Resource::Integration, Action::View, &place(one))
            && project
                .as_ref()
                .is_none_or(|project| *project == one.project_id)
    });
    Ok(Good(Integrations {
        head: window.head(all.len() as u64),
        storage_integrations: window
            .cut(all)
            .into_iter()
            .map(|one| item(&api, one))
            .collect(),
    }))
}

/// `GET /storageIntegrations/{id}`.
#[utoipa::path(
    get, path = "/storageIntegrations/{integration}", tag = "storage integrations", operation_id = "describeStorageIntegration",
    params(("integration" = String, Path, description = "The integration's identifier")),
    responses(
        (status = 200, description = "The integration; or an error with its `code`", body = docs::Reply<Item>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn describe(State(api): State<Api>, asked: Asked) -> Answer<Item> {
    let found = find(&api, &asked).await?;
    asked.may(Resource::Integration, Action::View, &place(&found))?;
    Ok(Good(item(&api, found)))
}

/// `POST /storageIntegrations`: tries the place, and keeps it only if all of it works.
#[utoipa::path(
    post, path = "/storageIntegrations", tag = "storage integrations", operation_id = "createStorageIntegration",
    request_body = docs::NewStorageIntegration,
    responses(
        (status = 200, description = "It works, and is kept; or an error with its `code`", body = docs::Reply<Known>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn create(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Known> {
    let new = read(fields(body)?)?;
    let made = api.engine.add_integration(asked.caller()?, new).await?;
    Ok(Good(Known {
        integration_id: made.id.to_string(),
    }))
}

/// `POST /storageIntegrations/validate`: the same trial, and nothing is kept.
#[utoipa::path(
    post, path = "/storageIntegrations/validate", tag = "storage integrations", operation_id = "validateStorageIntegration",
    request_body = docs::NewStorageIntegration,
    responses(
        (status = 200, description = "What was found; or an error with its `code`", body = docs::Reply<Validated>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn validate(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Validated> {
    let new = read(fields(body)?)?;
    let found = api
        .engine
        .check_new_integration(asked.caller()?, &new)
        .await?;
    Ok(Good(found.into()))
}

/// `DELETE /storageIntegrations/{id}`: what was exported stays.
#[utoipa::path(
    delete, path = "/storageIntegrations/{integration}", tag = "storage integrations", operation_id = "deleteStorageIntegration",
    params(("integration" = String, Path, description = "The integration's identifier")),
    responses(
        (status = 200, description = "It is forgotten; or an error with its `code`", body = docs::Reply<Known>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn delete(State(api): State<Api>, asked: Asked) -> Answer<Known> {
    let known = find(&api, &asked).await?;
    let caller = asked.may(Resource::Integration, Action::Delete, &place(&known))?;
    api.engine.remove_integration(caller, &known.id).await?;
    Ok(Good(Known {
        integration_id: known.id.to_string(),
    }))
}

pub(super) fn place(integration: &Integration) -> Place {
    Place::Project(integration.project_id.clone())
}

pub(super) async fn find(api: &Api, asked: &Asked) -> Result<Integration, Failure> {
    let id = IntegrationId::new(asked.path("integration"));
    let found = api.engine.integration(id.as_str()).await?;
    if found.id == id {
        Ok(found)
    } else {
        Err(Error::new(ErrorCode::IntegrationNotFound, id.as_str()).into())
    }
}

fn read(mut fields: Fields) -> Result<NewIntegration, Failure> {
    let mut text = |name: &str| fields.text(name).map_err(wrong);
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let project = given(text("projectId")?)
        .map(|text| project_id(&text))
        .transpose()?;
    for name in ["gcpProjectId", "serviceAccountEmail"] {
        if !text(name)?.is_empty() {
            return Err(Failure::new(
                codes::UNSUPPORTED,
                format!(
                    "`{name}` cannot be used; give keys, or leave them out for the identity of the server's machine"
                ),
            ));
        }
    }
    let (bucket, url, account) = (
        text("bucketName")?,
        text("storageUrl")?,
        text("accountName")?,
    );
    let storage_url = match (url.is_empty(), bucket.is_empty(), account.is_empty()) {
        (false, ..) => url,
        (true, true, _) => return Err(Failure::parameter("give `bucketName`")),
        (true, false, true) => format!("s3://{bucket}"),
        (true, false, false) => format!("az://{account}/{bucket}"),
    };
    let parts = CredentialParts {
        access_key: given(text("accessKey")?),
        secret_key: given(text("secretKey")?),
        tenant_id: given(text("tenantId")?),
        client_id: given(text("clientId")?),
        role_arn: given(text("roleArn")?),
        external_id: given(text("externalId")?),
    };
    Ok(NewIntegration {
        name: text("name")?,
        project: project.map(|id| id.to_string()),
        description: text("description")?,
        endpoint: given(text("endpoint")?),
        region: given(text("regionId")?),
        credentials: credentials(&storage_url, parts)?,
        storage_url,
    })
}

fn item(api: &Api, integration: Integration) -> Item {
    let storage = integration.storage;
    let bucket = storage.url.split_once("://").map_or("", |(_, rest)| rest);
    Item {
        integration_id: integration.id.to_string(),
        name: integration.name,
        description: integration.description,
        status: "ACTIVE",
        message: String::new(),
        project_id: integration.project_id.to_string(),
        region_id: storage.region.unwrap_or_else(|| api.options.region.clone()),
        bucket_name: bucket.to_owned(),
        create_time: time(integration.created_at),
        storage_url: storage.url,
        endpoint: storage.endpoint,
    }
}

impl From<IntegrationCheck> for Validated {
    fn from(check: IntegrationCheck) -> Self {
        let wrong = check
            .items
            .iter()
            .find(|item| item.outcome == CheckOutcome::Failed);
        Self {
            valid: check.passed(),
            message: wrong.map(|item| item.detail.clone()).unwrap_or_default(),
            policy: check.policy,
        }
    }
}
