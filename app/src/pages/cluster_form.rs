//! The fields of a cluster, as they are asked for when one is registered and when one is changed.

use hozon_model::{DeploymentOption, Project, ProjectId};
use leptos::prelude::*;

use crate::{
    actions::ClusterForm,
    text::say,
    widgets::{Field, FileText, Input, Select},
};

/// What it belongs to. Who may choose among several projects does; a cluster that is there stays in its own.
#[component]
pub(super) fn Belongs(
    form: ClusterForm,
    /// Those that a new cluster may be registered in.
    projects: Vec<Project>,
) -> impl IntoView {
    let kinds: Vec<_> = DeploymentOption::ALL
        .map(|kind| (kind.as_str().to_owned(), kind.as_str().to_owned()))
        .into();
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(cluster_edit.belongs)}</legend>
            <ProjectChoice chosen=form.project projects />
            <div class="pair">
                <Field id="deployment" label=say!(cluster_edit.kind)>
                    <Select id="deployment" name="deployment" options=kinds value=form.deployment />
                </Field>
                <Field id="cloud_region" label=say!(cluster_edit.cloud_region) hint=say!(cluster_edit.cloud_region_hint) optional=true>
                    <Input id="cloud_region" name="cloud_region" value=form.cloud_region hinted=true longest=64 />
                </Field>
            </div>
        </fieldset>
    }
}

/// One project is not asked about, but named all the same: it need not be the one that is always there.
#[component]
pub(super) fn ProjectChoice(chosen: String, projects: Vec<Project>) -> impl IntoView {
    let only = match projects.as_slice() {
        [] => return ().into_any(),
        [only] => Some(only.id.to_string()),
        _ => None,
    };
    if let Some(id) = only {
        return view! { <input type="hidden" name="project" value=id /> }.into_any();
    }
    let named = projects
        .iter()
        .find(|project| project.id.as_str() == chosen || project.name == chosen);
    let value = named.map_or(ProjectId::DEFAULT, |project| project.id.as_str());
    let value = value.to_owned();
    let options = projects
        .into_iter()
        .map(|project| (project.id.to_string(), project.name))
        .collect();
    view! {
        <Field id="project" label=say!(cluster_edit.project)>
            <Select id="project" name="project" options value />
        </Field>
    }
    .into_any()
}

/// How Milvus is reached. Of a cluster that is there, secrets that are not typed stay.
#[component]
pub(super) fn Milvus(form: ClusterForm, #[prop(optional)] editing: bool) -> impl IntoView {
    let kept = editing.then(|| view! { <p class="hint">{say!(cluster_edit.secrets_stay)}</p> });
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(cluster_add.milvus)}</legend>
            {kept}
            <Field id="name" label=say!(cluster_add.name)>
                <Input id="name" name="name" value=form.name required=true autofocus=true longest=128 />
            </Field>
            <Field id="address" label=say!(cluster_add.address)>
                <Input id="address" name="address" kind="url" value=form.address required=true placeholder="http://localhost:19530" />
            </Field>
            <div class="pair">
                <Field id="username" label=say!(cluster_add.username) optional=true>
                    <Input id="username" name="username" value=form.username />
                </Field>
                <Field id="password" label=say!(cluster_add.password) optional=true>
                    <Input id="password" name="password" kind="password" autocomplete="new-password" />
                </Field>
            </div>
            <Field id="token" label=say!(cluster_add.token) optional=true>
                <Input id="token" name="token" kind="password" autocomplete="new-password" />
            </Field>
            <Field id="ca_certificate" label=say!(cluster_add.ca_certificate) hint=say!(cluster_add.ca_hint) optional=true>
                <FileText id="ca_certificate" name="ca_certificate" placeholder="-----BEGIN CERTIFICATE-----" />
            </Field>
        </fieldset>
    }
}

/// Where it keeps its files, and what opens that place.
#[component]
pub(super) fn Storage(form: ClusterForm) -> impl IntoView {
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(cluster_add.storage)}</legend>
            <p class="hint">{say!(cluster_add.storage_about)}</p>
            <Field id="storage_url" label=say!(cluster_add.url) hint=say!(cluster_add.url_hint)>
                <Input id="storage_url" name="storage_url" value=form.storage_url required=true hinted=true placeholder="s3://milvus/files" />
            </Field>
            <div class="pair">
                <Field id="storage_endpoint" label=say!(cluster_add.endpoint) hint=say!(cluster_add.endpoint_hint) optional=true>
                    <Input id="storage_endpoint" name="storage_endpoint" kind="url" value=form.storage_endpoint hinted=true />
                </Field>
                <Field id="storage_region" label=say!(cluster_add.region) optional=true>
                    <Input id="storage_region" name="storage_region" value=form.storage_region />
                </Field>
            </div>
            <div class="pair">
                <Field id="storage_access_key" label=say!(cluster_add.access_key) optional=true>
                    <Input id="storage_access_key" name="storage_access_key" />
                </Field>
                <Field id="storage_secret_key" label=say!(cluster_add.secret_key) optional=true>
                    <Input id="storage_secret_key" name="storage_secret_key" kind="password" autocomplete="new-password" />
                </Field>
            </div>
        </fieldset>
    }
}
