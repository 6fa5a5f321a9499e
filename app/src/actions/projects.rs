//! Making, changing and removing projects.

use hozon_model::{ErrorCode, NewProject, ProjectEdit, ProjectPlan};
use leptos::prelude::*;

use super::finish;
use crate::{
    error::{AppError, AppResult},
    flash::{Done, Form},
    session,
    visit::Address,
};

/// Makes a project.
#[server(prefix = "/api", endpoint = "create_project")]
pub(crate) async fn create_project(name: String, #[server(default)] plan: String) -> AppResult<()> {
    let back = Address::new("/projects/new")
        .with("name", &name)
        .with("plan", &plan);
    let outcome = async {
        let plan = named(&plan)?.unwrap_or_default();
        let project = session::engine()
            .create_project(&session::actor().await?, NewProject { name, plan })
            .await?;
        Ok(page(project.id.as_str()).to_string())
    };
    finish(Form::Project, Done::Project, outcome.await, back)
}

/// Gives a project another name or plan.
#[server(prefix = "/api", endpoint = "edit_project")]
pub(crate) async fn edit_project(
    id: String,
    name: String,
    #[server(default)] plan: String,
) -> AppResult<()> {
    let back = page(&id)
        .with("dialog", "edit")
        .with("name", &name)
        .with("plan", &plan);
    let outcome = async {
        let edit = ProjectEdit {
            name: Some(name),
            plan: named(&plan)?,
        };
        let project = session::engine()
            .edit_project(&session::actor().await?, &id, edit)
            .await?;
        Ok(page(project.id.as_str()).to_string())
    };
    finish(Form::EditProject, Done::ProjectEdited, outcome.await, back)
}

/// Removes a project that nothing belongs to.
#[server(prefix = "/api", endpoint = "remove_project")]
pub(crate) async fn remove_project(id: String) -> AppResult<()> {
    let back = page(&id).with("dialog", "remove");
    let outcome = async {
        session::engine()
            .remove_project(&session::actor().await?, &id)
            .await?;
        Ok("/projects".to_owned())
    };
    finish(
        Form::RemoveProject,
        Done::ProjectRemoved,
        outcome.await,
        back,
    )
}

/// The page of a project, by its identifier.
fn page(id: &str) -> Address {
    Address::to(&["projects", id])
}

/// The plan of that name; none where none is named.
fn named(plan: &str) -> AppResult<Option<ProjectPlan>> {
    match plan.trim() {
        "" => Ok(None),
        plan => plan
            .parse()
            .map(Some)
            .map_err(|why: String| AppError::new(ErrorCode::InvalidInput, "plan", why)),
    }
}
