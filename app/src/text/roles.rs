//! Roles, and what somebody holds, in words.

use hozon_model::{Grant, Role};

use super::{locale, say_in};

/// What a role is called; one made here bears its own name.
pub(crate) fn role(value: &Role) -> String {
    let locale = locale();
    match value {
        Role::OrganizationOwner => say_in!(locale, nav.owner).to_owned(),
        Role::ProjectAdmin => say_in!(locale, key_grants.project_admin).to_owned(),
        Role::ReadWrite => say_in!(locale, key_grants.read_write).to_owned(),
        Role::ReadOnly => say_in!(locale, key_grants.read_only).to_owned(),
        Role::Custom(name) => name.clone(),
    }
}

/// The roles that somebody has, wherever they hold.
pub(crate) fn roles(grants: &[Grant]) -> String {
    let mut names: Vec<_> = grants.iter().map(|grant| role(&grant.role)).collect();
    names.dedup();
    if names.is_empty() {
        return say_in!(locale(), key_grants.none).to_owned();
    }
    names.join(say_in!(locale(), weekdays.join))
}
