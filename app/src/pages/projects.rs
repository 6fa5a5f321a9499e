//! The projects: what clusters, integrations and backups belong to.

use hozon_model::{Action, BackupQuery, Place, Privilege, Project, Resource};
use leptos::prelude::*;

use crate::{
    format::count,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    widgets::{ButtonLink, Column, Drawing, Empty, Glyph, Look, Table, When, Withheld},
};

/// A project, with how much of what belongs to it may be seen.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub project: Project,
    pub clusters: u64,
    pub backups: u64,
}

/// Every project, by name.
#[component]
pub(crate) fn ProjectsPage() -> impl IntoView {
    loaded(Section::Projects, async {
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let clusters = seen.clusters().await?;
        let mut lines = Vec::new();
        for project in seen.projects().await? {
            let query = BackupQuery {
                project_id: Some(project.id.clone()),
                page_size: 1,
                ..BackupQuery::default()
            };
            let own = clusters
                .iter()
                .filter(|cluster| cluster.project_id == project.id);
            lines.push(Line {
                clusters: own.count() as u64,
                backups: seen.backups(&query).await?.total,
                project,
            });
        }
        let may_create = actor.may(Resource::Project, Action::Create, &Place::Organization);
        Ok(page(lines, may_create))
    })
}

/// The page for what is there.
pub(crate) fn page(lines: Vec<Line>, may_create: bool) -> AnyView {
    let action = if may_create {
        view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/projects/new" label=say!(project_add.title) /> }
            .into_any()
    } else {
        view! {
            <Withheld
                id="why-not-create"
                look=Look::Primary
                glyph=Glyph::Plus
                label=say!(project_add.title)
                missing=Privilege::new(Resource::Project, Action::Create)
            />
        }
        .into_any()
    };
    let content = if lines.is_empty() {
        view! { <Empty drawing=Drawing::Storehouse title=say!(projects.empty_title) about=say!(projects.empty_about) /> }
            .into_any()
    } else {
        view! { <ProjectsTable lines /> }.into_any()
    };
    view! {
        <Page section=Section::Projects title=say!(projects.title) about=say!(projects.about) help=Guide::Projects action>
            {content}
        </Page>
    }
    .into_any()
}

#[component]
fn ProjectsTable(lines: Vec<Line>) -> impl IntoView {
    view! {
        <Table
            caption=say!(projects.list)
            columns=vec![
                Column::of(say!(projects.name)),
                Column::of(say!(projects.plan)),
                Column::of(say!(projects.clusters)).number(),
                Column::of(say!(projects.backups)).number(),
                Column::of(say!(projects.created)).minor(),
            ]
        >
            {lines.into_iter().map(|line| view! { <Row line /> }).collect::<Vec<_>>()}
        </Table>
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let Line {
        project,
        clusters,
        backups,
    } = line;
    view! {
        <tr>
            <th scope="row" class="name"><a href=format!("/projects/{}", project.id)>{project.name}</a></th>
            <td data-label=say!(projects.plan)>{text::plan(project.plan)}</td>
            <td class="number" data-label=say!(projects.clusters)>{count(clusters)}</td>
            <td class="number" data-label=say!(projects.backups)>{count(backups)}</td>
            <td class="minor" data-label=say!(projects.created)><When at=project.created_at /></td>
        </tr>
    }
}
