//! Passwords: the rule for new ones, and argon2id, which costs memory and time and so never runs on an async thread.

use std::sync::OnceLock;

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{Error as HashError, SaltString},
};
use tokio::sync::Semaphore;

use crate::{Error, ErrorCode, Result, id};

const SHORTEST_CHARACTERS: usize = 12;
const LONGEST_BYTES: usize = 1024;

/// Each hashing takes some 20 MB: strangers that try many passwords at once wait for each other.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);

/// Hashes a new password.
///
/// # Errors
/// `InvalidInput` on `password` for one that is too short or too long.
pub(crate) async fn hash(password: &str) -> Result<String> {
    let refused = |detail: String| {
        Error::new(ErrorCode::InvalidInput, "password")
            .because(detail)
            .hint("a sentence of a few words is easy to remember and hard to guess")
    };
    let characters = password.chars().count();
    if characters < SHORTEST_CHARACTERS {
        return Err(refused(format!(
            "{characters} characters are too few, use {SHORTEST_CHARACTERS} at least"
        )));
    }
    if password.len() > LONGEST_BYTES {
        return Err(refused(format!("use {LONGEST_BYTES} bytes at most")));
    }
    let password = password.to_owned();
    apart(move || hash_now(&password)).await?
}

/// Whether a password fits a hash. Where there is no hash it takes as long, and does not fit.
pub(super) async fn fits(password: &str, hash: Option<String>) -> Result<bool> {
    let password: String = if password.len() > LONGEST_BYTES {
        String::new()
    } else {
        password.to_owned()
    };
    apart(move || {
        let nobodys = nobodys_hash()?;
        let stored = hash.as_deref().unwrap_or(nobodys);
        let parsed = PasswordHash::new(stored).map_err(broken)?;
        match Argon2::default().verify_password(password.as_bytes(), &parsed) {
            Ok(()) => Ok(hash.is_some()),
            Err(HashError::Password) => Ok(false),
            Err(error) => Err(broken(error)),
        }
    })
    .await?
}

/// Something to compare with for users that there are not.
fn nobodys_hash() -> Result<&'static str> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let hash = hash_now(&id::secret(SHORTEST_CHARACTERS)?)?;
    Ok(HASH.get_or_init(|| hash))
}

fn hash_now(password: &str) -> Result<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)
        .map_err(|error| Error::new(ErrorCode::Internal, "random numbers").caused_by(error))?;
    let salt = SaltString::encode_b64(&salt).map_err(broken)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(broken)?.to_string())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let defect = |error: &dyn std::error::Error| {
        Error::new(ErrorCode::Internal, "password").because(error.to_string())
    };
    let _permit = AT_A_TIME.acquire().await.map_err(|error| defect(&error))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| defect(&error))
}

fn broken(error: HashError) -> Error {
    Error::new(ErrorCode::Internal, "password hash").caused_by(error)
}
