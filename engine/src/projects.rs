//! Projects: what clusters, integrations and backups belong to.

use hozon_model::{Action, NewProject, Place, Project, ProjectEdit, ProjectId, Resource};
use jiff::Timestamp;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask},
    audit::Change,
    id,
};

impl Engine {
    /// Makes a project.
    ///
    /// # Errors
    /// `InvalidInput` on `name`, `ProjectNameTaken`.
    pub async fn create_project(&self, by: &dyn Acts, new: NewProject) -> Result<Project> {
        let created = self.try_create_project(by, &new).await;
        self.audit_change(
            by.actor(),
            "project.create",
            &new.name,
            Change::from(None::<&Project>).to(&created),
            &created,
        )
        .await?;
        created
    }

    async fn try_create_project(&self, by: &dyn Acts, new: &NewProject) -> Result<Project> {
        ask(by, Resource::Project, Action::Create, &Place::Organization)?;
        let project = Project {
            id: id::project()?,
            name: checked_name(&new.name)?,
            plan: new.plan,
            created_at: Timestamp::now(),
            clusters: 0,
        };
        self.catalog().add_project(&project).await?;
        Ok(project)
    }

    /// Every project, by name. There is always one.
    pub async fn projects(&self) -> Result<Vec<Project>> {
        self.catalog().projects().await
    }

    /// One project, by identifier or name.
    ///
    /// # Errors
    /// `ProjectNotFound`.
    pub async fn project(&self, id_or_name: &str) -> Result<Project> {
        let found = self.catalog().project(id_or_name).await?;
        found.ok_or_else(|| {
            Error::new(ErrorCode::ProjectNotFound, id_or_name)
                .hint("run `hozon project list` to see the projects")
        })
    }

    /// The project that was named, or the one that is always there.
    pub(crate) async fn project_or_default(&self, named: Option<&str>) -> Result<Project> {
        let named = named.map(str::trim).filter(|name| !name.is_empty());
        self.project(named.unwrap_or(ProjectId::DEFAULT)).await
    }

    /// Gives a project another name or plan.
    ///
    /// # Errors
    /// `ProjectNotFound`, `InvalidInput` on `name`, `ProjectNameTaken`.
    pub async fn edit_project(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        edit: ProjectEdit,
    ) -> Result<Project> {
        let before = self.project(id_or_name).await.ok();
        let edited = self.try_edit_project(by, id_or_name, &edit).await;
        self.audit_change(
            by.actor(),
            "project.edit",
            id_or_name,
            Change::from(before.as_ref()).to(&edited),
            &edited,
        )
        .await?;
        edited
    }

    async fn try_edit_project(
        &self,
        by: &dyn Acts,
        id_or_name: &str,
        edit: &ProjectEdit,
    ) -> Result<Project> {
        let mut project = self.project(id_or_name).await?;
        let here = Place::Project(project.id.clone());
        ask(by, Resource::Project, Action::Edit, &here)?;
        if let Some(name) = &edit.name {
            project.name = checked_name(name)?;
        }
        if let Some(plan) = edit.plan {
            self.entitlements()
                .check_plan(&project.name, project.plan, plan)?;
            project.plan = plan;
        }
        self.catalog().edit_project(&project).await?;
        Ok(project)
    }

    /// Removes a project that nothing belongs to.
    ///
    /// # Errors
    /// `ProjectInUse` names what belongs to it, also for the project that is always there.
    pub async fn remove_project(&self, by: &dyn Acts, id_or_name: &str) -> Result<Project> {
        let before = self.project(id_or_name).await.ok();
        let removed = self.try_remove_project(by, id_or_name).await;
        self.audit_change(
            by.actor(),
            "project.remove",
            id_or_name,
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }

    async fn try_remove_project(&self, by: &dyn Acts, id_or_name: &str) -> Result<Project> {
        let project = self.project(id_or_name).await?;
        let here = Place::Project(project.id.clone());
        ask(by, Resource::Project, Action::Delete, &here)?;
        if project.id == ProjectId::default() {
            return Err(Error::new(ErrorCode::ProjectInUse, project.name)
                .because("what names no project belongs to this one, so it stays")
                .hint("rename it, if its name is in the way"));
        }
        self.catalog().remove_project(&project.id).await?;
        Ok(project)
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Error::new(ErrorCode::InvalidInput, "name")
            .because("a project's name has 1 to 64 characters, none of them a control character")
            .hint("choose another name"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests;
