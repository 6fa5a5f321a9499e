//! One cluster, and whether everything between it and Hozon works.

use hozon_model::{Cluster, ClusterCheck};
use leptos::prelude::*;

use crate::{
    AppError,
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{Button, CheckBadge, CopyableId, Fact, Facts, Look, Problem, When},
};

/// One cluster. It is looked at only when somebody asks for it: that takes a while, and writes a file.
#[component]
pub(crate) fn ClusterPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Clusters, async move {
        let engine = session::engine();
        let cluster = session::seen().await?.cluster(&id).await?;
        let check = match Visit::current().address.query.get("check") {
            Some(_) => Some(
                engine
                    .check_cluster(&cluster.id)
                    .await
                    .map_err(AppError::from),
            ),
            None => None,
        };
        Ok(page(cluster, check))
    })
}

/// The page for what is known of a cluster.
pub(crate) fn page(cluster: Cluster, check: Option<AppResult<ClusterCheck>>) -> AnyView {
    let action = view! {
        <form action=format!("/clusters/{}", cluster.id)>
            <input type="hidden" name="check" value="now" />
            <Button look=Look::Primary label=say!(clusters.check) />
        </form>
    };
    view! {
        <Page
            section=Section::Clusters
            title=cluster.name.clone() help=Guide::BeforeYouStart
            crumbs=vec![("/clusters".to_owned(), say!(clusters.title).to_owned())]
            action=action.into_any()
        >
            {check.map(|check| view! { <Check check /> })}
            <ClusterFacts cluster />
        </Page>
    }
    .into_any()
}

#[component]
fn ClusterFacts(cluster: Cluster) -> impl IntoView {
    let user = cluster
        .username
        .unwrap_or_else(|| say!(clusters.no_user).to_owned());
    let backups = Address::new("/backups")
        .with("in", &cluster.name)
        .to_string();
    view! {
        <Facts>
            <Fact name=say!(clusters.address)><code>{cluster.address}</code></Fact>
            <Fact name=say!(clusters.user)>{user}</Fact>
            {cluster.milvus_version.map(|version| view! { <Fact name=say!(clusters.version)>{version}</Fact> })}
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
