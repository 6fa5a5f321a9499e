//! The one-time link. Looking at it does not use it up: mail scanners and link previews look, too.

use hozon_engine::accounts::Secret;
use hozon_model::User;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    AppError,
    actions::SignInByLink,
    flash::{Flash, Form},
    layout::Plain,
    session,
    text::say,
    widgets::{Button, ButtonLink, Field, Input, Look, Problem},
};

/// Whom the link signs in, and a button that does.
#[component]
pub(crate) fn WelcomePage() -> impl IntoView {
    let token = super::part("token");
    Suspend::new(async move {
        match session::engine()
            .peek_link(&Secret::new(token.as_str()))
            .await
        {
            Ok(user) => invitation(token, &user),
            Err(error) => view! {
                <Plain title=say!(welcome.used_title)>
                    <Problem report=AppError::from(error).report title=say!(welcome.used_title) />
                    <ButtonLink look=Look::Primary href="/sign-in" label=say!(sign_in.title) />
                </Plain>
            }
            .into_any(),
        }
    })
}

/// The page for whom a link invites.
pub(crate) fn invitation(token: String, user: &User) -> AnyView {
    let (name, has_password) = (user.name.clone(), user.has_password);
    let hint = if has_password {
        say!(welcome.password_keep)
    } else {
        say!(welcome.password_hint)
    };
    view! {
        <Plain title=say!(welcome.title)>
            <p class="door-about">{say!(welcome.about, name = name.clone()).to_string()}</p>
            {Flash::refusal(Form::Welcome).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <form method="post" action=SignInByLink::url() class="stack">
                <input type="hidden" name="token" value=token />
                <input type="hidden" autocomplete="username" value=name />
                {(!has_password).then(|| view! { <p>{say!(welcome.password_required)}</p> })}
                <Field id="password" label=say!(welcome.password_change) hint optional=has_password>
                    <Input
                        id="password"
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        required=!has_password
                        shortest=12
                        autofocus=true
                        hinted=true
                    />
                </Field>
                <Button look=Look::Primary label=say!(welcome.submit) />
            </form>
        </Plain>
    }
    .into_any()
}
