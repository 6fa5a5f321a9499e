//! The second door, for those whose password was right and who are asked for a code, too.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::SignInCode,
    flash::{Flash, Form},
    layout::Plain,
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{Button, Field, Input, Look, Problem},
};

/// The code; whoever has not typed a password is sent to do that.
#[component]
pub(crate) fn SignInCodePage() -> impl IntoView {
    let query = Visit::current().address.query;
    let next = query.get("next").unwrap_or_default().to_owned();
    if session::second_step().is_none() {
        let door = Address::new("/sign-in").with("next", next);
        leptos_axum::redirect(&door.to_string());
        return ().into_any();
    }
    page(next)
}

/// The form. It says nothing of whose it is.
pub(crate) fn page(next: String) -> AnyView {
    let again = Address::new("/sign-in").with("next", &next).to_string();
    view! {
        <Plain title=say!(two_steps.step_title)>
            <p class="door-about">{say!(two_steps.step_about)}</p>
            {Flash::refusal(Form::SignInCode).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=SignInCode::url() class="stack">
                <input type="hidden" name="next" value=next />
                <Field id="code" label=say!(two_steps.code) hint=say!(two_steps.code_or_recovery)>
                    <Input id="code" name="code" autocomplete="one-time-code" required=true autofocus=true hinted=true longest=64 />
                </Field>
                <Button look=Look::Primary label=say!(sign_in.submit) />
            </form>
            <p class="door-hint">{say!(two_steps.step_lost)} " " <a href=again>{say!(two_steps.step_again)}</a></p>
        </Plain>
    }
    .into_any()
}
