//! The part of a form that asks for a role and for where it shall hold.

use hozon_model::{CustomRole, Privilege, Role};
use leptos::prelude::*;

use super::places::Places;
use crate::{
    actions::{CLUSTERS, GrantForm},
    text::{self, say},
    widgets::{Choice, Choices, Field, Select},
};

/// A role, and a place; style shows what belongs to the kind of place that is chosen.
#[component]
pub(crate) fn GrantFields(
    form: GrantForm,
    /// The roles made here.
    roles: Vec<CustomRole>,
    /// What can be chosen from.
    places: Places,
    /// The privilege that is missing for a role that holds everywhere, where one is.
    #[prop(optional_no_strip)]
    withheld: Option<Privilege>,
) -> impl IntoView {
    view! {
        <Roles chosen=form.role.clone() roles everywhere=withheld.is_none() />
        <Kinds chosen=form.place.clone() withheld />
        <Choosable form places />
    }
}

#[component]
fn Roles(chosen: String, roles: Vec<CustomRole>, everywhere: bool) -> impl IntoView {
    let offered = |role: &Role| everywhere || *role != Role::OrganizationOwner;
    let built_in = Role::BUILT_IN.into_iter().filter(offered).map(|role| {
        let hint = text::role_about(&role).to_owned();
        (role.to_string(), text::role(&role), hint)
    });
    let made = roles.into_iter().map(|role| {
        let hint = super::privileges::about(&role);
        (role.name.clone(), role.name, hint)
    });
    let choices: Vec<_> = built_in
        .chain(made)
        .map(|(value, label, hint)| {
            let checked = chosen == value;
            view! { <Choice name="role" value label hint checked /> }
        })
        .collect();
    view! { <Choices legend=say!(grants.role)>{choices}</Choices> }
}

#[component]
fn Kinds(chosen: String, withheld: Option<Privilege>) -> impl IntoView {
    let missing = withheld.map(|privilege| format!("{} {privilege}", say!(withheld.needs)));
    let kinds: Vec<_> = [
        ("everywhere", say!(grants.everywhere), missing),
        ("project", say!(grants.in_project), None),
        ("clusters", say!(grants.on_clusters), None),
    ]
    .into_iter()
    .map(|(value, label, missing)| {
        let (checked, disabled) = (chosen == value, missing.is_some());
        let hint = missing.unwrap_or_default();
        view! { <Choice name="place" value label hint checked disabled /> }
    })
    .collect();
    view! { <Choices legend=say!(grants.place)>{kinds}</Choices> }
}

#[component]
fn Choosable(form: GrantForm, places: Places) -> impl IntoView {
    let projects = places
        .projects
        .iter()
        .map(|project| (Places::project_value(project), project.name.clone()))
        .collect();
    let clusters: Vec<_> = places
        .clusters
        .iter()
        .map(|cluster| {
            let value = places.cluster_value(cluster);
            let checked = form.clusters.contains(&value);
            let project = places.project(&cluster.project_id);
            let hint = say!(grants.project, project = project).to_string();
            let label = cluster.name.clone();
            view! { <Choice name=CLUSTERS value label hint several=true checked /> }
        })
        .collect();
    let none = clusters.is_empty();
    view! {
        <div class="for-project">
            <Field id="grant-project" label=say!(grants.which_project)>
                <Select id="grant-project" name="project" options=projects value=form.project />
            </Field>
        </div>
        <Choices legend=say!(grants.which_clusters) many=true class="for-clusters">
            {none.then(|| view! { <p class="hint">{say!(grants.no_clusters)}</p> })}
            {clusters}
        </Choices>
    }
}
