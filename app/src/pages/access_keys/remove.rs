//! The dialog that asks whether an API key shall go.

use hozon_model::KeyId;
use leptos::{prelude::*, server_fn::ServerFn};

use super::Line;
use crate::{
    actions::RemoveKey,
    flash::{Flash, Form},
    format::command::Verb,
    text::say,
    visit::{Address, Query},
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The link that opens the dialog of a key, and has the focus again when it is left.
pub(super) fn opener(id: &KeyId) -> String {
    format!("remove-{id}")
}

/// The dialog, where the address asks for it and the key is there. Its safe button has the focus.
pub(super) fn dialog(lines: &[Line], query: &Query, here: &Address) -> Option<AnyView> {
    if query.get("dialog") != Some("remove") {
        return None;
    }
    let wanted = query.get("id")?;
    let key = &lines
        .iter()
        .find(|line| line.key.id.as_str() == wanted)?
        .key;
    Some(form(&key.id, &key.name, here))
}

/// The dialog of a key.
pub(super) fn form(id: &KeyId, name: &str, here: &Address) -> AnyView {
    let close = here.at(&opener(id));
    let (id, name) = (id.to_string(), name.to_owned());
    let fields = vec![("key".to_owned(), name.clone())];
    view! {
        <Dialog
            close=close.clone()
            title=say!(api_keys.remove_question, name = name.clone()).to_string()
            about=say!(api_keys.remove_warn)
        >
            <form method="post" action=RemoveKey::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="key" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveKey).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                </div>
                <Command verb=Verb::RemoveKey fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(api_keys.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(api_keys.remove_submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
