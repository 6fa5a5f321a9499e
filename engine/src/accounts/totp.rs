//! Switching the second step of signing in on and off: one's own with the password and a code, somebody else's with the
//! right to sign in as them, which a one-time link gives as well.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Secret, code, recovery, second_step};
use crate::{Engine, Error, ErrorCode, Result, access::Acts, catalog::KeptTotp, secrets};

/// A secret that waits for its first code for longer is not shown any more.
const SETUP_LASTS: SignedDuration = SignedDuration::from_mins(15);

/// What goes into an authenticator app. `Debug` does not show it.
#[derive(Clone)]
pub struct TotpSetup {
    /// The secret, in base 32, for people to type.
    pub secret: String,
    /// `otpauth://totp/…`, for an app to read from a picture.
    pub url: String,
}

impl fmt::Debug for TotpSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSetup(…)")
    }
}

impl Engine {
    /// Makes a secret for the app of whoever asks. It counts for nothing until [`Self::confirm_totp`].
    ///
    /// # Errors
    /// `InvalidInput` on `two-step sign-in` where it is on already, on `password` for who has none.
    pub async fn begin_totp(&self, by: &dyn Acts) -> Result<()> {
        let user = self.known_user(&by.actor().name).await?;
        if !user.has_password {
            return Err(Error::new(ErrorCode::InvalidInput, "password")
                .because("a code is asked for after a password, and this account has none")
                .hint("choose a password first, with a one-time link"));
        }
        let purpose = secrets::purpose_of_totp(&user.name);
        let sealed = self.core().seal(&purpose, &code::new_secret()?).await?;
        let begun = self
            .catalog()
            .begin_totp(&user.name, &sealed, Timestamp::now())
            .await?;
        if begun {
            return Ok(());
        }
        Err(Error::new(ErrorCode::InvalidInput, "two-step sign-in")
            .because("it is on already")
            .hint("switch it off first"))
    }

    /// The secret of whoever asks that waits for its first code.
    pub async fn awaited_totp(&self, by: &dyn Acts) -> Result<Option<TotpSetup>> {
        let user = &by.actor().name;
        let Some((_, codes)) = self.awaited(user, Timestamp::now()).await? else {
            return Ok(None);
        };
        Ok(Some(TotpSetup {
            secret: codes.secret(),
            url: codes.url(user),
        }))
    }

    async fn awaited(&self, user: &str, now: Timestamp) -> Result<Option<(KeptTotp, code::Codes)>> {
        let fresh =
            |kept: &KeptTotp| !kept.confirmed && now.duration_since(kept.begun_at) < SETUP_LASTS;
        let Some(kept) = self.catalog().totp(user).await?.filter(fresh) else {
            return Ok(None);
        };
        let purpose = secrets::purpose_of_totp(user);
        let secret = self.core().unseal(&purpose, &kept.sealed).await?;
        Ok(Some((kept, code::Codes::of(secret)?)))
    }

    /// Switches the second step on for whoever asks, who knows their password and types the first code, and ends all
    /// sessions of theirs but the one with this secret. Returns the recovery codes, which are shown this once.
    ///
    /// # Errors
    /// `SignInRefused` on `present password`; `CodeRefused`, also where no secret waits; `SignInLocked` after many wrong
    /// ones of either in a row.
    pub async fn confirm_totp(
        &self,
        by: &dyn Acts,
        session: &Secret,
        present: &str,
        typed: &str,
    ) -> Result<Vec<String>> {
        let user = &by.actor().name;
        let confirmed = self.try_confirm(user, session, present, typed).await;
        self.audit(by.actor(), "totp.on", user, &confirmed).await?;
        confirmed
    }

    async fn try_confirm(
        &self,
        user: &str,
        session: &Secret,
        present: &str,
        typed: &str,
    ) -> Result<Vec<String>> {
        let now = Timestamp::now();
        self.check_present(user, present, now).await?;
        let Some((kept, codes)) = self.awaited(user, now).await? else {
            return Err(second_step::refused()
                .because("no secret waits for its first code")
                .hint("begin again, and type the code within 15 minutes"));
        };
        let Some(step) = codes.step_of(&code::plain(typed), now) else {
            self.count_failure(user, now).await?;
            return Err(second_step::refused()
                .hint("look whether the clocks of the phone and of this server are right"));
        };
        let recovery = recovery::new_codes()?;
        let hashes: Vec<String> = recovery
            .iter()
            .map(|written| recovery::hash(user, &code::plain(written)))
            .collect();
        let confirmed = self
            .catalog()
            .confirm_totp(user, kept.begun_at, step, &hashes)
            .await?;
        if !confirmed {
            return Err(second_step::refused().because("another secret took its place meanwhile"));
        }
        self.forget_failures(user).await?;
        self.catalog()
            .end_sessions(user, Some(session.hash().as_str()))
            .await?;
        Ok(recovery)
    }

    /// Switches one's own second step off.
    ///
    /// # Errors
    /// `SignInRefused` on `present password`; `CodeRefused`; `SignInLocked` after many wrong ones of either in a row.
    pub async fn end_own_totp(&self, by: &dyn Acts, present: &str, typed: &str) -> Result<()> {
        let user = &by.actor().name;
        let ended = self.try_end_own(user, present, typed).await;
        self.audit(by.actor(), "totp.off", user, &ended).await?;
        ended
    }

    async fn try_end_own(&self, user: &str, present: &str, typed: &str) -> Result<()> {
        let now = Timestamp::now();
        self.check_present(user, present, now).await?;
        self.check_code(user, typed, now).await?;
        self.catalog().remove_totp(user).await?;
        self.forget_failures(user).await
    }

    /// Switches the second step off for somebody who lost phone and recovery codes. Their password stays.
    ///
    /// # Errors
    /// `InvalidInput` on `user` where there is none of that name, where the second step is not on, and for oneself from
    /// outside; `PermissionDenied`, also for a user who may more than whoever asks.
    pub async fn remove_totp(&self, by: &dyn Acts, user: &str) -> Result<()> {
        let removed = self.try_remove_totp(by, user).await;
        self.audit(by.actor(), "totp.off", user, &removed).await?;
        removed
    }

    async fn try_remove_totp(&self, by: &dyn Acts, user: &str) -> Result<()> {
        self.ask_for_entry(by, user).await?;
        let refused = |why: &str| Error::new(ErrorCode::InvalidInput, "user").because(why);
        if by.is_outside() && by.actor().name == user {
            return Err(refused("one's own takes the password and a code")
                .hint("switch it off under Sessions"));
        }
        if self.catalog().remove_totp(user).await? {
            return Ok(());
        }
        Err(refused("two-step sign-in is not on for this user"))
    }

    /// How many recovery codes whoever asks has left.
    pub async fn own_recovery_codes(&self, by: &dyn Acts) -> Result<u64> {
        self.catalog().recovery_codes(&by.actor().name).await
    }
}
