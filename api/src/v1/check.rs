//! `GET /check`: whether the cluster can be backed up and restored into, as text for people.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hozon_engine::Result;
use hozon_model::{CheckOutcome, CheckSubject, Cluster, ClusterCheck};

use super::{
    Api,
    answer::{Answer, Undecodable, told},
};

#[utoipa::path(
    get, path = "/check", tag = "service", operation_id = "check",
    responses(
        (status = 200, description = "A report for people", body = String, content_type = "text/plain"),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
        (status = 500, description = "What does not work", body = Undecodable),
    ),
)]
pub(super) async fn check(State(api): State<Api>) -> Response {
    match looked(&api).await {
        Ok((cluster, check)) if check.passed() => {
            let location = api.engine.repository_location().url.clone();
            report(&cluster, &location, &check).into_response()
        }
        Ok((_, check)) => failed(&check).into_response(),
        Err(error) => Undecodable {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: told(error.report()),
        }
        .into_response(),
    }
}

async fn looked(api: &Api) -> Result<(Cluster, ClusterCheck)> {
    let cluster = api.cluster().await?;
    let check = api.engine.check_cluster(&cluster.id).await?;
    Ok((cluster, check))
}

fn failed(check: &ClusterCheck) -> Undecodable {
    let wrong: Vec<String> = check
        .items
        .iter()
        .filter(|item| item.outcome == CheckOutcome::Failed)
        .map(|item| match &item.hint {
            Some(hint) => format!("{}; {hint}", item.detail),
            None => item.detail.clone(),
        })
        .collect();
    Undecodable {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        error: wrong.join("\n"),
    }
}

/// A table of what is configured, the version, and the outcome.
fn report(cluster: &Cluster, repository: &str, check: &ClusterCheck) -> String {
    let rows = [
        ("milvus.address", cluster.address.as_str()),
        ("milvus.user", cluster.username.as_deref().unwrap_or("")),
        ("milvus.password", "******"),
        ("milvus.storage", cluster.storage.url.as_str()),
        ("backup.storage", repository),
    ];
    let mut text = "Configuration:\n".to_owned();
    for (parameter, value) in rows {
        text.push_str(&format!("  {parameter:<16} {value}\n"));
    }
    let version = check
        .items
        .iter()
        .find(|item| item.subject == CheckSubject::Version)
        .map_or("", |item| item.detail.as_str());
    text.push_str(&format!("Milvus version: {version}\n"));
    let notes: Vec<_> = check
        .items
        .iter()
        .filter(|item| {
            item.subject != CheckSubject::Version && item.outcome == CheckOutcome::Warning
        })
        .collect();
    for note in &notes {
        let hint = note.hint.as_deref().unwrap_or_default();
        text.push_str(&format!("Warning: {}: {hint}\n", note.detail));
    }
    if notes.is_empty() {
        text.push_str("Success!\n");
    }
    text
}
