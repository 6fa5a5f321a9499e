//! What a form says on the page that follows it: that it was done, or why not.
//!
//! Travels in a cookie that one page reads and removes. It holds words of ours and an error's report,
//! never what somebody typed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hozon_model::ErrorReport;
use serde::{Deserialize, Serialize};

use crate::visit::{self, Cookie, Lifetime};

const FLASH_COOKIE: &str = "hozon_flash";
/// Browsers drop cookies above 4 KB; an error's detail may be longer than that.
const LONGEST_DETAIL: usize = 900;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Done {
    /// A backup was asked for.
    Backup,
    /// A restore was asked for.
    Restore,
    /// A verification was asked for.
    Verify,
    /// A deletion was asked for.
    Delete,
    /// A copy was asked for.
    Copy,
    /// A job was asked to stop.
    Cancel,
    /// A job is done again.
    Retry,
    /// A cluster was registered.
    Cluster,
    /// An export was asked for.
    Export,
    /// An adoption was asked for.
    Adopt,
    /// What an unfinished export wrote was removed.
    Sweep,
    /// An integration was made.
    Integration,
    /// An integration was removed.
    IntegrationRemoved,
    /// An API key was made.
    Key,
    /// An API key was removed.
    KeyRemoved,
    /// A session was ended.
    Session,
    /// One's own other sessions were ended.
    Sessions,
    /// One's own password was changed.
    Password,
    /// The second step of signing in was switched on.
    TotpOn,
    /// It was switched off, one's own or a member's.
    TotpOff,
    /// A policy was switched on, and makes its first backup.
    PolicyOn,
    /// A policy was changed.
    Policy,
    /// A policy was stopped for a while.
    PolicyPaused,
    /// A policy is at work again.
    PolicyResumed,
    /// A policy was switched off.
    PolicyOff,
    /// A backup was pinned.
    Pinned,
    /// A pinned backup was let go.
    Unpinned,
    /// A backup was given another name.
    Renamed,
    /// A member was added.
    Member,
    /// A member was removed.
    MemberRemoved,
    /// A member was given a role.
    Granted,
    /// A role was taken from a member.
    Revoked,
    /// A one-time link was made.
    Link,
    /// A role was made.
    Role,
    /// A role was changed.
    RoleSaved,
    /// A role was removed.
    RoleRemoved,
    /// A project was made.
    Project,
    /// A project was changed.
    ProjectEdited,
    /// A project was removed.
    ProjectRemoved,
    /// A cluster was changed.
    ClusterEdited,
    /// A cluster was removed.
    ClusterRemoved,
    /// The first owner was made.
    SetUp,
}

/// The forms that can be refused; each shows its refusal where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// Making the first owner.
    SetUp,
    /// Signing in with a password.
    SignIn,
    /// The second step of that.
    SignInCode,
    /// Signing in by a link.
    Welcome,
    /// Creating a backup.
    Create,
    /// Restoring one.
    Restore,
    /// Verifying one.
    Verify,
    /// Deleting one.
    Delete,
    /// Copying one.
    Copy,
    /// Canceling a job.
    Cancel,
    /// Registering a cluster.
    Cluster,
    /// Exporting a backup.
    Export,
    /// Adopting an archive.
    Adopt,
    /// Doing a job again.
    Retry,
    /// Removing what an unfinished export wrote.
    Sweep,
    /// Making an integration.
    Integration,
    /// Removing one.
    RemoveIntegration,
    /// Making an API key.
    Key,
    /// Removing one.
    RemoveKey,
    /// Ending a session, or all others.
    Session,
    /// Changing one's own password.
    Password,
    /// Beginning to switch one's own second step on.
    BeginTotp,
    /// Switching it on with its first code.
    ConfirmTotp,
    /// Switching it off.
    EndTotp,
    /// Switching off a member's.
    RemoveTotp,
    /// Setting a policy.
    Policy,
    /// Running, pausing, resuming a policy, or switching it off.
    PolicySwitch,
    /// Pinning a backup.
    Pin,
    /// Giving a backup another name.
    Rename,
    /// Adding a member.
    Member,
    /// Giving a member a role.
    Grant,
    /// Taking a role from a member.
    Revoke,
    /// Making a one-time link.
    Link,
    /// Removing a member.
    RemoveMember,
    /// Making a role.
    Role,
    /// Changing one.
    EditRole,
    /// Removing one.
    RemoveRole,
    /// Making a project.
    Project,
    /// Changing one.
    EditProject,
    /// Removing one.
    RemoveProject,
    /// Changing a cluster.
    EditCluster,
    /// Removing one.
    RemoveCluster,
}

