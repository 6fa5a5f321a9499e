//! The key that this process seals with, and how another takes its place.
//!
//! Catalog and key file cannot change in one step. So the new key is written beside the old one first, then the catalog
//! is sealed anew and notes that the old key is retired, all in one transaction; last the new file takes the old one's
//! place. Whoever opens the ring at any moment between finds the right key: the file beside counts once the key in the
//! file is retired, and not before.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use super::{Fault, SecretKey, write_new};
use crate::{Error, ErrorCode, Result, catalog::Catalog};

/// Where the key comes from.
#[derive(Clone, Debug)]
enum Origin {
    File(PathBuf),
    /// The configuration itself; nothing is written anywhere.
    Given,
}

/// The key in use. Shared by everything that seals and unseals.
#[derive(Debug)]
pub(crate) struct KeyRing {
    origin: Origin,
    current: RwLock<SecretKey>,
}

impl KeyRing {
    /// The key that was given, or else the one of the file, which is made if there is none.
    pub(crate) fn open(file: &Path, given: Option<SecretKey>) -> Result<Self> {
        let (origin, key) = match given {
            Some(key) => (Origin::Given, key),
            None => (Origin::File(file.to_owned()), SecretKey::open(file)?),
        };
        Ok(Self {
            origin,
            current: RwLock::new(key),
        })
    }

    pub(crate) fn current(&self) -> SecretKey {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn put(&self, key: SecretKey) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// The key in use, after looking whether another took its place: an earlier process may have been stopped before it
    /// put the new file in place, or another process replaced the key while this one ran.
    ///
    /// # Errors
    /// `SecretKeyWrong` where the key is retired and the new one is not here.
    pub(crate) async fn fresh(&self, catalog: &dyn Catalog) -> Result<SecretKey> {
        let current = self.current();
        if !catalog.key_retired(current.id()).await? {
            return Ok(current);
        }
        if let Origin::File(file) = &self.origin {
            let _lock = lock(file).await?;
            let in_place = SecretKey::read(file).map_err(|fault| fault.on(file))?;
            if !catalog.key_retired(in_place.id()).await? {
                self.put(in_place.clone());
                return Ok(in_place);
            }
            let beside = beside(file);
            if let Some(next) = read_if_there(&beside)?
                && !catalog.key_retired(next.id()).await?
            {
                promote(file)?;
                self.put(next.clone());
                return Ok(next);
            }
        }
        Err(Error::new(ErrorCode::SecretKeyWrong, "secret key")
            .because("this key was replaced; what is stored is sealed with another one")
            .hint("start with the new key"))
    }

    /// Puts another key in the place of the one in use. Returns how many secrets were sealed anew.
    ///
    /// # Errors
    /// `InvalidInput` where the key is given by the configuration and no new one is; `SecretKeyWrong` for a secret that
    /// the key in use does not open, or a new key that was in use before. Nothing is changed then.
    pub(crate) async fn rotate(
        &self,
        catalog: &dyn Catalog,
        new: Option<SecretKey>,
    ) -> Result<u64> {
        let _lock = match &self.origin {
            Origin::File(file) => Some(lock(file).await?),
            Origin::Given => None,
        };
        let next = self.prepare(catalog, new).await?;
        let resealed = self.reseal(catalog, &next).await?;
        self.finish(next)?;
        Ok(resealed)
    }

    /// The first step: the new key, durable beside the old one.
    async fn prepare(&self, catalog: &dyn Catalog, new: Option<SecretKey>) -> Result<SecretKey> {
        let next = match (&self.origin, new) {
            (_, Some(key)) => key,
            (Origin::File(_), None) => SecretKey::random()?,
            (Origin::Given, None) => {
                return Err(Error::new(ErrorCode::InvalidInput, "new key")
                    .because(
                        "the key in use is given by the configuration, and no new one was named",
                    )
                    .hint(
                        "name the file of the new key; afterwards put it into the configuration",
                    ));
            }
        };
        if next.id() == self.current().id() || catalog.key_retired(next.id()).await? {
            return Err(Error::new(ErrorCode::SecretKeyWrong, "new key")
                .because("it is, or was, in use here")
                .hint("make a new one"));
        }
        if let Origin::File(file) = &self.origin {
            let path = beside(file);
            let failed = |error| Fault::Io(error).on(&path);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed(error));
                }
                _ => write_new(&path, &next).map_err(failed)?,
            }
        }
        Ok(next)
    }

    /// The second step: every secret, all or none.
    async fn reseal(&self, catalog: &dyn Catalog, next: &SecretKey) -> Result<u64> {
        let old = self.current();
        let again =
            |purpose: &str, sealed: &[u8]| next.seal(purpose, &old.unseal(purpose, sealed)?);
        catalog.replace_key(old.id(), &again).await
    }

    /// The last step: the new file in the place of the old one.
    fn finish(&self, next: SecretKey) -> Result<()> {
        if let Origin::File(file) = &self.origin {
            promote(file)?;
        }
        self.put(next);
        Ok(())
    }
}

/// The file of the next key.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".next");
    name.into()
}

fn read_if_there(file: &Path) -> Result<Option<SecretKey>> {
    match SecretKey::read(file) {
        Ok(key) => Ok(Some(key)),
        Err(Fault::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault.on(file)),
    }
}

fn promote(file: &Path) -> Result<()> {
    let done = || {
        fs::rename(beside(file), file)?;
        super::sync_directory_of(file)
    };
    done().map_err(|error| Fault::Io(error).on(file))
}

/// One rotation at a time, whatever process. The lock ends with the handle.
async fn lock(file: &Path) -> Result<fs::File> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let locking = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || {
            use std::os::unix::fs::OpenOptionsExt;
            let file = fs::OpenOptions::new()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(path)?;
            file.lock()?;
            Ok(file)
        })
    };
    let locked: std::io::Result<fs::File> = locking
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, "secret key").caused_by(error))?;
    locked.map_err(|error| Fault::Io(error).on(&path))
}

impl crate::core::Core {
    /// Seals bytes for a purpose with the key in use.
    pub(crate) async fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.ring().fresh(&**self.catalog()).await?;
        key.seal(purpose, plain)
    }

    /// Opens what was sealed, also when the key was replaced meanwhile.
    pub(crate) async fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let key = self.ring().current();
        if super::key_of(sealed) == Some(key.id()) {
            return key.unseal(purpose, sealed);
        }
        let key = self.ring().fresh(&**self.catalog()).await?;
        key.unseal(purpose, sealed)
    }
}

#[cfg(test)]
mod tests;
