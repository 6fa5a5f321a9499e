//! One backup: what it is, whether it is proven, what is in it, and what can be done with it.

mod copies;
pub(crate) mod delete;
pub(crate) mod export;
mod facts;
mod keeping;
mod parts;
pub(crate) mod restore;
pub(crate) mod verify;

use hozon_engine::access::place_of_backup;
use hozon_model::{Action, Backup, BackupState, JobQuery, JobSummary, Resource};
use leptos::prelude::*;

use self::{facts::BackupFacts, parts::Parts};
use crate::{
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    rights::Rights,
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{BackupBadge, Glyph, GuardedLink, Look, Problem},
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
        let here = place_of_backup(&backup.summary);
        let rights = Rights::of(&session::actor().await?, &here);
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
        let dialog = dialog(&backup, &repositories, &rights, &address, &here).await?;
        Ok(page(backup, jobs.items, &rights, &here, dialog))
    })
}

/// The page for what is known of a backup.
pub(crate) fn page(
    backup: Backup,
    jobs: Vec<JobSummary>,
    rights: &Rights,
    here: &Address,
    dialog: Option<AnyView>,
) -> AnyView {
    let summary = backup.summary.clone();
    let address = here.clone();
    let verify = here.clone().with("dialog", "verify").to_string();
    let missing = |action| rights.missing(Resource::Backup, action);
    let verifiable = verifiable(summary.state) && missing(Action::Verify).is_none();
    let (keep, copy) = (missing(Action::Edit), missing(Action::Copy));
    let action = actions(here, summary.state, rights);
    let badge = view! { <BackupBadge state=summary.state /> };
    view! {
        <Page
            section=Section::Backups
            title=summary.name.clone()
            crumbs=vec![("/backups".to_owned(), say!(backups.title).to_owned())]
            badge=badge.into_any() help=Guide::View
            action
            dialog
        >
            <Reason backup=backup.clone() />
            <BackupFacts summary verifiable verify keep />
            <Parts backup jobs address copy />
        </Page>
    }
    .into_any()
}

/// What can be done with it as it is; what may not be done says why.
fn actions(here: &Address, state: BackupState, rights: &Rights) -> AnyView {
    let dialog = |name| here.clone().with("dialog", name).to_string();
    let missing = |action| rights.missing(Resource::Backup, action);
    let available = state == BackupState::Available;
    (
        keeping::is_there(state).then(|| {
            let missing = missing(Action::Edit);
            view! { <GuardedLink id=OPEN_RENAME why="why-not-rename" look=Look::Quiet glyph=Glyph::Pen href=dialog("rename") label=say!(backup.rename) missing /> }
        }),
        deletable(state).then(|| {
            let missing = missing(Action::Delete);
            view! { <GuardedLink id=OPEN_DELETE why="why-not-delete" look=Look::Quiet glyph=Glyph::Trash href=dialog("delete") label=say!(backup.delete) missing /> }
        }),
        verifiable(state).then(|| {
            let missing = missing(Action::Verify);
            view! { <GuardedLink id=OPEN_VERIFY why="why-not-verify" glyph=Glyph::Seal href=dialog("verify") label=say!(backup.verify) missing /> }
        }),
        available.then(|| {
            let missing = missing(Action::Export);
            view! { <GuardedLink id=OPEN_EXPORT why="why-not-export" glyph=Glyph::Export href=dialog("export") label=say!(backup.export) missing /> }
        }),
        available.then(|| {
            let missing = missing(Action::Restore);
            view! { <GuardedLink id=OPEN_RESTORE why="why-not-restore" look=Look::Primary glyph=Glyph::Restore href=dialog("restore") label=say!(backup.restore) missing /> }
        }),
    )
        .into_any()
}

async fn dialog(
    backup: &Backup,
    repositories: &[String],
    rights: &Rights,
    address: &Address,
    here: &Address,
) -> AppResult<Option<AnyView>> {
    let state = backup.summary.state;
    let may = |action| rights.may(Resource::Backup, action);
    Ok(match address.query.get("dialog") {
        Some("delete") if deletable(state) && may(Action::Delete) => {
            Some(delete::dialog(&backup.summary, here).await)
        }
        Some("rename") if keeping::is_there(state) && may(Action::Edit) => {
            Some(keeping::rename(&backup.summary, address, here))
        }
        Some("copy") if state == BackupState::Available && may(Action::Copy) => {
            Some(copies::dialog(&backup.summary, repositories, address, here))
        }
        Some("verify") if verifiable(state) && may(Action::Verify) => {
            Some(verify::dialog(&backup.summary, address, here))
        }
        Some("restore") if state == BackupState::Available && may(Action::Restore) => {
            Some(restore::dialog(backup, address, here).await?)
        }
        Some("export") if state == BackupState::Available && may(Action::Export) => {
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
