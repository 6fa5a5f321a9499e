//! Changing one's own password: whoever sits down at a browser that is signed in must know the present one.

use jiff::Timestamp;

use super::{Secret, password};
use crate::{Engine, Error, ErrorCode, Result, access::Acts};

impl Engine {
    /// Changes the password of whoever asks, and ends all sessions of theirs but the one with this secret. A wrong
    /// present password counts like one at the door.
    ///
    /// # Errors
    /// `SignInRefused` on `present password`, also where there is none yet; `SignInLocked` after many wrong ones in a row;
    /// `InvalidInput` on `password` for a new one that is too short or too long.
    pub async fn change_own_password(
        &self,
        by: &dyn Acts,
        session: &Secret,
        present: &str,
        new: &str,
    ) -> Result<()> {
        let user = &by.actor().name;
        let changed = self.try_change_own(user, session, present, new).await;
        self.audit(by.actor(), "password.set", user, &changed)
            .await?;
        changed
    }

    async fn try_change_own(
        &self,
        user: &str,
        session: &Secret,
        present: &str,
        new: &str,
    ) -> Result<()> {
        self.check_present(user, present, Timestamp::now()).await?;
        let hash = password::hash(new).await?;
        self.catalog().set_password_hash(user, &hash).await?;
        self.forget_failures(user).await?;
        self.catalog()
            .end_sessions(user, Some(session.hash().as_str()))
            .await
    }

    /// Refuses (`SignInRefused`) who does not know the present password, and counts that like a try at the door.
    pub(super) async fn check_present(
        &self,
        user: &str,
        present: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.refuse_locked(user, now).await?;
        let kept = self.catalog().user(user).await?;
        if password::fits(present, kept.and_then(|(_, hash)| hash)).await? {
            return Ok(());
        }
        self.count_failure(user, now).await?;
        Err(Error::new(ErrorCode::SignInRefused, "present password")
            .hint("type the password that signs you in, or use a one-time link"))
    }
}
