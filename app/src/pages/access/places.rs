//! Where grants hold: in words, and as the command line takes it.

use hozon_engine::{Engine, access::Caller};
use hozon_model::{Cluster, ClusterId, Grant, Project, ProjectId, Scope};

use crate::{
    error::AppResult,
    text::{self, say},
};

/// The projects and clusters that somebody may see. What they may not see is called by its identifier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub projects: Vec<Project>,
    pub clusters: Vec<Cluster>,
}

impl Places {
    /// Those that whoever is here may see.
    pub(crate) async fn seen(engine: &Engine, caller: &Caller) -> AppResult<Self> {
        let visible = caller.projects();
        let mut projects = engine.projects().await?;
        projects.retain(|project| {
            visible
                .as_ref()
                .is_none_or(|visible| visible.contains(&project.id))
        });
        let clusters = engine.seen_by(caller.clone()).clusters().await?;
        Ok(Self { projects, clusters })
    }

    /// A project's name.
    pub(crate) fn project(&self, id: &ProjectId) -> String {
        let known = self.projects.iter().find(|project| project.id == *id);
        known.map_or_else(|| id.to_string(), |project| project.name.clone())
    }

    fn cluster(&self, id: &ClusterId) -> String {
        let known = self.clusters.iter().find(|cluster| cluster.id == *id);
        known.map_or_else(|| id.to_string(), |cluster| cluster.name.clone())
    }

    /// Where a grant holds.
    pub(crate) fn words(&self, scope: Option<&Scope>) -> String {
        let Some(scope) = scope else {
            return say!(grants.everywhere).to_owned();
        };
        let project = self.project(&scope.project_id);
        if scope.cluster_ids.is_empty() {
            return say!(grants.project, project = project).to_string();
        }
        let names: Vec<_> = scope
            .cluster_ids
            .iter()
            .map(|id| self.cluster(id))
            .collect();
        let clusters = names.join(say!(grants.join));
        say!(grants.clusters, project = project, clusters = clusters).to_string()
    }

    /// Each grant's role and where it holds.
    pub(crate) fn grants(&self, grants: &[Grant]) -> Vec<(String, String)> {
        grants
            .iter()
            .map(|grant| (text::role(&grant.role), self.words(grant.scope.as_ref())))
            .collect()
    }

    /// A grant as the command line takes it: `read_write@search/main,staging`.
    pub(crate) fn typed(&self, grant: &Grant) -> String {
        let Some(scope) = &grant.scope else {
            return grant.role.to_string();
        };
        let id = &scope.project_id;
        let project = spoken(self.project(id), id.as_str());
        let clusters: Vec<_> = scope
            .cluster_ids
            .iter()
            .map(|id| spoken(self.cluster(id), id.as_str()))
            .collect();
        let slash = if clusters.is_empty() { "" } else { "/" };
        format!("{}@{project}{slash}{}", grant.role, clusters.join(","))
    }

    /// A project as a form sends it.
    pub(crate) fn project_value(project: &Project) -> String {
        spoken(project.name.clone(), project.id.as_str())
    }

    /// A cluster as a form sends it: `search/main`.
    pub(crate) fn cluster_value(&self, cluster: &Cluster) -> String {
        let id = &cluster.project_id;
        let project = spoken(self.project(id), id.as_str());
        let cluster = spoken(cluster.name.clone(), cluster.id.as_str());
        format!("{project}/{cluster}")
    }
}

/// The name, or the identifier where the name holds what separates names from each other.
fn spoken(name: String, id: &str) -> String {
    if name.contains(['/', ',', '@']) {
        id.to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use hozon_model::{ProjectPlan, Role};
    use jiff::Timestamp;

    use super::*;

    fn project(id: &str, name: &str) -> Project {
        Project {
            id: ProjectId::new(id),
            name: name.to_owned(),
            plan: ProjectPlan::default(),
            created_at: Timestamp::UNIX_EPOCH,
            clusters: 0,
        }
    }

    #[test]
    fn the_command_line_gets_names_where_it_can_tell_them_apart() {
        let places = Places {
            projects: vec![project("proj-1", "検索"), project("proj-2", "a/b")],
            clusters: Vec::new(),
        };
        let grant = |project: &str, clusters: &[&str]| Grant {
            role: Role::ReadWrite,
            scope: Some(Scope {
                project_id: ProjectId::new(project),
                cluster_ids: clusters.iter().map(|id| ClusterId::new(*id)).collect(),
            }),
        };
        for (grant, typed) in [
            (Grant::owner(), "organization_owner"),
            (grant("proj-1", &[]), "read_write@検索"),
            (grant("proj-2", &[]), "read_write@proj-2"),
            (
                grant("proj-1", &["in01-a", "in01-b"]),
                "read_write@検索/in01-a,in01-b",
            ),
        ] {
            assert_eq!(places.typed(&grant), typed);
        }
    }
}
