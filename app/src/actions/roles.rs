//! Roles made here: from single privileges, for what no other role fits.

use std::collections::BTreeSet;

use hozon_model::{CustomRole, ErrorCode, Privilege};
use leptos::prelude::*;

use super::finish;
use crate::{
    error::{AppError, AppResult},
    flash::{Done, Form},
    format::command::Fields,
    session,
    visit::{Address, Query},
};

/// The field of the privileges that are chosen, each as `backup:create`.
pub(crate) const PRIVILEGES: &str = "privileges[]";
/// Says in an address that the form in it is a change of the role whose page it is.
const EDITED: &str = "edited";

/// The page of a role.
pub(crate) fn role_page(name: &str) -> Address {
    Address::below("/access/roles", name)
}

/// A role, as it stands in an address and as it is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleForm {
    /// What it is called.
    pub name: String,
    /// For people.
    pub description: String,
    /// What it may do, each as `backup:create`.
    pub privileges: Vec<String>,
}

impl RoleForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            description: text("description"),
            privileges: query.all(PRIVILEGES),
        }
    }

    /// The form that changes a role: as somebody sent it, or as the role is.
    pub(crate) fn editing(role: &CustomRole, query: &Query) -> Self {
        if query.get(EDITED).is_some() {
            return Self {
                name: role.name.clone(),
                ..Self::of(query)
            };
        }
        Self {
            name: role.name.clone(),
            description: role.description.clone(),
            privileges: role.privileges.iter().map(ToString::to_string).collect(),
        }
    }

    /// The fields as the form would send them.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        [
            one("name", &self.name),
            one("description", &self.description),
        ]
        .into_iter()
        .chain(self.privileges.iter().map(|value| one(PRIVILEGES, value)))
        .collect()
    }

    fn kept_in(&self, address: Address) -> Address {
        address
            .with("description", &self.description)
            .and(PRIVILEGES, self.privileges.iter().map(String::as_str))
    }

    fn chosen(&self) -> AppResult<BTreeSet<Privilege>> {
        let chosen = self.privileges.iter().map(|text| {
            text.parse::<Privilege>()
                .map_err(|why| AppError::new(ErrorCode::InvalidInput, "privileges", why))
        });
        chosen.collect()
    }
}

/// Makes a role.
#[server(prefix = "/api", endpoint = "create_role")]
pub(crate) async fn create_role(
    name: String,
    #[server(default)] description: String,
    #[server(default)] privileges: Vec<String>,
) -> AppResult<()> {
    let form = RoleForm {
        name,
        description,
        privileges,
    };
    let back = form.kept_in(Address::new("/access/roles/new").with("name", &form.name));
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let role = engine
            .create_role(&actor, &form.name, &form.description, form.chosen()?)
            .await?;
        Ok(role_page(&role.name).to_string())
    };
    finish(Form::Role, Done::Role, outcome.await, back)
}

/// Changes what a role is for and what it may do.
#[server(prefix = "/api", endpoint = "edit_role")]
pub(crate) async fn edit_role(
    name: String,
    #[server(default)] description: String,
    #[server(default)] privileges: Vec<String>,
) -> AppResult<()> {
    let form = RoleForm {
        name,
        description,
        privileges,
    };
    let page = role_page(&form.name);
    let back = form.kept_in(page.clone().with(EDITED, "on"));
    let outcome = async {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let (description, privileges) = (Some(form.description.as_str()), Some(form.chosen()?));
        engine
            .edit_role(&actor, &form.name, description, privileges)
            .await?;
        Ok(page.to_string())
    };
    finish(Form::EditRole, Done::RoleSaved, outcome.await, back)
}

/// Removes a role that nobody has.
#[server(prefix = "/api", endpoint = "remove_role")]
pub(crate) async fn remove_role(name: String) -> AppResult<()> {
    let back = role_page(&name).with("dialog", "remove");
    let outcome = async {
        session::engine()
            .remove_role(&session::actor().await?, &name)
            .await?;
        Ok("/access/roles".to_owned())
    };
    finish(Form::RemoveRole, Done::RoleRemoved, outcome.await, back)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_was_sent_takes_the_place_of_what_is() {
        let role = CustomRole {
            name: "検証係".to_owned(),
            description: "Verifies".to_owned(),
            privileges: BTreeSet::from(["backup:verify".parse().expect("a privilege")]),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let form = RoleForm::editing(&role, &Address::new("/").query);
        assert_eq!(form.chosen(), Ok(role.privileges.clone()));
        let sent = RoleForm {
            description: String::new(),
            privileges: Vec::new(),
            ..form
        };
        let query = sent.kept_in(Address::new("/").with(EDITED, "on")).query;
        assert_eq!(RoleForm::editing(&role, &query), sent);
    }

    #[test]
    fn what_is_no_privilege_is_refused() {
        let form = RoleForm {
            name: "x".to_owned(),
            description: String::new(),
            privileges: vec!["moon:view".to_owned()],
        };
        let report = form.chosen().expect_err("refused").report;
        assert_eq!(report.subject, "privileges");
        assert!(report.detail.contains("moon:view"));
    }
}
