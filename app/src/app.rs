//! The document and the routes.

use axum::http::request::Parts;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    flash::Flash,
    islands::TimeZoneCookie,
    pages::{
        access::AccessPage, access_api::ApiPage, access_keys::KeysPage,
        access_keys::add::KeyAddPage, access_sessions::SessionsPage, adopt::AdoptPage,
        audit::AuditPage, audit_line::AuditLinePage, backup::BackupPage, backups::BackupsPage,
        cluster::ClusterPage, cluster_add::ClusterAddPage, cluster_edit::ClusterEditPage,
        clusters::ClustersPage, help::HelpPage, integration::IntegrationPage,
        integration_add::IntegrationAddPage, integrations::IntegrationsPage, job::JobPage,
        jobs::JobsPage, member::MemberPage, member_add::MemberAddPage, members::MembersPage,
        not_found::NotFound, policies::PoliciesPage, policy::PolicyPage, project::ProjectPage,
        project_add::ProjectAddPage, projects::ProjectsPage, role::RolePage, role_add::RoleAddPage,
        roles::RolesPage, set_up::SetUpPage, sign_in::SignInPage, sign_in_code::SignInCodePage,
        welcome::WelcomePage,
    },
    text,
    visit::Visit,
};

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let visit = Visit::of(use_context::<Parts>().as_ref());
    let (lang, theme) = (text::tag(visit.locale), visit.theme.as_str());
    provide_context(visit);
    provide_meta_context();
    view! {
        <!DOCTYPE html>
        <html lang=lang data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <HashedStylesheet options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Every page by its address. A page is sent when it is complete: its status and its cookies are then
/// known, and nothing in it waits for a script to be shown.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    if use_context::<Visit>().is_none() {
        provide_context(Visit::of(use_context::<Parts>().as_ref()));
    }
    provide_context(Flash::take());
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/") view=FirstPage ssr=SsrMode::Async />
                <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in/code") view=SignInCodePage ssr=SsrMode::Async />
                <Route path=path!("/welcome/:token") view=WelcomePage ssr=SsrMode::Async />
                <Route path=path!("/backups") view=BackupsPage ssr=SsrMode::Async />
                <Route path=path!("/backups/adopt") view=AdoptPage ssr=SsrMode::Async />
                <Route path=path!("/backups/:id") view=BackupPage ssr=SsrMode::Async />
                <Route path=path!("/jobs") view=JobsPage ssr=SsrMode::Async />
                <Route path=path!("/jobs/:id") view=JobPage ssr=SsrMode::Async />
                <Route path=path!("/integrations") view=IntegrationsPage ssr=SsrMode::Async />
                <Route path=path!("/integrations/new") view=IntegrationAddPage ssr=SsrMode::Async />
                <Route path=path!("/integrations/:id") view=IntegrationPage ssr=SsrMode::Async />
                <Route path=path!("/policies") view=PoliciesPage ssr=SsrMode::Async />
                <Route path=path!("/policies/:cluster") view=PolicyPage ssr=SsrMode::Async />
                <Route path=path!("/clusters") view=ClustersPage ssr=SsrMode::Async />
                <Route path=path!("/clusters/new") view=ClusterAddPage ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id") view=ClusterPage ssr=SsrMode::Async />
                <Route path=path!("/access/keys") view=KeysPage ssr=SsrMode::Async />
                <Route path=path!("/access/keys/new") view=KeyAddPage ssr=SsrMode::Async />
                <Route path=path!("/access/sessions") view=SessionsPage ssr=SsrMode::Async />
                <Route path=path!("/access/api") view=ApiPage ssr=SsrMode::Async />
                <Route path=path!("/access") view=AccessPage ssr=SsrMode::Async />
                <Route path=path!("/access/members") view=MembersPage ssr=SsrMode::Async />
                <Route path=path!("/access/members/new") view=MemberAddPage ssr=SsrMode::Async />
                <Route path=path!("/access/members/:name") view=MemberPage ssr=SsrMode::Async />
                <Route path=path!("/access/roles") view=RolesPage ssr=SsrMode::Async />
                <Route path=path!("/access/roles/new") view=RoleAddPage ssr=SsrMode::Async />
                <Route path=path!("/access/roles/:name") view=RolePage ssr=SsrMode::Async />
                <Route path=path!("/clusters/:id/edit") view=ClusterEditPage ssr=SsrMode::Async />
                <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async />
                <Route path=path!("/projects/new") view=ProjectAddPage ssr=SsrMode::Async />
                <Route path=path!("/projects/:id") view=ProjectPage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                <Route path=path!("/audit/:number") view=AuditLinePage ssr=SsrMode::Async />
                <Route path=path!("/help/:guide?") view=HelpPage ssr=SsrMode::Async />
                <Route path=path!("/:lang/help/:guide?") view=HelpPage ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
        <TimeZoneCookie />
    }
}

#[component]
fn FirstPage() -> impl IntoView {
    leptos_axum::redirect("/backups");
}
