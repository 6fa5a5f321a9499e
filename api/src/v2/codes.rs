//! The numbers of errors: the vendor's where it has one, and our own in 70000–70999, which it does not use.

use hozon_engine::ErrorCode;

/// No key.
pub(super) const NOT_AUTHENTICATED: i32 = 1800;
/// A key that nobody has.
pub(super) const KEY_ILLEGAL: i32 = 21119;
/// A cloud that is not known.
pub(super) const UNKNOWN_CLOUD: i32 = 96000;
/// A region that is not known.
pub(super) const UNKNOWN_REGION: i32 = 96001;
/// `cuSize` out of its bounds.
pub(super) const CU_SIZE: i32 = 96002;
/// Not `proj-…`.
pub(super) const PROJECT_ID: i32 = 96005;
/// No timestamp.
pub(super) const TIMESTAMP: i32 = 96007;
/// `pageSize` out of its bounds.
pub(super) const PAGE_SIZE: i32 = 96008;
/// `currentPage` out of its bounds.
pub(super) const CURRENT_PAGE: i32 = 96009;
/// Not within the rights of the key.
pub(super) const FORBIDDEN: i32 = 96016;

/// Anything that has no number of its own.
pub(super) const OTHER: i32 = 70000;
/// A parameter that is not acceptable.
pub(super) const PARAMETER: i32 = 70001;
/// Something that the vendor can do and the engine cannot.
pub(super) const UNSUPPORTED: i32 = 70002;
/// A body that cannot be read.
pub(super) const BODY: i32 = 70003;
/// A path that there is not.
pub(super) const PATH: i32 = 70004;
/// More requests than are allowed.
pub(super) const TOO_MANY: i32 = 70005;
/// A cluster that should be empty is not.
pub(super) const NOT_EMPTY: i32 = 70007;

const TABLE: &[(ErrorCode, i32)] = &[
    (ErrorCode::InvalidInput, PARAMETER),
    (ErrorCode::KeyRefused, KEY_ILLEGAL),
    (ErrorCode::PermissionDenied, FORBIDDEN),
    (ErrorCode::ProjectNotFound, 70006),
    (ErrorCode::ProjectNameTaken, 70008),
    (ErrorCode::ProjectInUse, 70009),
    (ErrorCode::NotEntitled, 70010),
    (ErrorCode::ClusterNameTaken, 40013),
    (ErrorCode::ClusterNotFound, 70101),
    (ErrorCode::ClusterBusy, 70102),
    (ErrorCode::ClusterUnreachable, 70103),
    (ErrorCode::ClusterCredentialsRefused, 70104),
    (ErrorCode::ClusterStorageMismatch, 70105),
    (ErrorCode::MilvusUnsupported, 70106),
    (ErrorCode::MilvusFailed, 70107),
    (ErrorCode::DatabaseNotFound, 70108),
    (ErrorCode::CollectionNotFound, 70109),
    (ErrorCode::CollectionExists, 70110),
    (ErrorCode::CollectionUnsupported, 70111),
    (ErrorCode::ProvisioningFailed, 70112),
    (ErrorCode::BackupNotFound, 70201),
    (ErrorCode::BackupNameTaken, 70202),
    (ErrorCode::BackupNotAvailable, 70203),
    (ErrorCode::BackupBusy, 70204),
    (ErrorCode::BackupInUse, 70205),
    (ErrorCode::PolicyNotFound, 70206),
    (ErrorCode::IntegrationNotFound, 70301),
    (ErrorCode::IntegrationNameTaken, 70302),
    (ErrorCode::IntegrationInUse, 70303),
    (ErrorCode::ExportTargetTaken, 70304),
    (ErrorCode::StorageUnreachable, 70401),
    (ErrorCode::StorageUnreadable, 70402),
    (ErrorCode::StorageUnwritable, 70403),
    (ErrorCode::StorageFull, 70404),
    (ErrorCode::RepositoryNotFound, UNKNOWN_REGION),
    (ErrorCode::RepositoryInUse, 70405),
    (ErrorCode::RepositoryDamaged, 70406),
    (ErrorCode::RepositoryLocked, 70407),
    (ErrorCode::FileMissing, 70408),
    (ErrorCode::FileDamaged, 70409),
    (ErrorCode::JobNotFound, 70501),
    (ErrorCode::JobNotCancelable, 70502),
    (ErrorCode::TimedOut, 70503),
    (ErrorCode::JobNotRetryable, 70504),
    (ErrorCode::CatalogFailed, 70901),
    (ErrorCode::Internal, 70902),
];

/// The number of an error.
pub(super) fn of(code: ErrorCode) -> i32 {
    TABLE
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(OTHER, |(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_number_stands_for_two_errors_and_ours_are_not_the_vendors() {
        let numbers: BTreeSet<i32> = TABLE.iter().map(|(_, number)| *number).collect();
        assert_eq!(numbers.len(), TABLE.len());
        for number in numbers {
            assert!(
                (70000..71000).contains(&number)
                    || [40013, KEY_ILLEGAL, UNKNOWN_REGION, FORBIDDEN].contains(&number),
                "{number}"
            );
        }
        assert_eq!(of(ErrorCode::LeaseLost), OTHER);
    }
}
