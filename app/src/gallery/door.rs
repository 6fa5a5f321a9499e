//! The first start, signing in, an invitation, and a page that is not there.

use hozon_model::ErrorCode;
use leptos::prelude::*;

use super::{
    each,
    samples::{self, user},
};
use crate::{
    flash::{Flash, Form},
    pages,
    session::IdentityProvider,
    text::{self, say_in},
};

#[test]
fn the_door() {
    each(
        "sign-in",
        "/sign-in",
        None,
        || view! { <pages::sign_in::SignInPage /> }.into_any(),
        |_, html| {
            assert!(html.contains("current-password"));
        },
    );
    each(
        "sign-in-provider",
        "/sign-in?next=%2Fjobs&provider=refused",
        None,
        || {
            provide_context(IdentityProvider(Some("Example".to_owned())));
            view! { <pages::sign_in::SignInPage /> }.into_any()
        },
        |locale, html| {
            assert!(html.contains("/oidc/sign-in?next=%2Fjobs") && html.contains("Example"));
            let refused = ErrorCode::IdentityRefused;
            assert!(html.contains(text::sentence(locale, refused)));
        },
    );
    each(
        "sign-in-code",
        "/sign-in/code",
        Some(Flash::Refused(Form::SignInCode, samples::refusal())),
        || pages::sign_in_code::page("/jobs".to_owned()),
        |_, html| {
            assert!(html.contains("one-time-code") && html.contains("role=\"alert\""));
            assert!(html.contains("/sign-in?next=%2Fjobs"));
        },
    );
    each(
        "welcome",
        "/welcome/x",
        None,
        || pages::welcome::invitation("x".to_owned(), &user()),
        |_, html| {
            assert!(html.contains("minlength=\"12\""));
        },
    );
    each(
        "set-up",
        "/set-up?token=x",
        Some(Flash::Refused(Form::SetUp, samples::refusal())),
        || {
            let set = pages::set_up::Set {
                repository: "s3://backups/hozon".to_owned(),
                listen: Some(([0, 0, 0, 0], 8790).into()),
                tls: false,
            };
            pages::set_up::form("x".to_owned(), "admin".to_owned(), set)
        },
        |locale, html| {
            assert!(html.contains("value=\"admin\"") && html.contains("minlength=\"12\""));
            assert!(html.contains("0.0.0.0:8790") && html.contains("s3://backups/hozon"));
            assert!(html.contains(say_in!(locale, set_up.in_the_clear)));
            assert!(html.contains("role=\"alert\""));
        },
    );
    each(
        "set-up-waiting",
        "/set-up?wait=3",
        None,
        || pages::set_up::waiting(Some(3)),
        |_, html| {
            assert!(html.contains("hozon serve") && html.contains("hozon admin link"));
            assert!(html.contains("role=\"alert\"") && !html.contains("type=\"password\""));
        },
    );
    each(
        "set-up-wrong",
        "/set-up?token=x",
        None,
        pages::set_up::wrong,
        |_, html| assert!(html.contains("hozon admin link")),
    );
    each(
        "set-up-over",
        "/set-up",
        None,
        pages::set_up::over,
        |_, html| assert!(html.contains("href=\"/sign-in\"")),
    );
    each(
        "not-found",
        "/nowhere",
        None,
        || view! { <pages::not_found::NotFound /> }.into_any(),
        |_, html| assert!(html.contains("/backups")),
    );
}
