//! The dialog that asks what an archive shall become.

use hozon_model::{Cluster, FoundArchive, Integration};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{AdoptBackup, AdoptForm},
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    help::Guide,
    text::say,
    widgets::{
        Button, ButtonLink, Command, Dialog, DialogButtons, Field, Input, Look, Problem, Select,
    },
};

/// The dialog. Clusters are those of the integration's project.
pub(super) fn dialog(
    form: &AdoptForm,
    archives: &[FoundArchive],
    integrations: &[Integration],
    clusters: &[Cluster],
) -> AnyView {
    let mut form = form.clone();
    let project = integrations
        .iter()
        .find(|one| one.name == form.integration)
        .map(|one| &one.project_id);
    let clusters: Vec<Cluster> = clusters
        .iter()
        .filter(|cluster| Some(&cluster.project_id) == project)
        .cloned()
        .collect();
    let archive = archives.iter().find(|archive| {
        let id = archive.backup_id.as_ref().map_or("", |id| id.as_str());
        archive.directory == form.directory && id == form.backup
    });
    // It most likely goes back to where it came from.
    let chosen = form.cluster.clone().unwrap_or_else(|| {
        let origin = archive.and_then(|archive| archive.cluster_name.as_ref());
        let here = origin.filter(|name| clusters.iter().any(|one| one.name == **name));
        here.cloned().unwrap_or_default()
    });
    form.cluster = Some(chosen.clone());
    let known = Known::default()
        .with_integrations(integrations)
        .with_clusters(&clusters);
    let none = (String::new(), say!(adopt.cluster_none).to_owned());
    let named = clusters.into_iter().map(|one| (one.name.clone(), one.name));
    let options = [none].into_iter().chain(named).collect();
    let close = form.list().to_string();
    let place = if form.directory.is_empty() {
        say!(adopt.root).to_owned()
    } else {
        form.directory.clone()
    };
    let about = say!(adopt.dialog_about, directory = place).to_string();
    let own_name = archive.map_or_else(|| "–".to_owned(), |archive| archive.name.clone());
    let hint = say!(adopt.backup_name_hint, name = own_name).to_string();
    let fields = form.fields();
    view! {
        <Dialog close=close.clone() title=say!(adopt.title) about help=Guide::Export>
            <form method="post" action=AdoptBackup::url() class="dialog-form">
                <input type="hidden" name="integration" value=form.integration />
                <input type="hidden" name="within" value=form.within />
                <input type="hidden" name="directory" value=form.directory />
                <input type="hidden" name="backup" value=form.backup />
                <div class="dialog-body">
                    {Flash::refusal(Form::Adopt).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="adopt-cluster" label=say!(adopt.cluster) hint=say!(adopt.cluster_hint)>
                        <Select id="adopt-cluster" name="cluster" options value=chosen />
                    </Field>
                    <Field id="adopt-name" label=say!(adopt.backup_name) hint optional=true>
                        <Input id="adopt-name" name="name" value=form.name hinted=true longest=128 />
                    </Field>
                </div>
                <Command verb=Verb::Adopt fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(adopt.submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
