//! The buttons that act at once: a backup now, a pause, and the question before switching off.

use hozon_model::PolicyState;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{PausePolicy, RemovePolicy, ResumePolicy, RunPolicy},
    text::say,
    widgets::{Button, ButtonLink, Dialog, DialogButtons, Glyph, Look},
};

/// The link that opens the question, and has the focus again when it is left.
const OPEN_OFF: &str = "open-off";

/// What can be done with a policy that is switched on.
#[component]
pub(super) fn Switches(cluster: String, here: String, state: PolicyState) -> impl IntoView {
    let (action, label, glyph) = match state {
        PolicyState::Enabled => (PausePolicy::url(), say!(policy.pause), Glyph::Pause),
        PolicyState::Paused => (ResumePolicy::url(), say!(policy.resume), Glyph::Play),
    };
    view! {
        <ButtonLink id=OPEN_OFF look=Look::Quiet href=format!("{here}?dialog=off") label=say!(policy.switch_off) />
        <form method="post" action=action>
            <input type="hidden" name="cluster" value=cluster.clone() />
            <Button glyph label />
        </form>
        <form method="post" action=RunPolicy::url()>
            <input type="hidden" name="cluster" value=cluster />
            <Button glyph=Glyph::Archive label=say!(policy.run) />
        </form>
    }
}

/// The question before a policy is switched off.
pub(super) fn off(cluster: &str, here: &str) -> AnyView {
    let (close, cluster) = (format!("{here}#{OPEN_OFF}"), cluster.to_owned());
    view! {
        <Dialog
            close=close.clone()
            title=say!(policy.off_question, cluster = cluster.clone()).to_string()
            about=say!(policy.off_about)
        >
            <form method="post" action=RemovePolicy::url() class="dialog-form">
                <input type="hidden" name="cluster" value=cluster />
                <DialogButtons>
                    <ButtonLink href=close label=say!(policy.keep_on) autofocus=true />
                    <Button look=Look::Danger label=say!(policy.switch_off) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
