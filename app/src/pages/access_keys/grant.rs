//! A role and where it holds: in words, and as the fields of a form.

use hozon_model::{Action, Cluster, Grant, Privilege, Project, Resource, Role};
use leptos::prelude::*;

use crate::{
    actions::{CLUSTERS, KeyForm},
    islands::Resubmit,
    text::{self, say},
    widgets::{Choice, Choices, Field, Select},
};

/// What grants name by identifiers.
pub(crate) struct Places {
    pub projects: Vec<Project>,
    pub clusters: Vec<Cluster>,
}

impl Places {
    /// A grant in words. What is gone keeps its identifier.
    pub(crate) fn words(&self, grant: &Grant) -> String {
        let role = text::role(&grant.role);
        let Some(scope) = &grant.scope else {
            return say!(key_grants.words_everywhere, role = role).to_string();
        };
        let project = self
            .projects
            .iter()
            .find(|project| project.id == scope.project_id)
            .map_or_else(
                || scope.project_id.to_string(),
                |project| project.name.clone(),
            );
        if scope.cluster_ids.is_empty() {
            return say!(key_grants.words_project, role = role, project = project).to_string();
        }
        let name = |id: &hozon_model::ClusterId| {
            let found = self.clusters.iter().find(|cluster| cluster.id == *id);
            found.map_or_else(|| id.to_string(), |cluster| cluster.name.clone())
        };
        let clusters: Vec<_> = scope.cluster_ids.iter().map(name).collect();
        let clusters = clusters.join(say!(weekdays.join));
        say!(
            key_grants.words_clusters,
            role = role,
            project = project,
            clusters = clusters
        )
        .to_string()
    }
}

/// What somebody can choose from.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The names of the roles that were made here.
    pub roles: Vec<String>,
    /// Whether the whole organization is theirs to give.
    pub everywhere: bool,
    /// The names of the projects that are.
    pub projects: Vec<String>,
    /// The names of the chosen project's clusters.
    pub clusters: Vec<String>,
}

/// A role, and where it holds. Style shows what belongs to the chosen place; `show` leads to the page that has the
/// clusters of another project.
#[component]
pub(crate) fn GrantFields(form: KeyForm, offer: Offer, show: &'static str) -> impl IntoView {
    let Offer {
        roles,
        everywhere,
        projects,
        clusters,
    } = offer;
    let roles: Vec<_> = Role::BUILT_IN
        .into_iter()
        .filter(|role| everywhere || *role != Role::OrganizationOwner)
        .chain(roles.into_iter().map(Role::Custom))
        .map(|role| (role.as_str().to_owned(), text::role(&role)))
        .collect();
    let projects: Vec<_> = projects
        .into_iter()
        .map(|name| (name.clone(), name))
        .collect();
    let none = clusters.is_empty();
    let boxes: Vec<_> = clusters
        .into_iter()
        .map(|name| {
            let checked = form.clusters.contains(&name);
            view! { <Choice name=CLUSTERS value=name.clone() label=name several=true checked /> }
        })
        .collect();
    let needs = Privilege::new(Resource::Key, Action::Create);
    let withheld = format!("{} {needs}", say!(withheld.needs));
    let everywhere_hint = if everywhere {
        say!(key_grants.everywhere_hint).to_owned()
    } else {
        withheld
    };
    let at = form.place.clone();
    let at = move |place: &str| at == place;
    view! {
        <Field id="role" label=say!(key_grants.role) hint=say!(key_grants.role_hint)>
            <Select id="role" name="role" options=roles value=form.role.clone() />
        </Field>
        <Choices legend=say!(key_grants.place)>
            <Choice name="place" value="everywhere" label=say!(key_grants.everywhere) hint=everywhere_hint checked=at("everywhere") disabled=!everywhere />
            <Choice name="place" value="project" label=say!(key_grants.project) checked=at("project") />
            <Choice name="place" value="clusters" label=say!(key_grants.clusters) checked=at("clusters") />
        </Choices>
        <div class="for-key-project">
            <Field id="project" label=say!(key_grants.which_project)>
                <Resubmit>
                    <Select id="project" name="project" options=projects value=form.project />
                    <button class="button" formmethod="get" formaction=show formnovalidate>{say!(key_grants.show)}</button>
                </Resubmit>
            </Field>
        </div>
        <Choices legend=say!(key_grants.which_clusters) many=true class="for-key-clusters">
            {none.then(|| view! { <p class="hint">{say!(key_grants.no_clusters)}</p> })}
            {boxes}
        </Choices>
    }
}
