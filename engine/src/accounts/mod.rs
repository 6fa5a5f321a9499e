//! Who may come in: passwords, codes, sessions and one-time links.
//!
//! Passwords are kept as argon2id, sessions, links and recovery codes as a hash of their secret, the secrets of
//! authenticator apps sealed, so that nobody who reads the catalog can sign in with what is found there.

mod code;
mod lockout;
mod own_password;
mod password;
mod provided;
mod recovery;
mod second_step;
mod secret;
mod set_up;
mod sign_in;
#[cfg(test)]
mod tests;
mod totp;

use hozon_model::{Action, Actor, Grant, Place, Resource, User};
use jiff::{SignedDuration, Timestamp};

pub(crate) use password::hash as hash_password;
pub use provided::ProvidedIdentity;
pub use second_step::Entry;
pub use secret::Secret;
pub use totp::TotpSetup;

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask},
    catalog::Ticket,
};

/// A session that is not used ends after this.
const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session ends after this however much it is used.
const SESSION_LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A session's end is moved only when that gains so much: not every request needs to write.
const SESSION_STEP: SignedDuration = SignedDuration::from_mins(5);
/// A link is good for this long.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// What the first owner is called whom nobody gave a name.
const ADMINISTRATOR: &str = "admin";

impl Engine {
    /// Makes the administrator `admin` if there is no user yet. Returns whether it did.
    ///
    /// # Errors
    /// `InvalidInput` on `password` for one that is too short.
    pub async fn ensure_administrator(&self, password: Option<&str>) -> Result<bool> {
        if self.is_set_up().await? {
            return Ok(false);
        }
        let hash = match password {
            Some(password) => Some(password::hash(password).await?),
            None => None,
        };
        let user = User {
            name: ADMINISTRATOR.to_owned(),
            grants: vec![Grant::owner()],
            created_at: Timestamp::now(),
            has_password: hash.is_some(),
            has_totp: false,
            has_identity: false,
        };
        let added = self.catalog().add_first_user(&user, hash.as_deref()).await;
        if matches!(added, Ok(true)) {
            let actor = actor("hozon", "first start");
            self.audit(&actor, "user.add", ADMINISTRATOR, &added)
                .await?;
        }
        added
    }

    /// Makes a link secret that signs a user in once, within an hour.
    ///
    /// # Errors
    /// `InvalidInput` on `user` if there is none of that name; `PermissionDenied`, also for a user who may more than
    /// whoever asks.
    pub async fn one_time_link(&self, by: &dyn Acts, user: &str) -> Result<Secret> {
        let outcome = match self.ask_for_entry(by, user).await {
            Ok(()) => self.make_link(&by.actor().origin, user).await,
            Err(error) => Err(error),
        };
        self.audit(by.actor(), "link.make", user, &outcome).await?;
        outcome
    }

    /// Whoever can sign in as somebody has all of their rights: that takes the right to change users, and all of those.
    async fn ask_for_entry(&self, by: &dyn Acts, user: &str) -> Result<()> {
        ask(by, Resource::User, Action::Edit, &Place::Organization)?;
        let user = self.known_user(user).await?;
        by.check_handing_on(&self.rights(&user.grants).await?)
    }

    async fn make_link(&self, origin: &str, user: &str) -> Result<Secret> {
        self.known_user(user).await?;
        self.make_ticket(user, origin, true, LINK_LASTS).await
    }

    /// The user a link would sign in, without using it up.
    ///
    /// # Errors
    /// `LinkExpired` if it was used or is too old.
    pub async fn peek_link(&self, link: &Secret) -> Result<User> {
        let ticket = self
            .catalog()
            .ticket(&link.hash(), Timestamp::now())
            .await?
            .filter(|ticket| ticket.is_link)
            .ok_or_else(secret::expired)?;
        self.known_user(&ticket.user).await
    }

    /// The user of a session, and keeps it alive; none if it ended.
    pub async fn session(&self, session: &Secret) -> Result<Option<User>> {
        let now = Timestamp::now();
        let Some(ticket) = self.catalog().ticket(&session.hash(), now).await? else {
            return Ok(None);
        };
        if ticket.is_link {
            return Ok(None);
        }
        let until = (now + SESSION_IDLE).min(ticket.created_at + SESSION_LONGEST);
        if until.duration_since(ticket.expires_at) >= SESSION_STEP {
            self.catalog().extend_ticket(&ticket.hash, until).await?;
        }
        let found = self.catalog().user(&ticket.user).await?;
        Ok(found.map(|(user, _)| user))
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Secret) -> Result<()> {
        let hash = session.hash();
        let Some(ticket) = self.catalog().ticket(&hash, Timestamp::now()).await? else {
            return Ok(());
        };
        if ticket.is_link {
            return Ok(());
        }
        let outcome = self.catalog().take_ticket(&hash).await;
        let actor = actor(&ticket.user, &ticket.origin);
        self.audit(&actor, "session.end", &ticket.user, &outcome)
            .await?;
        outcome.map(|_| ())
    }

    /// Sets a user's password (12 characters at least) and ends all sessions of theirs.
    ///
    /// # Errors
    /// `InvalidInput` on `user` or `password`; `PermissionDenied`, also for a user who may more than whoever asks.
    pub async fn set_password(&self, by: &dyn Acts, user: &str, password: &str) -> Result<()> {
        let outcome = if user == by.actor().name {
            self.change_password(user, password).await
        } else {
            match self.ask_for_entry(by, user).await {
                Ok(()) => self.change_password(user, password).await,
                Err(error) => Err(error),
            }
        };
        self.audit(by.actor(), "password.set", user, &outcome)
            .await?;
        outcome
    }

    async fn change_password(&self, user: &str, password: &str) -> Result<()> {
        self.known_user(user).await?;
        let hash = password::hash(password).await?;
        self.catalog().set_password_hash(user, &hash).await?;
        self.catalog().end_sessions(user, None).await
    }

    async fn known_user(&self, name: &str) -> Result<User> {
        let found = self.catalog().user(name).await?;
        found.map(|(user, _)| user).ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, "user")
                .because(format!("there is no user `{name}`"))
                .hint("run `hozon user list` to see the users")
        })
    }

    async fn make_ticket(
        &self,
        user: &str,
        origin: &str,
        is_link: bool,
        lasts: SignedDuration,
    ) -> Result<Secret> {
        let secret = Secret::random()?;
        let now = Timestamp::now();
        let ticket = Ticket {
            hash: secret.hash(),
            is_link,
            user: user.to_owned(),
            created_at: now,
            expires_at: now + lasts,
            origin: origin.to_owned(),
        };
        self.catalog().add_ticket(&ticket).await?;
        Ok(secret)
    }
}

fn actor(name: &str, origin: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        origin: origin.to_owned(),
    }
}
