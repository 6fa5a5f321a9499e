//! Signing in: by password, which a code may follow, or by a link that is used up.

use hozon_model::User;
use jiff::Timestamp;

use super::{Entry, SESSION_IDLE, Secret, actor, password, secret};
use crate::{Engine, Error, ErrorCode, Result};

/// What the audit calls somebody who typed a name that no user has: it may be a password in the wrong field.
pub(super) const NOBODY: &str = "(unknown)";

impl Engine {
    /// Signs in with a password, or takes the first of two steps. Wrong name and wrong password look and take the same.
    ///
    /// # Errors
    /// `SignInRefused`; `SignInLocked` after many wrong passwords or codes in a row, also for the right one.
    pub async fn sign_in(&self, name: &str, password: &str, origin: &str) -> Result<Entry> {
        let found = self.catalog().user(name).await?;
        let (user, hash) = found.unzip();
        let outcome = self
            .try_sign_in(name, password, hash.flatten(), origin)
            .await;
        let name = user.map_or_else(|| NOBODY.to_owned(), |user| user.name);
        // Half of a sign-in is none; what becomes of it is told when the code comes.
        if !matches!(outcome, Ok(Entry::CodeNeeded(_))) {
            self.audit(&actor(&name, origin), "session.begin", &name, &outcome)
                .await?;
        }
        outcome
    }

    async fn try_sign_in(
        &self,
        name: &str,
        password: &str,
        hash: Option<String>,
        origin: &str,
    ) -> Result<Entry> {
        let now = Timestamp::now();
        self.refuse_locked(name, now).await?;
        if !password::fits(password, hash).await? {
            self.count_failure(name, now).await?;
            return Err(Error::new(ErrorCode::SignInRefused, "")
                .hint("type both again, or sign in with a one-time link"));
        }
        if self.known_user(name).await?.has_totp {
            return Ok(Entry::CodeNeeded(self.begin_second_step(name).await?));
        }
        self.forget_failures(name).await?;
        let (user, session) = self.begin_session(name, origin).await?;
        Ok(Entry::Session(user, session))
    }

    /// Uses a link up and signs in, without a code whoever it is for; sets a password if one is given, which ends the
    /// user's other sessions.
    ///
    /// # Errors
    /// `LinkExpired`; `InvalidInput` on `password`, and then the link can still be used.
    pub async fn sign_in_by_link(
        &self,
        link: &Secret,
        password: Option<&str>,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let found = self.peek_link(link).await;
        let name = match &found {
            Ok(user) => user.name.clone(),
            Err(_) => NOBODY.to_owned(),
        };
        let outcome = match found {
            Ok(_) => self.use_link(link, &name, password, origin).await,
            Err(error) => Err(error),
        };
        let actor = actor(&name, origin);
        self.audit(&actor, "link.use", &name, &outcome).await?;
        if password.is_some() && outcome.is_ok() {
            self.audit(&actor, "password.set", &name, &outcome).await?;
        }
        outcome
    }

    async fn use_link(
        &self,
        link: &Secret,
        user: &str,
        password: Option<&str>,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let hash = match password {
            Some(password) => Some(password::hash(password).await?),
            None => None,
        };
        if !self.catalog().take_ticket(&link.hash()).await? {
            return Err(secret::expired());
        }
        if let Some(hash) = hash {
            self.catalog().set_password_hash(user, &hash).await?;
            self.catalog().end_sessions(user, None).await?;
        }
        self.begin_session(user, origin).await
    }

    pub(super) async fn begin_session(&self, user: &str, origin: &str) -> Result<(User, Secret)> {
        let user = self.known_user(user).await?;
        let session = self
            .make_ticket(&user.name, origin, false, SESSION_IDLE)
            .await?;
        Ok((user, session))
    }
}
