//! Keeps the secrets of clusters unreadable to whoever gets hold of the catalog alone.

use std::path::Path;

use crate::Result;

/// The key that seals secrets. `Debug` does not show it.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// Reads the key from a file, or makes one there (readable by its owner only) if there is none.
    pub fn open(file: &Path) -> Result<Self> {
        todo!("{file:?}")
    }

    /// Seals bytes for a purpose (a cluster's identifier): nobody can open them without the key, or for another purpose.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        todo!("{purpose} {} {}", plain.len(), self.0.len())
    }

    /// Opens what was sealed; `SecretKeyWrong` if the key or the purpose is another.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        todo!("{purpose} {} {}", sealed.len(), self.0.len())
    }
}
