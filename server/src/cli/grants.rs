//! Roles and where they hold, as they are typed and shown.

use clap::Args;
use hozon_engine::{Engine, Error};
use hozon_model::{Grant, Project, Role, Scope};

use super::exit::Failure;

#[derive(Debug, Args)]
pub(crate) struct Grants {
    /// A role, and where it holds: `read_only` (everywhere), `project_admin@search` (a project),
    /// `read_write@search/main,staging` (clusters of it). May be given several times
    #[arg(long = "role", value_name = "ROLE[@PROJECT[/CLUSTERS]]")]
    roles: Vec<String>,
}

impl Grants {
    /// Names become identifiers here; whether roles and clusters fit is the engine's to say.
    pub(crate) async fn resolve(&self, engine: &Engine) -> Result<Vec<Grant>, Failure> {
        let mut grants = Vec::new();
        for text in &self.roles {
            grants.push(grant(engine, text).await?);
        }
        Ok(grants)
    }
}

/// One of them, as it is typed.
pub(crate) async fn grant(engine: &Engine, text: &str) -> Result<Grant, Error> {
    let (role, place) = match text.split_once('@') {
        Some((role, place)) => (role, Some(place)),
        None => (text, None),
    };
    let role = Role::from(role.to_owned());
    let Some(place) = place else {
        return Ok(Grant { role, scope: None });
    };
    let (project, clusters) = match place.split_once('/') {
        Some((project, clusters)) => (project, clusters),
        None => (place, ""),
    };
    let project_id = engine.project(project).await?.id;
    let mut cluster_ids = Vec::new();
    for name in clusters.split(',').filter(|name| !name.is_empty()) {
        cluster_ids.push(engine.cluster(name).await?.id);
    }
    Ok(Grant {
        role,
        scope: Some(Scope {
            project_id,
            cluster_ids,
        }),
    })
}

/// `read_only, project_admin@search`.
pub(crate) fn text(grants: &[Grant], projects: &[Project]) -> String {
    let one = |grant: &Grant| {
        let Some(scope) = &grant.scope else {
            return grant.role.to_string();
        };
        let project = projects
            .iter()
            .find(|project| project.id == scope.project_id)
            .map_or(scope.project_id.as_str(), |project| &project.name);
        let clusters: Vec<_> = scope.cluster_ids.iter().map(ToString::to_string).collect();
        let slash = if clusters.is_empty() { "" } else { "/" };
        format!("{}@{project}{slash}{}", grant.role, clusters.join(","))
    };
    let all: Vec<_> = grants.iter().map(one).collect();
    if all.is_empty() {
        return super::words::dash();
    }
    all.join(", ")
}
