//! The dialog that asks whether a backup shall go, and says what would go with it.

use hozon_model::{BackupSummary, DeleteOptions, DeletePlan};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    AppError,
    actions::DeleteBackup,
    error::AppResult,
    flash::{Flash, Form},
    format::{call::Known, command::Verb, count, size},
    help::Guide,
    session,
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Fact, Facts, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(super) async fn dialog(backup: &BackupSummary, here: &Address) -> AnyView {
    let options = DeleteOptions {
        backup_id: backup.id.clone(),
        repository: None,
    };
    let plan = session::engine()
        .plan_delete(&options)
        .await
        .map_err(AppError::from);
    confirmation(backup, plan, here)
}

/// The dialog for a plan, or for the reason why there is none.
pub(crate) fn confirmation(
    backup: &BackupSummary,
    plan: AppResult<DeletePlan>,
    here: &Address,
) -> AnyView {
    let (plan, problem) = match plan {
        Ok(plan) => (Some(plan), None),
        Err(error) => (None, Some(error.report)),
    };
    let possible = plan.is_some();
    let amount = |files: u64, bytes: u64| {
        let files = say!(common.files, count = files, n = count(files)).to_string();
        say!(delete.files, files, size = size(bytes)).to_string()
    };
    let (id, close) = (backup.id.to_string(), here.at(super::OPEN_DELETE));
    let posted = id.clone();
    let known = Known::of(&backup.cluster_id);
    view! {
        <Dialog
            close=close.clone()
            title=say!(delete.question, name = backup.name.clone()).to_string()
            about=say!(delete.warn) help=Guide::Delete
        >
            <form method="post" action=DeleteBackup::url() class="dialog-form">
                <input type="hidden" name="id" value=posted />
                <div class="dialog-body">
                    {Flash::refusal(Form::Delete).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    {problem.map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    {plan
                        .map(|plan| {
                            view! {
                                <Facts>
                                    <Fact name=say!(delete.go)>{amount(plan.files, plan.bytes)}</Fact>
                                    <Fact name=say!(delete.stay)>{amount(plan.shared_files, plan.shared_bytes)}</Fact>
                                </Facts>
                            }
                        })}
                </div>
                <Command verb=Verb::Delete fields=vec![("id".to_owned(), id)] known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(delete.keep) autofocus=true />
                    <Button look=Look::Danger label=say!(delete.submit) disabled=!possible />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
