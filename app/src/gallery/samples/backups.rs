//! Backups, and what is planned with one.

use hozon_model::*;

use super::ago;

fn summary(
    name: &str,
    state: BackupState,
    minutes: i64,
    bytes: u64,
    new_bytes: u64,
    proof: Option<(ProofLevel, i64)>,
) -> BackupSummary {
    BackupSummary {
        id: BackupId::new(format!("backup0_{minutes:015x}")),
        name: name.to_owned(),
        project_id: ProjectId::default(),
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        cluster_name: "demo".to_owned(),
        state,
        scope: BackupScope::Cluster,
        method: BackupMethod::Manual,
        created_at: ago(minutes),
        finished_at: (!matches!(state, BackupState::Creating | BackupState::Failed))
            .then(|| ago(minutes - 2)),
        bytes,
        new_bytes,
        rows: bytes / 612,
        files: bytes / 300_000,
        collections: 7,
        proof: proof.map(|(level, minutes)| Proof {
            level,
            at: ago(minutes),
        }),
        job_id: Some(JobId::new("job-abcdefghijklmnopqrstuv")),
        milvus_version: Some("2.3.5".to_owned()),
        pinned: false,
        expires_at: None,
    }
}

pub(in crate::gallery) fn backups() -> Vec<BackupSummary> {
    use BackupState::*;
    vec![
        summary("demo 2026-11-21 18:28", Creating, 2, 0, 0, None),
        summary(
            "before the upgrade to 2.4",
            Available,
            63,
            1_243_000_000,
            12_400_000,
            Some((ProofLevel::Read, 41)),
        ),
        summary(
            "毎日のバックアップ 11月20日",
            Available,
            60 * 26,
            1_230_600_000,
            38_200_000,
            Some((ProofLevel::List, 60 * 20)),
        ),
        summary(
            "每日备份 11 月 19 日",
            Available,
            60 * 50,
            1_192_400_000,
            1_192_400_000,
            None,
        ),
        summary(
            "weekly",
            Damaged,
            60 * 24 * 8,
            988_000_000,
            988_000_000,
            Some((ProofLevel::Drill, 60 * 24 * 7)),
        ),
        summary("try", Failed, 60 * 24 * 9, 0, 0, None),
        summary(
            "old",
            Deleting,
            60 * 24 * 45,
            503_000_000,
            503_000_000,
            None,
        ),
    ]
}

fn collection(database: &str, name: &str, rows: u64, load_state: LoadState) -> CollectionInBackup {
    CollectionInBackup {
        database: database.to_owned(),
        name: name.to_owned(),
        rows,
        bytes: rows * 3_100,
        files: 120,
        partitions: 1,
        fields: vec![
            "id: Int64 (primary key)".to_owned(),
            "title: VarChar(512)".to_owned(),
            "vector: FloatVector(768)".to_owned(),
        ],
        indexes: vec!["vector: HNSW".to_owned()],
        aliases: vec!["articles".to_owned()],
        load_state,
    }
}

pub(in crate::gallery) fn backup() -> Backup {
    let mut line = summary(
        "before the upgrade to 2.4",
        BackupState::Available,
        63,
        1_243_000_000,
        12_400_000,
        Some((ProofLevel::Read, 41)),
    );
    line.id = BackupId::new("backup0_0123456789abcde");
    Backup {
        proofs: line.proof.into_iter().collect(),
        summary: line,
        collection_list: vec![
            collection("default", "medium_articles", 5_979, LoadState::Loaded),
            collection("default", "hello_milvus", 100_000, LoadState::NotLoaded),
            collection("east_asian_library", "蔵書", 2_400, LoadState::Loaded),
        ],
        reason: None,
        copies: Vec::new(),
    }
}

pub(in crate::gallery) fn collections() -> Vec<CollectionName> {
    [
        "default.medium_articles",
        "default.hello_milvus",
        "east_asian_library.books",
    ]
    .map(|name| name.parse().expect("a name"))
    .into()
}

pub(in crate::gallery) fn restore_plan() -> RestorePlan {
    let planned = |name: &str, action| PlannedRestore {
        source: name.parse().expect("a name"),
        target: format!("{name}_restored").parse().expect("a name"),
        rows: Some(5_979),
        bytes: 18_500_000,
        action,
    };
    RestorePlan {
        cluster_name: "demo".to_owned(),
        new_databases: vec!["east_asian_library".to_owned()],
        collections: vec![
            planned("default.medium_articles", RestoreAction::Refuse),
            planned("east_asian_library.蔵書", RestoreAction::Make),
        ],
    }
}

pub(in crate::gallery) fn delete_plan() -> DeletePlan {
    DeletePlan {
        files: 1_204,
        bytes: 12_400_000,
        shared_files: 3_980,
        shared_bytes: 1_230_600_000,
    }
}
