//! Projects, and what belongs to them.

use hozon_model::{ErrorCode, Project, ProjectId};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, row};
use crate::{Error, Result, catalog::word};

/// A project with the number of its clusters.
macro_rules! select_project {
    ($rest:literal) => {
        concat!(
            "SELECT *, (SELECT count(*) FROM clusters WHERE project_id = projects.id) AS clusters FROM projects ",
            $rest
        )
    };
}

impl SqliteCatalog {
    pub(super) async fn insert_project(&self, project: &Project) -> Result<()> {
        sqlx::query("INSERT INTO projects (id, name, plan, created_at) VALUES (?, ?, ?, ?)")
            .bind(project.id.as_str())
            .bind(&project.name)
            .bind(word(&project.plan))
            .bind(project.created_at.as_microsecond())
            .execute(&self.writer)
            .await
            .map_err(|error| name_taken(error, &project.name))?;
        Ok(())
    }

    pub(super) async fn select_projects(&self) -> Result<Vec<Project>> {
        sqlx::query(select_project!("ORDER BY name, id"))
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(project)
            .collect()
    }

    pub(super) async fn select_project(&self, id_or_name: &str) -> Result<Option<Project>> {
        sqlx::query(select_project!(
            "WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC LIMIT 1"
        ))
        .bind(id_or_name)
        .fetch_optional(&self.readers)
        .await?
        .map(|line| project(&line))
        .transpose()
    }

    pub(super) async fn update_project(&self, project: &Project) -> Result<()> {
        let changed = sqlx::query("UPDATE projects SET name = ?2, plan = ?3 WHERE id = ?1")
            .bind(project.id.as_str())
            .bind(&project.name)
            .bind(word(&project.plan))
            .execute(&self.writer)
            .await
            .map_err(|error| name_taken(error, &project.name))?;
        if changed.rows_affected() == 0 {
            return Err(not_found(project.id.as_str()));
        }
        Ok(())
    }

    pub(super) async fn delete_project(&self, id: &ProjectId) -> Result<()> {
        let mut transaction = self.begin().await?;
        for (things, query, advice) in [
            (
                "cluster",
                "SELECT name FROM clusters WHERE project_id = ? ORDER BY name",
                "remove its clusters first",
            ),
            (
                "integration",
                "SELECT name FROM integrations WHERE project_id = ? ORDER BY name",
                "remove its integrations first",
            ),
            (
                "backup",
                "SELECT name FROM backups WHERE project_id = ? AND state <> 'DELETED' ORDER BY name",
                "delete its backups first",
            ),
        ] {
            let names: Vec<String> = sqlx::query_scalar(query)
                .bind(id.as_str())
                .fetch_all(&mut *transaction)
                .await?;
            if !names.is_empty() {
                return Err(Error::new(ErrorCode::ProjectInUse, id.as_str())
                    .because(belongings(things, &names))
                    .hint(advice));
            }
        }
        let gone = sqlx::query("DELETE FROM projects WHERE id = ?")
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(not_found(id.as_str()));
        }
        Ok(transaction.commit().await?)
    }
}

/// A project that something is about to belong to; it may have been removed since somebody looked.
pub(super) async fn refuse_gone(connection: &mut SqliteConnection, id: &ProjectId) -> Result<()> {
    let there: Option<i64> = sqlx::query_scalar("SELECT 1 FROM projects WHERE id = ?")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    there.map(|_| ()).ok_or_else(|| not_found(id.as_str()))
}

/// `it has the clusters `a`, `b`, and 3 more`.
fn belongings(things: &str, names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut list: Vec<_> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > SHOWN {
        list.push(format!("and {} more", names.len() - SHOWN));
    }
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("it has the {things}{plural} {}", list.join(", "))
}

fn not_found(id: &str) -> Error {
    Error::new(ErrorCode::ProjectNotFound, id).hint("run `hozon project list` to see the projects")
}

fn name_taken(error: sqlx::Error, name: &str) -> Error {
    row::unless_taken(error, || {
        Error::new(ErrorCode::ProjectNameTaken, name)
            .because("another project has this name")
            .hint("choose another name")
    })
}

fn project(line: &SqliteRow) -> Result<Project> {
    Ok(Project {
        id: ProjectId::new(line.try_get::<String, _>("id")?),
        name: line.try_get("name")?,
        plan: row::word(line, "plan")?,
        created_at: row::time(line, "created_at")?,
        clusters: row::count(line, "clusters")?,
    })
}
