//! What every handler asks of a request: who sends it, what it holds, whether it may.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequestParts, RawPathParams, rejection::BytesRejection},
    http::{Uri, request::Parts},
};
use hozon_engine::{
    Error, ErrorCode,
    access::{Acts, Caller, place_of_backup, place_of_cluster},
};
use hozon_model::{
    Action, Backup, BackupId, Cluster, ClusterId, Place, Privilege, ProjectId, Resource,
};
use jiff::Timestamp;

use super::{Api, codes, envelope::Failure};
use crate::{
    body::{Fields, Wrong},
    query::parameter,
};

/// A request without its body.
#[derive(Debug)]
pub(super) struct Asked {
    caller: Option<Caller>,
    uri: Uri,
    path: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = match RawPathParams::from_request_parts(parts, state).await {
            Ok(path) => path
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            Err(_) => Vec::new(),
        };
        Ok(Self {
            caller: parts.extensions.get::<Caller>().cloned(),
            uri: parts.uri.clone(),
            path,
        })
    }
}

impl Asked {
    /// A parameter of the query; none if it is absent or empty.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        Some(parameter(&self.uri, name)).filter(|text| !text.is_empty())
    }

    /// A placeholder of the path.
    pub(super) fn path(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Who asks.
    pub(super) fn caller(&self) -> Result<&Caller, Failure> {
        let nobody = || Failure::new(codes::NOT_AUTHENTICATED, "User hasn't authenticated");
        self.caller.as_ref().ok_or_else(nobody)
    }

    /// Who asks, if they may.
    pub(super) fn may(
        &self,
        resource: Resource,
        action: Action,
        place: &Place,
    ) -> Result<&Caller, Failure> {
        let caller = self.caller()?;
        caller.check(Privilege::new(resource, action), place)?;
        Ok(caller)
    }

    /// The cluster of the path, and who asks, if they may.
    pub(super) async fn cluster(
        &self,
        api: &Api,
        resource: Resource,
        action: Action,
    ) -> Result<(Cluster, &Caller), Failure> {
        let cluster = cluster(api, &ClusterId::new(self.path("cluster"))).await?;
        let caller = self.may(resource, action, &place_of_cluster(&cluster))?;
        Ok((cluster, caller))
    }

    /// The backup of the path, which must be of the cluster of the path, and who asks, if they may. The cluster may be
    /// gone.
    pub(super) async fn backup(
        &self,
        api: &Api,
        action: Action,
    ) -> Result<(Backup, &Caller), Failure> {
        let cluster = ClusterId::new(self.path("cluster"));
        let id = BackupId::new(self.path("backup"));
        let unknown = || {
            let error = Error::new(ErrorCode::BackupNotFound, id.as_str());
            Failure::from(error.because(format!("cluster `{cluster}` has no such backup")))
        };
        let backup = match api.engine.backup(id.as_str()).await {
            Err(error) if error.code() == ErrorCode::BackupNotFound => return Err(unknown()),
            backup => backup?,
        };
        if backup.summary.id != id || backup.summary.cluster_id != cluster {
            return Err(unknown());
        }
        let place = place_of_backup(&backup.summary);
        let caller = self.may(Resource::Backup, action, &place)?;
        Ok((backup, caller))
    }
}

/// A cluster by its identifier alone.
pub(super) async fn cluster(api: &Api, id: &ClusterId) -> Result<Cluster, Failure> {
    let found = api.engine.cluster(id.as_str()).await?;
    if found.id == *id {
        Ok(found)
    } else {
        let error = Error::new(ErrorCode::ClusterNotFound, id.as_str());
        Err(error
            .because("clusters are known by their identifiers here")
            .into())
    }
}

/// The fields of a body; one that is empty has none.
pub(super) fn fields(body: Result<Bytes, BytesRejection>) -> Result<Fields, Failure> {
    let body = body.map_err(|rejection| {
        Failure::new(codes::BODY, rejection.body_text()).with_status(rejection.status())
    })?;
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    Fields::of_body(body).map_err(wrong)
}

/// The answer to a body that holds something else than it should.
pub(super) fn wrong(wrong: Wrong) -> Failure {
    Failure::new(codes::BODY, wrong).with_status(axum::http::StatusCode::BAD_REQUEST)
}

/// A moment as the vendor writes it.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A moment of the query.
pub(super) fn moment(asked: &Asked, name: &str) -> Result<Option<Timestamp>, Failure> {
    asked
        .query(name)
        .map(|text| {
            text.parse().map_err(|_| {
                Failure::new(
                    codes::TIMESTAMP,
                    format!("`{name}` is `{text}`, not a time like `2024-07-30T16:49:50Z`"),
                )
            })
        })
        .transpose()
}

/// A project's identifier that a request gave.
pub(super) fn project_id(text: &str) -> Result<ProjectId, Failure> {
    if text.starts_with("proj-") {
        return Ok(ProjectId::new(text));
    }
    Err(Failure::new(
        codes::PROJECT_ID,
        format!(
            "`{text}` is no project's identifier; it looks like `{}`",
            ProjectId::DEFAULT
        ),
    ))
}
