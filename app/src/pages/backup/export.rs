//! The dialog that asks where a backup shall go.

use hozon_model::{
    BackupSummary, ErrorCode, ExportFormat, Integration, IntegrationProvider, StorageLocation,
};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{ExportBackup, ExportForm},
    error::AppResult,
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    help::Guide,
    islands::Resubmit,
    session,
    text::{self, say},
    visit::Address,
    widgets::{
        Button, ButtonLink, Choice, Choices, Command, Dialog, DialogButtons, Fact, Facts, Field,
        Input, Look, Problem, Select,
    },
};

/// The dialog.
pub(super) async fn dialog(
    backup: &BackupSummary,
    address: &Address,
    here: &Address,
) -> AppResult<AnyView> {
    let engine = session::engine();
    // A backup outlives its cluster; then nobody knows the region any more.
    let region = match engine.cluster(backup.cluster_id.as_str()).await {
        Ok(cluster) => cluster.storage.region,
        Err(error) if error.code() == ErrorCode::ClusterNotFound => None,
        Err(error) => return Err(error.into()),
    };
    let integrations = session::seen().await?.integrations().await?;
    let form = ExportForm::of(&address.query, backup.id.as_str());
    Ok(self::form(backup, region, &integrations, form, here))
}

/// The dialog for the integrations that there are.
pub(crate) fn form(
    backup: &BackupSummary,
    region: Option<String>,
    integrations: &[Integration],
    mut form: ExportForm,
    here: &Address,
) -> AnyView {
    let close = here.at(super::OPEN_EXPORT);
    let (title, about) = (
        say!(export.title),
        say!(export.about, name = backup.name.clone()).to_string(),
    );
    let Some(provider) = provider(&form, integrations) else {
        return view! {
            <Dialog close=close.clone() title about help=Guide::Export>
                <div class="dialog-body"><p>{say!(export.none)}</p></div>
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <ButtonLink look=Look::Primary href="/integrations/new" label=say!(integrations.add) />
                </DialogButtons>
            </Dialog>
        }
        .into_any();
    };
    provider.as_str().clone_into(&mut form.provider);
    let providers = IntegrationProvider::ALL
        .into_iter()
        .filter(|one| of(*one, integrations).next().is_some())
        .map(|one| (one.as_str().to_owned(), text::provider(one).to_owned()))
        .collect();
    let configurations: Vec<_> = of(provider, integrations)
        .map(|one| (one.name.clone(), configuration(one)))
        .collect();
    if !configurations
        .iter()
        .any(|(name, _)| *name == form.integration)
        && let Some((first, _)) = configurations.first()
    {
        form.integration.clone_from(first);
    }
    let fields = form.fields();
    let known = Known::of(&backup.cluster_id).with_integrations(integrations);
    let archive = form.format != ExportFormat::Repository.as_str();
    let page = format!("/backups/{}", form.id);
    let hint = say!(export.directory_hint, id = form.id.clone()).to_string();
    view! {
        <Dialog close=close.clone() title about help=Guide::Export>
            <form method="post" action=ExportBackup::url() class="dialog-form">
                <input type="hidden" name="id" value=form.id />
                <div class="dialog-body">
                    {Flash::refusal(Form::Export).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Facts>
                        <Fact name=say!(export.region)>{region.unwrap_or_else(|| say!(export.region_none).to_owned())}</Fact>
                    </Facts>
                    <Field id="export-provider" label=say!(export.integration)>
                        <Resubmit>
                            <Select id="export-provider" name="provider" options=providers value=form.provider />
                            <button class="button" name="dialog" value="export" formmethod="get" formaction=page formnovalidate>
                                {say!(export.show)}
                            </button>
                        </Resubmit>
                    </Field>
                    <Field id="export-integration" label=say!(export.configuration)>
                        <Select id="export-integration" name="integration" options=configurations value=form.integration />
                    </Field>
                    <Field id="export-directory" label=say!(export.directory) hint optional=true>
                        <Input id="export-directory" name="directory" value=form.directory hinted=true />
                    </Field>
                    <Choices legend=say!(export.format)>
                        <Choice name="format" value=ExportFormat::MilvusBackup.as_str() label=say!(export.format_archive) hint=say!(export.format_archive_hint) checked=archive />
                        <Choice name="format" value=ExportFormat::Repository.as_str() label=say!(export.format_repository) hint=say!(export.format_repository_hint) checked=!archive />
                    </Choices>
                </div>
                <Command verb=Verb::Export fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(export.submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The chosen provider, or that of the chosen integration, or that of the first one.
fn provider(form: &ExportForm, integrations: &[Integration]) -> Option<IntegrationProvider> {
    integrations
        .iter()
        .find(|one| one.provider.as_str() == form.provider)
        .or_else(|| integrations.iter().find(|one| one.name == form.integration))
        .or(integrations.first())
        .map(|one| one.provider)
}

fn of(
    provider: IntegrationProvider,
    integrations: &[Integration],
) -> impl Iterator<Item = &Integration> {
    integrations
        .iter()
        .filter(move |one| one.provider == provider)
}

/// An integration as it stands in the list: its name, and the bucket or directory.
fn configuration(integration: &Integration) -> String {
    let StorageLocation { url, .. } = &integration.storage;
    let place = url
        .split_once("://")
        .map_or(url.as_str(), |(_, place)| place);
    format!("{} ({place})", integration.name)
}
