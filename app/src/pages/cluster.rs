//! One cluster: what is known of it, and whether everything between it and Hozon works.

mod remove;

use hozon_engine::access::place_of_cluster;
use hozon_model::{Action, Cluster, ClusterCheck, ErrorCode, Privilege, Project, Resource};
use leptos::prelude::*;

use crate::{
    AppError,
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{
        Button, ButtonLink, CheckBadge, CopyableId, Fact, Facts, Glyph, Look, Problem, When,
        Withheld,
    },
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_REMOVE: &str = "open-remove";

/// Everything that the page tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub cluster: Cluster,
    /// None for those who may not see it.
    pub project: Option<Project>,
    /// What a look at it found, where somebody asked for one.
    pub check: Option<AppResult<ClusterCheck>>,
    pub may_edit: bool,
    pub may_remove: bool,
    /// Whether somebody is about to remove it.
    pub leaving: bool,
}

/// One cluster. It is looked at only when somebody asks for it: that takes a while, and writes a file.
#[component]
pub(crate) fn ClusterPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Clusters, async move { Ok(page(told(&id).await?)) })
}

async fn told(id: &str) -> AppResult<Told> {
    let engine = session::engine();
    let (seen, actor) = (session::seen().await?, session::actor().await?);
    let query = Visit::current().address.query;
    let cluster = seen.cluster(id).await?;
    let project = match seen.project(cluster.project_id.as_str()).await {
        Ok(project) => Some(project),
        Err(error) if error.code() == ErrorCode::PermissionDenied => None,
        Err(error) => return Err(error.into()),
    };
    let check = match query.get("check") {
        Some(_) => Some(
            engine
                .check_cluster(&cluster.id)
                .await
                .map_err(AppError::from),
        ),
        None => None,
    };
    let here = place_of_cluster(&cluster);
    Ok(Told {
        may_edit: actor.may(Resource::Cluster, Action::Edit, &here),
        may_remove: actor.may(Resource::Cluster, Action::Delete, &here),
        leaving: query.get("dialog") == Some("remove"),
        cluster,
        project,
        check,
    })
}

/// The page for what is known of a cluster.
pub(crate) fn page(told: Told) -> AnyView {
    let here = Address::new(format!("/clusters/{}", told.cluster.id));
    let dialog = (told.leaving && told.may_remove).then(|| remove::dialog(&told.cluster, &here));
    let action = actions(&told, &here);
    view! {
        <Page
            section=Section::Clusters
            title=told.cluster.name.clone() help=Guide::BeforeYouStart
            crumbs=vec![("/clusters".to_owned(), say!(clusters.title).to_owned())]
            action
            dialog
        >
            {told.check.map(|check| view! { <Check check /> })}
            <ClusterFacts cluster=told.cluster project=told.project />
        </Page>
    }
    .into_any()
}

/// Removing, changing and checking; what may not be done says why.
fn actions(told: &Told, here: &Address) -> AnyView {
    let remove = if told.may_remove {
        let href = here.clone().with("dialog", "remove");
        view! { <ButtonLink id=OPEN_REMOVE look=Look::Quiet glyph=Glyph::Trash href label=say!(cluster_edit.remove) /> }
            .into_any()
    } else {
        view! {
            <Withheld id="why-not-remove" look=Look::Quiet glyph=Glyph::Trash label=say!(cluster_edit.remove) missing=Privilege::new(Resource::Cluster, Action::Delete) />
        }
        .into_any()
    };
    let edit = if told.may_edit {
        let href = format!("{here}/edit");
        view! { <ButtonLink glyph=Glyph::Pen href label=say!(cluster_edit.edit) /> }.into_any()
    } else {
        view! {
            <Withheld id="why-not-edit" glyph=Glyph::Pen label=say!(cluster_edit.edit) missing=Privilege::new(Resource::Cluster, Action::Edit) />
        }
        .into_any()
    };
    let check = view! {
        <form action=here.to_string()>
            <input type="hidden" name="check" value="now" />
            <Button look=Look::Primary label=say!(clusters.check) />
        </form>
    };
    (remove, edit, check).into_any()
}

#[component]
fn ClusterFacts(cluster: Cluster, project: Option<Project>) -> impl IntoView {
    let user = cluster
        .username
        .unwrap_or_else(|| say!(clusters.no_user).to_owned());
    let backups = Address::new("/backups")
        .with("in", &cluster.name)
        .to_string();
    let project = project.map(|project| {
        let href = format!("/projects/{}", project.id);
        view! { <Fact name=say!(cluster_edit.project)><a href=href>{project.name}</a></Fact> }
    });
    view! {
        <Facts>
            {project}
            <Fact name=say!(clusters.address)><code>{cluster.address}</code></Fact>
            <Fact name=say!(clusters.user)>{user}</Fact>
            {cluster.milvus_version.map(|version| view! { <Fact name=say!(clusters.version)>{version}</Fact> })}
            <Fact name=say!(cluster_edit.kind)>{cluster.deployment_option.as_str()}</Fact>
            {cluster.cloud_region.map(|region| view! { <Fact name=say!(cluster_edit.cloud_region)>{region}</Fact> })}
            <Fact name=say!(clusters.storage)><code class="long">{cluster.storage.url}</code></Fact>
            {cluster.storage.endpoint.map(|endpoint| view! { <Fact name=say!(cluster_add.endpoint)><code>{endpoint}</code></Fact> })}
            {cluster.storage.region.map(|region| view! { <Fact name=say!(cluster_add.region)>{region}</Fact> })}
            <Fact name=say!(clusters.added)><When at=cluster.created_at exact=true /></Fact>
            <Fact name=say!(clusters.id)><CopyableId id=cluster.id.to_string() /></Fact>
        </Facts>
        <p><a href=backups>{say!(clusters.backups)}</a></p>
    }
}

#[component]
fn Check(check: AppResult<ClusterCheck>) -> impl IntoView {
    let check = match check {
        Ok(check) => check,
        Err(error) => {
            return view! { <Problem report=error.report title=say!(problem.refused) /> }
                .into_any();
        }
    };
    let verdict = if check.passed() {
        say!(clusters.check_passed)
    } else {
        say!(clusters.check_failed)
    };
    view! {
        <section class="card" aria-labelledby="check-title">
            <h2 id="check-title">{say!(clusters.checked)}</h2>
            <p>{verdict}</p>
            <ul class="checks">
                {check
                    .items
                    .into_iter()
                    .map(|item| {
                        view! {
                            <li>
                                <CheckBadge outcome=item.outcome />
                                <div>
                                    <strong>{text::check_subject(item.subject)}</strong>
                                    <p class="hint" lang="en">{item.detail}</p>
                                    {item.hint.map(|hint| view! { <p class="hint" lang="en">{hint}</p> })}
                                </div>
                            </li>
                        }
                    })
                    .collect::<Vec<_>>()}
            </ul>
        </section>
    }
    .into_any()
}
