//! Who may come in: passwords, sessions and one-time links.
//!
//! Passwords are kept as argon2id, sessions and links as a hash of their secret, so that nobody who
//! reads the catalog can sign in with what is found there.

use hozon_model::{Actor, User};

use crate::{Engine, Result};

/// The secret of a session or a link. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Takes a secret as it came from a cookie or a link.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Shows the secret: for the cookie or the link it was made for, and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Engine {
    /// Makes the administrator `admin` if there is no user yet. Returns whether it did.
    pub async fn ensure_administrator(&self, password: Option<&str>) -> Result<bool> {
        todo!("{}", password.is_some())
    }

    /// Signs in with a password. Wrong name and wrong password look and take the same.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        origin: &str,
    ) -> Result<(User, Secret)> {
        todo!("{name} {} {origin}", password.len())
    }

    /// Makes a link secret that signs a user in once, within an hour.
    pub async fn one_time_link(&self, actor: &Actor, user: &str) -> Result<Secret> {
        todo!("{actor:?} {user}")
    }

    /// The user a link would sign in, without using it up.
    pub async fn peek_link(&self, link: &Secret) -> Result<User> {
        todo!("{link:?}")
    }

    /// Uses a link up and signs in; sets a password if one is given.
    pub async fn sign_in_by_link(
        &self,
        link: &Secret,
        password: Option<&str>,
        origin: &str,
    ) -> Result<(User, Secret)> {
        todo!("{link:?} {} {origin}", password.is_some())
    }

    /// The user of a session, and keeps it alive; none if it ended.
    pub async fn session(&self, session: &Secret) -> Result<Option<User>> {
        todo!("{session:?}")
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Secret) -> Result<()> {
        todo!("{session:?}")
    }

    /// Sets a user's password (12 characters at least) and ends all other sessions of theirs.
    pub async fn set_password(&self, actor: &Actor, user: &str, password: &str) -> Result<()> {
        todo!("{actor:?} {user} {}", password.len())
    }
}
