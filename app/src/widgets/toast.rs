//! A short word about what was just done. Made by the server, gone with the next page.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{flash::Done, text::say, visit::Visit};

/// What was just done.
#[component]
pub(crate) fn Toast(done: Done) -> impl IntoView {
    let message = match done {
        Done::Backup => say!(done.backup),
        Done::Restore => say!(done.restore),
        Done::Verify => say!(done.verify),
        Done::Delete => say!(done.delete),
        Done::Copy => say!(done.copy),
        Done::Cancel => say!(done.cancel),
        Done::Cluster => say!(done.cluster),
        Done::Export => say!(done.export),
        Done::Adopt => say!(done.adopt),
        Done::Retry => say!(done.retry),
        Done::Sweep => say!(done.sweep),
        Done::Integration => say!(done.integration),
        Done::IntegrationRemoved => say!(done.integration_removed),
        Done::Key => say!(done.key),
        Done::KeyRemoved => say!(done.key_removed),
        Done::Session => say!(done.session),
        Done::Sessions => say!(done.sessions),
        Done::Password => say!(done.password),
        Done::TotpOn => say!(two_steps.done_on),
        Done::TotpOff => say!(two_steps.done_off),
        Done::PolicyOn => say!(done.policy_on),
        Done::Policy => say!(done.policy),
        Done::PolicyPaused => say!(done.policy_paused),
        Done::PolicyResumed => say!(done.policy_resumed),
        Done::PolicyOff => say!(done.policy_off),
        Done::Pinned => say!(done.pinned),
        Done::Unpinned => say!(done.unpinned),
        Done::Renamed => say!(done.renamed),
        Done::Member => say!(members.done_added),
        Done::MemberRemoved => say!(members.done_removed),
        Done::Granted => say!(members.done_granted),
        Done::Revoked => say!(members.done_revoked),
        Done::Link => say!(members.done_link),
        Done::Role => say!(roles.done_created),
        Done::RoleSaved => say!(roles.done_saved),
        Done::RoleRemoved => say!(roles.done_removed),
        Done::Project => say!(projects.made),
        Done::ProjectEdited => say!(projects.edited),
        Done::ProjectRemoved => say!(projects.removed),
        Done::ClusterEdited => say!(cluster_edit.edited),
        Done::ClusterRemoved => say!(cluster_edit.removed),
        Done::SetUp => say!(set_up.done),
    };
    view! {
        <div class="toast" role="status">
            <Icon glyph=Glyph::Check />
            <span>{message}</span>
            <a href=Visit::current().address.to_string() aria-label=say!(common.dismiss)><Icon glyph=Glyph::Cross /></a>
        </div>
    }
}
