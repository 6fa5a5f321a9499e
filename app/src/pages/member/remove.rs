//! The dialog that asks whether a member shall go.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{OPEN_REMOVE, Told};
use crate::{
    actions::RemoveMember,
    flash::{Flash, Form},
    format::command::Verb,
    text::say,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(crate) fn dialog(told: &Told) -> AnyView {
    let (name, close) = (told.user.name.clone(), told.here().at(OPEN_REMOVE));
    let fields = vec![("name".to_owned(), name.clone())];
    let own = told
        .own
        .then(|| view! { <p><strong>{say!(members.remove_own)}</strong></p> });
    view! {
        <Dialog
            close=close.clone()
            title=say!(members.remove_question, name = name.clone()).to_string()
            about=say!(members.remove_warn)
        >
            <form method="post" action=RemoveMember::url() class="dialog-form">
                <input type="hidden" name="name" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveMember).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    {own}
                </div>
                <Command verb=Verb::RemoveMember fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(members.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(members.remove_submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
