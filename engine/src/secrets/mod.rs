//! Keeps the secrets of clusters, and those of authenticator apps, unreadable to whoever gets hold of the catalog alone.
//!
//! XChaCha20-Poly1305 under a key that lies in a file of its own. What is sealed names the key it was sealed with,
//! so that a key can be replaced later and a wrong one is told apart from damage:
//! version (1 byte, `1`) · key id (4) · nonce (24) · cipher text with its tag (16 more than the plain text).

mod ring;

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

pub(crate) use self::ring::KeyRing;
use crate::{Error, ErrorCode, Result, id};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
const HEADER: usize = 1 + KEY_ID + NONCE;
/// The key file is one line: this, then 64 hexadecimal digits.
const FILE_PREFIX: &str = "hozon-secret-key-1:";

/// Tells keys apart without telling the key.
pub type KeyId = [u8; KEY_ID];

/// The key that something was sealed with; none for what is too short to be sealed.
pub(crate) fn key_of(sealed: &[u8]) -> Option<KeyId> {
    sealed.get(1..=KEY_ID)?.try_into().ok()
}

/// What the credentials of a repository of copies are sealed for.
pub(crate) fn purpose_of_repository(name: &str) -> String {
    format!("repository {name}")
}

/// What the secret that a user's authenticator app shares is sealed for.
pub(crate) fn purpose_of_totp(user: &str) -> String {
    format!("totp {user}")
}

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
    ///
    /// # Errors
    /// `SecretKeyWrong` for a file that others may read or that holds no key, or that cannot be read or made.
    pub fn open(file: &Path) -> Result<Self> {
        match Self::read(file) {
            Err(Fault::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                make(file).map_err(|error| Fault::Io(error).on(file))?;
                Self::read(file).map_err(|fault| fault.on(file))
            }
            other => other.map_err(|fault| fault.on(file)),
        }
    }

    fn read(file: &Path) -> Result<Self, Fault> {
        let mut opened = fs::File::open(file)?;
        let facts = opened.metadata()?;
        if facts.mode() & 0o077 != 0 {
            return Err(Fault::Exposed(facts.mode() & 0o777));
        }
        let mut text = String::new();
        (&mut opened).take(1024).read_to_string(&mut text)?;
        Self::from_line(&text).ok_or(Fault::NoKey)
    }

    /// A new one.
    ///
    /// # Errors
    /// `Internal` where the system has no random numbers.
    pub fn random() -> Result<Self> {
        let mut key = [0; 32];
        random(&mut key)?;
        Ok(Self(key))
    }

    /// Takes a key as its file has it: one line, with or without its end.
    ///
    /// # Errors
    /// `SecretKeyWrong` for text that is no key. It is not repeated.
    pub fn parse(text: &str) -> Result<Self> {
        Self::from_line(text).ok_or_else(|| {
            Error::new(ErrorCode::SecretKeyWrong, "secret key")
                .because("the text is no key")
                .hint(format!(
                    "write it as `{FILE_PREFIX}` and 64 hexadecimal digits"
                ))
        })
    }

    fn from_line(text: &str) -> Option<Self> {
        let digits = text.trim_end().strip_prefix(FILE_PREFIX)?;
        let bytes = blake3::Hash::from_hex(digits).ok()?;
        Some(Self(*bytes.as_bytes()))
    }

    /// Tells keys apart without telling the key.
    pub fn id(&self) -> KeyId {
        let hash = blake3::derive_key("hozon secret key id, version 1", &self.0);
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&hash[..KEY_ID]);
        id
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.0).into())
    }

    /// Seals bytes for a purpose (a cluster's identifier): nobody can open them without the key, or for another purpose.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = vec![0; HEADER];
        sealed[0] = VERSION;
        sealed[1..=KEY_ID].copy_from_slice(&self.id());
        random(&mut sealed[1 + KEY_ID..])?;
        let payload = Payload {
            msg: plain,
            aad: purpose.as_bytes(),
        };
        let nonce = XNonce::from_slice(&sealed[1 + KEY_ID..]);
        let text = self
            .cipher()
            .encrypt(nonce, payload)
            .map_err(|_| Error::new(ErrorCode::Internal, purpose).because("sealing failed"))?;
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens what was sealed; `SecretKeyWrong` if the key or the purpose is another.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let wrong = |detail: &str, hint: &str| {
            Error::new(ErrorCode::SecretKeyWrong, purpose)
                .because(detail)
                .hint(hint)
        };
        let register = "register the cluster again";
        if sealed.len() < HEADER {
            return Err(wrong("the sealed secret is too short", register));
        }
        let (header, text) = sealed.split_at(HEADER);
        if header[0] != VERSION {
            return Err(wrong(
                "the secret was sealed by a newer Hozon",
                "start that newer Hozon",
            ));
        }
        if header[1..=KEY_ID] != self.id() {
            return Err(wrong(
                "the secret was sealed with another key",
                "put back the key file that was in use then, or register the cluster again",
            ));
        }
        let payload = Payload {
            msg: text,
            aad: purpose.as_bytes(),
        };
        self.cipher()
            .decrypt(XNonce::from_slice(&header[1 + KEY_ID..]), payload)
            .map_err(|_| {
                wrong(
                    "the sealed secret is damaged, or belongs elsewhere",
                    register,
                )
            })
    }
}

