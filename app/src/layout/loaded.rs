//! Pages whose content has to be fetched: the content, or why there is none.

use std::future::Future;

use axum::http::StatusCode;
use hozon_model::ErrorCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{Page, Section};
use crate::{
    error::AppResult,
    session,
    text::say,
    widgets::{Button, ButtonLink, Look, Problem},
};

/// A page that is made of what `work` fetches. Somebody who is not signed in is told so; an error gets a page with its own status.
pub(crate) fn loaded(
    section: Section,
    work: impl Future<Output = AppResult<AnyView>> + Send + 'static,
) -> impl IntoView {
    Suspend::new(async move {
        if session::user().is_none() {
            status(StatusCode::FORBIDDEN);
            return no_right().into_any();
        }
        match work.await {
            Ok(view) => view,
            Err(error) => {
                status(status_of(error.report.code));
                view! {
                    <Page section title=say!(problem.title)>
                        <Problem report=error.report title=say!(problem.title) />
                        <form class="problem-again">
                            <Button label=say!(common.refresh) />
                        </form>
                    </Page>
                }
                .into_any()
            }
        }
    })
}

/// Sets the status of the answer.
pub(crate) fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BackupNotFound
        | ErrorCode::JobNotFound
        | ErrorCode::ClusterNotFound
        | ErrorCode::PolicyNotFound
        | ErrorCode::ProjectNotFound
        | ErrorCode::IntegrationNotFound
        | ErrorCode::UserNotFound
        | ErrorCode::RoleNotFound => StatusCode::NOT_FOUND,
        ErrorCode::PermissionDenied => StatusCode::FORBIDDEN,
        ErrorCode::InvalidInput => StatusCode::BAD_REQUEST,
        code if code.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn no_right() -> impl IntoView {
    view! {
        <super::Plain title=say!(problem.no_right)>
            <p>{say!(problem.no_right_about)}</p>
            <ButtonLink look=Look::Primary href="/sign-in" label=say!(sign_in.title) />
        </super::Plain>
    }
}
