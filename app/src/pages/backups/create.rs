//! The dialog that asks for a backup.

use hozon_model::{Cluster, CollectionName};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    AppError,
    actions::{COLLECTIONS, CreateBackup, CreateForm},
    error::AppResult,
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    help::Guide,
    islands::Resubmit,
    session,
    text::say,
    visit::{Address, Query},
    widgets::{
        Button, ButtonLink, Choice, Choices, Command, Dialog, DialogButtons, Field, Input, Look,
        Problem, Select,
    },
};

/// The dialog, with the collections of the cluster that is chosen.
pub(super) async fn dialog(address: &Address, close: &Address, clusters: &[Cluster]) -> AnyView {
    let collections = match chosen(&address.query, clusters) {
        Some(cluster) => session::engine()
            .cluster_collections(&cluster.id)
            .await
            .map_err(AppError::from),
        None => Ok(Vec::new()),
    };
    form(
        &address.query,
        close.at(super::OPEN_CREATE),
        clusters,
        collections,
    )
}

fn chosen<'a>(query: &Query, clusters: &'a [Cluster]) -> Option<&'a Cluster> {
    let name = query.get("cluster").unwrap_or_default();
    clusters
        .iter()
        .find(|cluster| cluster.name == name)
        .or(clusters.first())
}

/// The dialog for what is known of the clusters and of the chosen one's collections.
pub(crate) fn form(
    query: &Query,
    close: String,
    clusters: &[Cluster],
    collections: AppResult<Vec<CollectionName>>,
) -> AnyView {
    let mut form = CreateForm::of(query);
    let Some(cluster) = chosen(query, clusters) else {
        return view! {
            <Dialog close=close.clone() title=say!(create.title) about=say!(create.no_cluster)>
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <ButtonLink look=Look::Primary href="/clusters/new" label=say!(clusters.add) />
                </DialogButtons>
            </Dialog>
        }
        .into_any();
    };
    form.cluster.clone_from(&cluster.name);
    if let Ok(collections) = &collections {
        // What was chosen for another cluster does not count for this one.
        form.collections.retain(|name| {
            collections
                .iter()
                .any(|collection| collection.to_string() == *name)
        });
    }
    let names = clusters
        .iter()
        .map(|cluster| (cluster.name.clone(), cluster.name.clone()))
        .collect();
    let fields = form.fields();
    let known = Known::default().with_clusters(clusters);
    let (cluster, name) = (form.cluster.clone(), form.name.clone());
    view! {
        <Dialog close=close.clone() title=say!(create.title) about=say!(create.about) help=Guide::Create>
            <form method="post" action=CreateBackup::url() class="dialog-form">
                <div class="dialog-body">
                    {Flash::refusal(Form::Create).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="create-cluster" label=say!(create.cluster)>
                        <Resubmit>
                            <Select id="create-cluster" name="cluster" options=names value=cluster />
                            <button class="button" name="dialog" value="create" formmethod="get" formaction="/backups" formnovalidate>
                                {say!(create.show)}
                            </button>
                        </Resubmit>
                    </Field>
                    <Field id="create-name" label=say!(create.name) hint=say!(create.name_hint) optional=true>
                        <Input id="create-name" name="name" value=name hinted=true longest=128 />
                    </Field>
                    <Scope form collections />
                </div>
                <Command verb=Verb::Create fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(create.submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Whole cluster, one database, or chosen collections; style shows what belongs to the choice.
#[component]
fn Scope(form: CreateForm, collections: AppResult<Vec<CollectionName>>) -> impl IntoView {
    let scope = form.scope.clone();
    let choice = move |value: &'static str, label: &'static str| {
        view! { <Choice name="scope" value label checked=scope == value /> }
    };
    let (collections, problem) = match collections {
        Ok(collections) => (collections, None),
        Err(error) => (Vec::new(), Some(error.report)),
    };
    let mut databases: Vec<_> = collections
        .iter()
        .map(|collection| collection.database.clone())
        .collect();
    databases.dedup();
    let databases = databases
        .into_iter()
        .map(|name| (name.clone(), name))
        .collect();
    let none = collections.is_empty() && problem.is_none();
    let boxes: Vec<_> = collections
        .into_iter()
        .map(|collection| {
            let name = collection.to_string();
            let checked = form.collections.contains(&name);
            view! { <Choice name=COLLECTIONS value=name.clone() label=name several=true checked /> }
        })
        .collect();
    view! {
        <Choices legend=say!(create.scope)>
            {choice("cluster", say!(create.scope_cluster))}
            {choice("database", say!(create.scope_database))}
            {choice("collections", say!(create.scope_collections))}
        </Choices>
        {problem.map(|report| view! { <Problem report title=say!(create.unreachable) /> })}
        <div class="for-database">
            <Field id="create-database" label=say!(create.database)>
                <Select id="create-database" name="database" options=databases value=form.database />
            </Field>
        </div>
        <Choices legend=say!(create.collections) many=true class="for-collections">
            {none.then(|| view! { <p class="hint">{say!(create.no_collections)}</p> })}
            {boxes}
        </Choices>
    }
}
