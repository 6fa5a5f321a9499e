//! One's own second step of signing in: whether it is on, and the dialogs that switch it on and off.

use hozon_engine::accounts::TotpSetup;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{BeginTotp, ConfirmTotp, EndTotp},
    flash::{Flash, Form},
    islands::CopyButton,
    session,
    text::say,
    visit::Address,
    widgets::{
        Button, ButtonLink, CopyableId, Dialog, DialogButtons, Field, Input, Look, Problem, Qr,
        TwoStepsBadge,
    },
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_OFF: &str = "open-two-steps-off";
/// The button that begins to switch it on.
const BEGIN: &str = "two-steps-on";

/// What is known of it. Nothing prints it: it may hold secrets.
#[derive(Clone)]
pub(crate) struct TwoSteps {
    /// Whether there is a password that a code could follow.
    pub has_password: bool,
    pub on: bool,
    /// How many recovery codes are left.
    pub left: u64,
    /// The secret that waits for its first code.
    pub setup: Option<TotpSetup>,
    /// The recovery codes that were just made, a line each.
    pub made: Option<String>,
}

/// Whether it is on, and the way to change that.
#[component]
pub(super) fn TwoStepsPart(told: TwoSteps, here: Address) -> impl IntoView {
    let TwoSteps {
        has_password,
        on,
        left,
        made,
        ..
    } = told;
    let action = if on {
        let href = here.with("dialog", "two-steps-off").to_string();
        view! { <ButtonLink id=OPEN_OFF href label=say!(two_steps.off) /> }.into_any()
    } else {
        let barred = !has_password;
        view! {
            <form method="post" action=BeginTotp::url() id=BEGIN>
                <Button label=say!(two_steps.on) disabled=barred />
            </form>
        }
        .into_any()
    };
    let more = if on {
        Some(say!(two_steps.codes_left, n = left.to_string()).to_string())
    } else {
        (!has_password).then(|| say!(two_steps.needs_password).to_owned())
    };
    view! {
        <section class="part" aria-labelledby="two-steps-title">
            <header class="part-head">
                <h2 id="two-steps-title">{say!(two_steps.title)}</h2>
                {action}
            </header>
            <p>{say!(two_steps.about)}</p>
            <p class="two-steps-state"><TwoStepsBadge on /> {more.map(|more| view! { <span class="hint">{more}</span> })}</p>
            {made.map(|codes| view! { <Made codes /> })}
        </section>
    }
}

/// The recovery codes that were just made. They are not shown a second time.
#[component]
fn Made(codes: String) -> impl IntoView {
    view! {
        <section class="card made-key" aria-labelledby="codes-title">
            <h3 id="codes-title">{say!(two_steps.made_title)}</h3>
            <p>{say!(two_steps.made_about)}</p>
            <div class="document">
                <pre tabindex="0" class="secret" aria-labelledby="codes-title">{codes.clone()}</pre>
                <CopyButton text=codes label=say!(two_steps.copy_codes).to_owned() done=say!(common.copied).to_owned() />
            </div>
        </section>
    }
}

/// The secret as a picture and as text, the first code of it, and the present password.
pub(super) fn setup_dialog(setup: &TotpSetup, here: &Address) -> AnyView {
    let close = here.at(BEGIN);
    let TotpSetup { secret, url } = setup.clone();
    view! {
        <Dialog close=close.clone() title=say!(two_steps.setup_title) about=say!(two_steps.setup_about)>
            <form method="post" action=ConfirmTotp::url() class="dialog-form">
                {own_name()}
                <div class="dialog-body">
                    {Flash::refusal(Form::ConfirmTotp).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Qr text=url label=say!(two_steps.picture) />
                    <div class="field">
                        <p>{say!(two_steps.key)}</p>
                        <CopyableId id=secret />
                    </div>
                    <Field id="code" label=say!(two_steps.code) hint=say!(two_steps.code_hint)>
                        <Input id="code" name="code" autocomplete="one-time-code" required=true autofocus=true hinted=true longest=64 />
                    </Field>
                    <Present />
                </div>
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(two_steps.on) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The present password, and a code.
pub(super) fn off_dialog(here: &Address) -> AnyView {
    let close = here.at(OPEN_OFF);
    view! {
        <Dialog close=close.clone() title=say!(two_steps.off_title) about=say!(two_steps.off_about)>
            <form method="post" action=EndTotp::url() class="dialog-form">
                {own_name()}
                <div class="dialog-body">
                    {Flash::refusal(Form::EndTotp).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Present />
                    <Field id="code" label=say!(two_steps.code) hint=say!(two_steps.code_or_recovery)>
                        <Input id="code" name="code" autocomplete="one-time-code" required=true hinted=true longest=64 />
                    </Field>
                </div>
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) autofocus=true />
                    <Button look=Look::Danger label=say!(two_steps.off) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}

/// For a browser that knows the password, and wants to know whose.
fn own_name() -> impl IntoView {
    let name = session::user().map(|user| user.name).unwrap_or_default();
    view! { <input type="hidden" autocomplete="username" value=name /> }
}

#[component]
fn Present() -> impl IntoView {
    view! {
        <Field id="present" label=say!(password.present)>
            <Input id="present" name="present" kind="password" autocomplete="current-password" required=true />
        </Field>
    }
}
