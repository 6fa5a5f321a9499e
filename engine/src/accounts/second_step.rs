//! The second step of signing in: a code of the app, or a recovery code.
//!
//! Between the steps a browser holds a secret of its own that lets nobody in. It lasts for minutes and for a few tries;
//! every wrong code counts like a wrong password, and what was counted is forgotten only once both steps were right. So
//! whoever knows a password guesses codes no faster than others guess passwords.

use hozon_model::User;
use jiff::{SignedDuration, Timestamp};

use super::{Secret, actor, code, recovery};
use crate::{Engine, Error, ErrorCode, Result, catalog::SecondStep, secrets};

/// Whoever takes longer begins again with the password.
const STEP_LASTS: SignedDuration = SignedDuration::from_mins(5);
/// After so many wrong codes, too.
const TRIES: u64 = 5;

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Signed in, with the secret of the new session.
    Session(User, Secret),
    /// Nobody is signed in yet: this secret and a code do, by [`Engine::sign_in_by_code`].
    CodeNeeded(Secret),
}

#[cfg(test)]
impl Entry {
    /// Who is signed in, where no second step is asked for.
    pub(crate) fn signed_in(self) -> (User, Secret) {
        match self {
            Self::Session(user, session) => (user, session),
            Self::CodeNeeded(_) => panic!("a code is asked for"),
        }
    }

    /// What goes with the code.
    pub(crate) fn code_needed(self) -> Secret {
        match self {
            Self::CodeNeeded(step) => step,
            Self::Session(..) => panic!("no code is asked for"),
        }
    }
}

impl Engine {
    /// Signs in with the secret that the first step gave and a code of the app, or a recovery code, which is then used
    /// up. A code of the app counts once.
    ///
    /// # Errors
    /// `CodeRefused` for a wrong code, one that was used, or where the first step is over; `SignInLocked` after many
    /// wrong ones in a row, also for the right one.
    pub async fn sign_in_by_code(
        &self,
        step: &Secret,
        typed: &str,
        origin: &str,
    ) -> Result<(User, Secret)> {
        let (hash, now) = (step.hash(), Timestamp::now());
        let found = self.catalog().try_second_step(&hash, now, TRIES).await?;
        let Some(user) = found else {
            return Err(refused().because("the first step is over").hint(
                "begin again with the password: a code is waited for for 5 minutes, and tried 5 times",
            ));
        };
        let outcome = self.try_code(&hash, &user, typed, now, origin).await;
        self.audit(&actor(&user, origin), "session.begin", &user, &outcome)
            .await?;
        outcome
    }

    async fn try_code(
        &self,
        hash: &str,
        user: &str,
        typed: &str,
        now: Timestamp,
        origin: &str,
    ) -> Result<(User, Secret)> {
        self.refuse_locked(user, now).await?;
        self.check_code(user, typed, now).await?;
        if !self.catalog().take_second_step(hash).await? {
            return Err(refused().because("the first step is over"));
        }
        self.forget_failures(user).await?;
        self.begin_session(user, origin).await
    }

    /// Whether a code is still waited for.
    pub async fn awaits_code(&self, step: &Secret) -> Result<bool> {
        let found = self
            .catalog()
            .second_step(&step.hash(), Timestamp::now(), TRIES)
            .await?;
        Ok(found.is_some())
    }

    pub(super) async fn begin_second_step(&self, user: &str) -> Result<Secret> {
        let secret = Secret::random()?;
        let step = SecondStep {
            hash: secret.hash(),
            user: user.to_owned(),
            expires_at: Timestamp::now() + STEP_LASTS,
        };
        self.catalog().add_second_step(&step).await?;
        Ok(secret)
    }

    /// Uses a code up; a wrong one (`CodeRefused`) is counted.
    pub(super) async fn check_code(&self, user: &str, typed: &str, now: Timestamp) -> Result<()> {
        if self.takes_code(user, &code::plain(typed), now).await? {
            return Ok(());
        }
        self.count_failure(user, now).await?;
        Err(refused().hint("type the code that the app shows now, or a recovery code"))
    }

    async fn takes_code(&self, user: &str, plain: &str, now: Timestamp) -> Result<bool> {
        let kept = self.catalog().totp(user).await?;
        let Some(kept) = kept.filter(|kept| kept.confirmed) else {
            return Ok(false);
        };
        if !code::is_of_app(plain) {
            let hash = recovery::hash(user, plain);
            return self.catalog().take_recovery_code(user, &hash).await;
        }
        let purpose = secrets::purpose_of_totp(user);
        let secret = self.core().unseal(&purpose, &kept.sealed).await?;
        match code::Codes::of(secret)?.step_of(plain, now) {
            Some(step) => self.catalog().take_totp_step(user, step).await,
            None => Ok(false),
        }
    }
}

/// Says no more than that: whoever guesses learns nothing else.
pub(super) fn refused() -> Error {
    Error::new(ErrorCode::CodeRefused, "code")
}
