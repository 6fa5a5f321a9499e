//! How long a backup stays: the fact, the button that pins it, and the dialog that names it anew.

use hozon_model::{BackupMethod, BackupState, BackupSummary, Privilege};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{PinBackup, RenameBackup},
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    text::{Moment, say},
    visit::Address,
    widgets::{
        Button, ButtonLink, Command, Dialog, DialogButtons, Fact, Field, Input, Look, Missing,
        Problem,
    },
};

/// Whether there is something of a backup to name and to keep.
pub(super) fn is_there(state: BackupState) -> bool {
    matches!(state, BackupState::Available | BackupState::Damaged)
}

/// For how long it is kept, with the button that pins it or lets go of it.
#[component]
pub(super) fn Kept(backup: BackupSummary, missing: Option<Privilege>) -> impl IntoView {
    let kept = match (backup.pinned, backup.method, backup.expires_at) {
        (true, ..) => say!(backup.kept_pinned).to_owned(),
        (false, BackupMethod::Manual, _) => say!(backup.kept_manual).to_owned(),
        (false, BackupMethod::Auto, Some(at)) => {
            say!(backup.kept_auto, at = Moment::of(at).exact).to_string()
        }
        (false, BackupMethod::Auto, None) => say!(backup.kept_forever).to_owned(),
    };
    let label = if backup.pinned {
        say!(backup.unpin)
    } else {
        say!(backup.pin)
    };
    is_there(backup.state).then(|| match missing {
        Some(privilege) => view! {
            <Fact name=say!(backup.kept)>
                <div class="kept">
                    <span>{kept}</span>
                    <button type="button" class="link" disabled=true aria-describedby="why-not-pin">{label}</button>
                    <span id="why-not-pin"><Missing privilege /></span>
                </div>
            </Fact>
        }
        .into_any(),
        None => view! {
            <Fact name=say!(backup.kept)>
                <form method="post" action=PinBackup::url() class="kept">
                    <input type="hidden" name="id" value=backup.id.to_string() />
                    <input type="hidden" name="pinned" value=(!backup.pinned).to_string() />
                    <span>{kept}</span>
                    <button class="link">{label}</button>
                </form>
            </Fact>
        }
        .into_any(),
    })
}

/// The dialog that asks for another name.
pub(super) fn rename(backup: &BackupSummary, address: &Address, here: &Address) -> AnyView {
    let (id, close) = (backup.id.to_string(), here.at(super::OPEN_RENAME));
    let name = address.query.get("name").unwrap_or(&backup.name).to_owned();
    let fields = vec![
        ("id".to_owned(), id.clone()),
        ("name".to_owned(), name.clone()),
    ];
    let known = Known::of(&backup.cluster_id);
    view! {
        <Dialog close=close.clone() title=say!(rename.title) about=say!(rename.about)>
            <form method="post" action=RenameBackup::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <div class="dialog-body">
                    {Flash::refusal(Form::Rename).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="rename-name" label=say!(rename.name)>
                        <Input id="rename-name" name="name" value=name required=true autofocus=true longest=128 />
                    </Field>
                </div>
                <Command verb=Verb::Rename fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(backup.rename) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