impl Form {
    /// Whether the page itself shows the refusal: the form stands nowhere any more. A dialog may be gone
    /// because what it was about is.
    pub(crate) fn is_gone(self, dialog: bool) -> bool {
        match self {
            Self::Cancel
            | Self::Retry
            | Self::Sweep
            | Self::PolicySwitch
            | Self::Pin
            | Self::Session
            | Self::BeginTotp
            | Self::Revoke
            | Self::Link => true,
            Self::Create
            | Self::Restore
            | Self::Verify
            | Self::Delete
            | Self::Export
            | Self::Adopt
            | Self::Rename
            | Self::Copy
            | Self::RemoveIntegration
            | Self::RemoveKey
            | Self::Password
            | Self::ConfirmTotp
            | Self::EndTotp
            | Self::RemoveTotp
            | Self::Grant
            | Self::RemoveMember
            | Self::RemoveRole
            | Self::EditProject
            | Self::RemoveProject
            | Self::RemoveCluster => !dialog,
            Self::SetUp
            | Self::SignIn
            | Self::SignInCode
            | Self::Welcome
            | Self::Cluster
            | Self::Integration
            | Self::Key
            | Self::Policy
            | Self::Member
            | Self::Role
            | Self::EditRole
            | Self::Project
            | Self::EditCluster => false,
        }
    }
}

/// What a form says on the page that follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Flash {
    /// It was done.
    Done(Done),
    /// It was not, and why.
    Refused(Form, ErrorReport),
}

impl Flash {
    /// Keeps it for the next page.
    pub(crate) fn send(mut self) {
        if let Self::Refused(_, report) = &mut self {
            shorten(&mut report.detail);
            shorten(&mut report.hint);
            shorten(&mut report.subject);
        }
        match serde_json::to_vec(&self) {
            Ok(json) => visit::set_cookie(&Cookie {
                name: FLASH_COOKIE,
                value: &URL_SAFE_NO_PAD.encode(json),
                lifetime: Lifetime::Seconds(60),
            }),
            Err(error) => tracing::error!(%error, "a form's answer could not be written"),
        }
    }

    /// Takes what the last form said, if it said anything.
    pub(crate) fn take() -> Option<Self> {
        let value = visit::cookie(FLASH_COOKIE)?;
        visit::set_cookie(&Cookie {
            name: FLASH_COOKIE,
            value: "",
            lifetime: Lifetime::Over,
        });
        let json = URL_SAFE_NO_PAD.decode(value).ok()?;
        serde_json::from_slice(&json).ok()
    }

    /// Why a form was refused, for that form.
    pub(crate) fn refusal(form: Form) -> Option<ErrorReport> {
        match leptos::prelude::use_context::<Option<Self>>().flatten() {
            Some(Self::Refused(refused, report)) if refused == form => Some(report),
            _ => None,
        }
    }
}

fn shorten(text: &mut String) {
    if text.len() > LONGEST_DETAIL {
        let end = text.floor_char_boundary(LONGEST_DETAIL);
        text.truncate(end);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        let mut text = "保存".repeat(1000);
        shorten(&mut text);
        assert!(text.len() <= LONGEST_DETAIL + '…'.len_utf8() && text.ends_with('…'));
    }
}
