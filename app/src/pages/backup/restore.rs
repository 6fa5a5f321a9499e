//! The dialog that restores, in two steps: what to restore and whereto, then what that would make.

mod review;

use hozon_model::{Backup, Cluster, RestorePlan};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{COLLECTIONS, RestoreBackup, RestoreForm},
    error::AppResult,
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    help::Guide,
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{
        Button, ButtonLink, Choice, Choices, Command, Dialog, DialogButtons, Field, Input, Look,
        Problem, Select,
    },
};

/// The dialog at the step that the address names.
pub(super) async fn dialog(
    backup: &Backup,
    address: &Address,
    here: &Address,
) -> AppResult<AnyView> {
    let clusters = session::seen().await?.clusters().await?;
    if address.query.get("step") == Some("review") {
        let plan = review::plan(&form(backup, address)).await;
        Ok(at_review(backup, plan, &clusters, here, address))
    } else {
        Ok(at_options(backup, clusters, here, address))
    }
}

fn form(backup: &Backup, address: &Address) -> RestoreForm {
    RestoreForm::of(
        &address.query,
        backup.summary.id.as_str(),
        &backup.summary.cluster_name,
    )
}

/// The dialog at its first step.
pub(crate) fn at_options(
    backup: &Backup,
    clusters: Vec<Cluster>,
    here: &Address,
    address: &Address,
) -> AnyView {
    frame(
        backup,
        here,
        false,
        options(form(backup, address), backup, clusters, here),
    )
}

/// The dialog at its second step, for a plan or for the reason why there is none.
pub(crate) fn at_review(
    backup: &Backup,
    plan: AppResult<RestorePlan>,
    clusters: &[Cluster],
    here: &Address,
    address: &Address,
) -> AnyView {
    let form = form(backup, address);
    let known = known(backup, clusters);
    frame(backup, here, true, review::step(form, plan, known, here))
}

/// What a call needs to say the same as the form.
fn known(backup: &Backup, clusters: &[Cluster]) -> Known {
    Known::of(&backup.summary.cluster_id)
        .with_clusters(clusters)
        .holding(backup)
}

fn frame(backup: &Backup, here: &Address, review: bool, content: AnyView) -> AnyView {
    let about = say!(restore.about, name = backup.summary.name.clone()).to_string();
    view! {
        <Dialog close=here.at(super::OPEN_RESTORE) title=say!(restore.title) about help=Guide::Restore wide=review>
            <ol class="steps" aria-label=say!(restore.steps)>
                <li aria-current=(!review).then_some("step")>{say!(restore.step_options)}</li>
                <li aria-current=review.then_some("step")>{say!(restore.step_review)}</li>
            </ol>
            {content}
        </Dialog>
    }
    .into_any()
}

/// The first step: a form that only asks for the second.
fn options(form: RestoreForm, backup: &Backup, clusters: Vec<Cluster>, here: &Address) -> AnyView {
    let page = format!("/backups/{}", form.id);
    let known = known(backup, &clusters);
    let names = clusters
        .into_iter()
        .map(|cluster| (cluster.name.clone(), cluster.name))
        .collect();
    let boxes: Vec<_> = backup
        .collection_list
        .iter()
        .map(|collection| {
            let name = format!("{}.{}", collection.database, collection.name);
            let checked = form.collections.contains(&name);
            view! { <Choice name=COLLECTIONS value=name.clone() label=name several=true checked /> }
        })
        .collect();
    let keep = form.load != "release";
    let more = more(form.clone());
    let fields = form.fields();
    let close = here.at(super::OPEN_RESTORE);
    view! {
        <form action=page class="dialog-form">
            <input type="hidden" name="dialog" value="restore" />
            <input type="hidden" name="step" value="review" />
            <input type="hidden" name="id" value=form.id.clone() />
            <div class="dialog-body">
                <Field id="restore-cluster" label=say!(restore.cluster)>
                    <Select id="restore-cluster" name="cluster" options=names value=form.cluster.clone() />
                </Field>
                <Field id="restore-suffix" label=say!(restore.suffix) hint=say!(restore.suffix_hint) optional=true>
                    <Input id="restore-suffix" name="suffix" value=form.suffix.clone() hinted=true pattern="[A-Za-z0-9_]*" longest=64 />
                </Field>
                <Choices legend=say!(restore.collections) hint=say!(restore.collections_hint) many=true>{boxes}</Choices>
                {more}
                <Choices legend=say!(restore.load)>
                    <Choice name="load" value="keep" label=say!(restore.load_keep) hint=say!(restore.load_keep_hint) checked=keep />
                    <Choice name="load" value="release" label=say!(restore.load_release) hint=say!(restore.load_release_hint) checked=!keep />
                </Choices>
            </div>
            <Command verb=Verb::Restore fields known=Some(known) />
            <DialogButtons>
                <ButtonLink href=close label=say!(common.cancel) />
                <Button look=Look::Primary label=say!(restore.review) />
            </DialogButtons>
        </form>
    }
    .into_any()
}

/// What most people leave as it is.
fn more(form: RestoreForm) -> impl IntoView {
    let pairs = |pairs: &[(&str, &'static str)]| {
        let owned = |(key, label): &(&str, &str)| ((*key).to_owned(), (*label).to_owned());
        pairs.iter().map(owned).collect::<Vec<_>>()
    };
    let existing = pairs(&[
        ("refuse", say!(restore.existing_refuse)),
        ("skip", say!(restore.existing_skip)),
        ("replace", say!(restore.existing_replace)),
    ]);
    let indexes = pairs(&[
        ("keep", say!(restore.indexes_keep)),
        ("auto", say!(restore.indexes_auto)),
        ("none", say!(restore.indexes_none)),
    ]);
    let special = form.is_special();
    let zone = Visit::current().zone;
    let zone = zone.iana_name().unwrap_or("UTC").to_owned();
    let until_hint = say!(restore.until_hint, zone = zone.clone()).to_string();
    view! {
        <details class="more" open=special>
            <summary>{say!(restore.more)}</summary>
            <div class="more-fields">
                <Field id="restore-existing" label=say!(restore.existing)>
                    <Select id="restore-existing" name="existing" options=existing value=form.existing.clone() />
                </Field>
                <Field id="restore-database" label=say!(restore.database) hint=say!(restore.database_hint) optional=true>
                    <Input id="restore-database" name="database" value=form.database.clone() hinted=true pattern="[A-Za-z_][A-Za-z0-9_]*" longest=255 />
                </Field>
                <Field id="restore-renames" label=say!(restore.renames) hint=say!(restore.renames_hint) optional=true>
                    <Input id="restore-renames" name="renames" value=form.renames.clone() hinted=true placeholder="default.books:default.books_2025" />
                </Field>
                <Field id="restore-indexes" label=say!(restore.indexes)>
                    <Select id="restore-indexes" name="indexes" options=indexes value=form.indexes.clone() />
                </Field>
                <Field id="restore-until" label=say!(restore.until) hint=until_hint optional=true>
                    <Input id="restore-until" name="until" kind="datetime-local" value=form.until.clone() hinted=true />
                </Field>
                <input type="hidden" name="zone" value=zone />
            </div>
        </details>
    }
}

/// The hidden fields and the refusal of the form that really restores.
#[component]
fn Posted(form: RestoreForm, children: Children) -> impl IntoView {
    view! {
        <form method="post" action=RestoreBackup::url() class="dialog-form">
            {form.fields().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect::<Vec<_>>()}
            <div class="dialog-body">
                {Flash::refusal(Form::Restore).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            </div>
            {children()}
        </form>
    }
}
