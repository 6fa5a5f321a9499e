//! One project: what belongs to it, and who may do what there.

mod belongings;
mod edit;
pub(crate) mod holders;
pub(crate) mod plans;
mod remove;

use hozon_engine::{Engine, access::Caller};
use hozon_model::{
    Action, BackupQuery, BackupSummary, Cluster, Integration, Page as ListPage, Place, Privilege,
    Project, Resource,
};
use leptos::prelude::*;

use self::{
    belongings::Belongings,
    holders::{Holders, Holding},
};
use crate::{
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{ButtonLink, CopyableId, Fact, Facts, Glyph, Look, When, Withheld},
};

/// The links that open the dialogs, and have the focus again when these are left.
const OPEN_EDIT: &str = "open-edit";
const OPEN_REMOVE: &str = "open-remove";
/// So many backups are named where all of them stand in the way.
const NAMED: u64 = 5;

/// Everything that the page tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub project: Project,
    pub clusters: Vec<Cluster>,
    pub integrations: Vec<Integration>,
    /// The newest ones, and how many there are.
    pub backups: ListPage<BackupSummary>,
    pub holding: Holding,
    pub rights: Rights,
    /// Whether its plan may only be raised.
    pub raise_only: bool,
}

/// What whoever looks may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rights {
    pub edit: bool,
    pub remove: bool,
    pub add_cluster: bool,
}

/// One project.
#[component]
pub(crate) fn ProjectPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Projects, async move {
        let told = told(&session::engine(), &id).await?;
        let address = Visit::current().address;
        Ok(page(told, &address))
    })
}

async fn told(engine: &Engine, id: &str) -> AppResult<Told> {
    let (seen, actor) = (session::seen().await?, session::actor().await?);
    let project = seen.project(id).await?;
    let mut clusters = seen.clusters().await?;
    clusters.retain(|cluster| cluster.project_id == project.id);
    let mut integrations = seen.integrations().await?;
    integrations.retain(|integration| integration.project_id == project.id);
    let query = BackupQuery {
        project_id: Some(project.id.clone()),
        page_size: NAMED,
        ..BackupQuery::default()
    };
    Ok(Told {
        backups: seen.backups(&query).await?,
        holding: Holding::of(engine, &actor, &project.id).await?,
        rights: rights(&actor, &project),
        raise_only: !engine.entitlements().smaller_plan,
        project,
        clusters,
        integrations,
    })
}

fn rights(actor: &Caller, project: &Project) -> Rights {
    let here = Place::Project(project.id.clone());
    Rights {
        edit: actor.may(Resource::Project, Action::Edit, &here),
        remove: actor.may(Resource::Project, Action::Delete, &here),
        add_cluster: actor.may(Resource::Cluster, Action::Create, &here),
    }
}

/// The page for what is known, with the dialog that the address names.
pub(crate) fn page(told: Told, address: &Address) -> AnyView {
    let here = Address::new(format!("/projects/{}", told.project.id));
    let dialog = match address.query.get("dialog") {
        Some("edit") if told.rights.edit => {
            Some(edit::dialog(&told.project, told.raise_only, address, &here))
        }
        Some("remove") if told.rights.remove => Some(remove::dialog(&told, &here)),
        _ => None,
    };
    let action = actions(told.rights, &here);
    let project = told.project.clone();
    view! {
        <Page
            section=Section::Projects
            title=told.project.name.clone() help=Guide::Projects
            crumbs=vec![("/projects".to_owned(), say!(projects.title).to_owned())]
            action
            dialog
        >
            <Facts>
                <Fact name=say!(projects.plan)>{text::plan(project.plan)}</Fact>
                <Fact name=say!(projects.created)><When at=project.created_at exact=true /></Fact>
                <Fact name=say!(project.id)><CopyableId id=project.id.to_string() /></Fact>
            </Facts>
            <Belongings told=told.clone() />
            <Holders holding=told.holding clusters=told.clusters />
        </Page>
    }
    .into_any()
}

fn actions(rights: Rights, here: &Address) -> AnyView {
    let dialog = |name: &str| here.clone().with("dialog", name).to_string();
    let remove = if rights.remove {
        view! { <ButtonLink id=OPEN_REMOVE look=Look::Quiet glyph=Glyph::Trash href=dialog("remove") label=say!(project.remove) /> }
            .into_any()
    } else {
        view! {
            <Withheld id="why-not-remove" look=Look::Quiet glyph=Glyph::Trash label=say!(project.remove) missing=Privilege::new(Resource::Project, Action::Delete) />
        }
        .into_any()
    };
    let edit = if rights.edit {
        view! { <ButtonLink id=OPEN_EDIT glyph=Glyph::Pen href=dialog("edit") label=say!(project.edit) /> }
            .into_any()
    } else {
        view! {
            <Withheld id="why-not-edit" glyph=Glyph::Pen label=say!(project.edit) missing=Privilege::new(Resource::Project, Action::Edit) />
        }
        .into_any()
    };
    (remove, edit).into_any()
}
