//! The door.

use hozon_model::ErrorCode;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    AppError,
    actions::SignIn,
    flash::{Flash, Form},
    layout::Plain,
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{Alert, Button, ButtonLink, Field, Glyph, Input, Look, Problem},
};

/// Name and password.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let query = Visit::current().address.query;
    let name = query.get("name").unwrap_or_default().to_owned();
    let next = query.get("next").unwrap_or_default().to_owned();
    let named = !name.is_empty();
    let wait = query
        .get("wait")
        .and_then(|seconds| seconds.parse::<u32>().ok());
    let provider = session::provider().map(|name| {
        let href = Address::new("/oidc/sign-in")
            .with("next", &next)
            .to_string();
        let label = say!(oidc.button, name = name).to_string();
        view! { <ButtonLink glyph=Glyph::Key href label /> }
    });
    let refused = match query.get("provider") {
        Some("refused") => Some(ErrorCode::IdentityRefused),
        Some("failed") => Some(ErrorCode::ProviderFailed),
        _ => None,
    };
    let refused = refused.map(|code| AppError::new(code, "", "").report);
    view! {
        <Plain title=say!(sign_in.title)>
            <p class="door-about">{say!(sign_in.about)}</p>
            {Flash::refusal(Form::SignIn).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            {refused.map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            {wait.map(|seconds| view! { <Alert text=say!(sign_in.wait, seconds = seconds.to_string()).to_string() /> })}
            <form method="post" action=SignIn::url() class="stack">
                <input type="hidden" name="next" value=next />
                <Field id="name" label=say!(sign_in.name)>
                    <Input id="name" name="name" value=name autocomplete="username" required=true autofocus=!named />
                </Field>
                <Field id="password" label=say!(sign_in.password)>
                    <Input id="password" name="password" kind="password" autocomplete="current-password" required=true autofocus=named />
                </Field>
                <Button look=Look::Primary label=say!(sign_in.submit) />
            </form>
            {provider}
            <p class="door-hint">{say!(sign_in.lost)} " " <code>"hozon admin link"</code></p>
        </Plain>
    }
}
