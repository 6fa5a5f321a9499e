//! The part of the organization that somebody asks for or may see, as a condition on the table of backups.

use hozon_model::{ProjectId, Scope};
use sqlx::{QueryBuilder, Sqlite};

/// Adds ` AND …` for backups of a project, and of the scopes; no scope at all lets nothing through.
pub(super) fn narrow(
    sql: &mut QueryBuilder<Sqlite>,
    project: Option<&ProjectId>,
    within: Option<&[Scope]>,
) {
    if let Some(project) = project {
        sql.push(" AND project_id = ")
            .push_bind(project.as_str().to_owned());
    }
    let Some(scopes) = within else {
        return;
    };
    sql.push(" AND (FALSE");
    for scope in scopes {
        sql.push(" OR (project_id = ")
            .push_bind(scope.project_id.as_str().to_owned());
        if !scope.cluster_ids.is_empty() {
            sql.push(" AND cluster_id IN (");
            let mut list = sql.separated(", ");
            for cluster in &scope.cluster_ids {
                list.push_bind(cluster.as_str().to_owned());
            }
            sql.push(")");
        }
        sql.push(")");
    }
    sql.push(")");
}
