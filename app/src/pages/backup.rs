//! One backup: what it is, whether it is proven, what is in it, and what can be done with it.

mod copies;
pub(crate) mod delete;
pub(crate) mod export;
mod facts;
mod keeping;
mod parts;
pub(crate) mod restore;
pub(crate) mod verify;

use hozon_model::{Backup, BackupState, JobQuery, JobSummary};
use leptos::prelude::*;

use self::{facts::BackupFacts, parts::Parts};
use crate::{
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{BackupBadge, ButtonLink, Glyph, Look, Problem},
};

/// The links that open the dialogs, and have the focus again when these are left.
const OPEN_DELETE: &str = "open-delete";
const OPEN_RENAME: &str = "open-rename";
const OPEN_VERIFY: &str = "open-verify";
const OPEN_RESTORE: &str = "open-restore";
const OPEN_EXPORT: &str = "open-export";
const OPEN_COPY: &str = "open-copy";

/// Whether a backup in this state can be deleted.
pub(super) fn deletable(state: BackupState) -> bool {
    matches!(
        state,
        BackupState::Available | BackupState::Damaged | BackupState::Failed
    )
}

/// Whether a backup in this state can be verified.
fn verifiable(state: BackupState) -> bool {
    matches!(state, BackupState::Available | BackupState::Damaged)
}

/// One backup.
#[component]
pub(crate) fn BackupPage() -> impl IntoView {
    let id = super::part("id");
    loaded(Section::Backups, async move {
        let engine = session::engine();
        let seen = session::seen().await?;
        let backup = seen.backup(&id).await?;
        let jobs = seen
            .jobs(&JobQuery {
                backup_id: Some(backup.summary.id.clone()),
                page_size: 100,
                ..JobQuery::default()
            })
            .await?;
        let address = Visit::current().address;
        let here = Address::new(format!("/backups/{}", backup.summary.id))
            .with("tab", address.query.get("tab").unwrap_or_default());
        let repositories: Vec<String> = engine
            .repositories()
            .await?
            .into_iter()
            .map(|repository| repository.name)
            .collect();
        let dialog = dialog(&backup, &repositories, &address, &here).await?;
        Ok(page(backup, jobs.items, &here, dialog))
    })
}

/// The page for what is known of a backup.
pub(crate) fn page(
    backup: Backup,
    jobs: Vec<JobSummary>,
    here: &Address,
    dialog: Option<AnyView>,
) -> AnyView {
    let summary = backup.summary.clone();
    let address = here.clone();
    let verify = here.clone().with("dialog", "verify").to_string();
    let verifiable = verifiable(summary.state);
    let action = actions(here, summary.state);
    let badge = view! { <BackupBadge state=summary.state /> };
    view! {
        <Page
            section=Section::Backups
            title=summary.name.clone()
            crumbs=vec![("/backups".to_owned(), say!(backups.title).to_owned())]
            badge=badge.into_any() help=Guide::View
            action=action.into_any()
            dialog
        >
            <Reason backup=backup.clone() />
            <BackupFacts summary verifiable verify />
            <Parts backup jobs address />
        </Page>
    }
    .into_any()
}

fn actions(here: &Address, state: BackupState) -> impl IntoView + use<> {
    let dialog = |name| here.clone().with("dialog", name).to_string();
    (
        keeping::is_there(state).then(|| view! { <ButtonLink id=OPEN_RENAME look=Look::Quiet glyph=Glyph::Pen href=dialog("rename") label=say!(backup.rename) /> }),
        deletable(state).then(|| view! { <ButtonLink id=OPEN_DELETE look=Look::Quiet glyph=Glyph::Trash href=dialog("delete") label=say!(backup.delete) /> }),
        verifiable(state).then(|| view! { <ButtonLink id=OPEN_VERIFY glyph=Glyph::Seal href=dialog("verify") label=say!(backup.verify) /> }),
        (state == BackupState::Available)
            .then(|| view! { <ButtonLink id=OPEN_EXPORT glyph=Glyph::Export href=dialog("export") label=say!(backup.export) /> }),
        (state == BackupState::Available)
            .then(|| view! { <ButtonLink id=OPEN_RESTORE look=Look::Primary glyph=Glyph::Restore href=dialog("restore") label=say!(backup.restore) /> }),
    )
}

async fn dialog(
    backup: &Backup,
    repositories: &[String],
    address: &Address,
    here: &Address,
) -> AppResult<Option<AnyView>> {
    let state = backup.summary.state;
    Ok(match address.query.get("dialog") {
        Some("delete") if deletable(state) => Some(delete::dialog(&backup.summary, here).await),
        Some("rename") if keeping::is_there(state) => {
            Some(keeping::rename(&backup.summary, address, here))
        }
        Some("copy") if state == BackupState::Available => {
            Some(copies::dialog(&backup.summary, repositories, address, here))
        }
        Some("verify") if verifiable(state) => Some(verify::dialog(&backup.summary, address, here)),
        Some("restore") if state == BackupState::Available => {
            Some(restore::dialog(backup, address, here).await?)
        }
        Some("export") if state == BackupState::Available => {
            Some(export::dialog(&backup.summary, address, here).await?)
        }
        _ => None,
    })
}

/// Why a backup failed, or what damaged it.
#[component]
fn Reason(backup: Backup) -> impl IntoView {
    let title = match backup.summary.state {
        BackupState::Damaged => say!(backup.damaged),
        _ => say!(backup.failed),
    };
    let job = backup
        .summary
        .job_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    backup
        .reason
        .map(|report| view! { <Problem report title job /> })
}
