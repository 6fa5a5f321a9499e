//! The command line that does what a dialog is about to do.
//!
//! Written from the form's own fields, on the server for the first picture and in the browser as they change.

mod access;
mod backups;
mod places;
mod policies;
mod projects;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::words::Command;
use super::form::Form;

pub(super) use self::words::quoted;
pub use super::form::Fields;

/// Which dialog the command belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// `hozon backup create`
    Create,
    /// `hozon backup restore`
    Restore,
    /// `hozon backup verify`
    Verify,
    /// `hozon backup delete`
    Delete,
    /// `hozon backup export`
    Export,
    /// `hozon integration remove`
    RemoveIntegration,
    /// `hozon key create`
    CreateKey,
    /// `hozon key remove`
    RemoveKey,
    /// `hozon backup rename`
    Rename,
    /// `hozon policy set`
    Policy,
    /// `hozon policy off`
    PolicyOff,
    /// `hozon backup copy`
    Copy,
    /// `hozon backup adopt`
    Adopt,
    /// `hozon repository add`, with what is to be filled in
    AddRepository,
    /// `hozon user add`
    AddMember,
    /// `hozon user grant`
    GrantRole,
    /// `hozon user remove`
    RemoveMember,
    /// `hozon user totp off`
    TotpOff,
    /// `hozon role create`
    CreateRole,
    /// `hozon role edit`
    EditRole,
    /// `hozon role remove`
    RemoveRole,
    /// `hozon project create`
    CreateProject,
    /// `hozon project edit`
    EditProject,
    /// `hozon project remove`
    RemoveProject,
    /// `hozon cluster remove`
    RemoveCluster,
    /// `hozon cluster add`
    AddCluster,
    /// `hozon cluster edit`
    EditCluster,
    /// `hozon integration add`
    AddIntegration,
}

/// The command for a form's fields.
pub fn line(verb: Verb, fields: &Fields) -> String {
    let form = Form(fields);
    let command = match verb {
        Verb::Create => backups::create(form),
        Verb::Restore => backups::restore(form),
        Verb::Verify => backups::verify(form),
        Verb::Delete => backups::delete(form),
        Verb::Export => backups::export(form),
        Verb::Rename => backups::rename(form),
        Verb::Copy => backups::copy(form),
        Verb::Adopt => backups::adopt(form),
        Verb::Policy => policies::set(form),
        Verb::PolicyOff => policies::off(form),
        Verb::CreateProject => projects::create(form),
        Verb::EditProject => projects::edit(form),
        Verb::RemoveProject => projects::remove(form),
        Verb::AddCluster => places::add_cluster(form),
        Verb::EditCluster => places::edit_cluster(form),
        Verb::RemoveCluster => places::remove_cluster(form),
        Verb::AddIntegration => places::add_integration(form),
        Verb::RemoveIntegration => places::remove_integration(form),
        Verb::AddRepository => places::add_repository(),
        Verb::AddMember => access::add_member(form),
        Verb::GrantRole => access::grant_role(form),
        Verb::RemoveMember => access::remove_member(form),
        Verb::TotpOff => access::totp_off(form),
        Verb::CreateRole => access::create_role(form),
        Verb::EditRole => access::edit_role(form),
        Verb::RemoveRole => access::remove_role(form),
        Verb::CreateKey => access::create_key(form),
        Verb::RemoveKey => access::remove_key(form),
    };
    command.into_line()
}

/// A moment with the zone that it was meant in.
fn until(form: Form<'_>) -> Option<String> {
    let zone = form.one("zone").unwrap_or("UTC");
    Some(format!("{}[{zone}]", form.one("until")?))
}
