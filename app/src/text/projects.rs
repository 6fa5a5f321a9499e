//! Words for projects: their plans, and the roles that hold in them.

use hozon_model::{ProjectPlan, Role};

use super::{locale, say_in};

/// A plan, as the vendor names it.
pub(crate) fn plan(value: ProjectPlan) -> &'static str {
    let locale = locale();
    match value {
        ProjectPlan::Standard => say_in!(locale, plans.standard),
        ProjectPlan::Enterprise => say_in!(locale, plans.enterprise),
        ProjectPlan::BusinessCritical => say_in!(locale, plans.business_critical),
    }
}

/// A role: one that is always there in words, one made here by its name.
pub(crate) fn role_in_project(value: &Role) -> String {
    let locale = locale();
    match value {
        Role::OrganizationOwner => say_in!(locale, project.role_owner).to_owned(),
        Role::ProjectAdmin => say_in!(locale, project.role_admin).to_owned(),
        Role::ReadWrite => say_in!(locale, project.role_write).to_owned(),
        Role::ReadOnly => say_in!(locale, project.role_read).to_owned(),
        Role::Custom(name) => name.clone(),
    }
}
