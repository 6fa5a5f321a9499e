//! API keys: what lets a program in. The secret is random and long, so the catalog keeps a plain fast hash of it.

use hozon_model::{Action, Actor, ApiKey, MadeApiKey, NewApiKey, Resource};
use jiff::{SignedDuration, Timestamp};

use super::{Acts, Caller, ask, place_of_grant};
use crate::{Engine, Error, ErrorCode, Result, accounts::Secret, audit::Change, id};

/// What every key begins with, so that whoever finds one knows what it is.
const PREFIX: &str = "hozon_";
/// When a key was used is kept this exactly: not every request needs to write.
const STEP: SignedDuration = SignedDuration::from_mins(1);

impl Engine {
    /// Makes an API key. Its secret is shown this once.
    ///
    /// # Errors
    /// `InvalidInput` on `name`, `grants` or `expires`; `RoleNotFound`, `ProjectNotFound`; `PermissionDenied` for a right
    /// that whoever asks does not have.
    pub async fn create_key(&self, by: &dyn Acts, new: NewApiKey) -> Result<MadeApiKey> {
        let name = new.name.clone();
        let made = self.try_create_key(by, new).await;
        let shown = made.as_ref().ok().map(|made| made.key.clone());
        let change = Change::made(shown.as_ref());
        self.audit_change(by.actor(), "key.create", &name, change, &made)
            .await?;
        made
    }

    async fn try_create_key(&self, by: &dyn Acts, new: NewApiKey) -> Result<MadeApiKey> {
        let invalid = |field: &str, why: &str| {
            Error::new(ErrorCode::InvalidInput, field).because(why.to_owned())
        };
        let grants = self.checked_grants(new.grants).await?;
        if grants.is_empty() {
            return Err(
                invalid("grants", "a key without any role lets nobody do anything")
                    .hint("name a role, like `read_only`"),
            );
        }
        for grant in &grants {
            ask(by, Resource::Key, Action::Create, &place_of_grant(grant))?;
        }
        by.check_handing_on(&self.rights(&grants).await?)?;
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
            return Err(invalid(
                "name",
                "a key's name has 1 to 64 characters, none of them a control character",
            ));
        }
        let now = Timestamp::now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(invalid("expires", "this moment has passed"));
        }
        let secret = Secret::new(format!("{PREFIX}{}", Secret::random()?.reveal()));
        let key = ApiKey {
            id: id::key()?,
            name: name.to_owned(),
            grants,
            created_by: by.actor().name.clone(),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        self.catalog().add_key(&key, &secret.hash()).await?;
        Ok(MadeApiKey {
            key,
            secret: secret.reveal().to_owned(),
        })
    }

    /// Every API key, by name, those that expired too.
    pub async fn keys(&self) -> Result<Vec<ApiKey>> {
        self.catalog().keys().await
    }

    /// One API key, by identifier or name.
    ///
    /// # Errors
    /// `KeyNotFound`.
    pub async fn key(&self, id_or_name: &str) -> Result<ApiKey> {
        let keys = self.catalog().keys().await?;
        let by_id = keys.iter().position(|key| key.id.as_str() == id_or_name);
        let found = by_id.or_else(|| keys.iter().position(|key| key.name == id_or_name));
        found
            .and_then(|index| keys.into_iter().nth(index))
            .ok_or_else(|| {
                Error::new(ErrorCode::KeyNotFound, id_or_name)
                    .hint("run `hozon key list` to see the API keys")
            })
    }

    /// Takes an API key away. Whoever has it is refused from their next request on.
    ///
    /// # Errors
    /// `KeyNotFound`.
    pub async fn remove_key(&self, by: &dyn Acts, id_or_name: &str) -> Result<ApiKey> {
        let before = self.key(id_or_name).await.ok();
        let removed = self.try_remove_key(by, id_or_name).await;
        self.audit_change(
            by.actor(),
            "key.remove",
            id_or_name,
            Change::from(before.as_ref()),
            &removed,
        )
        .await?;
        removed
    }

    async fn try_remove_key(&self, by: &dyn Acts, id_or_name: &str) -> Result<ApiKey> {
        let key = self.key(id_or_name).await?;
        for grant in &key.grants {
            ask(by, Resource::Key, Action::Delete, &place_of_grant(grant))?;
        }
        self.catalog().remove_key(&key.id).await?;
        Ok(key)
    }

    /// Whoever sends this key, with what they may do now.
    ///
    /// # Errors
    /// `KeyRefused` for one that is not known, was taken away, or has expired: all three look the same.
    pub async fn caller_by_key(&self, secret: &str, origin: &str) -> Result<Caller> {
        let now = Timestamp::now();
        let found = self
            .catalog()
            .key_by_hash(&Secret::new(secret).hash())
            .await?
            .filter(|key| key.expires_at.is_none_or(|end| end > now));
        let Some(key) = found else {
            return Err(Error::new(ErrorCode::KeyRefused, "")
                .hint("make a new key with `hozon key create`"));
        };
        let stale = |used: Timestamp| now.duration_since(used) >= STEP;
        if key.last_used_at.is_none_or(stale) {
            self.catalog().key_used(&key.id, now).await?;
        }
        let actor = Actor {
            name: format!("key:{}", key.name),
            origin: origin.to_owned(),
        };
        Ok(Caller::new(actor, self.rights(&key.grants).await?))
    }

    /// The API keys that a caller may look at.
    pub async fn keys_for(&self, by: &dyn Acts) -> Result<Vec<ApiKey>> {
        let mut keys = self.keys().await?;
        keys.retain(|key| {
            key.grants
                .iter()
                .all(|grant| ask(by, Resource::Key, Action::View, &place_of_grant(grant)).is_ok())
        });
        Ok(keys)
    }
}
