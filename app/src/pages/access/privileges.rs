//! Every privilege there is, grouped by what it is about.

use hozon_model::{CustomRole, Privilege, Resource};
use leptos::prelude::*;

use crate::{
    actions::PRIVILEGES,
    format::count,
    text::{self, say},
    widgets::Choices,
};

/// In the order of the table.
pub(crate) fn grouped() -> Vec<(Resource, Vec<Privilege>)> {
    let mut groups: Vec<(Resource, Vec<Privilege>)> = Vec::new();
    for privilege in Privilege::all() {
        match groups.last_mut() {
            Some((resource, privileges)) if *resource == privilege.resource() => {
                privileges.push(privilege);
            }
            _ => groups.push((privilege.resource(), vec![privilege])),
        }
    }
    groups
}

/// How many there are, in words.
pub(crate) fn amount(number: usize) -> String {
    let number = number as u64;
    say!(roles.privileges, count = number, n = count(number)).to_string()
}

/// What a role made here is for; where nobody said it, how much it may do.
pub(crate) fn about(role: &CustomRole) -> String {
    if role.description.is_empty() {
        amount(role.privileges.len())
    } else {
        role.description.clone()
    }
}

/// A box for each.
#[component]
pub(crate) fn PrivilegeFields(
    /// Those that are checked, each as `backup:create`.
    chosen: Vec<String>,
) -> impl IntoView {
    let groups: Vec<_> = grouped()
        .into_iter()
        .map(|(resource, privileges)| {
            let boxes: Vec<_> = privileges
                .into_iter()
                .map(|privilege| {
                    let name = privilege.to_string();
                    let checked = chosen.contains(&name);
                    view! {
                        <label class="choice">
                            <input type="checkbox" name=PRIVILEGES value=name.clone() checked=checked />
                            <span class="choice-label">{text::action(privilege.action())} " " <code>{name}</code></span>
                        </label>
                    }
                })
                .collect();
            view! { <Choices legend=text::resource(resource)>{boxes}</Choices> }
        })
        .collect();
    view! { <div class="privileges">{groups}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_one_group() {
        let groups = grouped();
        let mut resources: Vec<_> = groups.iter().map(|(resource, _)| *resource).collect();
        resources.sort_unstable();
        resources.dedup();
        assert_eq!(resources.len(), groups.len(), "a resource has two groups");
        let all: Vec<_> = groups
            .into_iter()
            .flat_map(|(_, privileges)| privileges)
            .collect();
        assert_eq!(all, Privilege::all().collect::<Vec<_>>());
    }
}
