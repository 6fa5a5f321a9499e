//! The dialog that asks whether a role shall go. While somebody has it, it cannot.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{OPEN_REMOVE, Told};
use crate::{
    actions::RemoveRole,
    flash::{Flash, Form},
    format::command::Verb,
    text::{self, say},
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(crate) fn dialog(told: &Told) -> AnyView {
    let close = told.here().at(OPEN_REMOVE);
    let (name, title) = (told.form.name.clone(), text::role(&told.role));
    let fields = vec![("name".to_owned(), name.clone())];
    let used = !told.holders.is_empty();
    let holders = used.then(|| {
        let names = told.holders.names().join(say!(grants.join));
        view! { <p>{say!(roles.remove_used, names = names).to_string()}</p> }
    });
    view! {
        <Dialog
            close=close.clone()
            title=say!(roles.remove_question, name = title).to_string()
            about=say!(roles.remove_warn)
        >
            <form method="post" action=RemoveRole::url() class="dialog-form">
                <input type="hidden" name="name" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveRole).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    {holders}
                </div>
                <Command verb=Verb::RemoveRole fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(roles.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(roles.remove_submit) disabled=used />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
