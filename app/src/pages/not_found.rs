//! Where nothing is.

use axum::http::StatusCode;
use leptos::prelude::*;

use crate::{
    layout::{Page, Plain, Section, status},
    session,
    text::say,
    widgets::{ButtonLink, Drawing, Empty, Look},
};

/// The page for an address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    status(StatusCode::NOT_FOUND);
    let content = || {
        view! {
            <Empty drawing=Drawing::Lantern title=say!(problem.not_found) about=say!(problem.not_found_about)>
                <ButtonLink look=Look::Primary href="/backups" label=say!(problem.to_backups) />
            </Empty>
        }
    };
    if session::user().is_some() {
        view! { <Page section=Section::Elsewhere title=say!(problem.not_found)>{content()}</Page> }
            .into_any()
    } else {
        view! { <Plain title=say!(problem.not_found)>{content()}</Plain> }.into_any()
    }
}
