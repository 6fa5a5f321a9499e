//! The dialog that asks how closely to look.

use hozon_model::{BackupSummary, ProofLevel};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::VerifyBackup,
    flash::{Flash, Form},
    format::{call::Known, command::Verb, size},
    help::Guide,
    text::{self, say},
    visit::Address,
    widgets::{Button, ButtonLink, Choice, Choices, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog.
pub(crate) fn dialog(backup: &BackupSummary, address: &Address, here: &Address) -> AnyView {
    let (id, close) = (backup.id.to_string(), here.at(super::OPEN_VERIFY));
    let level = address
        .query
        .get("level")
        .unwrap_or(ProofLevel::Read.as_str())
        .to_owned();
    let (list_chosen, read_chosen) = (
        level == ProofLevel::List.as_str(),
        level == ProofLevel::Read.as_str(),
    );
    let (list, read) = (ProofLevel::List, ProofLevel::Read);
    let read_hint = say!(verify.read_hint, size = size(backup.bytes)).to_string();
    let fields = vec![
        ("id".to_owned(), id.clone()),
        ("level".to_owned(), level.clone()),
    ];
    let known = Known::of(&backup.cluster_id);
    view! {
        <Dialog
            close=close.clone()
            title=say!(verify.title)
            about=say!(verify.about, name = backup.name.clone()).to_string() help=Guide::View
        >
            <form method="post" action=VerifyBackup::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <div class="dialog-body">
                    {Flash::refusal(Form::Verify).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Choices legend=say!(verify.level)>
                        <Choice name="level" value=list.as_str() label=text::proof_level(list) hint=say!(verify.list_hint) checked=list_chosen />
                        <Choice name="level" value=read.as_str() label=text::proof_level(read) hint=read_hint checked=read_chosen />
                    </Choices>
                </div>
                <Command verb=Verb::Verify fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(verify.submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
