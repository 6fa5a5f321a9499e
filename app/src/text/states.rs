//! Words for what the model names by variants.

use hozon_model::{
    BackupMethod, BackupScope, BackupState, CheckOutcome, CheckSubject, IntegrationCheckSubject,
    IntegrationProvider, JobKind, JobPhase, JobState, ProofLevel,
};

use super::{locale, say_in};

/// Where a backup stands.
pub(crate) fn backup_state(value: BackupState) -> &'static str {
    let locale = locale();
    match value {
        BackupState::Creating => say_in!(locale, states.creating),
        BackupState::Available => say_in!(locale, states.available),
        BackupState::Damaged => say_in!(locale, states.damaged),
        BackupState::Failed => say_in!(locale, states.failed),
        BackupState::Deleting => say_in!(locale, states.deleting),
        BackupState::Deleted => say_in!(locale, states.deleted),
    }
}

/// Where a job stands.
pub(crate) fn job_state(value: JobState) -> &'static str {
    let locale = locale();
    match value {
        JobState::Pending => say_in!(locale, job_states.pending),
        JobState::InProgress => say_in!(locale, job_states.in_progress),
        JobState::Canceling => say_in!(locale, job_states.canceling),
        JobState::Successful => say_in!(locale, job_states.successful),
        JobState::Failed => say_in!(locale, job_states.failed),
        JobState::Canceled => say_in!(locale, job_states.canceled),
    }
}

/// What a job does.
pub(crate) fn job_kind(value: JobKind) -> &'static str {
    let locale = locale();
    match value {
        JobKind::Backup => say_in!(locale, kinds.backup),
        JobKind::Restore => say_in!(locale, kinds.restore),
        JobKind::Verify => say_in!(locale, kinds.verify),
        JobKind::Delete => say_in!(locale, kinds.delete),
        JobKind::Export => say_in!(locale, kinds.export),
        JobKind::Adopt => say_in!(locale, kinds.adopt),
        JobKind::Copy => say_in!(locale, kinds.copy),
    }
}

/// What a job is doing now.
pub(crate) fn job_phase(value: JobPhase) -> &'static str {
    let locale = locale();
    match value {
        JobPhase::Waiting => say_in!(locale, phases.waiting),
        JobPhase::Planning => say_in!(locale, phases.planning),
        JobPhase::Provisioning => say_in!(locale, phases.provisioning),
        JobPhase::Flushing => say_in!(locale, phases.flushing),
        JobPhase::Copying => say_in!(locale, phases.copying),
        JobPhase::Counting => say_in!(locale, phases.counting),
        JobPhase::Verifying => say_in!(locale, phases.verifying),
        JobPhase::Committing => say_in!(locale, phases.committing),
        JobPhase::Staging => say_in!(locale, phases.staging),
        JobPhase::Importing => say_in!(locale, phases.importing),
        JobPhase::Indexing => say_in!(locale, phases.indexing),
        JobPhase::Loading => say_in!(locale, phases.loading),
        JobPhase::Sweeping => say_in!(locale, phases.sweeping),
        JobPhase::Finished => say_in!(locale, phases.finished),
    }
}

/// What a backup took.
pub(crate) fn scope(value: BackupScope) -> &'static str {
    let locale = locale();
    match value {
        BackupScope::Cluster => say_in!(locale, scopes.cluster),
        BackupScope::Database => say_in!(locale, scopes.database),
        BackupScope::Collection => say_in!(locale, scopes.collection),
    }
}

/// Who asked for a backup.
pub(crate) fn method(value: BackupMethod) -> &'static str {
    let locale = locale();
    match value {
        BackupMethod::Manual => say_in!(locale, methods.manual),
        BackupMethod::Auto => say_in!(locale, methods.auto),
    }
}

/// The name of a proof.
pub(crate) fn proof_level(value: ProofLevel) -> &'static str {
    let locale = locale();
    match value {
        ProofLevel::List => say_in!(locale, proofs.list),
        ProofLevel::Read => say_in!(locale, proofs.read),
        ProofLevel::Structure => say_in!(locale, proofs.structure),
        ProofLevel::Drill => say_in!(locale, proofs.drill),
    }
}

/// What a proof proves.
pub(crate) fn proof_about(value: ProofLevel) -> &'static str {
    let locale = locale();
    match value {
        ProofLevel::List => say_in!(locale, proofs.list_about),
        ProofLevel::Read => say_in!(locale, proofs.read_about),
        ProofLevel::Structure => say_in!(locale, proofs.structure_about),
        ProofLevel::Drill => say_in!(locale, proofs.drill_about),
    }
}

/// What a check looked at.
pub(crate) fn check_subject(value: CheckSubject) -> &'static str {
    let locale = locale();
    match value {
        CheckSubject::Connection => say_in!(locale, checks.connection),
        CheckSubject::Credentials => say_in!(locale, checks.credentials),
        CheckSubject::Version => say_in!(locale, checks.version),
        CheckSubject::StorageRead => say_in!(locale, checks.storage_read),
        CheckSubject::StorageWrite => say_in!(locale, checks.storage_write),
        CheckSubject::StorageMatch => say_in!(locale, checks.storage_match),
    }
}

/// What came of it.
pub(crate) fn check_outcome(value: CheckOutcome) -> &'static str {
    let locale = locale();
    match value {
        CheckOutcome::Passed => say_in!(locale, checks.passed),
        CheckOutcome::Warning => say_in!(locale, checks.warning),
        CheckOutcome::Failed => say_in!(locale, checks.failed),
        CheckOutcome::Skipped => say_in!(locale, checks.skipped),
    }
}

/// Whose service an integration leads to.
pub(crate) fn provider(value: IntegrationProvider) -> &'static str {
    let locale = locale();
    match value {
        IntegrationProvider::S3 => say_in!(locale, providers.s3),
        IntegrationProvider::S3Compatible => say_in!(locale, providers.s3_compatible),
        IntegrationProvider::Azure => say_in!(locale, providers.azure),
        IntegrationProvider::Gcs => say_in!(locale, providers.gcs),
        IntegrationProvider::Local => say_in!(locale, providers.local),
    }
}

/// What was tried at the place of an integration.
pub(crate) fn probe(value: IntegrationCheckSubject) -> &'static str {
    let locale = locale();
    match value {
        IntegrationCheckSubject::List => say_in!(locale, probes.list),
        IntegrationCheckSubject::Write => say_in!(locale, probes.write),
        IntegrationCheckSubject::Read => say_in!(locale, probes.read),
        IntegrationCheckSubject::Keep => say_in!(locale, probes.keep),
        IntegrationCheckSubject::Delete => say_in!(locale, probes.delete),
    }
}
