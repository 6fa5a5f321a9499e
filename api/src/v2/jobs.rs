//! Jobs: the vendor describes one; lists and cancels are ours.

use axum::extract::State;
use hozon_engine::access::Caller;
use hozon_model::{Action, ClusterId, JobId, JobKind, JobQuery, JobState, JobSummary, Resource};
use serde::Serialize;

use super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    pages::{Head, Window},
    request::{Asked, project_id, time},
};

/// A job.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    job_id: String,
    r#type: &'static str,
    status: &'static str,
    progress: String,
    start_time: Option<String>,
    end_time: Option<String>,
    reason: String,
    /// Beyond the vendor: what it really does.
    #[schema(value_type = String)]
    kind: JobKind,
    /// Beyond the vendor.
    backup_id: Option<String>,
    /// Beyond the vendor.
    cluster_id: Option<String>,
}

impl From<JobSummary> for Job {
    fn from(job: JobSummary) -> Self {
        Self {
            job_id: job.id.to_string(),
            // The vendor has five words, and clients that know no others.
            r#type: match job.kind {
                JobKind::Backup | JobKind::Verify | JobKind::Delete => "BACKUP",
                JobKind::Restore => "RESTORE",
                JobKind::Export | JobKind::Copy => "MIGRATION",
                JobKind::Adopt => "IMPORT",
            },
            status: match job.state {
                JobState::Pending => "PENDING",
                JobState::InProgress => "IN_PROGRESS",
                JobState::Canceling => "CANCELING",
                JobState::Successful => "SUCCESSFUL",
                JobState::Failed => "FAILED",
                JobState::Canceled => "CANCELED",
            },
            progress: match job.state {
                JobState::Successful => 100,
                _ => job.progress.percent(),
            }
            .to_string(),
            start_time: job.started_at.map(time),
            end_time: job.finished_at.map(time),
            reason: job
                .reason
                .as_ref()
                .map(|reason| Failure::from(reason).message)
                .unwrap_or_default(),
            kind: job.kind,
            backup_id: job.backup_id.map(|id| id.to_string()),
            cluster_id: job.cluster_id.map(|id| id.to_string()),
        }
    }
}

/// What a request for work answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = JobStarted)]
#[serde(rename_all = "camelCase")]
pub(super) struct Started {
    pub(super) job_id: String,
}

impl From<JobSummary> for Started {
    fn from(job: JobSummary) -> Self {
        Self {
            job_id: job.id.to_string(),
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Jobs {
    #[serde(flatten)]
    head: Head,
    jobs: Vec<Job>,
}

/// `GET /jobs/{id}`.
#[utoipa::path(
    get, path = "/jobs/{job}", tag = "jobs", operation_id = "describeJob",
    params(("job" = String, Path, description = "The job's identifier")),
    responses(
        (status = 200, description = "The job; or an error with its `code`", body = docs::Reply<Job>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn describe(State(api): State<Api>, asked: Asked) -> Answer<Job> {
    let (job, _) = find(&api, &asked, Action::View).await?;
    Ok(Good(job.into()))
}

async fn find<'a>(
    api: &Api,
    asked: &'a Asked,
    action: Action,
) -> Result<(JobSummary, &'a Caller), Failure> {
    let job = api
        .engine
        .job(&JobId::new(asked.path("job")))
        .await?
        .summary;
    let place = api.engine.place_of_job(&job).await?;
    let caller = asked.may(Resource::Job, action, &place)?;
    Ok((job, caller))
}

/// `GET /jobs`, ours: newest first; `clusterId`, `backupId`, `status` and `kind` narrow it.
#[utoipa::path(
    get, path = "/jobs", tag = "beyond the vendor", operation_id = "listJobs",
    params(("clusterId" = Option<String>, Query, description = "Only of this cluster"), ("backupId" = Option<String>, Query, description = "Only about this backup"), ("status" = Option<String>, Query, description = "Only in this state"), ("kind" = Option<String>, Query, description = "Only of this kind"), ("pageSize" = Option<u64>, Query, description = "1 to 100; 10 if it is left out", minimum = 1, maximum = 100), ("currentPage" = Option<u64>, Query, description = "From 1", minimum = 1)),
    responses(
        (status = 200, description = "Newest first; or an error with its `code`", body = docs::Reply<Jobs>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer<Jobs> {
    let cluster_id = asked.query("clusterId").map(ClusterId::new);
    let within = asked.caller()?.visible(Resource::Job);
    let window = Window::of(&asked)?;
    let query = JobQuery {
        kind: word(&asked, "kind")?,
        state: word(&asked, "status")?,
        cluster_id,
        backup_id: asked.query("backupId").map(Into::into),
        page: window.current_page,
        page_size: window.page_size,
        project_id: asked
            .query("projectId")
            .map(|text| project_id(&text))
            .transpose()?,
        within,
    };
    let page = api.engine.jobs(&query).await?;
    Ok(Good(Jobs {
        head: window.head(page.total),
        jobs: page.items.into_iter().map(Job::from).collect(),
    }))
}

/// `POST /jobs/{id}/cancel`, ours.
#[utoipa::path(
    post, path = "/jobs/{job}/cancel", tag = "beyond the vendor", operation_id = "cancelJob",
    params(("job" = String, Path, description = "The job's identifier")),
    responses(
        (status = 200, description = "It is asked to stop; or an error with its `code`", body = docs::Reply<Job>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn cancel(State(api): State<Api>, asked: Asked) -> Answer<Job> {
    let (job, caller) = find(&api, &asked, Action::Cancel).await?;
    Ok(Good(api.engine.cancel_job(caller, &job.id).await?.into()))
}

/// `POST /jobs/{id}/retry`, ours: the same once more, as a new job.
#[utoipa::path(
    post, path = "/jobs/{job}/retry", tag = "beyond the vendor", operation_id = "retryJob",
    params(("job" = String, Path, description = "The job's identifier")),
    responses(
        (status = 200, description = "The new job; or an error with its `code`", body = docs::Reply<Job>),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(super) async fn retry(State(api): State<Api>, asked: Asked) -> Answer<Job> {
    let (job, caller) = find(&api, &asked, Action::Retry).await?;
    Ok(Good(api.engine.retry_job(caller, &job.id).await?.into()))
}

/// One of the model's words.
pub(super) fn word<T: serde::de::DeserializeOwned>(
    asked: &Asked,
    name: &str,
) -> Result<Option<T>, Failure> {
    asked
        .query(name)
        .map(|text| {
            serde_json::from_value(serde_json::Value::from(text.as_str())).map_err(|_| {
                Failure::parameter(format!("`{name}` is `{text}`, which is no word for it"))
            })
        })
        .transpose()
}
