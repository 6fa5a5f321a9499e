//! Words for roles, and for what they let one do to what.

use hozon_model::{Action, Grant, Resource, Role};

use super::{locale, say_in};

/// What a role is called; one made here has the name that it was given.
pub(crate) fn role(value: &Role) -> String {
    let locale = locale();
    match value {
        Role::OrganizationOwner => say_in!(locale, role_names.organization_owner).to_owned(),
        Role::ProjectAdmin => say_in!(locale, role_names.project_admin).to_owned(),
        Role::ReadWrite => say_in!(locale, role_names.read_write).to_owned(),
        Role::ReadOnly => say_in!(locale, role_names.read_only).to_owned(),
        Role::Custom(name) => name.clone(),
    }
}

/// What a role is for, in a line.
pub(crate) fn role_about(value: &Role) -> &'static str {
    let locale = locale();
    match value {
        Role::OrganizationOwner => say_in!(locale, role_names.organization_owner_about),
        Role::ProjectAdmin => say_in!(locale, role_names.project_admin_about),
        Role::ReadWrite => say_in!(locale, role_names.read_write_about),
        Role::ReadOnly => say_in!(locale, role_names.read_only_about),
        Role::Custom(_) => say_in!(locale, role_names.custom_about),
    }
}

/// The roles of somebody, each once, wherever they hold.
pub(crate) fn roles(grants: &[Grant]) -> String {
    let mut names: Vec<String> = Vec::new();
    for grant in grants {
        let name = role(&grant.role);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return say_in!(locale(), role_names.none).to_owned();
    }
    names.join(say_in!(locale(), grants.join))
}

/// A kind of thing that something is done to.
pub(crate) fn resource(value: Resource) -> &'static str {
    let locale = locale();
    match value {
        Resource::Organization => say_in!(locale, resources.organization),
        Resource::User => say_in!(locale, resources.user),
        Resource::Role => say_in!(locale, resources.role),
        Resource::Key => say_in!(locale, resources.key),
        Resource::Audit => say_in!(locale, resources.audit),
        Resource::Project => say_in!(locale, resources.project),
        Resource::Cluster => say_in!(locale, resources.cluster),
        Resource::Backup => say_in!(locale, resources.backup),
        Resource::Policy => say_in!(locale, resources.policy),
        Resource::Integration => say_in!(locale, resources.integration),
        Resource::Repository => say_in!(locale, resources.repository),
        Resource::Job => say_in!(locale, resources.job),
    }
}

/// What is done.
pub(crate) fn action(value: Action) -> &'static str {
    let locale = locale();
    match value {
        Action::View => say_in!(locale, actions.view),
        Action::Create => say_in!(locale, actions.create),
        Action::Edit => say_in!(locale, actions.edit),
        Action::Delete => say_in!(locale, actions.delete),
        Action::Verify => say_in!(locale, actions.verify),
        Action::Restore => say_in!(locale, actions.restore),
        Action::Export => say_in!(locale, actions.export),
        Action::Copy => say_in!(locale, actions.copy),
        Action::Run => say_in!(locale, actions.run),
        Action::Cancel => say_in!(locale, actions.cancel),
        Action::Retry => say_in!(locale, actions.retry),
    }
}
