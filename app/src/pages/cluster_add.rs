//! The form that registers a cluster.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::AddCluster,
    flash::{Flash, Form},
    help::Guide,
    layout::{Page, Section, loaded},
    text::say,
    visit::{Query, Visit},
    widgets::{Button, ButtonLink, Field, Input, Look, Problem},
};

/// Address and credentials of a Milvus, and where it keeps its files.
#[component]
pub(crate) fn ClusterAddPage() -> impl IntoView {
    loaded(Section::Clusters, async {
        Ok(page(&Visit::current().address.query))
    })
}

/// The form, with what was typed before; secrets are typed again.
pub(crate) fn page(query: &Query) -> AnyView {
    let (milvus, storage) = (query.clone(), query.clone());
    view! {
        <Page
            section=Section::Clusters
            title=say!(cluster_add.title)
            about=say!(cluster_add.about) help=Guide::BeforeYouStart
            crumbs=vec![("/clusters".to_owned(), say!(clusters.title).to_owned())]
        >
            {Flash::refusal(Form::Cluster).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=AddCluster::url() class="sheet">
                <Milvus query=milvus />
                <Storage query=storage />
                <footer class="sheet-buttons">
                    <ButtonLink href="/clusters" label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(cluster_add.submit) />
                </footer>
            </form>
        </Page>
    }
    .into_any()
}

#[component]
fn Milvus(query: Query) -> impl IntoView {
    let [name, address, username] =
        ["name", "address", "username"].map(|name| query.get(name).unwrap_or_default().to_owned());
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(cluster_add.milvus)}</legend>
            <Field id="name" label=say!(cluster_add.name)>
                <Input id="name" name="name" value=name required=true autofocus=true longest=128 />
            </Field>
            <Field id="address" label=say!(cluster_add.address)>
                <Input id="address" name="address" kind="url" value=address required=true placeholder="http://localhost:19530" />
            </Field>
            <div class="pair">
                <Field id="username" label=say!(cluster_add.username) optional=true>
                    <Input id="username" name="username" value=username />
                </Field>
                <Field id="password" label=say!(cluster_add.password) optional=true>
                    <Input id="password" name="password" kind="password" autocomplete="new-password" />
                </Field>
            </div>
            <Field id="token" label=say!(cluster_add.token) optional=true>
                <Input id="token" name="token" kind="password" autocomplete="new-password" />
            </Field>
        </fieldset>
    }
}

#[component]
fn Storage(query: Query) -> impl IntoView {
    let [storage_url, storage_endpoint, storage_region] =
        ["storage_url", "storage_endpoint", "storage_region"]
            .map(|name| query.get(name).unwrap_or_default().to_owned());
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(cluster_add.storage)}</legend>
            <p class="hint">{say!(cluster_add.storage_about)}</p>
            <Field id="storage_url" label=say!(cluster_add.url) hint=say!(cluster_add.url_hint)>
                <Input id="storage_url" name="storage_url" value=storage_url required=true hinted=true placeholder="s3://milvus/files" />
            </Field>
            <div class="pair">
                <Field id="storage_endpoint" label=say!(cluster_add.endpoint) hint=say!(cluster_add.endpoint_hint) optional=true>
                    <Input id="storage_endpoint" name="storage_endpoint" kind="url" value=storage_endpoint hinted=true />
                </Field>
                <Field id="storage_region" label=say!(cluster_add.region) optional=true>
                    <Input id="storage_region" name="storage_region" value=storage_region />
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
