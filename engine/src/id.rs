//! Makes identifiers: random, so that two servers never make the same.

use hozon_model::{BackupId, BackupScope, ClusterId, IntegrationId, JobId, KeyId, ProjectId};

use crate::{Error, ErrorCode, Result};

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const HEX: &[u8; 16] = b"0123456789abcdef";

fn random_text(alphabet: &[u8], length: usize) -> Result<String> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorCode::Internal, "random numbers").caused_by(error))?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]))
        .collect())
}

/// A secret of `length` characters, 5 bits each, for links and sessions.
pub(crate) fn secret(length: usize) -> Result<String> {
    random_text(LETTERS, length)
}

/// A new job's identifier.
pub(crate) fn job() -> Result<JobId> {
    Ok(JobId::new(format!("job-{}", random_text(LETTERS, 22)?)))
}

/// A new backup's identifier; what it holds shows in its prefix.
pub(crate) fn backup(scope: BackupScope) -> Result<BackupId> {
    let prefix = if scope == BackupScope::Collection {
        "backup11"
    } else {
        "backup0"
    };
    Ok(BackupId::new(format!("{prefix}_{}", random_text(HEX, 15)?)))
}

/// A new cluster's identifier.
pub(crate) fn cluster() -> Result<ClusterId> {
    Ok(ClusterId::new(format!("in01-{}", random_text(HEX, 15)?)))
}

/// Under which the files lie that were adopted of a cluster into a project: apart from every registered cluster's, and the
/// same for each adoption, so that what one brought the next need not bring again.
pub(crate) fn apart(project: &ProjectId, cluster: &ClusterId) -> ClusterId {
    let digest = blake3::hash(format!("adopted/{project}/{cluster}").as_bytes()).to_hex();
    ClusterId::new(format!("in01-{}", &digest[..15]))
}

/// A new project's identifier.
pub(crate) fn project() -> Result<ProjectId> {
    Ok(ProjectId::new(format!("proj-{}", random_text(HEX, 22)?)))
}

/// A new API key's identifier.
pub(crate) fn key() -> Result<KeyId> {
    Ok(KeyId::new(format!("key-{}", random_text(LETTERS, 22)?)))
}

/// A new integration's identifier.
pub(crate) fn integration() -> Result<IntegrationId> {
    Ok(IntegrationId::new(format!(
        "integ-{}",
        random_text(LETTERS, 19)?
    )))
}
