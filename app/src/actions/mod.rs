//! Server functions: each takes a form, calls the engine once, and says where to go.
//!
//! They answer people by redirects (the page that follows says what became of it) and programs by status.

mod backups;
mod clusters;
mod integrations;
mod jobs;
mod keys;
mod members;
mod policies;
mod preferences;
mod projects;
mod roles;
mod sessions;
mod set_up;
mod sign_in;
mod two_steps;

use axum::http::{header, request::Parts};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

pub(crate) use backups::{
    AdoptBackup, AdoptForm, COLLECTIONS, CopyBackup, CreateBackup, CreateForm, DeleteBackup,
    ExportBackup, ExportForm, PinBackup, RenameBackup, RestoreBackup, RestoreForm, VerifyBackup,
};
pub(crate) use clusters::{AddCluster, ClusterForm, EditCluster, RemoveCluster};
pub(crate) use integrations::{AddIntegration, IntegrationForm, RemoveIntegration, tried};
pub(crate) use jobs::{CancelJob, RetryJob, SweepExport};
pub(crate) use keys::{CreateKey, DAYS, KeyForm, RemoveKey};
pub(crate) use members::{
    AddMember, CLUSTERS, GrantForm, GrantRole, MakeLink, RemoveMember, RevokeRole, member_page,
};
pub(crate) use policies::{
    COPIES, CopyField, KEEPS, PausePolicy, PolicyForm, RemovePolicy, ResumePolicy, RunPolicy,
    SetPolicy, WEEKDAYS,
};
pub(crate) use preferences::{SetLanguage, SetTheme};
pub(crate) use projects::{CreateProject, EditProject, RemoveProject};
pub(crate) use roles::{CreateRole, EditRole, PRIVILEGES, RemoveRole, RoleForm, role_page};
pub(crate) use sessions::{ChangePassword, EndOtherSessions, EndSession};
pub(crate) use set_up::{AGAIN, SetUp};
pub(crate) use sign_in::{SignIn, SignInByLink, SignInCode, SignOut};
pub(crate) use two_steps::{BeginTotp, ConfirmTotp, EndTotp, RemoveTotp};

use backups::moment;

use crate::{
    error::AppResult,
    flash::{Done, Flash, Form},
    visit::Address,
};

/// Ends a form: on to what was done, or back to where it stood, with the reason.
fn finish(form: Form, done: Done, outcome: AppResult<String>, back: Address) -> AppResult<()> {
    match outcome {
        Ok(next) => {
            Flash::Done(done).send();
            leptos_axum::redirect(&next);
            Ok(())
        }
        Err(error) => refuse(form, error, back),
    }
}

/// Back to where a form stood, with the reason. Programs get the error itself.
fn refuse(form: Form, error: crate::AppError, back: Address) -> AppResult<()> {
    if !is_person() {
        if let Some(answer) = use_context::<ResponseOptions>() {
            answer.set_status(error.status());
        }
        return Err(error);
    }
    Flash::Refused(form, error.report).send();
    leptos_axum::redirect(&back.to_string());
    Ok(())
}

/// Whether a browser sent the form, and shows what comes back.
fn is_person() -> bool {
    use_context::<Parts>()
        .and_then(|parts| {
            parts
                .headers
                .get(header::ACCEPT)?
                .to_str()
                .ok()
                .map(|accept| accept.contains("text/html"))
        })
        .unwrap_or_default()
}

/// A path on this console, and nothing that a browser takes for another host.
fn local(path: Option<String>) -> String {
    path.filter(|path| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && path.chars().all(|c| c.is_ascii_graphic())
    })
    .unwrap_or_else(|| "/backups".to_owned())
}

/// What was typed, without space around it; nothing where nothing was.
fn typed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_nowhere_else() {
        for away in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/a\nb",
            "backups",
            "",
        ] {
            assert_eq!(local(Some(away.to_owned())), "/backups", "{away}");
        }
        assert_eq!(local(Some("/jobs?page=2".to_owned())), "/jobs?page=2");
    }
}
