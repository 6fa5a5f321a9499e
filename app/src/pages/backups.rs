//! The list of backups.

pub(crate) mod create;
mod list;

use hozon_engine::access::place_of_cluster;
use hozon_model::{
    Action, BackupQuery, BackupSort, BackupState, BackupSummary, Cluster, Page as ListPage,
    Privilege, Resource,
};
use leptos::prelude::*;

use self::list::BackupsTable;
use super::cluster_add::open_to;
use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{Drawing, Empty, Filter, Glyph, GuardedLink, Icon, Look},
};

const STATES: [BackupState; 6] = [
    BackupState::Available,
    BackupState::Creating,
    BackupState::Damaged,
    BackupState::Failed,
    BackupState::Deleting,
    BackupState::Deleted,
];
const SORTS: [BackupSort; 4] = [
    BackupSort::Created,
    BackupSort::Name,
    BackupSort::Size,
    BackupSort::Rows,
];
/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_CREATE: &str = "open-create";
/// What the address of the list knows; the rest belongs to a dialog.
const FILTERS: [&str; 3] = ["search", "state", "in"];

/// What whoever looks may not do here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lacking {
    /// Of any cluster that they see.
    pub create: Option<Privilege>,
    /// Into any project that they see.
    pub adopt: Option<Privilege>,
    pub add_cluster: Option<Privilege>,
}

/// Every backup, sorted and filtered as the address says.
#[component]
pub(crate) fn BackupsPage() -> impl IntoView {
    loaded(Section::Backups, async {
        let visit = Visit::current();
        let (seen, actor) = (session::seen().await?, session::actor().await?);
        let clusters = seen.clusters().await?;
        let open: Vec<Cluster> = clusters
            .iter()
            .filter(|cluster| {
                actor.may(Resource::Backup, Action::Create, &place_of_cluster(cluster))
            })
            .cloned()
            .collect();
        let projects = seen.projects().await?;
        let may_adopt = !open_to(&actor, Resource::Backup, projects.clone()).is_empty();
        let may_add = !open_to(&actor, Resource::Cluster, projects).is_empty();
        let missing = Lacking {
            create: (open.is_empty() && !(clusters.is_empty() && may_add))
                .then(|| Privilege::new(Resource::Backup, Action::Create)),
            adopt: (!may_adopt).then(|| Privilege::new(Resource::Backup, Action::Create)),
            add_cluster: (!may_add).then(|| Privilege::new(Resource::Cluster, Action::Create)),
        };
        let page = seen.backups(&query(&visit.address, &clusters)).await?;
        let address = list_address(&visit.address);
        let filtered = FILTERS.iter().any(|name| address.query.get(name).is_some());
        let dialog = match visit.address.query.get("dialog") {
            Some("create") if missing.create.is_none() => {
                Some(create::dialog(&visit.address, &address, &open).await)
            }
            _ => None,
        };
        let create = address.clone().with("dialog", "create").to_string();
        let action = create_link(create.clone(), missing);
        let content = if page.total == 0 && !filtered {
            nothing_yet(clusters.is_empty(), create, missing)
        } else {
            filtered_list(page, address, clusters).into_any()
        };
        Ok(view! {
            <Page section=Section::Backups title=say!(backups.title) about=say!(backups.about) help=Guide::View action=action.into_any() dialog>
                {content}
            </Page>
        }
        .into_any())
    })
}

fn query(address: &Address, clusters: &[Cluster]) -> BackupQuery {
    let text = |name| address.query.get(name);
    let sort = super::named(&SORTS, text("sort")).unwrap_or_default();
    BackupQuery {
        search: text("search").map(|text| text.trim().to_owned()),
        cluster_id: text("in")
            .and_then(|name| clusters.iter().find(|cluster| cluster.name == name))
            .map(|cluster| cluster.id.clone()),
        state: super::named(&STATES, text("state")),
        sort,
        ascending: text("order").map_or(sort == BackupSort::Name, |order| order == "asc"),
        page: text("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        page_size: 25,
        ..BackupQuery::default()
    }
}

fn list_address(address: &Address) -> Address {
    let kept = ["search", "state", "in", "sort", "order", "page"];
    kept.iter().fold(Address::new("/backups"), |list, name| {
        list.with(name, address.query.get(name).unwrap_or_default())
    })
}

/// What is to be done on this page: a new backup, or one that comes back from elsewhere.
pub(crate) fn create_link(href: String, missing: Lacking) -> impl IntoView {
    view! {
        <GuardedLink why="why-not-adopt" look=Look::Quiet glyph=Glyph::Archive href="/backups/adopt" label=say!(adopt.open) missing=missing.adopt />
        <GuardedLink id=OPEN_CREATE why="why-not-create" look=Look::Primary glyph=Glyph::Plus href label=say!(backups.create) missing=missing.create />
    }
}

/// The filters and what they leave.
pub(crate) fn filtered_list(
    page: ListPage<BackupSummary>,
    address: Address,
    clusters: Vec<Cluster>,
) -> impl IntoView {
    view! {
        <Filters address=address.clone() clusters />
        <BackupsTable page address />
    }
}

/// Where there is no backup: the step that leads to the first.
pub(crate) fn nothing_yet(no_cluster: bool, create: String, missing: Lacking) -> AnyView {
    if no_cluster {
        view! {
            <Empty drawing=Drawing::Storehouse title=say!(backups.empty_title) about=say!(backups.empty_cluster)>
                <GuardedLink why="why-not-add" look=Look::Primary glyph=Glyph::Plus href="/clusters/new" label=say!(clusters.add) missing=missing.add_cluster />
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty drawing=Drawing::Storehouse title=say!(backups.empty_title) about=say!(backups.empty_about)>
                <GuardedLink why="why-not-begin" look=Look::Primary glyph=Glyph::Plus href=create label=say!(backups.create) missing=missing.create />
            </Empty>
        }
        .into_any()
    }
}

#[component]
fn Filters(address: Address, clusters: Vec<Cluster>) -> impl IntoView {
    let search = address.query.get("search").unwrap_or_default().to_owned();
    let on = FILTERS.iter().any(|name| address.query.get(name).is_some());
    let clear = address
        .clone()
        .without(&FILTERS)
        .without(&["page"])
        .to_string();
    let kept = address.clone().without(&["search", "page"]).query.0;
    let states = STATES
        .iter()
        .map(|state| (super::key(state), text::backup_state(*state).to_owned()))
        .collect();
    let clusters: Vec<_> = clusters
        .into_iter()
        .map(|cluster| (cluster.name.clone(), cluster.name))
        .collect();
    view! {
        <div class="filters" role="search" aria-label=say!(backups.filters)>
            <form action="/backups" class="search">
                {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect::<Vec<_>>()}
                <Icon glyph=Glyph::Search />
                <input type="search" name="search" value=search placeholder=say!(backups.search) aria-label=say!(backups.search) />
            </form>
            <Filter address=address.clone() key="state" label=say!(backups.status) options=states />
            {(!clusters.is_empty())
                .then(|| view! { <Filter address=address.clone() key="in" label=say!(backups.cluster) options=clusters /> })}
            {on.then(|| view! { <a class="clear" href=clear>{say!(common.clear_all)}</a> })}
        </div>
    }
}
