//! The dialog that asks whether an integration shall go.

use hozon_model::Integration;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::RemoveIntegration,
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(super) fn dialog(integration: &Integration, here: &Address) -> AnyView {
    let (id, close) = (integration.id.to_string(), here.at(super::OPEN_REMOVE));
    let name = integration.name.clone();
    let fields = vec![
        ("id".to_owned(), id.clone()),
        ("integration".to_owned(), name.clone()),
    ];
    view! {
        <Dialog
            close=close.clone()
            title=say!(integrations.remove_question, name = name.clone()).to_string()
            about=say!(integrations.remove_warn)
        >
            <form method="post" action=RemoveIntegration::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="integration" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveIntegration).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                </div>
                <Command verb=Verb::RemoveIntegration fields known=Some(Known::default()) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(integrations.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(integrations.remove_submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
