//! People: making accounts, saying what they may do, and taking accounts away.

use hozon_model::{Action, Grant, NewUser, Place, Resource, User};
use jiff::Timestamp;

use super::{Acts, ask};
use crate::{Engine, Error, ErrorCode, Result, accounts::hash_password, audit::Change};

/// A user's name, without space around it.
///
/// # Errors
/// `InvalidInput` on `name`.
pub(crate) fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let strange = |c: char| c.is_control() || c.is_whitespace();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(strange) {
        return Err(Error::new(ErrorCode::InvalidInput, "name")
            .because("a user's name has 1 to 64 characters, no space among them"));
    }
    Ok(name)
}

impl Engine {
    /// Makes a user. Without a password only a one-time link signs in.
    ///
    /// # Errors
    /// `UserNameTaken`; `InvalidInput` on `name`, `password` or `grants`; `RoleNotFound`, `ProjectNotFound`.
    pub async fn create_user(&self, by: &dyn Acts, new: NewUser) -> Result<User> {
        let name = new.name.clone();
        let made = self.try_create_user(by, new).await;
        self.audit_change(
            by.actor(),
            "user.add",
            &name,
            Change::from(None::<&User>).to(&made),
            &made,
        )
        .await?;
        made
    }

    async fn try_create_user(&self, by: &dyn Acts, new: NewUser) -> Result<User> {
        ask(by, Resource::User, Action::Create, &Place::Organization)?;
        let name = checked_name(&new.name)?;
        let grants = self.checked_grants(new.grants).await?;
        by.check_handing_on(&self.rights(&grants).await?)?;
        let hash = match &new.password {
            Some(password) => Some(hash_password(password).await?),
            None => None,
        };
        let user = User {
            name: name.to_owned(),
            grants,
            created_at: Timestamp::now(),
            has_password: hash.is_some(),
            has_totp: false,
            has_identity: false,
        };
        self.catalog().add_user(&user, hash.as_deref()).await?;
        Ok(user)
    }

    /// Every user, by name.
    pub async fn users(&self) -> Result<Vec<User>> {
        self.catalog().users().await
    }

    /// One user.
    ///
    /// # Errors
    /// `UserNotFound`.
    pub async fn user(&self, name: &str) -> Result<User> {
        let found = self.catalog().user(name).await?;
        found.map(|(user, _)| user).ok_or_else(|| {
            Error::new(ErrorCode::UserNotFound, name).hint("run `hozon user list` to see the users")
        })
    }

    /// Sets what a user may do, from their next request on.
    ///
    /// # Errors
    /// `UserNotFound`, `RoleNotFound`, `ProjectNotFound`, `InvalidInput` on `grants`; `LastOwner`.
    pub async fn set_user_grants(
        &self,
        by: &dyn Acts,
        name: &str,
        grants: Vec<Grant>,
    ) -> Result<User> {
        let before = self.user(name).await.ok();
        let set = self.try_set_user_grants(by, name, grants).await;
        self.audit_change(
            by.actor(),
            "user.grant",
            name,
            Change::from(before.as_ref()).to(&set),
            &set,
        )
        .await?;
        set
    }

    async fn try_set_user_grants(
        &self,
        by: &dyn Acts,
        name: &str,
        grants: Vec<Grant>,
    ) -> Result<User> {
        ask(by, Resource::User, Action::Edit, &Place::Organization)?;
        let user = self.user(name).await?;
        let grants = self.checked_grants(grants).await?;
        by.check_handing_on(&self.rights(&grants).await?)?;
        self.catalog().set_grants(name, &grants).await?;
        Ok(User { grants, ..user })
    }

    /// Removes a user, with all sessions and links of theirs. API keys that they made stay.
    ///
    /// # Errors
    /// `UserNotFound`, `LastOwner`.
    pub async fn remove_user(&self, by: &dyn Acts, name: &str) -> Result<()> {
        let before = self.user(name).await.ok();
        let removed = self.try_remove_user(by, name).await;
        self.audit_change(
            by.actor(),
            "user.remove",
            name,
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }

    async fn try_remove_user(&self, by: &dyn Acts, name: &str) -> Result<()> {
        ask(by, Resource::User, Action::Delete, &Place::Organization)?;
        self.user(name).await?;
        self.catalog().remove_user(name).await
    }
}
