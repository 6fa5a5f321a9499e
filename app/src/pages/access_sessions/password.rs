//! The dialog that changes one's own password.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::ChangePassword,
    flash::{Flash, Form},
    session,
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Dialog, DialogButtons, Field, Input, Look, Problem},
};

/// The present password, and the new one twice.
pub(super) fn dialog(here: &Address) -> AnyView {
    let close = here.at(super::OPEN_PASSWORD);
    let name = session::user().map(|user| user.name).unwrap_or_default();
    view! {
        <Dialog close=close.clone() title=say!(password.title) about=say!(password.about)>
            <form method="post" action=ChangePassword::url() class="dialog-form">
                <input type="hidden" autocomplete="username" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::Password).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="present" label=say!(password.present)>
                        <Input id="present" name="present" kind="password" autocomplete="current-password" required=true autofocus=true />
                    </Field>
                    <Field id="password" label=say!(welcome.password_change) hint=say!(welcome.password_hint)>
                        <Input id="password" name="password" kind="password" autocomplete="new-password" required=true shortest=12 hinted=true />
                    </Field>
                    <Field id="again" label=say!(password.again)>
                        <Input id="again" name="again" kind="password" autocomplete="new-password" required=true shortest=12 />
                    </Field>
                </div>
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(password.title) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
