//! Signing in, an invitation, and a page that is not there.

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
    text,
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
        "not-found",
        "/nowhere",
        None,
        || view! { <pages::not_found::NotFound /> }.into_any(),
        |_, html| assert!(html.contains("/backups")),
    );
}
