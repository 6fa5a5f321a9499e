//! `hozon project …`

use clap::{Args, Subcommand};
use hozon_model::{NewProject, Project, ProjectEdit, ProjectPlan};

use super::{
    Context,
    exit::Failure,
    table::{Align, Table, facts},
    words,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project
    Create(Create),
    /// List the projects
    List,
    /// Show one project
    Show(One),
    /// Give a project another name or plan
    Edit(Edit),
    /// Remove a project that no cluster, integration or backup belongs to
    Remove(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name or identifier of the project
    project: String,
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What to call it
    name: String,
    /// What was bought: `Standard`, `Enterprise` or `BusinessCritical`
    #[arg(long, default_value_t = ProjectPlan::Standard)]
    plan: ProjectPlan,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Name or identifier of the project
    project: String,
    /// Another name
    #[arg(long, required_unless_present = "plan")]
    name: Option<String>,
    /// Another plan: `Standard`, `Enterprise` or `BusinessCritical`
    #[arg(long)]
    plan: Option<ProjectPlan>,
}

pub(crate) async fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Context {
        engine,
        actor,
        output,
    } = context;
    match command {
        Command::Create(Create { name, plan }) => {
            let project = engine
                .create_project(actor, NewProject { name, plan })
                .await?;
            output.answer(&project, |project| {
                format!("Made project `{}` ({})", project.name, project.id)
            })
        }
        Command::List => {
            let projects = engine.projects().await?;
            output.answer(&projects, list)
        }
        Command::Show(One { project }) => {
            let project = engine.project(&project).await?;
            output.answer(&project, show)
        }
        Command::Edit(Edit {
            project,
            name,
            plan,
        }) => {
            let edit = ProjectEdit { name, plan };
            let project = engine.edit_project(actor, &project, edit).await?;
            output.answer(&project, show)
        }
        Command::Remove(One { project }) => {
            let project = engine.remove_project(actor, &project).await?;
            output.answer(&project, |project| {
                format!("Removed project `{}`", project.name)
            })
        }
    }
}

fn list(projects: &Vec<Project>) -> String {
    let mut table = Table::new([
        ("Name", Align::Left),
        ("ID", Align::Left),
        ("Plan", Align::Left),
        ("Clusters", Align::Right),
        ("Created", Align::Left),
    ]);
    for project in projects {
        table.row([
            project.name.clone(),
            project.id.to_string(),
            project.plan.to_string(),
            words::number(project.clusters),
            words::time(project.created_at),
        ]);
    }
    table.render()
}

fn show(project: &Project) -> String {
    facts([
        ("Name", project.name.clone()),
        ("ID", project.id.to_string()),
        ("Plan", project.plan.to_string()),
        ("Clusters", words::number(project.clusters)),
        ("Created", words::time(project.created_at)),
    ])
}
