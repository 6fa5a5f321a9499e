//! The first start: whoever holds the link that the server printed makes the first owner.
//!
//! The link's token is kept as a hash. It ends with its use, with the first user however they came, and with the next
//! start, which prints another one.

use hozon_model::{Grant, User};
use jiff::Timestamp;

use super::{ADMINISTRATOR, Secret, actor, password, sign_in::NOBODY};
use crate::{Engine, Error, ErrorCode, Result, access::checked_name, audit::Change};

/// What the audit calls whom the set-up is about, before they have a name.
const FIRST_OWNER: &str = "(first owner)";

impl Engine {
    /// Whether anybody has an account here.
    pub async fn is_set_up(&self) -> Result<bool> {
        self.catalog().has_users().await
    }

    /// Makes the token that lets somebody set this installation up, in place of an earlier one; none where there is a
    /// user.
    pub async fn begin_set_up(&self) -> Result<Option<Secret>> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let token = Secret::random()?;
        let kept = self
            .catalog()
            .keep_set_up_token(&token.hash(), Timestamp::now())
            .await;
        let server = actor("hozon", "start");
        self.audit(&server, "setup.link", FIRST_OWNER, &kept)
            .await?;
        Ok(kept?.then_some(token))
    }

    /// Whether somebody may set this installation up with a token. Looking does not use it up.
    pub async fn may_set_up(&self, token: &Secret) -> Result<bool> {
        self.catalog().knows_set_up_token(&token.hash()).await
    }

    /// Makes the first owner and signs them in, which uses the token up.
    ///
    /// # Errors
    /// `LinkExpired`, also where somebody else was first; `InvalidInput` on `name` or `password`, and then the token can
    /// still be used.
    pub async fn set_up(
        &self,
        token: &Secret,
        name: &str,
        password: &str,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let made = self.try_set_up(token, name, password).await;
        // Whatever was typed as a name, it is none before there is such a user.
        let name = match &made {
            Ok(user) => user.name.clone(),
            Err(_) => NOBODY.to_owned(),
        };
        let owner = actor(&name, origin);
        self.audit(&owner, "setup.finish", &name, &made).await?;
        let change = Change::made(Some(&made?));
        self.audit_change(&owner, "user.add", &name, change, &Ok(()))
            .await?;
        let begun = self.begin_session(&name, origin).await;
        self.audit(&owner, "session.begin", &name, &begun).await?;
        begun
    }

    async fn try_set_up(&self, token: &Secret, name: &str, password: &str) -> Result<User> {
        if !self.may_set_up(token).await? {
            return Err(refused());
        }
        let name = checked_name(name)?;
        let hash = password::hash(password).await?;
        let user = User {
            name: name.to_owned(),
            grants: vec![Grant::owner()],
            created_at: Timestamp::now(),
            has_password: true,
            has_totp: false,
            has_identity: false,
        };
        if !self.catalog().set_up(&token.hash(), &user, &hash).await? {
            return Err(refused());
        }
        Ok(user)
    }

    /// Whom a way in is made for where nobody is named: the owner `admin`, or whoever owned the organization first.
    pub async fn first_owner(&self) -> Result<String> {
        let mut owners = self.users().await?;
        owners.retain(|user| user.grants.contains(&Grant::owner()));
        let first = owners
            .into_iter()
            .min_by_key(|user| (user.name != ADMINISTRATOR, user.created_at));
        Ok(first.map_or_else(|| ADMINISTRATOR.to_owned(), |user| user.name))
    }
}

fn refused() -> Error {
    Error::new(ErrorCode::LinkExpired, "link")
        .because(
            "it was used, somebody has an account already, or the server was started again since",
        )
        .hint("start the server again, which prints another one, or run `hozon admin link`")
}
