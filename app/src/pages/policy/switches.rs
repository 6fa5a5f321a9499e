//! The buttons that act at once: a backup now, a pause, and the question before switching off.

use hozon_model::{Action, Cluster, PolicyState, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{PausePolicy, RemovePolicy, ResumePolicy, RunPolicy},
    format::{call::Known, command::Verb},
    rights::Rights,
    text::say,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Glyph, Look, Withheld},
};

/// The link that opens the question, and has the focus again when it is left.
const OPEN_OFF: &str = "open-off";

/// What can be done with a policy that is switched on; what may not be done says why.
#[component]
pub(super) fn Switches(
    cluster: String,
    here: String,
    state: PolicyState,
    rights: Rights,
) -> impl IntoView {
    let (action, label, glyph) = match state {
        PolicyState::Enabled => (PausePolicy::url(), say!(policy.pause), Glyph::Pause),
        PolicyState::Paused => (ResumePolicy::url(), say!(policy.resume), Glyph::Play),
    };
    let off = match rights.missing(Resource::Policy, Action::Delete) {
        Some(missing) => view! { <Withheld id="why-not-off" look=Look::Quiet label=say!(policy.switch_off) missing /> }
            .into_any(),
        None => view! { <ButtonLink id=OPEN_OFF look=Look::Quiet href=format!("{here}?dialog=off") label=say!(policy.switch_off) /> }
            .into_any(),
    };
    let pause = match rights.missing(Resource::Policy, Action::Edit) {
        Some(missing) => view! { <Withheld id="why-not-pause" glyph label missing /> }.into_any(),
        None => view! {
            <form method="post" action=action>
                <input type="hidden" name="cluster" value=cluster.clone() />
                <Button glyph label />
            </form>
        }
        .into_any(),
    };
    let run = match rights.missing(Resource::Policy, Action::Run) {
        Some(missing) => view! { <Withheld id="why-not-run" glyph=Glyph::Archive label=say!(policy.run) missing /> }
            .into_any(),
        None => view! {
            <form method="post" action=RunPolicy::url()>
                <input type="hidden" name="cluster" value=cluster />
                <Button glyph=Glyph::Archive label=say!(policy.run) />
            </form>
        }
        .into_any(),
    };
    (off, pause, run)
}

/// The question before a policy is switched off.
pub(super) fn off(cluster: &Cluster, here: &str) -> AnyView {
    let (close, known) = (format!("{here}#{OPEN_OFF}"), Known::of(&cluster.id));
    let cluster = cluster.name.clone();
    let fields = vec![("cluster".to_owned(), cluster.clone())];
    view! {
        <Dialog
            close=close.clone()
            title=say!(policy.off_question, cluster = cluster.clone()).to_string()
            about=say!(policy.off_about)
        >
            <form method="post" action=RemovePolicy::url() class="dialog-form">
                <input type="hidden" name="cluster" value=cluster />
                <Command verb=Verb::PolicyOff fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(policy.keep_on) autofocus=true />
                    <Button look=Look::Danger label=say!(policy.switch_off) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
