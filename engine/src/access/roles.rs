//! Roles made from named privileges, beside those that are always there.

use std::collections::BTreeSet;

use hozon_model::{Action, CustomRole, Place, Privilege, Resource, Role};
use jiff::Timestamp;

use super::{Acts, Right, ask};
use crate::{Engine, Error, ErrorCode, Result, audit::Change};

impl Engine {
    /// Makes a role.
    ///
    /// # Errors
    /// `RoleNameTaken`, also for the name of one that is always there; `InvalidInput` on `name`, `description` or
    /// `privileges`.
    pub async fn create_role(
        &self,
        by: &dyn Acts,
        name: &str,
        description: &str,
        privileges: BTreeSet<Privilege>,
    ) -> Result<CustomRole> {
        let made = self
            .try_create_role(by, name, description, privileges)
            .await;
        self.audit_change(
            by.actor(),
            "role.create",
            name,
            Change::from(None::<&CustomRole>).to(&made),
            &made,
        )
        .await?;
        made
    }

    async fn try_create_role(
        &self,
        by: &dyn Acts,
        name: &str,
        description: &str,
        privileges: BTreeSet<Privilege>,
    ) -> Result<CustomRole> {
        ask(by, Resource::Role, Action::Create, &Place::Organization)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
            return Err(Error::new(ErrorCode::InvalidInput, "name").because(
                "a role's name has 1 to 64 characters, none of them a control character",
            ));
        }
        if Role::BUILT_IN.iter().any(|role| role.as_str() == name) {
            return Err(Error::new(ErrorCode::RoleNameTaken, name)
                .because("a role that is always there has this name")
                .hint("choose another name"));
        }
        let role = CustomRole {
            name: name.to_owned(),
            description: checked_description(description)?,
            privileges: checked_privileges(by, privileges)?,
            created_at: Timestamp::now(),
        };
        self.catalog().add_role(&role).await?;
        Ok(role)
    }

    /// Every role made here, by name.
    pub async fn roles(&self) -> Result<Vec<CustomRole>> {
        self.catalog().roles().await
    }

    /// One role made here.
    ///
    /// # Errors
    /// `RoleNotFound`.
    pub async fn role(&self, name: &str) -> Result<CustomRole> {
        let roles = self.catalog().roles().await?;
        let found = roles.into_iter().find(|role| role.name == name);
        found.ok_or_else(|| {
            Error::new(ErrorCode::RoleNotFound, name).hint("run `hozon role list` to see the roles")
        })
    }

    /// Changes what a role is for and what it may do; what is none stays. Counts at once for all who have it.
    ///
    /// # Errors
    /// `RoleNotFound`; `InvalidInput` on `description` or `privileges`.
    pub async fn edit_role(
        &self,
        by: &dyn Acts,
        name: &str,
        description: Option<&str>,
        privileges: Option<BTreeSet<Privilege>>,
    ) -> Result<CustomRole> {
        let before = self.role(name).await.ok();
        let edited = self.try_edit_role(by, name, description, privileges).await;
        self.audit_change(
            by.actor(),
            "role.edit",
            name,
            Change::from(before.as_ref()).to(&edited),
            &edited,
        )
        .await?;
        edited
    }

    async fn try_edit_role(
        &self,
        by: &dyn Acts,
        name: &str,
        description: Option<&str>,
        privileges: Option<BTreeSet<Privilege>>,
    ) -> Result<CustomRole> {
        ask(by, Resource::Role, Action::Edit, &Place::Organization)?;
        let mut role = self.role(name).await?;
        if let Some(description) = description {
            role.description = checked_description(description)?;
        }
        if let Some(privileges) = privileges {
            role.privileges = checked_privileges(by, privileges)?;
        }
        self.catalog().edit_role(&role).await?;
        Ok(role)
    }

    /// Removes a role that nobody has.
    ///
    /// # Errors
    /// `RoleNotFound`; `RoleInUse` names who has it.
    pub async fn remove_role(&self, by: &dyn Acts, name: &str) -> Result<()> {
        let before = self.role(name).await.ok();
        let removed = match ask(by, Resource::Role, Action::Delete, &Place::Organization) {
            Ok(()) => self.catalog().remove_role(name).await,
            Err(error) => Err(error),
        };
        self.audit_change(
            by.actor(),
            "role.remove",
            name,
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }
}

fn checked_description(description: &str) -> Result<String> {
    let description = description.trim();
    if description.chars().count() > 256 {
        return Err(Error::new(ErrorCode::InvalidInput, "description")
            .because("a description has at most 256 characters"));
    }
    Ok(description.to_owned())
}

fn checked_privileges(
    by: &dyn Acts,
    privileges: BTreeSet<Privilege>,
) -> Result<BTreeSet<Privilege>> {
    if privileges.is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "privileges")
            .because("a role without any privilege lets nobody do anything")
            .hint("name one at least, like `backup:view`"));
    }
    let right = Right {
        scope: None,
        privileges,
    };
    by.check_handing_on(std::slice::from_ref(&right))?;
    Ok(right.privileges)
}
