//! Replacing the key that protects stored secrets.

use hozon_model::{Action, Place, Resource};
use serde::Serialize;

use crate::{
    Engine, Result,
    access::{Acts, ask},
    secrets::SecretKey,
};

/// What the replacement of a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RotatedSecrets {
    /// Secrets that were opened with the old key and sealed with the new one.
    pub secrets: u64,
}

impl Engine {
    /// Opens every stored secret with the key in use and seals it with another: the one given, or a new one. A crash
    /// leaves either everything as it was or everything done. Other processes notice by themselves, where the key lies
    /// in a file.
    ///
    /// # Errors
    /// `InvalidInput` where the configuration gives the key and no new one is given; `SecretKeyWrong` for a secret that
    /// does not open, or a key that was in use before.
    pub async fn rotate_secret_key(
        &self,
        by: &dyn Acts,
        new: Option<SecretKey>,
    ) -> Result<RotatedSecrets> {
        let rotated = self.try_rotate(by, new).await;
        self.audit(by.actor(), "secrets.rotate", "secret key", &rotated)
            .await?;
        rotated
    }

    async fn try_rotate(&self, by: &dyn Acts, new: Option<SecretKey>) -> Result<RotatedSecrets> {
        ask(
            by,
            Resource::Organization,
            Action::Edit,
            &Place::Organization,
        )?;
        let catalog = self.catalog();
        let ring = self.core().ring();
        ring.fresh(catalog).await?;
        let secrets = ring.rotate(catalog, new).await?;
        Ok(RotatedSecrets { secrets })
    }
}