/// Makes the key file in one step: whoever looks sees no file or a whole one, and of two makers one wins.
fn make(file: &Path) -> io::Result<()> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    write_new(file, &SecretKey(key))
}

/// Writes a key into a file that is not there yet.
fn write_new(file: &Path, SecretKey(key): &SecretKey) -> io::Result<()> {
    fs::create_dir_all(directory_of(file))?;
    let text = format!("{FILE_PREFIX}{}\n", blake3::Hash::from_bytes(*key).to_hex());
    let draft = draft_path(file)?;
    let mut written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    let linked = written
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .and_then(|()| fs::hard_link(&draft, file));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_directory_of(file),
    }
}

fn directory_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn sync_directory_of(file: &Path) -> io::Result<()> {
    fs::File::open(directory_of(file))?.sync_all()
}

fn draft_path(file: &Path) -> io::Result<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    let suffix = id::secret(8).map_err(io::Error::other)?;
    name.push(format!(".{suffix}.new"));
    Ok(name.into())
}

fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| Error::new(ErrorCode::Internal, "random numbers").caused_by(error))
}

/// Why a key file is of no use.
enum Fault {
    Io(io::Error),
    Exposed(u32),
    NoKey,
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Fault {
    fn on(self, file: &Path) -> Error {
        let path = file.display().to_string();
        let error = Error::new(ErrorCode::SecretKeyWrong, &path);
        match self {
            Self::Io(cause) => error
                .caused_by(cause)
                .hint("make the key file readable, and its directory writable, for the user Hozon runs as"),
            Self::Exposed(mode) => error
                .because(format!("others may read or write the key file (mode {mode:03o})"))
                .hint(format!("run `chmod 600 {path}`")),
            Self::NoKey => error
                .because("the file holds no key")
                .hint("put the key file back as it was, or name another one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn code<T>(outcome: Result<T>) -> ErrorCode {
        outcome.map(|_| ()).unwrap_err().code()
    }

    #[test]
    fn makes_a_private_key_file_once() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("deep/secret.key");
        let keys: Vec<_> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| SecretKey::open(&file).unwrap()))
                .collect();
            makers.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key.0 == keys[0].0));
        assert_ne!(keys[0].0, [0; 32]);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
        assert_eq!(format!("{:?}", keys[0]), "SecretKey(…)");
    }

    #[test]
    fn refuses_a_file_that_others_may_read_or_that_holds_no_key() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret.key");
        SecretKey::open(&file).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let report = SecretKey::open(&file).unwrap_err().into_report();
            assert_eq!(report.code, ErrorCode::SecretKeyWrong);
            assert_eq!(report.hint, format!("run `chmod 600 {}`", file.display()));
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        for text in ["", "hozon-secret-key-1:abc", "zzzz"] {
            fs::write(&file, text).unwrap();
            assert_eq!(code(SecretKey::open(&file)), ErrorCode::SecretKeyWrong);
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
    }

    #[test]
    fn opens_only_what_was_sealed_with_this_key_for_this_purpose() {
        let (key, other) = (SecretKey([7; 32]), SecretKey([8; 32]));
        let sealed = key.seal("in01-a", "密码".as_bytes()).unwrap();
        assert_eq!(key.unseal("in01-a", &sealed).unwrap(), "密码".as_bytes());
        assert_ne!(sealed, key.seal("in01-a", "密码".as_bytes()).unwrap());
        assert!(!sealed.windows(6).any(|part| part == "密码".as_bytes()));

        assert_eq!(
            code(key.unseal("in01-b", &sealed)),
            ErrorCode::SecretKeyWrong
        );
        let report = other.unseal("in01-a", &sealed).unwrap_err().into_report();
        assert_eq!(report.code, ErrorCode::SecretKeyWrong);
        assert!(report.detail.contains("another key"), "{report:?}");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(
                code(key.unseal("in01-a", &changed)),
                ErrorCode::SecretKeyWrong
            );
            assert_eq!(
                code(key.unseal("in01-a", &sealed[..place])),
                ErrorCode::SecretKeyWrong
            );
        }
    }
}
