//! The dialog that asks whether a member's second step of signing in shall be switched off.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{OPEN_TWO_STEPS, Told};
use crate::{
    actions::RemoveTotp,
    flash::{Flash, Form},
    format::command::Verb,
    text::say,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(crate) fn dialog(told: &Told) -> AnyView {
    let (name, close) = (told.user.name.clone(), told.here().at(OPEN_TWO_STEPS));
    let fields = vec![("name".to_owned(), name.clone())];
    view! {
        <Dialog
            close=close.clone()
            title=say!(two_steps.member_question, name = name.clone()).to_string()
            about=say!(two_steps.member_about)
        >
            <form method="post" action=RemoveTotp::url() class="dialog-form">
                <input type="hidden" name="name" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveTotp).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                </div>
                <Command verb=Verb::TotpOff fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(two_steps.member_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(two_steps.off) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
