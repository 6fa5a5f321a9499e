//! What the pages under `/access` share: the tabs, and what becomes of a page that somebody may not see.

pub(crate) mod grant;
pub(crate) mod places;
pub(crate) mod privileges;

use std::future::Future;

use axum::http::StatusCode;
use hozon_model::{ErrorCode, ErrorReport};
use leptos::prelude::*;

use crate::{
    error::AppResult,
    layout::{Page, Section, loaded, status},
    text::say,
    widgets::{Problem, Tab, Tabs},
};

/// The parts of access management.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessTab {
    /// Who can sign in.
    Members,
    /// What they can be allowed.
    Roles,
    /// What lets programs in.
    Keys,
    /// Who is signed in.
    Sessions,
    /// What programs can ask.
    Api,
}

impl AccessTab {
    /// Every tab, in order.
    const ALL: [Self; 5] = [
        Self::Members,
        Self::Roles,
        Self::Keys,
        Self::Sessions,
        Self::Api,
    ];

    fn href(self) -> &'static str {
        match self {
            Self::Members => "/access/members",
            Self::Roles => "/access/roles",
            Self::Keys => "/access/keys",
            Self::Sessions => "/access/sessions",
            Self::Api => "/access/api",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Members => say!(access.members),
            Self::Roles => say!(access.roles),
            Self::Keys => say!(access.keys),
            Self::Sessions => say!(access.sessions),
            Self::Api => say!(access.api),
        }
    }
}

/// The row of tabs that every page under `/access` has.
#[component]
pub(crate) fn AccessTabs(current: AccessTab) -> impl IntoView {
    let tabs: Vec<_> = AccessTab::ALL
        .into_iter()
        .map(|tab| view! { <Tab href=tab.href() label=tab.name() current=tab == current /> })
        .collect();
    view! { <Tabs label=say!(access.title)>{tabs}</Tabs> }
}

/// `/access` itself leads to the first of its tabs.
#[component]
pub(crate) fn AccessPage() -> impl IntoView {
    leptos_axum::redirect(AccessTab::Members.href());
}

/// A page under `/access`, as [`loaded`]. Whoever lacks the right to see it is told which, and can go to the other tabs.
pub(crate) fn opened(
    tab: AccessTab,
    work: impl Future<Output = AppResult<AnyView>> + Send + 'static,
) -> impl IntoView {
    loaded(Section::Access, async move {
        match work.await {
            Err(error) if error.report.code == ErrorCode::PermissionDenied => {
                status(StatusCode::FORBIDDEN);
                Ok(refused(tab, error.report))
            }
            shown => shown,
        }
    })
}

/// The page for who may not see it.
pub(crate) fn refused(tab: AccessTab, report: ErrorReport) -> AnyView {
    view! {
        <Page section=Section::Access title=tab.name()>
            <AccessTabs current=tab />
            <Problem report title=say!(problem.no_right) />
        </Page>
    }
    .into_any()
}
